from typing import Any

import pytest

from holdfast.channels.errors import (
    CallRefused,
    ChannelError,
    InsufficientStock,
    ListingRefused,
    NotAuthorized,
    Throttled,
    TokenExpired,
    Unavailable,
    UnknownOutcome,
)
from holdfast.channels.orders import ListingRef, OrderStatus
from holdfast.channels.wechat.mapping import error_of, order_of, readings_of

CODES: list[tuple[int, type[ChannelError]]] = [
    (40001, TokenExpired),
    (42001, TokenExpired),
    (40014, TokenExpired),
    (41001, TokenExpired),
    (45009, Throttled),
    (45011, Throttled),
    (10020112, Throttled),
    (45035, NotAuthorized),
    (61004, NotAuthorized),
    (48001, NotAuthorized),
    (48004, NotAuthorized),
    (61007, NotAuthorized),
    (47001, CallRefused),
    (10020218, CallRefused),
    (10020219, InsufficientStock),
    *[(10020000 + code, ListingRefused) for code in (217, 289, 220, 50, 51, 52, 54, 55, 91)],
    (99999, CallRefused),
]


@pytest.mark.parametrize(("code", "kind"), CODES)
@pytest.mark.parametrize("changes_stock", [False, True])
def test_every_code_has_its_error(code: int, kind: type[ChannelError], *, changes_stock: bool) -> None:
    error = error_of(code, "vendor words", changes_stock=changes_stock)
    assert type(error) is kind
    assert error.vendor_code == str(code)
    assert not error.may_be_applied


def test_busy_leaves_open_whether_a_change_was_made() -> None:
    assert type(error_of(-1, "", changes_stock=True)) is UnknownOutcome
    assert type(error_of(-1, "", changes_stock=False)) is Unavailable


def test_the_minute_limit_says_to_wait_a_minute() -> None:
    error = error_of(45011, "", changes_stock=True)
    assert isinstance(error, Throttled)
    assert error.retry_after_s == 60


def an_order(**changes: Any) -> dict[str, Any]:
    item = {
        "product_id": 10000000000000000001,
        "sku_id": "9007199254740993",
        "sku_cnt": 3,
        "on_aftersale_sku_cnt": 1,
        "finish_aftersale_sku_cnt": 1,
        "sku_code": "ours",
    }
    detail = {"product_infos": [item], "pay_info": {"pay_time": 1_700_000_005}}
    order = {
        "order_id": 3705115058471208928,
        "status": 20,
        "create_time": 1_700_000_000,
        "update_time": 1_700_000_009,
        "order_detail": detail,
    }
    return order | changes


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (10, OrderStatus.UNPAID),
        (20, OrderStatus.PAID),
        (21, OrderStatus.PARTLY_SHIPPED),
        (30, OrderStatus.SHIPPED),
        (100, OrderStatus.COMPLETED),
        (200, OrderStatus.CLOSED_PAID),
        (250, OrderStatus.CLOSED_UNPAID),
    ],
)
def test_every_status_has_its_word(code: int, status: OrderStatus) -> None:
    assert order_of(an_order(status=code)).status is status


def test_an_order_whose_every_unit_was_given_up_is_closed() -> None:
    order = an_order()
    order["order_detail"]["product_infos"][0]["finish_aftersale_sku_cnt"] = 3
    assert order_of(order).status is OrderStatus.CLOSED_PAID


def test_an_unknown_status_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        order_of(an_order(status=77))


def test_an_order_keeps_exact_ids_and_counts_only_finished_after_sales() -> None:
    order = order_of(an_order())
    (line,) = order.lines
    assert order.order == "3705115058471208928"
    assert line.listing == ListingRef("10000000000000000001", "9007199254740993")
    assert (line.quantity, line.refunded, line.merchant_code) == (3, 1, "ours")
    assert order.paid_at_us == 1_700_000_005_000_000
    assert order.updated_at_us == 1_700_000_009_000_000


def test_only_the_ordinary_bucket_counts() -> None:
    sku = {
        "sku_id": 2,
        "normal_stock_num": 7,
        "exclusive_num": 5,
        "finder_total_num": 3,
        "total_stock_num": 15,
    }
    found = readings_of({"spu_stock_list": [{"product_id": 1, "sku_stock": [sku]}]})
    assert found["1", "2"].sellable == 7
