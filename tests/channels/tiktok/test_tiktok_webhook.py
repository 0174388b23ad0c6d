import json
from typing import Any

import pytest

from holdfast.channels.adapter import Connection
from holdfast.channels.errors import PushRefused
from holdfast.channels.orders import ListingRef, PushEvent, PushKind
from holdfast.channels.tiktok.signing import call_signature, push_signature
from holdfast.channels.tiktok.webhook import Webhook

SECRET = "tts-test-secret"
QUERY = {"app_key": "tts-test-key", "shop_cipher": "tts-test-cipher", "timestamp": "1700000000"}
POST_PATH = "/product/202309/products/1729592969712207008/inventory/update"
POST_BODY = (
    b'{"skus":[{"id":"1729592969712207123","inventory":'
    b'[{"warehouse_id":"7068517275539719942","quantity":99}]}]}'
)
POST_SIGN = "a17da60b7385c794a3e081f2cf080bb58e803499a07335f86a049ceaf1ed56f6"
GET_SIGN = "692d88f96a8122ff79f1365cd249e04adea8b0ac4d1f3c5b384a8005f731bacc"
PUSH = (
    b'{"type":1,"tts_notification_id":"7380066284010030890","shop_id":"7495540735365777507",'
    b'"timestamp":1718305585,"data":{"is_on_hold_order":true,"order_id":"576653688135258178",'
    b'"order_status":"UNPAID","update_time":1718305585}}'
)
PUSH_SIGN = "5dec0f11ec2f6783b8deee53c9ffbf8d024302f7c7e7fa55a35d17629031ac05"
NOW_US = 1_718_305_586_000_000


def receive(body: bytes, sign: str | None = None, now_us: int = NOW_US) -> PushEvent:
    headers = {"authorization": push_signature("abcdef", "123", body) if sign is None else sign}
    push = Webhook(Connection("https://x", "abcdef", "123")).receive(headers, body, now_us)
    assert (push.acknowledgement.body, push.acknowledgement.status) == (b"", 200)
    (event,) = push.events
    return event


def told(**content: Any) -> PushEvent:
    return receive(json.dumps({"tts_notification_id": "n1", "timestamp": 1718305585} | content).encode())


def test_the_vectors_hold() -> None:
    assert call_signature(SECRET, POST_PATH, QUERY, POST_BODY) == POST_SIGN
    ids = QUERY | {"ids": "576653688135258178"}
    assert call_signature(SECRET, "/order/202309/orders", ids) == GET_SIGN
    assert (
        call_signature(SECRET, "/order/202309/orders", ids | {"sign": "x", "access_token": "y"}) == GET_SIGN
    )
    assert push_signature("abcdef", "123", PUSH) == PUSH_SIGN


def test_every_part_of_a_call_is_signed() -> None:
    assert call_signature("other", POST_PATH, QUERY, POST_BODY) != POST_SIGN
    assert call_signature(SECRET, POST_PATH + "/", QUERY, POST_BODY) != POST_SIGN
    assert call_signature(SECRET, POST_PATH, QUERY | {"timestamp": "1700000001"}, POST_BODY) != POST_SIGN
    assert call_signature(SECRET, POST_PATH, QUERY, POST_BODY.replace(b"99", b"98")) != POST_SIGN


def test_the_official_push_names_its_order() -> None:
    event = receive(PUSH, PUSH_SIGN)
    assert (event.event, event.kind, event.order) == (
        "7380066284010030890",
        PushKind.ORDER,
        "576653688135258178",
    )
    assert event.event_at_us == 1_718_305_585_000_000


@pytest.mark.parametrize(("body", "sign"), [(PUSH, ""), (PUSH, "0" * 64), (PUSH + b" ", PUSH_SIGN)])
def test_forged_pushes_are_refused(body: bytes, sign: str) -> None:
    with pytest.raises(PushRefused) as refused:
        receive(body, sign)
    assert refused.value.reason == "signature"


def test_a_push_older_than_all_repeats_is_refused() -> None:
    receive(PUSH, now_us=NOW_US + 56_000_000_000)
    with pytest.raises(PushRefused) as refused:
        receive(PUSH, now_us=NOW_US + 61_000_000_000)
    assert refused.value.reason == "stale"


@pytest.mark.parametrize("body", [b"no json", b"[]", b'{"type":1}', b'{"tts_notification_id":"1"}'])
def test_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(PushRefused) as refused:
        receive(body)
    assert refused.value.reason == "malformed"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (1, PushKind.ORDER),
        (2, PushKind.REFUND),
        (3, PushKind.ORDER),
        (4, PushKind.ORDER),
        (5, PushKind.OTHER),
        (6, PushKind.AUTHORIZATION),
        (7, PushKind.AUTHORIZATION),
        (11, PushKind.ORDER),
        (12, PushKind.REFUND),
        (27, PushKind.OTHER),
        (67, PushKind.REFUND),
        (999, PushKind.OTHER),
    ],
)
def test_every_type_has_its_kind(number: int, kind: PushKind) -> None:
    assert told(type=number, data={"order_id": "5"}).kind is kind


def test_an_order_push_without_its_order_is_other_news() -> None:
    assert told(type=1, data={}).kind is PushKind.OTHER


def stock(*sources: str) -> dict[str, Any]:
    return {
        "event_id": "e1",
        "occurred_at": 1_718_305_585,
        "product_id": "1729592969712207008",
        "sku_id": "1729592969712207123",
        "quantity_snapshot_after_change": {
            "total_quantity": 12,
            "total_available_quantity": 9,
            "total_committed_quantity": 3,
            "in_shop_quantity": 8,
        },
        "change_detail": [{"idempotency_key": "k", "trigger_source": source} for source in sources],
    }


@pytest.mark.parametrize(
    ("sources", "ours"),
    [(("api_sync",), True), (("order_created",), False), (("api_sync", "order_created"), False), ((), False)],
)
def test_stock_comes_with_its_counter_and_our_echo_is_known(sources: tuple[str, ...], *, ours: bool) -> None:
    for body in (
        stock(*sources),
        {"type": 68, "tts_notification_id": "n", "timestamp": 1, "data": stock(*sources)},
    ):
        event = receive(json.dumps(body).encode())
        assert (event.event, event.kind, event.counter, event.ours) == ("e1", PushKind.STOCK, 9, ours)
        assert event.listing == ListingRef("1729592969712207008", "1729592969712207123")
        assert event.event_at_us == 1_718_305_585_000_000


def test_stock_times_may_be_in_milliseconds() -> None:
    body = stock("api_sync") | {"occurred_at": 1_718_305_585_000}
    assert receive(json.dumps(body).encode()).event_at_us == 1_718_305_585_000_000
