"""Pinduoduo's words and codes, and ours."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from ..base import status_of
from ..errors import (
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
from ..orders import ListingRef, OrderLine, OrderStatus, PlatformOrder
from ..pages import Refund
from ..values import identity, number

RESPONSE_KEYS = {
    "pdd.goods.quantity.update": "goods_quantity_update_response",
    "pdd.goods.detail.get": "goods_detail_get_response",
    "pdd.order.number.list.increment.get": "order_sn_increment_get_response",
    "pdd.order.information.get": "order_info_get_response",
    "pdd.refund.list.increment.get": "refund_increment_get_response",
    "pdd.pop.auth.token.refresh": "pop_auth_token_refresh_response",
}
"""The names of the answers do not follow from those of the calls."""

INTERNAL = (50000, 50001, 50002, 52001, 52002)
ERRORS: dict[int, tuple[type[ChannelError], str]] = {
    10019: (TokenExpired, "the access token has expired"),
    20004: (SignatureRefused, "the signature is wrong: check the secret"),
    20005: (NotAuthorized, "this server's address is not on the allow-list"),
    20031: (NotAuthorized, "the app has no permission for this call"),
    52101: (Throttled, "too many calls"),
    70031: (Throttled, "too many calls"),
    70036: (Throttled, "the app is in its test state, whose cap is used up"),
    52102: (Unavailable, "the call is switched off for now"),
    52103: (Unavailable, "the call is switched off for now"),
    70033: (Unavailable, "the call is switched off for now"),
}
_SHIPPING = {1: OrderStatus.PAID, 2: OrderStatus.SHIPPED, 3: OrderStatus.SHIPPED}
_REFUNDED = 4
_AFTER_SALE_DONE = 10
_CANCELLED = 2
_GROUP_FAILED = 2
_BEIJING = timezone(timedelta(hours=8))


def error_of(
    error: Mapping[str, Any], *, changes_stock: bool, shortage_words: Collection[str]
) -> ChannelError:
    """Our error for an `error_response`; an internal one leaves open whether a change was made."""
    code = number(error.get("error_code"))
    message = str(error.get("sub_msg") or error.get("error_msg") or "")
    if changes_stock and any(word in message for word in shortage_words):
        return InsufficientStock(f"Pinduoduo: {message} ({code}).", vendor_code=str(code))
    if code in INTERNAL:
        internal = UnknownOutcome if changes_stock else Unavailable
        return internal(f"Pinduoduo: internal error, {message} ({code}).", vendor_code=str(code))
    kind, meaning = ERRORS.get(code, (CallRefused, message))
    return kind(f"Pinduoduo: {meaning} ({code}).", vendor_code=str(code))


def moment_us(text: object) -> int | None:
    """Microseconds from `2026-01-01 08:00:00`, which is Beijing's time; None where there is none."""
    if not text:
        return None
    at = datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=_BEIJING)
    return int(at.timestamp()) * 1_000_000


def refund_of(row: Mapping[str, Any]) -> Refund:
    """A row of the list of after-sales: units of one item of an order."""
    listing = ListingRef(identity(row["goods_id"]), identity(row["sku_id"]))
    done = number(row["after_sales_status"]) == _AFTER_SALE_DONE
    units = number(row["goods_number"])
    return Refund(identity(row["id"]), identity(row["order_sn"]), listing.key, units, done)


def order_of(order: Mapping[str, Any], refunded: Callable[[str, str], int]) -> PlatformOrder:
    """An order in our words, which was paid if we see it; `refunded` tells units by order and listing."""
    created = moment_us(order["created_time"]) or 0
    name = identity(order["order_sn"])
    lines = tuple(
        _line(place, item, name, refunded) for place, item in enumerate(order.get("item_list") or ())
    )
    status = _SHIPPING[number(order["order_status"])]
    units_known = any(line.refunded for line in lines)
    if _undone(order) or (_refunded(order) and not units_known):
        status = OrderStatus.CLOSED_PAID
        lines = tuple(replace(line, refunded=line.quantity) for line in lines)
    return PlatformOrder(
        order=name,
        status=status_of(status, lines),
        lines=lines,
        created_at_us=created,
        updated_at_us=moment_us(order.get("updated_at")) or created,
        paid_at_us=moment_us(order.get("pay_time") or order.get("confirm_time")) or created,
    )


def _undone(order: Mapping[str, Any]) -> bool:
    return (
        number(order.get("confirm_status", 1)) == _CANCELLED
        or number(order.get("group_status", 1)) == _GROUP_FAILED
    )


def _refunded(order: Mapping[str, Any]) -> bool:
    return (
        number(order.get("refund_status")) == _REFUNDED
        or number(order.get("after_sales_status")) == _AFTER_SALE_DONE
    )


def _line(place: int, item: Mapping[str, Any], order: str, refunded: Callable[[str, str], int]) -> OrderLine:
    listing = ListingRef(identity(item["goods_id"]), identity(item["sku_id"]))
    quantity = number(item["goods_count"])
    return OrderLine(
        line=f"{place}:{listing.key}",
        listing=listing,
        quantity=quantity,
        refunded=min(quantity, refunded(order, listing.key)),
        merchant_code=str(item.get("outer_id") or ""),
    )
