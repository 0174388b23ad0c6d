"""Douyin's pushes: JSON arrays of numbered events that name an order and tell neither SKU nor quantity."""

import itertools
import json
import random
from typing import Any

from ..platform import Credentials, Delivery
from ..records import Happening, News
from .signing import canonical, event_sign

TAGS = {
    Happening.ORDER_CREATED: ("100",),
    Happening.ORDER_PAID: ("101", "110"),
    Happening.ORDER_PARTLY_SHIPPED: ("108",),
    Happening.ORDER_SHIPPED: ("102",),
    Happening.ORDER_COMPLETED: ("103",),
    Happening.ORDER_CANCELLED: ("106",),
    Happening.REFUND_APPLIED: ("200",),
    Happening.REFUND_SUCCEEDED: ("201", "206"),
    Happening.REFUND_CLOSED: ("207",),
}
"""Events that come about together come in one array. Stock changes are never pushed."""


class Pushes:
    """Makes and signs them."""

    def __init__(self, credentials: Credentials, chance: random.Random) -> None:
        self._credentials = credentials
        self._chance = chance
        self._numbers = itertools.count(chance.randrange(10**9))

    def probe(self) -> Delivery:
        """The message that tries a new address."""
        return self._delivery("probe", [{"tag": "0", "msg_id": "0", "data": "2026-01-01T00:00:00+08:00"}])

    def about(self, news: News, order_status: int, shape: str) -> list[Delivery]:
        """The array for one happening; `shape` is `string`, `object` or `mixed`."""
        if news.order is None or news.happening not in TAGS:
            return []
        payload = self._payload(news, order_status)
        if shape == "mixed":
            shape = self._chance.choice(("string", "object"))
        entries: list[dict[str, Any]] = []
        for tag in TAGS[news.happening]:
            number = f"{next(self._numbers)}:{tag}:{news.order.id}"
            if shape == "object":
                entries.append({"tag": tag, "msgId": number, "data": payload})
            else:
                entries.append({"tag": tag, "msg_id": number, "data": canonical(payload)})
        return [self._delivery(news.order.id, entries)]

    def _payload(self, news: News, order_status: int) -> dict[str, Any]:
        order, refund, at_s = news.order, news.refund, news.at_us // 1_000_000
        assert order is not None
        found: dict[str, Any] = {"p_id": int(order.id), "shop_id": int(self._credentials.shop)}
        if refund is not None:
            found |= {
                "s_id": int(refund.line),
                "aftersale_id": int(refund.id),
                "aftersale_type": 1 if refund.after_shipping else 2,
                "refund_amount": refund.amount_fen,
                "reason_code": 1,
            }
            if news.happening is Happening.REFUND_SUCCEEDED:
                found["success_time"] = at_s
            return found
        found |= {
            "s_ids": [int(line.id) for line in order.lines],
            "order_status": order_status,
            "order_type": 0,
            "create_time": order.created_at_us // 1_000_000,
            "biz": 2,
        }
        if news.happening is Happening.ORDER_PAID:
            amount = sum(line.quantity * line.price_fen for line in order.lines)
            found |= {"pay_time": at_s, "pay_type": 1, "pay_amount": amount}
        if news.happening is Happening.ORDER_CANCELLED:
            found |= {"cancel_time": at_s, "cancel_reason": "买家取消"}
        return found

    def _delivery(self, key: str, entries: list[dict[str, Any]]) -> Delivery:
        body = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode()
        signature = event_sign(self._credentials.app_secret, self._credentials.app_key, body)
        headers = {
            "content-type": "application/json;charset=utf-8",
            "event-sign": signature,
            "app-id": self._credentials.app_key,
        }
        return Delivery(key, body, headers)
