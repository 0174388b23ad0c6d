"""Taobao's trades and refunds: newest first, so that a reader who goes forward misses what moves."""

from collections.abc import Callable
from typing import Any, TypeVar

from ..platform import Platform
from ..records import Deducts, Line, Order, Refund, RefundStage, Stage
from .errors import Parameters, from_time, invalid, refused, yuan

_BIG = 2**63 - 1
_DAY_US = 86_400_000_000
T = TypeVar("T", Order, Refund)

STATUS = {
    Stage.UNPAID: "WAIT_BUYER_PAY",
    Stage.PAID: "WAIT_SELLER_SEND_GOODS",
    Stage.PARTLY_SHIPPED: "SELLER_CONSIGNED_PART",
    Stage.SHIPPED: "WAIT_BUYER_CONFIRM_GOODS",
    Stage.COMPLETED: "TRADE_FINISHED",
    Stage.CLOSED_UNPAID: "TRADE_CLOSED_BY_TAOBAO",
    Stage.CLOSED_PAID: "TRADE_CLOSED",
}
_REFUND_STATUS = {
    RefundStage.APPLIED: "WAIT_SELLER_AGREE",
    RefundStage.SUCCEEDED: "SUCCESS",
    RefundStage.CLOSED: "CLOSED",
}


class Trades:
    """The lists behind the methods."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def methods(self) -> dict[str, Callable[[Parameters], Any]]:
        """Each method by its name."""
        return {
            "taobao.trades.sold.get": self.sold,
            "taobao.trades.sold.increment.get": self.changed,
            "taobao.trade.fullinfo.get": self.full,
            "taobao.refunds.receive.get": self.refunds,
        }

    def sold(self, given: Parameters) -> Any:
        """`taobao.trades.sold.get`: by creation, within three months; page 1 is the newest."""
        now_us = self._platform.clock.now_us()
        earliest_us = now_us - 92 * _DAY_US
        from_us = given.time_us("start_created", default=earliest_us)
        until_us = given.time_us("end_created", default=now_us)
        if from_us < earliest_us or from_us > until_us:
            raise invalid("start_created", "只能查询三个月内的交易")
        return self._trades(given, from_us, until_us, lambda order: order.created_at_us)

    def changed(self, given: Parameters) -> Any:
        """`taobao.trades.sold.increment.get`: by change, of up to a day; page 1 is the newest."""
        from_us, until_us = given.time_us("start_modified"), given.time_us("end_modified")
        if not 0 <= until_us - from_us <= _DAY_US:
            raise invalid("end_modified", "时间跨度不能超过一天")
        return self._trades(given, from_us, until_us, lambda order: order.updated_at_us)

    def full(self, given: Parameters) -> Any:
        """`taobao.trade.fullinfo.get`."""
        fields = given.fields()
        order = self._platform.world.orders.get(str(given.integer("tid", 1, _BIG)))
        if order is None:
            raise refused("trade-not-exist", "交易不存在")
        return {"trade": self._trade(order, fields)}

    def refunds(self, given: Parameters) -> Any:
        """`taobao.refunds.receive.get`: money and lines; page 1 is the newest."""
        fields, wanted = given.fields(), given.text("status", default="")
        now_us = self._platform.clock.now_us()
        from_us = given.time_us("start_modified", default=0)
        until_us = given.time_us("end_modified", default=now_us)
        found = [
            refund
            for refund in self._platform.world.refunds.values()
            if _between(from_us, refund.updated_at_us, until_us)
            and wanted in ("", _REFUND_STATUS[refund.stage])
        ]
        rows, told = _page(given, found, lambda refund: refund.updated_at_us)
        return {"refunds": {"refund": [self._refund(refund, fields) for refund in rows]}, **told}

    def _trades(self, given: Parameters, from_us: int, until_us: int, at_us: Callable[[Order], int]) -> Any:
        fields, wanted = given.fields(), given.text("status", default="")
        if "," in wanted:
            raise invalid("status", "只支持一个状态")
        found = [
            order
            for order in self._platform.world.orders_visible()
            if _between(from_us, at_us(order), until_us) and wanted in ("", STATUS[order.stage])
        ]
        rows, told = _page(given, found, at_us)
        return {"trades": {"trade": [self._trade(order, fields) for order in rows]}, **told}

    def _trade(self, order: Order, fields: set[str]) -> dict[str, Any]:
        told: dict[str, Any] = {
            "tid": int(order.id),
            "tid_str": order.id,
            "status": STATUS[order.stage],
            "type": "fixed",
            "created": from_time(order.created_at_us),
            "modified": from_time(order.updated_at_us),
            "buyer_open_uid": order.buyer,
            "payment": yuan(sum(line.quantity * line.price_fen for line in order.lines)),
            "num": sum(line.quantity for line in order.lines),
            "num_iid": int(order.lines[0].key.product),
        }
        for name, at_us in (
            ("pay_time", order.paid_at_us),
            ("consign_time", order.shipped_at_us),
            ("end_time", order.completed_at_us or order.closed_at_us),
        ):
            if at_us is not None:
                told[name] = from_time(at_us)
        shown = {name: value for name, value in told.items() if name in fields}
        parts = {name.partition(".")[2] for name in fields if name.partition(".")[0] in ("order", "orders")}
        if parts:
            shown["orders"] = {"order": [_shown(self._line(order, line), parts) for line in order.lines]}
        return shown

    def _line(self, order: Order, line: Line) -> dict[str, Any]:
        refunds = self._platform.world.refunds_of(order, line)
        status = STATUS[order.stage]
        if line.refunded == line.quantity:
            status = "TRADE_CLOSED"
        elif order.stage is Stage.PARTLY_SHIPPED:
            status = STATUS[Stage.SHIPPED if line.shipped else Stage.PAID]
        told = {
            "oid": int(line.id),
            "oid_str": line.id,
            "num_iid": int(line.key.product),
            "num": line.quantity,
            "outer_iid": line.merchant_code,
            "outer_sku_id": line.merchant_code,
            "status": status,
            "refund_status": _REFUND_STATUS[refunds[-1].stage] if refunds else "NO_REFUND",
            "price": yuan(line.price_fen),
            "payment": yuan(line.quantity * line.price_fen),
            "sub_stock": 1 if line.deducts is Deducts.ON_ORDER else 2,
        }
        return {**told, "sku_id": line.key.variant} if line.key.variant else told

    def _refund(self, refund: Refund, fields: set[str]) -> dict[str, Any]:
        order = self._platform.world.orders[refund.order]
        line = next(line for line in order.lines if line.id == refund.line)
        told = {
            "refund_id": refund.id,
            "tid": int(order.id),
            "oid": int(line.id),
            "status": _REFUND_STATUS[refund.stage],
            "refund_fee": yuan(refund.amount_fen),
            "total_fee": yuan(line.quantity * line.price_fen),
            "num_iid": int(line.key.product),
            "has_good_return": refund.after_shipping,
            "refund_phase": "aftersale" if order.stage is Stage.COMPLETED else "onsale",
            "order_status": STATUS[order.stage],
            "created": from_time(refund.created_at_us),
            "modified": from_time(refund.updated_at_us),
        }
        return _shown(told, fields)


def _shown(told: dict[str, Any], fields: set[str]) -> dict[str, Any]:
    """The fields that were asked for; the empty name stands for all of a part."""
    return told if "" in fields else {name: value for name, value in told.items() if name in fields}


def _between(from_us: int, at_us: int, until_us: int) -> bool:
    """Both ends belong to the span, and the platform counts in whole seconds."""
    return from_us // 1_000_000 <= at_us // 1_000_000 <= until_us // 1_000_000


def _page(given: Parameters, found: list[T], at_us: Callable[[T], int]) -> tuple[list[T], dict[str, Any]]:
    """A page from 1, newest first; with `use_has_next` there is no count to go backwards from."""
    page, size = given.integer("page_no", 1, 10**6, default=1), given.integer("page_size", 1, 100, default=40)
    found.sort(key=lambda each: (at_us(each), each.id), reverse=True)
    rows = found[(page - 1) * size : page * size]
    if given.flag("use_has_next"):
        return rows, {"has_next": page * size < len(found)}
    return rows, {"total_results": len(found)}
