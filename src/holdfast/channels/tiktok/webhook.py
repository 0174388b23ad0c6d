"""TikTok's pushes: one signature, and two shapes, for stock comes without the usual envelope."""

import json
from collections.abc import Mapping
from typing import Any

from ..adapter import Connection
from ..errors import PushRefused
from ..orders import Acknowledgement, ListingRef, Push, PushEvent, PushKind
from ..settings import whole
from ..values import identity, json_object, number, same_text
from .mapping import OUR_TRIGGER, PUSH_KINDS, STOCK_TYPE
from .signing import push_signature

PUSH_AGE_MAX_S = 60_000  # the last of the four repeats comes 15.6 hours after the first
_MILLISECONDS_FROM = 100_000_000_000  # as seconds, this is the year 5138


class Webhook:
    """Verifies and reads the pushes of one shop."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._age_max_s = whole(connection.settings, "push_age_max_s", PUSH_AGE_MAX_S)

    def receive(self, headers: Mapping[str, str], body: bytes, now_us: int) -> Push:
        """The one event of a push."""
        right = push_signature(self._connection.app_key, self._connection.app_secret, body)
        if not same_text(right, headers.get("authorization", "")):
            raise PushRefused("signature", "The push is not signed with this app's secret.")
        try:
            event = _event(json_object(body))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise PushRefused("malformed", "The push is no message of TikTok Shop's.") from None
        at_us = event.event_at_us
        if at_us is not None and abs(now_us - at_us) > self._age_max_s * 1_000_000:
            raise PushRefused("stale", "The push is older than any delivery of this platform.")
        return Push((event,), Acknowledgement())


def _event(content: dict[str, Any]) -> PushEvent:
    data = content.get("data") or {}
    if isinstance(data, str):
        data = json.loads(data)
    snapshot = content if "quantity_snapshot_after_change" in content else data
    if "quantity_snapshot_after_change" in snapshot:
        return _stock(snapshot, content)
    kind = PUSH_KINDS.get(number(content["type"]), PushKind.OTHER)
    order = identity(data.get("order_id"))
    # News of stock without a snapshot, or of an order without its id, tells nothing.
    if kind is PushKind.STOCK or (kind in (PushKind.ORDER, PushKind.REFUND) and not order):
        kind = PushKind.OTHER
    return PushEvent(
        event=identity(content["tts_notification_id"]),
        kind=kind,
        order=order,
        event_at_us=_at_us(content.get("timestamp")),
    )


def _stock(snapshot: Mapping[str, Any], envelope: Mapping[str, Any]) -> PushEvent:
    details = snapshot.get("change_detail") or ()
    return PushEvent(
        event=identity(snapshot.get("event_id") or envelope["tts_notification_id"]),
        kind=PUSH_KINDS[STOCK_TYPE],
        listing=ListingRef(identity(snapshot["product_id"]), identity(snapshot["sku_id"])),
        counter=number(snapshot["quantity_snapshot_after_change"]["total_available_quantity"]),
        ours=bool(details) and all(detail.get("trigger_source") == OUR_TRIGGER for detail in details),
        event_at_us=_at_us(snapshot.get("occurred_at") or envelope.get("timestamp")),
    )


def _at_us(value: object) -> int | None:
    """Microseconds from seconds or milliseconds: the unit of the stock push is not told."""
    at = number(value)
    return (at * 1_000 if at >= _MILLISECONDS_FROM else at * 1_000_000) or None
