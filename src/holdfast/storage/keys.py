"""API keys on any SQL database."""

from holdfast.ledger.records import AuditEntry

from .audited import Audited
from .contract import KeyRow


class SqlKeys(Audited):
    """Keys of one store."""

    def keys(self) -> list[KeyRow]:
        """All keys ever made, the revoked ones too."""
        return [KeyRow(*row) for row in self._rows("keys")]

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
        self._change([("add_key", columns)], entry)

    def end_keys(self, name: str, at_us: int, except_hash: str, entry: AuditEntry) -> int:
        """Let all keys of a name end at a time, but for one; returns how many it ended."""
        return self._change([("end_keys", (at_us, name, except_hash, at_us))], entry)
