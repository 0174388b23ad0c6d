"""Taobao's trades: read from the last page backwards, refunded line by line."""

from collections.abc import Mapping
from typing import Any

from ..base import Link, status_of
from ..manifest import Deducts
from ..orders import ListingRef, OrderLine, OrderPage, OrderStatus, PlatformOrder
from ..pages import cursor_from_the_back
from ..settings import one_of
from ..values import id_number, identity, number
from .client import TaobaoClient, china_time, moment_us, rows
from .mapping import ORDER_STATUS, REFUND_DONE, SUB_STOCK

# The second that runs is left to the next poll: the list is newest first, so a trade that changed within the
# span would move those before it to pages already read. One that leaves the span moves none out of sight.
_STILL_CHANGING_US = 1_000_000
_FIELDS = "tid,status,created,modified,pay_time,buyer_nick,buyer_open_uid,orders"


class TaobaoTrade:
    """Reads trades, and for each item once whether it deducts with the order or with the payment."""

    def __init__(self, client: TaobaoClient, link: Link) -> None:
        self._client = client
        self._page_size = link.manifest.poll_page_max
        self._per_line = link.manifest.deducts is Deducts.PER_LINE
        self._whole = (
            one_of(link.connection.settings, "line_refunds", ("whole", "closed"), "whole") == "whole"
        )
        self._deducts: dict[str, Deducts] = {}

    async def order(self, order: str) -> PlatformOrder:
        """One trade as it is now."""
        trade = await self._client.call(
            "taobao.trade.fullinfo.get",
            {"tid": id_number("trade", order), "fields": _FIELDS},
            lambda answer: answer["trade"],
        )
        return await self._order(trade)

    async def changed(self, from_us: int, until_us: int, cursor: str | None) -> OrderPage:
        """A page of the trades that changed: the first look tells how many pages there are."""
        parameters = {
            "fields": _FIELDS,
            "start_modified": china_time(from_us - _STILL_CHANGING_US),
            "end_modified": china_time(until_us - _STILL_CHANGING_US),
            "page_no": int(cursor or 1),
            "page_size": self._page_size,
        }
        found, total = await self._client.call(
            "taobao.trades.sold.increment.get",
            parameters,
            lambda answer: (rows(answer.get("trades"), "trade"), number(answer["total_results"])),
        )
        orders = [await self._order(trade) for trade in found]
        return OrderPage(tuple(orders), cursor_from_the_back(cursor, -(-total // self._page_size)))

    async def _order(self, trade: Mapping[str, Any]) -> PlatformOrder:
        lines = tuple([await self._line(line) for line in rows(trade.get("orders"), "order")])
        paid_at_us, created_at_us = moment_us(trade.get("pay_time")), moment_us(trade["created"]) or 0
        # A state that is new to us must not stop the poll: whether money was taken is what counts for stock.
        fallback = OrderStatus.UNPAID if paid_at_us is None else OrderStatus.PAID
        return PlatformOrder(
            identity(trade["tid"]),
            status_of(ORDER_STATUS.get(str(trade["status"]), fallback), lines),
            lines,
            created_at_us,
            moment_us(trade.get("modified")) or created_at_us,
            paid_at_us,
            buyer=str(trade.get("buyer_open_uid") or trade.get("buyer_nick") or ""),
        )

    async def _line(self, line: Mapping[str, Any]) -> OrderLine:
        product, quantity = identity(line["num_iid"]), number(line["num"])
        refunded = line.get("refund_status") == REFUND_DONE
        given_up = refunded and (self._whole or line.get("status") == "TRADE_CLOSED")
        return OrderLine(
            identity(line["oid"]),
            ListingRef(product, identity(line.get("sku_id"))),
            quantity,
            quantity if given_up else 0,
            identity(line.get("outer_sku_id") or line.get("outer_iid")),
            await self._deducts_of(product) if self._per_line else Deducts.UNKNOWN,
        )

    async def _deducts_of(self, product: str) -> Deducts:
        if product not in self._deducts:
            parameters = {"fields": "num_iid,sub_stock", "num_iid": id_number("item", product)}
            self._deducts[product] = await self._client.call(
                "taobao.item.seller.get",
                parameters,
                lambda answer: SUB_STOCK.get(number(answer["item"].get("sub_stock")), Deducts.UNKNOWN),
            )
        return self._deducts[product]
