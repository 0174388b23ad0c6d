-- Records of the sync with platforms: saved with a batch of the ledger, read beside it.

-- name: save_connections
INSERT INTO connection (channel, base_url, app_key, shop, settings, sealed, updated_at_us)
SELECT * FROM {rows text text text text text bytea bigint} AS r
ON CONFLICT (channel) DO UPDATE SET
    base_url = excluded.base_url, app_key = excluded.app_key, shop = excluded.shop,
    settings = excluded.settings, sealed = excluded.sealed, updated_at_us = excluded.updated_at_us;

-- name: delete_connections
DELETE FROM connection WHERE channel IN (SELECT * FROM {rows text});

-- name: delete_tokens
DELETE FROM token WHERE channel IN (SELECT * FROM {rows text});

-- name: save_tokens
INSERT INTO token (channel, sealed, access_expires_at_us, refresh_expires_at_us)
SELECT * FROM {rows text bytea bigint bigint} AS r
ON CONFLICT (channel) DO UPDATE SET
    sealed = excluded.sealed, access_expires_at_us = excluded.access_expires_at_us,
    refresh_expires_at_us = excluded.refresh_expires_at_us;

-- name: save_listings
INSERT INTO listing (channel, listing, product, variant, warehouse, sku, merchant_code, weight, minimum,
                     maximum, paused, fixed, removed)
SELECT * FROM {rows text text text text text text text float8 bigint bigint boolean bigint boolean} AS r
ON CONFLICT (channel, listing) DO UPDATE SET
    product = excluded.product, variant = excluded.variant, warehouse = excluded.warehouse,
    sku = excluded.sku, merchant_code = excluded.merchant_code, weight = excluded.weight,
    minimum = excluded.minimum, maximum = excluded.maximum, paused = excluded.paused,
    fixed = excluded.fixed, removed = excluded.removed;

-- name: begin_rights
INSERT INTO listing_right (channel, listing, units, debt, since_us)
SELECT channel, listing, 0, 0, 0 FROM {rows text text} AS r (channel, listing)
ON CONFLICT (channel, listing) DO NOTHING;

-- name: change_rights
UPDATE listing_right AS r SET
    units = r.units + w.change, debt = r.debt + w.debt, since_us = greatest(r.since_us, w.since_us)
FROM {rows text text bigint bigint bigint} AS w (channel, listing, change, debt, since_us)
WHERE r.channel = w.channel AND r.listing = w.listing;

-- name: save_writes
INSERT INTO stock_write (id, channel, listing, operation, quantity, change, status, created_at_us, applied,
                         expected, settled_at_us)
SELECT * FROM {rows text text text text bigint bigint text bigint bigint bigint bigint} AS r
ON CONFLICT (id) DO UPDATE SET
    status = excluded.status, applied = excluded.applied, settled_at_us = excluded.settled_at_us;

-- name: save_pushes
INSERT INTO push (channel, event, kind, order_id, received_at_us, body, status, tries)
SELECT * FROM {rows text text text text bigint bytea text bigint} AS r
ON CONFLICT (channel, event) DO UPDATE SET
    status = excluded.status, tries = greatest(push.tries, excluded.tries)
WHERE push.status <> 'done';

-- name: delete_pushes
DELETE FROM push WHERE status <> 'new' AND seq IN (SELECT * FROM {rows bigint});

-- name: delete_tallies
DELETE FROM tally AS t USING {rows bigint bigint bigint} AS g (number, until_s, before_s)
WHERE t.number = g.number AND t.until_s = g.until_s
  AND (t.until_s BETWEEN 1 AND g.before_s OR t.period IN (SELECT period FROM tally_period_over));

-- name: save_orders
INSERT INTO platform_order (channel, order_id, status, buyer, created_at_us, paid_at_us, updated_at_us,
                            lines, unmapped)
SELECT * FROM {rows text text text text bigint bigint bigint text boolean} AS r
ON CONFLICT (channel, order_id) DO UPDATE SET
    status = excluded.status, buyer = excluded.buyer, created_at_us = excluded.created_at_us,
    paid_at_us = excluded.paid_at_us, updated_at_us = excluded.updated_at_us, lines = excluded.lines,
    unmapped = excluded.unmapped;

-- name: save_polls
INSERT INTO poll (channel, complete_to_us, since_us)
SELECT * FROM {rows text bigint bigint} AS r
ON CONFLICT (channel) DO UPDATE SET
    complete_to_us = excluded.complete_to_us, since_us = excluded.since_us;

-- name: connections
SELECT channel, base_url, app_key, shop, settings, sealed, updated_at_us FROM connection ORDER BY channel;

-- name: tokens
SELECT channel, sealed, access_expires_at_us, refresh_expires_at_us FROM token ORDER BY channel;

-- name: listings
SELECT channel, listing, product, variant, warehouse, sku, merchant_code, weight, minimum, maximum, paused,
       fixed, removed
FROM listing ORDER BY channel, listing;

-- name: listings_of_channel
SELECT channel, listing, product, variant, warehouse, sku, merchant_code, weight, minimum, maximum, paused,
       fixed, removed
FROM listing WHERE channel = %s ORDER BY listing;

-- name: rights
SELECT channel, listing, units, debt, since_us FROM listing_right ORDER BY channel, listing;

-- name: rights_of_channel
SELECT channel, listing, units, debt, since_us FROM listing_right WHERE channel = %s ORDER BY listing;

-- name: open_writes
SELECT id, channel, listing, operation, quantity, change, status, created_at_us, applied, expected,
       settled_at_us
FROM stock_write WHERE status IN ('open', 'unknown') ORDER BY seq;

-- name: writes
SELECT id, channel, listing, operation, quantity, change, status, created_at_us, applied, expected,
       settled_at_us
FROM stock_write WHERE channel = %s ORDER BY seq DESC LIMIT %s;

-- name: new_pushes
SELECT channel, event, kind, order_id, received_at_us, body, status, tries, seq
FROM push WHERE status = 'new' AND seq > %s ORDER BY seq LIMIT %s;

-- name: pushes
SELECT channel, event, kind, order_id, received_at_us, body, status, tries, seq
FROM push WHERE channel = %s ORDER BY seq DESC LIMIT %s;

-- name: old_pushes
-- The inner limit bounds the work: rows come in the order of time, so that the rest is younger.
SELECT seq FROM (SELECT seq, received_at_us FROM push WHERE status <> 'new' ORDER BY seq LIMIT %s) AS part
WHERE received_at_us < %s ORDER BY seq;

-- name: order
SELECT channel, order_id, status, buyer, created_at_us, paid_at_us, updated_at_us, lines, unmapped
FROM platform_order WHERE channel = %s AND order_id = %s;

-- name: unmapped_orders
SELECT channel, order_id, status, buyer, created_at_us, paid_at_us, updated_at_us, lines, unmapped
FROM platform_order WHERE unmapped AND channel = coalesce(%s::text, channel) ORDER BY seq LIMIT %s;

-- name: polls
SELECT channel, complete_to_us, since_us FROM poll ORDER BY channel;
