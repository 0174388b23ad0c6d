"""Kuaishou's words in ours: result codes, states of orders, names of events."""

from ..errors import (
    CallRefused,
    ChannelError,
    InsufficientStock,
    NotAuthorized,
    SignatureRefused,
    Throttled,
    UnknownOutcome,
)
from ..orders import OrderStatus, PushKind

DONE = 1
SHORT = ("库存不足", "减少预留数量")  # result 21 says this and "not authorized" with one number
LIMIT_TEXTS = ("exceed qps limit", "exceed quota limit")

RESULT: dict[int, type[ChannelError]] = {
    **dict.fromkeys((21, 22, 24, 25, 26), NotAuthorized),
    **dict.fromkeys((27, 28), SignatureRefused),
    **dict.fromkeys((15, 16, 17, 1016, 1017, 802000), Throttled),
    **dict.fromkeys(range(300002, 300020), CallRefused),
    **dict.fromkeys(range(100200100, 100200108), NotAuthorized),
    100200500: UnknownOutcome,
}

ORDER_STATUS = {
    10: OrderStatus.UNPAID,
    30: OrderStatus.PAID,
    40: OrderStatus.SHIPPED,
    50: OrderStatus.SHIPPED,
    70: OrderStatus.COMPLETED,
}
ORDER_FAILED = 80  # paid or not is told by payTime
REFUND_DONE = 60
EXCHANGE = 3

# The kind, and the field of `info` that names the order.
EVENT = {
    "kwaishop_order_addOrder": (PushKind.ORDER, "oid"),
    "kwaishop_order_paySuccess": (PushKind.ORDER, "oid"),
    "kwaishop_order_delivering": (PushKind.ORDER, "oid"),
    "kwaishop_order_deliverySuccess": (PushKind.ORDER, "oid"),
    "kwaishop_order_orderSuccess": (PushKind.ORDER, "oid"),
    "kwaishop_order_orderFail": (PushKind.ORDER, "oid"),
    "kwaishop_order_totalFeeChange": (PushKind.ORDER, "oid"),
    "kwaishop_aftersales_addRefund": (PushKind.REFUND, "orderId"),
    "kwaishop_aftersales_updateRefund": (PushKind.REFUND, "orderId"),
}


def error_of(result: int, text: str, *, writes: bool) -> type[ChannelError]:
    """Our error for a result that is not `DONE`; an unknown one leaves open what became of a write."""
    if any(words in text for words in SHORT):
        return InsufficientStock
    if any(words in text.lower() for words in LIMIT_TEXTS):
        return Throttled
    return RESULT.get(result, UnknownOutcome if writes else CallRefused)
