import asyncio
import json
from typing import Any

import httpx
import pytest

from holdfast.channels.adapter import Connection, Tokens
from holdfast.channels.errors import (
    CallRefused,
    InsufficientStock,
    ListingRefused,
    UnknownOutcome,
    Unsupported,
)
from holdfast.channels.orders import ListingRef, StockWrite
from holdfast.channels.settings import SettingRefused
from holdfast.channels.tokens import MemoryTokenBox
from holdfast.channels.xiaohongshu import connect
from holdfast.channels.xiaohongshu.client import XiaohongshuAdapter
from holdfast.channels.xiaohongshu.signing import signature
from tests.channels.fakes import NOW_US, FakeFile, FakePlatform, box, now_us

LISTING = ListingRef("65f0c0ffee")


def adapter(platform: FakePlatform, **settings: str) -> XiaohongshuAdapter:
    connection = Connection("https://xhs.test", "appid1", "app-secret-text", settings=settings)
    return connect(connection, box(), platform.client(), now_us)


def answer(**data: Any) -> httpx.Response:
    return httpx.Response(200, json={"success": True, "error_code": 0, "data": data})


def error(code: int) -> httpx.Response:
    return httpx.Response(200, json={"success": False, "error_code": code, "error_msg": "m"})


def write(operation: str) -> StockWrite:
    return StockWrite(LISTING, operation, 3, "w1")


@pytest.mark.parametrize(("operation", "quantity"), [("add", 3), ("subtract", -3)])
def test_a_write_is_a_signed_difference_and_tells_the_counter(operation: str, quantity: int) -> None:
    platform = FakePlatform([answer(skuStock={"available": 12, "total": 15})])
    written = asyncio.run(adapter(platform).write_stock(write(operation)))
    (asked,) = platform.asked
    assert asked.url.path == "/ark/open_api/v3/common_controller"
    assert json.loads(asked.content) == {
        "appId": "appid1",
        "method": "inventory.incSkuStock",
        "version": "2.0",
        "timestamp": "1700000000",
        "accessToken": "old-access-token",
        "sign": signature("app-secret-text", "inventory.incSkuStock", "appid1", "1700000000", "2.0"),
        "skuId": "65f0c0ffee",
        "qty": quantity,
    }
    assert (written.applied, written.counter) == (3, 12)


def test_the_total_is_never_set() -> None:
    platform = FakePlatform()
    with pytest.raises(Unsupported):
        asyncio.run(adapter(platform).write_stock(write("set")))
    assert not platform.asked


def test_codes_of_settings_are_followed() -> None:
    shop = adapter(FakePlatform([error(-5), error(-6), error(-7)]), codes_shortage="-5", codes_busy="-6, -8")
    with pytest.raises(InsufficientStock):
        asyncio.run(shop.write_stock(write("subtract")))
    with pytest.raises(UnknownOutcome):
        asyncio.run(shop.write_stock(write("subtract")))
    with pytest.raises(CallRefused):
        asyncio.run(shop.write_stock(write("subtract")))
    with pytest.raises(SettingRefused):
        adapter(FakePlatform(), codes_busy="soon")


def test_a_success_without_its_flag_is_none() -> None:
    with pytest.raises(CallRefused):
        asyncio.run(adapter(FakePlatform([httpx.Response(200, json={"error_code": 0})])).order("P1"))


def test_a_token_whose_life_is_over_is_renewed_before_the_call() -> None:
    fresh = answer(accessToken="new-access-token", refreshToken="r2", accessTokenExpiresAt=1_800_000_000_000)
    platform = FakePlatform([fresh, answer(skuStock={"available": 1, "total": 1})])
    tokens = MemoryTokenBox(Tokens("spent-token", "r1", access_expires_at_us=NOW_US - 1), FakeFile().save)
    shop = connect(Connection("https://xhs.test", "a", "secret"), tokens, platform.client(), now_us)
    asyncio.run(shop.write_stock(write("add")))
    refresh, asked = (json.loads(request.content) for request in platform.asked)
    assert (refresh["method"], refresh["refreshToken"]) == ("oauth.refreshToken", "r1")
    assert "accessToken" not in refresh
    assert asked["accessToken"] == "new-access-token"
    assert asyncio.run(tokens.current()).access_expires_at_us == 1_800_000_000_000_000


def test_reading_tells_what_is_available() -> None:
    platform = FakePlatform([answer(skuId="65f0c0ffee", skuStock={"available": 4, "total": 9})])
    (reading,) = asyncio.run(adapter(platform).read_stock([LISTING]))
    assert (reading.listing, reading.sellable, reading.occupied) == (LISTING, 4, None)
    with pytest.raises(ListingRefused):
        asyncio.run(adapter(FakePlatform([answer()])).read_stock([LISTING]))


def test_a_poll_reads_from_the_back_and_fetches_each_order() -> None:
    def page(request: httpx.Request) -> httpx.Response:
        number = json.loads(request.content)["pageNo"]
        return answer(total=21, pageNo=number, orderList=[{"orderId": f"P{number}"}])

    def detail(request: httpx.Request) -> httpx.Response:
        name = json.loads(request.content)["orderId"]
        return answer(orderId=name, orderStatus=1, createdTime=1_700_000_000_000, skuList=[])

    platform = FakePlatform([page, detail, page, detail, page, detail])
    shop = adapter(platform)
    cursor, seen = None, []
    while True:
        found = asyncio.run(shop.orders_changed(NOW_US, NOW_US + 1_000_000, cursor))
        seen += [order.order for order in found.orders]
        cursor = found.cursor
        if cursor is None:
            break
    assert seen == ["P1", "P2", "P1"]
    asked = json.loads(platform.asked[0].content)
    assert (asked["timeType"], asked["startTime"], asked["endTime"]) == (2, 1_700_000_000, 1_700_000_001)
