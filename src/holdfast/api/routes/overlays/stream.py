"""What an overlay's page reads: Server-Sent Events for anybody who knows the address."""

import asyncio

from holdfast.api.fields import Failed
from holdfast.api.operation import Operation, Receive, Request, Send
from holdfast.api.routes.feed import close_on_departure, start_events
from holdfast.live.overlay.hub import TooManyViewersError
from holdfast.live.overlay.ring import OverlayRing
from holdfast.storage.contract import OverlayRow

RETRY_MS = 2_000
TIME_HEADER = b"x-holdfast-time"
"""The server's clock in ms since 1970: an address that anybody may know has no other way to ask for it."""


def row_at(ring: OverlayRing, token: str) -> OverlayRow:
    """The live overlay at an address; raises Failed with no word about what was there."""
    row = ring.find(token)
    if row is None:
        raise Failed("not_found", "there is no overlay at this address")
    if row.revoked_at_us is not None:
        raise Failed("gone", "this address has ended")
    return row


async def stream(request: Request, receive: Receive, send: Send) -> None:
    """Send the whole picture, unless the client knows it, then what changes in it."""
    row = row_at(request.holdfast.overlays, request.path["token"])
    hub = request.holdfast.overlay_hub
    try:
        viewer = await hub.watch(row, request.headers.get("last-event-id", ""))
    except TooManyViewersError as error:
        raise Failed("too_many_viewers", "try again later, or raise overlay_viewers_max") from error
    departure = asyncio.create_task(close_on_departure(receive, viewer))
    try:
        now_ms = request.holdfast.clock.now_us() // 1_000
        await start_events(request, send, RETRY_MS, [(TIME_HEADER, b"%d" % now_ms)])
        while (telling := await viewer.next()) is not None:
            await send({"type": "http.response.body", "body": telling.data, "more_body": True})
            hub.sent(telling)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        departure.cancel()
        hub.leave(row, viewer)


OPERATIONS = [
    Operation(
        "GET",
        "/overlay/{token}/feed",
        None,
        summary="Watch an overlay: Server-Sent Events, a snapshot first",
        role=None,
        stream=stream,
        media_type="text/event-stream",
        codes=("not_found", "gone", "too_many_viewers", "store_failed"),
    ),
]
"""The one call that anybody may make."""
