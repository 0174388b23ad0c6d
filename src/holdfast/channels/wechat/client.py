"""Calls of the WeChat Channels shop: unsigned JSON, with the token in the address."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from ..adapter import Connection, TokenBox, Tokens
from ..base import NoQueue, signed_change
from ..errors import ListingRefused, NotAuthorized
from ..http import Caller, Repeats
from ..manifest import Manifest
from ..orders import (
    Acknowledgement,
    ListingRef,
    OrderPage,
    PlatformOrder,
    Push,
    StockReading,
    StockWrite,
    StockWritten,
)
from ..settings import corrected, one_of
from ..values import id_number, identity, json_of, number
from .manifest import MANIFEST, SETTINGS
from .mapping import error_of, order_of, readings_of
from .webhook import Webhook

_PRODUCTS_PER_READ_MAX = 50
_ADD, _SUBTRACT = 1, 2


class WeChatAdapter(NoQueue):
    """One shop; its token needs no refresh token, `stable_token` gives a new one for app id and secret."""

    def __init__(
        self,
        connection: Connection,
        tokens: TokenBox,
        http: httpx.AsyncClient,
        now_us: Callable[[], int],
        repeats: Repeats | None = None,
    ) -> None:
        self.manifest: Manifest = corrected(MANIFEST, connection.settings, SETTINGS)
        self._connection = connection
        self._base = connection.base_url.rstrip("/")
        self._http = http
        self._now_us = now_us
        self._caller = Caller(self.manifest, connection, tokens, http, now_us, self._refresh, repeats)
        self.state = self._caller.state
        self._webhook = Webhook(connection)
        self._ids_are_text = one_of(connection.settings, "id_type", ("number", "text"), "number") == "text"

    async def write_stock(self, write: StockWrite) -> StockWritten:
        """Add to or subtract from a counter; there is no idempotency id to send."""
        change = signed_change(write, self.manifest.title)
        body = {
            **self._named(write.listing),
            "diff_type": _ADD if change > 0 else _SUBTRACT,
            "num": write.quantity,
        }
        await self._call("/channels/ec/product/stock/update", body, changes_stock=True)
        return StockWritten(applied=write.quantity)

    async def read_stock(self, listings: Sequence[ListingRef]) -> list[StockReading]:
        """The ordinary bucket of each listing, fifty products a call."""
        products = list(dict.fromkeys(self._named(listing)["product_id"] for listing in listings))
        found: dict[tuple[str, str], StockReading] = {}
        for begin in range(0, len(products), _PRODUCTS_PER_READ_MAX):
            part = products[begin : begin + _PRODUCTS_PER_READ_MAX]
            answer = await self._call("/channels/ec/product/stock/batchget", {"product_id": part})
            # The single read answers inside `data`; whether the batch read does is not told.
            found |= readings_of(answer.get("data") or answer)
        missing = [listing.key for listing in listings if listing[:2] not in found]
        if missing:
            raise ListingRefused(f"WeChat has no item {missing[0]}.")
        return [found[listing[:2]] for listing in listings]

    async def order(self, order: str) -> PlatformOrder:
        """One order's detail, with the units whose after-sale is finished."""
        answer = await self._call("/channels/ec/order/get", {"order_id": self._id("order", order)})
        return order_of(answer["order"])

    async def orders_changed(self, from_us: int, until_us: int, cursor: str | None) -> OrderPage:
        """One page; the list only names the orders, so each is fetched."""
        body = {
            "update_time_range": {
                "start_time": from_us // 1_000_000,
                "end_time": until_us // 1_000_000,
            },
            "page_size": self.manifest.poll_page_max,
            "next_key": cursor or "",
        }
        answer = await self._call("/channels/ec/order/list/get", body)
        names = [identity(name) for name in answer.get("order_id_list") or ()]
        orders = [await self.order(name) for name in names]
        return OrderPage(tuple(orders), str(answer["next_key"]) if answer.get("has_more") else None)

    def receive(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, now_us: int) -> Push:
        """Verify and decrypt a push."""
        return self._webhook.receive(query, body, now_us)

    def answer_check(self, query: Mapping[str, str]) -> Acknowledgement:
        """The echo for the check of our address."""
        return self._webhook.answer_check(query)

    def _named(self, listing: ListingRef) -> dict[str, Any]:
        if listing.warehouse:
            raise ListingRefused(
                f"{listing.key}: stock by warehouse is not supported; map the listing without @warehouse."
            )
        return {
            "product_id": self._id("product", listing.product),
            "sku_id": self._id("sku", listing.variant),
        }

    def _id(self, name: str, value: str) -> int | str:
        return value if self._ids_are_text else id_number(name, value)

    async def _call(
        self, path: str, body: Mapping[str, Any], *, changes_stock: bool = False
    ) -> dict[str, Any]:
        def request(tokens: Tokens) -> httpx.Request:
            return self._request(path, body, {"access_token": tokens.access})

        def read(response: httpx.Response) -> dict[str, Any]:
            return _result(response, changes_stock=changes_stock)

        return await self._caller.call(path, request, read, repeatable=not changes_stock)

    async def _refresh(self, spent: Tokens) -> Tokens:
        body = {
            "grant_type": "client_credential",
            "appid": self._connection.app_key,
            "secret": self._connection.app_secret,
            "force_refresh": False,
        }
        path = "/cgi-bin/stable_token"
        answer = await self._caller.plain(path, lambda: self._request(path, body), _result)
        ends_in_us = number(answer["expires_in"]) * 1_000_000
        return Tokens(access=answer["access_token"], access_expires_at_us=self._now_us() + ends_in_us)

    def _request(
        self, path: str, body: Mapping[str, Any], query: Mapping[str, str] | None = None
    ) -> httpx.Request:
        return self._http.build_request(
            "POST",
            self._base + path,
            params=query,
            content=json.dumps(body, ensure_ascii=False).encode(),
            headers={"content-type": "application/json"},
        )


def _result(response: httpx.Response, *, changes_stock: bool = False) -> dict[str, Any]:
    if response.status_code == httpx.codes.FORBIDDEN:
        raise NotAuthorized("WeChat: this server's address is not on the allow-list (HTTP 403).")
    answer = json_of(response)
    code = number(answer.get("errcode"))
    if code:
        raise error_of(code, str(answer.get("errmsg", "")), changes_stock=changes_stock)
    return answer


def connect(
    connection: Connection,
    tokens: TokenBox,
    http: httpx.AsyncClient,
    now_us: Callable[[], int],
    repeats: Repeats | None = None,
) -> WeChatAdapter:
    """Makes the adapter of one shop."""
    return WeChatAdapter(connection, tokens, http, now_us, repeats)
