import asyncio
import json
from typing import Any

import httpx
import pytest

from holdfast.channels.adapter import Connection
from holdfast.channels.errors import (
    CallRefused,
    ExpectationFailed,
    ListingRefused,
    NotAuthorized,
    Unsupported,
)
from holdfast.channels.orders import ListingRef, StockWrite
from holdfast.channels.settings import SettingRefused
from holdfast.channels.shopify import connect
from holdfast.channels.shopify.client import ShopifyAdapter
from tests.channels.fakes import NOW_US, FakePlatform, box, now_us

LISTING = ListingRef("271878346596884015")


def adapter(platform: FakePlatform, refresh: str = "old-refresh-token", **settings: str) -> ShopifyAdapter:
    settings = {"location_id": "24826418"} | settings
    connection = Connection("https://ours.myshopify.test", "app", "app-secret-text", settings=settings)
    return connect(connection, box(refresh=refresh), platform.client(), now_us)


def answer(**data: Any) -> httpx.Response:
    return httpx.Response(200, json={"data": data})


def adjusted(after: int | None = None, *errors: str) -> httpx.Response:
    group = None if errors else {"changes": [{"name": "available", "delta": 0, "quantityAfterChange": after}]}
    faults = [{"field": None, "message": "m", "code": code} for code in errors]
    return answer(inventoryAdjustQuantities={"inventoryAdjustmentGroup": group, "userErrors": faults})


def run(platform: FakePlatform, operation: str, quantity: int, expected: int | None) -> Any:
    write = StockWrite(LISTING, operation, quantity, "write-1", expected)
    return asyncio.run(adapter(platform).write_stock(write))


@pytest.mark.parametrize(
    ("operation", "quantity", "expected", "delta"),
    [("add", 4, 10, 4), ("subtract", 4, 10, -4), ("add", 4, None, 4), ("set", 7, 10, -3)],
)
def test_a_write_names_its_key_and_what_it_expects(
    operation: str, quantity: int, expected: int | None, delta: int
) -> None:
    platform = FakePlatform([adjusted(14)])
    written = run(platform, operation, quantity, expected)
    (asked,) = platform.asked
    assert asked.url.path == "/admin/api/2026-04/graphql.json"
    assert asked.headers["x-shopify-access-token"] == "old-access-token"
    body = json.loads(asked.content)
    assert "@idempotent(key: $key)" in body["query"]
    assert body["variables"]["key"] == "write-1"
    assert body["variables"]["input"]["name"] == "available"
    assert body["variables"]["input"]["changes"] == [
        {
            "delta": delta,
            "inventoryItemId": "gid://shopify/InventoryItem/271878346596884015",
            "locationId": "gid://shopify/Location/24826418",
            "changeFromQuantity": expected,
        }
    ]
    assert (written.applied, written.counter) == (quantity, 14)


def test_where_the_counter_is_not_told_it_follows_from_the_expected_one() -> None:
    assert run(FakePlatform([adjusted(None)]), "subtract", 4, 10).counter == 6
    assert run(FakePlatform([adjusted(None)]), "subtract", 4, None).counter is None


def test_a_counter_is_not_set_without_an_expected_value() -> None:
    with pytest.raises(Unsupported):
        run(FakePlatform(), "set", 4, None)


def test_a_stale_expectation_changes_nothing() -> None:
    with pytest.raises(ExpectationFailed):
        run(FakePlatform([adjusted(None, "CHANGE_FROM_QUANTITY_STALE")]), "subtract", 4, 10)


def test_the_location_has_to_be_named() -> None:
    with pytest.raises(SettingRefused):
        adapter(FakePlatform(), location_id="")


def test_reading_tells_available_and_committed() -> None:
    quantities = [{"name": "available", "quantity": -2}, {"name": "committed", "quantity": 3}]
    item = {"id": "x", "inventoryLevel": {"quantities": quantities}}
    (reading,) = asyncio.run(adapter(FakePlatform([answer(inventoryItem=item)])).read_stock([LISTING]))
    assert (reading.sellable, reading.occupied) == (-2, 3)


@pytest.mark.parametrize("item", [None, {"id": "x", "inventoryLevel": None}])
def test_an_unknown_item_is_refused(item: object) -> None:
    with pytest.raises(ListingRefused):
        asyncio.run(adapter(FakePlatform([answer(inventoryItem=item)])).read_stock([LISTING]))


def test_a_spent_token_is_renewed_where_there_is_a_refresh_token() -> None:
    fresh = {"access_token": "new-access-token", "refresh_token": "r2", "expires_in": 3600}
    platform = FakePlatform([httpx.Response(401, json={}), httpx.Response(200, json=fresh), adjusted(1)])
    run(platform, "add", 1, 0)
    _, refresh, again = platform.asked
    assert refresh.url.path == "/admin/oauth/access_token"
    assert b"grant_type=refresh_token" in refresh.content
    assert again.headers["x-shopify-access-token"] == "new-access-token"


def test_a_spent_token_that_cannot_be_renewed_is_said() -> None:
    for answers in ([httpx.Response(401, json={})], [httpx.Response(403, json={})]):
        with pytest.raises(NotAuthorized):
            asyncio.run(adapter(FakePlatform([*answers]), refresh="").order("1"))
    with pytest.raises(NotAuthorized):
        asyncio.run(adapter(FakePlatform([httpx.Response(401), httpx.Response(400)])).order("1"))


def test_a_poll_asks_by_update_time_and_goes_on_from_its_cursor() -> None:
    more = {"hasNextPage": True, "endCursor": "c2"}
    end = {"hasNextPage": False, "endCursor": "c3"}
    platform = FakePlatform([answer(orders={"nodes": [], "pageInfo": info}) for info in (more, end)])
    shop = adapter(platform)
    first = asyncio.run(shop.orders_changed(NOW_US, NOW_US + 1, None))
    last = asyncio.run(shop.orders_changed(NOW_US, NOW_US + 1, first.cursor))
    assert (first.cursor, last.cursor) == ("c2", None)
    variables = json.loads(platform.asked[1].content)["variables"]
    assert variables["after"] == "c2"
    assert variables["query"] == "updated_at:>='2023-11-14T22:13:20Z' AND updated_at:<='2023-11-14T22:13:21Z'"


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(CallRefused):
        asyncio.run(adapter(FakePlatform([answer(order=None)])).order("1"))
