"""Calls of Shopify's Admin API: GraphQL only."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from ..adapter import Connection, TokenBox, Tokens
from ..base import NoAddressCheck, NoQueue
from ..errors import CallRefused, ListingRefused, NotAuthorized, TokenExpired, Unsupported
from ..http import Caller, Repeats
from ..manifest import Manifest
from ..orders import ListingRef, OrderPage, PlatformOrder, Push, StockReading, StockWrite, StockWritten
from ..settings import SettingRefused, corrected
from ..values import json_of, number
from .manifest import MANIFEST, SETTINGS
from .mapping import bare, fault_of, gid, order_of, user_error_of
from .queries import ADJUST, ORDER, ORDERS, READ
from .webhook import Webhook

_VERSION = "2026-04"


class ShopifyAdapter(NoQueue, NoAddressCheck):
    """One shop and one location of it; a listing is an inventory item."""

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
        self._location = bare(settings.get("location_id", ""))
        if not self._location:
            raise SettingRefused("Shopify needs the setting location_id: the location whose stock is sold.")
        self._connection = connection
        self._base = connection.base_url.rstrip("/")
        self._version = settings.get("api_version", _VERSION)
        self._reason = settings.get("reason", "correction")
        self._http = http
        self._now_us = now_us
        self._caller = Caller(self.manifest, connection, tokens, http, now_us, self._refresh, repeats)
        self.state = self._caller.state
        self._webhook = Webhook(connection, self._location)

    async def write_stock(self, write: StockWrite) -> StockWritten:
        """Change the available quantity by a difference, if it is still the expected one."""
        delta = _delta(write)
        change = {
            "delta": delta,
            "inventoryItemId": gid("InventoryItem", write.listing.product),
            "locationId": gid("Location", write.listing.warehouse or self._location),
            # Null is said aloud: it opts out of the comparison.
            "changeFromQuantity": write.expected,
        }
        variables = {
            "input": {"reason": self._reason, "name": "available", "changes": [change]},
            "key": write.write_id,
        }
        data = await self._call("inventoryAdjustQuantities", ADJUST, variables, changes_stock=True)
        result = data["inventoryAdjustQuantities"]
        for error in result.get("userErrors") or ():
            raise user_error_of(str(error.get("code")), str(error.get("message", "")))
        changes = (result.get("inventoryAdjustmentGroup") or {}).get("changes") or ()
        told = [row.get("quantityAfterChange") for row in changes if row.get("name") == "available"]
        counter = told[0] if told and told[0] is not None else None
        if counter is None and write.expected is not None:
            counter = write.expected + delta
        return StockWritten(applied=write.quantity, counter=counter)

    async def read_stock(self, listings: Sequence[ListingRef]) -> list[StockReading]:
        """Available quantities, one call each; `occupied` is what is committed to orders."""
        return [await self._read(listing) for listing in listings]

    async def _read(self, listing: ListingRef) -> StockReading:
        variables = {
            "item": gid("InventoryItem", listing.product),
            "location": gid("Location", listing.warehouse or self._location),
        }
        data = await self._call("inventoryItem", READ, variables)
        level = (data.get("inventoryItem") or {}).get("inventoryLevel")
        if not level:
            raise ListingRefused(f"Shopify has no inventory item {listing.key} at this location.")
        quantities = {row["name"]: number(row["quantity"]) for row in level["quantities"]}
        return StockReading(listing, quantities["available"], quantities.get("committed"))

    async def order(self, order: str) -> PlatformOrder:
        """One order as it is now."""
        data = await self._call("order", ORDER, {"id": gid("Order", order)})
        if not data.get("order"):
            raise CallRefused(f"Shopify has no order {order}.")
        return order_of(data["order"])

    async def orders_changed(self, from_us: int, until_us: int, cursor: str | None) -> OrderPage:
        """One page of the orders updated in the span."""
        variables = {
            "first": self.manifest.poll_page_max,
            "after": cursor,
            "query": f"updated_at:>='{_iso(from_us)}' AND updated_at:<='{_iso(until_us + 999_999)}'",
        }
        page = (await self._call("orders", ORDERS, variables))["orders"]
        more = page["pageInfo"]
        orders = tuple(order_of(order) for order in page["nodes"])
        return OrderPage(orders, more["endCursor"] if more["hasNextPage"] else None)

    def receive(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, now_us: int) -> Push:
        """Verify and read a push."""
        return self._webhook.receive(headers, body, now_us)

    async def _call(
        self, name: str, query: str, variables: Mapping[str, Any], *, changes_stock: bool = False
    ) -> dict[str, Any]:
        url = f"{self._base}/admin/api/{self._version}/graphql.json"
        body = {"query": query, "variables": variables}
        renewable = True

        def request(tokens: Tokens) -> httpx.Request:
            nonlocal renewable
            renewable = bool(tokens.refresh)
            headers = {"x-shopify-access-token": tokens.access}
            return self._http.build_request("POST", url, json=body, headers=headers)

        def read(response: httpx.Response) -> dict[str, Any]:
            return _data(response, renewable=renewable, changes_stock=changes_stock)

        return await self._caller.call(name, request, read, repeatable=not changes_stock)

    async def _refresh(self, spent: Tokens) -> Tokens:
        form = {
            "client_id": self._connection.app_key,
            "client_secret": self._connection.app_secret,
            "grant_type": "refresh_token",
            "refresh_token": spent.refresh,
        }
        url = f"{self._base}/admin/oauth/access_token"
        answer = await self._caller.plain(
            "access_token",
            lambda: self._http.build_request("POST", url, data=form),
            _tokens,
            secrets=(spent.refresh,),
        )
        return Tokens(
            access=answer["access_token"],
            refresh=answer["refresh_token"],
            access_expires_at_us=self._ends_us(answer.get("expires_in")),
            refresh_expires_at_us=self._ends_us(answer.get("refresh_token_expires_in")),
        )

    def _ends_us(self, life_s: object) -> int | None:
        return self._now_us() + number(life_s) * 1_000_000 if number(life_s) else None


def _delta(write: StockWrite) -> int:
    if write.operation == "add":
        return write.quantity
    if write.operation == "subtract":
        return -write.quantity
    if write.expected is None:
        raise Unsupported("Shopify's counters are set only from an expected value.")
    return write.quantity - write.expected


def _iso(at_us: int) -> str:
    return datetime.fromtimestamp(at_us // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _data(response: httpx.Response, *, renewable: bool, changes_stock: bool) -> dict[str, Any]:
    if response.status_code == httpx.codes.UNAUTHORIZED:
        refused = TokenExpired if renewable else NotAuthorized
        raise refused("Shopify does not take the access token.", vendor_code="401")
    if response.status_code == httpx.codes.FORBIDDEN:
        raise NotAuthorized("Shopify: the app lacks the scope for this call.", vendor_code="403")
    answer = json_of(response)
    if answer.get("errors"):
        raise fault_of(answer, changes_stock=changes_stock)
    data: dict[str, Any] = answer["data"]
    return data


def _tokens(response: httpx.Response) -> dict[str, Any]:
    if not response.is_success:
        raise CallRefused("Shopify does not take the refresh token.", vendor_code=str(response.status_code))
    return json_of(response)


def connect(
    connection: Connection,
    tokens: TokenBox,
    http: httpx.AsyncClient,
    now_us: Callable[[], int],
    repeats: Repeats | None = None,
) -> ShopifyAdapter:
    """Makes the adapter of one shop."""
    return ShopifyAdapter(connection, tokens, http, now_us, repeats)
