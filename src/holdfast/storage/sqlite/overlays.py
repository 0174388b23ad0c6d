"""Viewer overlays on SQLite."""

import json

from holdfast.ledger.records import AuditEntry
from holdfast.storage.contract import OverlayRow

from .audited import SQL, AuditedFile
from .errors import translated


class SqliteOverlays(AuditedFile):
    """Overlays of one file."""

    def overlays(self) -> list[OverlayRow]:
        """All overlays ever made, the ended ones too."""
        with translated():
            rows = self._connection.execute(SQL["overlays"]).fetchall()
        return [OverlayRow(name, hash, tuple(json.loads(skus)), *rest) for name, hash, skus, *rest in rows]

    def put_overlay(self, row: OverlayRow, entry: AuditEntry) -> None:
        """Store an overlay; in the same transaction all others of its name end."""
        columns = (
            row.name,
            row.hash,
            _json(row.skus),
            row.theme,
            row.layout,
            row.place,
            row.language,
            row.created_at_us,
            row.created_by,
            row.revoked_at_us,
        )
        ending = (SQL["end_overlays"], (row.created_at_us, row.name))
        self._change([ending, (SQL["add_overlay"], columns)], entry)

    def change_overlay(self, row: OverlayRow, entry: AuditEntry) -> int:
        """Store what an overlay shows and how; returns 0 if it has ended or is not there."""
        columns = (_json(row.skus), row.theme, row.layout, row.place, row.language, row.hash)
        return self._change([(SQL["change_overlay"], columns)], entry)

    def end_overlays(self, name: str, at_us: int, entry: AuditEntry) -> int:
        """Let all overlays of a name end; returns how many it ended."""
        return self._change([(SQL["end_overlays"], (at_us, name))], entry)


def _json(skus: tuple[str, ...]) -> str:
    return json.dumps(skus, ensure_ascii=False)
