"""Opening the file, and bringing its schema up to date by numbered migrations."""

import sqlite3
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep

from holdfast.storage.contract import StoreCorrupt, StoreTooNew
from holdfast.storage.sqltext import load_migrations

from .errors import NOT_A_STORE, translated

BUSY_TIMEOUT_MS = 5_000
BUSY_PAUSE_S = 0.005
CACHE_KIB = 65_536
STATEMENTS_CACHED_MAX = 2_048

_MIGRATION_TABLE = """
CREATE TABLE IF NOT EXISTS migration (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) STRICT
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open for reading and writing; each commit is synced before it returns."""
    with translated():
        connection = sqlite3.connect(
            path,
            timeout=BUSY_TIMEOUT_MS / 1000,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=STATEMENTS_CACHED_MAX,
        )
        try:
            _use_write_ahead_log(connection)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        except BaseException:
            connection.close()
            raise
    return connection


def connect_read_only(path: Path) -> sqlite3.Connection:
    """Open for reading only; raises StoreReadOnly if there is no such file."""
    with translated():
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=BUSY_TIMEOUT_MS / 1000,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.execute("PRAGMA query_only = ON")
            if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'migration'").fetchone():
                raise StoreCorrupt(NOT_A_STORE)
            _applied(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Two processes may start on a new file together, and SQLite does not wait for this one lock."""
    deadline = monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
        sleep(BUSY_PAUSE_S)


def migrations() -> list[tuple[int, str, str]]:
    """Number, name and text of every migration in order."""
    return load_migrations(__package__)


def migrate(connection: sqlite3.Connection) -> list[str]:
    """Apply what is missing, each migration in one transaction; returns the names applied."""
    applied = []
    with translated():
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
        if tables and "migration" not in tables:
            raise StoreCorrupt(NOT_A_STORE)
        connection.execute(_MIGRATION_TABLE)
        done = _applied(connection)
        for number, name, text in migrations():
            digest = sha256(text.encode()).hexdigest()
            if number in done:
                if done[number] != digest:
                    raise StoreCorrupt(f"migration {name} is not the one this store was made with")
                continue
            _apply_one(connection, number, name, text, digest)
            applied.append(name)
    return applied


def _applied(connection: sqlite3.Connection) -> dict[int, str]:
    """Digests of the migrations this file was made with; raises StoreTooNew if we do not know them all."""
    done = dict(connection.execute("SELECT number, sha256 FROM migration").fetchall())
    known_max = migrations()[-1][0]
    if done and max(done) > known_max:
        raise StoreTooNew(
            f"the store is at migration {max(done)}, this Holdfast knows {known_max}; upgrade it"
        )
    return done


def _apply_one(connection: sqlite3.Connection, number: int, name: str, text: str, digest: str) -> None:
    # Two processes may start on a new file together: the second finds the row once it has the lock.
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not connection.execute("SELECT 1 FROM migration WHERE number = ?", (number,)).fetchone():
            for statement in _split(text):
                connection.execute(statement)
            connection.execute(
                "INSERT INTO migration (number, name, sha256) VALUES (?, ?, ?)",
                (number, name, digest),
            )
        connection.execute("COMMIT")
    except BaseException:
        # After some errors, a full disk for one, SQLite has rolled back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _split(text: str) -> list[str]:
    """Statements one by one: `executescript` would commit behind our back."""
    statements, current = [], ""
    for line in text.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            statements.append(current)
            current = ""
    return statements
