"""Kuaishou's orders in our words, units from the money of refunds, and its encrypted pushes."""

import asyncio
import base64
import json
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from holdfast.channels.adapter import Connection
from holdfast.channels.errors import PushRefused
from holdfast.channels.kuaishou import connect
from holdfast.channels.orders import ListingRef, OrderStatus, PushKind
from tests.channels.fakes import NOW_US, FakePlatform, box, now_us, quick

NOW_MS = NOW_US // 1_000
SECRET = "AAECAwQFBgcICQoLDA0ODw=="


def order(oid: int = 25, status: int = 30, *, refunds: tuple[int, ...] = (), **base: Any) -> dict[str, Any]:
    told = {"oid": oid, "status": status, "createTime": NOW_MS - 60_000, "payTime": NOW_MS - 50_000}
    return {
        "orderBaseInfo": told | {"updateTime": NOW_MS - 40_000, "buyerOpenId": "b1"} | base,
        "orderItemInfo": {"itemId": 1001, "skuId": 2002, "num": 3, "price": 990, "skuNick": "RED-M"},
        "orderRefundList": [{"refundId": n, "refundStatus": 60} for n in refunds],
    }


def answer(data: Any) -> httpx.Response:
    return httpx.Response(200, json={"result": 1, "data": data})


def refunds(*rows: dict[str, Any], pcursor: str = "nomore") -> httpx.Response:
    return answer({"pcursor": pcursor, "refundOrderInfoList": list(rows)})


def refund(fee: int, name: int = 7, oid: int = 25, **more: Any) -> dict[str, Any]:
    return {"oid": oid, "refundId": name, "handlingWay": 10, "status": 60, "refundFee": fee} | more


def shop(*answers: httpx.Response, **settings: str) -> tuple[FakePlatform, Any]:
    platform = FakePlatform(list(answers))
    secrets = {"sign_secret": "s", "message_secret": SECRET}
    connection = Connection("https://ks.test", "ks123", "app-secret", "88", secrets, settings)
    return platform, connect(connection, box(), platform.client(), now_us, quick())


def detail(told: dict[str, Any], *answers: httpx.Response, **settings: str) -> Any:
    return asyncio.run(shop(answer(told), *answers, **settings)[1].order("25"))


@pytest.mark.parametrize(
    ("code", "paid", "wanted"),
    [
        (10, False, OrderStatus.UNPAID),
        (30, True, OrderStatus.PAID),
        (40, True, OrderStatus.SHIPPED),
        (50, True, OrderStatus.SHIPPED),
        (70, True, OrderStatus.COMPLETED),
        (80, False, OrderStatus.CLOSED_UNPAID),
        (80, True, OrderStatus.CLOSED_PAID),
        (99, False, OrderStatus.UNPAID),
    ],
)
def test_every_state_has_its_word(code: int, paid: bool, wanted: OrderStatus) -> None:
    found = detail(order(status=code, payTime=NOW_MS if paid else 0))
    assert found.status is wanted
    assert found.lines[0].refunded == (3 if wanted is OrderStatus.CLOSED_PAID else 0)


def test_an_order_is_read_exactly() -> None:
    found = detail(order())
    (line,) = found.lines
    assert (line.line, line.listing, line.quantity, line.merchant_code) == (
        "25",
        ListingRef("1001", "2002"),
        3,
        "RED-M",
    )
    assert (found.created_at_us, found.updated_at_us, found.paid_at_us, found.buyer) == (
        NOW_US - 60_000_000,
        NOW_US - 40_000_000,
        NOW_US - 50_000_000,
        "b1",
    )


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([refund(990)], 1),
        ([refund(500)], 0),
        ([refund(990), refund(990, 8)], 2),
        ([refund(990, status=50)], 0),
        ([refund(990, handlingWay=3)], 0),
        ([refund(9_900)], 3),
    ],
)
def test_units_are_the_money_over_the_price(rows: list[dict[str, Any]], wanted: int) -> None:
    found = detail(order(refunds=(7,)), refunds(*rows))
    assert found.lines[0].refunded == wanted
    assert found.status is (OrderStatus.CLOSED_PAID if wanted == 3 else OrderStatus.PAID)


def test_partial_refunds_can_be_ignored() -> None:
    assert detail(order(refunds=(7,)), partial_refunds="ignore").lines[0].refunded == 0


