"""The audit trail 操作记录: every write, by whom, and what came of it."""

from datetime import datetime

import msgspec

from holdfast.api.fields import to_time
from holdfast.api.operation import Answer, Operation, Parameter, Request
from holdfast.live.keys import Role
from holdfast.storage.contract import AuditRow

from .pages import BEFORE, LIMIT, before_of, limit_of


class AuditDocument(msgspec.Struct):
    """One write."""

    seq: int
    recorded_at: datetime
    actor: str
    request_id: str
    action: str
    target: str
    result: str
    detail: dict[str, str | int]


class AuditPage(msgspec.Struct):
    """A page of the trail, the newest first."""

    items: list[AuditDocument]
    next: str | None


def _document(row: AuditRow) -> AuditDocument:
    entry = row.entry
    return AuditDocument(
        row.seq,
        to_time(entry.recorded_at_us),
        entry.actor,
        entry.request_id,
        entry.action,
        entry.target,
        entry.result,
        entry.detail,
    )


async def list_all(request: Request) -> Answer:
    """A page of the trail."""
    limit, before = limit_of(request), before_of(request)
    target = request.query.get("target")
    rows = await request.holdfast.read(lambda reader: reader.audit(target, before, limit + 1))
    more = len(rows) > limit
    page = [_document(row) for row in rows[:limit]]
    return Answer(AuditPage(page, str(page[-1].seq) if more else None))


OPERATIONS = [
    Operation(
        "GET",
        "/v1/audit",
        list_all,
        summary="List the audit trail, the newest first",
        role=Role.OPERATOR,
        gives=AuditPage,
        query=(
            Parameter("target", "Only what concerns this id or name.", {"type": "string"}),
            BEFORE,
            LIMIT,
        ),
    ),
]
"""Routes of this noun."""
