"""What a viewer overlay 贴片 may know of one item: how much is left, and nothing of whose right it is."""

import asyncio
import logging
from datetime import datetime
from functools import partial
from random import random
from time import monotonic

import msgspec

from holdfast.api.fields import Failed, SkuId, check_path, optional_time
from holdfast.api.operation import Operation, Receive, Request, Send
from holdfast.app import Holdfast
from holdfast.ledger.records import Sku
from holdfast.ledger.views import StockView
from holdfast.live.boards import Board
from holdfast.live.keys import Role
from holdfast.storage.contract import StoreError

_log = logging.getLogger("holdfast.api")

QUIET_S = 5.0
"""A client that hears nothing for longer knows that it is cut off."""
CATALOG_S = 15.0
"""How often name, price, freeze and window are read again, and whether the key still opens anything."""
PACE_S = 0.25
"""A thousand overlays must cost the write path little, and no viewer reads faster."""


class OverlayDocument(msgspec.Struct):
    """An item as viewers may see it; `total` is what is available, held and sold together."""

    sku: str
    name: str
    variant: str
    price_cents: int | None
    available: int
    total: int
    frozen: bool
    sale_opens_at: datetime | None
    sale_closes_at: datetime | None
    now: datetime


async def stream(request: Request, receive: Receive, send: Send) -> None:
    """Tell what is left now, then every change, at most four times a second."""
    sku: str = check_path(SkuId, request.path["sku"], "sku")
    await _read(request.holdfast, sku)
    boards = request.holdfast.boards
    board = boards.join(sku, partial(_write, request.holdfast, sku))
    gone = asyncio.create_task(_departure(receive))
    try:
        await send(_START)
        await _tell(request, send, board, gone)
    finally:
        gone.cancel()
        boards.leave(sku, board)


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _tell(request: Request, send: Send, board: Board, gone: asyncio.Task[None]) -> None:
    # Each reader has a moment of its own, so that a thousand of them do not wake in the same one.
    delay_s = random() * PACE_S  # noqa: S311 - it scatters, it guards nothing
    checked_at = monotonic()
    told = b""
    while not gone.done():
        if board.words and board.words is not told:
            told = board.words
            await send({"type": "http.response.body", "body": told, "more_body": True})
        if board.ended:
            break
        await board.change()
        await asyncio.sleep(delay_s)
        if monotonic() - checked_at >= CATALOG_S:
            checked_at = monotonic()
            if not _still_open(request):
                break
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _write(holdfast: Holdfast, sku: str, board: Board) -> None:
    """Keep a board up to date while anybody reads it."""
    # Watch first, read then: what is committed in between is told by its version.
    subscription = holdfast.feed.subscribe(sku)
    try:
        item, stock = await _read(holdfast, sku)
        read_at = monotonic()
        while not subscription.closed:
            data = msgspec.json.encode(_document(holdfast, item, stock))
            board.tell(b"data: %b\n\n" % data)
            await asyncio.sleep(PACE_S)
            for change in await subscription.next(QUIET_S):
                if change.version > stock.version:
                    stock = change.view
            if monotonic() - read_at >= CATALOG_S:
                item, stock = await _read(holdfast, sku)
                read_at = monotonic()
    except (Failed, StoreError) as error:
        # The readers are let go, and the next one to come is told why.
        _log.warning("the overlay of an item ended: %s", error, extra={"sku": sku})
    finally:
        holdfast.feed.unsubscribe(subscription)


async def _read(holdfast: Holdfast, sku: str) -> tuple[Sku, StockView]:
    item = await holdfast.read(lambda reader: reader.sku(sku))
    stock = await holdfast.read(lambda reader: reader.stock(sku))
    if item is None or stock is None:
        raise Failed("not_found", f"there is no item {sku} with stock of its own", field="sku")
    return item, stock


def _still_open(request: Request) -> bool:
    """A key that was rotated or revoked closes the screens that it opened."""
    header = request.headers.get("authorization")
    return header is None or request.holdfast.keys.find(header[7:].strip().encode()) is not None


def _document(holdfast: Holdfast, item: Sku, stock: StockView) -> OverlayDocument:
    now = optional_time(holdfast.clock.now_us())
    assert now is not None
    return OverlayDocument(
        item.sku,
        item.name,
        item.variant,
        item.price_cents,
        max(0, stock.available),
        max(0, stock.available) + stock.held + stock.committed,
        item.frozen,
        optional_time(item.sale_opens_at_us),
        optional_time(item.sale_closes_at_us),
        now,
    )


_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ],
}

OPERATIONS = [
    Operation(
        "GET",
        "/v1/overlay/{sku}",
        None,
        summary="Watch what is left of an item, as viewers may see it: Server-Sent Events",
        role=Role.OVERLAY,
        gives=OverlayDocument,
        codes=("not_found",),
        stream=stream,
        media_type="text/event-stream",
    ),
]
"""Routes of this noun."""
