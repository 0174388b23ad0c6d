"""Viewer overlays on any SQL database."""

import json

from holdfast.ledger.records import AuditEntry

from .audited import Audited, Statement
from .contract import OverlayRow


class SqlOverlays(Audited):
    """Overlays of one store."""

    def overlays(self) -> list[OverlayRow]:
        """All overlays ever made, the ended ones too."""
        rows = self._rows("overlays")
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
        ending: Statement = ("end_overlays", (row.created_at_us, row.name))
        self._change([ending, ("add_overlay", columns)], entry)

    def change_overlay(self, row: OverlayRow, entry: AuditEntry) -> int:
        """Store what an overlay shows and how; returns 0 if it has ended or is not there."""
        columns = (_json(row.skus), row.theme, row.layout, row.place, row.language, row.hash)
        return self._change([("change_overlay", columns)], entry)

    def end_overlays(self, name: str, at_us: int, entry: AuditEntry) -> int:
        """Let all overlays of a name end; returns how many it ended."""
        return self._change([("end_overlays", (at_us, name))], entry)


def _json(skus: tuple[str, ...]) -> str:
    return json.dumps(skus, ensure_ascii=False)
