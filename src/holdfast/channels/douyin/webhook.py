"""Douyin's pushes: an array of messages, signed by one header over the raw bytes."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ..adapter import Connection
from ..errors import PushRefused
from ..orders import Acknowledgement, ListingRef, Push, PushEvent, PushKind
from ..values import digest, identity, same_text, seconds_us
from .mapping import TAG

ACKNOWLEDGEMENT = Acknowledgement(b'{"code":0,"msg":"success"}')


def event_sign(app_key: str, app_secret: str, body: bytes) -> str:
    """What the header `event-sign` has to be, in small letters."""
    signed = app_key.encode() + body + app_secret.encode()
    return hashlib.md5(signed, usedforsecurity=False).hexdigest()


def receive(connection: Connection, headers: Mapping[str, str], body: bytes) -> Push:
    """Verify a push and read it; messages of the app's other shops are left out."""
    wanted = event_sign(connection.app_key, connection.app_secret, body)
    if not same_text(headers.get("event-sign", "").lower(), wanted):
        raise PushRefused("signature", "The event-sign of the push is wrong: check the app secret.")
    if headers.get("app-id", connection.app_key) != connection.app_key:
        raise PushRefused("not_for_us", "The push is for another app.")
    try:
        messages = json.loads(body)
        read = [_event(message, connection.shop) for message in messages]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PushRefused("malformed", f"The push cannot be read ({type(error).__name__}).") from None
    ours = tuple(event for event in read if event is not None)
    if read and not ours:
        raise PushRefused("not_for_us", "The push is for another shop of the app.")
    return Push(ours, ACKNOWLEDGEMENT)


def _event(message: Mapping[str, Any], shop: str) -> PushEvent | None:
    tag, data = str(message["tag"]), message.get("data")
    # The check of our address (tag 0) brings anything.
    payload = {} if tag == "0" else json.loads(data) if isinstance(data, str) else data or {}
    told = identity(payload.get("shop_id"))
    if shop and told and told != shop:
        return None
    kind, time_field = TAG.get(tag, (PushKind.OTHER, ""))
    name = identity(message.get("msg_id") or message.get("msgId")) or digest(tag, data)
    product = identity(payload.get("product_id"))
    return PushEvent(
        name,
        kind,
        order=identity(payload.get("p_id")) if kind in (PushKind.ORDER, PushKind.REFUND) else "",
        listing=ListingRef(product) if product else None,
        event_at_us=seconds_us(payload.get(time_field)) if time_field else None,
    )
