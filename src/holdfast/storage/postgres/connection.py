"""Opening a connection, and bringing the schema up to date by numbered migrations."""

from hashlib import sha256

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.numeric import Int8BinaryDumper

from holdfast.storage.contract import StoreCorrupt, StoreError, StoreReadOnly, StoreTooNew
from holdfast.storage.rows import Row
from holdfast.storage.sqltext import load_migrations, load_statements

from .errors import NOT_A_STORE, translated

Connection = psycopg.Connection[Row]

OLDEST_VERSION = 150_000
STATEMENT_TIMEOUT_S = 10
READ_TIMEOUT_S = 30
LOCK_TIMEOUT_S = 2
IDLE_TIMEOUT_S = 4
"""A batch that says nothing for this long is ended by the server, so that a process that hangs in the middle
of one does not keep the others out."""

_NETWORK = {
    "connect_timeout": "5",
    "application_name": "holdfast",
    # A peer that vanished is noticed in seconds, not in the two hours that the system takes by itself.
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
_SQL = load_statements(__package__, "connection.sql")

# A batch looks up a few rows by key, whatever the tables hold. The planner would think again as they fill:
# on an empty table it takes the whole of it for the shortest way, and a plan kept from then reads millions
# of rows later. So each statement is planned once, and by its index.
_WRITER = f"""
SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off;
SET enable_mergejoin = off; SET jit = off;
SET statement_timeout = '{STATEMENT_TIMEOUT_S}s'; SET lock_timeout = '{LOCK_TIMEOUT_S}s';
SET idle_in_transaction_session_timeout = '{IDLE_TIMEOUT_S}s'
"""
_READER = f"""
SET default_transaction_read_only = on; SET jit = off;
SET statement_timeout = '{READ_TIMEOUT_S}s'; SET idle_in_transaction_session_timeout = '60s'
"""


def check_url(url: str) -> None:
    """Raise ValueError if the URL cannot be read; the message does not repeat it, it may hold a password."""
    try:
        conninfo_to_dict(url)
    except psycopg.Error:
        raise ValueError(
            "the store's URL cannot be read; write postgresql://user:password@host:5432/database"
            " and put %25, %40, %3A, %2F for %, @, : and / in a password"
        ) from None


def connect(url: str) -> Connection:
    """Open for writing; each commit is on the server's disk before it returns."""
    connection = _connect(url, prepare_threshold=0)
    try:
        with translated():
            connection.execute(_WRITER, prepare=False)
            connection.execute(_SQL["settings"])
            _check_promises(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_read_only(url: str) -> Connection:
    """Open for reading only; raises StoreCorrupt if there is no store."""
    connection = _connect(url, prepare_threshold=5)
    try:
        with translated():
            connection.execute(_READER, prepare=False)
            _applied(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(url: str, prepare_threshold: int) -> Connection:
    given = conninfo_to_dict(url)
    with translated():
        connection = psycopg.connect(
            make_conninfo(url, **{name: value for name, value in _NETWORK.items() if name not in given}),
            autocommit=True,
            prepare_threshold=prepare_threshold,
        )
    # One type for every number, so that a small one is not another statement to prepare than a large one.
    connection.adapters.register_dumper(int, Int8BinaryDumper)
    return connection


def _check_promises(connection: Connection) -> None:
    """What cannot be kept on this server is refused before anything is promised."""
    row = connection.execute(_SQL["promises"]).fetchone()
    assert row is not None
    version, encoding, fsync, is_standby = row
    if version < OLDEST_VERSION:
        raise StoreError(f"PostgreSQL {version // 10_000} is too old; 15 is the oldest that Holdfast runs on")
    if encoding != "UTF8":
        raise StoreError(f"the database is encoded in {encoding}; make one with ENCODING 'UTF8'")
    if fsync != "on":
        raise StoreError("PostgreSQL runs with fsync = off and would lose what was answered; switch it on")
    if is_standby:
        raise StoreReadOnly("the server is a standby; name the primary with --store")


def migrate(connection: Connection) -> list[str]:
    """Apply what is missing, all in one transaction; returns the names applied."""
    known = load_migrations(__package__)
    with translated():
        if len(_known_applied(connection)) == len(known):
            return []
        applied = []
        # Two processes may start on a new database together: the second finds the work done.
        with connection.transaction():
            connection.execute(_SQL["migration_lock"])
            done = _known_applied(connection)
            connection.execute(_SQL["migration_table"])
            for number, name, text in known:
                if number not in done:
                    connection.execute(text, prepare=False)
                    connection.execute(
                        _SQL["add_migration"], (number, name, sha256(text.encode()).hexdigest())
                    )
                    applied.append(name)
    return applied


def _known_applied(connection: Connection) -> dict[int, str]:
    """Digests of the migrations this store was made with, each of them the one we know; empty if new."""
    tables = {row[0] for row in connection.execute(_SQL["tables"]).fetchall()}
    if not tables:
        return {}
    if "migration" not in tables:
        raise StoreCorrupt(NOT_A_STORE)
    done = _applied(connection)
    for number, name, text in load_migrations(__package__):
        if number in done and done[number] != sha256(text.encode()).hexdigest():
            raise StoreCorrupt(f"migration {name} is not the one this store was made with")
    return done


def _applied(connection: Connection) -> dict[int, str]:
    """Digests of the migrations; raises StoreTooNew if we do not know them all."""
    done: dict[int, str] = dict(connection.execute(_SQL["migrations"]).fetchall())
    known_max = load_migrations(__package__)[-1][0]
    if done and max(done) > known_max:
        raise StoreTooNew(
            f"the store is at migration {max(done)}, this Holdfast knows {known_max}; upgrade it"
        )
    return done
