from typing import Any

import pytest

from holdfast.channels.errors import (
    CallRefused,
    ChannelError,
    ExpectationFailed,
    ListingRefused,
    Throttled,
    Unavailable,
    UnknownOutcome,
)
from holdfast.channels.orders import ListingRef, OrderStatus
from holdfast.channels.shopify.mapping import fault_of, order_of, user_error_of

CODES: list[tuple[str, type[ChannelError]]] = [
    ("CHANGE_FROM_QUANTITY_STALE", ExpectationFailed),
    ("IDEMPOTENCY_CONCURRENT_REQUEST", UnknownOutcome),
    ("IDEMPOTENCY_KEY_PARAMETER_MISMATCH", CallRefused),
    ("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", CallRefused),
    ("ITEM_NOT_STOCKED_AT_LOCATION", ListingRefused),
    ("INVALID_QUANTITY_TOO_LOW", CallRefused),
    ("INVALID_QUANTITY_TOO_HIGH", CallRefused),
    ("INVALID_QUANTITY_NEGATIVE", CallRefused),
    ("ADJUST_QUANTITIES_FAILED", Unavailable),
    ("SERVICE_UNAVAILABLE", UnknownOutcome),
    ("SOMETHING_NEW", CallRefused),
]


@pytest.mark.parametrize(("code", "kind"), CODES)
def test_every_code_has_its_error(code: str, kind: type[ChannelError]) -> None:
    error = user_error_of(code, "vendor words")
    assert type(error) is kind
    assert error.vendor_code == code


def test_throttling_says_when_the_points_will_be_back() -> None:
    status = {"maximumAvailable": 1000, "currentlyAvailable": 20, "restoreRate": 50}
    answer = {
        "errors": [{"message": "Throttled"}],
        "extensions": {"cost": {"requestedQueryCost": 120, "throttleStatus": status}},
    }
    error = fault_of(answer, changes_stock=True)
    assert isinstance(error, Throttled)
    assert error.retry_after_s == 2.0
    assert isinstance(fault_of({"errors": [{"message": "Throttled"}]}, changes_stock=True), Throttled)


def test_an_internal_error_leaves_open_whether_a_change_was_made() -> None:
    answer = {"errors": [{"message": "oops", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}
    assert type(fault_of(answer, changes_stock=True)) is UnknownOutcome
    assert type(fault_of(answer, changes_stock=False)) is Unavailable
    assert type(fault_of({"errors": "Not Found"}, changes_stock=True)) is CallRefused


def an_order(**changes: Any) -> dict[str, Any]:
    line = {
        "id": "gid://shopify/LineItem/11",
        "quantity": 5,
        "currentQuantity": 3,
        "sku": "ours",
        "variant": {"inventoryItem": {"id": "gid://shopify/InventoryItem/271878346596884015"}},
    }
    custom = {"id": "gid://shopify/LineItem/12", "quantity": 1, "currentQuantity": 1, "variant": None}
    order = {
        "id": "gid://shopify/Order/5",
        "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-01-01T00:00:09Z",
        "processedAt": "2026-01-01T00:00:01Z",
        "cancelledAt": None,
        "closedAt": None,
        "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "UNFULFILLED",
        "lineItems": {"nodes": [line, custom]},
    }
    return order | changes


AT = "2026-01-02T00:00:00Z"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"displayFinancialStatus": "PENDING"}, OrderStatus.UNPAID),
        ({"displayFinancialStatus": "AUTHORIZED"}, OrderStatus.UNPAID),
        ({}, OrderStatus.PAID),
        ({"displayFinancialStatus": "PARTIALLY_REFUNDED"}, OrderStatus.PAID),
        ({"displayFulfillmentStatus": "PARTIALLY_FULFILLED"}, OrderStatus.PARTLY_SHIPPED),
        ({"displayFulfillmentStatus": "FULFILLED"}, OrderStatus.SHIPPED),
        ({"displayFulfillmentStatus": "FULFILLED", "closedAt": AT}, OrderStatus.COMPLETED),
        ({"displayFinancialStatus": "PENDING", "cancelledAt": AT}, OrderStatus.CLOSED_UNPAID),
        ({"displayFinancialStatus": "VOIDED", "cancelledAt": AT}, OrderStatus.CLOSED_UNPAID),
        ({"displayFinancialStatus": "EXPIRED"}, OrderStatus.CLOSED_UNPAID),
        ({"cancelledAt": AT}, OrderStatus.CLOSED_PAID),
        (
            {"displayFinancialStatus": "REFUNDED", "displayFulfillmentStatus": "FULFILLED"},
            OrderStatus.CLOSED_PAID,
        ),
    ],
)
def test_every_state_has_its_word(changes: dict[str, Any], status: OrderStatus) -> None:
    assert order_of(an_order(**changes)).status is status


def test_lines_are_inventory_items_and_know_what_was_given_up() -> None:
    order = order_of(an_order())
    (line,) = order.lines
    assert order.order == "5"
    assert line.listing == ListingRef("271878346596884015")
    assert (line.quantity, line.refunded, line.merchant_code) == (5, 2, "ours")
    assert order.paid_at_us == 1_767_225_601_000_000
    assert order.updated_at_us == 1_767_225_609_000_000
    assert order_of(an_order(displayFinancialStatus="PENDING")).paid_at_us is None
