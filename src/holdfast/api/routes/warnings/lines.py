"""The lines of warnings: one set for all items, others for some."""

from typing import Annotated

import msgspec
from msgspec import Meta

from holdfast.api.fields import Failed, SkuId, check_path
from holdfast.api.operation import Answer, Operation, Request
from holdfast.ledger.accounts import QUANTITY_MAX
from holdfast.live.keys import Role
from holdfast.policies.warnings import Lines

Percent = Annotated[int, Meta(ge=1, le=99)]
Seconds = Annotated[float, Meta(ge=0, le=86_400)]


class LinesBody(msgspec.Struct, forbid_unknown_fields=True):
    """Where the lines lie: percentages of the peak, units, and seconds until empty at the present speed."""

    safety_percent: Percent = 20
    percentages: Annotated[list[Percent], Meta(max_length=10)] = msgspec.field(
        default_factory=lambda: [10, 5]
    )
    absolute: Annotated[int, Meta(ge=1, le=QUANTITY_MAX)] | None = 20
    empty_soon_s: Seconds = 600.0
    empty_now_s: Seconds = 180.0
    clear_share: Annotated[float, Meta(gt=0, le=10)] = 0.25
    clear_units: Annotated[int, Meta(ge=1, le=QUANTITY_MAX)] = 5
    clear_share_of_time: Annotated[float, Meta(gt=0, le=10)] = 0.5
    quiet_s: Seconds = 60.0
    escalate_after_s: Annotated[float, Meta(ge=1, le=86_400)] = 120.0
    escalations_max: Annotated[int, Meta(ge=0, le=10)] = 2


class LinesDocument(msgspec.Struct):
    """The lines that hold for an item, or for all; `revision` is 0 where nobody set them."""

    sku: str | None
    own: bool
    revision: int
    lines: LinesBody


class LinesPage(msgspec.Struct):
    """The lines of all items first, then of those that have their own."""

    items: list[LinesDocument]
    next: str | None


def lines_of(body: LinesBody) -> Lines:
    """Lines as the rule takes them; raises Failed with what is wrong."""
    try:
        return Lines(**{**msgspec.structs.asdict(body), "percentages": tuple(body.percentages)})
    except ValueError as error:
        raise Failed("invalid_request", str(error), field="body") from error


def _document(request: Request, sku: str | None) -> LinesDocument:
    book = request.holdfast.warning_lines
    lines = book.default() if sku is None else book.of(sku)
    body = msgspec.convert(lines, LinesBody, from_attributes=True)
    return LinesDocument(sku, book.own(sku) is not None, book.revision(sku), body)


async def _sku(request: Request) -> str | None:
    """The item of the path, which has to exist; None for the lines of all."""
    if "sku" not in request.path:
        return None
    sku: str = check_path(SkuId, request.path["sku"], "sku")
    if await request.holdfast.read(lambda reader: reader.sku(sku)) is None:
        raise Failed("not_found", f"there is no item {sku}", field="sku")
    return sku


async def list_lines(request: Request) -> Answer:
    """The lines of all, then those of single items."""
    skus: list[str | None] = [None, *request.holdfast.warning_lines.skus()]
    return Answer(LinesPage([_document(request, sku) for sku in skus], None))


async def get(request: Request) -> Answer:
    """The lines that hold for an item."""
    return Answer(_document(request, await _sku(request)))


async def put(request: Request) -> Answer:
    """Set lines."""
    sku, lines = await _sku(request), lines_of(request.body)
    await request.holdfast.warning_lines.put(sku, lines, request.principal.actor, request.request_id)
    return Answer(_document(request, sku))


async def remove(request: Request) -> Answer:
    """Go back to the lines of all, or to those that come with the program."""
    sku = await _sku(request)
    await request.holdfast.warning_lines.remove(sku, request.principal.actor, request.request_id)
    return Answer(_document(request, sku))


OPERATIONS = [
    Operation(
        "GET",
        "/v1/warning-lines",
        list_lines,
        summary="List the lines of warnings: those of all items, then single ones",
        role=Role.VIEWER,
        gives=LinesPage,
    ),
    Operation(
        "PUT",
        "/v1/warning-lines",
        put,
        summary="Set the lines of all items without their own",
        role=Role.OPERATOR,
        takes=LinesBody,
        gives=LinesDocument,
    ),
    Operation(
        "DELETE",
        "/v1/warning-lines",
        remove,
        summary="Go back to the lines that come with the program",
        role=Role.OPERATOR,
        gives=LinesDocument,
    ),
    Operation(
        "GET",
        "/v1/warning-lines/{sku}",
        get,
        summary="Read the lines that hold for an item",
        role=Role.VIEWER,
        gives=LinesDocument,
        codes=("not_found",),
    ),
    Operation(
        "PUT",
        "/v1/warning-lines/{sku}",
        put,
        summary="Give an item lines of its own",
        role=Role.OPERATOR,
        takes=LinesBody,
        gives=LinesDocument,
        codes=("not_found",),
    ),
    Operation(
        "DELETE",
        "/v1/warning-lines/{sku}",
        remove,
        summary="Have an item follow the lines of all again",
        role=Role.OPERATOR,
        gives=LinesDocument,
        codes=("not_found",),
    ),
]
"""Calls about lines."""
