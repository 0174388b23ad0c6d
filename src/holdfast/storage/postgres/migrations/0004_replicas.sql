-- Several servers on one database. Whoever does the work in the background has taken a number, and each of its
-- batches looks whether that still stands; the others do their batches whatever it is.
ALTER TABLE head ADD COLUMN worker_token bigint NOT NULL DEFAULT 0;

-- One row for each commit, written with it, so that the other servers hear of it in order and without a gap.
-- The transfers and new holds of a commit are the last ones up to its numbers; `body` has how many, and the rest.
-- Only the last ones are kept: who is further behind reads the stock anew.
CREATE TABLE news (
    commit_number bigint PRIMARY KEY,
    recorded_at_us bigint NOT NULL,
    writer bigint NOT NULL,
    transfer_seq bigint NOT NULL,
    hold_seq bigint NOT NULL,
    body text COLLATE "C" NOT NULL
);

-- Where the server is that does the work, and when it last said so, by the clock of the database.
CREATE TABLE worker (
    id bigint PRIMARY KEY CHECK (id = 1),
    url text COLLATE "C" NOT NULL,
    beat_at timestamptz NOT NULL
);
