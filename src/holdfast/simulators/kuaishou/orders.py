"""Kuaishou's order and refund lists, read with a cursor that ends in `nomore`."""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ..platform import Platform
from ..records import Order, Refund, RefundStage, Stage
from .errors import WRONG_PARAMETER, KuaishouError, Parameters
from .stock import Method

NO_MORE = "nomore"
_DAY_MS = 86_400_000
T = TypeVar("T", Order, Refund)

STATUS = {
    Stage.UNPAID: 10,
    Stage.PAID: 30,
    Stage.PARTLY_SHIPPED: 30,
    Stage.SHIPPED: 40,
    Stage.COMPLETED: 70,
    Stage.CLOSED_UNPAID: 80,
    Stage.CLOSED_PAID: 80,
}
REFUND_STATUS = {RefundStage.APPLIED: 10, RefundStage.SUCCEEDED: 60, RefundStage.CLOSED: 70}
_VIEWS = {1: None, 2: 10, 3: 30, 4: 40, 5: 50, 6: 70, 7: 80}


class Orders:
    """The lists behind the methods."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def methods(self) -> dict[str, Method]:
        """Each method by its name, with its verb."""
        return {
            "open.order.cursor.list": ("GET", self.cursor_list),
            "open.order.detail": ("GET", self.detail),
            "open.seller.order.refund.pcursor.list": ("GET", self.refund_list),
        }

    def cursor_list(self, given: Parameters) -> Any:
        """Orders of up to 7 days, not older than 90; both ends of the span belong to it."""
        view = _VIEWS[given.integer("orderViewStatus", 1, 7)]
        begin_ms, end_ms = self._span(given, 7 * _DAY_MS, too_wide=300004)
        at_us = self._time_of(given)
        found = [
            order
            for order in self._platform.world.orders_visible()
            if begin_ms <= at_us(order) // 1_000 <= end_ms and view in (None, STATUS[order.stage])
        ]
        size = given.integer("pageSize", 1, 50)
        rows, cursor = _page(given, "cursor", found, at_us, size)
        return {
            "cursor": cursor,
            "pageSize": size,
            "beginTime": begin_ms,
            "endTime": end_ms,
            "orderList": [self._order(order) for order in rows],
        }

    def detail(self, given: Parameters) -> Any:
        """One order."""
        order = self._platform.world.orders.get(str(given.integer("oid")))
        if order is None:
            raise KuaishouError(WRONG_PARAMETER, "订单不存在")
        return self._order(order)

    def refund_list(self, given: Parameters) -> Any:
        """Refunds of up to one day; their rows tell no quantity."""
        begin_ms, end_ms = self._span(given, _DAY_MS, too_wide=300019)
        waiting = given.integer("type", 8, 9) == 8
        at_us = self._time_of(given)
        status = given.integer("status", default=0)
        found = [
            refund
            for refund in self._platform.world.refunds.values()
            if begin_ms <= at_us(refund) // 1_000 <= end_ms
            and (not waiting or refund.stage is RefundStage.APPLIED)
            and status in (0, REFUND_STATUS[refund.stage])
        ]
        rows, cursor = _page(given, "pcursor", found, at_us, given.integer("pageSize", 1, 100))
        return {"pcursor": cursor, "refundOrderInfoList": [self._refund(refund) for refund in rows]}

    def _span(self, given: Parameters, span_max_ms: int, *, too_wide: int) -> tuple[int, int]:
        begin_ms, end_ms = given.integer("beginTime"), given.integer("endTime")
        if begin_ms >= end_ms:
            raise KuaishouError(300003, "ENDTIME MUST AFTER BEGINTIME")
        if end_ms - begin_ms > span_max_ms:
            raise KuaishouError(too_wide, "SEARCH TIME RANGE EXPAND LIMIT")
        # A little grace, for the caller's clock need not be ours.
        if begin_ms < self._platform.clock.now_us() // 1_000 - 90 * _DAY_MS - 600_000:
            raise KuaishouError(300005, "CAN NOT SEARCH BEFORE 90 DAYS")
        return begin_ms, end_ms

    def _time_of(self, given: Parameters) -> Callable[[Order | Refund], int]:
        if given.integer("queryType", 1, 2) == 1:
            return lambda each: each.created_at_us
        return lambda each: each.updated_at_us

    def _order(self, order: Order) -> dict[str, Any]:
        (line,) = order.lines
        refunds = self._platform.world.refunds_of(order)
        shop = self._platform.credentials.shop
        return {
            "orderBaseInfo": {
                "oid": int(order.id),
                "status": STATUS[order.stage],
                "createTime": order.created_at_us // 1_000,
                "updateTime": order.updated_at_us // 1_000,
                "payTime": _ms(order.paid_at_us),
                "sendTime": _ms(order.shipped_at_us),
                "recvTime": _ms(order.completed_at_us),
                "refundTime": _ms(refunds[-1].created_at_us if refunds else None),
                "buyerOpenId": order.buyer,
                "sellerOpenId": f"o{shop}",
                "cpsType": 1,
                "allActivityType": [],
                "disableDeliveryReasonCode": [],
                "preSale": 0,
                "riskCode": 0,
            },
            "orderItemInfo": {
                "itemId": int(line.key.product),
                "skuId": int(line.key.variant),
                "relSkuId": line.merchant_code,
                "skuNick": line.merchant_code,
                "num": line.quantity,
                "price": line.price_fen,
                "goodsCode": line.merchant_code if line.key.warehouse else "",
                "warehouseCode": line.key.warehouse,
            },
            "orderRefundList": [
                {"refundId": int(each.id), "refundStatus": REFUND_STATUS[each.stage]} for each in refunds
            ],
            "subOrderInfo": [],
            "orderCpsInfo": {},
        }

    def _refund(self, refund: Refund) -> dict[str, Any]:
        (line,) = self._platform.world.orders[refund.order].lines
        return {
            "oid": int(refund.order),
            "refundId": int(refund.id),
            "skuId": int(line.key.variant),
            "itemId": int(line.key.product),
            "handlingWay": 1 if refund.after_shipping else 10,
            "status": REFUND_STATUS[refund.stage],
            "refundFee": refund.amount_fen,
            "receiptStatus": 2 if refund.after_shipping else 1,
            "negotiateStatus": 0,
            "createTime": refund.created_at_us // 1_000,
            "updateTime": refund.updated_at_us // 1_000,
            "endTime": 0 if refund.stage is RefundStage.APPLIED else refund.updated_at_us // 1_000,
        }


def _ms(at_us: int | None) -> int:
    return 0 if at_us is None else at_us // 1_000


def _page(
    given: Parameters, name: str, found: Sequence[T], at_us: Callable[[T], int], size: int
) -> tuple[Sequence[T], str]:
    """The rows after the cursor's place, and the next cursor; a cursor is good only in its own query."""
    newest_first = given.integer("sort", 1, 2) == 1
    query = [newest_first, given.integer("queryType"), given.integer("beginTime"), given.integer("endTime")]
    cursor = given.text(name)
    if cursor == NO_MORE:
        return [], NO_MORE

    def place(each: T) -> list[int]:
        return [at_us(each), int(each.id)]

    rows = sorted(found, key=place, reverse=newest_first)
    if cursor:
        after = _read(cursor, query, name)
        rows = [each for each in rows if (place(each) < after if newest_first else place(each) > after)]
    if len(rows) <= size:
        return rows, NO_MORE
    text = json.dumps([query, place(rows[size - 1])])
    return rows[:size], base64.urlsafe_b64encode(text.encode()).decode()


def _read(cursor: str, query: list[int | bool], name: str) -> list[int]:
    try:
        of_query, after = json.loads(base64.urlsafe_b64decode(cursor))
    except ValueError:
        of_query, after = None, []
    if of_query != query:
        raise KuaishouError(WRONG_PARAMETER, f"参数错误: {name}")
    return [int(part) for part in after]
