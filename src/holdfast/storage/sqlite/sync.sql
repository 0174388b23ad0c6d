-- Records of the sync with platforms: saved with a batch of the ledger, read beside it.

-- name: save_connections
INSERT INTO connection (channel, base_url, app_key, shop, settings, sealed, updated_at_us) VALUES {rows 7}
ON CONFLICT (channel) DO UPDATE SET
    base_url = excluded.base_url, app_key = excluded.app_key, shop = excluded.shop,
    settings = excluded.settings, sealed = excluded.sealed, updated_at_us = excluded.updated_at_us;

-- name: delete_connections
WITH gone (channel) AS (VALUES {rows 1}) DELETE FROM connection WHERE channel IN (SELECT channel FROM gone);

-- name: delete_tokens
WITH gone (channel) AS (VALUES {rows 1}) DELETE FROM token WHERE channel IN (SELECT channel FROM gone);

-- name: save_tokens
INSERT INTO token (channel, sealed, access_expires_at_us, refresh_expires_at_us) VALUES {rows 4}
ON CONFLICT (channel) DO UPDATE SET
    sealed = excluded.sealed, access_expires_at_us = excluded.access_expires_at_us,
    refresh_expires_at_us = excluded.refresh_expires_at_us;

-- name: save_listings
INSERT INTO listing (channel, listing, product, variant, warehouse, sku, merchant_code, weight, minimum,
                     maximum, paused, fixed, removed)
VALUES {rows 13}
ON CONFLICT (channel, listing) DO UPDATE SET
    product = excluded.product, variant = excluded.variant, warehouse = excluded.warehouse,
    sku = excluded.sku, merchant_code = excluded.merchant_code, weight = excluded.weight,
    minimum = excluded.minimum, maximum = excluded.maximum, paused = excluded.paused,
    fixed = excluded.fixed, removed = excluded.removed;

-- name: begin_rights
INSERT INTO listing_right (channel, listing, units, debt, since_us)
SELECT column1, column2, 0, 0, 0 FROM (VALUES {rows 2}) WHERE true
ON CONFLICT (channel, listing) DO NOTHING;

-- name: change_rights
WITH wanted (channel, listing, change, debt, since_us) AS (VALUES {rows 5})
UPDATE listing_right SET
    units = units + w.change, debt = listing_right.debt + w.debt,
    since_us = max(listing_right.since_us, w.since_us)
FROM wanted AS w WHERE listing_right.channel = w.channel AND listing_right.listing = w.listing;

-- name: save_writes
INSERT INTO stock_write (id, channel, listing, operation, quantity, change, status, created_at_us, applied,
                         expected, settled_at_us)
VALUES {rows 11}
ON CONFLICT (id) DO UPDATE SET
    status = excluded.status, applied = excluded.applied, settled_at_us = excluded.settled_at_us;

-- name: save_pushes
INSERT INTO push (channel, event, kind, order_id, received_at_us, body, status, tries) VALUES {rows 8}
ON CONFLICT (channel, event) DO UPDATE SET
    status = excluded.status, tries = max(push.tries, excluded.tries)
WHERE push.status <> 'done';

-- name: delete_pushes
WITH gone (seq) AS (VALUES {rows 1})
DELETE FROM push WHERE status <> 'new' AND seq IN (SELECT seq FROM gone);

-- name: delete_tallies
WITH gone (number, until_s, before_s) AS (VALUES {rows 3})
DELETE FROM tally WHERE number IN (
    SELECT t.number FROM gone AS g CROSS JOIN tally AS t ON t.number = g.number
    WHERE t.until_s = g.until_s
      AND (t.until_s BETWEEN 1 AND g.before_s OR t.period IN (SELECT period FROM tally_period_over))
);

-- name: save_orders
INSERT INTO platform_order (channel, order_id, status, buyer, created_at_us, paid_at_us, updated_at_us,
                            lines, unmapped)
VALUES {rows 9}
ON CONFLICT (channel, order_id) DO UPDATE SET
    status = excluded.status, buyer = excluded.buyer, created_at_us = excluded.created_at_us,
    paid_at_us = excluded.paid_at_us, updated_at_us = excluded.updated_at_us, lines = excluded.lines,
    unmapped = excluded.unmapped;

-- name: save_polls
INSERT INTO poll (channel, complete_to_us, since_us) VALUES {rows 3}
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
FROM listing WHERE channel = ? ORDER BY listing;

-- name: rights
SELECT channel, listing, units, debt, since_us FROM listing_right ORDER BY channel, listing;

-- name: rights_of_channel
SELECT channel, listing, units, debt, since_us FROM listing_right WHERE channel = ? ORDER BY listing;

-- name: open_writes
SELECT id, channel, listing, operation, quantity, change, status, created_at_us, applied, expected,
       settled_at_us
FROM stock_write WHERE status IN ('open', 'unknown') ORDER BY seq;

-- name: writes
SELECT id, channel, listing, operation, quantity, change, status, created_at_us, applied, expected,
       settled_at_us
FROM stock_write WHERE channel = ? ORDER BY seq DESC LIMIT ?;

-- name: new_pushes
SELECT channel, event, kind, order_id, received_at_us, body, status, tries, seq
FROM push WHERE status = 'new' AND seq > ? ORDER BY seq LIMIT ?;

-- name: pushes
SELECT channel, event, kind, order_id, received_at_us, body, status, tries, seq
FROM push WHERE channel = ? ORDER BY seq DESC LIMIT ?;

-- name: old_pushes
-- The inner limit bounds the work: rows come in the order of time, so that the rest is younger.
SELECT seq FROM (SELECT seq, received_at_us FROM push WHERE status <> 'new' ORDER BY seq LIMIT ?)
WHERE received_at_us < ? ORDER BY seq;

-- name: order
SELECT channel, order_id, status, buyer, created_at_us, paid_at_us, updated_at_us, lines, unmapped
FROM platform_order WHERE channel = ? AND order_id = ?;

-- name: unmapped_orders
SELECT channel, order_id, status, buyer, created_at_us, paid_at_us, updated_at_us, lines, unmapped
FROM platform_order WHERE unmapped = 1 AND channel = coalesce(?, channel) ORDER BY seq LIMIT ?;

-- name: polls
SELECT channel, complete_to_us, since_us FROM poll ORDER BY channel;
