"""Douyin's orders and after-sales."""

from collections.abc import Mapping
from typing import Any

from ..base import Link, status_of
from ..manifest import Deducts
from ..orders import ListingRef, OrderLine, OrderPage, OrderStatus, PlatformOrder
from ..pages import Refund, RefundMirror, cursor_from_the_back
from ..settings import one_of
from ..values import identity, number, seconds_us
from .client import DouyinClient
from .mapping import ORDER_CLOSED, ORDER_STATUS, REDUCE_STOCK_TYPE, REFUND_DONE, REFUND_TYPES, SHIPPED

_AFTER_SALES_PAGE = 50
_AFTER_SALES = "after-sales:"


class DouyinTrade:
    """Reads orders, and folds into their lines what after-sales gave up."""

    def __init__(self, client: DouyinClient, link: Link) -> None:
        self._client = client
        self._page_size = link.manifest.poll_page_max
        settings = link.connection.settings
        self._regional = one_of(settings, "regional_stock", ("yes", "no"), "no") == "yes"
        self._refunds = RefundMirror(self._after_sales, link.now_us)

    async def order(self, order: str) -> PlatformOrder:
        """One order as it is now."""
        told = await self._client.call(
            "order.orderDetail", {"shop_order_id": order}, lambda data: data["shop_order_detail"]
        )
        (found,) = await self._folded([told])
        return found

    async def changed(self, from_us: int, until_us: int, cursor: str | None) -> OrderPage:
        """A page of orders; behind the last one, the orders whose after-sales changed."""
        if cursor is not None and cursor.startswith(_AFTER_SALES):
            refunds, more = await self._after_sales(from_us, until_us, cursor.removeprefix(_AFTER_SALES))
            orders = [await self.order(order) for order in dict.fromkeys(row.order for row in refunds)]
            return OrderPage(tuple(orders), f"{_AFTER_SALES}{more}" if more else None)
        parameters = {
            "update_time_start": from_us // 1_000_000,
            "update_time_end": until_us // 1_000_000,
            "order_by": "update_time",
            "order_asc": True,
            "page": int(cursor or 1) - 1,
            "size": self._page_size,
        }
        rows, total = await self._client.call(
            "order.searchList",
            parameters,
            lambda data: (list(data.get("shop_order_list") or []), number(data["total"])),
        )
        following = cursor_from_the_back(cursor, -(-total // self._page_size))
        return OrderPage(tuple(await self._folded(rows)), following or _AFTER_SALES)

    async def _after_sales(self, from_us: int, until_us: int, cursor: str) -> tuple[list[Refund], str]:
        page = int(cursor or 0)
        parameters = {
            "update_start_time": from_us // 1_000_000,
            "update_end_time": until_us // 1_000_000,
            "page": page,
            "size": _AFTER_SALES_PAGE,
        }

        def read(data: Mapping[str, Any]) -> tuple[list[Refund], str]:
            rows = [refund for item in data.get("items") or [] for refund in _refunds(item)]
            return rows, str(page + 1) if data.get("has_more") else ""

        return await self._client.call("afterSale.List", parameters, read)

    async def _folded(self, rows: list[Mapping[str, Any]]) -> list[PlatformOrder]:
        refunded = [row for row in rows if any(_was_refunded(line) for line in row["sku_order_list"])]
        if refunded:
            await self._refunds.read(min(number(row["create_time"]) for row in refunded) * 1_000_000)
        return [self._order(row) for row in rows]

    def _order(self, row: Mapping[str, Any]) -> PlatformOrder:
        order, lines = identity(row["order_id"]), row["sku_order_list"]
        read = tuple(part for line in lines for part in self._lines(order, line))
        paid_at_us = seconds_us(row.get("pay_time"))
        rooms = (identity(line.get("room_id_str") or line.get("room_id")) for line in lines)
        return PlatformOrder(
            order,
            status_of(_status(number(row["order_status"]), paid=paid_at_us is not None), read),
            read,
            number(row["create_time"]) * 1_000_000,
            number(row["update_time"]) * 1_000_000,
            paid_at_us,
            buyer=identity(row.get("open_id")),
            live_room=next(filter(None, rooms), ""),
        )

    def _lines(self, order: str, line: Mapping[str, Any]) -> list[OrderLine]:
        """One line, or one for each warehouse that it is taken from."""
        name, left = identity(line["order_id"]), self._refunded(order, line)
        places = [("", number(line["item_num"]))]
        if self._regional and line.get("inventory_list"):
            places = [
                (identity(place.get("out_warehouse_id")), number(place["count"]))
                for place in line["inventory_list"]
            ]
        product, sku = identity(line["product_id"]), identity(line["sku_id"])
        code = identity(line.get("code") or line.get("out_sku_id"))
        deducts = REDUCE_STOCK_TYPE.get(number(line.get("reduce_stock_type")), Deducts.UNKNOWN)
        found = []
        for warehouse, quantity in places:
            refunded, part = min(left, quantity), name if len(places) == 1 else f"{name}@{warehouse}"
            left -= refunded
            listing = ListingRef(product, sku, warehouse)
            shipped = number(line.get("order_status")) in SHIPPED
            found.append(OrderLine(part, listing, quantity, refunded, code, deducts, shipped))
        return found

    def _refunded(self, order: str, line: Mapping[str, Any]) -> int:
        quantity = number(line["item_num"])
        if _was_refunded(line) and number(line.get("order_status")) == ORDER_CLOSED:
            return quantity
        return min(quantity, self._refunds.amount(order, identity(line["order_id"])))


def _was_refunded(line: Mapping[str, Any]) -> bool:
    return number((line.get("after_sale_info") or {}).get("refund_status")) == REFUND_DONE


def _status(code: int, *, paid: bool) -> OrderStatus:
    if code == ORDER_CLOSED:
        return OrderStatus.CLOSED_PAID if paid else OrderStatus.CLOSED_UNPAID
    # A code that is new to us must not stop the poll: whether money was taken is what counts for stock.
    return ORDER_STATUS.get(code, OrderStatus.PAID if paid else OrderStatus.UNPAID)


def _refunds(item: Mapping[str, Any]) -> list[Refund]:
    info, order = item["aftersale_info"], item["order_info"]
    done = number(info.get("refund_status")) == REFUND_DONE
    counts = number(info.get("aftersale_type")) in REFUND_TYPES
    name, related = identity(info["aftersale_id"]), order.get("related_order_info") or []
    asked = number(info.get("aftersale_num"))
    found = []
    for line in related:
        # The quantity is of the after-sale as a whole; with several lines each gives up what it has at most.
        amount = asked if len(related) == 1 else min(asked, number(line.get("item_num")))
        asked -= amount
        row = identity(line["sku_order_id"])
        found.append(Refund(f"{name}/{row}", identity(order["shop_order_id"]), row, amount, done and counts))
    return found
