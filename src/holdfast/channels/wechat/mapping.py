"""WeChat's words and codes, and ours."""

from collections.abc import Mapping
from typing import Any

from ..base import status_of
from ..errors import (
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
from ..orders import ListingRef, OrderLine, OrderStatus, PlatformOrder, PushKind, StockReading
from ..values import identity, number, seconds_us

BUSY = -1
STATUSES = {
    10: OrderStatus.UNPAID,
    20: OrderStatus.PAID,
    21: OrderStatus.PARTLY_SHIPPED,
    30: OrderStatus.SHIPPED,
    100: OrderStatus.COMPLETED,
    200: OrderStatus.CLOSED_PAID,
    250: OrderStatus.CLOSED_UNPAID,
}

ERRORS: dict[int, tuple[type[ChannelError], str]] = {
    40001: (TokenExpired, "the access token is not the latest, or the app secret is wrong"),
    40014: (TokenExpired, "the access token is not valid"),
    41001: (TokenExpired, "the access token is missing"),
    42001: (TokenExpired, "the access token has expired"),
    45009: (Throttled, "the day's quota of calls is used up; it can be cleared in the console"),
    45011: (Throttled, "too many calls in this minute"),
    10020112: (Throttled, "this item's stock is changed too often"),
    45035: (NotAuthorized, "this server's address is not on the allow-list"),
    61004: (NotAuthorized, "this server's address is not on the allow-list"),
    48001: (NotAuthorized, "the app has no permission for this call"),
    48004: (NotAuthorized, "the call is forbidden for this app"),
    61007: (NotAuthorized, "the shop has not authorized the app for this"),
    47001: (CallRefused, "the body of the call cannot be read"),
    10020218: (CallRefused, "a change of 0 is no change"),
    10020219: (InsufficientStock, "there is not enough stock to subtract"),
    10020217: (ListingRefused, "the item is in audit"),
    10020289: (ListingRefused, "the item was never listed"),
    10020220: (ListingRefused, "the stock of a card-code item cannot be changed"),
    10020050: (ListingRefused, "the item is missing or in a wrong state"),
    10020051: (ListingRefused, "the item is missing or in a wrong state"),
    10020052: (ListingRefused, "the item is missing or in a wrong state"),
    10020054: (ListingRefused, "the item is missing or in a wrong state"),
    10020055: (ListingRefused, "the item is missing or in a wrong state"),
    10020091: (ListingRefused, "the item is missing or in a wrong state"),
}
RETRY_AFTER_S = {45009: 600.0, 45011: 60.0}

EVENTS = {
    "channels_ec_order_new": PushKind.ORDER,
    "channels_ec_order_pay": PushKind.ORDER,
    "channels_ec_order_cancel": PushKind.ORDER,
    "channels_ec_order_wait_shipping": PushKind.ORDER,
    "channels_ec_order_deliver": PushKind.ORDER,
    "channels_ec_order_confirm": PushKind.ORDER,
    "channels_ec_order_settle": PushKind.ORDER,
    "channels_ec_order_ext_info_update": PushKind.ORDER,
    "channels_ec_aftersale_update": PushKind.REFUND,
}


def error_of(code: int, message: str, *, changes_stock: bool) -> ChannelError:
    """Our error for an `errcode`; "busy" leaves open whether a change was made."""
    if code == BUSY:
        busy = UnknownOutcome if changes_stock else Unavailable
        return busy("WeChat is busy.", vendor_code=str(code))
    kind, meaning = ERRORS.get(code, (CallRefused, message))
    text = f"WeChat: {meaning} ({code})."
    if kind is Throttled:
        return Throttled(text, vendor_code=str(code), retry_after_s=RETRY_AFTER_S.get(code))
    return kind(text, vendor_code=str(code))


def order_of(order: Mapping[str, Any]) -> PlatformOrder:
    """An order's detail in our words."""
    detail = order.get("order_detail") or {}
    created = seconds_us(order["create_time"]) or 0
    lines = tuple(_line(place, item) for place, item in enumerate(detail.get("product_infos") or ()))
    return PlatformOrder(
        order=identity(order["order_id"]),
        status=status_of(STATUSES[number(order["status"])], lines),
        lines=lines,
        created_at_us=created,
        updated_at_us=seconds_us(order.get("update_time")) or created,
        paid_at_us=seconds_us((detail.get("pay_info") or {}).get("pay_time")),
        buyer=identity(order.get("openid")),
    )


def _line(place: int, item: Mapping[str, Any]) -> OrderLine:
    listing = ListingRef(identity(item["product_id"]), identity(item["sku_id"]))
    return OrderLine(
        line=f"{place}:{listing.key}",
        listing=listing,
        quantity=number(item["sku_cnt"]),
        # Those still in an after-sale may yet stay sold.
        refunded=number(item.get("finish_aftersale_sku_cnt")),
        merchant_code=str(item.get("out_sku_id") or item.get("sku_code") or ""),
    )


def readings_of(answer: Mapping[str, Any]) -> dict[tuple[str, str], StockReading]:
    """Counters by product and variant; flash sales' and creators' own stock is not ours to move."""
    return {
        (product, variant): StockReading(ListingRef(product, variant), number(row["normal_stock_num"]))
        for spu in answer["spu_stock_list"]
        for row in spu.get("sku_stock") or ()
        for product, variant in [(identity(spu["product_id"]), identity(row["sku_id"]))]
    }
