-- What the sync with platforms remembers. It is apart from the ledger: no row here moves stock.
CREATE TABLE connection (
    channel TEXT PRIMARY KEY,
    base_url TEXT NOT NULL,
    app_key TEXT NOT NULL,
    shop TEXT NOT NULL,
    settings TEXT NOT NULL,
    sealed BLOB NOT NULL,
    updated_at_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE token (
    channel TEXT PRIMARY KEY,
    sealed BLOB NOT NULL,
    access_expires_at_us INTEGER,
    refresh_expires_at_us INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE listing (
    channel TEXT NOT NULL,
    listing TEXT NOT NULL,
    product TEXT NOT NULL,
    variant TEXT NOT NULL,
    warehouse TEXT NOT NULL,
    sku TEXT NOT NULL,
    merchant_code TEXT NOT NULL,
    weight REAL NOT NULL CHECK (weight >= 0),
    minimum INTEGER NOT NULL CHECK (minimum >= 0),
    maximum INTEGER CHECK (maximum >= 0),
    paused INTEGER NOT NULL CHECK (paused IN (0, 1)),
    fixed INTEGER CHECK (fixed >= 0),
    removed INTEGER NOT NULL CHECK (removed IN (0, 1)),
    PRIMARY KEY (channel, listing)
) STRICT, WITHOUT ROWID;

-- A right is what a platform may still sell of a listing, in units of the listing: never below zero. What it
-- sold beyond is a debt until it is covered or comes back.
CREATE TABLE listing_right (
    channel TEXT NOT NULL,
    listing TEXT NOT NULL,
    units INTEGER NOT NULL CHECK (units >= 0),
    debt INTEGER NOT NULL CHECK (debt >= 0),
    since_us INTEGER NOT NULL,
    PRIMARY KEY (channel, listing)
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_write (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    listing TEXT NOT NULL,
    operation TEXT NOT NULL CHECK (operation IN ('add', 'subtract', 'set')),
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    change INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'unknown', 'applied', 'refused')),
    created_at_us INTEGER NOT NULL,
    applied INTEGER NOT NULL,
    expected INTEGER,
    settled_at_us INTEGER,
    CHECK ((status IN ('open', 'unknown')) = (settled_at_us IS NULL))
) STRICT;

CREATE INDEX stock_write_open ON stock_write (seq) WHERE status IN ('open', 'unknown');
CREATE INDEX stock_write_channel ON stock_write (channel, seq);

-- The raw message is kept: it is the evidence of what a platform told us.
CREATE TABLE push (
    seq INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    event TEXT NOT NULL,
    kind TEXT NOT NULL,
    order_id TEXT NOT NULL,
    received_at_us INTEGER NOT NULL,
    body BLOB NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('new', 'done', 'failed')),
    tries INTEGER NOT NULL CHECK (tries >= 0),
    UNIQUE (channel, event)
) STRICT;

CREATE INDEX push_new ON push (seq) WHERE status = 'new';
CREATE INDEX push_channel ON push (channel, seq);

CREATE TABLE platform_order (
    seq INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    order_id TEXT NOT NULL,
    status TEXT NOT NULL,
    buyer TEXT NOT NULL,
    created_at_us INTEGER NOT NULL,
    paid_at_us INTEGER,
    updated_at_us INTEGER NOT NULL,
    lines TEXT NOT NULL,
    unmapped INTEGER NOT NULL CHECK (unmapped IN (0, 1)),
    UNIQUE (channel, order_id)
) STRICT;

CREATE INDEX platform_order_unmapped ON platform_order (seq) WHERE unmapped = 1;

CREATE TABLE poll (
    channel TEXT PRIMARY KEY,
    complete_to_us INTEGER NOT NULL,
    since_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
