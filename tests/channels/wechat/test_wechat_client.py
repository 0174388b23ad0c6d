import asyncio
import json
from typing import Any

import httpx
import pytest

from holdfast.channels.adapter import Connection
from holdfast.channels.errors import CallRefused, ListingRefused, NotAuthorized, UnknownOutcome, Unsupported
from holdfast.channels.orders import ListingRef, StockWrite
from holdfast.channels.wechat import connect
from holdfast.channels.wechat.client import WeChatAdapter
from tests.channels.fakes import NOW_US, FakePlatform, box, now_us

LISTING = ListingRef("10000000000000000001", "9007199254740993")


def adapter(platform: FakePlatform, **settings: str) -> WeChatAdapter:
    connection = Connection("https://wechat.test", "wx1", "app-secret-text", settings=settings)
    return connect(connection, box(), platform.client(), now_us)


def answer(**fields: Any) -> httpx.Response:
    return httpx.Response(200, json={"errcode": 0, "errmsg": "ok"} | fields)


def write(operation: str, quantity: int = 4) -> StockWrite:
    return StockWrite(LISTING, operation, quantity, "w1")


@pytest.mark.parametrize(("operation", "code"), [("add", 1), ("subtract", 2)])
def test_a_write_sends_exact_ids(operation: str, code: int) -> None:
    platform = FakePlatform([answer()])
    written = asyncio.run(adapter(platform).write_stock(write(operation)))
    (asked,) = platform.asked
    assert asked.url.path == "/channels/ec/product/stock/update"
    assert asked.url.params["access_token"] == "old-access-token"
    assert json.loads(asked.content) == {
        "product_id": 10000000000000000001,
        "sku_id": 9007199254740993,
        "diff_type": code,
        "num": 4,
    }
    assert (written.applied, written.counter) == (4, None)


def test_a_counter_is_never_set() -> None:
    platform = FakePlatform()
    with pytest.raises(Unsupported):
        asyncio.run(adapter(platform).write_stock(write("set")))
    assert not platform.asked


def test_a_setting_sends_ids_as_text() -> None:
    platform = FakePlatform([answer()])
    asyncio.run(adapter(platform, id_type="text").write_stock(write("add")))
    assert json.loads(platform.asked[0].content)["sku_id"] == "9007199254740993"


def test_a_busy_platform_is_not_asked_to_write_twice() -> None:
    platform = FakePlatform([answer(errcode=-1), answer()])
    with pytest.raises(UnknownOutcome):
        asyncio.run(adapter(platform).write_stock(write("add")))
    assert len(platform.asked) == 1


def test_ids_that_are_no_numbers_and_warehouses_are_refused_before_any_call() -> None:
    platform = FakePlatform()
    with pytest.raises(CallRefused):
        asyncio.run(adapter(platform).read_stock([ListingRef("abc", "1")]))
    with pytest.raises(ListingRefused):
        asyncio.run(adapter(platform).read_stock([ListingRef("1", "1", "wh")]))
    assert not platform.asked


def test_reading_asks_for_fifty_products_at_once_and_misses_nothing() -> None:
    def rows(request: httpx.Request) -> httpx.Response:
        products = json.loads(request.content)["product_id"]
        assert len(products) <= 50
        found = [
            {"product_id": str(product), "sku_stock": [{"sku_id": "1", "normal_stock_num": product}]}
            for product in products
        ]
        return answer(spu_stock_list=found)

    platform = FakePlatform([rows, rows])
    listings = [ListingRef(str(product), "1") for product in range(1, 61)]
    readings = asyncio.run(adapter(platform).read_stock(listings))
    assert [reading.sellable for reading in readings] == list(range(1, 61))
    assert len(platform.asked) == 2


def test_an_unknown_listing_is_refused() -> None:
    with pytest.raises(ListingRefused):
        asyncio.run(adapter(FakePlatform([answer(spu_stock_list=[])])).read_stock([LISTING]))


def test_a_token_comes_from_app_id_and_secret_and_the_call_is_made_again() -> None:
    fresh = httpx.Response(200, json={"access_token": "new-access-token", "expires_in": 7200})
    platform = FakePlatform([answer(errcode=42001), fresh, answer()])
    asyncio.run(adapter(platform).write_stock(write("add")))
    _, token, again = platform.asked
    assert token.url.path == "/cgi-bin/stable_token"
    assert json.loads(token.content) == {
        "grant_type": "client_credential",
        "appid": "wx1",
        "secret": "app-secret-text",
        "force_refresh": False,
    }
    assert again.url.params["access_token"] == "new-access-token"


def test_http_403_means_the_allow_list() -> None:
    with pytest.raises(NotAuthorized):
        asyncio.run(adapter(FakePlatform([httpx.Response(403, text="no")])).order("1"))


def test_a_poll_fetches_what_the_list_names() -> None:
    order = {"order_id": 7, "status": 10, "create_time": 1, "order_detail": {"product_infos": []}}
    listed = answer(order_id_list=["7"], next_key="k2", has_more=True)
    platform = FakePlatform(
        [listed, answer(order=order), answer(order_id_list=[], next_key="", has_more=False)]
    )
    shop = adapter(platform)
    first = asyncio.run(shop.orders_changed(NOW_US, NOW_US + 1_500_000, None))
    last = asyncio.run(shop.orders_changed(NOW_US, NOW_US + 1_500_000, first.cursor))
    assert [order.order for order in first.orders] == ["7"]
    assert (first.cursor, last.cursor, last.orders) == ("k2", None, ())
    asked = json.loads(platform.asked[0].content)
    assert asked["update_time_range"] == {"start_time": 1_700_000_000, "end_time": 1_700_000_001}
    assert json.loads(platform.asked[2].content)["next_key"] == "k2"
