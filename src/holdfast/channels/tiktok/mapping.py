"""TikTok's words and codes, and ours."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from ..base import status_of
from ..errors import (
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
from ..orders import ListingRef, OrderLine, OrderStatus, PlatformOrder, PushKind, StockReading
from ..values import identity, number, seconds_us

STATUSES = {
    "UNPAID": OrderStatus.UNPAID,
    "ON_HOLD": OrderStatus.PAID,
    "AWAITING_SHIPMENT": OrderStatus.PAID,
    "PARTIALLY_SHIPPING": OrderStatus.PARTLY_SHIPPED,
    "AWAITING_COLLECTION": OrderStatus.SHIPPED,
    "IN_TRANSIT": OrderStatus.SHIPPED,
    "DELIVERED": OrderStatus.SHIPPED,
    "COMPLETED": OrderStatus.COMPLETED,
}
_CANCELLED = ("CANCELLED", "CANCEL")  # the order's spelling, and the push's

INTERNAL = 36009003
AMBIGUOUS = 36009004
ERRORS: dict[int, tuple[type[ChannelError], str]] = {
    105002: (TokenExpired, "the access token has expired"),
    106001: (SignatureRefused, "the signature is wrong: check the app secret and the clock"),
    106013: (CallRefused, "the shop cipher is missing"),
    105005: (NotAuthorized, "the app lacks the scope for this call"),
    101000: (NotAuthorized, "the token is not of this shop"),
    36009002: (Throttled, "too many calls"),
    12052109: (Throttled, "too many calls"),
    AMBIGUOUS: (CallRefused, "the call is refused; this code has several meanings"),
    12052097: (ListingRefused, "the warehouse is unknown for this item"),
}

STOCK_TYPE = 68
PUSH_KINDS = {
    1: PushKind.ORDER,
    2: PushKind.REFUND,
    3: PushKind.ORDER,
    4: PushKind.ORDER,
    6: PushKind.AUTHORIZATION,
    7: PushKind.AUTHORIZATION,
    11: PushKind.ORDER,
    12: PushKind.REFUND,
    67: PushKind.REFUND,
    STOCK_TYPE: PushKind.STOCK,
}
OUR_TRIGGER = "api_sync"


def error_of(
    code: int, message: str, *, changes_stock: bool, retry_after_s: float | None = None
) -> ChannelError:
    """Our error for a `code`; an internal one leaves open whether a change was made."""
    if code == INTERNAL:
        internal = UnknownOutcome if changes_stock else Unavailable
        return internal("TikTok Shop: internal error.", vendor_code=str(code))
    kind, meaning = ERRORS.get(code, (CallRefused, message))
    if code == AMBIGUOUS and "timestamp" in message.lower():
        kind, meaning = SignatureRefused, "the time of the call is too far off: check the clock"
    text = f"TikTok Shop: {meaning} ({code})."
    if kind is Throttled:
        return Throttled(text, vendor_code=str(code), retry_after_s=retry_after_s)
    return kind(text, vendor_code=str(code))


def order_of(order: Mapping[str, Any]) -> PlatformOrder:
    """An order in our words; TikTok lists every unit for itself."""
    created = seconds_us(order["create_time"]) or 0
    paid = seconds_us(order.get("paid_time"))
    status = order["status"]
    if status in _CANCELLED:
        ours = OrderStatus.CLOSED_PAID if paid else OrderStatus.CLOSED_UNPAID
    else:
        ours = STATUSES[status]
    units: defaultdict[ListingRef, list[Mapping[str, Any]]] = defaultdict(list)
    for unit in order.get("line_items") or ():
        units[ListingRef(identity(unit["product_id"]), identity(unit["sku_id"]))].append(unit)
    lines = tuple(_line(listing, of_it) for listing, of_it in units.items())
    return PlatformOrder(
        order=identity(order["id"]),
        status=status_of(ours, lines),
        lines=lines,
        created_at_us=created,
        updated_at_us=seconds_us(order.get("update_time")) or created,
        paid_at_us=paid,
        buyer=identity(order.get("user_id")),
    )


def _line(listing: ListingRef, units: list[Mapping[str, Any]]) -> OrderLine:
    return OrderLine(
        line=listing.key,
        listing=listing,
        quantity=len(units),
        refunded=sum(unit.get("display_status") in _CANCELLED for unit in units),
        merchant_code=str(units[0].get("seller_sku") or ""),
    )


def readings_of(data: Mapping[str, Any]) -> dict[ListingRef, StockReading]:
    """Counters by listing: over all warehouses, and for each.

    Units set aside for a campaign or a creator count: they too are sold on this channel only.
    """
    found: dict[ListingRef, StockReading] = {}
    for product in data.get("inventory") or ():
        for sku in product.get("skus") or ():
            whole = ListingRef(identity(product["product_id"]), identity(sku["id"]))
            found[whole] = StockReading(
                whole, number(sku["total_available_quantity"]), number(sku.get("total_committed_quantity"))
            )
            for row in sku.get("warehouse_inventory") or ():
                part = whole._replace(warehouse=identity(row["warehouse_id"]))
                found[part] = StockReading(
                    part, number(row["available_quantity"]), number(row.get("committed_quantity"))
                )
    return found
