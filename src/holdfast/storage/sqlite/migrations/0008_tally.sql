-- What guards count of each buyer apart: small rows by number. `period` is the number of item and period, `until_s`
-- when nobody asks for the row any more (0: as long as its period is the item's).
CREATE TABLE tally (
    number INTEGER PRIMARY KEY,
    period INTEGER NOT NULL,
    start_s INTEGER NOT NULL,
    orders INTEGER NOT NULL CHECK (orders >= 0),
    units INTEGER NOT NULL CHECK (units >= 0),
    buyers INTEGER NOT NULL CHECK (buyers >= 0),
    until_s INTEGER NOT NULL
) STRICT;

-- The tallies that a commit changed. They are written to `tally` a slice of all numbers at a time: `turned_before` and
-- `turned` count the slices written when the commit began and when it ended.
CREATE TABLE tally_log (
    seq INTEGER PRIMARY KEY,
    turned_before INTEGER NOT NULL,
    turned INTEGER NOT NULL CHECK (turned >= turned_before),
    tallies TEXT NOT NULL CHECK (json_valid(tallies))
) STRICT;

-- Periods that an item's guard has left; their tallies are swept away after a time.
CREATE TABLE tally_period_over (
    period INTEGER PRIMARY KEY,
    over_at_s INTEGER NOT NULL
) STRICT;

-- Where they stood until now, with their names. They begin anew: windows are short, and no release had them.
DELETE FROM purchase_count
WHERE quantities GLOB '{":served"*' OR quantities GLOB '{":window*' OR quantities GLOB '{":buyers"*'
   OR (sku = '' AND buyer GLOB 'ticket:*');
