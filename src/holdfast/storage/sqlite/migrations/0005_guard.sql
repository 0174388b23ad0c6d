-- Guards: rules of an item, and with a hold what they found; counters are those of the purchases.
ALTER TABLE sku ADD COLUMN guard TEXT;
ALTER TABLE hold ADD COLUMN guard TEXT;
ALTER TABLE hold ADD COLUMN review TEXT CHECK (review IN ('open', 'accepted', 'rejected'));

CREATE INDEX hold_review ON hold (review, seq) WHERE review IS NOT NULL;
