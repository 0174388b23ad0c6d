-- What guards count of each buyer apart: small rows by number. `period` is the number of item and period, `until_s`
-- when nobody asks for the row any more (0: as long as its period is the item's).
CREATE TABLE tally (
    number bigint PRIMARY KEY,
    period bigint NOT NULL,
    start_s bigint NOT NULL,
    orders bigint NOT NULL CHECK (orders >= 0),
    units bigint NOT NULL CHECK (units >= 0),
    buyers bigint NOT NULL CHECK (buyers >= 0),
    until_s bigint NOT NULL
) WITH (fillfactor = 80);

-- Periods that an item's guard has left; their tallies are swept away after a time.
CREATE TABLE tally_period_over (
    period bigint PRIMARY KEY,
    over_at_s bigint NOT NULL
);

-- Where they stood until now, with their names. They begin anew: windows are short, and no release had them.
DELETE FROM purchase_count
WHERE quantities LIKE '{":served"%' OR quantities LIKE '{":window%' OR quantities LIKE '{":buyers"%'
   OR (sku = '' AND buyer LIKE 'ticket:%');
