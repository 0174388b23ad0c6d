"""The reading side on SQLite: a connection of its own, each answer from one consistent state."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from holdfast.storage.reading import SqlReader
from holdfast.storage.rows import Row, json_text
from holdfast.storage.sqltext import load_statements
from holdfast.storage.sync_reading import SqlSyncReader

from .connection import connect_read_only
from .errors import translated

_SQL = load_statements(__package__, "read.sql", "document.sql", "verify.sql")
_SYNC_SQL = load_statements(__package__, "sync.sql")


class _File:
    """One file; connects at the first call."""

    _sql: dict[str, str]

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _rows(self, name: str, *values: object) -> Sequence[Row]:
        with translated():
            rows: Sequence[Row] = self._open.execute(self._sql[name], values).fetchall()
            return rows

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect_read_only(self._path)
        return self._connection


class SqliteReader(_File, SqlReader):
    """Reads the ledger of one file."""

    _sql = _SQL

    def _names(self, names: Sequence[str]) -> object:
        return json_text(names)

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        connection = self._open
        if connection.in_transaction:
            yield
            return
        with translated():
            connection.execute("BEGIN")
        try:
            yield
        finally:
            # After some errors SQLite has rolled back by itself.
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")


class SqliteSyncReader(_File, SqlSyncReader):
    """Reads the records of the sync of one file."""

    _sql = _SYNC_SQL
