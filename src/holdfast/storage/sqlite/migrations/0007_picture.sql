-- Where the picture of an item is; NULL for none.
ALTER TABLE sku ADD COLUMN image_url TEXT CHECK (length(image_url) BETWEEN 1 AND 2048);
