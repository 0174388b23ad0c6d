"""Keys and overlays on PostgreSQL; their changes wait for no batch."""

from collections.abc import Sequence

from holdfast.ledger.records import AuditEntry
from holdfast.storage.audited import Statement
from holdfast.storage.keys import SqlKeys
from holdfast.storage.overlays import SqlOverlays
from holdfast.storage.rows import Row, from_audit
from holdfast.storage.sqltext import load_statements

from .connection import connect, migrate
from .errors import translated

_SQL = load_statements(__package__, "read.sql")


class _AuditedDatabase:
    """One database, open for a short piece of work."""

    def __init__(self, url: str) -> None:
        self._connection = connect(url)
        try:
            migrate(self._connection)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def _rows(self, name: str) -> Sequence[Row]:
        with translated():
            return self._connection.execute(_SQL[name]).fetchall()

    def _change(self, statements: Sequence[Statement], entry: AuditEntry) -> int:
        changed = 0
        with translated(), self._connection.transaction():
            for name, values in statements:
                changed += self._connection.execute(_SQL[name], values).rowcount
            self._connection.execute(_SQL["add_audit"], from_audit(entry.recorded_at_us, [entry]))
            self._connection.execute(_SQL["without_time_limit"])
        return changed


class PostgresKeys(_AuditedDatabase, SqlKeys):
    """Keys of one database."""


class PostgresOverlays(_AuditedDatabase, SqlOverlays):
    """Overlays of one database."""
