"""Xiaohongshu's words and codes, and ours."""

from collections.abc import Mapping
from typing import Any

from ..errors import CallRefused, ChannelError, UnknownOutcome
from ..orders import ListingRef, OrderLine, OrderStatus, PlatformOrder, PushKind
from ..values import identity, number

STATUSES = {
    1: OrderStatus.UNPAID,
    2: OrderStatus.PAID,
    3: OrderStatus.PAID,
    4: OrderStatus.PAID,
    5: OrderStatus.PARTLY_SHIPPED,
    6: OrderStatus.SHIPPED,
    7: OrderStatus.COMPLETED,
    # An exchange: the goods went out.
    10: OrderStatus.SHIPPED,
}
_CLOSED = (8, 9)
NOT_ALL_COVERED = -9028
PUSH_KINDS = {
    "msg_fulfillment_status_change": PushKind.ORDER,
    "msg_after_sale_create": PushKind.REFUND,
    "msg_after_sale_transfer": PushKind.REFUND,
}
_MILLISECONDS_FROM = 100_000_000_000  # as seconds, this is the year 5138


def error_of(code: int, message: str, kinds: Mapping[int, type[ChannelError]]) -> ChannelError:
    """Our error for an `error_code`; `kinds` are the codes that settings name."""
    if code == NOT_ALL_COVERED:
        text = "the value was set, but does not cover all occupied units"
        return UnknownOutcome(f"Xiaohongshu: {text} ({code}).", vendor_code=str(code))
    return kinds.get(code, CallRefused)(f"Xiaohongshu: {message} ({code}).", vendor_code=str(code))


def moment_us(value: object) -> int | None:
    """Microseconds from seconds or milliseconds: sources differ on the unit."""
    at = number(value)
    return (at * 1_000 if at >= _MILLISECONDS_FROM else at * 1_000_000) or None


def order_of(order: Mapping[str, Any]) -> PlatformOrder:
    """An order's detail in our words."""
    created = moment_us(order["createdTime"]) or 0
    paid = moment_us(order.get("paidTime"))
    code = number(order["orderStatus"])
    if code in _CLOSED:
        status = OrderStatus.CLOSED_PAID if paid else OrderStatus.CLOSED_UNPAID
    else:
        status = STATUSES[code]
    return PlatformOrder(
        order=identity(order["orderId"]),
        status=status,
        lines=tuple(_line(place, item) for place, item in enumerate(order.get("skuList") or ())),
        created_at_us=created,
        updated_at_us=moment_us(order.get("updateTime")) or created,
        paid_at_us=paid,
        buyer=identity(order.get("userId")),
    )


def _line(place: int, item: Mapping[str, Any]) -> OrderLine:
    sku = identity(item["skuId"])
    return OrderLine(
        line=f"{place}:{sku}",
        listing=ListingRef(sku),
        quantity=number(item["skuQuantity"]),
        merchant_code=str(item.get("erpcode") or ""),
    )
