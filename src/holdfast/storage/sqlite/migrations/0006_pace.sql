-- What each channel sold when the allocation decided a move.
ALTER TABLE transfer ADD COLUMN pace TEXT;
