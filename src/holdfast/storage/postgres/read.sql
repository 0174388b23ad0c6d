-- The reading side; columns of records are in the order of their classes.

-- name: head
SELECT commit_number, recorded_at_us FROM head WHERE id = 1;

-- name: stock
SELECT sku, location, kind, scope, posted, held, version FROM account WHERE sku = %s;

-- name: stock_page
SELECT a.sku, a.location, a.kind, a.scope, a.posted, a.held, a.version
FROM account AS a
WHERE a.sku = ANY (%s::text[]);

-- name: sku_names
SELECT sku FROM sku WHERE sku > %s AND components IS NULL ORDER BY sku LIMIT %s;

-- name: stock_since
SELECT sku, location, kind, scope, posted, held, version
FROM account WHERE sku IN (SELECT DISTINCT sku FROM account WHERE version > %s);

-- name: sku
SELECT sku, name, variant, price_cents, cost_cents, frozen, sale_opens_at_us, sale_closes_at_us,
       limits, components, is_component, created_at_us, updated_at_us, guard, image_url
FROM sku WHERE sku = %s;

-- name: skus
SELECT sku, name, variant, price_cents, cost_cents, frozen, sale_opens_at_us, sale_closes_at_us,
       limits, components, is_component, created_at_us, updated_at_us, guard, image_url
FROM sku WHERE sku > %s ORDER BY sku LIMIT %s;

-- name: channel
SELECT channel, platform, name, frozen, created_at_us, updated_at_us FROM channel WHERE channel = %s;

-- name: channels
SELECT channel, platform, name, frozen, created_at_us, updated_at_us FROM channel ORDER BY channel;

-- name: hold
SELECT id, channel, buyer, buyer_key, lines, draws, ttl_s, status, expires_at_us, event_at_us,
       recorded_at_us, actor, settled_at_us, settled_by, guard, review
FROM hold WHERE id = %s;

-- name: transfer
SELECT id, sku, location, from_kind, from_scope, to_kind, to_scope, quantity, reason, reference,
       actor, event_at_us, recorded_at_us, pace, seq
FROM transfer WHERE id = %s AND id IS NOT NULL;

-- name: transfers
SELECT id, sku, location, from_kind, from_scope, to_kind, to_scope, quantity, reason, reference,
       actor, event_at_us, recorded_at_us, pace, seq
FROM transfer WHERE seq < %s ORDER BY seq DESC LIMIT %s;

-- name: transfers_of_sku
SELECT id, sku, location, from_kind, from_scope, to_kind, to_scope, quantity, reason, reference,
       actor, event_at_us, recorded_at_us, pace, seq
FROM transfer WHERE sku = %s AND seq < %s ORDER BY seq DESC LIMIT %s;

-- name: stretch
SELECT min(seq), count(*) FROM (SELECT seq FROM transfer WHERE seq < %s ORDER BY seq DESC LIMIT %s) AS part;

-- name: stretch_of_sku
SELECT min(seq), count(*)
FROM (SELECT seq FROM transfer WHERE sku = %s AND seq < %s ORDER BY seq DESC LIMIT %s) AS part;

-- name: find_transfers
SELECT id, sku, location, from_kind, from_scope, to_kind, to_scope, quantity, reason, reference,
       actor, event_at_us, recorded_at_us, pace, seq
FROM transfer
WHERE seq < %s AND seq >= %s
  AND coalesce(%s::text, to_kind || ':' || to_scope)
      IN (from_kind || ':' || from_scope, to_kind || ':' || to_scope)
  AND location = coalesce(%s::text, location) AND reason = coalesce(%s::text, reason)
  AND actor = coalesce(%s::text, actor) AND reference = coalesce(%s::text, reference)
ORDER BY seq DESC LIMIT %s;

-- name: find_transfers_of_sku
SELECT id, sku, location, from_kind, from_scope, to_kind, to_scope, quantity, reason, reference,
       actor, event_at_us, recorded_at_us, pace, seq
FROM transfer
WHERE sku = %s AND seq < %s AND seq >= %s
  AND coalesce(%s::text, to_kind || ':' || to_scope)
      IN (from_kind || ':' || from_scope, to_kind || ':' || to_scope)
  AND location = coalesce(%s::text, location) AND reason = coalesce(%s::text, reason)
  AND actor = coalesce(%s::text, actor) AND reference = coalesce(%s::text, reference)
ORDER BY seq DESC LIMIT %s;

-- name: hold_stretch
SELECT min(seq), count(*) FROM (SELECT seq FROM hold WHERE seq < %s ORDER BY seq DESC LIMIT %s) AS part;

-- name: find_holds
SELECT id, channel, buyer, buyer_key, lines, draws, ttl_s, status, expires_at_us, event_at_us,
       recorded_at_us, actor, settled_at_us, settled_by, guard, review, seq
