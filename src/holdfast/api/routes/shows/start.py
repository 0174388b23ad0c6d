"""Preflight 开播检查 and start 开播: a show starts on a green preflight, or on somebody's name."""

from typing import Literal

import msgspec

from holdfast.api.fields import Failed
from holdfast.api.operation import REPLAYED, Answer, Operation, Request
from holdfast.live.keys import Role
from holdfast.operations.shows.model import Overruled, ShowError, Status
from holdfast.operations.shows.preflight import NEVER_OVERRULED, Finding, errors, preflight
from holdfast.operations.shows.rundown import must_be

from .bodies import ShowDocument, StartBody, document, failed, show_id, who


class FindingDocument(msgspec.Struct):
    """One thing that was checked; `sku` and `channel` are empty where it is about none."""

    code: str
    level: Literal["error", "warning", "ok"]
    sku: str
    channel: str
    words_zh: str
    words: str
    advice_zh: str
    advice: str
    can_overrule: bool


class PreflightDocument(msgspec.Struct):
    """What the preflight found, errors first; `ok` when none is left."""

    ok: bool
    findings: list[FindingDocument]


async def _findings(request: Request, id: str) -> list[Finding]:
    shows = request.holdfast.shows
    return preflight(await request.holdfast.preflight.gather(shows.get(id), shows.live()))


async def check(request: Request) -> Answer:
    """Look whether a show can start; the platforms are asked now."""
    try:
        found = await _findings(request, show_id(request))
    except ShowError as error:
        raise failed(error) from error
    return Answer(PreflightDocument(not errors(found), [_document(finding) for finding in found]))


def _document(finding: Finding) -> FindingDocument:
    return FindingDocument(
        finding.code,
        finding.level.value,
        finding.sku,
        finding.channel,
        *finding.words,
        *finding.advice,
        can_overrule=finding.code not in NEVER_OVERRULED,
    )


async def start(request: Request) -> Answer:
    """Start a show whose preflight is green, or whose errors a person takes upon themselves."""
    body: StartBody = request.body
    shows, id, by = request.holdfast.shows, show_id(request), who(request, request.body.id)
    try:
        if shows.get(id).did(body.id, "start"):
            return Answer(document(shows.get(id), shows.shelf.revision(id)), 200, REPLAYED)
        must_be(shows.get(id), Status.PLANNED)
        standing = {finding.code for finding in errors(await _findings(request, id))}
        left = sorted(code for code in standing if code in NEVER_OVERRULED or code not in body.overrule)
        if left:
            raise _not_green(left)
        taken = [
            Overruled(code, reason, by.actor, by.now_us)
            for code, reason in sorted(body.overrule.items())
            if code in standing
        ]
        live = await shows.go_live(id, by, taken)
    except ShowError as error:
        raise failed(error) from error
    return Answer(document(live, shows.shelf.revision(id)))


def _not_green(left: list[str]) -> Failed:
    words = (
        "mend what the preflight found, or give a reason in `overrule` for each error that can be overruled"
    )
    return Failed("preflight_failed", f"{words}: {', '.join(left)}", facts={"errors": ", ".join(left)})


OPERATIONS = [
    Operation(
        "POST",
        "/v1/shows/{show}/preflight",
        check,
        summary="Look whether a show can start",
        role=Role.OPERATOR,
        gives=PreflightDocument,
        codes=("not_found",),
    ),
    Operation(
        "POST",
        "/v1/shows/{show}/start",
        start,
        summary="Start a show: keep its reserves back and set its limits",
        role=Role.OPERATOR,
        takes=StartBody,
        gives=ShowDocument,
        codes=(
            "not_found",
            "id_used_before",
            "show_is_live",
            "show_is_ended",
            "preflight_failed",
            "reserve_short",
            "sold_in_another_show",
            "stock_moved_meanwhile",
        ),
    ),
]
