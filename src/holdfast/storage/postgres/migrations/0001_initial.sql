-- Texts are compared byte by byte (COLLATE "C"), as in the other store and whatever the database's language;
-- so the order of pages and the meaning of an index never change with a library of the system.
-- JSON is text: only this program reads it, and what is not read need not be parsed. Numbers are bigint.

CREATE TABLE head (
    id bigint PRIMARY KEY CHECK (id = 1),
    commit_number bigint NOT NULL,
    recorded_at_us bigint NOT NULL
);

INSERT INTO head (id, commit_number, recorded_at_us) VALUES (1, 0, 0);

CREATE TABLE sku (
    sku text COLLATE "C" PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    variant text COLLATE "C" NOT NULL,
    price_cents bigint CHECK (price_cents >= 0),
    cost_cents bigint CHECK (cost_cents >= 0),
    frozen boolean NOT NULL,
    sale_opens_at_us bigint,
    sale_closes_at_us bigint,
    limits text COLLATE "C",
    components text COLLATE "C",
    is_component boolean NOT NULL,
    created_at_us bigint NOT NULL,
    updated_at_us bigint NOT NULL,
    guard text COLLATE "C"
);

CREATE TABLE channel (
    channel text COLLATE "C" PRIMARY KEY,
    platform text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    frozen boolean NOT NULL,
    created_at_us bigint NOT NULL,
    updated_at_us bigint NOT NULL
);

-- Inside accounts never go below zero, and what is held is always there: the kernel's rule, said twice.
CREATE TABLE account (
    sku text COLLATE "C" NOT NULL,
    location text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    scope text COLLATE "C" NOT NULL,
    posted bigint NOT NULL,
    held bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (sku, location, kind, scope),
    CHECK (held >= 0),
    CHECK (kind IN ('supplier', 'customer', 'adjustment', 'oversold') OR held <= posted),
    CHECK (kind = 'channel' OR held = 0)
);

-- Rows are in the order of their decision, so that writing them is appending; only the id is looked up.
CREATE TABLE hold (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    channel text COLLATE "C" NOT NULL,
    buyer text COLLATE "C" NOT NULL,
    buyer_key text COLLATE "C" NOT NULL,
    lines text COLLATE "C" NOT NULL,
    draws text COLLATE "C",
    ttl_s bigint NOT NULL,
    status text COLLATE "C" NOT NULL CHECK (status IN ('placed', 'confirmed', 'released', 'expired')),
    expires_at_us bigint NOT NULL,
    event_at_us bigint NOT NULL,
    recorded_at_us bigint NOT NULL,
    actor text COLLATE "C" NOT NULL,
    settled_at_us bigint,
    settled_by text COLLATE "C",
    guard text COLLATE "C",
    review text COLLATE "C" CHECK (review IN ('open', 'accepted', 'rejected')),
    CHECK ((status = 'placed') = (settled_at_us IS NULL))
);

CREATE INDEX hold_open ON hold (expires_at_us) WHERE status = 'placed';
CREATE INDEX hold_review ON hold (review, seq) WHERE review IS NOT NULL;

CREATE TABLE transfer (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C",
    sku text COLLATE "C" NOT NULL,
    location text COLLATE "C" NOT NULL,
    from_kind text COLLATE "C" NOT NULL,
    from_scope text COLLATE "C" NOT NULL,
    to_kind text COLLATE "C" NOT NULL,
    to_scope text COLLATE "C" NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    reason text COLLATE "C" NOT NULL,
    reference text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    event_at_us bigint NOT NULL,
    recorded_at_us bigint NOT NULL,
    CHECK (from_kind <> to_kind OR from_scope <> to_scope)
);

CREATE UNIQUE INDEX transfer_id ON transfer (id) WHERE id IS NOT NULL;
CREATE INDEX transfer_sku ON transfer (sku, seq);

CREATE TABLE refusal (
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('hold', 'transfer')),
    id text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    detail text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    recorded_at_us bigint NOT NULL,
    PRIMARY KEY (kind, id)
);

-- One row for each buyer: `quantities` is an object from scope (a channel, or `*`) to units.
CREATE TABLE purchase_count (
    sku text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    buyer text COLLATE "C" NOT NULL,
    quantities text COLLATE "C" NOT NULL CHECK (quantities NOT LIKE '%":-%'),
    PRIMARY KEY (sku, period, buyer)
);

-- One row for each commit: `entries` is a list of [actor, request_id, action, target, result, detail].
CREATE TABLE audit (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recorded_at_us bigint NOT NULL,
    entries text COLLATE "C" NOT NULL
);

CREATE TABLE api_key (
    hash text COLLATE "C" PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    created_at_us bigint NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    expires_at_us bigint,
    revoked_at_us bigint
);

-- Records are never edited: a mistake is mended by another transfer, and the trail only grows.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is never changed, only added to', TG_TABLE_NAME; END $$;
CREATE TRIGGER transfer_is_immutable BEFORE UPDATE ON transfer EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfer_is_kept BEFORE DELETE OR TRUNCATE ON transfer EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_is_immutable BEFORE UPDATE ON audit EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_is_kept BEFORE DELETE OR TRUNCATE ON audit EXECUTE FUNCTION refuse_change();

