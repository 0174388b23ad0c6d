"""Kuaishou's pushes: encrypted, one event each, with neither SKU nor quantity in them."""

import itertools
import json
import random
from typing import Any

from ..platform import Credentials, Delivery
from ..records import Happening, News, Stage
from .orders import REFUND_STATUS, STATUS
from .signing import encrypt

_ORDER_EVENTS = {
    Happening.ORDER_CREATED: ("addOrder",),
    Happening.ORDER_PAID: ("paySuccess",),
    Happening.ORDER_SHIPPED: ("delivering",),
    Happening.ORDER_COMPLETED: ("deliverySuccess", "orderSuccess"),
    Happening.ORDER_CANCELLED: ("orderFail",),
    Happening.REFUND_SUCCEEDED: ("orderFail",),
}
_REFUND_EVENTS = {
    Happening.REFUND_APPLIED: "addRefund",
    Happening.REFUND_SUCCEEDED: "updateRefund",
    Happening.REFUND_CLOSED: "updateRefund",
}


class Pushes:
    """Makes and encrypts them."""

    def __init__(self, credentials: Credentials, chance: random.Random) -> None:
        self._credentials = credentials
        self._numbers = itertools.count(chance.randrange(10**9))

    def probe(self) -> Delivery:
        """What tries an address; it wants to be acknowledged as well."""
        return self._delivery("probe", {"test": True})

    def about(self, news: News) -> list[Delivery]:
        """The messages of one happening: about its refund, and about its order where that changed."""
        if news.order is None:
            return []
        order, refund, at_ms = news.order, news.refund, news.at_us // 1_000
        found = []
        if refund is not None:
            info: dict[str, Any] = {
                "orderId": int(order.id),
                "refundId": int(refund.id),
                "handlingWay": 1 if refund.after_shipping else 10,
                "status": REFUND_STATUS[refund.stage],
                "eventType": 1 if news.happening is Happening.REFUND_APPLIED else 2,
                "createTime" if news.happening is Happening.REFUND_APPLIED else "updateTime": at_ms,
            }
            event = f"kwaishop_aftersales_{_REFUND_EVENTS[news.happening]}"
            found.append(self._message(event, order.id, info, at_ms))
            if order.stage is not Stage.CLOSED_PAID:
                return found
        for name in _ORDER_EVENTS.get(news.happening, ()):
            info = {"oid": int(order.id), "sellerId": int(self._credentials.shop)}
            if name == "addOrder":
                info |= {
                    "openId": f"o{self._credentials.shop}",
                    "createTime": at_ms,
                    "buyerOpenId": order.buyer,
                }
            else:
                info |= {"status": STATUS[order.stage], "updateTime": at_ms}
            found.append(self._message(f"kwaishop_order_{name}", order.id, info, at_ms))
        return found

    def _message(self, event: str, order: str, info: dict[str, Any], at_ms: int) -> Delivery:
        number = next(self._numbers)
        plain = {
            "eventId": f"e{number}",
            "msgId": f"m{number}",
            "bizId": int(order),
            "userId": int(self._credentials.shop),
            "openId": f"o{self._credentials.shop}",
            "appKey": self._credentials.app_key,
            "event": event,
            "info": json.dumps(info, separators=(",", ":")),
            "status": 1,
            "createTime": at_ms,
            "updateTime": at_ms,
        }
        return self._delivery(order, plain)

    def _delivery(self, key: str, plain: dict[str, Any]) -> Delivery:
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
        body = encrypt(text, self._credentials.secrets["message_secret"])
        return Delivery(key, body, {"content-type": "text/plain;charset=utf-8"})
