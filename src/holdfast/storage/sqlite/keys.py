"""API keys on SQLite; each change and its audit entry are one transaction."""

import sqlite3
from pathlib import Path

from holdfast.ledger.records import AuditEntry
from holdfast.storage.contract import KeyRow

from .connection import connect, migrate
from .errors import translated
from .rows import from_audit
from .sqltext import load_statements

_SQL = load_statements("read.sql")


class SqliteKeys:
    """Keys of one file; writes wait for the batch that is being saved."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        try:
            migrate(self._connection)
        except BaseException:
            self._connection.close()
            raise

    def keys(self) -> list[KeyRow]:
        """All keys ever made, the revoked ones too."""
        with translated():
            return [KeyRow(*row) for row in self._connection.execute(_SQL["keys"])]

    def add_key(self, row: KeyRow, entry: AuditEntry) -> None:
        """Store a key's hash."""
        columns = (
            row.name,
            row.role,
            row.hash,
            row.created_at_us,
            row.created_by,
            row.expires_at_us,
            row.revoked_at_us,
        )
        self._change([(_SQL["add_key"], columns)], entry)

    def end_keys(self, name: str, at_us: int, except_hash: str, entry: AuditEntry) -> int:
        """Let all keys of a name end at a time, but for one; returns how many it ended."""
        return self._change([(_SQL["end_keys"], (at_us, name, except_hash, at_us))], entry)

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
                self._connection.execute(_SQL["add_audit"], from_audit(entry.recorded_at_us, [entry]))
                self._connection.execute("COMMIT")
            except sqlite3.Error:
                # After some errors, a full disk for one, SQLite has rolled back by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        return changed
