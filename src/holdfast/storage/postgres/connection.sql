-- Opening a connection, and bringing the schema up to date.

-- name: settings
-- A server or a role may say otherwise, so it is said for each connection. A commit that the disk has not
-- is no commit. But `remote_apply`, which waits for more, is left as it is.
SELECT set_config('synchronous_commit', 'on', false)
FROM pg_settings
WHERE name = 'synchronous_commit' AND setting IN ('off', 'local', 'remote_write');

-- name: promises
SELECT current_setting('server_version_num')::bigint, current_setting('server_encoding'),
       current_setting('fsync'), pg_is_in_recovery();

-- name: tables
SELECT relname FROM pg_class
WHERE relnamespace = to_regnamespace(quote_ident(current_schema())) AND relkind IN ('r', 'p');

-- name: migration_lock
SELECT pg_advisory_xact_lock(hashtextextended('holdfast ' || current_schema(), 0));

-- name: migration_table
CREATE TABLE IF NOT EXISTS migration (
    number bigint PRIMARY KEY,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- name: migrations
SELECT number, sha256 FROM migration;

-- name: add_migration
INSERT INTO migration (number, name, sha256) VALUES (%s, %s, %s);
