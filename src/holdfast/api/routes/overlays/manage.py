"""Overlays by name: made, changed, given a new address, revoked; an address is shown once."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from holdfast.api.fields import Failed, OverlayName, SkuId, check_path, optional_time, to_time
from holdfast.api.operation import Answer, Operation, Request
from holdfast.ledger.codes import ResultCode
from holdfast.live.keys import Role
from holdfast.live.overlay.ring import SKUS_MAX, Showing, cannot_show
from holdfast.storage.contract import OverlayRow

T = TypeVar("T")
_WORDS = {
    ResultCode.UNKNOWN_SKU: "there is no item {}",
    ResultCode.SKU_IS_BUNDLE: "{} is a bundle, which has no stock of its own; show its parts",
}


class ShowingBody(msgspec.Struct, forbid_unknown_fields=True):
    """What an overlay shows, and how."""

    skus: Annotated[list[SkuId], Meta(min_length=1, max_length=SKUS_MAX)]
    theme: Literal["night", "paper", "festive", "clear"] = "night"
    layout: Literal["card", "bar"] = "card"
    place: Literal["bottom-left", "bottom", "bottom-right", "top-left", "top", "top-right"] = "bottom-left"
    language: Literal["zh", "en"] = "zh"


class OverlayBody(ShowingBody, forbid_unknown_fields=True, kw_only=True):
    """An overlay to make."""

    name: OverlayName


class NewOverlayDocument(msgspec.Struct):
    """An overlay's address, the only time it is shown: `path` behind the server's own."""

    name: str
    token: str
    path: str


class OverlayDocument(msgspec.Struct):
    """An overlay as stored; its address is not."""

    name: str
    live: bool
    skus: list[str]
    theme: str
    layout: str
    place: str
    language: str
    created_at: datetime
    created_by: str
    revoked_at: datetime | None


class OverlayPage(msgspec.Struct):
    """All overlays, the ended ones too."""

    items: list[OverlayDocument]
    next: str | None


def _document(row: OverlayRow) -> OverlayDocument:
    return OverlayDocument(
        row.name,
        row.revoked_at_us is None,
        list(row.skus),
        row.theme,
        row.layout,
        row.place,
        row.language,
        to_time(row.created_at_us),
        row.created_by,
        optional_time(row.revoked_at_us),
    )


def _new(name: str, token: str) -> Answer:
    return Answer(NewOverlayDocument(name, token, f"/overlay/{token}"), 201)


async def _showing(request: Request) -> Showing:
    """What the body asks for; raises Failed if an item cannot be shown."""
    body: ShowingBody = request.body
    skus = tuple(dict.fromkeys(body.skus))
    cause = await request.holdfast.read(lambda reader: cannot_show(reader, skus))
    if cause is not None:
        raise Failed(cause[0].value, _WORDS[cause[0]].format(cause[1]), field="skus", facts={"sku": cause[1]})
    return Showing(skus, body.theme, body.layout, body.place, body.language)


async def _change(request: Request, work: Callable[[], T]) -> T:
    """Write, and have who watches notice at once."""
    try:
        done = await asyncio.to_thread(work)
    except KeyError as error:
        raise Failed("not_found", f"there is no live overlay {error.args[0]}", field="overlay") from error
    except ValueError as error:
        raise Failed("name_taken", str(error), field="name") from error
    request.holdfast.overlay_hub.refreshed()
    return done


async def create(request: Request) -> Answer:
    """Make an overlay."""
    showing = await _showing(request)
    ring, name, actor = request.holdfast.overlays, request.body.name, request.principal.actor
    token = await _change(request, lambda: ring.create(name, showing, actor, request.request_id))
    return _new(name, token)


async def change(request: Request) -> Answer:
    """Show something else at the same address."""
    name = check_path(OverlayName, request.path["overlay"], "overlay")
    showing = await _showing(request)
    ring, actor = request.holdfast.overlays, request.principal.actor
    row = await _change(request, lambda: ring.change(name, showing, actor, request.request_id))
    return Answer(_document(row))


async def rotate(request: Request) -> Answer:
    """Give an overlay a new address."""
    name = check_path(OverlayName, request.path["overlay"], "overlay")
    ring, actor = request.holdfast.overlays, request.principal.actor
    token = await _change(request, lambda: ring.rotate(name, actor, request.request_id))
    return _new(name, token)


async def revoke(request: Request) -> Answer:
    """End an overlay."""
    name = check_path(OverlayName, request.path["overlay"], "overlay")
    ring, actor = request.holdfast.overlays, request.principal.actor
    await _change(request, lambda: ring.revoke(name, actor, request.request_id))
    return Answer(OverlayPage([_document(row) for row in ring.rows() if row.name == name], None))


async def list_all(request: Request) -> Answer:
    """All overlays."""
    return Answer(OverlayPage([_document(row) for row in request.holdfast.overlays.rows()], None))


OPERATIONS = [
    Operation(
        "POST",
        "/v1/overlays",
        create,
        summary="Make a viewer overlay",
        role=Role.ADMINISTRATOR,
        takes=OverlayBody,
        gives=NewOverlayDocument,
        status=201,
        codes=("name_taken", "unknown_sku", "sku_is_bundle"),
    ),
    Operation(
        "PUT",
        "/v1/overlays/{overlay}",
        change,
        summary="Show something else at the same address",
        role=Role.OPERATOR,
        takes=ShowingBody,
        gives=OverlayDocument,
        codes=("not_found", "unknown_sku", "sku_is_bundle"),
    ),
    Operation(
        "POST",
        "/v1/overlays/{overlay}/rotate",
        rotate,
        summary="Give a viewer overlay a new address; the old one ends at once",
        role=Role.ADMINISTRATOR,
        gives=NewOverlayDocument,
        status=201,
        codes=("not_found",),
    ),
    Operation(
        "DELETE",
        "/v1/overlays/{overlay}",
        revoke,
        summary="End a viewer overlay",
        role=Role.ADMINISTRATOR,
        gives=OverlayPage,
        codes=("not_found",),
    ),
    Operation(
        "GET",
        "/v1/overlays",
        list_all,
        summary="List viewer overlays",
        role=Role.OPERATOR,
        gives=OverlayPage,
    ),
]
"""Calls that manage overlays."""
