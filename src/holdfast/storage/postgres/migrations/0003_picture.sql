-- Where the picture of an item is; NULL for none.
ALTER TABLE sku ADD COLUMN image_url text COLLATE "C" CHECK (char_length(image_url) BETWEEN 1 AND 2048);
