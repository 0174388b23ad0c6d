"""Douyin's orders in our words, its after-sales folded in, its pages and its pushes."""

import asyncio
import hashlib
import json
from typing import Any

import httpx
import pytest

from holdfast.channels.adapter import Connection
from holdfast.channels.douyin import connect
from holdfast.channels.errors import PushRefused
from holdfast.channels.manifest import Deducts
from holdfast.channels.orders import ListingRef, OrderStatus, PushKind
from tests.channels.fakes import NOW_US, FakePlatform, box, now_us, quick

APP_KEY, SECRET = "6839996111728888888", "dd-secret-0123456789"
NOW_S = NOW_US // 1_000_000


def line(name: str = "L1", **more: Any) -> dict[str, Any]:
    told = {"order_id": name, "product_id": 3409409348479354011, "sku_id": 17365, "item_num": 3}
    return told | {"code": "RED-M", "reduce_stock_type": 1, "order_status": 2} | more


def order(name: str = "4800000000000000001", *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    told = {"order_id": name, "order_status": 2, "create_time": NOW_S - 60, "pay_time": NOW_S - 50}
    return (
        told | {"update_time": NOW_S - 40, "sku_order_list": list(lines) or [line()], "open_id": "o1"} | more
    )


def after_sale(
    amount: int, name: int = 1, order_id: str = "4800000000000000001", **more: Any
) -> dict[str, Any]:
    info = {"aftersale_id": name, "aftersale_type": 1, "aftersale_num": amount, "refund_status": 3} | more
    related = [{"sku_order_id": "L1", "item_num": 3, "order_status": 3}]
    return {"aftersale_info": info, "order_info": {"shop_order_id": order_id, "related_order_info": related}}


def answer(data: Any) -> httpx.Response:
    return httpx.Response(200, json={"code": 10000, "msg": "success", "data": data})


def after_sales(*rows: dict[str, Any], more: bool = False) -> httpx.Response:
    return answer({"items": list(rows), "has_more": more})


def shop(*answers: httpx.Response, **settings: str) -> tuple[FakePlatform, Any]:
    platform = FakePlatform(list(answers))
    connection = Connection("https://douyin.test", APP_KEY, SECRET, "123", settings=settings)
    return platform, connect(connection, box(), platform.client(), now_us, quick())


def detail(told: dict[str, Any], *answers: httpx.Response, **settings: str) -> Any:
    _, adapter = shop(answer({"shop_order_detail": told}), *answers, **settings)
    return asyncio.run(adapter.order("4800000000000000001"))


def asked(platform: FakePlatform) -> list[dict[str, Any]]:
    return [json.loads(request.content) for request in platform.asked]


@pytest.mark.parametrize(
    ("code", "paid", "wanted"),
    [
        (1, False, OrderStatus.UNPAID),
        (105, True, OrderStatus.PAID),
        (2, True, OrderStatus.PAID),
        (101, True, OrderStatus.PARTLY_SHIPPED),
        (3, True, OrderStatus.SHIPPED),
        (5, True, OrderStatus.COMPLETED),
        (4, False, OrderStatus.CLOSED_UNPAID),
        (4, True, OrderStatus.CLOSED_PAID),
        (77, True, OrderStatus.PAID),
        (77, False, OrderStatus.UNPAID),
    ],
)
def test_every_state_has_its_word(code: int, paid: bool, wanted: OrderStatus) -> None:
    assert detail(order(order_status=code, pay_time=NOW_S if paid else 0)).status is wanted


def test_lines_of_an_order_that_left_in_part_tell_whether_they_did() -> None:
    found = detail(order("4800000000000000001", line(), line("L2", order_status=3), order_status=101))
    assert [part.shipped for part in found.lines] == [False, True]


def test_an_order_is_read_exactly() -> None:
    found = detail(order("4800000000000000001", line(room_id_str="7301"), line("L2", reduce_stock_type=2)))
    assert found.order == "4800000000000000001"
    assert found.lines[0].listing == ListingRef("3409409348479354011", "17365")
    assert [part.deducts for part in found.lines] == [Deducts.ON_ORDER, Deducts.ON_PAYMENT]
    assert [(part.quantity, part.refunded, part.merchant_code) for part in found.lines] == [
        (3, 0, "RED-M")
    ] * 2
    assert (found.created_at_us, found.updated_at_us, found.paid_at_us) == tuple(
        (NOW_S - ago) * 1_000_000 for ago in (60, 40, 50)
    )
    assert (found.buyer, found.live_room) == ("o1", "7301")


REFUNDED = line(after_sale_info={"refund_status": 3})


def test_refunded_units_come_from_the_after_sales() -> None:
    found = detail(order("4800000000000000001", REFUNDED), after_sales(after_sale(1), after_sale(1, name=2)))
    assert (found.status, found.lines[0].refunded) == (OrderStatus.PAID, 2)


@pytest.mark.parametrize("more", [{"refund_status": 2}, {"aftersale_type": 3}, {"aftersale_type": 6}])
def test_an_after_sale_that_gives_no_units_up_is_not_counted(more: dict[str, Any]) -> None:
    found = detail(order("4800000000000000001", REFUNDED), after_sales(after_sale(1, **more)))
    assert found.lines[0].refunded == 0


def test_an_order_whose_every_unit_was_refunded_is_closed() -> None:
    found = detail(order("4800000000000000001", REFUNDED, order_status=3), after_sales(after_sale(3)))
    assert (found.status, found.lines[0].refunded) == (OrderStatus.CLOSED_PAID, 3)


def test_after_sales_are_read_once_and_then_only_what_is_new() -> None:
    told = answer({"shop_order_detail": order("4800000000000000001", REFUNDED)})
    platform, adapter = shop(told, after_sales(after_sale(1), more=True), after_sales(), told, after_sales())
    for _ in range(2):
        assert asyncio.run(adapter.order("1")).lines[0].refunded == 1
    scans = [call for call in asked(platform) if "update_start_time" in call]
    assert [(scan["update_start_time"], scan["page"]) for scan in scans] == [
        (NOW_S - 60, 0),
        (NOW_S - 60, 1),
        (NOW_S - 120, 0),
    ]


def test_regional_lines_are_split_by_warehouse() -> None:
    places = [{"out_warehouse_id": "a", "count": 2}, {"out_warehouse_id": "b", "count": 1}]
    told = order("4800000000000000001", REFUNDED | {"inventory_list": places})
    found = detail(told, after_sales(after_sale(2)), regional_stock="yes")
    assert [(part.line, part.listing.warehouse, part.quantity, part.refunded) for part in found.lines] == [
        ("L1@a", "a", 2, 2),
        ("L1@b", "b", 1, 0),
    ]


def page(*names: str) -> httpx.Response:
    return answer({"total": 5, "shop_order_list": [order(name) for name in names]})


def test_a_poll_reads_from_the_back_and_ends_with_the_after_sales() -> None:
    platform, adapter = shop(
        page("1", "2"),
        page("5"),
        page("3", "4"),
        page("1", "2"),
        after_sales(after_sale(1, order_id="9")),
        answer({"shop_order_detail": order("9")}),
        poll_page_max="2",
    )
    seen, cursor = [], None
    while True:
        found = asyncio.run(adapter.orders_changed((NOW_S - 100) * 1_000_000, NOW_US, cursor))
        seen += [order.order for order in found.orders]
        cursor = found.cursor
        if cursor is None:
            break
    assert seen == ["1", "2", "5", "3", "4", "1", "2", "9"]
    calls = asked(platform)
    assert [call["page"] for call in calls[:4]] == [0, 2, 1, 0]
    assert all(call["order_by"] == "update_time" and call["order_asc"] for call in calls[:4])
    assert {(call["update_time_start"], call["update_time_end"]) for call in calls[:4]} == {
        (NOW_S - 100, NOW_S)
    }


VECTOR = (
    rb'[{"tag":"101","msg_id":"m-1","data":"{\"p_id\":4800000000000000001,'
    rb'\"s_ids\":[4800000000000000001],\"shop_id\":123,\"order_status\":2}"}]'
)


def push(body: bytes, sign: str | None = None, **headers: str) -> Any:
    _, adapter = shop()
    made = hashlib.md5(APP_KEY.encode() + body + SECRET.encode()).hexdigest()
    given = {"event-sign": made if sign is None else sign} | headers
    return adapter.receive(given, {}, body, NOW_US)


def test_the_push_of_the_facts_is_taken() -> None:
    for sign in ("4488d78e08016fee60ed24bed5199f99", "4488D78E08016FEE60ED24BED5199F99"):
        (event,) = push(VECTOR, sign, **{"app-id": APP_KEY}).events
        assert (event.event, event.kind, event.order) == ("m-1", PushKind.ORDER, "4800000000000000001")
    assert push(VECTOR).acknowledgement.body == b'{"code":0,"msg":"success"}'


@pytest.mark.parametrize("sign", ["", "4488d78e08016fee60ed24bed5199f98", "ä"])
def test_a_forged_push_is_refused(sign: str) -> None:
    with pytest.raises(PushRefused) as caught:
        push(VECTOR, sign)
    assert caught.value.reason == "signature"


def test_a_changed_body_is_refused() -> None:
    with pytest.raises(PushRefused) as caught:
        push(VECTOR.replace(b"101", b"106"), "4488d78e08016fee60ed24bed5199f99")
    assert caught.value.reason == "signature"


def test_both_shapes_of_the_data_and_of_the_id_are_read() -> None:
    body = json.dumps(
        [
            {"tag": "206", "msgId": "m-2", "data": {"p_id": 48, "success_time": NOW_S}},
            {"tag": 106, "msg_id": "m-3", "data": '{"p_id": 49, "cancel_time": 1700000001}'},
            {"tag": "400", "msg_id": "m-4", "data": {"product_id": 50}},
            {"tag": "0", "msg_id": "0", "data": "2024-01-01"},
        ]
    ).encode()
    events = push(body).events
    assert [(event.kind, event.order) for event in events] == [
        (PushKind.REFUND, "48"),
        (PushKind.ORDER, "49"),
        (PushKind.OTHER, ""),
        (PushKind.PROBE, ""),
    ]
    assert [event.event_at_us for event in events[:2]] == [NOW_US, NOW_US + 1_000_000]
    assert events[2].listing == ListingRef("50")


def test_every_tag_has_its_kind() -> None:
    tags = {PushKind.ORDER: (100, 101, 102, 103, 106, 108, 110), PushKind.REFUND: range(200, 209)}
    for kind, numbers in tags.items():
        for tag in numbers:
            (event,) = push(
                json.dumps([{"tag": str(tag), "msg_id": "m", "data": {"p_id": 1}}]).encode()
            ).events
            assert event.kind is kind


def test_messages_of_other_shops_and_apps_are_not_ours() -> None:
    other = {"tag": "101", "msg_id": "m-5", "data": {"p_id": 1, "shop_id": 9}}
    ours = {"tag": "101", "msg_id": "m-6", "data": {"p_id": 2, "shop_id": 123}}
    assert [event.event for event in push(json.dumps([other, ours]).encode()).events] == ["m-6"]
    for body, headers in ((json.dumps([other]).encode(), {}), (VECTOR, {"app-id": "another"})):
        with pytest.raises(PushRefused) as caught:
            push(body, **headers)
        assert caught.value.reason == "not_for_us"


@pytest.mark.parametrize("body", [b"", b"{}x", b"7", b'[{"msg_id":"m"}]', b'["x"]'])
def test_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(PushRefused) as caught:
        push(body)
    assert caught.value.reason == "malformed"


def test_a_message_without_an_id_is_known_again() -> None:
    bodies = [b'[{"tag":"101","data":{"p_id":1}}]', b'[{"tag":"101","data":{"p_id":2}}]']
    names = [push(body).events[0].event for body in (*bodies, bodies[0])]
    assert names[0] == names[2] != names[1]
