import asyncio
import json
from typing import Any

import httpx
import pytest

from holdfast.channels.adapter import Connection
from holdfast.channels.errors import (
    CallRefused,
    InsufficientStock,
    ListingRefused,
    PushRefused,
    UnknownOutcome,
    Unsupported,
)
from holdfast.channels.orders import ListingRef, StockWrite
from holdfast.channels.pinduoduo import MANIFEST, connect
from holdfast.channels.pinduoduo.client import PinduoduoAdapter
from holdfast.channels.pinduoduo.signing import signature
from tests.channels.fakes import NOW_US, FakePlatform, box, now_us

LISTING = ListingRef("9007199254740993", "200")


def adapter(platform: FakePlatform, **settings: str) -> PinduoduoAdapter:
    connection = Connection("https://pdd.test", "cid", "app-secret-text", settings=settings)
    return connect(connection, box(), platform.client(), now_us)


def answer(key: str, **fields: Any) -> httpx.Response:
    return httpx.Response(200, json={key: fields})


def error(code: int, words: str = "") -> httpx.Response:
    return answer("error_response", error_code=code, error_msg="m", sub_msg=words)


def write(operation: str) -> StockWrite:
    return StockWrite(LISTING, operation, 3, "w1")


@pytest.mark.parametrize(("operation", "quantity"), [("add", "3"), ("subtract", "-3")])
def test_a_write_is_signed_and_sends_exact_ids(operation: str, quantity: str) -> None:
    platform = FakePlatform([answer("goods_quantity_update_response", is_success=True)])
    written = asyncio.run(adapter(platform).write_stock(write(operation)))
    (asked,) = platform.asked
    sent = json.loads(asked.content)
    assert asked.url.path == "/api/router"
    assert sent.pop("sign") == signature("app-secret-text", sent)
    assert sent == {
        "type": "pdd.goods.quantity.update",
        "client_id": "cid",
        "access_token": "old-access-token",
        "timestamp": "1700000000",
        "data_type": "JSON",
        "version": "V1",
        "goods_id": "9007199254740993",
        "sku_id": "200",
        "quantity": quantity,
        "update_type": "2",
    }
    assert (written.applied, written.counter) == (3, None)


def test_a_counter_is_never_set() -> None:
    platform = FakePlatform()
    with pytest.raises(Unsupported):
        asyncio.run(adapter(platform).write_stock(write("set")))
    assert not platform.asked


def test_a_write_that_was_not_made_is_refused() -> None:
    shop = adapter(FakePlatform([answer("goods_quantity_update_response", is_success=False)]))
    with pytest.raises(CallRefused):
        asyncio.run(shop.write_stock(write("add")))
    with pytest.raises(InsufficientStock):
        asyncio.run(adapter(FakePlatform([error(50001, "库存不足")])).write_stock(write("subtract")))
    shop = adapter(FakePlatform([error(123, "too few, sorry")]), shortage_words="no stock,too few")
    with pytest.raises(InsufficientStock):
        asyncio.run(shop.write_stock(write("subtract")))


def test_an_internal_error_of_a_write_is_of_unknown_outcome_and_not_repeated() -> None:
    platform = FakePlatform([error(52001), answer("goods_quantity_update_response", is_success=True)])
    with pytest.raises(UnknownOutcome):
        asyncio.run(adapter(platform).write_stock(write("add")))
    assert len(platform.asked) == 1


def test_a_product_is_read_once_for_all_its_variants() -> None:
    skus = [{"sku_id": 200, "quantity": 7}, {"sku_id": 201, "quantity": 8}]
    platform = FakePlatform([answer("goods_detail_get_response", sku_list=skus)])
    listings = [LISTING, LISTING._replace(variant="201")]
    readings = asyncio.run(adapter(platform).read_stock(listings))
    assert [(reading.listing, reading.sellable) for reading in readings] == [
        (listings[0], 7),
        (listings[1], 8),
    ]
    assert len(platform.asked) == 1
    platform = FakePlatform([answer("goods_detail_get_response", sku_list=skus)])
    with pytest.raises(ListingRefused):
        asyncio.run(adapter(platform).read_stock([LISTING._replace(variant="9")]))


