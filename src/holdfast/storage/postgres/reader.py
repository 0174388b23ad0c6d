"""The reading side on PostgreSQL: a connection of its own, each answer from one consistent state."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import psycopg
from psycopg.pq import TransactionStatus

from holdfast.storage.contract import Difference
from holdfast.storage.reading import SqlReader
from holdfast.storage.rows import Row
from holdfast.storage.sqltext import load_statements
from holdfast.storage.sync_reading import SqlSyncReader

from .arrays import text_array
from .connection import Connection, connect_read_only
from .errors import translated

_SQL = load_statements(__package__, "read.sql", "document.sql", "verify.sql")
_SYNC_SQL = load_statements(__package__, "sync.sql")


NO_CHARACTER = "\uffff"


def _findable(value: object) -> object:
    """What is looked for: no text on file has a NUL, and PostgreSQL takes none, so it finds nothing."""
    return value.replace("\0", NO_CHARACTER) if isinstance(value, str) else value


class _Database:
    """One database; connects at the first call, and anew when the connection was lost."""

    _sql: dict[str, str]

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None

    def close(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _rows(self, name: str, *values: object) -> Sequence[Row]:
        with translated():
            return self._open.execute(self._sql[name], [_findable(value) for value in values]).fetchall()

    @property
    def _open(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = connect_read_only(self._url)
        return self._connection


class PostgresReader(_Database, SqlReader):
    """Reads the ledger of one database."""

    _sql = _SQL

    def verify(self, progress: Callable[[str], None]) -> list[Difference]:
        """As the contract says; it may take its time, which other reads may not."""
        with self._snapshot():
            self._rows("without_time_limit")
            return super().verify(progress)

    def _names(self, names: Sequence[str]) -> object:
        return text_array(names) if names else "{}"

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        connection = self._open
        if connection.info.transaction_status != TransactionStatus.IDLE:
            yield
            return
        with translated():
            connection.execute(_SQL["snapshot"])
        try:
            yield
        finally:
            with suppress(psycopg.Error):
                connection.execute(_SQL["end_snapshot"])


class PostgresSyncReader(_Database, SqlSyncReader):
    """Reads the records of the sync of one database."""

    _sql = _SYNC_SQL
