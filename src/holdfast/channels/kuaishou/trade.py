"""Kuaishou's orders, which have one line each, and its refunds, which tell money and no units."""

from collections.abc import Mapping
from typing import Any

from ..base import Link, status_of
from ..orders import ListingRef, OrderLine, OrderPage, OrderStatus, PlatformOrder
from ..pages import Refund, RefundMirror
from ..settings import one_of
from ..values import id_number, identity, milliseconds_us, number
from .client import KuaishouClient
from .mapping import EXCHANGE, ORDER_FAILED, ORDER_STATUS, REFUND_DONE
from .stock import GOODS

_END = "nomore"
_REFUNDS = "refunds:"
_REFUND_SPAN_MS = 86_400_000
_REFUND_PAGE = 100


class KuaishouTrade:
    """Reads orders, and works out the units that refunds gave up."""

    def __init__(self, client: KuaishouClient, link: Link) -> None:
        self._client = client
        self._page_size = link.manifest.poll_page_max
        settings = link.connection.settings
        self._goods = settings.get("stock_method") == GOODS
        self._by_fee = one_of(settings, "partial_refunds", ("by_fee", "ignore"), "by_fee") == "by_fee"
        self._refunds = RefundMirror(self._refunds_changed, link.now_us)

    async def order(self, order: str) -> PlatformOrder:
        """One order as it is now."""
        told = await self._client.get("open.order.detail", {"oid": id_number("order", order)}, dict)
        (found,) = await self._folded([told])
        return found

    async def changed(self, from_us: int, until_us: int, cursor: str | None) -> OrderPage:
        """A page of orders; behind the last one, the orders whose refunds changed."""
        if cursor is not None and cursor.startswith(_REFUNDS):
            rows, more = await self._refunds_changed(from_us, until_us, cursor.removeprefix(_REFUNDS))
            orders = [await self.order(order) for order in dict.fromkeys(row.order for row in rows)]
            return OrderPage(tuple(orders), f"{_REFUNDS}{more}" if more else None)
        parameters = {
            "orderViewStatus": 1,
            "pageSize": self._page_size,
            "sort": 2,
            "queryType": 2,
            "beginTime": from_us // 1_000,
            "endTime": until_us // 1_000,
            "cursor": cursor or "",
        }
        orders_told, following = await self._client.get(
            "open.order.cursor.list",
            parameters,
            lambda data: (list(data.get("orderList") or []), str(data["cursor"])),
        )
        found = await self._folded(orders_told)
        return OrderPage(tuple(found), _REFUNDS if following == _END else following)

    async def _refunds_changed(self, from_us: int, until_us: int, cursor: str) -> tuple[list[Refund], str]:
        """A page of refunds; the list is asked by the day, which the cursor tells with the place in it."""
        begin, _, place = (cursor or f"{from_us // 1_000}/").partition("/")
        begin_ms, until_ms = int(begin), until_us // 1_000
        end_ms = min(begin_ms + _REFUND_SPAN_MS, until_ms)
        parameters = {
            "beginTime": begin_ms,
            "endTime": end_ms,
            "type": 9,
            "pageSize": _REFUND_PAGE,
            "sort": 2,
            "queryType": 2,
            "pcursor": place,
        }

        def read(data: Mapping[str, Any]) -> tuple[list[Refund], str]:
            rows = [_refund(row) for row in data.get("refundOrderInfoList") or []]
            following = str(data.get("pcursor") or _END)
            if following != _END:
                return rows, f"{begin_ms}/{following}"
            return rows, f"{end_ms}/" if end_ms < until_ms else ""

        return await self._client.get("open.seller.order.refund.pcursor.list", parameters, read)

    async def _folded(self, rows: list[Mapping[str, Any]]) -> list[PlatformOrder]:
        partly = [row for row in rows if self._by_fee and _partly_refunded(row)]
        if partly:
            await self._refunds.read(
                min(number(row["orderBaseInfo"]["createTime"]) for row in partly) * 1_000
            )
        return [self._order(row) for row in rows]

    def _order(self, row: Mapping[str, Any]) -> PlatformOrder:
        base, item = row["orderBaseInfo"], row["orderItemInfo"]
        order, quantity, paid_at_us = (
            identity(base["oid"]),
            number(item["num"]),
            milliseconds_us(base.get("payTime")),
        )
        status = _status(number(base["status"]), paid=paid_at_us is not None)
        refunded = quantity if status is OrderStatus.CLOSED_PAID else 0
        price = number(item.get("price"))
        if not refunded and price > 0 and self._by_fee:
            refunded = min(quantity, self._refunds.amount(order, order) // price)
        code = identity(item.get("skuNick") or item.get("relSkuId"))
        line = OrderLine(order, self._listing(item), quantity, refunded, code)
        return PlatformOrder(
            order,
            status_of(status, (line,)),
            (line,),
            number(base["createTime"]) * 1_000,
            number(base["updateTime"]) * 1_000,
            paid_at_us,
            buyer=identity(base.get("buyerOpenId")),
        )

    def _listing(self, item: Mapping[str, Any]) -> ListingRef:
        if not self._goods:
            return ListingRef(identity(item["itemId"]), identity(item["skuId"]))
        goods = item["goodsCode"]
        return ListingRef(
            identity(goods[0] if isinstance(goods, list) else goods),
            warehouse=identity(item.get("warehouseCode")),
        )


def _partly_refunded(row: Mapping[str, Any]) -> bool:
    done = any(number(refund["refundStatus"]) == REFUND_DONE for refund in row.get("orderRefundList") or [])
    return done and number(row["orderBaseInfo"]["status"]) != ORDER_FAILED


def _refund(row: Mapping[str, Any]) -> Refund:
    order = identity(row["oid"])
    done = number(row["status"]) == REFUND_DONE and number(row.get("handlingWay")) != EXCHANGE
    return Refund(identity(row["refundId"]), order, order, number(row.get("refundFee")), done)


def _status(code: int, *, paid: bool) -> OrderStatus:
    if code == ORDER_FAILED:
        return OrderStatus.CLOSED_PAID if paid else OrderStatus.CLOSED_UNPAID
    # A code that is new to us must not stop the poll: whether money was taken is what counts for stock.
    return ORDER_STATUS.get(code, OrderStatus.PAID if paid else OrderStatus.UNPAID)
