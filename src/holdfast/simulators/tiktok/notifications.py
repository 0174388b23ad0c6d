"""TikTok Shop's webhooks (facts 6.4): the enveloped types, and type 68 about stock, which has no envelope."""

from typing import Any

import msgspec

from holdfast.simulators.platform import Delivery, Parts
from holdfast.simulators.records import Change, Happening, Key, News, Order, Refund, Stage

from .orders import RETURN_STATUS, Orders
from .signing import push_signature
from .stock import Stock

_ORDER_STATUS, _CANCELLATION, _RETURN, _REFUNDED = 1, 11, 12, 67


class Notifications:
    """Makes the messages."""

    def __init__(self, parts: Parts, stock: Stock, orders: Orders) -> None:
        self._parts = parts
        self._stock = stock
        self._orders = orders

    def of(self, news: News) -> list[Delivery]:
        """The messages that something leads to."""
        if news.change is not None:
            change = news.change
            deltas = {"total_available_delta": change.difference, "total_committed_delta": 0}
            if change.cause in self._parts.world.orders:
                deltas["total_committed_delta"] = -change.difference
            return [self._stock_changed(news, change.key, _source(change), deltas)]
        if news.order is None:
            return []
        if news.refund is not None:
            return self._of_refund(news, news.order, news.refund)
        found = [self._order_status(news, news.order)]
        if news.happening is Happening.ORDER_CANCELLED:
            if news.order.stage is Stage.CLOSED_PAID:
                found.clear()
            cancelled = {"order_id": news.order.id, "cancel_status": "CANCELLATION_REQUEST_COMPLETE"}
            found.append(self._enveloped(news, _CANCELLATION, cancelled))
        elif news.happening is Happening.ORDER_SHIPPED:
            for line in news.order.lines:
                left = line.quantity - line.refunded
                deltas = {"total_available_delta": 0, "total_committed_delta": -left}
                found.append(self._stock_changed(news, line.key, "order_shipped", deltas))
        return found

    def _of_refund(self, news: News, order: Order, refund: Refund) -> list[Delivery]:
        told = {"order_id": order.id, "return_id": refund.id, "return_status": RETURN_STATUS[refund.stage]}
        found = []
        if refund.after_shipping or news.happening is not Happening.REFUND_SUCCEEDED:
            found.append(self._enveloped(news, _RETURN, told))
        if news.happening is Happening.REFUND_SUCCEEDED:
            found.append(self._enveloped(news, _REFUNDED, told))
            if order.stage is Stage.CLOSED_PAID:
                found.append(self._order_status(news, order))
        return found

    def _order_status(self, news: News, order: Order) -> Delivery:
        status = self._orders.status(order)
        told = {
            "is_on_hold_order": status == "ON_HOLD",
            "order_id": order.id,
            # Unlike the orders themselves, notifications spell it so.
            "order_status": "CANCEL" if status == "CANCELLED" else status,
        }
        return self._enveloped(news, _ORDER_STATUS, told)

    def _enveloped(self, news: News, kind: int, data: dict[str, Any]) -> Delivery:
        at_s = news.at_us // 1_000_000
        body = {
            "type": kind,
            "tts_notification_id": str(self._parts.chance.randrange(10**18, 10**19)),
            "shop_id": self._parts.credentials.shop,
            "timestamp": at_s,
            "data": {**data, "update_time": at_s},
        }
        return self._signed(str(data["order_id"]), body)

    def _stock_changed(self, news: News, key: Key, source: str, deltas: dict[str, int]) -> Delivery:
        listings = [
            each for each in self._parts.world.variants(key.product) if each.key.variant == key.variant
        ]
        event = str(self._parts.chance.randrange(10**18, 10**19))
        body = {
            "event_id": event,
            "occurred_at": news.at_us // 1_000_000,
            "seller_id": self._parts.credentials.shop,
            "product_id": key.product,
            "sku_id": key.variant,
            "quantity_snapshot_after_change": self._stock.snapshot(listings),
            "change_detail": [{"idempotency_key": event, "trigger_source": source, **deltas}],
        }
        return self._signed(key.text, body)

    def _signed(self, key: str, document: dict[str, Any]) -> Delivery:
        body = msgspec.json.encode(document)
        credentials = self._parts.credentials
        signature = push_signature(credentials.app_key, credentials.app_secret, body)
        return Delivery(key, body, {"content-type": "application/json", "Authorization": signature})


def _source(change: Change) -> str:
    if change.cause == "write":
        return "api_sync"
    if change.cause == "put":
        return "manual_adjustment"
    return "order_created" if change.difference < 0 else "order_canceled"
