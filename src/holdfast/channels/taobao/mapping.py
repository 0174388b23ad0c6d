"""Taobao's words in ours: error codes, states of trades, topics of messages."""

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
from ..manifest import Deducts
from ..orders import OrderStatus, PushKind

CODE: dict[int, type[ChannelError]] = {
    **dict.fromkeys((7, 8), Throttled),
    10: Unavailable,
    11: NotAuthorized,
    **dict.fromkeys((21, 22, 40, 41), CallRefused),
    **dict.fromkeys((24, 25, 30, 31), SignatureRefused),
    26: NotAuthorized,
    27: TokenExpired,
    **dict.fromkeys((28, 29), NotAuthorized),
}
REMOTE = 15  # the sub_code says whose fault it is

ORDER_STATUS = {
    "TRADE_NO_CREATE_PAY": OrderStatus.UNPAID,
    "WAIT_BUYER_PAY": OrderStatus.UNPAID,
    "PAY_PENDING": OrderStatus.UNPAID,
    "WAIT_SELLER_SEND_GOODS": OrderStatus.PAID,
    "SELLER_CONSIGNED_PART": OrderStatus.PARTLY_SHIPPED,
    "WAIT_BUYER_CONFIRM_GOODS": OrderStatus.SHIPPED,
    "TRADE_BUYER_SIGNED": OrderStatus.SHIPPED,
    "TRADE_FINISHED": OrderStatus.COMPLETED,
    "TRADE_CLOSED": OrderStatus.CLOSED_PAID,
    "TRADE_CLOSED_BY_TAOBAO": OrderStatus.CLOSED_UNPAID,
}
REFUND_DONE = "SUCCESS"
SUB_STOCK = {1: Deducts.ON_ORDER, 2: Deducts.ON_PAYMENT}
STOCK_CHANGED = "taobao_item_ItemStockChanged"


def error_of(code: int, sub_code: str) -> type[ChannelError]:
    """Our error for an answer that is one; a fault of the platform's leaves the outcome open."""
    if sub_code.startswith("accesscontrol.limited-by"):
        return Throttled
    if sub_code.startswith("isp.") and code not in CODE:
        return UnknownOutcome
    if sub_code.startswith("isv.") and sub_code.endswith("not-exist"):
        return ListingRefused
    if code == REMOTE:
        return CallRefused if sub_code.startswith("isv.") else UnknownOutcome
    return CODE.get(code, UnknownOutcome)


def kind_of(topic: str) -> PushKind:
    """What a message of this topic is about."""
    if topic == STOCK_CHANGED:
        return PushKind.STOCK
    if topic.startswith("taobao_trade_"):
        return PushKind.ORDER
    return PushKind.REFUND if topic.startswith("taobao_refund_") else PushKind.OTHER
