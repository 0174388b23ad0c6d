-- Rebuild everything that is derived from the records alone, and compare. Each check returns
-- (subject, expected, found) for what differs and nothing when all is well.

-- name: audit_slice_end
SELECT max(seq) FROM (SELECT seq FROM transfer WHERE seq > %s ORDER BY seq LIMIT %s) AS part;

-- name: audit_slice
WITH slice AS (SELECT * FROM transfer WHERE seq > %s AND seq <= %s)
SELECT sku, location, kind, scope, sum(quantity)::bigint FROM (
    SELECT sku, location, from_kind AS kind, from_scope AS scope, -quantity AS quantity FROM slice
    UNION ALL
    SELECT sku, location, to_kind, to_scope, quantity FROM slice
) AS moved GROUP BY sku, location, kind, scope;

-- name: transfers_end
SELECT coalesce(max(seq), 0) FROM transfer;

-- name: posted
SELECT sku, location, kind, scope, posted FROM account;

-- name: check_posted
WITH moved AS (
    SELECT sku, location, kind, scope, sum(quantity)::bigint AS posted FROM (
        SELECT sku, location, from_kind AS kind, from_scope AS scope, -quantity AS quantity FROM transfer
        UNION ALL
        SELECT sku, location, to_kind, to_scope, quantity FROM transfer
    ) AS legs GROUP BY sku, location, kind, scope
), both_sides AS (
    SELECT m.sku, m.location, m.kind, m.scope, m.posted AS expected, coalesce(a.posted, 0) AS found
    FROM moved AS m LEFT JOIN account AS a USING (sku, location, kind, scope)
    UNION ALL
    SELECT a.sku, a.location, a.kind, a.scope, 0, a.posted
    FROM account AS a LEFT JOIN moved AS m USING (sku, location, kind, scope)
    WHERE m.sku IS NULL
)
SELECT sku || ' ' || location || ' ' || kind || CASE scope WHEN '' THEN '' ELSE ':' || scope END,
       expected, found
FROM both_sides WHERE expected <> found;

-- name: check_held
WITH open_lines AS (
    SELECT hold.channel AS channel, line ->> 0 AS sku, (line ->> 1)::bigint AS quantity
    FROM hold, json_array_elements(coalesce(hold.draws, hold.lines)::json) AS line
    WHERE hold.status = 'placed'
), wanted AS (
    SELECT sku, 'main' AS location, 'channel' AS kind, channel AS scope, sum(quantity)::bigint AS held
    FROM open_lines GROUP BY sku, channel
), both_sides AS (
    SELECT w.sku, w.location, w.kind, w.scope, w.held AS expected, coalesce(a.held, 0) AS found
    FROM wanted AS w LEFT JOIN account AS a USING (sku, location, kind, scope)
    UNION ALL
    SELECT a.sku, a.location, a.kind, a.scope, 0, a.held
    FROM account AS a LEFT JOIN wanted AS w USING (sku, location, kind, scope)
    WHERE w.sku IS NULL
)
SELECT sku || ' ' || location || ' ' || kind || CASE scope WHEN '' THEN '' ELSE ':' || scope END,
       expected, found
FROM both_sides WHERE expected <> found;

-- name: check_zero_sum
SELECT sku, 0, sum(posted)::bigint FROM account GROUP BY sku HAVING sum(posted) <> 0;

-- name: check_bounds
SELECT sku || ' ' || location || ' ' || kind || CASE scope WHEN '' THEN '' ELSE ':' || scope END,
       '0 <= held <= posted', 'posted ' || posted || ', held ' || held
FROM account
WHERE held < 0
   OR (kind NOT IN ('supplier', 'customer', 'adjustment', 'oversold') AND (posted < 0 OR held > posted));

-- name: check_confirmed
WITH confirmed_lines AS (
    SELECT hold.id AS id, line ->> 0 AS sku, (line ->> 1)::bigint AS quantity
    FROM hold, json_array_elements(coalesce(hold.draws, hold.lines)::json) AS line
    WHERE hold.status = 'confirmed'
), moved AS (
    SELECT reference AS id, sku, sum(quantity)::bigint AS quantity FROM transfer
    WHERE id IS NULL AND reason = 'hold_confirmed' GROUP BY reference, sku
)
SELECT 'hold ' || c.id || ' ' || c.sku, c.quantity, coalesce(m.quantity, 0)
FROM confirmed_lines AS c LEFT JOIN moved AS m ON m.id = c.id AND m.sku = c.sku
WHERE c.quantity IS DISTINCT FROM m.quantity
UNION ALL
SELECT 'hold ' || m.id || ' ' || m.sku, 0, m.quantity
FROM moved AS m LEFT JOIN confirmed_lines AS c ON c.id = m.id AND c.sku = m.sku
WHERE c.id IS NULL;

