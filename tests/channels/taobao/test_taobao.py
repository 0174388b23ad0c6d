"""Taobao's signatures against the vectors of the facts, its codes, counters, trades and queue."""

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
    PushRefused,
    SignatureRefused,
    Throttled,
    Unavailable,
    UnknownOutcome,
    Unsupported,
)
from holdfast.channels.manifest import Deducts
from holdfast.channels.orders import ListingRef, OrderStatus, PushKind, StockReading, StockWrite, StockWritten
from holdfast.channels.taobao import connect
from holdfast.channels.taobao.client import signature
from tests.channels.fakes import NOW_US, FakePlatform, box, now_us, quick

LISTING = ListingRef("1001", "2002")
OFFICIAL = {
    "app_key": "12345678",
    "fields": "num_iid,title,nick,price,num",
    "format": "json",
    "method": "taobao.item.seller.get",
    "num_iid": "11223344",
    "session": "test",
    "timestamp": "2016-01-01 12:00:00",
    "v": "2.0",
}


@pytest.mark.parametrize(
    ("sign_method", "wanted"),
    [
        ("md5", "66987CB115214E59E6EC978214934FB8"),
        ("hmac", "D56D7858309C31B6251083A874D48273"),
        ("hmac-sha256", "04DB15AD0774D5CFCE2C837DE43E3FCEA9011ED74F3038FB6AB5F3C4CEA119E8"),
    ],
)
def test_signatures_are_those_of_the_facts(sign_method: str, wanted: str) -> None:
    assert signature("helloworld", OFFICIAL | {"sign_method": sign_method}, sign_method) == wanted


def test_the_sign_of_a_queue_connection_is_made_the_same_way() -> None:
    fields = {"app_key": "12345678", "group_name": "default", "timestamp": "1700000000000"}
    assert signature("helloworld", fields, "md5") == "C86848D198760FA334AA309207C72ECD"


def answer(method: str, **content: Any) -> httpx.Response:
    return httpx.Response(200, json={method.replace(".", "_") + "_response": content})


def refusal(code: int, sub_code: str = "", sub_msg: str = "") -> httpx.Response:
    error = {"code": code, "msg": "said", "sub_code": sub_code, "sub_msg": sub_msg, "request_id": "1"}
    return httpx.Response(200, json={"error_response": error})


def shop(*answers: httpx.Response, **settings: str) -> tuple[FakePlatform, Any]:
    platform = FakePlatform(list(answers))
    connection = Connection("https://top.test", "12345678", "helloworld", "seller", settings=settings)
    return platform, connect(connection, box(), platform.client(), now_us, quick())


def form(request: httpx.Request) -> dict[str, str]:
    return dict(parse_qsl(request.content.decode(), keep_blank_values=True))


def done(adapter: Any, asked: StockWrite) -> StockWritten:
    written: StockWritten = asyncio.run(adapter.write_stock(asked))
    return written


WRITE = StockWrite(LISTING, "subtract", 3, "w-1")


def updated(counter: int = 4) -> httpx.Response:
    item = {"num_iid": 1001, "num": 9, "skus": {"sku": [{"sku_id": 2002, "quantity": counter}]}}
    return answer("item.quantity.update", item=item)


def test_a_write_is_a_signed_form_and_tells_the_counter() -> None:
    platform, adapter = shop(updated())
    assert done(adapter, WRITE) == StockWritten(3, counter=4)
    (asked,) = platform.asked
    assert (asked.method, str(asked.url)) == ("POST", "https://top.test/router/rest")
    sent = form(asked)
    sign = sent.pop("sign")
    assert sign == signature("helloworld", sent)
    assert sent == {
        "num_iid": "1001",
        "sku_id": "2002",
        "quantity": "-3",
        "type": "2",
        "method": "taobao.item.quantity.update",
        "app_key": "12345678",
        "session": "old-access-token",
        "timestamp": "2023-11-15 06:13:20",
        "format": "json",
        "v": "2.0",
        "sign_method": "hmac-sha256",
    }


def test_a_list_may_come_without_its_wrapping_and_an_item_without_variants() -> None:
    item = {"num_iid": 1001, "num": 9, "skus": [{"sku_id": 2002, "quantity": 4}]}
    _, adapter = shop(*[answer("item.quantity.update", item=item)] * 2)
    assert done(adapter, WRITE).counter == 4
    assert done(adapter, StockWrite(ListingRef("1001"), "add", 1, "w")).counter == 9


