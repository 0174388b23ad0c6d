-- The write path: what one batch loads and saves. `{rows N}` stands for as many N-column rows as there are;
-- a text between two numbers stands in every row as it is.

-- name: head
SELECT commit_number, recorded_at_us FROM head WHERE id = 1;

-- name: move_head
UPDATE head SET commit_number = ?, recorded_at_us = ? WHERE id = 1;

-- name: load_skus
SELECT sku, name, variant, price_cents, cost_cents, frozen, sale_opens_at_us, sale_closes_at_us,
       limits, components, is_component, created_at_us, updated_at_us, guard, image_url
FROM sku WHERE sku IN (SELECT value FROM json_each(?));

-- name: load_channels
SELECT channel, platform, name, frozen, created_at_us, updated_at_us
FROM channel WHERE channel IN (SELECT value FROM json_each(?));

-- name: load_holds
SELECT id, channel, buyer, buyer_key, lines, draws, ttl_s, status, expires_at_us, event_at_us,
       recorded_at_us, actor, settled_at_us, settled_by, guard, review
FROM hold WHERE id IN (SELECT value FROM json_each(?));

-- name: load_transfers
SELECT id, sku, location, from_kind, from_scope, to_kind, to_scope, quantity, reason, reference,
       actor, event_at_us, recorded_at_us, pace, seq
FROM transfer WHERE id IN (SELECT value FROM json_each(?)) AND id IS NOT NULL;

-- name: load_refusals
SELECT kind, id, code, detail, body, actor, recorded_at_us
FROM refusal WHERE kind = ? AND id IN (SELECT value FROM json_each(?));

-- name: load_accounts
SELECT sku, location, kind, scope, posted, held, version
FROM account WHERE sku IN (SELECT value FROM json_each(?));

-- name: load_counts
SELECT buyer, quantities FROM purchase_count
WHERE sku = ? AND period = ? AND buyer IN (SELECT value FROM json_each(?));

-- name: load_tallies
SELECT number, period, start_s, orders, units, buyers, until_s FROM tally
WHERE number IN (SELECT value FROM json_each(?));

-- name: tally_log
SELECT seq, turned_before, turned, tallies FROM tally_log WHERE seq > 0 ORDER BY seq;

-- name: save_accounts
INSERT INTO account (sku, location, kind, scope, posted, held, version) VALUES {rows 7}
ON CONFLICT (sku, location, kind, scope) DO UPDATE
SET posted = excluded.posted, held = excluded.held, version = excluded.version;

-- name: save_holds
INSERT INTO hold (id, channel, buyer, buyer_key, lines, draws, ttl_s, status, expires_at_us,
                  event_at_us, recorded_at_us, actor)
VALUES {rows 7 'placed' 4};

-- name: save_marked_holds
INSERT INTO hold (id, channel, buyer, buyer_key, lines, draws, ttl_s, status, expires_at_us,
                  event_at_us, recorded_at_us, actor, guard, review)
VALUES {rows 7 'placed' 6};

-- name: mark_holds
WITH marked (id, guard, review) AS (VALUES {rows 3})
UPDATE hold SET guard = s.guard, review = s.review FROM marked AS s WHERE hold.id = s.id;

-- name: settle_holds
WITH settled (id, status, settled_at_us, settled_by) AS (VALUES {rows 4})
UPDATE hold SET status = s.status, settled_at_us = s.settled_at_us, settled_by = s.settled_by
FROM settled AS s WHERE hold.id = s.id AND hold.status = 'placed';

-- name: save_transfers
INSERT INTO transfer (id, sku, location, from_kind, from_scope, to_kind, to_scope, quantity, reason,
                      reference, actor, event_at_us, recorded_at_us, pace)
VALUES {rows 14};

-- name: save_refusals
INSERT INTO refusal (kind, id, code, detail, body, actor, recorded_at_us) VALUES {rows 7};

-- name: save_counts
INSERT INTO purchase_count (sku, period, buyer, quantities) VALUES {rows 4}
ON CONFLICT (sku, period, buyer) DO UPDATE SET quantities = excluded.quantities;

-- name: log_tallies
INSERT INTO tally_log (seq, turned_before, turned, tallies) VALUES {rows 4};

-- name: trim_tally_log
DELETE FROM tally_log WHERE seq <= ?;

-- name: save_tallies
INSERT INTO tally (number, period, start_s, orders, units, buyers, until_s) VALUES {rows 7}
ON CONFLICT (number) DO UPDATE SET
    start_s = excluded.start_s, orders = excluded.orders, units = excluded.units, buyers = excluded.buyers,
    until_s = excluded.until_s;

-- name: end_periods
INSERT INTO tally_period_over (period, over_at_s) VALUES {rows 2}
ON CONFLICT (period) DO UPDATE SET over_at_s = excluded.over_at_s;

-- name: resume_periods
DELETE FROM tally_period_over WHERE period IN (VALUES {rows 1});

-- name: save_audit
INSERT INTO audit (recorded_at_us, entries) VALUES {rows 2};

-- name: save_skus
INSERT INTO sku (sku, name, variant, price_cents, cost_cents, frozen, sale_opens_at_us, sale_closes_at_us,
                 limits, components, is_component, created_at_us, updated_at_us, guard, image_url)
VALUES {rows 15}
ON CONFLICT (sku) DO UPDATE SET
    name = excluded.name, variant = excluded.variant, price_cents = excluded.price_cents,
    cost_cents = excluded.cost_cents, frozen = excluded.frozen,
    sale_opens_at_us = excluded.sale_opens_at_us, sale_closes_at_us = excluded.sale_closes_at_us,
    limits = excluded.limits, components = excluded.components, is_component = excluded.is_component,
    updated_at_us = excluded.updated_at_us, guard = excluded.guard, image_url = excluded.image_url;

-- name: save_channels
INSERT INTO channel (channel, platform, name, frozen, created_at_us, updated_at_us) VALUES {rows 6}
ON CONFLICT (channel) DO UPDATE SET
    platform = excluded.platform, name = excluded.name, frozen = excluded.frozen,
    updated_at_us = excluded.updated_at_us;

-- name: due_holds
SELECT id FROM hold WHERE status = 'placed' AND expires_at_us <= ? ORDER BY expires_at_us LIMIT ?;
