"""Rows that people change one at a time: each change and its audit entry are one transaction."""

import sqlite3
from pathlib import Path

from holdfast.ledger.records import AuditEntry

from .connection import connect, migrate
from .errors import translated
from .rows import from_audit
from .sqltext import load_statements

SQL = load_statements("read.sql")


class AuditedFile:
    """One file, open for a short piece of work; writes wait for the batch that is being saved."""

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

    def _change(self, statements: list[tuple[str, tuple[object, ...]]], entry: AuditEntry) -> int:
        changed = 0
        with translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                for text, values in statements:
                    changed += self._connection.execute(text, values).rowcount
                self._connection.execute(SQL["add_audit"], from_audit(entry.recorded_at_us, [entry]))
                self._connection.execute("COMMIT")
            except sqlite3.Error:
                # After some errors, a full disk for one, SQLite has rolled back by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        return changed
