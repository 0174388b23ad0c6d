"""Shopify's words and codes, and ours."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..base import status_of
from ..errors import (
    CallRefused,
    ChannelError,
    ExpectationFailed,
    ListingRefused,
    Throttled,
    Unavailable,
    UnknownOutcome,
)
from ..orders import ListingRef, OrderLine, OrderStatus, PlatformOrder, PushKind
from ..values import identity, number

USER_ERRORS: dict[str, tuple[type[ChannelError], str]] = {
    "CHANGE_FROM_QUANTITY_STALE": (ExpectationFailed, "the counter is not what was expected"),
    # The first call with this key still runs.
    "IDEMPOTENCY_CONCURRENT_REQUEST": (UnknownOutcome, "the same change is being made just now"),
    "IDEMPOTENCY_KEY_PARAMETER_MISMATCH": (CallRefused, "the idempotency key was used for another change"),
    "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED": (CallRefused, "this change failed before; a new one is needed"),
    "ITEM_NOT_STOCKED_AT_LOCATION": (ListingRefused, "the item is not stocked at this location"),
    "INVALID_INVENTORY_ITEM": (ListingRefused, "the inventory item is unknown"),
    "INVALID_LOCATION": (ListingRefused, "the location is unknown"),
    "INVALID_QUANTITY_TOO_LOW": (CallRefused, "the quantity is too low"),
    "INVALID_QUANTITY_TOO_HIGH": (CallRefused, "the quantity is too high"),
    "INVALID_QUANTITY_NEGATIVE": (CallRefused, "the quantity must not be negative"),
    "ADJUST_QUANTITIES_FAILED": (Unavailable, "the change was not made"),
    "SERVICE_UNAVAILABLE": (UnknownOutcome, "the service is not available"),
}
TOPICS = {
    "orders/create": PushKind.ORDER,
    "orders/paid": PushKind.ORDER,
    "orders/cancelled": PushKind.ORDER,
    "orders/updated": PushKind.ORDER,
    "refunds/create": PushKind.REFUND,
    "inventory_levels/update": PushKind.STOCK,
}
_UNPAID = {"PENDING", "AUTHORIZED", "PARTIALLY_PAID", None}
_NEVER_PAID = {"VOIDED", "EXPIRED"}


def user_error_of(code: str, message: str) -> ChannelError:
    """Our error for the code of a `userErrors` entry."""
    kind, meaning = USER_ERRORS.get(code, (CallRefused, message))
    return kind(f"Shopify: {meaning} ({code}).", vendor_code=code)


def fault_of(answer: Mapping[str, Any], *, changes_stock: bool) -> ChannelError:
    """Our error for an answer with top-level `errors`."""
    errors = answer["errors"]
    first = errors[0] if isinstance(errors, list) else {"message": errors}
    message = str(first.get("message", ""))
    code = str((first.get("extensions") or {}).get("code", ""))
    if message == "Throttled" or code == "THROTTLED":
        cost = (answer.get("extensions") or {}).get("cost") or {}
        status = cost.get("throttleStatus") or {}
        lacking = float(cost.get("requestedQueryCost") or 0) - float(status.get("currentlyAvailable") or 0)
        restore = float(status.get("restoreRate") or 0)
        wait_s = max(0.0, lacking) / restore if restore else None
        return Throttled("Shopify: too many points used.", vendor_code="THROTTLED", retry_after_s=wait_s)
    if code == "INTERNAL_SERVER_ERROR":
        internal = UnknownOutcome if changes_stock else Unavailable
        return internal(f"Shopify: {message}", vendor_code=code)
    return CallRefused(f"Shopify: {message}", vendor_code=code)


def bare(gid: object) -> str:
    """The id at the end of `gid://shopify/Kind/123`."""
    return identity(gid).rsplit("/", 1)[-1]


def gid(kind: str, value: str) -> str:
    """The long form of an id."""
    return value if value.startswith("gid://") else f"gid://shopify/{kind}/{value}"


def moment_us(text: str | None) -> int | None:
    """Microseconds from a time such as `2026-01-01T00:00:00Z`; None where there is none."""
    return round(datetime.fromisoformat(text).timestamp() * 1_000_000) if text else None


def order_of(order: Mapping[str, Any]) -> PlatformOrder:
    """An order in our words; an item in it is known by its inventory item."""
    financial = order.get("displayFinancialStatus")
    created = moment_us(order["createdAt"]) or 0
    paid = None if financial in _UNPAID | _NEVER_PAID else moment_us(order.get("processedAt")) or created
    lines = tuple(_line(item) for item in order["lineItems"]["nodes"] if item.get("variant"))
    return PlatformOrder(
        order=bare(order["id"]),
        status=status_of(_status(order, financial), lines),
        lines=lines,
        created_at_us=created,
        updated_at_us=moment_us(order.get("updatedAt")) or created,
        paid_at_us=paid,
        buyer=bare((order.get("customer") or {}).get("id")),
    )


def _status(order: Mapping[str, Any], financial: str | None) -> OrderStatus:
    if financial in _NEVER_PAID:
        return OrderStatus.CLOSED_UNPAID
    if financial == "REFUNDED":
        return OrderStatus.CLOSED_PAID
    if order.get("cancelledAt"):
        return OrderStatus.CLOSED_UNPAID if financial in _UNPAID else OrderStatus.CLOSED_PAID
    fulfilled = order.get("displayFulfillmentStatus")
    if fulfilled == "FULFILLED":
        return OrderStatus.COMPLETED if order.get("closedAt") else OrderStatus.SHIPPED
    if fulfilled == "PARTIALLY_FULFILLED":
        return OrderStatus.PARTLY_SHIPPED
    return OrderStatus.UNPAID if financial in _UNPAID else OrderStatus.PAID


def _line(item: Mapping[str, Any]) -> OrderLine:
    quantity = number(item["quantity"])
    return OrderLine(
        line=bare(item["id"]),
        listing=ListingRef(bare(item["variant"]["inventoryItem"]["id"])),
        quantity=quantity,
        # What is left after removals and refunds.
        refunded=quantity - number(item.get("currentQuantity", quantity)),
        merchant_code=str(item.get("sku") or ""),
    )
