"""TikTok Shop's orders (facts 6.3): one entry for every unit, pages by token.

The facts do not tell how returns are listed; that call is known from memory.
"""

from typing import Any

from holdfast.simulators.platform import Parts
from holdfast.simulators.records import Line, Order, Refund, RefundStage, Stage

from .errors import Code, Refused, number_in, texts_in
from .stock import Stock

_IDS_MAX = 50
_PAGE_MAX = 100
_STATUS = {
    Stage.UNPAID: "UNPAID",
    Stage.PARTLY_SHIPPED: "PARTIALLY_SHIPPING",
    Stage.SHIPPED: "IN_TRANSIT",
    Stage.COMPLETED: "COMPLETED",
    Stage.CLOSED_UNPAID: "CANCELLED",
    Stage.CLOSED_PAID: "CANCELLED",
}
RETURN_STATUS = {
    RefundStage.APPLIED: "RETURN_OR_REFUND_REQUEST_PENDING",
    RefundStage.SUCCEEDED: "RETURN_OR_REFUND_REQUEST_COMPLETE",
    RefundStage.CLOSED: "RETURN_OR_REFUND_REQUEST_CANCEL",
}


class Orders:
    """The orders of the shop."""

    def __init__(self, parts: Parts, stock: Stock) -> None:
        self._parts = parts
        self._stock = stock

    def search(self, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        """Orders made or changed in a span (`ge` and on, before `lt`)."""
        by_update = query.get("sort_field", "create_time") == "update_time"
        status = body.get("order_status")
        orders = [
            order
            for order in self._parts.world.orders_visible()
            if (not status or self.status(order) == status)
            and _within(order.created_at_us, body, "create_time")
            and _within(order.updated_at_us, body, "update_time")
        ]
        keyed = [(order.updated_at_us if by_update else order.created_at_us, order.id) for order in orders]
        ids, token = _page(keyed, query)
        return {
            "orders": [self.order(self._parts.world.orders[each]) for each in ids],
            "next_page_token": token,
            "total_count": len(orders),
        }

    def get(self, query: dict[str, str]) -> dict[str, Any]:
        """Some orders; what does not exist is left out."""
        ids = [each for each in query.get("ids", "").split(",") if each]
        if not ids:
            raise Refused(Code.WRONG_ARGUMENT, "ids are needed")
        if len(ids) > _IDS_MAX:
            raise Refused(Code.TOO_MANY, f"ids are at most {_IDS_MAX}")
        orders = self._parts.world.orders
        return {"orders": [self.order(orders[each]) for each in ids if each in orders]}

    def returns(self, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        """Returns and refunds, of some orders or in a span."""
        of_orders = texts_in(body, "order_ids", _IDS_MAX)
        found = {
            refund.id: refund
            for refund in self._parts.world.refunds.values()
            if (not of_orders or refund.order in of_orders)
            and _within(refund.created_at_us, body, "create_time")
            and _within(refund.updated_at_us, body, "update_time")
        }
        ids, token = _page([(refund.updated_at_us, refund.id) for refund in found.values()], query)
        rows = [self._return(found[each]) for each in ids]
        return {"return_orders": rows, "next_page_token": token, "total_count": len(found)}

    def status(self, order: Order) -> str:
        """The status word; a paid order may be on hold."""
        return _STATUS.get(order.stage) or str(self._parts.settings.now.options["after_payment"])

    def order(self, order: Order) -> dict[str, Any]:
        """One order."""
        told = {
            "id": order.id,
            "status": self.status(order),
            "create_time": order.created_at_us // 1_000_000,
            "update_time": order.updated_at_us // 1_000_000,
            "user_id": order.buyer,
            "is_on_hold_order": self.status(order) == "ON_HOLD",
            "fulfillment_type": "FULFILLMENT_BY_SELLER",
            "warehouse_id": self._stock.warehouse(order.lines[0].key),
            "line_items": [unit for line in order.lines for unit in self._units(order, line)],
        }
        if order.paid_at_us is not None:
            told["paid_time"] = order.paid_at_us // 1_000_000
        if order.closed_at_us is not None:
            told["cancel_time"] = order.closed_at_us // 1_000_000
        return told

    def _units(self, order: Order, line: Line) -> list[dict[str, Any]]:
        """The last units of a line are the refunded ones."""
        return [
            {
                "id": f"{line.id}{number:04d}",
                "product_id": line.key.product,
                "sku_id": line.key.variant,
                "seller_sku": line.merchant_code,
                "display_status": "CANCELLED"
                if number >= line.quantity - line.refunded
                else self.status(order),
                "sale_price": f"{line.price_fen / 100:.2f}",
                "currency": "USD",
            }
            for number in range(line.quantity)
        ]

    def _return(self, refund: Refund) -> dict[str, Any]:
        order = self._parts.world.orders[refund.order]
        line = next(each for each in order.lines if each.id == refund.line)
        earlier = self._parts.world.refunds_of(order, line)
        before = sum(
            each.quantity for each in earlier[: earlier.index(refund)] if each.stage is not RefundStage.CLOSED
        )
        last = line.quantity - before
        return {
            "return_id": refund.id,
            "order_id": refund.order,
            "return_type": "RETURN_AND_REFUND" if refund.after_shipping else "REFUND",
            "return_status": RETURN_STATUS[refund.stage],
            "create_time": refund.created_at_us // 1_000_000,
            "update_time": refund.updated_at_us // 1_000_000,
            "return_line_items": [
                {"order_line_item_id": f"{line.id}{number:04d}", "sku_id": line.key.variant}
                for number in range(last - refund.quantity, last)
            ],
        }


def _within(time_us: int, body: dict[str, Any], name: str) -> bool:
    time_s = time_us // 1_000_000
    return number_in(body, f"{name}_ge", 0) <= time_s < number_in(body, f"{name}_lt", 2**40)


def _page(rows: list[tuple[int, str]], query: dict[str, str]) -> tuple[list[str], str]:
    """One page of ids, and the token of the next one, which names the last row."""
    size = query.get("page_size", "")
    if not size.isdecimal() or not 1 <= int(size) <= _PAGE_MAX:
        raise Refused(Code.WRONG_ARGUMENT, f"page_size is from 1 to {_PAGE_MAX}")
    ascending = query.get("sort_order", "DESC") == "ASC"
    rows = sorted(rows, reverse=not ascending)
    token = query.get("page_token", "")
    if token:
        time_us, _, last = token.partition("-")
        if not time_us.isdecimal():
            raise Refused(Code.WRONG_ARGUMENT, "page_token is not one of ours")
        seen = (int(time_us), last)
        rows = [row for row in rows if (row > seen if ascending else row < seen)]
    page = rows[: int(size)]
    return [row[1] for row in page], f"{page[-1][0]}-{page[-1][1]}" if len(rows) > len(page) else ""
