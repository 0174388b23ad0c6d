"""Douyin's words in ours: codes, states of orders, kinds of pushes."""

from ..errors import (
    CallRefused,
    ChannelError,
    InsufficientStock,
    ListingRefused,
    NotAuthorized,
    SignatureRefused,
    Throttled,
    TokenExpired,
    Unavailable,
    UnknownOutcome,
)
from ..manifest import Deducts
from ..orders import OrderStatus, PushKind

DONE = 10000

ORDER_STATUS = {
    1: OrderStatus.UNPAID,
    105: OrderStatus.PAID,
    2: OrderStatus.PAID,
    101: OrderStatus.PARTLY_SHIPPED,
    3: OrderStatus.SHIPPED,
    5: OrderStatus.COMPLETED,
}
SHIPPED = (3, 5)
ORDER_CLOSED = 4  # paid or not is told by pay_time
REDUCE_STOCK_TYPE = {1: Deducts.ON_ORDER, 2: Deducts.ON_PAYMENT}

REFUND_DONE = 3
REFUND_TYPES = (0, 1, 2)
"""After-sales that give units up; the others are an exchange, a price protection and a re-send."""

# Kind and the field of the payload that says when it happened.
TAG = {
    "0": (PushKind.PROBE, ""),
    "100": (PushKind.ORDER, "create_time"),
    "101": (PushKind.ORDER, "pay_time"),
    "106": (PushKind.ORDER, "cancel_time"),
    **{str(tag): (PushKind.ORDER, "") for tag in (102, 103, 108, 109, 110)},
    **{str(tag): (PushKind.REFUND, "") for tag in (200, 201, 202, 203, 204, 205, 207, 208)},
    "206": (PushKind.REFUND, "success_time"),
}

ALREADY_APPLIED = {
    "isv.parameter-invalid:40010",
    "isv.parameter-invalid:2010021",
    "isv.idempotent-id-existed",
}
SHORT = "库存不足"

# By the whole sub_code, or by the part before its colon.
SUB_CODE: dict[str, type[ChannelError]] = {
    "isv.parameter-invalid:4": ListingRefused,
    "isv.parameter-invalid:5": ListingRefused,
    "isv.parameter-invalid:40004": UnknownOutcome,
    "isv.access-token-expired": TokenExpired,
    "isv.access-token-no-existed": TokenExpired,
    "isv.access-token-invalid": TokenExpired,
    "isv.access-token-missing": NotAuthorized,
    "isv.signature-invalid": SignatureRefused,
    "isv.signature-missing": SignatureRefused,
    "isv.timestamp-invalid": SignatureRefused,
    "dop.token-generate-failed": NotAuthorized,
    "isp.traffic-limited": Throttled,
    "isp.api-service-off": Unavailable,
}
# By the number after the colon, whatever stands before it.
BUSINESS: dict[str, type[ChannelError]] = {
    "2010012": InsufficientStock,
    "2010401": Unavailable,
    **dict.fromkeys(("2010001", "2010002"), UnknownOutcome),
    **dict.fromkeys(("2010041", "2010042", "2010043", "2010045", "2010058"), ListingRefused),
}
CODE: dict[int, type[ChannelError]] = {
    60000: Throttled,
    70000: Unavailable,
    **dict.fromkeys((30001, 30002, 50001), NotAuthorized),
}
# Answers in the old style, which have `err_no`.
OLD_CODE: dict[int, type[ChannelError]] = {
    9: Throttled,
    11: SignatureRefused,
    30002: TokenExpired,
    30005: TokenExpired,
}
LINE_ALREADY_APPLIED = -20002
LINE_CODE: dict[int, type[ChannelError]] = {
    -5000: UnknownOutcome,
    **dict.fromkeys((-20001, -20008), InsufficientStock),
    **dict.fromkeys((-20011, -40001, -40002, -40003), ListingRefused),
    **dict.fromkeys((-30001, -10002), CallRefused),
}


def error_of(code: int, sub_code: str, text: str) -> type[ChannelError]:
    """Our error for an answer that is not `DONE`; any other below 30000 leaves the outcome open."""
    before, _, number = sub_code.partition(":")
    for table, key in ((SUB_CODE, sub_code), (SUB_CODE, before), (BUSINESS, number)):
        if key in table:
            return table[key]
    if SHORT in text:
        return InsufficientStock
    return CODE.get(code, UnknownOutcome if code < 30000 else CallRefused)
