-- The reading side; columns of records are in the order of their classes.

-- name: head
SELECT commit_number, recorded_at_us FROM head WHERE id = 1;

-- name: stock
SELECT sku, location, kind, scope, posted, held, version FROM account WHERE sku = ?;

-- name: stock_page
SELECT a.sku, a.location, a.kind, a.scope, a.posted, a.held, a.version
FROM account AS a
WHERE a.sku IN (SELECT value FROM json_each(?));

-- name: sku_names
SELECT sku FROM sku WHERE sku > ? AND components IS NULL ORDER BY sku LIMIT ?;

-- name: stock_since
SELECT sku, location, kind, scope, posted, held, version
FROM account WHERE sku IN (SELECT DISTINCT sku FROM account WHERE version > ?);

-- name: sku
SELECT sku, name, variant, price_cents, cost_cents, frozen, sale_opens_at_us, sale_closes_at_us,
       limits, components, is_component, created_at_us, updated_at_us, guard, image_url
FROM sku WHERE sku = ?;

-- name: skus
SELECT sku, name, variant, price_cents, cost_cents, frozen, sale_opens_at_us, sale_closes_at_us,
       limits, components, is_component, created_at_us, updated_at_us, guard, image_url
FROM sku WHERE sku > ? ORDER BY sku LIMIT ?;

-- name: channel
SELECT channel, platform, name, frozen, created_at_us, updated_at_us FROM channel WHERE channel = ?;

-- name: channels
SELECT channel, platform, name, frozen, created_at_us, updated_at_us FROM channel ORDER BY channel;

-- name: hold
SELECT id, channel, buyer, buyer_key, lines, draws, ttl_s, status, expires_at_us, event_at_us,
       recorded_at_us, actor, settled_at_us, settled_by, guard, review
FROM hold WHERE id = ?;

-- name: transfer
SELECT id, sku, location, from_kind, from_scope, to_kind, to_scope, quantity, reason, reference,
       actor, event_at_us, recorded_at_us, pace, seq
FROM transfer WHERE id = ? AND id IS NOT NULL;

-- name: transfers
SELECT id, sku, location, from_kind, from_scope, to_kind, to_scope, quantity, reason, reference,
       actor, event_at_us, recorded_at_us, pace, seq
FROM transfer WHERE seq < ? ORDER BY seq DESC LIMIT ?;

-- name: transfers_of_sku
SELECT id, sku, location, from_kind, from_scope, to_kind, to_scope, quantity, reason, reference,
       actor, event_at_us, recorded_at_us, pace, seq
FROM transfer WHERE sku = ? AND seq < ? ORDER BY seq DESC LIMIT ?;

-- name: stretch
SELECT min(seq), count(*) FROM (SELECT seq FROM transfer WHERE seq < ? ORDER BY seq DESC LIMIT ?);

-- name: stretch_of_sku
SELECT min(seq), count(*)
FROM (SELECT seq FROM transfer WHERE sku = ? AND seq < ? ORDER BY seq DESC LIMIT ?);

-- name: find_transfers
SELECT id, sku, location, from_kind, from_scope, to_kind, to_scope, quantity, reason, reference,
       actor, event_at_us, recorded_at_us, pace, seq
FROM transfer
WHERE seq < ? AND seq >= ?
  AND coalesce(?, to_kind || ':' || to_scope)
      IN (from_kind || ':' || from_scope, to_kind || ':' || to_scope)
  AND location = coalesce(?, location) AND reason = coalesce(?, reason)
  AND actor = coalesce(?, actor) AND reference = coalesce(?, reference)
ORDER BY seq DESC LIMIT ?;

-- name: find_transfers_of_sku
SELECT id, sku, location, from_kind, from_scope, to_kind, to_scope, quantity, reason, reference,
       actor, event_at_us, recorded_at_us, pace, seq
FROM transfer
WHERE sku = ? AND seq < ? AND seq >= ?
  AND coalesce(?, to_kind || ':' || to_scope)
      IN (from_kind || ':' || from_scope, to_kind || ':' || to_scope)
  AND location = coalesce(?, location) AND reason = coalesce(?, reason)
  AND actor = coalesce(?, actor) AND reference = coalesce(?, reference)
ORDER BY seq DESC LIMIT ?;

-- name: hold_stretch
SELECT min(seq), count(*) FROM (SELECT seq FROM hold WHERE seq < ? ORDER BY seq DESC LIMIT ?);

-- name: find_holds
SELECT id, channel, buyer, buyer_key, lines, draws, ttl_s, status, expires_at_us, event_at_us,
       recorded_at_us, actor, settled_at_us, settled_by, guard, review, seq
