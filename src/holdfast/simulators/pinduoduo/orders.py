"""Pinduoduo's orders (facts 8): unpaid ones are hidden, changes come in windows of half an hour.

The list is newest first, so a reader that begins with the last page misses nothing that moves meanwhile. How
after-sales are listed (`pdd.refund.list.increment.get`) is known from memory.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from holdfast.simulators.platform import Parts
from holdfast.simulators.records import Order, Refund, RefundStage, Stage

from .errors import Code, Refused, number, text

_SPAN_S_MAX = 1_800
_PAGE_MAX = 100
_TO_SHIP, _SHIPPED, _SIGNED, _ALL = 1, 2, 3, 5
_NO_REFUND, _IN_PROGRESS, _REFUNDED = 1, 2, 4
_AFTER_SALES = {RefundStage.APPLIED: 2, RefundStage.SUCCEEDED: 10, RefundStage.CLOSED: 5}
"""Only 10 is in the facts; the other two are from memory."""
_CHINA = timezone(timedelta(hours=8))


class Orders:
    """The orders of the shop."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def changed(self, parameters: Mapping[str, object]) -> dict[str, Any]:
        """`pdd.order.number.list.increment.get`: orders by the time of their last change."""
        start_s, end_s = _span(parameters, "start_updated_at", "end_updated_at")
        return self._list(parameters, start_s, end_s, "order_sn_list", by_update=True)

    def confirmed(self, parameters: Mapping[str, object]) -> dict[str, Any]:
        """`pdd.order.list.get`: orders by the time they were concluded, which is when they were paid."""
        start_s, end_s = _span(parameters, "start_confirm_at", "end_confirm_at", 86_400)
        return self._list(parameters, start_s, end_s, "order_list", by_update=False)

    def get(self, parameters: Mapping[str, object]) -> dict[str, Any]:
        """`pdd.order.information.get`; an order that was never paid does not exist."""
        order = self._parts.world.orders.get(text(parameters, "order_sn"))
        if order is None or order.paid_at_us is None:
            raise Refused(Code.NOT_FOUND, "订单不存在")
        return {"order_info": self._row(order)}

    def refunds(self, parameters: Mapping[str, object]) -> dict[str, Any]:
        """`pdd.refund.list.increment.get`: after-sales by the time of their last change, with quantities."""
        start_s, end_s = _span(parameters, "start_updated_at", "end_updated_at")
        found = [
            refund
            for refund in self._parts.world.refunds.values()
            if start_s <= refund.updated_at_us // 1_000_000 <= end_s
        ]
        found.sort(key=lambda refund: (refund.updated_at_us, refund.id), reverse=True)
        rows = [self._refund(refund) for refund in found]
        return {"refund_list": _page(rows, parameters), "total_count": len(rows)}

    def _list(
        self, parameters: Mapping[str, object], start_s: int, end_s: int, name: str, *, by_update: bool
    ) -> dict[str, Any]:
        order_status = number(parameters, "order_status", 1, _ALL)
        refund_status = number(parameters, "refund_status", 1, _ALL)
        found = []
        for order in self._parts.world.orders_visible():
            if order.paid_at_us is None:
                continue
            at_us = order.updated_at_us if by_update else order.paid_at_us
            in_span = start_s <= at_us // 1_000_000 <= end_s
            fits = order_status in (_ALL, _order_status(order))
            if in_span and fits and refund_status in (_ALL, self._refund_status(order)):
                found.append((at_us, order.id))
        found.sort(reverse=True)
        page = [self._row(self._parts.world.orders[order]) for _, order in _page(found, parameters)]
        return {name: page, "total_count": len(found)}

    def _row(self, order: Order) -> dict[str, Any]:
        amount = f"{sum(line.price_fen * line.quantity for line in order.lines) / 100:.2f}"
        assert order.paid_at_us is not None
        refunds = self._parts.world.refunds_of(order)
        # What the whole order came to; a refund of some units shows in the list of refunds only.
        after_sales = 0
        if order.stage is Stage.CLOSED_PAID:
            after_sales = _AFTER_SALES[RefundStage.SUCCEEDED]
        elif any(refund.stage is RefundStage.APPLIED for refund in refunds):
            after_sales = _AFTER_SALES[RefundStage.APPLIED]
        return {
            "order_sn": order.id,
            "order_status": _order_status(order),
            "refund_status": self._refund_status(order),
            "after_sales_status": after_sales,
            "confirm_status": 1,
            "group_status": 1,
            "risk_control_status": self._parts.settings.now.options["risk_control_status"],
            "created_time": _time_text(order.created_at_us),
            "pay_time": _time_text(order.paid_at_us),
            "confirm_time": _time_text(order.paid_at_us),
            "updated_at": _time_text(order.updated_at_us),
            "goods_amount": amount,
            "pay_amount": amount,
            "item_list": [
                {
                    "goods_id": int(line.key.product),
                    "sku_id": int(line.key.variant),
                    "outer_id": line.merchant_code,
                    "goods_count": line.quantity,
                    "goods_price": f"{line.price_fen / 100:.2f}",
                }
                for line in order.lines
            ],
        }

    def _refund_status(self, order: Order) -> int:
        if order.stage is Stage.CLOSED_PAID:
            return _REFUNDED
        refunds = self._parts.world.refunds_of(order)
        return _IN_PROGRESS if any(each.stage is RefundStage.APPLIED for each in refunds) else _NO_REFUND

    def _refund(self, refund: Refund) -> dict[str, Any]:
        order = self._parts.world.orders[refund.order]
        line = next(each for each in order.lines if each.id == refund.line)
        return {
            "id": int(refund.id),
            "order_sn": refund.order,
            "goods_id": line.key.product,
            "sku_id": line.key.variant,
            "outer_id": line.merchant_code,
            "goods_number": refund.quantity,
            "after_sales_status": _AFTER_SALES[refund.stage],
            "after_sales_type": 3 if refund.after_shipping else 2,
            "refund_amount": f"{refund.amount_fen / 100:.2f}",
            "created_time": _time_text(refund.created_at_us),
            "updated_time": _time_text(refund.updated_at_us),
        }


def _order_status(order: Order) -> int:
    if order.completed_at_us is not None:
        return _SIGNED
    return _SHIPPED if order.stage is Stage.SHIPPED or _was_shipped(order) else _TO_SHIP


def _was_shipped(order: Order) -> bool:
    return order.stage is Stage.CLOSED_PAID and order.shipped_at_us is not None


def _span(
    parameters: Mapping[str, object], start: str, end: str, span_s_max: int = _SPAN_S_MAX
) -> tuple[int, int]:
    start_s = number(parameters, start, 0, 2**40)
    end_s = number(parameters, end, start_s, 2**40)
    if end_s - start_s > span_s_max:
        raise Refused(Code.WRONG_ARGUMENT, f"参数错误: the span is more than {span_s_max // 60} minutes")
    return start_s, end_s


def _page(rows: list[Any], parameters: Mapping[str, object]) -> list[Any]:
    page = number(parameters, "page", 1, 10**6, 1)
    size = number(parameters, "page_size", 1, _PAGE_MAX, _PAGE_MAX)
    return rows[(page - 1) * size : page * size]


def _time_text(time_us: int) -> str:
    return datetime.fromtimestamp(time_us // 1_000_000, UTC).astimezone(_CHINA).strftime("%Y-%m-%d %H:%M:%S")
