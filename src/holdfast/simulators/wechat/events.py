"""WeChat's pushes (facts 5.4): events of the shop, which name an order and tell neither SKU nor quantity."""

from typing import Any

import msgspec

from holdfast.simulators.platform import Delivery, Parts
from holdfast.simulators.records import Happening, News, Stage
from holdfast.simulators.tokens import made_up

from .encryption import callback_signature, encrypt
from .orders import AFTER_SALE_STATUS

_BY_USER, _BY_AFTER_SALES = 1, 3
_ORDER_EVENTS = {
    Happening.ORDER_CREATED: "channels_ec_order_new",
    Happening.ORDER_PAID: "channels_ec_order_pay",
    Happening.ORDER_PARTLY_SHIPPED: "channels_ec_order_deliver",
    Happening.ORDER_SHIPPED: "channels_ec_order_deliver",
    Happening.ORDER_COMPLETED: "channels_ec_order_confirm",
}


class Events:
    """Makes the messages, encrypted ("safe mode") unless the shop is set to plain ones."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def of(self, news: News) -> list[Delivery]:
        """The messages that something leads to."""
        return [self._delivery(news, event) for event in _events(news)]

    def check(self) -> Delivery:
        """The GET that checks an address, which has to echo a text."""
        timestamp, nonce = str(self._parts.clock.now_s()), made_up(self._parts.chance, 10)
        signature = callback_signature(self._parts.credentials.secrets["callback_token"], timestamp, nonce)
        query = {
            "signature": signature,
            "timestamp": timestamp,
            "nonce": nonce,
            "echostr": made_up(self._parts.chance, 20),
        }
        return Delivery("check", b"", query=query, method="GET")

    def _delivery(self, news: News, event: dict[str, Any]) -> Delivery:
        credentials, chance = self._parts.credentials, self._parts.chance
        token = credentials.secrets["callback_token"]
        envelope = {
            "ToUserName": credentials.shop,
            "FromUserName": "channels-shop",
            "CreateTime": news.at_us // 1_000_000,
            "MsgType": "event",
            **event,
        }
        body = msgspec.json.encode(envelope)
        timestamp, nonce = str(self._parts.clock.now_s()), str(chance.randrange(10**8, 10**10))
        query = {
            "signature": callback_signature(token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
        }
        if self._parts.settings.now.options["events"] == "encrypted":
            salt = made_up(chance, 16).encode()
            sealed = encrypt(body, credentials.secrets["encoding_aes_key"], credentials.app_key, salt)
            query |= {
                "encrypt_type": "aes",
                "msg_signature": callback_signature(token, timestamp, nonce, sealed),
            }
            body = msgspec.json.encode({"ToUserName": credentials.shop, "Encrypt": sealed})
        headers = {"content-type": "application/json"}
        assert news.order is not None
        return Delivery(news.order.id, body, headers, query)


def _events(news: News) -> list[dict[str, Any]]:
    order, refund = news.order, news.refund
    if order is None:
        return []
    order_id = int(order.id)
    found: list[dict[str, Any]] = []
    if refund is not None:
        told = {
            "status": AFTER_SALE_STATUS[refund.stage],
            "after_sale_order_id": refund.id,
            "order_id": order.id,
        }
        found.append({"Event": "channels_ec_aftersale_update", "finder_shop_aftersale_status_update": told})
        if news.happening is Happening.REFUND_SUCCEEDED and order.stage is Stage.CLOSED_PAID:
            found.append(_cancelled(order_id, _BY_AFTER_SALES))
    elif news.happening is Happening.ORDER_CANCELLED:
        # An order that was paid was cancelled by its after-sales, which told it already.
        if order.stage is Stage.CLOSED_UNPAID:
            found.append(_cancelled(order_id, _BY_USER))
    elif news.happening in _ORDER_EVENTS:
        info: dict[str, Any] = {"order_id": order_id}
        if news.happening is Happening.ORDER_PAID:
            info["pay_time"] = (order.paid_at_us or 0) // 1_000_000
        found.append({"Event": _ORDER_EVENTS[news.happening], "order_info": info})
    return found


def _cancelled(order_id: int, cancel_type: int) -> dict[str, Any]:
    return {
        "Event": "channels_ec_order_cancel",
        "order_info": {"order_id": order_id, "cancel_type": cancel_type},
    }
