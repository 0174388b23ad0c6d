"""Xiaohongshu's words and codes, and ours."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ..base import status_of
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
NO_AFTER_SALE, AFTER_SALE_DONE = 1, 4
"""Values of `orderAfterSalesStatus` and of an after-sale's `status`, from the public API list."""
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


def refunded_of(after_sale: Mapping[str, Any]) -> Counter[str]:
    """Units by SKU that a finished after-sale gave up; an exchange gives up none."""
    if after_sale.get("exchangeSKUs"):
        return Counter()
    units: Counter[str] = Counter()
    for sku in after_sale.get("skus") or ():
        units[identity(sku["skuId"])] += number(sku["appliedCount"])
    return units


def order_of(order: Mapping[str, Any], refunded: Mapping[str, int]) -> PlatformOrder:
    """An order's detail in our words; `refunded` are units by SKU."""
    created = moment_us(order["createdTime"]) or 0
    paid = moment_us(order.get("paidTime"))
    code = number(order["orderStatus"])
    if code in _CLOSED:
        status = OrderStatus.CLOSED_PAID if paid else OrderStatus.CLOSED_UNPAID
    else:
        status = STATUSES[code]
    lines = _lines(order.get("skuList") or (), refunded)
    return PlatformOrder(
        order=identity(order["orderId"]),
        status=status_of(status, lines),
        lines=lines,
        created_at_us=created,
        updated_at_us=moment_us(order.get("updateTime")) or created,
        paid_at_us=paid,
        buyer=identity(order.get("userId")),
    )


def _lines(items: Sequence[Mapping[str, Any]], refunded: Mapping[str, int]) -> tuple[OrderLine, ...]:
    lines, left = [], Counter(refunded)
    for place, item in enumerate(items):
        sku, quantity = identity(item["skuId"]), number(item["skuQuantity"])
        # The same SKU may stand in several lines: units are given up from the first on.
        given_up = min(quantity, left[sku])
        left[sku] -= given_up
        code = str(item.get("erpcode") or "")
        lines.append(OrderLine(f"{place}:{sku}", ListingRef(sku), quantity, given_up, code))
    return tuple(lines)
