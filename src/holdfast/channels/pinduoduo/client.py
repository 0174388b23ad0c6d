"""Calls of Pinduoduo: one address, every value as text."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from ..adapter import Connection, TokenBox, Tokens
from ..base import NoPush, NoQueue, signed_change
from ..errors import CallRefused, ListingRefused
from ..http import Caller, Repeats
from ..manifest import Manifest
from ..orders import ListingRef, OrderPage, PlatformOrder, StockReading, StockWrite, StockWritten
from ..pages import Refund, RefundMirror, cursor_from_the_back
from ..settings import corrected, whole
from ..values import identity, json_of, number, seconds_us
from .manifest import MANIFEST, SETTINGS
from .mapping import RESPONSE_KEYS, error_of, moment_us, order_of, refund_of
from .signing import signature

_SHORTAGE_WORDS = "库存不足"
_ALL = "5"
_DIFFERENCE = "2"
_ALL_AFTER_SALES = "1"
_REFUND_HOURS, _HOUR_US = 24, 3_600_000_000
_WINDOW_S, _REFUNDS_PAGE = 1_800, 100


class PinduoduoAdapter(NoQueue, NoPush):
    """One shop; its messages come over a WebSocket of its own, which this adapter leaves out."""

    def __init__(
        self,
        connection: Connection,
        tokens: TokenBox,
        http: httpx.AsyncClient,
        now_us: Callable[[], int],
        repeats: Repeats | None = None,
    ) -> None:
        self.manifest: Manifest = corrected(MANIFEST, connection.settings, SETTINGS)
        words = connection.settings.get("shortage_words", _SHORTAGE_WORDS)
        self._shortage_words = tuple(word.strip() for word in words.split(",") if word.strip())
        self._connection = connection
        self._url = connection.base_url.rstrip("/") + "/api/router"
        self._http = http
        self._now_us = now_us
        self._caller = Caller(self.manifest, connection, tokens, http, now_us, self._refresh, repeats)
        self.state = self._caller.state
        self._refund_hours = whole(connection.settings, "refund_hours", _REFUND_HOURS)
        self._refunds = RefundMirror(self._after_sales, now_us)

    async def write_stock(self, write: StockWrite) -> StockWritten:
        """Change a counter by a difference; there is no idempotency id to send."""
        parameters = {
            "goods_id": write.listing.product,
            "sku_id": write.listing.variant,
            "quantity": str(signed_change(write, self.manifest.title)),
            "update_type": _DIFFERENCE,
        }
        answer = await self._call("pdd.goods.quantity.update", parameters, changes_stock=True)
        if not answer.get("is_success"):
            raise CallRefused("Pinduoduo did not make the change, and says no more.")
        return StockWritten(applied=write.quantity)

    async def read_stock(self, listings: Sequence[ListingRef]) -> list[StockReading]:
        """Counters by the detail of their products, one call for each product."""
        found: dict[ListingRef, StockReading] = {}
        for product in dict.fromkeys(listing.product for listing in listings):
            try:
                answer = await self._call("pdd.goods.detail.get", {"goods_id": product})
            except CallRefused as refused:
                # No code is known for goods that are not there, and nothing else in this call can be refused.
                raise ListingRefused(str(refused), vendor_code=refused.vendor_code) from None
            for sku in answer.get("sku_list") or ():
                listing = ListingRef(product, identity(sku["sku_id"]))
                found[listing] = StockReading(listing, number(sku["quantity"]))
        for listing in listings:
            if listing not in found:
                raise ListingRefused(f"Pinduoduo has no item {listing.key}.")
        return [found[listing] for listing in listings]

    async def order(self, order: str) -> PlatformOrder:
        """One order as it is now."""
        answer = await self._call("pdd.order.information.get", {"order_sn": order})
        (told,) = await self._with_refunds([answer["order_info"]])
        return told

    async def orders_changed(self, from_us: int, until_us: int, cursor: str | None) -> OrderPage:
        """One page of the orders updated in the span, from the back."""
        size = self.manifest.poll_page_max
        parameters = {
            "start_updated_at": str(from_us // 1_000_000),
            "end_updated_at": str(until_us // 1_000_000),
            "order_status": _ALL,
            "refund_status": _ALL,
            "is_lucky_flag": "0",
            "page": cursor or "1",
            "page_size": str(size),
        }
        answer = await self._call("pdd.order.number.list.increment.get", parameters)
        orders = await self._with_refunds(answer.get("order_sn_list") or ())
        pages = -(-number(answer["total_count"]) // size)
        return OrderPage(tuple(orders), cursor_from_the_back(cursor, pages))

    async def _with_refunds(self, rows: Sequence[Mapping[str, Any]]) -> list[PlatformOrder]:
        if rows:
            earliest_us = min(moment_us(row["created_time"]) or 0 for row in rows)
            await self._refunds.read(max(earliest_us, self._now_us() - self._refund_hours * _HOUR_US))
        return [order_of(row, self._refunds.amount) for row in rows]

    async def _after_sales(self, from_us: int, until_us: int, cursor: str) -> tuple[list[Refund], str]:
        """A page of after-sales by change; the cursor names the begin of its half hour, and the page."""
        begin, _, page = cursor.partition(":")
        start_s, end_s = int(begin or from_us // 1_000_000), -(-until_us // 1_000_000)
        window_s = min(end_s, start_s + _WINDOW_S)
        parameters = {
            "start_updated_at": str(start_s),
            "end_updated_at": str(window_s),
            "after_sales_status": _ALL_AFTER_SALES,
            "after_sales_type": _ALL_AFTER_SALES,
            "page": page or "1",
            "page_size": str(_REFUNDS_PAGE),
        }
        answer = await self._call("pdd.refund.list.increment.get", parameters)
        rows = [refund_of(row) for row in answer.get("refund_list") or ()]
        following = cursor_from_the_back(page or None, -(-number(answer["total_count"]) // _REFUNDS_PAGE))
        if following:
            return rows, f"{start_s}:{following}"
        return rows, f"{window_s}:" if window_s < end_s else ""

    async def _call(
        self, kind: str, parameters: Mapping[str, str], *, changes_stock: bool = False
    ) -> dict[str, Any]:
        def request(tokens: Tokens) -> httpx.Request:
            return self._request(kind, {**parameters, "access_token": tokens.access})

        def read(response: httpx.Response) -> dict[str, Any]:
            return self._result(kind, response, changes_stock=changes_stock)

        return await self._caller.call(kind, request, read, repeatable=not changes_stock)

    async def _refresh(self, spent: Tokens) -> Tokens:
        kind = "pdd.pop.auth.token.refresh"
        answer = await self._caller.plain(
            kind,
            lambda: self._request(kind, {"refresh_token": spent.refresh}),
            lambda response: self._result(kind, response, changes_stock=False),
            secrets=(spent.refresh,),
        )
        ends = seconds_us(answer.get("expires_at"))
        if ends is None and answer.get("expires_in"):
            ends = self._now_us() + number(answer["expires_in"]) * 1_000_000
        return Tokens(
            access=answer["access_token"],
            refresh=answer.get("refresh_token") or spent.refresh,
            access_expires_at_us=ends,
            refresh_expires_at_us=seconds_us(answer.get("refresh_token_expires_at")),
        )

    def _request(self, kind: str, parameters: Mapping[str, str]) -> httpx.Request:
        signed = {
            **parameters,
            "type": kind,
            "client_id": self._connection.app_key,
            "timestamp": str(self._now_us() // 1_000_000),
            "data_type": "JSON",
            "version": "V1",
        }
        signed["sign"] = signature(self._connection.app_secret, signed)
        return self._http.build_request("POST", self._url, json=signed)

    def _result(self, kind: str, response: httpx.Response, *, changes_stock: bool) -> dict[str, Any]:
        answer = json_of(response)
        if "error_response" in answer:
            raise error_of(
                answer["error_response"], changes_stock=changes_stock, shortage_words=self._shortage_words
            )
        result: dict[str, Any] = answer[RESPONSE_KEYS[kind]]
        return result


def connect(
    connection: Connection,
    tokens: TokenBox,
    http: httpx.AsyncClient,
    now_us: Callable[[], int],
    repeats: Repeats | None = None,
) -> PinduoduoAdapter:
    """Makes the adapter of one shop."""
    return PinduoduoAdapter(connection, tokens, http, now_us, repeats)
