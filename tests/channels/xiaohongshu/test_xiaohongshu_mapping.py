import json
from typing import Any

import pytest

from holdfast.channels.adapter import Connection
from holdfast.channels.errors import CallRefused, PushRefused, Throttled, UnknownOutcome
from holdfast.channels.orders import ListingRef, OrderStatus, Push, PushKind
from holdfast.channels.xiaohongshu.mapping import error_of, moment_us, order_of, refunded_of
from holdfast.channels.xiaohongshu.signing import signature
from holdfast.channels.xiaohongshu.webhook import Webhook


def test_the_vectors_hold() -> None:
    assert (
        signature("xhs-secret", "inventory.incSkuStock", "appid1", "1700000000", "2.0")
        == "7cff3620e18d5fbf0711c57a9ab15722"
    )
    assert (
        signature("xhssecret", "order.list", "xhsapp", "1760000000", "2.0")
        == "885fab5fa144291ea1de72f4dba5e1b5"
    )


def test_every_part_is_signed() -> None:
    right = ("xhs-secret", "inventory.incSkuStock", "appid1", "1700000000", "2.0")
    for place in range(len(right)):
        wrong = [part + "1" if place == at else part for at, part in enumerate(right)]
        assert signature(*wrong) != signature(*right)


def test_codes_are_as_the_settings_say() -> None:
    assert type(error_of(-9028, "m", {})) is UnknownOutcome
    assert type(error_of(-1, "m", {})) is CallRefused
    assert type(error_of(-1, "m", {-1: Throttled})) is Throttled


def test_times_are_seconds_or_milliseconds() -> None:
    assert moment_us(1_700_000_000) == moment_us(1_700_000_000_000) == 1_700_000_000_000_000
    assert moment_us(0) is None


def an_order(status: int, **changes: Any) -> dict[str, Any]:
    sku = {"skuId": "65f0", "skuQuantity": 2, "erpcode": "ours"}
    order = {"orderId": "P1", "orderStatus": status, "createdTime": 1_700_000_000_000, "skuList": [sku]}
    return order | changes


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (1, OrderStatus.UNPAID),
        (2, OrderStatus.PAID),
        (3, OrderStatus.PAID),
        (4, OrderStatus.PAID),
        (5, OrderStatus.PARTLY_SHIPPED),
        (6, OrderStatus.SHIPPED),
        (7, OrderStatus.COMPLETED),
        (8, OrderStatus.CLOSED_UNPAID),
        (9, OrderStatus.CLOSED_UNPAID),
        (10, OrderStatus.SHIPPED),
    ],
)
def test_every_status_has_its_word(code: int, status: OrderStatus) -> None:
    assert order_of(an_order(code), {}).status is status


def test_a_closed_order_that_was_paid_is_closed_paid() -> None:
    for code in (8, 9):
        assert order_of(an_order(code, paidTime=1_700_000_001_000), {}).status is OrderStatus.CLOSED_PAID


def test_a_line_is_a_sku() -> None:
    (line,) = order_of(an_order(4), {}).lines
    assert (line.listing, line.quantity, line.merchant_code) == (ListingRef("65f0"), 2, "ours")


def test_units_of_finished_after_sales_are_given_up() -> None:
    skus = [{"skuId": "65f0", "boughtCount": 2, "appliedCount": 1}]
    assert refunded_of({"skus": skus}) == {"65f0": 1}
    assert not refunded_of({"skus": skus, "exchangeSKUs": skus})
    part, whole = (order_of(an_order(4), {"65f0": units}) for units in (1, 2))
    assert (part.status, part.lines[0].refunded) == (OrderStatus.PAID, 1)
    assert (whole.status, whole.lines[0].refunded) == (OrderStatus.CLOSED_PAID, 2)


def receive(*messages: dict[str, Any]) -> Push:
    hook = Webhook(Connection("https://x", "a", "s", shop="seller-1"))
    return hook.receive({}, json.dumps(list(messages)).encode())


def message(tag: str = "msg_fulfillment_status_change", seller: str = "seller-1") -> dict[str, Any]:
    data = {"orderId": "P1", "orderStatus": 4, "updateTime": 1_700_000_000_000}
    return {"msgTag": tag, "sellerId": seller, "data": json.dumps(data)}


def test_a_push_is_a_hint_of_what_to_fetch() -> None:
    push = receive(message(), message("msg_after_sale_create"), message("msg_sku_create"))
    assert [event.kind for event in push.events] == [PushKind.ORDER, PushKind.REFUND, PushKind.OTHER]
    assert [event.order for event in push.events] == ["P1", "P1", ""]
    assert all(event.order_told is None and event.counter is None for event in push.events)
    assert json.loads(push.acknowledgement.body) == {"success": True, "error_code": 0, "error_msg": ""}


def test_a_repeat_is_known() -> None:
    first, again, other = receive(message(), message(), message("msg_after_sale_create")).events
    assert first.event == again.event != other.event


def test_pushes_of_other_shops_are_refused() -> None:
    with pytest.raises(PushRefused) as refused:
        receive(message(seller="seller-2"))
    assert refused.value.reason == "not_for_us"


def test_a_key_hides_the_address() -> None:
    hook = Webhook(Connection("https://x", "a", "s", shop="seller-1", secrets={"push_key": "long-key"}))
    assert hook.receive({"key": "long-key"}, json.dumps([message()]).encode()).events
    for query in ({}, {"key": "guess"}):
        with pytest.raises(PushRefused) as refused:
            hook.receive(query, json.dumps([message()]).encode())
        assert refused.value.reason == "signature"


@pytest.mark.parametrize("body", [b"no json", b"{}", b"[1]", b'[{"sellerId":"seller-1"}]'])
def test_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(PushRefused) as refused:
        Webhook(Connection("https://x", "a", "s", shop="seller-1")).receive({}, body)
    assert refused.value.reason == "malformed"
