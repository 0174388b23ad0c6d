"""Warnings that stand: listed worst first, and acknowledged."""

from datetime import datetime

import msgspec

from holdfast.api.fields import Failed, SkuId, check_path, to_time
from holdfast.api.operation import Answer, Operation, Request
from holdfast.live.keys import Role
from holdfast.operations.warnings import NotStandingError, Standing
from holdfast.policies.warnings import Figures, Language, warning_message


class TextDocument(msgspec.Struct):
    """A warning in words: a title, the lines below it, and what could be done, one sentence each."""

    title: str
    lines: list[str]


class WarningDocument(msgspec.Struct):
    """A warning that stands for an item; its figures are those of now, its code is stable."""

    sku: str
    name: str
    code: str
    level: str
    since: datetime
    told_at: datetime | None
    escalations: int
    acknowledged_by: str | None
    advice: list[str]
    figures: Figures
    zh: TextDocument
    en: TextDocument


class WarningPage(msgspec.Struct):
    """All warnings that stand, those that nobody acknowledged first, then the worst first."""

    items: list[WarningDocument]
    next: str | None


def _text(found: Standing, language: Language) -> TextDocument:
    message = warning_message(found.warning, language)
    return TextDocument(message.title, list(message.lines))


def _document(found: Standing) -> WarningDocument:
    warning, standing = found.warning, found.standing
    told_at_s = standing.told_at_s
    return WarningDocument(
        warning.sku,
        warning.name,
        warning.tier.value,
        warning.level.name.lower(),
        to_time(int(standing.since_s * 1e6)),
        to_time(int(told_at_s * 1e6)) if told_at_s is not None else None,
        standing.escalations,
        standing.acknowledged_by,
        [advice.value for advice in warning.advice],
        warning.figures,
        _text(found, "zh"),
        _text(found, "en"),
    )


async def list_standing(request: Request) -> Answer:
    """All that stand."""
    found = request.holdfast.warnings.standing()
    return Answer(WarningPage([_document(each) for each in found], None))


async def acknowledge(request: Request) -> Answer:
    """Say that somebody has seen it."""
    sku = check_path(SkuId, request.path["sku"], "sku")
    try:
        found = await request.holdfast.warnings.acknowledge(sku, request.principal.actor, request.request_id)
    except NotStandingError as error:
        raise Failed("not_found", f"no warning stands for {sku}; it may have cleared", field="sku") from error
    return Answer(_document(found))


OPERATIONS = [
    Operation(
        "GET",
        "/v1/warnings",
        list_standing,
        summary="List the warnings that stand, worst first",
        role=Role.VIEWER,
        gives=WarningPage,
    ),
    Operation(
        "POST",
        "/v1/warnings/{sku}/acknowledge",
        acknowledge,
        summary="Acknowledge an item's warning: quiet until it gets worse",
        role=Role.OPERATOR,
        gives=WarningDocument,
        codes=("not_found",),
    ),
]
"""Calls about what stands."""