-- name: check_counts
WITH counted AS (
    SELECT line ->> 0 AS sku, line ->> 2 AS period, hold.buyer AS buyer,
           hold.channel AS scope, (line ->> 1)::bigint AS quantity
    FROM hold, json_array_elements(hold.lines::json) AS line
    WHERE hold.status IN ('placed', 'confirmed') AND line ->> 2 <> ''
    UNION ALL
    SELECT line ->> 0, line ->> 2,
           CASE hold.buyer_key WHEN '' THEN hold.buyer ELSE hold.buyer_key END, '*', (line ->> 1)::bigint
    FROM hold, json_array_elements(hold.lines::json) AS line
    WHERE hold.status IN ('placed', 'confirmed') AND line ->> 2 <> ''
), wanted AS (
    SELECT sku, period, buyer, scope, sum(quantity) AS quantity FROM counted
    GROUP BY sku, period, buyer, scope
), found AS (
    SELECT sku, period, buyer, counter.key AS scope, counter.value::bigint AS quantity
    FROM purchase_count, json_each_text(quantities::json) AS counter
    WHERE position(':' IN counter.key) = 0
), both_sides AS (
    SELECT sku, period, buyer, scope, sum(expected)::bigint AS expected,
           sum(found)::bigint AS found FROM (
        SELECT sku, period, buyer, scope, quantity AS expected, 0 AS found FROM wanted
        UNION ALL
        SELECT sku, period, buyer, scope, 0, quantity FROM found
    ) AS sides GROUP BY sku, period, buyer, scope
)
SELECT 'buyer ' || buyer || ' of ' || sku || ' in ' || period || ' at ' || scope, expected, found
FROM both_sides WHERE expected <> found;

-- name: check_exposure
WITH noted AS (
    SELECT hold.status AS status, hold.guard::json AS guard FROM hold WHERE hold.guard IS NOT NULL
), counted AS (
    SELECT part ->> 'sku' AS sku, part ->> 'period' AS period, (part ->> 'units')::bigint AS units,
           (part ->> 'loss_cents')::bigint AS loss_cents
    FROM noted, json_array_elements(noted.guard -> 'counted') AS part
    WHERE noted.status IN ('placed', 'confirmed')
), wanted AS (
    SELECT sku, period, 'exposure' AS buyer, ':units' AS scope, units AS quantity FROM counted
    UNION ALL
    SELECT sku, period, 'exposure', ':loss_cents', loss_cents FROM counted
    UNION ALL
    SELECT '', guard ->> 'gate', 'gate', ':used', 1 FROM noted WHERE guard ->> 'ticket' <> ''
), found AS (
    SELECT sku, period, buyer, counter.key AS scope, counter.value::bigint AS quantity
    FROM purchase_count, json_each_text(quantities::json) AS counter
    WHERE counter.key IN (':units', ':loss_cents', ':used')
), both_sides AS (
    SELECT sku, period, buyer, scope, sum(expected)::bigint AS expected, sum(found)::bigint AS found FROM (
        SELECT sku, period, buyer, scope, quantity AS expected, 0 AS found FROM wanted
        UNION ALL
        SELECT sku, period, buyer, scope, 0, quantity FROM found
    ) AS sides GROUP BY sku, period, buyer, scope
)
SELECT buyer || scope || ' of ' || sku || ' in ' || period, expected, found
FROM both_sides WHERE expected <> found;

-- name: check_tickets
SELECT 'ticket ' || ticket || ' of gate ' || gate, 'at most 1 hold', count(*)
FROM (SELECT guard::json ->> 'gate' AS gate, guard::json ->> 'ticket' AS ticket FROM hold WHERE guard IS NOT NULL) AS noted
WHERE ticket <> '' GROUP BY gate, ticket HAVING count(*) > 1;

-- name: check_rights
WITH drawn AS (
    SELECT r.channel AS channel, coalesce(part ->> 0, l.sku) AS sku,
           r.units * coalesce((part ->> 1)::bigint, 1) AS units
    FROM listing_right AS r JOIN listing AS l USING (channel, listing)
    LEFT JOIN sku ON sku.sku = l.sku
    LEFT JOIN json_array_elements(sku.components::json) AS part ON true
    WHERE NOT l.removed
), rights AS (
    SELECT channel, sku, sum(units)::bigint AS units FROM drawn GROUP BY channel, sku
)
SELECT 'rights of ' || r.sku || ' at ' || r.channel, 'at most ' || coalesce(a.posted - a.held, 0), r.units
FROM rights AS r
LEFT JOIN account AS a
    ON a.sku = r.sku AND a.location = 'main' AND a.kind = 'channel' AND a.scope = r.channel
WHERE r.units > coalesce(a.posted - a.held, 0);

-- name: check_integrity
-- What the schema says again of the kernel's rules must be there and switched on.
SELECT 'trigger ' || wanted.name, 'on', CASE WHEN t.tgname IS NULL THEN 'missing' ELSE 'off' END
FROM (VALUES ('transfer', 'transfer_is_immutable'), ('transfer', 'transfer_is_kept'),
             ('audit', 'audit_is_immutable'), ('audit', 'audit_is_kept')) AS wanted (on_table, name)
LEFT JOIN pg_trigger AS t ON t.tgname = wanted.name AND t.tgrelid = to_regclass(wanted.on_table)
WHERE t.tgenabled IS DISTINCT FROM 'O'
UNION ALL
SELECT 'checks of accounts', '3', count(*)::text
FROM pg_constraint WHERE conrelid = to_regclass('account') AND contype = 'c' AND convalidated
HAVING count(*) < 3;
