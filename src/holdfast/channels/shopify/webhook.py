"""Shopify's pushes: the raw body is signed, the headers are not."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from ..adapter import Connection
from ..errors import PushRefused
from ..orders import Acknowledgement, ListingRef, Push, PushEvent, PushKind
from ..settings import whole
from ..values import identity, json_object, number, same_text
from .mapping import TOPICS, moment_us

PUSH_AGE_MAX_S = 18_000  # eight repeats within four hours, and an hour for clocks and queues
_DOMAIN = ".myshopify.com"


def push_signature(secret: str, body: bytes) -> str:
    """Base64 of HMAC-SHA256 of the raw body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


class Webhook:
    """Verifies and reads the pushes of one shop; `location` is the one whose stock is ours."""

    def __init__(self, connection: Connection, location: str) -> None:
        self._secret = connection.app_secret
        self._shop = connection.shop.removesuffix(_DOMAIN)
        self._location = location
        self._age_max_s = whole(connection.settings, "push_age_max_s", PUSH_AGE_MAX_S)

    def receive(self, headers: Mapping[str, str], body: bytes, now_us: int) -> Push:
        """The one event of a push."""
        if not same_text(push_signature(self._secret, body), headers.get("x-shopify-hmac-sha256", "")):
            raise PushRefused("signature", "The push is not signed with this app's secret.")
        domain = headers.get("x-shopify-shop-domain", "").removesuffix(_DOMAIN)
        if self._shop and domain and domain != self._shop:
            raise PushRefused("not_for_us", "The push is for another shop.")
        try:
            event = self._event(headers, json_object(body))
        except (ValueError, KeyError, TypeError):
            raise PushRefused("malformed", "The push is no message of Shopify's.") from None
        at_us = event.event_at_us
        if at_us is not None and abs(now_us - at_us) > self._age_max_s * 1_000_000:
            raise PushRefused("stale", "The push is older than any delivery of this platform.")
        return Push((event,), Acknowledgement())

    def _event(self, headers: Mapping[str, str], content: dict[str, Any]) -> PushEvent:
        event = headers["x-shopify-webhook-id"]
        kind = TOPICS.get(headers.get("x-shopify-topic", "").lower(), PushKind.OTHER)
        at_us = moment_us(content.get("updated_at") or content.get("created_at"))
        if kind is PushKind.STOCK:
            if identity(content["location_id"]) != self._location:
                return PushEvent(event, PushKind.OTHER, event_at_us=at_us)
            listing = ListingRef(identity(content["inventory_item_id"]))
            counter = number(content["available"])
            return PushEvent(event, kind, listing=listing, counter=counter, event_at_us=at_us)
        names = {PushKind.ORDER: "id", PushKind.REFUND: "order_id"}
        order = identity(content[names[kind]]) if kind in names else ""
        return PushEvent(event, kind, order=order, event_at_us=at_us)
