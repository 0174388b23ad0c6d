from typing import Any

import pytest

from holdfast.channels.errors import (
    CallRefused,
    ChannelError,
    ListingRefused,
    NotAuthorized,
    SignatureRefused,
    Throttled,
    TokenExpired,
    Unavailable,
    UnknownOutcome,
)
from holdfast.channels.orders import ListingRef, OrderStatus
from holdfast.channels.tiktok.mapping import error_of, order_of, readings_of

CODES: list[tuple[int, type[ChannelError]]] = [
    (105002, TokenExpired),
    (106001, SignatureRefused),
    (106013, CallRefused),
    (105005, NotAuthorized),
    (101000, NotAuthorized),
    (36009002, Throttled),
    (12052109, Throttled),
    (36009004, CallRefused),
    (12052097, ListingRefused),
    (1, CallRefused),
]


@pytest.mark.parametrize(("code", "kind"), CODES)
def test_every_code_has_its_error(code: int, kind: type[ChannelError]) -> None:
    error = error_of(code, "vendor words", changes_stock=True)
    assert type(error) is kind
    assert error.vendor_code == str(code)


def test_an_internal_error_leaves_open_whether_a_change_was_made() -> None:
    assert type(error_of(36009003, "", changes_stock=True)) is UnknownOutcome
    assert type(error_of(36009003, "", changes_stock=False)) is Unavailable


def test_the_code_of_several_meanings_is_the_clock_where_it_speaks_of_the_timestamp() -> None:
    assert type(error_of(36009004, "Invalid timestamp", changes_stock=True)) is SignatureRefused


def test_the_wish_to_wait_is_kept() -> None:
    error = error_of(36009002, "", changes_stock=False, retry_after_s=7.0)
    assert isinstance(error, Throttled)
    assert error.retry_after_s == 7.0


def an_order(status: str, **changes: Any) -> dict[str, Any]:
    unit = {"product_id": "1729592969712207008", "sku_id": "1729592969712207123", "seller_sku": "ours"}
    other = unit | {"sku_id": "2"}
    cancelled = unit | {"display_status": "CANCELLED"}
    order = {
        "id": "576653688135258178",
        "status": status,
        "create_time": 1_700_000_000,
        "update_time": 1_700_000_009,
        "line_items": [unit, other, cancelled, unit],
    }
    return order | changes


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("UNPAID", OrderStatus.UNPAID),
        ("ON_HOLD", OrderStatus.PAID),
        ("AWAITING_SHIPMENT", OrderStatus.PAID),
        ("PARTIALLY_SHIPPING", OrderStatus.PARTLY_SHIPPED),
        ("AWAITING_COLLECTION", OrderStatus.SHIPPED),
        ("IN_TRANSIT", OrderStatus.SHIPPED),
        ("DELIVERED", OrderStatus.SHIPPED),
        ("COMPLETED", OrderStatus.COMPLETED),
        ("CANCELLED", OrderStatus.CLOSED_UNPAID),
        ("CANCEL", OrderStatus.CLOSED_UNPAID),
    ],
)
def test_every_status_has_its_word(word: str, status: OrderStatus) -> None:
    assert order_of(an_order(word)).status is status


def test_a_cancelled_order_that_was_paid_is_closed_paid() -> None:
    assert order_of(an_order("CANCELLED", paid_time=1_700_000_001)).status is OrderStatus.CLOSED_PAID


def test_units_are_counted_by_their_entries() -> None:
    first, second = order_of(an_order("AWAITING_SHIPMENT")).lines
    assert first.listing == ListingRef("1729592969712207008", "1729592969712207123")
    assert (first.quantity, first.refunded, first.merchant_code) == (3, 1, "ours")
    assert (second.quantity, second.refunded) == (1, 0)


def test_a_reading_tells_available_and_committed_in_all_and_by_warehouse() -> None:
    rows = [{"warehouse_id": "w", "available_quantity": 3, "committed_quantity": 1}]
    sku = {
        "id": "2",
        "total_available_quantity": 5,
        "total_committed_quantity": 2,
        "warehouse_inventory": rows,
    }
    found = readings_of({"inventory": [{"product_id": "1", "skus": [sku]}]})
    assert (found[ListingRef("1", "2")].sellable, found[ListingRef("1", "2")].occupied) == (5, 2)
    assert found[ListingRef("1", "2", "w")].sellable == 3