def test_a_token_is_refreshed_without_the_spent_one() -> None:
    fresh = answer(
        "pop_auth_token_refresh_response",
        access_token="new-access-token",
        refresh_token="r2",
        expires_at=1_700_086_400,
        expires_in=86_400,
    )
    platform = FakePlatform([error(10019), fresh, answer("goods_quantity_update_response", is_success=True)])
    tokens = box()
    connection = Connection("https://pdd.test", "cid", "s")
    asyncio.run(connect(connection, tokens, platform.client(), now_us).write_stock(write("add")))
    asked = json.loads(platform.asked[1].content)
    assert asked["type"] == "pdd.pop.auth.token.refresh"
    assert asked["refresh_token"] == "old-refresh-token"
    assert "access_token" not in asked
    pair = asyncio.run(tokens.current())
    assert (pair.access, pair.access_expires_at_us) == ("new-access-token", 1_700_086_400_000_000)


def test_a_poll_reads_from_the_back() -> None:
    def page(request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)
        if asked["type"] == "pdd.refund.list.increment.get":
            assert int(asked["end_updated_at"]) - int(asked["start_updated_at"]) <= 1_800
            return answer("refund_increment_get_response", refund_list=[], total_count=0)
        number = asked["page"]
        order = {"order_sn": f"of-page-{number}", "order_status": 1, "created_time": "2023-11-15 06:13:00"}
        return answer("order_sn_increment_get_response", total_count=201, order_sn_list=[order])

    platform = FakePlatform([page] * 8)
    shop = adapter(platform)
    cursor, seen = None, []
    while True:
        found = asyncio.run(shop.orders_changed(NOW_US, NOW_US + 1_000_000, cursor))
        seen += [order.order for order in found.orders]
        cursor = found.cursor
        if cursor is None:
            break
    assert seen == ["of-page-1", "of-page-3", "of-page-2", "of-page-1"]
    first = json.loads(platform.asked[0].content)
    assert (first["start_updated_at"], first["end_updated_at"]) == ("1700000000", "1700000001")
    assert (first["order_status"], first["refund_status"]) == ("5", "5")


def test_the_window_is_half_an_hour_and_there_are_no_pushes() -> None:
    assert MANIFEST.poll_window_max_s == 1_800
    shop = adapter(FakePlatform())
    with pytest.raises(PushRefused):
        shop.receive({}, {}, b"", NOW_US)
    with pytest.raises(PushRefused):
        shop.answer_check({})
    with pytest.raises(Unsupported):
        asyncio.run(shop.pull())
    with pytest.raises(Unsupported):
        asyncio.run(shop.confirm([]))


def test_after_sales_are_read_by_half_hours_and_pages_to_their_end() -> None:
    windows: list[tuple[int, int, str]] = []

    def answers(request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)
        if asked["type"] == "pdd.order.information.get":
            item = {"goods_id": 1, "sku_id": 2, "goods_count": 3}
            created = "2023-11-15 05:13:20"  # an hour ago
            order = {"order_sn": "o", "order_status": 1, "created_time": created, "item_list": [item]}
            return answer("order_info_get_response", order_info=order)
        start, page = int(asked["start_updated_at"]), asked["page"]
        windows.append((start - 1_700_000_000, int(asked["end_updated_at"]) - start, page))
        row = {"id": f"{start}-{page}", "order_sn": "o", "goods_id": 1, "sku_id": 2, "goods_number": 1}
        done = row | {"after_sales_status": 10 if page == "2" else 2}
        return answer(
            "refund_increment_get_response", refund_list=[done], total_count=101 if windows[-1][0] else 0
        )

    shop = adapter(FakePlatform([answers] * 20))
    order = asyncio.run(shop.order("o"))
    assert windows == [
        (-3_600, 1_800, "1"),
        (-3_600, 1_800, "2"),
        (-3_600, 1_800, "1"),
        (-1_800, 1_800, "1"),
        (-1_800, 1_800, "2"),
        (-1_800, 1_800, "1"),
    ]
    assert order.lines[0].refunded == 2
    assert shop.state.results["pdd.refund.list.increment.get", "ok"] == 6
