"""Xiaohongshu's orders (facts 9). After-sales have to be asked for; how is known from memory only."""

from typing import Any

from holdfast.simulators.platform import Parts
from holdfast.simulators.records import Order, Refund, RefundStage, Stage

from .errors import Code, Refused, number, text

_BY_CREATION, _BY_UPDATE = 1, 2
_SPAN_S_MAX = {_BY_CREATION: 86_400, _BY_UPDATE: 1_800}
_PAGE_MAX = 100
STATUS = {
    Stage.UNPAID: 1,
    Stage.PAID: 4,
    Stage.PARTLY_SHIPPED: 5,
    Stage.SHIPPED: 6,
    Stage.COMPLETED: 7,
    Stage.CLOSED_PAID: 8,
    Stage.CLOSED_UNPAID: 9,
}
"""Which of 8 and 9 an order ends with is not in the facts."""
_AFTER_SALE_STATUS = {RefundStage.APPLIED: 1, RefundStage.SUCCEEDED: 4, RefundStage.CLOSED: 5}
RETURN_AND_REFUND, REFUND_ONLY = 1, 5


class Orders:
    """The orders of the shop."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def list(self, fields: dict[str, Any]) -> dict[str, Any]:
        """`order.getOrderList`: a day of orders by creation, or half an hour by update; oldest first."""
        kind = number(fields, "timeType", _BY_CREATION, _BY_UPDATE)
        start_s, end_s = _span(fields, _SPAN_S_MAX[kind])
        status = number(fields, "orderStatus", 0, 10, 0)
        found = []
        for order in self._parts.world.orders_visible():
            at_us = order.updated_at_us if kind == _BY_UPDATE else order.created_at_us
            if start_s <= at_us // 1_000_000 <= end_s and status in (0, STATUS[order.stage]):
                found.append((at_us, order.id))
        page = _page(sorted(found), fields)
        orders = self._parts.world.orders
        page["orderList"] = [self._row(orders[order]) for _, order in page.pop("rows")]
        return page

    def get(self, fields: dict[str, Any]) -> dict[str, Any]:
        """`order.getOrderDetail`: the only place that tells SKUs and quantities."""
        order = self._parts.world.orders.get(text(fields, "orderId"))
        if order is None:
            raise Refused(Code.NOT_FOUND, "the order does not exist")
        skus = [
            {
                "skuId": line.key.variant or line.key.product,
                "itemId": line.key.product,
                "erpcode": line.merchant_code,
                "skuQuantity": line.quantity,
                "totalPaidAmount": line.price_fen * line.quantity,
            }
            for line in order.lines
        ]
        return {**self._row(order), "skuList": skus}

    def after_sales(self, fields: dict[str, Any]) -> dict[str, Any]:
        """`afterSale.listAfterSaleInfos`: by the time of the last change, or those of one order."""
        order_id = fields.get("orderId")
        start_s, end_s = (0, 2**40) if order_id else _span(fields, _SPAN_S_MAX[_BY_UPDATE])
        found = sorted(
            (refund.updated_at_us, refund.id)
            for refund in self._parts.world.refunds.values()
            if start_s <= refund.updated_at_us // 1_000_000 <= end_s and order_id in (None, refund.order)
        )
        page = _page(found, fields)
        refunds = self._parts.world.refunds
        page["afterSaleBasicInfos"] = [self._after_sale(refunds[each]) for _, each in page.pop("rows")]
        return page

    def after_sale(self, fields: dict[str, Any]) -> dict[str, Any]:
        """`afterSale.getAfterSaleInfo`."""
        refund = self._parts.world.refunds.get(text(fields, "returnsId"))
        if refund is None:
            raise Refused(Code.NOT_FOUND, "the after-sale does not exist")
        return {"afterSaleInfo": self._after_sale(refund)}

    def _row(self, order: Order) -> dict[str, Any]:
        refunds = self._parts.world.refunds_of(order)
        pending = any(refund.stage is RefundStage.APPLIED for refund in refunds)
        done = any(refund.stage is RefundStage.SUCCEEDED for refund in refunds)
        return {
            "orderId": order.id,
            "orderStatus": STATUS[order.stage],
            "orderAfterSalesStatus": 2 if pending else 3 if done else 1,
            "userId": order.buyer,
            "createdTime": order.created_at_us // 1_000,
            "paidTime": (order.paid_at_us or 0) // 1_000,
            "updateTime": order.updated_at_us // 1_000,
            "cancelTime": (order.closed_at_us or 0) // 1_000,
        }

    def _after_sale(self, refund: Refund) -> dict[str, Any]:
        order = self._parts.world.orders[refund.order]
        line = next(each for each in order.lines if each.id == refund.line)
        return {
            "returnsId": refund.id,
            "orderId": refund.order,
            "returnType": RETURN_AND_REFUND if refund.after_shipping else REFUND_ONLY,
            "status": _AFTER_SALE_STATUS[refund.stage],
            "refundFee": refund.amount_fen,
            "createdTime": refund.created_at_us // 1_000,
            "updateTime": refund.updated_at_us // 1_000,
            "skus": [
                {
                    "skuId": line.key.variant or line.key.product,
                    "boughtCount": line.quantity,
                    "appliedCount": refund.quantity,
                }
            ],
        }


def _span(fields: dict[str, Any], span_s_max: int) -> tuple[int, int]:
    start_s = number(fields, "startTime", 0, 2**40)
    end_s = number(fields, "endTime", start_s, 2**40)
    if end_s - start_s > span_s_max:
        raise Refused(Code.WRONG_ARGUMENT, f"the span is more than {span_s_max // 60} minutes")
    return start_s, end_s


def _page(rows: list[Any], fields: dict[str, Any]) -> dict[str, Any]:
    page, size = number(fields, "pageNo", 1, 10**6, 1), number(fields, "pageSize", 1, _PAGE_MAX, 50)
    return {
        "rows": rows[(page - 1) * size : page * size],
        "total": len(rows),
        "pageNo": page,
        "pageSize": size,
        "maxPageNo": -(-len(rows) // size),
    }
