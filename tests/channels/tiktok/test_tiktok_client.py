import asyncio
import json
from typing import Any

import httpx
import pytest

from holdfast.channels.adapter import Connection
from holdfast.channels.errors import CallRefused, ListingRefused, Throttled, UnknownOutcome, Unsupported
from holdfast.channels.orders import ListingRef, StockWrite
from holdfast.channels.tiktok import connect
from holdfast.channels.tiktok.client import TikTokAdapter
from holdfast.channels.tiktok.signing import call_signature
from tests.channels.fakes import NOW_US, FakePlatform, box, now_us

LISTING = ListingRef("1729592969712207008", "1729592969712207123")


def adapter(platform: FakePlatform, shop: str = "", **settings: str) -> TikTokAdapter:
    settings = {"shop_cipher": "cipher"} | settings
    connection = Connection("https://tiktok.test", "app", "app-secret-text", shop=shop, settings=settings)
    return connect(connection, box(), platform.client(), now_us)


def answer(code: int = 0, headers: dict[str, str] | None = None, **data: Any) -> httpx.Response:
    return httpx.Response(200, json={"code": code, "message": "m", "data": data}, headers=headers)


def put(operation: str = "set") -> StockWrite:
    return StockWrite(LISTING, operation, 99, "w1")


def test_a_write_sets_the_counter_and_is_signed_over_its_raw_body() -> None:
    platform = FakePlatform([answer()])
    asyncio.run(adapter(platform, warehouse_id="w").write_stock(put()))
    (asked,) = platform.asked
    assert asked.url.path == f"/product/202309/products/{LISTING.product}/inventory/update"
    assert asked.headers["x-tts-access-token"] == "old-access-token"
    inventory = [{"warehouse_id": "w", "quantity": 99}]
    assert json.loads(asked.content) == {"skus": [{"id": LISTING.variant, "inventory": inventory}]}
    query = dict(asked.url.params)
    assert query["timestamp"] == "1700000000"
    assert query["shop_cipher"] == "cipher"
    assert query["sign"] == call_signature("app-secret-text", asked.url.path, query, asked.content)


@pytest.mark.parametrize("operation", ["add", "subtract"])
def test_differences_are_not_supported(operation: str) -> None:
    platform = FakePlatform()
    with pytest.raises(Unsupported):
        asyncio.run(adapter(platform).write_stock(put(operation)))
    assert not platform.asked


def test_an_error_of_the_sku_inside_a_success_is_found() -> None:
    errors = [{"code": 12052097, "message": "warehouse", "detail": {"sku_id": LISTING.variant}}]
    with pytest.raises(ListingRefused):
        asyncio.run(adapter(FakePlatform([answer(errors=errors)])).write_stock(put()))


def test_an_internal_error_of_a_write_is_of_unknown_outcome_and_not_repeated() -> None:
    platform = FakePlatform([answer(36009003), answer()])
    with pytest.raises(UnknownOutcome):
        asyncio.run(adapter(platform).write_stock(put()))
    assert len(platform.asked) == 1


def test_the_limit_tells_how_long_to_wait() -> None:
    with pytest.raises(Throttled) as refused:
        asyncio.run(adapter(FakePlatform([answer(36009002, {"retry-after": "4"})])).order("1"))
    assert refused.value.retry_after_s == 4.0


def test_the_cipher_is_asked_for_once_and_is_that_of_our_shop() -> None:
    shops = answer(shops=[{"id": "1", "cipher": "one"}, {"id": "2", "cipher": "two"}])
    platform = FakePlatform([shops, answer(), answer()])
    shop = adapter(platform, shop="2", shop_cipher="")

    async def twice() -> None:
        await shop.write_stock(put())
        await shop.write_stock(put())

    asyncio.run(twice())
    assert [asked.url.params.get("shop_cipher") for asked in platform.asked] == [None, "two", "two"]


def test_a_shop_that_could_be_either_is_not_guessed() -> None:
    shops = answer(shops=[{"id": "1", "cipher": "one"}, {"id": "2", "cipher": "two"}])
    with pytest.raises(CallRefused):
        asyncio.run(adapter(FakePlatform([shops]), shop_cipher="").write_stock(put()))


@pytest.mark.parametrize(("told", "expected_s"), [(1_700_600_000, 1_700_600_000), (600, 1_700_000_600)])
def test_the_end_of_a_token_is_a_time(told: int, expected_s: int) -> None:
    fresh = answer(
        access_token="new-access-token",
        access_token_expire_in=told,
        refresh_token="new-refresh-token",
        refresh_token_expire_in=1_790_000_000,
    )
    platform = FakePlatform([answer(105002), fresh, answer()])
    tokens = box()
    connection = Connection("https://tiktok.test", "app", "secret", settings={"shop_cipher": "c"})
    asyncio.run(connect(connection, tokens, platform.client(), now_us).write_stock(put()))
    pair = asyncio.run(tokens.current())
    assert (pair.access, pair.refresh) == ("new-access-token", "new-refresh-token")
    assert pair.access_expires_at_us == expected_s * 1_000_000
    refresh = platform.asked[1]
    assert (refresh.method, refresh.url.path) == ("GET", "/api/v2/token/refresh")
    assert refresh.url.params["grant_type"] == "refresh_token"


def test_tokens_of_the_real_platform_come_from_their_own_host() -> None:
    fresh = answer(access_token="new-access-token", refresh_token="r")
    platform = FakePlatform([answer(105002), fresh, answer()])
    connection = Connection("https://open-api.tiktokglobalshop.com", "a", "s", settings={"shop_cipher": "c"})
    asyncio.run(connect(connection, box(), platform.client(), now_us).write_stock(put()))
    assert platform.asked[1].url.host == "auth.tiktok-shops.com"


def test_a_poll_goes_from_page_to_page() -> None:
    order = {"id": "7", "status": "UNPAID", "create_time": 1, "line_items": []}
    platform = FakePlatform([answer(orders=[order], next_page_token="p2"), answer()])
    shop = adapter(platform)
    first = asyncio.run(shop.orders_changed(NOW_US, NOW_US + 1, None))
    last = asyncio.run(shop.orders_changed(NOW_US, NOW_US + 1, first.cursor))
    assert ([found.order for found in first.orders], first.cursor) == (["7"], "p2")
    assert (last.orders, last.cursor) == ((), None)
    assert json.loads(platform.asked[0].content) == {
        "update_time_ge": 1_700_000_000,
        "update_time_lt": 1_700_000_001,
    }
    assert platform.asked[1].url.params["page_token"] == "p2"


def test_unknown_items_and_orders_are_refused() -> None:
    with pytest.raises(ListingRefused):
        asyncio.run(adapter(FakePlatform([answer(inventory=[])])).read_stock([LISTING]))
    with pytest.raises(CallRefused):
        asyncio.run(adapter(FakePlatform([answer(orders=[])])).order("1"))
