-- The write path: what one batch loads and saves. `{rows KIND …}` stands for all its rows, one array a column
-- (see arrays.py). Rows of `unnest` come in the order of the arrays, and so do the numbers they are given.

-- name: begin
BEGIN ISOLATION LEVEL READ COMMITTED;

-- name: lock_head
-- Each statement of the batch sees all that was committed before it had this lock, and nothing comes after.
-- Others wait here in the order of their coming, no longer than `lock_timeout`.
SELECT commit_number, recorded_at_us, worker_token FROM head WHERE id = 1 FOR UPDATE;

-- name: wait_for_commit
-- A commit that the time-out cut short while it waits for a standby would be told as done.
SELECT set_config('statement_timeout', '0', true);

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- name: move_head
UPDATE head SET commit_number = %s, recorded_at_us = %s WHERE id = 1;

-- name: add_news
INSERT INTO news (commit_number, recorded_at_us, writer, body, transfer_seq, hold_seq)
VALUES (%s, %s, %s, %s, coalesce((SELECT max(seq) FROM transfer), 0), coalesce((SELECT max(seq) FROM hold), 0));

-- name: load_skus
SELECT sku, name, variant, price_cents, cost_cents, frozen, sale_opens_at_us, sale_closes_at_us,
       limits, components, is_component, created_at_us, updated_at_us, guard, image_url
FROM sku WHERE sku = ANY (%s::text[]);

-- name: load_channels
SELECT channel, platform, name, frozen, created_at_us, updated_at_us
FROM channel WHERE channel = ANY (%s::text[]);

-- name: load_holds
SELECT id, channel, buyer, buyer_key, lines, draws, ttl_s, status, expires_at_us, event_at_us,
       recorded_at_us, actor, settled_at_us, settled_by, guard, review
FROM hold WHERE id = ANY (%s::text[]);

-- name: load_transfers
SELECT id, sku, location, from_kind, from_scope, to_kind, to_scope, quantity, reason, reference,
       actor, event_at_us, recorded_at_us, pace, seq
FROM transfer WHERE id = ANY (%s::text[]) AND id IS NOT NULL;

-- name: load_refusals
SELECT kind, id, code, detail, body, actor, recorded_at_us
FROM refusal WHERE kind = %s AND id = ANY (%s::text[]);

-- name: load_accounts
SELECT sku, location, kind, scope, posted, held, version
FROM account WHERE sku = ANY (%s::text[]);

-- name: load_counts
SELECT c.sku, c.period, c.buyer, c.quantities
FROM {rows text text text} AS wanted (sku, period, buyer)
JOIN purchase_count AS c USING (sku, period, buyer);

-- name: load_tallies
SELECT number, period, start_s, orders, units, buyers, until_s
FROM {rows bigint} AS wanted (number) JOIN tally USING (number);

-- name: save_accounts
INSERT INTO account (sku, location, kind, scope, posted, held, version)
SELECT * FROM {rows text text text text bigint bigint bigint} AS r
ON CONFLICT (sku, location, kind, scope) DO UPDATE
SET posted = excluded.posted, held = excluded.held, version = excluded.version;

-- name: save_holds
INSERT INTO hold (id, channel, buyer, buyer_key, lines, draws, ttl_s, expires_at_us, event_at_us,
                  recorded_at_us, actor, status)
SELECT *, 'placed'
FROM {rows text text text text text text bigint bigint bigint bigint text} AS r;

-- name: save_marked_holds
INSERT INTO hold (id, channel, buyer, buyer_key, lines, draws, ttl_s, expires_at_us, event_at_us,
                  recorded_at_us, actor, guard, review, status)
SELECT *, 'placed'
FROM {rows text text text text text text bigint bigint bigint bigint text text text} AS r;

-- name: mark_holds
UPDATE hold SET guard = s.guard, review = s.review
FROM {rows text text text} AS s (id, guard, review) WHERE hold.id = s.id;

-- name: settle_holds
UPDATE hold SET status = s.status, settled_at_us = s.settled_at_us, settled_by = s.settled_by
FROM {rows text text bigint text} AS s (id, status, settled_at_us, settled_by)
WHERE hold.id = s.id AND hold.status = 'placed';

-- name: save_transfers
INSERT INTO transfer (id, sku, location, from_kind, from_scope, to_kind, to_scope, quantity, reason,
                      reference, actor, event_at_us, recorded_at_us, pace)
SELECT * FROM {rows text text text text text text text bigint text text text bigint bigint text} AS r;

-- name: save_refusals
INSERT INTO refusal (kind, id, code, detail, body, actor, recorded_at_us)
SELECT * FROM {rows text text text text text text bigint} AS r;

-- name: save_counts
INSERT INTO purchase_count (sku, period, buyer, quantities)
SELECT * FROM {rows text text text text} AS r
ON CONFLICT (sku, period, buyer) DO UPDATE SET quantities = excluded.quantities;

-- name: save_tallies
INSERT INTO tally (number, period, start_s, orders, units, buyers, until_s)
SELECT * FROM {rows bigint bigint bigint bigint bigint bigint bigint} AS r
ON CONFLICT (number) DO UPDATE SET
    start_s = excluded.start_s, orders = excluded.orders, units = excluded.units, buyers = excluded.buyers,
    until_s = excluded.until_s;

-- name: end_periods
INSERT INTO tally_period_over (period, over_at_s)
SELECT * FROM {rows bigint bigint} AS r
ON CONFLICT (period) DO UPDATE SET over_at_s = excluded.over_at_s;

-- name: resume_periods
DELETE FROM tally_period_over WHERE period IN (SELECT * FROM {rows bigint} AS r);

-- name: save_audit
INSERT INTO audit (recorded_at_us, entries)
SELECT * FROM {rows bigint text} AS r;

-- name: save_skus
INSERT INTO sku (sku, name, variant, price_cents, cost_cents, frozen, sale_opens_at_us, sale_closes_at_us,
                 limits, components, is_component, created_at_us, updated_at_us, guard, image_url)
SELECT *
FROM {rows text text text bigint bigint boolean bigint bigint text text boolean bigint bigint text text} AS r
ON CONFLICT (sku) DO UPDATE SET
    name = excluded.name, variant = excluded.variant, price_cents = excluded.price_cents,
    cost_cents = excluded.cost_cents, frozen = excluded.frozen,
    sale_opens_at_us = excluded.sale_opens_at_us, sale_closes_at_us = excluded.sale_closes_at_us,
    limits = excluded.limits, components = excluded.components, is_component = excluded.is_component,
    updated_at_us = excluded.updated_at_us, guard = excluded.guard, image_url = excluded.image_url;

-- name: save_channels
INSERT INTO channel (channel, platform, name, frozen, created_at_us, updated_at_us)
SELECT * FROM {rows text text text boolean bigint bigint} AS r
ON CONFLICT (channel) DO UPDATE SET
    platform = excluded.platform, name = excluded.name, frozen = excluded.frozen,
    updated_at_us = excluded.updated_at_us;

-- name: due_holds
SELECT id FROM hold WHERE status = 'placed' AND expires_at_us <= %s ORDER BY expires_at_us LIMIT %s;
