"""Keys and overlays on SQLite; a change waits for the batch that is being saved."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from holdfast.ledger.records import AuditEntry
from holdfast.storage.audited import Statement
from holdfast.storage.keys import SqlKeys
from holdfast.storage.overlays import SqlOverlays
from holdfast.storage.rows import Row, from_audit
from holdfast.storage.sqltext import load_statements

from .connection import connect, migrate
from .errors import translated

_SQL = load_statements(__package__, "read.sql")


class _AuditedFile:
    """One file, open for a short piece of work."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        try:
            migrate(self._connection)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _rows(self, name: str) -> Sequence[Row]:
        with translated():
            rows: Sequence[Row] = self._connection.execute(_SQL[name]).fetchall()
            return rows

    def _change(self, statements: Sequence[Statement], entry: AuditEntry) -> int:
        changed = 0
        with translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                for name, values in statements:
                    changed += self._connection.execute(_SQL[name], values).rowcount
                self._connection.execute(_SQL["add_audit"], from_audit(entry.recorded_at_us, [entry]))
                self._connection.execute("COMMIT")
            except sqlite3.Error:
                # After some errors, a full disk for one, SQLite has rolled back by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        return changed


class SqliteKeys(_AuditedFile, SqlKeys):
    """Keys of one file."""


class SqliteOverlays(_AuditedFile, SqlOverlays):
    """Overlays of one file."""
