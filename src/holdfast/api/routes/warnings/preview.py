"""What lines would have told in the hours before: the ledger's history through the rule."""

from collections import Counter
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from holdfast.api.fields import Failed, SkuId, to_time
from holdfast.api.operation import Answer, Operation, Request
from holdfast.live.keys import Role
from holdfast.operations.warnings.replay import replay
from holdfast.policies.warnings import StockWarning, warning_message

from .lines import LinesBody, lines_of

US_PER_HOUR = 3_600_000_000


class LinesPreviewBody(msgspec.Struct, forbid_unknown_fields=True):
    """Lines to try on the last `hours`, for one item or for all that moved."""

    lines: LinesBody
    hours: Annotated[float, Meta(gt=0, le=168)] = 24.0
    sku: SkuId | None = None


class PreviewedWarningDocument(msgspec.Struct):
    """One warning that would have been told."""

    at: datetime
    sku: str
    name: str
    kind: str
    code: str
    level: str
    zh: str
    en: str


class LinesPreviewDocument(msgspec.Struct):
    """What would have been told; `complete` is false where a bound cut it, and `since` says from when."""

    since: datetime
    until: datetime
    complete: bool
    skus: int
    counts: dict[str, int]
    told: list[PreviewedWarningDocument]


def _document(warning: StockWarning) -> PreviewedWarningDocument:
    return PreviewedWarningDocument(
        to_time(int(warning.at_s * 1e6)),
        warning.sku,
        warning.name,
        warning.kind.value,
        warning.tier.value,
        warning.level.name.lower(),
        warning_message(warning, "zh").title,
        warning_message(warning, "en").title,
    )


async def preview(request: Request) -> Answer:
    """Replay."""
    body, holdfast = request.body, request.holdfast
    lines = lines_of(body.lines)
    if body.sku is not None and await holdfast.read(lambda reader: reader.sku(body.sku)) is None:
        raise Failed("not_found", f"there is no item {body.sku}", field="sku")
    now_us = holdfast.clock.now_us()
    from_us = now_us - int(body.hours * US_PER_HOUR)
    found = await replay(holdfast, lines, body.sku, from_us, now_us, holdfast.warnings.peak)
    counts = Counter(each.level.name.lower() for each in found.told)
    told = [_document(each) for each in found.told]
    since, until = to_time(found.from_us), to_time(found.to_us)
    return Answer(LinesPreviewDocument(since, until, found.complete, found.skus, dict(counts), told))


OPERATIONS = [
    Operation(
        "POST",
        "/v1/warning-lines/preview",
        preview,
        summary="Say what lines would have told in the hours before",
        role=Role.VIEWER,
        takes=LinesPreviewBody,
        gives=LinesPreviewDocument,
        codes=("not_found",),
    ),
]
"""The preview."""
