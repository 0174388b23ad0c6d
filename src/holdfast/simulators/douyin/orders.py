"""Douyin's order and after-sale lists; pages begin at 0."""

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ..platform import Platform
from ..records import Deducts, Line, Order, Refund, RefundStage, Stage
from .errors import DouyinError, Parameters, invalid

PAGE_MAX = 100
SEARCHABLE_S = 90 * 86_400
T = TypeVar("T")

_TO_SHIP = 2
_STATUS = {
    Stage.UNPAID: 1,
    Stage.PARTLY_SHIPPED: 101,
    Stage.SHIPPED: 3,
    Stage.COMPLETED: 5,
    Stage.CLOSED_UNPAID: 4,
    Stage.CLOSED_PAID: 4,
}
# after_sale_status, refund_status
_AFTER_SALE = {RefundStage.APPLIED: (6, 1), RefundStage.SUCCEEDED: (12, 3), RefundStage.CLOSED: (28, 4)}
_DESCRIBED = {
    "in_aftersale": RefundStage.APPLIED,
    "refund": RefundStage.APPLIED,
    "refund_success": RefundStage.SUCCEEDED,
    "refund_fail": RefundStage.CLOSED,
    "aftersale_close": RefundStage.CLOSED,
}


class Orders:
    """The lists behind the methods."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def methods(self) -> dict[str, Callable[[Parameters], Any]]:
        """Each method by its name."""
        return {
            "order.searchList": self.search,
            "order.orderDetail": self.order_detail,
            "afterSale.List": self.after_sales,
        }

    def status(self, order: Order) -> int:
        """The number for where an order stands."""
        return (
            int(self._platform.option("paid_status")) if order.stage is Stage.PAID else _STATUS[order.stage]
        )

    def search(self, given: Parameters) -> Any:
        """`order/searchList`; both ends of a span belong to it."""
        found = list(self._platform.world.orders_visible())
        found = self._between(given, found, "create_time", lambda order: order.created_at_us)
        found = self._between(given, found, "update_time", lambda order: order.updated_at_us)
        wanted = _statuses(given)
        if wanted:
            found = [order for order in found if str(self.status(order)) in wanted]
        found = self._described(given, found)
        by_update = given.text("order_by", default="create_time") == "update_time"
        found.sort(
            key=lambda order: (order.updated_at_us if by_update else order.created_at_us, order.id),
            reverse=not given.flag("order_asc", default=False),
        )
        page, size, rows = _page(given, found)
        told = [self._order(order) for order in rows]
        return {"page": page, "total": len(found), "size": size, "shop_order_list": told}

    def order_detail(self, given: Parameters) -> Any:
        """`order/orderDetail`."""
        order = self._platform.world.orders.get(given.text("shop_order_id"))
        if order is None:
            raise DouyinError(40004, "isv.parameter-invalid:1", "订单不存在")
        return {"shop_order_detail": self._order(order)}

    def after_sales(self, given: Parameters) -> Any:
        """`afterSale/List`; its quantities are the only place that tells of a part of a line."""
        found = list(self._platform.world.refunds.values())
        found = self._within(given, found, "start_time", "end_time", lambda refund: refund.created_at_us)
        found = self._within(
            given, found, "update_start_time", "update_end_time", lambda refund: refund.updated_at_us
        )
        statuses = given.values("standard_aftersale_status")
        if statuses:
            found = [refund for refund in found if _AFTER_SALE[refund.stage][0] in statuses]
        if "aftersale_type" in given:
            kind = given.integer("aftersale_type")
            found = [refund for refund in found if _kind(refund) == kind]
        found.sort(key=lambda refund: (refund.created_at_us, refund.id), reverse=True)
        page, size, rows = _page(given, found)
        told = [self._after_sale(refund) for refund in rows]
        more = (page + 1) * size < len(found)
        return {"items": told, "has_more": more, "total": len(found), "page": page, "size": size}

    def _between(self, given: Parameters, found: list[T], name: str, at_us: Callable[[T], int]) -> list[T]:
        return self._within(given, found, f"{name}_start", f"{name}_end", at_us)

    def _within(
        self, given: Parameters, found: list[T], start: str, end: str, at_us: Callable[[T], int]
    ) -> list[T]:
        if start not in given and end not in given:
            return found
        now_s = self._platform.clock.now_s()
        from_s, until_s = (
            given.integer(start, default=now_s - SEARCHABLE_S),
            given.integer(end, default=now_s),
        )
        # A little grace, for the caller's clock need not be ours.
        if from_s < now_s - SEARCHABLE_S - 600:
            raise invalid(start, "只能查询90天内的数据")
        if from_s > until_s:
            raise invalid(start, f"> {end}")
        return [each for each in found if from_s <= at_us(each) // 1_000_000 <= until_s]

    def _described(self, given: Parameters, found: list[Order]) -> list[Order]:
        wish = given.text("after_sale_status_desc", default="all")
        if wish == "all":
            return found
        if wish not in (*_DESCRIBED, "exchange_success"):
            raise invalid("after_sale_status_desc", wish)
        stage = _DESCRIBED.get(wish)
        refunds_of = self._platform.world.refunds_of
        return [order for order in found if any(refund.stage is stage for refund in refunds_of(order))]

    def _order(self, order: Order) -> dict[str, Any]:
        status = self.status(order)
        closed = order.stage in (Stage.CLOSED_UNPAID, Stage.CLOSED_PAID)
        created_s = order.created_at_us // 1_000_000
        return {
            "order_id": order.id,
            "order_status": status,
            "main_status": status,
            "shop_id": int(self._platform.credentials.shop),
            "create_time": created_s,
            "pay_time": _seconds(order.paid_at_us),
            "update_time": order.updated_at_us // 1_000_000,
            "finish_time": _seconds(order.completed_at_us),
            "order_expire_time": created_s + 1_800,
            "cancel_reason": "买家取消" if closed else "",
            "open_id": order.buyer,
            "trade_type": 0,
            "pay_amount": sum(line.quantity * line.price_fen for line in order.lines),
            "sku_order_list": [self._line(order, line, status) for line in order.lines],
        }

    def _line(self, order: Order, line: Line, status: int) -> dict[str, Any]:
        warehouse = line.key.warehouse
        place = {"warehouse_id": warehouse, "out_warehouse_id": warehouse, "inventory_type": 1}
        return {
            "order_id": line.id,
            "parent_order_id": order.id,
            "product_id": int(line.key.product),
            "sku_id": int(line.key.variant),
            "out_sku_id": line.merchant_code,
            "code": line.merchant_code,
            "item_num": line.quantity,
            "order_status": self._line_status(order, line, status),
            "reduce_stock_type": 1 if line.deducts is Deducts.ON_ORDER else 2,
            "inventory_list": [{**place, "count": line.quantity, "warehouse_type": 0}] if warehouse else [],
            "bundle_sku_info": [],
            "given_product_type": "MASTER",
            "after_sale_info": self._after_sale_info(order, line),
            "room_id": int(order.room) if order.room.isdecimal() else 0,
            "room_id_str": order.room,
            "author_id": 0,
            "author_name": "",
            "ad_env_type": "live" if order.room else "",
        }

    def _line_status(self, order: Order, line: Line, status: int) -> int:
        """Of an order that left in part, some lines are shipped and the others still to ship."""
        if order.stage is not Stage.PARTLY_SHIPPED:
            return status
        return _STATUS[Stage.SHIPPED] if line.shipped else _TO_SHIP

    def _after_sale_info(self, order: Order, line: Line) -> dict[str, int]:
        refunds = self._platform.world.refunds_of(order, line)
        if not refunds:
            return {"after_sale_status": 0, "after_sale_type": 0, "refund_status": 0}
        status, refund_status = _AFTER_SALE[refunds[-1].stage]
        kind = _kind(refunds[-1])
        return {"after_sale_status": status, "after_sale_type": kind, "refund_status": refund_status}

    def _after_sale(self, refund: Refund) -> dict[str, Any]:
        order = self._platform.world.orders[refund.order]
        line = next(line for line in order.lines if line.id == refund.line)
        status, refund_status = _AFTER_SALE[refund.stage]
        related = {"sku_order_id": line.id, "item_num": line.quantity, "order_status": self.status(order)}
        return {
            "aftersale_info": {
                "aftersale_id": refund.id,
                "aftersale_type": _kind(refund),
                "aftersale_status": status,
                "related_id": line.id,
                "aftersale_num": refund.quantity,
                "refund_status": refund_status,
                "refund_amount": refund.amount_fen,
                "got_pkg": 1 if refund.after_shipping else 0,
                "apply_time": refund.created_at_us // 1_000_000,
                "update_time": refund.updated_at_us // 1_000_000,
            },
            "order_info": {"shop_order_id": order.id, "related_order_info": [related]},
        }


def _kind(refund: Refund) -> int:
    return 1 if refund.after_shipping else 2


def _seconds(at_us: int | None) -> int:
    return 0 if at_us is None else at_us // 1_000_000


def _statuses(given: Parameters) -> set[str]:
    combined = given.values("combine_status")
    if not combined:
        return set()
    if len(combined) != 1 or not isinstance(combined[0], dict):
        raise invalid("combine_status", json.dumps(combined))
    return {text.strip() for text in str(combined[0].get("order_status", "")).split(",")} - {""}


def _page(given: Parameters, found: Sequence[T]) -> tuple[int, int, Sequence[T]]:
    page, size = given.integer("page", low=0), given.integer("size", low=1)
    if size > PAGE_MAX:
        raise invalid("size", f"<= {PAGE_MAX}")
    return page, size, found[page * size : (page + 1) * size]
