from typing import Any

import pytest

from holdfast.channels.errors import (
    CallRefused,
    ChannelError,
    InsufficientStock,
    NotAuthorized,
    SignatureRefused,
    Throttled,
    TokenExpired,
    Unavailable,
    UnknownOutcome,
)
from holdfast.channels.orders import ListingRef, OrderStatus
from holdfast.channels.pinduoduo.mapping import error_of, order_of, refund_of
from holdfast.channels.pinduoduo.signing import signature

OFFICIAL = {
    "access_token": "asd78172s8ds9a921j9qqwda12312w1w21211",
    "client_id": "1",
    "data_type": "XML",
    "order_status": "1",
    "page": "1",
    "page_size": "10",
    "timestamp": "1480411125",
    "type": "pdd.order.number.list.get",
}
WRITE = {
    "access_token": "tok",
    "client_id": "cid",
    "data_type": "JSON",
    "goods_id": "100",
    "quantity": "-1",
    "sku_id": "200",
    "timestamp": "1700000000",
    "type": "pdd.goods.quantity.update",
    "update_type": "2",
    "version": "V1",
}


def test_the_vectors_hold() -> None:
    assert signature("testSecret", OFFICIAL) == "E4DE3ED21002510DED352819E7AE6775"
    assert signature("sec", WRITE) == "65323EEC45354E8D95AD28891EC6D347"
    assert signature("sec", WRITE | {"sign": "x"}) == "65323EEC45354E8D95AD28891EC6D347"


@pytest.mark.parametrize("name", sorted(WRITE))
def test_every_parameter_is_signed(name: str) -> None:
    assert signature("sec", WRITE | {name: WRITE[name] + "1"}) != signature("sec", WRITE)
    assert signature("other", WRITE) != signature("sec", WRITE)


CODES: list[tuple[int, type[ChannelError]]] = [
    (20004, SignatureRefused),
    (20005, NotAuthorized),
    (20031, NotAuthorized),
    (10019, TokenExpired),
    (52101, Throttled),
    (70031, Throttled),
    (70036, Throttled),
    (52102, Unavailable),
    (52103, Unavailable),
    (70033, Unavailable),
    (99999, CallRefused),
]


def error(code: int, words: str = "", *, changes_stock: bool = True) -> ChannelError:
    body = {"error_code": code, "error_msg": "m", "sub_code": None, "sub_msg": words, "request_id": "1"}
    return error_of(body, changes_stock=changes_stock, shortage_words=("库存不足",))


@pytest.mark.parametrize(("code", "kind"), CODES)
def test_every_code_has_its_error(code: int, kind: type[ChannelError]) -> None:
    assert type(error(code)) is kind
    assert error(code).vendor_code == str(code)


@pytest.mark.parametrize("code", [50000, 50001, 50002, 52001, 52002])
def test_internal_errors_leave_open_whether_a_change_was_made(code: int) -> None:
    assert type(error(code)) is UnknownOutcome
    assert type(error(code, changes_stock=False)) is Unavailable


def test_too_little_stock_is_known_by_its_words() -> None:
    assert type(error(50001, "商品库存不足，无法扣减")) is InsufficientStock
    assert type(error(50001, "商品库存不足", changes_stock=False)) is Unavailable


def nothing(order: str, line: str) -> int:
    return 0


def an_order(**changes: Any) -> dict[str, Any]:
    item = {"goods_id": 9007199254740993, "sku_id": "200", "goods_count": 2, "outer_id": "ours"}
    order = {
        "order_sn": "230101-123",
        "order_status": 1,
        "refund_status": 1,
        "confirm_status": 1,
        "group_status": 1,
        "after_sales_status": 0,
        "created_time": "2026-01-01 08:00:00",
        "updated_at": "2026-01-01 08:00:09",
        "pay_time": "2026-01-01 08:00:01",
        "pay_amount": "12.30",
        "item_list": [item],
    }
    return order | changes


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, OrderStatus.PAID),
        ({"confirm_status": 0, "group_status": 0}, OrderStatus.PAID),
        ({"risk_control_status": 1}, OrderStatus.PAID),
        ({"refund_status": 2}, OrderStatus.PAID),
        ({"refund_status": 3}, OrderStatus.PAID),
        ({"order_status": 2}, OrderStatus.SHIPPED),
        ({"order_status": 3}, OrderStatus.SHIPPED),
        ({"refund_status": 4}, OrderStatus.CLOSED_PAID),
        ({"order_status": 3, "refund_status": 4}, OrderStatus.CLOSED_PAID),
        ({"after_sales_status": 10}, OrderStatus.CLOSED_PAID),
        ({"confirm_status": 2}, OrderStatus.CLOSED_PAID),
        ({"confirm_status": 0, "group_status": 2}, OrderStatus.CLOSED_PAID),
    ],
)
def test_every_state_has_its_word(changes: dict[str, Any], status: OrderStatus) -> None:
    order = order_of(an_order(**changes), nothing)
    assert order.status is status
    assert order.lines[0].refunded == (2 if status is OrderStatus.CLOSED_PAID else 0)


def test_an_order_has_exact_ids_and_beijing_times() -> None:
    order = order_of(an_order(), nothing)
    (line,) = order.lines
    assert line.listing == ListingRef("9007199254740993", "200")
    assert (line.quantity, line.merchant_code) == (2, "ours")
    assert order.created_at_us == 1_767_225_600_000_000
    assert order.paid_at_us == 1_767_225_601_000_000
    assert order.updated_at_us == 1_767_225_609_000_000


def test_units_that_an_after_sale_tells_are_given_up_and_the_rest_stays() -> None:
    def one(order: str, line: str) -> int:
        return {("230101-123", "9007199254740993/200"): 1}[order, line]

    for changes in ({}, {"refund_status": 4}, {"after_sales_status": 10}):
        order = order_of(an_order(**changes), one)
        assert (order.status, order.lines[0].refunded) == (OrderStatus.PAID, 1)
    assert order_of(an_order(confirm_status=2), one).status is OrderStatus.CLOSED_PAID
    assert order_of(an_order(), lambda order, line: 2).status is OrderStatus.CLOSED_PAID


@pytest.mark.parametrize(("status", "done"), [(2, False), (5, False), (10, True)])
def test_an_after_sale_counts_once_it_is_done(status: int, done: bool) -> None:
    row = {"id": 7, "order_sn": "o", "goods_id": 1, "sku_id": "2", "goods_number": "3"}
    refund = refund_of(row | {"after_sales_status": status})
    assert (refund.order, refund.line, refund.amount, refund.done) == ("o", "1/2", 3, done)
