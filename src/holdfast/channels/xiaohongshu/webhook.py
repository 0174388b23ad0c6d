"""Xiaohongshu's pushes: not signed, so that they are only hints of what to fetch."""

import json
from collections.abc import Mapping
from typing import Any

from ..adapter import Connection
from ..errors import PushRefused
from ..orders import Acknowledgement, Push, PushEvent, PushKind
from ..values import digest, identity, same_text
from .mapping import PUSH_KINDS, moment_us

_ACKNOWLEDGEMENT = Acknowledgement(b'{"success":true,"error_code":0,"error_msg":""}')


class Webhook:
    """Reads the pushes of one shop; with the secret `push_key`, only at an address with `?key=` that."""

    def __init__(self, connection: Connection) -> None:
        self._seller = connection.shop
        self._key = connection.secrets.get("push_key", "")

    def receive(self, query: Mapping[str, str], body: bytes) -> Push:
        """The messages of a push."""
        if self._key and not same_text(self._key, query.get("key", "")):
            raise PushRefused("signature", "The push does not name the key of our address.")
        try:
            messages = json.loads(body)
            if not isinstance(messages, list):
                raise ValueError("no list")
            events = tuple(self._event(message) for message in messages)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise PushRefused("malformed", "The push is no message of Xiaohongshu's.") from None
        return Push(events, _ACKNOWLEDGEMENT)

    def _event(self, message: Mapping[str, Any]) -> PushEvent:
        if self._seller and identity(message.get("sellerId")) != self._seller:
            raise PushRefused("not_for_us", "The push is for another shop.")
        data = message.get("data") or "{}"
        content = json.loads(data) if isinstance(data, str) else data
        kind = PUSH_KINDS.get(message["msgTag"], PushKind.OTHER)
        return PushEvent(
            event=digest(message),
            kind=kind,
            order=identity(content["orderId"]) if kind is not PushKind.OTHER else "",
            event_at_us=moment_us(content.get("updateTime")),
        )
