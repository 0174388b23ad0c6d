"""Kuaishou's signatures against the vectors of the facts, its results in our words, its counters."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from holdfast.channels.adapter import Connection
from holdfast.channels.errors import (
    CallRefused,
    ChannelError,
    InsufficientStock,
    ListingRefused,
    NotAuthorized,
    SignatureRefused,
    Throttled,
    TokenExpired,
    UnknownOutcome,
    Unsupported,
)
from holdfast.channels.kuaishou import connect
from holdfast.channels.kuaishou.client import signature
from holdfast.channels.manifest import UnderRun
from holdfast.channels.orders import ListingRef, StockReading, StockWrite, StockWritten
from holdfast.channels.settings import SettingRefused
from tests.channels.fakes import FakePlatform, box, now_us, quick

LISTING = ListingRef("1001", "2002")
STOCK = '{"kwaiItemId":1001,"skuId":2002,"skuChangeStock":3,"changeType":2}'
LIST = (
    '{"orderViewStatus":1,"pageSize":50,"sort":1,"queryType":2,'
    '"beginTime":1699996400000,"endTime":1700000000000,"cursor":""}'
)
SELLER = ("open.seller.order.list", '{"title":"短袖"}', "1583271919000")
UPDATE = ("open.item.sku.stock.update", STOCK, "1700000000000")


@pytest.mark.parametrize(
    ("call", "sign_method", "wanted"),
    [
        (SELLER, "MD5", "6005da269b372ff10945e565ef37a4c6"),
        (SELLER, "HMAC_SHA256", "ZpPrG0oB1g/T93FyyVD+VCzRey41yqxZoCqcGg7upYM="),
        (UPDATE, "HMAC_SHA256", "ZOnzhBfQNp+H+0tDebBaPpAbwF+yU3yc6avuxFZ9WyA="),
        (UPDATE, "MD5", "bf6044434604e4446958b6886c66bf71"),
        (
            ("open.order.cursor.list", LIST, "1700000000000"),
            "HMAC_SHA256",
            "0WrWbTQAf4xLTFQa3hJLRVAAKMYpqfxI7BzAjUzXhHI=",
        ),
    ],
)
def test_signatures_are_those_of_the_facts(call: tuple[str, str, str], sign_method: str, wanted: str) -> None:
    method, parameters, timestamp = call
    fields = {"access_token": "token", "appkey": "ks123", "method": method, "param": parameters}
    fields |= {"signMethod": sign_method, "timestamp": timestamp, "version": "1"}
    assert signature("sign-secret", fields, sign_method) == wanted


def answer(data: Any = None, result: int = 1, **more: Any) -> httpx.Response:
    return httpx.Response(200, json={"result": result, "error_msg": "said", "data": data, **more})


def shop(*answers: httpx.Response, **settings: str) -> tuple[FakePlatform, Any]:
    platform = FakePlatform(list(answers))
    secrets = {"sign_secret": "sign-secret", "message_secret": "AAECAwQFBgcICQoLDA0ODw=="}
    connection = Connection("https://ks.test", "ks123", "app-secret", "88", secrets, settings)
    return platform, connect(connection, box("token"), platform.client(), now_us, quick())


def write(operation: str = "subtract", quantity: int = 3, listing: ListingRef = LISTING) -> StockWrite:
    return StockWrite(listing, operation, quantity, "w1")


def done(adapter: Any, asked: StockWrite) -> StockWritten:
    written: StockWritten = asyncio.run(adapter.write_stock(asked))
    return written


def test_a_write_is_the_signed_form_of_the_facts() -> None:
    platform, adapter = shop(answer())
    assert done(adapter, write()) == StockWritten(3)
    (asked,) = platform.asked
    assert (asked.method, asked.url.path) == ("POST", "/open/item/sku/stock/update")
    form = dict(parse_qsl(asked.content.decode()))
    assert form["param"] == STOCK
    assert form["sign"] == "ZOnzhBfQNp+H+0tDebBaPpAbwF+yU3yc6avuxFZ9WyA="
    assert not asked.url.query


def test_without_the_signing_secret_nothing_is_connected() -> None:
    with pytest.raises(SettingRefused, match="sign_secret"):
        connect(Connection("https://ks.test", "k", "s"), box(), FakePlatform().client(), now_us)


ERRORS: list[tuple[int, str, type[ChannelError]]] = [
    (21, "当前库存不足，请减少预留数量", InsufficientStock),
    (22, "", NotAuthorized),
    (25, "", NotAuthorized),
    (26, "", NotAuthorized),
    (27, "", SignatureRefused),
    (28, "", SignatureRefused),
    *[(code, "", Throttled) for code in (15, 16, 17, 1016, 1017, 802000)],
    (10, "Exceed qps limit, KEY [a], MAX_QPS [1]", Throttled),
    (10, "Exceed quota limit", Throttled),
    (10, "[1017] exceed quota limit", Throttled),
    *[(code, "", CallRefused) for code in (300002, 300004, 300005, 300019)],
    (987654, "", UnknownOutcome),
]


@pytest.mark.parametrize(("result", "text", "wanted"), ERRORS)
def test_every_result_has_its_error(result: int, text: str, wanted: type[ChannelError]) -> None:
    platform, adapter = shop(answer(result=result, error_msg=text))
    with pytest.raises(ChannelError) as caught:
        done(adapter, write())
    assert type(caught.value) is wanted
    assert caught.value.vendor_code == str(result)
    assert len(platform.asked) == 1


PAIR = {"result": 1, "access_token": "new", "refresh_token": "r2", "expires_in": 172800}


@pytest.mark.parametrize("result", [21, 24])
def test_a_spent_token_is_refreshed_and_the_write_made_again(result: int) -> None:
    platform, adapter = shop(answer(result=result), httpx.Response(200, json=PAIR), answer())
    done(adapter, write())
    refresh = platform.asked[1]
    assert refresh.url.path == "/oauth2/refresh_token"
    assert dict(parse_qsl(refresh.content.decode())) == {
        "app_id": "ks123",
        "app_secret": "app-secret",
        "grant_type": "refresh_token",
        "refresh_token": "old-refresh-token",
    }
    assert dict(parse_qsl(platform.asked[2].content.decode()))["access_token"] == "new"


@pytest.mark.parametrize("result", [100200100, 100200102, 100200107])
def test_a_discarded_refresh_token_needs_a_person(result: int) -> None:
    _, adapter = shop(answer(result=24), answer(result=result))
    with pytest.raises(NotAuthorized):
        done(adapter, write())


def test_which_results_mean_an_expired_token_is_a_setting() -> None:
    _, adapter = shop(answer(result=21), expired_results="24")
    with pytest.raises(NotAuthorized):
        done(adapter, write())
    _, adapter = shop(
        answer(result=25), httpx.Response(200, json=PAIR), answer(result=25), expired_results="25"
    )
    with pytest.raises(TokenExpired):
        done(adapter, write())


def test_what_it_cannot_do_is_refused_before_any_call() -> None:
    platform, adapter = shop()
    with pytest.raises(Unsupported):
        done(adapter, write("set"))
    with pytest.raises(CallRefused):
        done(adapter, write(quantity=9_999_999))
    assert not platform.asked


def test_a_product_is_read_by_one_call() -> None:
    told = {
        "skuCount": 2,
        "skuList": [{"kwaiSkuId": n, "skuStock": n, "reserveStock": 1} for n in (2002, 2003)],
    }
    platform, adapter = shop(answer(told), answer(told))
    listings = [ListingRef("1001", "2003"), LISTING]
    assert asyncio.run(adapter.read_stock(listings)) == [
        StockReading(listings[0], 2003, 1),
        StockReading(LISTING, 2002, 1),
    ]
    assert platform.asked[0].method == "GET"
    assert json.loads(platform.asked[0].url.params["param"]) == {"kwaiItemId": 1001, "skuStatus": 1}
    with pytest.raises(ListingRefused, match="1001/9"):
        asyncio.run(adapter.read_stock([ListingRef("1001", "9")]))


GOODS = ListingRef("G-1", "", "WH-1")


@pytest.mark.parametrize("field", ["adjust_quantity", "adjustQuantity"])
def test_goods_clamp_and_the_answer_is_compared(field: str) -> None:
    platform, adapter = shop(answer({field: -2}), stock_method="open.scm.inventory.adjust")
    assert (adapter.manifest.under_run, adapter.manifest.idempotent) == (UnderRun.CLAMPS, True)
    assert done(adapter, write(listing=GOODS)) == StockWritten(2)
    assert json.loads(dict(parse_qsl(platform.asked[0].content.decode()))["param"]) == {
        "wareOutCode": "G-1",
        "warehouseOutCode": "WH-1",
        "idempotentId": "w1",
        "operationType": "DECREASE",
        "adjustQuantity": 3,
    }


def test_goods_that_are_all_gone_refuse() -> None:
    _, adapter = shop(answer({"adjust_quantity": 0}), stock_method="open.scm.inventory.adjust")
    with pytest.raises(InsufficientStock):
        done(adapter, write(listing=GOODS))


def test_goods_are_read_by_warehouse() -> None:
    told = {"itemList": [{"warehouseOutCode": "WH-1", "quantity": 9, "availableSaleQuantity": 7}]}
    _, adapter = shop(answer(told), stock_method="open.scm.inventory.adjust")
    assert asyncio.run(adapter.read_stock([GOODS])) == [StockReading(GOODS, 7, 2)]
