-- What several servers on one database tell each other: commits, and who does the work in the background.

-- name: news
SELECT commit_number, recorded_at_us, writer, transfer_seq, hold_seq, body
FROM news WHERE commit_number > %s ORDER BY commit_number;

-- name: news_transfers
SELECT id, sku, location, from_kind, from_scope, to_kind, to_scope, quantity, reason, reference,
       actor, event_at_us, recorded_at_us, pace, seq
FROM transfer WHERE seq <= %s ORDER BY seq DESC LIMIT %s;

-- name: news_holds
SELECT id, channel, buyer, buyer_key, lines, draws, ttl_s, status, expires_at_us, event_at_us,
       recorded_at_us, actor, settled_at_us, settled_by, guard, review
FROM hold WHERE seq <= %s ORDER BY seq DESC LIMIT %s;

-- name: holds_of_ids
SELECT id, channel, buyer, buyer_key, lines, draws, ttl_s, status, expires_at_us, event_at_us,
       recorded_at_us, actor, settled_at_us, settled_by, guard, review
FROM hold WHERE id = ANY (%s::text[]);

-- name: try_post
-- The lock ends with the session, so a process that died makes room by that alone.
SELECT pg_try_advisory_lock(1214870348, hashtext(current_schema()));

-- name: token
SELECT worker_token FROM head WHERE id = 1;

-- name: next_token
UPDATE head SET worker_token = worker_token + 1 WHERE id = 1 RETURNING worker_token;

-- name: beat
INSERT INTO worker (id, url, beat_at) VALUES (1, %s, clock_timestamp())
ON CONFLICT (id) DO UPDATE SET url = excluded.url, beat_at = excluded.beat_at;

-- name: leave
DELETE FROM worker WHERE id = 1;

-- name: worker
SELECT url FROM worker WHERE id = 1 AND beat_at > clock_timestamp() - make_interval(secs => %s::float8);

-- name: end_stale
-- A process that hangs keeps its session and with it the lock: one that has not said a word is cut off.
SELECT pg_terminate_backend(l.pid)
FROM pg_locks AS l JOIN worker AS w ON w.id = 1
WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 1214870348 AND l.objsubid = 2
  AND l.objid = (hashtext(current_schema())::bigint & 4294967295)::oid
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND w.beat_at < clock_timestamp() - make_interval(secs => %s::float8);

-- name: trim_news
DELETE FROM news WHERE commit_number <= (SELECT commit_number FROM head WHERE id = 1) - %s;
