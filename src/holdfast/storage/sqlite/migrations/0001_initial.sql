CREATE TABLE head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    commit_number INTEGER NOT NULL,
    recorded_at_us INTEGER NOT NULL
) STRICT;

INSERT INTO head (id, commit_number, recorded_at_us) VALUES (1, 0, 0);

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
) STRICT, WITHOUT ROWID;

CREATE TABLE channel (
    channel TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    name TEXT NOT NULL,
    frozen INTEGER NOT NULL CHECK (frozen IN (0, 1)),
    created_at_us INTEGER NOT NULL,
    updated_at_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Inside accounts never go below zero, and what is held is always there: the kernel's rule, said twice.
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

-- Rows are in the order of their decision, so that writing them is appending; only the id is looked up.
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
    settled_by TEXT,
    CHECK ((status = 'placed') = (settled_at_us IS NULL))
) STRICT;

CREATE INDEX hold_open ON hold (expires_at_us) WHERE status = 'placed';

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
    recorded_at_us INTEGER NOT NULL,
    CHECK (from_kind <> to_kind OR from_scope <> to_scope)
) STRICT;

CREATE UNIQUE INDEX transfer_id ON transfer (id) WHERE id IS NOT NULL;
CREATE INDEX transfer_sku ON transfer (sku, seq);

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

-- One row for each buyer: `quantities` is an object from scope (a channel, or `*`) to units.
CREATE TABLE purchase_count (
    sku TEXT NOT NULL,
    period TEXT NOT NULL,
    buyer TEXT NOT NULL,
    quantities TEXT NOT NULL CHECK (quantities NOT GLOB '*":-*'),
    PRIMARY KEY (sku, period, buyer)
) STRICT, WITHOUT ROWID;

-- One row for each commit: `entries` is a list of [actor, request_id, action, target, result, detail].
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    recorded_at_us INTEGER NOT NULL,
    entries TEXT NOT NULL
) STRICT;

CREATE TABLE api_key (
    hash TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at_us INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires_at_us INTEGER,
    revoked_at_us INTEGER
) STRICT, WITHOUT ROWID;

-- Records are never edited: a mistake is mended by another transfer, and the trail only grows.
CREATE TRIGGER transfer_is_immutable BEFORE UPDATE ON transfer
BEGIN SELECT RAISE(ABORT, 'transfers are immutable'); END;
CREATE TRIGGER transfer_is_kept BEFORE DELETE ON transfer
BEGIN SELECT RAISE(ABORT, 'transfers are kept'); END;
CREATE TRIGGER audit_is_immutable BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is immutable'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is kept'); END;