def test_a_poll_ends_with_the_refunds_day_by_day() -> None:
    platform, adapter = shop(
        answer({"cursor": "c1", "orderList": [order(1)]}),
        answer({"cursor": "nomore", "orderList": [order(2)]}),
        refunds(pcursor="p1"),
        refunds(),
        refunds(refund(990, oid=9)),
        answer(order(9)),
    )
    seen, cursor, from_us = [], None, NOW_US - 36 * 3_600_000_000
    while True:
        page = asyncio.run(adapter.orders_changed(from_us, NOW_US, cursor))
        seen += [found.order for found in page.orders]
        cursor = page.cursor
        if cursor is None:
            break
    assert seen == ["1", "2", "9"]
    calls = [json.loads(asked.url.params["param"]) for asked in platform.asked]
    assert [call["cursor"] for call in calls[:2]] == ["", "c1"]
    day_ms = 86_400_000
    begin_ms = NOW_MS - 36 * 3_600_000
    assert [(call["pcursor"], call["beginTime"], call["endTime"]) for call in calls[2:5]] == [
        ("", begin_ms, begin_ms + day_ms),
        ("p1", begin_ms, begin_ms + day_ms),
        ("", begin_ms + day_ms, NOW_MS),
    ]


PAID = (
    "9W0qL4lKtoMHzsdgWNBIZaN5BsfhGucpxMNIfdBVmKRcpq1vosAirPG1Ak3fu/1ISn7AXqxqoK+1CQzsoGXewB+Adf5SBfozUh9eRt0"
    "tzmjgz9grX9UkOAUg/LafRNYem9SkwUW+2x2L3oOS4nGMXhRQZfl0N0Zk4HouOhW9d88lFkF4v2fjvxpJaaN3tNUsdDzeYvYGm5PyzH"
    "L4LrTsTOZUvGwNUQknQQ79hJ3fgQcw9Jrcn5H5Vl4ozJ4Xw0NelIwSqKy2aLaYQqk5/1+GNqFgZFNrmAGLGmW72fCJJX0jJcnhHgPV9"
    "464UpyNqc8SStZ69J6BnHSlxRfjpeR36arC3pbyxLzewtYzY1LPyKo="
)


def sealed(message: object, secret: str = SECRET) -> bytes:
    padder = padding.PKCS7(128).padder()
    plain = padder.update(json.dumps(message).encode()) + padder.finalize()
    encryptor = Cipher(algorithms.AES(base64.b64decode(secret)), modes.CBC(bytes(16))).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize())


def push(body: bytes, now: int = NOW_US) -> Any:
    return shop()[1].receive({}, {}, body, now)


def test_the_push_of_the_facts_is_taken() -> None:
    taken = push(PAID.encode())
    (event,) = taken.events
    assert (event.event, event.kind, event.order, event.event_at_us) == (
        "e1",
        PushKind.ORDER,
        "2500100001",
        NOW_US,
    )
    assert taken.acknowledgement.body == b'{"result":1}'


def test_the_probe_of_the_facts_is_answered() -> None:
    probe = push(b"vftmsTE4kncTlrYRCUwCMg==")
    assert [event.kind for event in probe.events] == [PushKind.PROBE]
    assert probe.acknowledgement.body == b'{"result":1}'


def message(**more: Any) -> dict[str, Any]:
    told = {"eventId": "e2", "userId": 88, "appKey": "ks123", "event": "kwaishop_aftersales_addRefund"}
    return told | {"info": '{"orderId":25,"refundId":7}', "createTime": NOW_MS} | more


def test_refunds_and_unknown_events_are_told_apart() -> None:
    (event,) = push(sealed(message())).events
    assert (event.kind, event.order) == (PushKind.REFUND, "25")
    (event,) = push(sealed(message(event="kwaishop_item_x", info="{}"))).events
    assert (event.kind, event.order) == (PushKind.OTHER, "")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "signature"),
        (b"not base64!", "signature"),
        (base64.b64encode(bytes(32)), "signature"),
        (PAID[:-8].encode(), "signature"),
        (sealed(message(), "EBAQEBAQEBAQEBAQEBAQEA=="), "signature"),
        (sealed([1]), "signature"),
        (sealed(message(info="{}")), "malformed"),
        (sealed({"eventId": "e"}), "malformed"),
        (sealed(message(appKey="other")), "not_for_us"),
        (sealed(message(userId=89)), "not_for_us"),
        (sealed(message(createTime=NOW_MS - 86_401_000)), "stale"),
    ],
)
def test_what_is_forged_stale_or_not_ours_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(PushRefused) as caught:
        push(body)
    assert caught.value.reason == reason


def test_the_last_delivery_of_the_ladder_is_not_stale() -> None:
    assert push(PAID.encode(), NOW_US + 125 * 60_000_000).events
