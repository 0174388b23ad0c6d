"""Drops 分时投放: planned, locked, opened at their time, closed."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from holdfast.api.fields import (
    ChannelId,
    DropId,
    Failed,
    GateName,
    Quantity,
    ShortText,
    SkuId,
    Timestamp,
    check_path,
    optional_time,
    to_time,
    to_us,
)
from holdfast.api.operation import Answer, Operation, Parameter, Request
from holdfast.api.routes.shows.bodies import ItemLimits
from holdfast.ledger.codes import ResultCode
from holdfast.live.keys import Role
from holdfast.operations.drops.counters import Telling
from holdfast.operations.drops.drop import Drop
from holdfast.operations.drops.drops import DropRefusedError
from holdfast.operations.drops.steps import DropStatusError
from holdfast.operations.drops.terms import GateOverlapError
from holdfast.operations.limits.layers import Bounds
from holdfast.storage.contract import Reader
from holdfast.sync.runtime import NoCounterError


class DropBody(msgspec.Struct, forbid_unknown_fields=True):
    """A drop to plan; `channels` are the units that each channel gets, connected or our own."""

    sku: SkuId
    channels: Annotated[dict[ChannelId, Quantity], Meta(min_length=1, max_length=20)]
    opens_at: Timestamp
    closes_at: Timestamp | None = None
    leftover: Literal["return", "carry", "stay"] = "return"
    carry_to: DropId | None = None
    show: ShortText = ""
    limits: ItemLimits | None = None
    ticket_gate: GateName | None = None
    lock: bool = True


class PostponeBody(msgspec.Struct, forbid_unknown_fields=True):
    """A new time for a drop that is not open yet."""

    opens_at: Timestamp


class ToldDocument(msgspec.Struct):
    """How far a platform has been told of an open drop, in units; the same holds for what is called back.

    `waiting` are not granted, `under_way` are granted and the platform has not answered yet, `told` is the
    rest. Of `recalling` an answer is awaited. `left` is what buyers have not taken.
    """

    channel: str
    listing: str
    told: int
    waiting: int
    under_way: int
    recalling: int
    left: int
    up: bool
    """False while the platform does not answer."""


class DropDocument(msgspec.Struct):
    """A drop and where it stands; `server_time` is what a countdown counts from."""

    id: str
    sku: str
    quantity: int
    channels: dict[str, int]
    opens_at: datetime
    closes_at: datetime | None
    leftover: str
    carry_to: str
    show: str
    limits: ItemLimits | None
    """In force on the item from the opening to the end; then what it had before comes back."""
    ticket_gate: str | None
    limits_overruled: bool
    """Whether a person set other limits or another gate since it opened: theirs stand."""
    status: str
    locked_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    opened: int
    sold: int
    returned: int
    kept: int
    """Units that stayed with their channels at the end."""
    one_way: list[str]
    """Channels whose platform lets nobody take units back: what is not sold there stays."""
    platforms: list[ToldDocument]
    """While it is on sale: its connected channels."""
    waits: str
    """Why it is not where its times say; empty if nothing is in its way."""
    server_time: datetime


class DropPage(msgspec.Struct):
    """Drops, the first to open first; there is no second page."""

    items: list[DropDocument]
    next: str | None


def _told(telling: Telling) -> ToldDocument:
    open_units = telling.waiting + telling.under_way
    return ToldDocument(
        telling.channel,
        telling.listing,
        max(0, telling.units - open_units),
        telling.waiting,
        telling.under_way,
        telling.recalling,
        telling.left,
        telling.up,
    )


def _limits(bounds: Bounds | None) -> ItemLimits | None:
    if bounds is None:
        return None
    return ItemLimits(bounds.per_order, bounds.per_buyer, bounds.per_buyer_across_channels)


def _bounds(limits: ItemLimits | None) -> Bounds | None:
    if limits is None:
        return None
    bounds = Bounds(limits.per_order, limits.per_buyer, limits.per_buyer_across_channels)
    return bounds if bounds.any() else None


async def _document(request: Request, drop: Drop) -> DropDocument:
    drops = request.holdfast.drops
    return DropDocument(
        drop.id,
        drop.sku,
        drop.quantity,
        drop.channels,
        to_time(drop.opens_at_us),
        optional_time(drop.closes_at_us),
        drop.leftover,
        drop.carry_to,
        drop.show,
        _limits(drop.limits),
        drop.ticket_gate or None,
        await drops.terms.overruled(drop),
        drop.status,
        optional_time(drop.locked_at_us),
        optional_time(drop.opened_at_us),
        optional_time(drop.closed_at_us),
        0 if drop.opened_at_us is None else drop.quantity,
        await drops.sold(drop),
        drop.returned,
        drop.kept,
        [] if drop.ended else drops.ring.one_way(drop),
        [_told(each) for each in drops.ring.tellings(drop)],
        drops.waits(drop),
        to_time(request.holdfast.clock.now_us()),
    )


async def _done(request: Request, work: Awaitable[Drop]) -> Answer:
    try:
        return Answer(await _document(request, await work))
    except KeyError as error:
        raise Failed("not_found", f"there is no drop {error.args[0]}", field="drop") from error
    except DropStatusError as error:
        raise Failed("drop_status", str(error), field="drop") from error
    except GateOverlapError as error:
        raise Failed("gate_overlaps", str(error), field="ticket_gate") from error
    except DropRefusedError as error:
        code, facts = error.decision.code, error.decision.detail
        words = code.value.replace("_", " ")
        if code is ResultCode.INSUFFICIENT_AVAILABLE:
            words = f"only {facts['available']} units are unallocated, the drop locks {facts['asked']}"
        raise Failed(code.value, words, field="channels", facts=facts) from error


def _id(request: Request) -> str:
    found: str = check_path(DropId, request.path["drop"], "drop")
    return found


async def _check(request: Request, body: DropBody) -> None:
    def query(reader: Reader) -> tuple[str, str, str] | None:
        item = reader.sku(body.sku)
        if item is None:
            return "unknown_sku", f"there is no item {body.sku}", "sku"
        if item.components:
            return "sku_is_bundle", f"{body.sku} is a bundle; drop its parts", "sku"
        missing = [name for name in body.channels if reader.channel(name) is None]
        return ("unknown_channel", f"there is no channel {missing[0]}", "channels") if missing else None

    cause = await request.holdfast.read(query)
    if cause is not None:
        raise Failed(cause[0], cause[1], field=cause[2])
    for channel in body.channels:
        try:
            request.holdfast.drops.ring.counters.counter_of(channel, body.sku)
        except NoCounterError as error:
            raise Failed("no_single_listing", str(error), field="channels") from error


async def put(request: Request) -> Answer:
    """Plan a drop and lock its units, unless it shall only be planned."""
    body: DropBody = request.body
    drops, id, actor = request.holdfast.drops, _id(request), request.principal.actor
    opens_at_us, closes_at_us = to_us(body.opens_at, "opens_at"), to_us(body.closes_at, "closes_at")
    assert opens_at_us is not None
    if closes_at_us is not None and closes_at_us <= opens_at_us:
        raise Failed("invalid_request", "it has to close after it opens", field="closes_at")
    if body.carry_to == id or (body.leftover == "carry") != (body.carry_to is not None):
        raise Failed("invalid_request", "carry_to names another drop, with leftover carry", field="carry_to")
    await _check(request, body)
    drop = Drop(
        id=id,
        sku=body.sku,
        channels=body.channels,
        opens_at_us=opens_at_us,
        closes_at_us=closes_at_us,
        leftover=body.leftover,
        carry_to=body.carry_to or "",
        show=body.show,
        limits=_bounds(body.limits),
        ticket_gate=body.ticket_gate or "",
    )

    async def work() -> Drop:
        planned = await drops.plan(drop, actor, request.request_id)
        return await drops.lock(id, actor, request.request_id) if body.lock else planned

    return await _done(request, work())


async def show(request: Request) -> Answer:
    """One drop."""
    drop = request.holdfast.drops.get(_id(request))
    if drop is None:
        raise Failed("not_found", "there is no such drop", field="drop")
    return Answer(await _document(request, drop))


async def list_all(request: Request) -> Answer:
    """Drops, of an item, a status or a show if asked."""
    query = request.query
    found = [
        await _document(request, drop)
        for drop in request.holdfast.drops.all()
        if query.get("sku", drop.sku) == drop.sku
        and query.get("status", drop.status) == drop.status
        and query.get("show", drop.show) == drop.show
    ]
    return Answer(DropPage(found, None))


def _step(name: str) -> Callable[[Request], Awaitable[Answer]]:
    async def step(request: Request) -> Answer:
        work = getattr(request.holdfast.drops, name)
        return await _done(request, work(_id(request), request.principal.actor, request.request_id))

    return step


async def postpone(request: Request) -> Answer:
    """Open at another time."""
    at_us = to_us(request.body.opens_at, "opens_at")
    assert at_us is not None
    drops, actor = request.holdfast.drops, request.principal.actor
    return await _done(request, drops.postpone(_id(request), at_us, actor, request.request_id))


def _post(name: str, summary: str) -> Operation:
    return Operation(
        "POST",
        f"/v1/drops/{{drop}}/{name}",
        _step(name),
        summary=summary,
        role=Role.OPERATOR,
        gives=DropDocument,
        codes=("not_found", "drop_status", "insufficient_available"),
    )


def _filter(name: str, words: str) -> Parameter:
    return Parameter(name, words, {"type": "string"})


OPERATIONS = [
    Operation(
        "PUT",
        "/v1/drops/{drop}",
        put,
        summary="Plan a drop and lock its units",
        role=Role.OPERATOR,
        takes=DropBody,
        gives=DropDocument,
        codes=(
            "drop_status",
            "unknown_sku",
            "unknown_channel",
            "sku_is_bundle",
            "no_single_listing",
            "gate_overlaps",
            "insufficient_available",
        ),
    ),
    Operation(
        "GET",
        "/v1/drops/{drop}",
        show,
        summary="Show a drop",
        role=Role.VIEWER,
        gives=DropDocument,
        codes=("not_found",),
    ),
    Operation(
        "GET",
        "/v1/drops",
        list_all,
        summary="List drops",
        role=Role.VIEWER,
        gives=DropPage,
        query=(
            _filter("sku", "Of this item."),
            _filter("status", "In this status."),
            _filter("show", "Of this show."),
        ),
    ),
    _post("lock", "Lock a planned drop's units"),
    _post("open", "Open a locked drop now"),
    _post("close", "Close an open drop now"),
    _post("cancel", "Give up a drop that has not opened"),
    Operation(
        "POST",
        "/v1/drops/{drop}/postpone",
        postpone,
        summary="Open a drop at another time",
        role=Role.OPERATOR,
        takes=PostponeBody,
        gives=DropDocument,
        codes=("not_found", "drop_status", "gate_overlaps"),
    ),
]
"""Calls that manage drops."""