def test_tmall_writes_have_a_key_of_hexadecimal_digits() -> None:
    told = answer("tmall.item.quantity.update", tmall_item_quantity_update_result="1001")
    platform, adapter = shop(told, told, stock_method="tmall.item.quantity.update")
    assert adapter.manifest.idempotent
    assert done(adapter, WRITE) == done(adapter, WRITE) == StockWritten(3)
    sent = [form(asked) for asked in platform.asked]
    assert json.loads(sent[0]["sku_quantities"]) == [{"sku_id": 2002, "quantity": -3}]
    options = json.loads(sent[0]["options"])
    assert options["type"] == 2
    assert len(options["outer_biz_key"]) == 32
    int(options["outer_biz_key"], 16)
    assert json.loads(sent[1]["options"]) == options


ERRORS: list[tuple[int, str, str, type[ChannelError]]] = [
    (7, "accesscontrol.limited-by-api-access-count", "", Throttled),
    (7, "", "", Throttled),
    (8, "", "", Throttled),
    (10, "", "", Unavailable),
    (11, "", "", NotAuthorized),
    (15, "isp.remote-service-timeout", "", UnknownOutcome),
    (15, "", "", UnknownOutcome),
    (15, "isv.something", "", CallRefused),
    (15, "isv.item-not-exist", "", ListingRefused),
    (15, "isv.anything", "商品库存不足", InsufficientStock),
    (41, "isv.invalid-parameter", "库存不能小于0", InsufficientStock),
    (21, "", "", CallRefused),
    (22, "", "", CallRefused),
    (24, "", "", SignatureRefused),
    (25, "", "", SignatureRefused),
    (26, "", "", NotAuthorized),
    (28, "", "", NotAuthorized),
    (29, "", "", NotAuthorized),
    (30, "", "", SignatureRefused),
    (31, "", "", SignatureRefused),
    (40, "", "", CallRefused),
    (41, "", "", CallRefused),
    (900, "isp.any", "", UnknownOutcome),
    (900, "", "", UnknownOutcome),
]


@pytest.mark.parametrize(("code", "sub_code", "sub_msg", "wanted"), ERRORS)
def test_every_code_has_its_error(code: int, sub_code: str, sub_msg: str, wanted: type[ChannelError]) -> None:
    platform, adapter = shop(refusal(code, sub_code, sub_msg))
    with pytest.raises(ChannelError) as caught:
        done(adapter, WRITE)
    assert type(caught.value) is wanted
    assert len(platform.asked) == 1


def test_a_spent_session_is_refreshed_and_the_write_made_again() -> None:
    pair = {"access_token": "new", "refresh_token": "r2", "expires_in": 60, "re_expires_in": 120}
    platform, adapter = shop(
        refusal(27), httpx.Response(200, json=pair), updated(), token_url="https://oauth.test/token"
    )
    assert done(adapter, WRITE).applied == 3
    assert str(platform.asked[1].url) == "https://oauth.test/token"
    assert form(platform.asked[1])["refresh_token"] == "old-refresh-token"
    assert form(platform.asked[2])["session"] == "new"


def test_a_spent_refresh_token_needs_a_person() -> None:
    _, adapter = shop(refusal(27), httpx.Response(400, json={"error": "invalid_grant"}))
    with pytest.raises(NotAuthorized, match="invalid_grant"):
        done(adapter, WRITE)


def test_what_it_cannot_do_is_refused_before_any_call() -> None:
    platform, adapter = shop()
    for asked in (
        StockWrite(LISTING, "set", 3, "w"),
        StockWrite(LISTING._replace(warehouse="x"), "add", 1, "w"),
    ):
        with pytest.raises(Unsupported):
            done(adapter, asked)
    with pytest.raises(PushRefused):
        adapter.receive({}, {}, b"", NOW_US)
    assert not platform.asked


