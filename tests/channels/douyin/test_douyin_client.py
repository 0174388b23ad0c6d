"""Douyin's signatures against the vectors of the facts, its codes in our words, its counters."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from holdfast.channels.adapter import Connection
from holdfast.channels.douyin import connect
from holdfast.channels.douyin.client import canonical, signature
from holdfast.channels.errors import (
    CallRefused,
    ChannelError,
    InsufficientStock,
    ListingRefused,
    NotAuthorized,
    SignatureRefused,
    Throttled,
    TokenExpired,
    Unavailable,
    UnknownOutcome,
    Unsupported,
)
from holdfast.channels.orders import ListingRef, StockReading, StockWrite, StockWritten
from tests.channels.fakes import FakePlatform, box, now_us, quick

APP_KEY, SECRET = "6839996111728888888", "dd-secret-0123456789"
LISTING = ListingRef("3409409348479354011", "1736502463777799123")
SYNC = {
    "stock_num": -2,
    "sku_id": 1736502463777799123,
    "product_id": 3409409348479354011,
    "incremental": True,
    "idempotent_id": "res-0001",
}
SEARCH = {
    "size": 50,
    "product": "红色 A&B <1>/2",
    "create_time_start": 1699990000,
    "create_time_end": 1700000000,
    "page": 0,
}


def fields(
    method: str, parameters: dict[str, Any], app_key: str = APP_KEY, at: str = "1700000000"
) -> dict[str, str]:
    signed = {"app_key": app_key, "method": method, "timestamp": at, "v": "2"}
    return signed | {"param_json": canonical(parameters)}


OLD_DATE = fields("order.searchList", {"page": 1, "size": 1}, "testkey", "2026-10-07 10:00:00")
SPI = {"app_key": APP_KEY, "param_json": '{"order_id":"1"}', "timestamp": "2023-11-15 06:13:20"}
VECTORS = [
    (SECRET, "hmac-sha256", "012882a49dec8acdc4e8b01cd5d78159a6ea69c9374736a257e5a2304d5f5cdd"),
    (SECRET, "md5", "315b87b0edf1747e24c7187db0e89bec"),
    (SECRET, "hmac-sha256", "921e09b1c781c300e5f6bf118310c0aa0505b447213de6d640e8d29dc01ad0ea"),
    ("testsecret", "md5", "bcbe4f6368301b55d50341541e746126"),
    ("testsecret", "hmac-sha256", "48ac4a6dc41632b0701934502e6da1ac4dd9341d3b07763be3543d395a2ff070"),
    (SECRET, "hmac-sha256", "26269c18c92dfac54a4b289da715b47426eda6467f0ad35be3934ff24d3a42d5"),
]
SIGNED = [
    fields("sku.syncStock", SYNC),
    fields("sku.syncStock", SYNC),
    fields("order.searchList", SEARCH),
    OLD_DATE,
    OLD_DATE,
    SPI,
]


@pytest.mark.parametrize(("signed", "vector"), list(zip(SIGNED, VECTORS, strict=True)))
def test_signatures_are_those_of_the_facts(signed: dict[str, str], vector: tuple[str, str, str]) -> None:
    secret, method, wanted = vector
    assert signature(secret, signed, method) == wanted


def test_the_secret_wraps_the_text() -> None:
    """Without the wrap the sign would begin with 7e1e042f, as a wrong connector has it."""
    assert not signature("testsecret", OLD_DATE).startswith("7e1e042f")


def test_the_signed_json_is_sorted_at_every_depth_and_escapes_nothing() -> None:
    assert canonical({"b": [{"d": 1, "c": "<&>/红"}], "a": True}) == '{"a":true,"b":[{"c":"<&>/红","d":1}]}'
    assert canonical({}) == "{}"


def answer(data: Any = None, code: int = 10000, **more: Any) -> httpx.Response:
    return httpx.Response(200, json={"code": code, "msg": "said", "data": data, **more})


def shop(*answers: httpx.Response, **settings: str) -> tuple[FakePlatform, Any]:
    platform = FakePlatform(list(answers))
    connection = Connection("https://douyin.test", APP_KEY, SECRET, "123", settings=settings)
    return platform, connect(connection, box(), platform.client(), now_us, quick())


def write(operation: str = "subtract", quantity: int = 2, **more: Any) -> StockWrite:
    return StockWrite(LISTING, operation, quantity, "res-0001", **more)


def done(adapter: Any, asked: StockWrite) -> StockWritten:
    written: StockWritten = asyncio.run(adapter.write_stock(asked))
    return written


def test_a_write_is_signed_over_the_bytes_that_are_sent() -> None:
    platform, adapter = shop(answer())
    assert done(adapter, write()) == StockWritten(2)
    (asked,) = platform.asked
    assert (asked.method, asked.url.path) == ("POST", "/sku/syncStock")
    assert asked.content.decode() == canonical(SYNC)
    query = dict(asked.url.params)
    assert query.pop("sign") == "012882a49dec8acdc4e8b01cd5d78159a6ea69c9374736a257e5a2304d5f5cdd"
    assert query == {
        "app_key": APP_KEY,
        "method": "sku.syncStock",
        "timestamp": "1700000000",
        "v": "2",
        "sign_method": "hmac-sha256",
        "access_token": "old-access-token",
    }


def test_a_batch_write_has_one_line_and_knows_warehouses() -> None:
    platform, adapter = shop(answer(), answer(), stock_method="sku.syncStockBatch")
    done(adapter, write())
    assert json.loads(platform.asked[0].content)["sku_sync_list"] == [
        {"sku_id": 1736502463777799123, "sku_type": 0, "stock_num": -2}
    ]
    done(adapter, StockWrite(LISTING._replace(warehouse="wh1"), "add", 3, "res-0002"))
    assert json.loads(platform.asked[1].content)["sku_sync_list"] == [
        {
            "sku_id": 1736502463777799123,
            "sku_type": 1,
            "stock_map": [{"out_warehouse_id": "wh1", "stock_num": 3}],
        }
    ]


MULTI = {"stock_method": "sku.syncStockBatchMultiProducts"}


def result(**line: Any) -> httpx.Response:
    return answer({"results": [{"status_code": 0, "stock_num": 5, "change_num": -2} | line]}, 10000)


def test_a_multi_product_write_tells_the_counter() -> None:
    _, adapter = shop(result(), result(status_code=-20002), **MULTI)
    assert adapter.manifest.write_tells_counter
    assert done(adapter, write()) == StockWritten(2, counter=5)
    assert done(adapter, write()) == StockWritten(2, repeated=True)


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (-20001, InsufficientStock),
        (-20008, InsufficientStock),
        (-20011, ListingRefused),
        (-40001, ListingRefused),
        (-40002, ListingRefused),
        (-40003, ListingRefused),
        (-5000, UnknownOutcome),
        (-30001, CallRefused),
        (-10002, CallRefused),
        (-77777, UnknownOutcome),
    ],
)
def test_every_line_code_has_its_error(code: int, wanted: type[ChannelError]) -> None:
    for envelope in (10000, 10001):
        refused = answer({"results": [{"status_code": code, "status_message": "no"}]}, envelope)
        _, adapter = shop(refused, **MULTI)
        with pytest.raises(ChannelError) as caught:
            done(adapter, write())
        assert type(caught.value) is wanted
        assert caught.value.vendor_code == str(code)


@pytest.mark.parametrize(
    ("code", "sub_code"),
    [
        (40004, "isv.parameter-invalid:40010"),
        (40004, "isv.parameter-invalid:2010021"),
        (40003, "isv.idempotent-id-existed"),
    ],
)
def test_a_used_key_is_an_applied_write(code: int, sub_code: str) -> None:
    _, adapter = shop(answer(code=code, sub_code=sub_code))
    assert done(adapter, write()) == StockWritten(2, repeated=True)
    assert adapter.state.results == {("sku.syncStock", "ok"): 1}


ERRORS: list[tuple[int, str, type[ChannelError]]] = [
    (10001, "", UnknownOutcome),
    (20000, "", UnknownOutcome),
    (20000, "isp.service-error:2010001", UnknownOutcome),
    (20000, "isp.service-error:2010002", UnknownOutcome),
    (20001, "", UnknownOutcome),
    (30001, "isv.app-permissions-insufficient", NotAuthorized),
    (30001, "dop.authorization-no-existed", NotAuthorized),
    (30001, "dop.authorization-closed", NotAuthorized),
    (30001, "dop.app-forbidden", NotAuthorized),
    (30002, "isv.invalid_ip", NotAuthorized),
    (40001, "isv.signature-missing", SignatureRefused),
    (40002, "isv.access-token-missing", NotAuthorized),
    (40002, "isv.missing-parameter:2010004", CallRefused),
    (40003, "isv.signature-invalid", SignatureRefused),
    (40003, "isv.timestamp-invalid", SignatureRefused),
    (40003, "isv.parameter-format-invalid", CallRefused),
    (40004, "isv.parameter-invalid:4", ListingRefused),
    (40004, "isv.parameter-invalid:5", ListingRefused),
    (40004, "isv.parameter-invalid:40004", UnknownOutcome),
    (40004, "isv.parameter-invalid:2010041", ListingRefused),
    (40004, "isv.parameter-invalid:2010042", ListingRefused),
    (40004, "isv.parameter-invalid:2010043", ListingRefused),
    (40004, "isv.parameter-invalid:2010045", ListingRefused),
    (40004, "isv.parameter-invalid:2010058", ListingRefused),
    (40004, "", CallRefused),
    (50002, "isv.business-failed:2010401", Unavailable),
    (50002, "isv.business-failed:2010012", InsufficientStock),
    (50002, "isv.business-failed:1", CallRefused),
    (60000, "isp.traffic-limited:qps", Throttled),
    (70000, "isp.api-service-off", Unavailable),
    (99999, "", CallRefused),
]


@pytest.mark.parametrize(("code", "sub_code", "wanted"), ERRORS)
def test_every_code_has_its_error(code: int, sub_code: str, wanted: type[ChannelError]) -> None:
    platform, adapter = shop(answer(code=code, sub_code=sub_code))
    with pytest.raises(ChannelError) as caught:
        done(adapter, write())
    assert type(caught.value) is wanted
    assert caught.value.vendor_code == f"{code} {sub_code}".strip()
    assert len(platform.asked) == 1


def test_a_short_counter_is_known_by_its_text() -> None:
    _, adapter = shop(answer(code=50002, sub_code="isv.business-failed:9", sub_msg="商品库存不足"))
    with pytest.raises(InsufficientStock):
        done(adapter, write())


@pytest.mark.parametrize(
    ("code", "wanted"), [(9, Throttled), (11, SignatureRefused), (30005, NotAuthorized), (8, UnknownOutcome)]
)
def test_answers_in_the_old_style_are_read(code: int, wanted: type[ChannelError]) -> None:
    old = httpx.Response(200, json={"err_no": code, "message": "old"})
    _, adapter = shop(old, httpx.Response(200, json={"err_no": 30005, "message": "void"}))
    with pytest.raises(ChannelError) as caught:
        done(adapter, write())
    assert type(caught.value) is wanted


@pytest.mark.parametrize("why", ["expired", "no-existed", "invalid"])
def test_a_spent_token_is_refreshed_and_the_write_made_again(why: str) -> None:
    pair = {"access_token": "new-access", "refresh_token": "new-refresh", "expires_in": 604800}
    platform, adapter = shop(answer(code=40003, sub_code=f"isv.access-token-{why}"), answer(pair), answer())
    done(adapter, write())
    refresh = platform.asked[1]
    assert refresh.url.path == "/token/refresh"
    assert json.loads(refresh.content) == {
        "grant_type": "refresh_token",
        "refresh_token": "old-refresh-token",
    }
    assert "access_token" not in refresh.url.params
    assert platform.asked[2].url.params["access_token"] == "new-access"


@pytest.mark.parametrize("why", ["token-expired", "token-invalid", "code-expired"])
def test_a_spent_refresh_token_needs_a_person(why: str) -> None:
    void = answer(code=50001, sub_code=f"dop.token-generate-failed:{why}")
    _, adapter = shop(answer(code=40003, sub_code="isv.access-token-expired"), void)
    with pytest.raises(NotAuthorized):
        done(adapter, write())


def test_a_token_refused_twice_is_told() -> None:
    spent = answer(code=40003, sub_code="isv.access-token-expired")
    pair = answer({"access_token": "new-access", "refresh_token": "r", "expires_in": 1})
    _, adapter = shop(spent, pair, spent)
    with pytest.raises(TokenExpired):
        done(adapter, write())


def test_what_it_cannot_do_is_refused_before_any_call() -> None:
    platform, adapter = shop()
    for asked in (write("set"), write(expected=5)):
        with pytest.raises(Unsupported):
            done(adapter, asked)
    with pytest.raises(CallRefused):
        done(adapter, StockWrite(ListingRef("12", "red"), "add", 1, "w"))
    with pytest.raises(Unsupported):
        asyncio.run(adapter.pull())
    assert not platform.asked


def test_readings_take_the_ordinary_bucket() -> None:
    told = {"stock_num": 9, "normal_stock_num": 7, "prehold_stock_num": 2, "prom_stock_num": 2}
    _, adapter = shop(answer(told), answer(told | {"normal_stock_num": None}))
    assert asyncio.run(adapter.read_stock([LISTING, LISTING])) == [
        StockReading(LISTING, 7, 2),
        StockReading(LISTING, 9, 2),
    ]
    _, adapter = shop(answer(told), sellable_field="stock_num")
    assert asyncio.run(adapter.read_stock([LISTING])) == [StockReading(LISTING, 9, 2)]


def test_readings_of_a_warehouse_come_from_its_map() -> None:
    told = {"sku_type": 1, "stock_num": "", "stock_num_map": {"w": 4}, "prehold_stock_map": {"w": 1}}
    here, gone = LISTING._replace(warehouse="w"), LISTING._replace(warehouse="x")
    _, adapter = shop(answer(told), answer(told))
    assert asyncio.run(adapter.read_stock([here])) == [StockReading(here, 4, 1)]
    with pytest.raises(ListingRefused):
        asyncio.run(adapter.read_stock([gone]))
