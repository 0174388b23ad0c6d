"""WeChat's calls about orders and after-sales (facts 5.3)."""

from typing import Any

from holdfast.simulators.platform import Parts
from holdfast.simulators.records import Line, Order, Refund, RefundStage, Stage

from .errors import Arguments, Code, Refused

_SPAN_S_MAX = 7 * 86_400
_PAGE_MAX = 100
STATUS = {
    Stage.UNPAID: 10,
    Stage.PAID: 20,
    Stage.PARTLY_SHIPPED: 21,
    Stage.SHIPPED: 30,
    Stage.COMPLETED: 100,
    Stage.CLOSED_PAID: 200,
    Stage.CLOSED_UNPAID: 250,
}
AFTER_SALE_STATUS = {
    RefundStage.APPLIED: "MERCHANT_PROCESSING",
    RefundStage.SUCCEEDED: "MERCHANT_REFUND_SUCCESS",
    RefundStage.CLOSED: "USER_CANCELD",
}
"""Only the success is in the facts; the other two, with the vendor's spelling, are from memory."""


class Orders:
    """The orders of the shop."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def list(self, arguments: Arguments) -> dict[str, Any]:
        """Ids of the orders made or changed in a span of at most seven days, oldest first."""
        by_update = arguments.has("update_time_range")
        if not by_update and not arguments.has("create_time_range"):
            raise Refused(Code.WRONG_ARGUMENT, "invalid args: create_time_range or update_time_range")
        span = arguments.part("update_time_range" if by_update else "create_time_range")
        start_s = span.number("start_time", 0, 2**40)
        end_s = span.number("end_time", start_s, 2**40)
        if end_s - start_s > _SPAN_S_MAX:
            raise Refused(Code.WRONG_ARGUMENT, "invalid args: the span is more than 7 days")
        status = arguments.number("status", 0, 1_000, 0)
        openid = arguments.text("openid")
        rows = sorted(
            (order.updated_at_us if by_update else order.created_at_us, order.id)
            for order in self._parts.world.orders_visible()
            if (not status or STATUS[order.stage] == status) and (not openid or order.buyer == openid)
        )
        rows = [row for row in rows if start_s <= row[0] // 1_000_000 <= end_s]
        ids, next_key, more = _page(rows, arguments)
        return {"order_id_list": ids, "next_key": next_key, "has_more": more}

    def get(self, arguments: Arguments) -> dict[str, Any]:
        """One order."""
        order = self._parts.world.orders.get(arguments.id("order_id"))
        if order is None:
            raise Refused(Code.WRONG_ARGUMENT, "invalid args: order does not exist")
        refunds = self._parts.world.refunds_of(order)
        detail: dict[str, Any] = {
            "product_infos": [self._line(order, line) for line in order.lines],
            "price_info": {"order_price": sum(line.price_fen * line.quantity for line in order.lines)},
        }
        if order.paid_at_us is not None:
            detail["pay_info"] = {"pay_time": order.paid_at_us // 1_000_000}
        told = {
            "order_id": order.id,
            "openid": order.buyer,
            "status": STATUS[order.stage],
            "create_time": order.created_at_us // 1_000_000,
            "update_time": order.updated_at_us // 1_000_000,
            "order_detail": detail,
            "aftersale_detail": {
                "on_aftersale_order_cnt": sum(each.stage is RefundStage.APPLIED for each in refunds),
                "aftersale_order_list": [{"aftersale_order_id": each.id} for each in refunds],
            },
        }
        return {"order": told}

    def after_sales(self, arguments: Arguments) -> dict[str, Any]:
        """Ids of the after-sales that were applied for in a span."""
        start_s = arguments.number("begin_create_time", 0, 2**40)
        end_s = arguments.number("end_create_time", start_s, 2**40)
        rows = sorted((refund.created_at_us, refund.id) for refund in self._parts.world.refunds.values())
        rows = [row for row in rows if start_s <= row[0] // 1_000_000 <= end_s]
        ids, next_key, more = _page(rows, arguments)
        return {"after_sale_order_id_list": ids, "next_key": next_key, "has_more": more}

    def after_sale(self, arguments: Arguments) -> dict[str, Any]:
        """One after-sale; it always has a quantity."""
        refund = self._parts.world.refunds.get(arguments.id("after_sale_order_id"))
        if refund is None:
            raise Refused(Code.WRONG_ARGUMENT, "invalid args: after-sale does not exist")
        return {"after_sale_order": self._after_sale(refund)}

    def _after_sale(self, refund: Refund) -> dict[str, Any]:
        order = self._parts.world.orders[refund.order]
        line = next(each for each in order.lines if each.id == refund.line)
        return {
            "after_sale_order_id": refund.id,
            "status": AFTER_SALE_STATUS[refund.stage],
            "type": "REFUND",
            "openid": order.buyer,
            "order_id": order.id,
            "create_time": refund.created_at_us // 1_000_000,
            "update_time": refund.updated_at_us // 1_000_000,
            "product_info": {
                "product_id": line.key.product,
                "sku_id": line.key.variant,
                "count": refund.quantity,
            },
            "refund_info": {"amount": refund.amount_fen},
            "details": {"receive_product": refund.after_shipping},
        }

    def _line(self, order: Order, line: Line) -> dict[str, Any]:
        refunds = self._parts.world.refunds_of(order, line)
        return {
            "product_id": line.key.product,
            "sku_id": line.key.variant,
            "sku_cnt": line.quantity,
            "on_aftersale_sku_cnt": sum(
                each.quantity for each in refunds if each.stage is RefundStage.APPLIED
            ),
            "finish_aftersale_sku_cnt": line.refunded,
            "sku_code": line.merchant_code,
            "out_product_id": "",
            "out_sku_id": "",
            "out_warehouse_id": line.key.warehouse,
            "sale_price": line.price_fen,
        }


def _page(rows: list[tuple[int, str]], arguments: Arguments) -> tuple[list[str], str, bool]:
    """One page of ids, the key of the next one, and whether there is one; the key names the last row."""
    size = arguments.number("page_size", 1, _PAGE_MAX, 10)
    after = arguments.text("next_key")
    if after:
        time_us, _, last = after.partition("-")
        if not time_us.isdecimal():
            raise Refused(Code.WRONG_ARGUMENT, "invalid args: next_key")
        rows = [row for row in rows if row > (int(time_us), last)]
    page = rows[:size]
    next_key = f"{page[-1][0]}-{page[-1][1]}" if page else after
    return [row[1] for row in page], next_key, len(rows) > size