def test_variants_are_read_together_and_an_item_alone() -> None:
    skus = [{"num_iid": 1001, "sku_id": 2002, "quantity": 5, "with_hold_quantity": 2}]
    platform, adapter = shop(
        answer("item.skus.get", skus={"sku": skus}),
        answer("item.seller.get", item={"num_iid": 7, "num": 6}),
        answer("item.skus.get"),
    )
    assert asyncio.run(adapter.read_stock([ListingRef("7"), LISTING])) == [
        StockReading(ListingRef("7"), 6, 0),
        StockReading(LISTING, 5, 2),
    ]
    assert form(platform.asked[0])["num_iids"] == "1001"
    with pytest.raises(ListingRefused):
        asyncio.run(adapter.read_stock([LISTING]))


def trade(
    tid: int = 1, status: str = "WAIT_SELLER_SEND_GOODS", *lines: dict[str, Any], **more: Any
) -> dict[str, Any]:
    line = {
        "oid": 11,
        "num_iid": 1001,
        "sku_id": 2002,
        "num": 3,
        "outer_sku_id": "RED-M",
        "refund_status": "NO_REFUND",
    }
    told = {"tid": tid, "status": status, "created": "2023-11-15 06:00:00", "modified": "2023-11-15 06:10:00"}
    orders = {"order": [line | other for other in lines or ({},)]}
    return told | {"pay_time": "2023-11-15 06:05:00", "buyer_open_uid": "b1", "orders": orders} | more


def item(sub_stock: int = 1) -> httpx.Response:
    return answer("item.seller.get", item={"num_iid": 1001, "sub_stock": sub_stock})


def detail(told: dict[str, Any], **settings: str) -> Any:
    return asyncio.run(shop(answer("trade.fullinfo.get", trade=told), item(), **settings)[1].order("1"))


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        ("TRADE_NO_CREATE_PAY", OrderStatus.UNPAID),
        ("WAIT_BUYER_PAY", OrderStatus.UNPAID),
        ("PAY_PENDING", OrderStatus.UNPAID),
        ("WAIT_SELLER_SEND_GOODS", OrderStatus.PAID),
        ("SELLER_CONSIGNED_PART", OrderStatus.PARTLY_SHIPPED),
        ("WAIT_BUYER_CONFIRM_GOODS", OrderStatus.SHIPPED),
        ("TRADE_BUYER_SIGNED", OrderStatus.SHIPPED),
        ("TRADE_FINISHED", OrderStatus.COMPLETED),
        ("TRADE_CLOSED", OrderStatus.CLOSED_PAID),
        ("TRADE_CLOSED_BY_TAOBAO", OrderStatus.CLOSED_UNPAID),
        ("SOMETHING_NEW", OrderStatus.PAID),
    ],
)
def test_every_state_has_its_word(status: str, wanted: OrderStatus) -> None:
    assert detail(trade(1, status)).status is wanted


def test_a_trade_is_read_exactly() -> None:
    found = detail(trade(1, "WAIT_SELLER_SEND_GOODS", {}, {"oid": 12, "refund_status": "SUCCESS"}))
    assert [(line.line, line.quantity, line.refunded, line.merchant_code) for line in found.lines] == [
        ("11", 3, 0, "RED-M"),
        ("12", 3, 3, "RED-M"),
    ]
    assert found.lines[0].listing == LISTING
    assert found.lines[0].deducts is Deducts.ON_ORDER
    assert (found.created_at_us, found.updated_at_us, found.paid_at_us) == (
        NOW_US - 800_000_000,
        NOW_US - 200_000_000,
        NOW_US - 500_000_000,
    )


def test_a_refunded_line_can_be_made_to_wait_for_its_closing() -> None:
    refunded = {"refund_status": "SUCCESS"}
    assert detail(trade(1, "TRADE_FINISHED", refunded)).status is OrderStatus.CLOSED_PAID
    assert detail(trade(1, "TRADE_FINISHED", refunded), line_refunds="closed").lines[0].refunded == 0
    closed = refunded | {"status": "TRADE_CLOSED"}
    assert detail(trade(1, "TRADE_FINISHED", closed), line_refunds="closed").lines[0].refunded == 3


def test_items_are_asked_once_how_they_deduct_and_not_at_all_when_it_is_set() -> None:
    told = answer("trade.fullinfo.get", trade=trade())
    platform, adapter = shop(told, item(2), told)
    for _ in range(2):
        assert asyncio.run(adapter.order("1")).lines[0].deducts is Deducts.ON_PAYMENT
    assert len(platform.asked) == 3
    platform, adapter = shop(told, deducts="on_order")
    asyncio.run(adapter.order("1"))
    assert len(platform.asked) == 1