FROM hold
WHERE seq < ? AND seq >= ? AND status = coalesce(?, status) AND channel = coalesce(?, channel)
  AND (EXISTS (SELECT 1 FROM json_each(lines) WHERE coalesce(?, value ->> 0) = value ->> 0)
       OR EXISTS (SELECT 1 FROM json_each(draws) WHERE value ->> 0 = ?))
ORDER BY seq DESC LIMIT ?;

-- name: find_open_holds
SELECT id, channel, buyer, buyer_key, lines, draws, ttl_s, status, expires_at_us, event_at_us,
       recorded_at_us, actor, settled_at_us, settled_by, guard, review, seq
FROM hold INDEXED BY hold_open
WHERE status = 'placed' AND seq < ? AND channel = coalesce(?, channel)
  AND (EXISTS (SELECT 1 FROM json_each(lines) WHERE coalesce(?, value ->> 0) = value ->> 0)
       OR EXISTS (SELECT 1 FROM json_each(draws) WHERE value ->> 0 = ?))
ORDER BY seq DESC LIMIT ?;

-- name: reviews
SELECT id, channel, buyer, buyer_key, lines, draws, ttl_s, status, expires_at_us, event_at_us,
       recorded_at_us, actor, settled_at_us, settled_by, guard, review, seq
FROM hold INDEXED BY hold_review
WHERE review = ? AND seq < ? ORDER BY seq DESC LIMIT ?;

-- name: refusal
SELECT kind, id, code, detail, body, actor, recorded_at_us FROM refusal WHERE kind = ? AND id = ?;

-- name: refused_holds
SELECT kind, id, code, detail, body, actor, recorded_at_us FROM refusal
WHERE kind = 'hold' AND recorded_at_us >= ? AND recorded_at_us < ?
  AND EXISTS (SELECT 1 FROM json_each(body, '$.lines') AS line WHERE line.key = ?)
ORDER BY recorded_at_us, id LIMIT ?;

-- name: find_refused_holds
SELECT kind, id, code, detail, body, actor, recorded_at_us FROM refusal
WHERE kind = 'hold' AND (recorded_at_us, id) < (?, ?)
  AND ? IN ('', id) AND ? IN ('', code) AND ? IN ('', body ->> '$.buyer')
  AND ? IN ('', coalesce(body ->> '$.signals.device', ''))
  AND ? IN ('', coalesce(body ->> '$.signals.address', ''))
  AND ? IN ('', coalesce(body ->> '$.signals.payment', ''))
  AND (? IS NULL OR EXISTS (SELECT 1 FROM json_each(body, '$.lines') AS line WHERE line.key = ?))
ORDER BY recorded_at_us DESC, id DESC LIMIT ?;

-- name: counts
SELECT quantities FROM purchase_count WHERE sku = ? AND period = ? AND buyer = ?;

-- name: spent_tallies
SELECT number, until_s FROM tally
WHERE until_s BETWEEN 1 AND ? OR period IN (SELECT period FROM tally_period_over WHERE over_at_s <= ?)
LIMIT ?;

-- name: audit
SELECT seq, recorded_at_us, entries
FROM audit WHERE seq <= ? AND instr(entries, ?) > 0 ORDER BY seq DESC LIMIT ?;

-- name: keys
SELECT name, role, hash, created_at_us, created_by, expires_at_us, revoked_at_us
FROM api_key ORDER BY name, created_at_us;

-- name: add_key
INSERT INTO api_key (name, role, hash, created_at_us, created_by, expires_at_us, revoked_at_us)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: end_keys
UPDATE api_key SET revoked_at_us = ?
WHERE name = ? AND hash <> ? AND (revoked_at_us IS NULL OR revoked_at_us > ?);

-- name: overlays
SELECT name, hash, skus, theme, layout, place, language, created_at_us, created_by, revoked_at_us
FROM overlay ORDER BY name, created_at_us, hash;

-- name: add_overlay
INSERT INTO overlay (name, hash, skus, theme, layout, place, language, created_at_us, created_by, revoked_at_us)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: change_overlay
UPDATE overlay SET skus = ?, theme = ?, layout = ?, place = ?, language = ?
WHERE hash = ? AND revoked_at_us IS NULL;

-- name: end_overlays
UPDATE overlay SET revoked_at_us = ? WHERE name = ? AND revoked_at_us IS NULL;

-- name: add_audit
INSERT INTO audit (recorded_at_us, entries) VALUES (?, ?);