FROM hold
WHERE seq < %s AND seq >= %s AND status = coalesce(%s::text, status) AND channel = coalesce(%s::text, channel)
  AND (EXISTS (SELECT 1 FROM json_array_elements(lines::json) AS line
               WHERE coalesce(%s::text, line ->> 0) = line ->> 0)
       OR EXISTS (SELECT 1 FROM json_array_elements(draws::json) AS line WHERE line ->> 0 = %s::text))
ORDER BY seq DESC LIMIT %s;

-- name: find_open_holds
-- The open ones are few and have an index of their own, which is read first, whatever the planner believes.
WITH open AS MATERIALIZED (SELECT * FROM hold WHERE status = 'placed')
SELECT id, channel, buyer, buyer_key, lines, draws, ttl_s, status, expires_at_us, event_at_us,
       recorded_at_us, actor, settled_at_us, settled_by, guard, review, seq
FROM open
WHERE seq < %s AND channel = coalesce(%s::text, channel)
  AND (EXISTS (SELECT 1 FROM json_array_elements(lines::json) AS line
               WHERE coalesce(%s::text, line ->> 0) = line ->> 0)
       OR EXISTS (SELECT 1 FROM json_array_elements(draws::json) AS line WHERE line ->> 0 = %s::text))
ORDER BY seq DESC LIMIT %s;

-- name: reviews
SELECT id, channel, buyer, buyer_key, lines, draws, ttl_s, status, expires_at_us, event_at_us,
       recorded_at_us, actor, settled_at_us, settled_by, guard, review, seq
FROM hold
WHERE review = %s AND review IS NOT NULL AND seq < %s ORDER BY seq DESC LIMIT %s;

-- name: refusal
SELECT kind, id, code, detail, body, actor, recorded_at_us FROM refusal WHERE kind = %s AND id = %s;

-- name: refused_holds
SELECT kind, id, code, detail, body, actor, recorded_at_us FROM refusal
WHERE kind = 'hold' AND recorded_at_us >= %s AND recorded_at_us < %s
  AND body::json -> 'lines' -> %s::text IS NOT NULL
ORDER BY recorded_at_us, id LIMIT %s;

-- name: find_refused_holds
SELECT kind, id, code, detail, body, actor, recorded_at_us FROM refusal
WHERE kind = 'hold' AND (recorded_at_us, id) < (%s, %s::text)
  AND %s::text IN ('', id) AND %s::text IN ('', code) AND %s::text IN ('', body::json ->> 'buyer')
  AND %s::text IN ('', coalesce(body::json #>> '{signals,device}', ''))
  AND %s::text IN ('', coalesce(body::json #>> '{signals,address}', ''))
  AND %s::text IN ('', coalesce(body::json #>> '{signals,payment}', ''))
  AND (%s::text IS NULL OR body::json -> 'lines' -> %s::text IS NOT NULL)
ORDER BY recorded_at_us DESC, id DESC LIMIT %s;

-- name: counts
SELECT quantities FROM purchase_count WHERE sku = %s AND period = %s AND buyer = %s;

-- name: spent_tallies
SELECT number, until_s FROM tally
WHERE until_s BETWEEN 1 AND %s OR period IN (SELECT period FROM tally_period_over WHERE over_at_s <= %s)
LIMIT %s;

-- name: audit
SELECT seq, recorded_at_us, entries
FROM audit WHERE seq <= %s AND position(%s::text IN entries) > 0 ORDER BY seq DESC LIMIT %s;

-- name: keys
SELECT name, role, hash, created_at_us, created_by, expires_at_us, revoked_at_us
FROM api_key ORDER BY name, created_at_us;

-- name: add_key
INSERT INTO api_key (name, role, hash, created_at_us, created_by, expires_at_us, revoked_at_us)
VALUES (%s, %s, %s, %s, %s, %s, %s);

-- name: end_keys
UPDATE api_key SET revoked_at_us = %s
WHERE name = %s AND hash <> %s AND (revoked_at_us IS NULL OR revoked_at_us > %s);

-- name: overlays
SELECT name, hash, skus, theme, layout, place, language, created_at_us, created_by, revoked_at_us
FROM overlay ORDER BY name, created_at_us, hash;

-- name: add_overlay
INSERT INTO overlay (name, hash, skus, theme, layout, place, language, created_at_us, created_by, revoked_at_us)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: change_overlay
UPDATE overlay SET skus = %s, theme = %s, layout = %s, place = %s, language = %s
WHERE hash = %s AND revoked_at_us IS NULL;

-- name: end_overlays
UPDATE overlay SET revoked_at_us = %s WHERE name = %s AND revoked_at_us IS NULL;

-- name: add_audit
INSERT INTO audit (recorded_at_us, entries) VALUES (%s, %s);

-- name: snapshot
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;

-- name: end_snapshot
ROLLBACK;

-- name: without_time_limit
SELECT set_config('statement_timeout', '0', true);