-- A row that every batch rewrites keeps room on its page, so that its next version stands beside the last one
-- and no index is touched; and the dead versions are swept while they are few.
ALTER TABLE head SET (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
ALTER TABLE account SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
ALTER TABLE purchase_count SET (fillfactor = 80);

-- What the sync with platforms remembers. It is apart from the ledger: no row here moves stock.
CREATE TABLE connection (
    channel text COLLATE "C" PRIMARY KEY,
    base_url text COLLATE "C" NOT NULL,
    app_key text COLLATE "C" NOT NULL,
    shop text COLLATE "C" NOT NULL,
    settings text COLLATE "C" NOT NULL,
    sealed bytea NOT NULL,
    updated_at_us bigint NOT NULL
);

CREATE TABLE token (
    channel text COLLATE "C" PRIMARY KEY,
    sealed bytea NOT NULL,
    access_expires_at_us bigint,
    refresh_expires_at_us bigint
);

CREATE TABLE listing (
    channel text COLLATE "C" NOT NULL,
    listing text COLLATE "C" NOT NULL,
    product text COLLATE "C" NOT NULL,
    variant text COLLATE "C" NOT NULL,
    warehouse text COLLATE "C" NOT NULL,
    sku text COLLATE "C" NOT NULL,
    merchant_code text COLLATE "C" NOT NULL,
    weight double precision NOT NULL CHECK (weight >= 0),
    minimum bigint NOT NULL CHECK (minimum >= 0),
    maximum bigint CHECK (maximum >= 0),
    paused boolean NOT NULL,
    fixed bigint CHECK (fixed >= 0),
    removed boolean NOT NULL,
    PRIMARY KEY (channel, listing)
);

-- A right is what a platform may still sell of a listing, in units of the listing: never below zero. What it
-- sold beyond is a debt until it is covered or comes back.
CREATE TABLE listing_right (
    channel text COLLATE "C" NOT NULL,
    listing text COLLATE "C" NOT NULL,
    units bigint NOT NULL CHECK (units >= 0),
    debt bigint NOT NULL CHECK (debt >= 0),
    since_us bigint NOT NULL,
    PRIMARY KEY (channel, listing)
);

CREATE TABLE stock_write (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    channel text COLLATE "C" NOT NULL,
    listing text COLLATE "C" NOT NULL,
    operation text COLLATE "C" NOT NULL CHECK (operation IN ('add', 'subtract', 'set')),
    quantity bigint NOT NULL CHECK (quantity >= 0),
    change bigint NOT NULL,
    status text COLLATE "C" NOT NULL CHECK (status IN ('open', 'unknown', 'applied', 'refused')),
    created_at_us bigint NOT NULL,
    applied bigint NOT NULL,
    expected bigint,
    settled_at_us bigint,
    CHECK ((status IN ('open', 'unknown')) = (settled_at_us IS NULL))
);

CREATE INDEX stock_write_open ON stock_write (seq) WHERE status IN ('open', 'unknown');
CREATE INDEX stock_write_channel ON stock_write (channel, seq);

-- The raw message is kept: it is the evidence of what a platform told us.
CREATE TABLE push (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel text COLLATE "C" NOT NULL,
    event text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    received_at_us bigint NOT NULL,
    body bytea NOT NULL,
    status text COLLATE "C" NOT NULL CHECK (status IN ('new', 'done', 'failed')),
    tries bigint NOT NULL CHECK (tries >= 0),
    UNIQUE (channel, event)
);

CREATE INDEX push_new ON push (seq) WHERE status = 'new';
CREATE INDEX push_channel ON push (channel, seq);

CREATE TABLE platform_order (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    buyer text COLLATE "C" NOT NULL,
    created_at_us bigint NOT NULL,
    paid_at_us bigint,
    updated_at_us bigint NOT NULL,
    lines text COLLATE "C" NOT NULL,
    unmapped boolean NOT NULL,
    UNIQUE (channel, order_id)
);

CREATE INDEX platform_order_unmapped ON platform_order (seq) WHERE unmapped;

CREATE TABLE poll (
    channel text COLLATE "C" PRIMARY KEY,
    complete_to_us bigint NOT NULL,
    since_us bigint NOT NULL
);

-- Pages that show stock to viewers. Of an address, which is long and random, only the hash is kept.
CREATE TABLE overlay (
    hash text COLLATE "C" PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    skus text COLLATE "C" NOT NULL CHECK (json_typeof(skus::json) = 'array'),
    theme text COLLATE "C" NOT NULL,
    layout text COLLATE "C" NOT NULL,
    place text COLLATE "C" NOT NULL,
    language text COLLATE "C" NOT NULL,
    created_at_us bigint NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    revoked_at_us bigint
);

-- What the operations keep: shows, drops, rules, destinations. What a body means is known to its owner alone.
CREATE TABLE document (
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL CHECK ((body::json) IS NOT NULL),
    updated_at_us bigint NOT NULL,
    PRIMARY KEY (kind, id)
);