def test_a_poll_reads_the_pages_from_the_back() -> None:
    def page(number: int) -> httpx.Response:
        return answer(
            "trades.sold.increment.get",
            total_results=5,
            trades={"trade": [trade(number * 10), trade(number * 10 + 1)]},
        )

    platform, adapter = shop(page(1), page(3), page(2), page(1), poll_page_max="2", deducts="on_order")
    seen, cursor = [], None
    while True:
        found = asyncio.run(adapter.orders_changed(NOW_US - 60_000_000, NOW_US + 1, cursor))
        seen += [order.order for order in found.orders]
        cursor = found.cursor
        if cursor is None:
            break
    assert [form(asked)["page_no"] for asked in platform.asked] == ["1", "3", "2", "1"]
    assert {"10", "11", "20", "21", "30", "31"} == set(seen)
    assert form(platform.asked[0])["end_modified"] == "2023-11-15 06:13:19"


def message(name: int, topic: str, **more: Any) -> dict[str, Any]:
    told = {"id": name, "topic": topic, "user_nick": "seller", "pub_time": "2023-11-15 06:13:20"}
    return told | {"content": json.dumps(more)}


def stock_changed(name: int, increment: int, counter: int) -> dict[str, Any]:
    more = {"num_iid": 1001, "sku_id": 2002, "increment": increment, "num": 99, "sku_num": counter}
    return message(name, "taobao_item_ItemStockChanged", **more)


def queue(*messages: dict[str, Any]) -> httpx.Response:
    return answer("tmc.messages.consume", messages={"tmc_message": list(messages)})


def test_messages_of_the_queue_are_read_and_confirmed() -> None:
    confirmed = answer("tmc.messages.confirm", is_success=True)
    platform, adapter = shop(
        queue(
            message(1, "taobao_trade_TradeCreate", tid=48),
            message(2, "taobao_refund_RefundSuccess", tid=49, oid=50),
            stock_changed(3, -2, 7),
            message(4, "taobao_item_ItemUpdate", num_iid=1),
            message(5, "taobao_trade_TradeBuyerPay", tid=51) | {"content": "{"},
            message(6, "taobao_trade_TradeBuyerPay", tid=52) | {"user_nick": "somebody"},
        ),
        confirmed,
        confirmed,
        queue(),
    )
    events = asyncio.run(adapter.pull())
    assert [(event.event, event.kind, event.order) for event in events] == [
        ("1", PushKind.ORDER, "48"),
        ("2", PushKind.REFUND, "49"),
        ("3", PushKind.STOCK, ""),
        ("4", PushKind.OTHER, ""),
        ("5", PushKind.OTHER, ""),
    ]
    assert (events[2].listing, events[2].counter, events[2].ours) == (LISTING, 7, False)
    assert events[0].event_at_us == NOW_US
    asyncio.run(adapter.confirm([str(n) for n in range(201)]))
    sent = [form(asked)["s_message_ids"].split(",") for asked in platform.asked[1:3]]
    assert [len(ids) for ids in sent] == [200, 1]
    assert asyncio.run(adapter.pull()) == []


def test_a_confirmation_that_fails_is_told() -> None:
    _, adapter = shop(answer("tmc.messages.confirm", is_success=False))
    with pytest.raises(CallRefused):
        asyncio.run(adapter.confirm(["1"]))


def echoes(adapter: Any) -> list[bool]:
    return [event.ours for event in asyncio.run(adapter.pull())]


def test_our_own_write_is_known_when_it_comes_back_once() -> None:
    news = queue(stock_changed(1, -3, 5), stock_changed(2, -3, 4), stock_changed(3, -3, 4))
    _, adapter = shop(updated(4), news)
    done(adapter, WRITE)
    assert echoes(adapter) == [False, True, False]


def test_a_write_without_an_answer_may_come_back_and_a_refused_one_does_not() -> None:
    news = queue(stock_changed(1, -3, 4))
    for trouble, wanted in ((httpx.Response(502), [True]), (refusal(15, "isv.x", "库存不足"), [False])):
        _, adapter = shop(trouble, news)
        with pytest.raises(ChannelError):
            done(adapter, WRITE)
        assert echoes(adapter) == wanted
