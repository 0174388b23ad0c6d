"""What a viewer overlay 贴片 may know of one item: how much is left, and nothing of whose right it is."""

import asyncio
from datetime import datetime
from time import monotonic

import msgspec

from holdfast.api.fields import Failed, SkuId, check_path, optional_time
from holdfast.api.operation import Operation, Receive, Request, Send
from holdfast.ledger.records import Sku
from holdfast.ledger.views import StockView
from holdfast.live.feed import Subscription
from holdfast.live.keys import Role

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
    feed = request.holdfast.feed
    subscription = feed.subscribe(sku)
    departure = asyncio.create_task(_close_on_departure(receive, subscription))
    try:
        item, stock = await _read(request, sku)
        await send(_START)
        await _tell(request, send, subscription, item, stock)
    finally:
        departure.cancel()
        feed.unsubscribe(subscription)


async def _tell(
    request: Request, send: Send, subscription: Subscription, item: Sku, stock: StockView
) -> None:
    read_at = monotonic()
    while not subscription.closed:
        data = msgspec.json.encode(_document(request, item, stock))
        await send({"type": "http.response.body", "body": b"data: %b\n\n" % data, "more_body": True})
        await asyncio.sleep(PACE_S)
        for change in await subscription.next(QUIET_S):
            if change.version > stock.version:
                stock = change.view
        if monotonic() - read_at >= CATALOG_S:
            read_at = monotonic()
            if not _still_open(request):
                break
            item, stock = await _read(request, item.sku)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _close_on_departure(receive: Receive, subscription: Subscription) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscription.close()


async def _read(request: Request, sku: str) -> tuple[Sku, StockView]:
    item = await request.holdfast.read(lambda reader: reader.sku(sku))
    stock = await request.holdfast.read(lambda reader: reader.stock(sku))
    if item is None or stock is None:
        raise Failed("not_found", f"there is no item {sku} with stock of its own", field="sku")
    return item, stock


def _still_open(request: Request) -> bool:
    """A key that was rotated or revoked closes the screens that it opened."""
    header = request.headers.get("authorization")
    return header is None or request.holdfast.keys.find(header[7:].strip().encode()) is not None


def _document(request: Request, item: Sku, stock: StockView) -> OverlayDocument:
    now = optional_time(request.holdfast.clock.now_us())
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
