"""Calls of TikTok Shop: signed over path, query and raw body."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from ..adapter import Connection, TokenBox, Tokens
from ..base import NoAddressCheck, NoQueue
from ..errors import CallRefused, ListingRefused, Unsupported
from ..http import Caller, Repeats, retry_after_s
from ..manifest import Manifest
from ..orders import ListingRef, OrderPage, PlatformOrder, Push, StockReading, StockWrite, StockWritten
from ..settings import corrected
from ..values import identity, json_of, number
from .manifest import MANIFEST, SETTINGS
from .mapping import error_of, order_of, readings_of
from .signing import call_signature
from .webhook import Webhook

_API = "https://open-api.tiktokglobalshop.com"
_AUTH = "https://auth.tiktok-shops.com"
_ABSOLUTE_FROM_S = 1_000_000_000  # a life in seconds is never that long


class TikTokAdapter(NoQueue, NoAddressCheck):
    """One shop; its cipher is asked for once, unless a setting names it."""

    def __init__(
        self,
        connection: Connection,
        tokens: TokenBox,
        http: httpx.AsyncClient,
        now_us: Callable[[], int],
        repeats: Repeats | None = None,
    ) -> None:
        settings = connection.settings
        self.manifest: Manifest = corrected(MANIFEST, settings, SETTINGS)
        self._connection = connection
        self._base = connection.base_url.rstrip("/")
        # Tokens come from a host of their own; a stand-in serves both.
        self._auth = settings.get("auth_url", _AUTH if self._base == _API else self._base).rstrip("/")
        self._cipher = connection.secrets.get("shop_cipher") or settings.get("shop_cipher", "")
        self._warehouse = settings.get("warehouse_id", "")
        self._http = http
        self._now_us = now_us
        self._caller = Caller(self.manifest, connection, tokens, http, now_us, self._refresh, repeats)
        self.state = self._caller.state
        self._webhook = Webhook(connection)

    async def write_stock(self, write: StockWrite) -> StockWritten:
        """Set a counter; TikTok knows no differences and no idempotency id."""
        if write.operation != "set":
            raise Unsupported("TikTok Shop sets counters to a value; it knows no differences.")
        product, sku, _ = write.listing
        place = {"quantity": write.quantity}
        warehouse = write.listing.warehouse or self._warehouse
        inventory = {"warehouse_id": warehouse, **place} if warehouse else place
        body = {"skus": [{"id": sku, "inventory": [inventory]}]}
        path = f"/product/202309/products/{product}/inventory/update"
        data = await self._call("POST", path, {}, body, changes_stock=True)
        # The call succeeds as a whole even where the one SKU in it was refused.
        for error in data.get("errors") or ():
            raise error_of(number(error.get("code")), str(error.get("message", "")), changes_stock=True)
        return StockWritten(applied=write.quantity)

    async def read_stock(self, listings: Sequence[ListingRef]) -> list[StockReading]:
        """Available units: over all warehouses, unless the listing names one."""
        skus = list(dict.fromkeys(listing.variant for listing in listings))
        found = readings_of(
            await self._call("POST", "/product/202309/inventory/search", {}, {"sku_ids": skus})
        )
        for listing in listings:
            if listing not in found:
                raise ListingRefused(f"TikTok Shop has no item {listing.key}.")
        return [found[listing] for listing in listings]

    async def order(self, order: str) -> PlatformOrder:
        """One order as it is now."""
        data = await self._call("GET", "/order/202309/orders", {"ids": order})
        for found in data.get("orders") or ():
            if identity(found["id"]) == order:
                return order_of(found)
        raise CallRefused(f"TikTok Shop has no order {order}.")

    async def orders_changed(self, from_us: int, until_us: int, cursor: str | None) -> OrderPage:
        """One page of the orders updated in the span."""
        query = {"page_size": str(self.manifest.poll_page_max)} | ({"page_token": cursor} if cursor else {})
        span = {"update_time_ge": from_us // 1_000_000, "update_time_lt": until_us // 1_000_000 + 1}
        data = await self._call("POST", "/order/202309/orders/search", query, span)
        orders = tuple(order_of(order) for order in data.get("orders") or ())
        return OrderPage(orders, data.get("next_page_token") or None)

    def receive(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, now_us: int) -> Push:
        """Verify and read a push."""
        return self._webhook.receive(headers, body, now_us)

    async def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
        *,
        changes_stock: bool = False,
    ) -> dict[str, Any]:
        named = {**query, "shop_cipher": await self._shop_cipher()}
        return await self._signed(method, path, named, body, changes_stock=changes_stock)

    async def _shop_cipher(self) -> str:
        if not self._cipher:
            data = await self._signed("GET", "/authorization/202309/shops", {}, None)
            wanted = self._connection.shop
            shops = [shop for shop in data.get("shops") or () if wanted in ("", identity(shop.get("id")))]
            if len(shops) != 1:
                raise CallRefused(
                    f"The token opens {len(shops)} shops that could be meant; name one in the channel's shop."
                )
            self._cipher = str(shops[0]["cipher"])
        return self._cipher

    async def _signed(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Mapping[str, Any] | None,
        *,
        changes_stock: bool = False,
    ) -> dict[str, Any]:
        raw = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()

        def request(tokens: Tokens) -> httpx.Request:
            signed = {
                **query,
                "app_key": self._connection.app_key,
                "timestamp": str(self._now_us() // 1_000_000),
            }
            signed["sign"] = call_signature(self._connection.app_secret, path, signed, raw)
            headers = {"x-tts-access-token": tokens.access, "content-type": "application/json"}
            return self._http.build_request(
                method, self._base + path, params=signed, content=raw, headers=headers
            )

        def read(response: httpx.Response) -> dict[str, Any]:
            return self._data(response, changes_stock=changes_stock)

        # The products' own ids stay out of the call's name: names are counted.
        name = path.rsplit("/", 1)[-1] if "/products/" not in path else "inventory/update"
        return await self._caller.call(name, request, read, repeatable=not changes_stock)

    async def _refresh(self, spent: Tokens) -> Tokens:
        query = {
            "app_key": self._connection.app_key,
            "app_secret": self._connection.app_secret,
            "refresh_token": spent.refresh,
            "grant_type": "refresh_token",
        }
        url = f"{self._auth}/api/v2/token/refresh"
        data = await self._caller.plain(
            "token/refresh",
            lambda: self._http.build_request("GET", url, params=query),
            lambda response: self._data(response, changes_stock=False),
            secrets=(spent.refresh,),
        )
        return Tokens(
            access=data["access_token"],
            refresh=data["refresh_token"],
            access_expires_at_us=self._ends_us(data.get("access_token_expire_in")),
            refresh_expires_at_us=self._ends_us(data.get("refresh_token_expire_in")),
        )

    def _ends_us(self, value: object) -> int | None:
        """TikTok's `…_expire_in` is a time, in spite of its name; a life in seconds is understood as well."""
        told = number(value)
        if not told:
            return None
        return told * 1_000_000 if told >= _ABSOLUTE_FROM_S else self._now_us() + told * 1_000_000

    def _data(self, response: httpx.Response, *, changes_stock: bool) -> dict[str, Any]:
        answer = json_of(response)
        code = number(answer["code"])
        if code:
            wish = retry_after_s(response.headers.get("retry-after"), self._now_us())
            message = str(answer.get("message", ""))
            raise error_of(code, message, changes_stock=changes_stock, retry_after_s=wish)
        return answer.get("data") or {}


def connect(
    connection: Connection,
    tokens: TokenBox,
    http: httpx.AsyncClient,
    now_us: Callable[[], int],
    repeats: Repeats | None = None,
) -> TikTokAdapter:
    """Makes the adapter of one shop."""
    return TikTokAdapter(connection, tokens, http, now_us, repeats)
