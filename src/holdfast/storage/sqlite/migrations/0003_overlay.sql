-- Pages that show stock to viewers. Of an address, which is long and random, only the hash is kept.
CREATE TABLE overlay (
    hash TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    skus TEXT NOT NULL CHECK (json_type(skus) = 'array'),
    theme TEXT NOT NULL,
    layout TEXT NOT NULL,
    place TEXT NOT NULL,
    language TEXT NOT NULL,
    created_at_us INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    revoked_at_us INTEGER
) STRICT, WITHOUT ROWID;
