-- The sum of the migrations, to read; `python -m tests.storage.schema` writes it, a test compares.

CREATE TABLE account (
    sku TEXT NOT NULL,
    location TEXT NOT NULL,
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    posted INTEGER NOT NULL,
    held INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (sku, location, kind, scope),
    CHECK (held >= 0),
    CHECK (kind IN ('supplier', 'customer', 'adjustment', 'oversold') OR held <= posted),
    CHECK (kind = 'channel' OR held = 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE api_key (
    hash TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at_us INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires_at_us INTEGER,
    revoked_at_us INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    recorded_at_us INTEGER NOT NULL,
    entries TEXT NOT NULL
) STRICT;

CREATE TABLE channel (
    channel TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    name TEXT NOT NULL,
    frozen INTEGER NOT NULL CHECK (frozen IN (0, 1)),
    created_at_us INTEGER NOT NULL,
    updated_at_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE connection (
    channel TEXT PRIMARY KEY,
    base_url TEXT NOT NULL,
    app_key TEXT NOT NULL,
    shop TEXT NOT NULL,
    settings TEXT NOT NULL,
    sealed BLOB NOT NULL,
    updated_at_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE document (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    updated_at_us INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    commit_number INTEGER NOT NULL,
    recorded_at_us INTEGER NOT NULL
) STRICT;

CREATE TABLE hold (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    buyer TEXT NOT NULL,
    buyer_key TEXT NOT NULL,
    lines TEXT NOT NULL,
    draws TEXT,
    ttl_s INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('placed', 'confirmed', 'released', 'expired')),
    expires_at_us INTEGER NOT NULL,
    event_at_us INTEGER NOT NULL,
    recorded_at_us INTEGER NOT NULL,
    actor TEXT NOT NULL,
    settled_at_us INTEGER,
    settled_by TEXT, guard TEXT, review TEXT CHECK (review IN ('open', 'accepted', 'rejected')),
    CHECK ((status = 'placed') = (settled_at_us IS NULL))
) STRICT;

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

CREATE TABLE listing_right (
    channel TEXT NOT NULL,
    listing TEXT NOT NULL,
    units INTEGER NOT NULL CHECK (units >= 0),
    debt INTEGER NOT NULL CHECK (debt >= 0),
    since_us INTEGER NOT NULL,
    PRIMARY KEY (channel, listing)
) STRICT, WITHOUT ROWID;

CREATE TABLE migration (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) STRICT
;

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

CREATE TABLE poll (
    channel TEXT PRIMARY KEY,
    complete_to_us INTEGER NOT NULL,
    since_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE purchase_count (
    sku TEXT NOT NULL,
    period TEXT NOT NULL,
    buyer TEXT NOT NULL,
    quantities TEXT NOT NULL CHECK (quantities NOT GLOB '*":-*'),
    PRIMARY KEY (sku, period, buyer)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE refusal (
    kind TEXT NOT NULL CHECK (kind IN ('hold', 'transfer')),
    id TEXT NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    recorded_at_us INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sku (
    sku TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    variant TEXT NOT NULL,
    price_cents INTEGER CHECK (price_cents >= 0),
    cost_cents INTEGER CHECK (cost_cents >= 0),
    frozen INTEGER NOT NULL CHECK (frozen IN (0, 1)),
    sale_opens_at_us INTEGER,
    sale_closes_at_us INTEGER,
    limits TEXT,
    components TEXT,
    is_component INTEGER NOT NULL CHECK (is_component IN (0, 1)),
    created_at_us INTEGER NOT NULL,
    updated_at_us INTEGER NOT NULL
, guard TEXT, image_url TEXT CHECK (length(image_url) BETWEEN 1 AND 2048)) STRICT, WITHOUT ROWID;

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

CREATE TABLE tally (
    number INTEGER PRIMARY KEY,
    period INTEGER NOT NULL,
    start_s INTEGER NOT NULL,
    orders INTEGER NOT NULL CHECK (orders >= 0),
    units INTEGER NOT NULL CHECK (units >= 0),
    buyers INTEGER NOT NULL CHECK (buyers >= 0),
    until_s INTEGER NOT NULL
) STRICT;

CREATE TABLE tally_log (
    seq INTEGER PRIMARY KEY,
    turned_before INTEGER NOT NULL,
    turned INTEGER NOT NULL CHECK (turned >= turned_before),
    tallies TEXT NOT NULL CHECK (json_valid(tallies))
) STRICT;

CREATE TABLE tally_period_over (
    period INTEGER PRIMARY KEY,
    over_at_s INTEGER NOT NULL
) STRICT;

CREATE TABLE token (
    channel TEXT PRIMARY KEY,
    sealed BLOB NOT NULL,
    access_expires_at_us INTEGER,
    refresh_expires_at_us INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE transfer (
    seq INTEGER PRIMARY KEY,
    id TEXT,
    sku TEXT NOT NULL,
    location TEXT NOT NULL,
    from_kind TEXT NOT NULL,
    from_scope TEXT NOT NULL,
    to_kind TEXT NOT NULL,
    to_scope TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    reason TEXT NOT NULL,
    reference TEXT NOT NULL,
    actor TEXT NOT NULL,
    event_at_us INTEGER NOT NULL,
    recorded_at_us INTEGER NOT NULL, pace TEXT,
    CHECK (from_kind <> to_kind OR from_scope <> to_scope)
) STRICT;

CREATE INDEX hold_open ON hold (expires_at_us) WHERE status = 'placed';

CREATE INDEX hold_review ON hold (review, seq) WHERE review IS NOT NULL;

CREATE INDEX platform_order_unmapped ON platform_order (seq) WHERE unmapped = 1;

CREATE INDEX push_channel ON push (channel, seq);

CREATE INDEX push_new ON push (seq) WHERE status = 'new';

CREATE INDEX stock_write_channel ON stock_write (channel, seq);

CREATE INDEX stock_write_open ON stock_write (seq) WHERE status IN ('open', 'unknown');

CREATE UNIQUE INDEX transfer_id ON transfer (id) WHERE id IS NOT NULL;

CREATE INDEX transfer_sku ON transfer (sku, seq);

CREATE TRIGGER audit_is_immutable BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is immutable'); END;

CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is kept'); END;

CREATE TRIGGER transfer_is_immutable BEFORE UPDATE ON transfer
BEGIN SELECT RAISE(ABORT, 'transfers are immutable'); END;

CREATE TRIGGER transfer_is_kept BEFORE DELETE ON transfer
BEGIN SELECT RAISE(ABORT, 'transfers are kept'); END;
