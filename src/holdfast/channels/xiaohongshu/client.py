"""Calls of Xiaohongshu: one address, the method in the body."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from ..adapter import Connection, TokenBox, Tokens
from ..base import NoAddressCheck, NoQueue, signed_change
from ..errors import (
    ChannelError,
    InsufficientStock,
    ListingRefused,
    NotAuthorized,
    SignatureRefused,
    Throttled,
    TokenExpired,
    Unavailable,
    UnknownOutcome,
)
from ..http import Caller, Repeats
from ..manifest import Manifest
from ..orders import ListingRef, OrderPage, PlatformOrder, Push, StockReading, StockWrite, StockWritten
from ..pages import cursor_from_the_back
from ..settings import SettingRefused, corrected
from ..values import identity, json_of, number
from .manifest import MANIFEST, SETTINGS
from .mapping import AFTER_SALE_DONE, NO_AFTER_SALE, error_of, moment_us, order_of, refunded_of
from .signing import signature
from .webhook import Webhook

_CODE_SETTINGS: dict[str, type[ChannelError]] = {
    "codes_token_expired": TokenExpired,
    "codes_not_authorized": NotAuthorized,
    "codes_signature": SignatureRefused,
    "codes_throttled": Throttled,
    "codes_shortage": InsufficientStock,
    "codes_listing": ListingRefused,
    "codes_busy": Unavailable,
}
_PATH = "/ark/open_api/v3/common_controller"
_VERSION = "2.0"
_BY_UPDATE = 2
_AFTER_SALES_PAGE = 50


class XiaohongshuAdapter(NoQueue, NoAddressCheck):
    """One shop; a listing is a SKU, and its counter is what is available."""

    def __init__(
        self,
        connection: Connection,
        tokens: TokenBox,
        http: httpx.AsyncClient,
        now_us: Callable[[], int],
        repeats: Repeats | None = None,
    ) -> None:
        self.manifest: Manifest = corrected(MANIFEST, connection.settings, SETTINGS)
        self._codes = _codes(connection.settings)
        self._connection = connection
        self._url = connection.base_url.rstrip("/").removesuffix(_PATH) + _PATH
        self._http = http
        self._now_us = now_us
        self._caller = Caller(self.manifest, connection, tokens, http, now_us, self._refresh, repeats)
        self.state = self._caller.state
        self._webhook = Webhook(connection)

    async def write_stock(self, write: StockWrite) -> StockWritten:
        """Change what is available by a difference; there is no idempotency id to send."""
        # `syncSkuStock` sets the total with all occupied units, which is not the counter.
        fields = {"skuId": write.listing.product, "qty": signed_change(write, self.manifest.title)}
        data = await self._call("inventory.incSkuStock", fields, changes_stock=True)
        return StockWritten(applied=write.quantity, counter=number(data["skuStock"]["available"]))

    async def read_stock(self, listings: Sequence[ListingRef]) -> list[StockReading]:
        """What is available, one call each; the rest of the total is occupied or set aside."""
        return [await self._read(listing) for listing in listings]

    async def _read(self, listing: ListingRef) -> StockReading:
        data = await self._call("inventory.getSkuStock", {"skuId": listing.product})
        stock = data.get("skuStock")
        if not stock:
            raise ListingRefused(f"Xiaohongshu has no item {listing.key}.")
        return StockReading(listing, number(stock["available"]))

    async def order(self, order: str) -> PlatformOrder:
        """One order as it is now, with the units of its finished after-sales."""
        detail = await self._call("order.getOrderDetail", {"orderId": order})
        after_sales = number(detail.get("orderAfterSalesStatus")) > NO_AFTER_SALE
        return order_of(detail, await self._refunded(order) if after_sales else {})

    async def _refunded(self, order: str) -> Counter[str]:
        """Units by SKU; the list names the after-sales, their details tell the units."""
        units: Counter[str] = Counter()
        page, pages = 1, 1
        while page <= pages:
            fields = {"orderId": order, "pageNo": page, "pageSize": _AFTER_SALES_PAGE}
            data = await self._call("afterSale.listAfterSaleInfos", fields)
            for row in data.get("afterSaleBasicInfos") or ():
                if number(row["status"]) == AFTER_SALE_DONE:
                    found = await self._call("afterSale.getAfterSaleInfo", {"returnsId": row["returnsId"]})
                    units += refunded_of(found["afterSaleInfo"])
            page, pages = page + 1, number(data.get("maxPageNo"))
        return units

    async def orders_changed(self, from_us: int, until_us: int, cursor: str | None) -> OrderPage:
        """One page of the orders updated in the span, from the back; each order is fetched."""
        size = self.manifest.poll_page_max
        fields = {
            "startTime": from_us // 1_000_000,
            "endTime": until_us // 1_000_000,
            "timeType": _BY_UPDATE,
            "pageNo": int(cursor or 1),
            "pageSize": size,
        }
        data = await self._call("order.getOrderList", fields)
        names = [identity(order["orderId"]) for order in data.get("orderList") or ()]
        orders = [await self.order(name) for name in names]
        pages = -(-number(data["total"]) // size)
        return OrderPage(tuple(orders), cursor_from_the_back(cursor, pages))

    def receive(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, now_us: int) -> Push:
        """Read a push; nothing vouches for it."""
        return self._webhook.receive(query, body)

    async def _call(
        self, method: str, fields: Mapping[str, Any], *, changes_stock: bool = False
    ) -> dict[str, Any]:
        def request(tokens: Tokens) -> httpx.Request:
            ends = tokens.access_expires_at_us
            # No code is known by which the platform would say so itself.
            if tokens.refresh and ends is not None and ends <= self._now_us():
                raise TokenExpired("The access token's life is over.")
            return self._request(method, {**fields, "accessToken": tokens.access})

        def read(response: httpx.Response) -> dict[str, Any]:
            return self._data(response, changes_stock=changes_stock)

        return await self._caller.call(method, request, read, repeatable=not changes_stock)

    async def _refresh(self, spent: Tokens) -> Tokens:
        method = "oauth.refreshToken"
        data = await self._caller.plain(
            method,
            lambda: self._request(method, {"refreshToken": spent.refresh}),
            lambda response: self._data(response, changes_stock=False),
            secrets=(spent.refresh,),
        )
        return Tokens(
            access=data["accessToken"],
            refresh=data["refreshToken"],
            access_expires_at_us=moment_us(data.get("accessTokenExpiresAt")),
            refresh_expires_at_us=moment_us(data.get("refreshTokenExpiresAt")),
        )

    def _request(self, method: str, fields: Mapping[str, Any]) -> httpx.Request:
        app_id, at = self._connection.app_key, str(self._now_us() // 1_000_000)
        body = {
            **fields,
            "method": method,
            "appId": app_id,
            "timestamp": at,
            "version": _VERSION,
            "sign": signature(self._connection.app_secret, method, app_id, at, _VERSION),
        }
        return self._http.build_request("POST", self._url, json=body)

    def _data(self, response: httpx.Response, *, changes_stock: bool) -> dict[str, Any]:
        answer = json_of(response)
        code = number(answer.get("error_code"))
        if code or answer.get("success") is not True:
            error = error_of(code, str(answer.get("error_msg", "")), self._codes)
            if changes_stock and isinstance(error, Unavailable):
                raise UnknownOutcome(str(error), vendor_code=error.vendor_code)
            raise error
        return answer.get("data") or {}


def _codes(settings: Mapping[str, str]) -> dict[int, type[ChannelError]]:
    codes: dict[int, type[ChannelError]] = {}
    for name, kind in _CODE_SETTINGS.items():
        try:
            codes |= {int(text): kind for text in settings.get(name, "").split(",") if text.strip()}
        except ValueError:
            raise SettingRefused(f"{name} has to be codes with commas between, such as -101,-102.") from None
    return codes


def connect(
    connection: Connection,
    tokens: TokenBox,
    http: httpx.AsyncClient,
    now_us: Callable[[], int],
    repeats: Repeats | None = None,
) -> XiaohongshuAdapter:
    """Makes the adapter of one shop."""
    return XiaohongshuAdapter(connection, tokens, http, now_us, repeats)
