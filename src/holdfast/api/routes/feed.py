"""The feed: Server-Sent Events that begin with a snapshot, or where the client left off."""

import asyncio
from collections.abc import Iterable
from time import perf_counter, time
from typing import Protocol

from msgspec.json import encode

from holdfast.api.fields import ChannelId, Failed, SkuId, check_path
from holdfast.api.operation import Operation, Parameter, Receive, Request, Send
from holdfast.live.feed import Change, Subscription
from holdfast.live.keys import Role

HEARTBEAT_S = 15.0
PULSE_QUIET_S = 2.0
PULSE_BUSY_S = 0.1
RETRY_MS = 1_000
SNAPSHOT_EVENT = "snapshot"
STOCK_EVENT = "stock"
PULSE_EVENT = "pulse"
DOCUMENT_EVENT = "document"


async def stream(request: Request, receive: Receive, send: Send) -> None:
    """Send a snapshot (or all that changed since the client's cursor), then every change."""
    sku, channel = request.query.get("sku"), request.query.get("channel")
    if sku is not None:
        check_path(SkuId, sku, "sku")
    if channel is not None:
        check_path(ChannelId, channel, "channel")
    cursor = _cursor(request)
    pulse = _Pulse(send) if _flag(request, "pulse") else None
    feed = request.holdfast.feed
    # Watch first, read then: what is committed in between comes twice, and the older one is dropped.
    subscription = feed.subscribe(sku, channel, documents=_flag(request, "documents"))
    departure = asyncio.create_task(close_on_departure(receive, subscription))
    try:
        head, views = await request.holdfast.read(lambda reader: reader.stock_since(cursor or 0))
        if cursor is not None and cursor > head:
            # A cursor from another ledger (a restored backup, say) says nothing here: begin anew.
            cursor = None
            head, views = await request.holdfast.read(lambda reader: reader.stock_since(0))
        changes = [Change(view) for view in views if subscription.wants(view)]
        await start_events(request, send, RETRY_MS)
        await _send_first(send, cursor, head, changes)
        if pulse is not None:
            await pulse.beat(None)
        await _send_changes(send, request, subscription, head, pulse)
    finally:
        departure.cancel()
        feed.unsubscribe(subscription)


class Closing(Protocol):
    """What can be ended from outside."""

    def close(self) -> None:
        """End it."""


async def close_on_departure(receive: Receive, watch: Closing) -> None:
    """End the watch of a client that hung up: the server drops what is sent to it and says nothing."""
    while (await receive())["type"] != "http.disconnect":
        pass
    watch.close()


async def _send_first(send: Send, cursor: int | None, head: int, changes: list[Change]) -> None:
    if cursor is None:
        items = b",".join(change.json() for change in changes)
        await _send(send, _event(SNAPSHOT_EVENT, head, b'{"version":%d,"items":[%b]}' % (head, items)))
        return
    changes.sort(key=lambda change: change.version)
    await _send(send, b"".join(_event(STOCK_EVENT, change.version, change.json()) for change in changes))


async def _send_changes(
    send: Send, request: Request, subscription: Subscription, head: int, pulse: "_Pulse | None"
) -> None:
    quiet_s = HEARTBEAT_S if pulse is None else PULSE_QUIET_S
    while not subscription.closed:
        changes = [change for change in await subscription.next(quiet_s) if change.version > head]
        announced = subscription.announced()
        if announced:
            await _send(send, b"".join(_announcement(kind, id) for kind, id in announced))
        if changes:
            # Each id stands for all before it, so a client may resume after any event it has seen whole.
            text = [_event(STOCK_EVENT, change.version, change.json()) for change in changes]
            await _send(send, b"".join(text))
            request.holdfast.feed.sent(changes)
            if pulse is not None:
                await pulse.after(changes)
        elif not announced and not subscription.closed:
            await (_send(send, b": still here\n\n") if pulse is None else pulse.beat(None))
    await send({"type": "http.response.body", "body": b"", "more_body": False})


class _Pulse:
    """Tells a watcher that the line is alive, the time here, and how old the changes were when sent.

    It has no id: it is no place in the feed.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._sampled_s = 0.0

    async def after(self, changes: list[Change]) -> None:
        """Sample the oldest of these changes, unless one was sampled a moment ago."""
        now_s = perf_counter()
        times = [change.committed_at for change in changes if change.committed_at is not None]
        if times and now_s - self._sampled_s >= PULSE_BUSY_S:
            self._sampled_s = now_s
            await self.beat(now_s - min(times))

    async def beat(self, lag_s: float | None) -> None:
        """Send one."""
        document = {
            "at_ms": round(time() * 1000, 1),
            "lag_ms": None if lag_s is None else round(lag_s * 1000, 2),
        }
        await _send(self._send, b"event: %b\ndata: %b\n\n" % (PULSE_EVENT.encode(), encode(document)))


def _flag(request: Request, name: str) -> bool:
    text = request.query.get(name, "false")
    if text not in ("true", "false"):
        raise Failed("invalid_request", "write true or false", field=name)
    return text == "true"


def _cursor(request: Request) -> int | None:
    text = request.query.get("last_event_id") or request.headers.get("last-event-id")
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Failed("invalid_request", "a cursor is the id of an event", field="Last-Event-ID")
    return int(text)


async def start_events(
    request: Request, send: Send, retry_ms: int, headers: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    """Begin an answer that is a stream of events."""
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"text/event-stream; charset=utf-8"),
                (b"cache-control", b"no-store"),
                (b"x-accel-buffering", b"no"),
                (b"x-request-id", request.request_id.encode()),
                *headers,
            ],
        }
    )
    await _send(send, b"retry: %d\n\n" % retry_ms)


def _announcement(kind: str, id: str) -> bytes:
    # It has no id: whoever lost its place in the feed asks for the documents anew.
    return b"event: %b\ndata: %b\n\n" % (DOCUMENT_EVENT.encode(), encode({"kind": kind, "id": id}))


def _event(name: str, number: int, data: bytes) -> bytes:
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (number, name.encode(), data)


async def _send(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


OPERATIONS = [
    Operation(
        "GET",
        "/v1/feed",
        None,
        summary="Watch stock change: Server-Sent Events, a snapshot first",
        role=Role.VIEWER,
        stream=stream,
        media_type="text/event-stream",
        query=(
            Parameter("sku", "Only this item.", {"type": "string", "maxLength": 64}),
            Parameter("channel", "Only items with a right there.", {"type": "string", "maxLength": 32}),
            Parameter(
                "last_event_id",
                "Cursor, for clients that cannot set the `Last-Event-ID` header.",
                {"type": "string", "pattern": "^[0-9]{1,18}$"},
            ),
            Parameter(
                "pulse",
                "`true`: also send `pulse` events with the server's time and the age of the changes sent.",
                {"type": "string", "enum": ["true", "false"]},
            ),
            Parameter(
                "documents",
                "`true`: also send `document` events, `{kind, id}`, when a show, a drop or the like "
                "changed; read it anew then.",
                {"type": "string", "enum": ["true", "false"]},
            ),
        ),
    ),
]
"""Routes of this noun."""
