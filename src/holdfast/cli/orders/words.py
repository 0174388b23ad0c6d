"""The words of order exports: what a heading, a state and a time mean."""

import datetime
import re
from collections.abc import Sequence
from enum import StrEnum

from holdfast.sheets.headings import normal

_US = 1_000_000


class Column(StrEnum):
    """What an order line tells."""

    ORDER = "order"
    SKU = "sku"
    QUANTITY = "quantity"
    AT = "at"
    BUYER = "buyer"
    STATUS = "status"
    CANCELLED_AT = "cancelled_at"


NEEDED = (Column.ORDER, Column.SKU, Column.QUANTITY, Column.AT)
SYNONYMS: dict[Column, tuple[str, ...]] = {
    Column.ORDER: (
        "订单号", "订单编号", "主订单编号", "主订单号", "平台订单号", "InvoiceNo", "Invoice", "order id",
        "order number", "order no", "order",
    ),
    Column.SKU: (
        "商品编码", "商家编码", "货号", "SKU编码", "规格编码", "外部系统编号", "StockCode", "sku",
        "item code", "seller sku", "code",
    ),
    Column.QUANTITY: ("数量", "商品数量", "购买数量", "宝贝总数量", "件数", "Quantity", "qty", "units"),
    Column.AT: (
        "下单时间", "订单创建时间", "订单提交时间", "创建时间", "拍下时间", "InvoiceDate", "ordered at",
        "order date", "created at", "order time",
    ),
    Column.BUYER: (
        "买家", "买家昵称", "买家会员名", "买家ID", "用户ID", "用户昵称", "收件人", "CustomerID",
        "Customer ID", "buyer", "customer", "buyer id",
    ),
    Column.STATUS: ("订单状态", "状态", "交易状态", "order status", "status"),
    Column.CANCELLED_AT: ("取消时间", "关闭时间", "订单关闭时间", "退款时间", "cancelled at", "closed at"),
}  # fmt: skip
COLUMNS = {normal(name): column for column, names in SYNONYMS.items() for name in names}

_CANCELLED = ("取消", "关闭", "退款", "退货", "cancel", "closed", "refund", "returned")
_UNPAID = ("待付款", "未付款", "待支付", "未支付", "unpaid", "awaiting payment", "pending payment")
_SOLD = (
    "完成", "成功", "发货", "出库", "收货", "签收", "备货", "付款", "支付", "paid", "shipped", "complet",
    "deliver", "processing", "fulfil",
)  # fmt: skip
_NEGATED_REFUND = ("无退款", "未退款", "无售后", "退款失败", "退款关闭", "部分退款", "not refunded")
_TIME = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]+(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})秒?(?:\.(\d{1,6})\d*)?)?分?)?\s*(Z|[+-]\d{2}:?\d{2})?"
)


class Status(StrEnum):
    """What became of an order, as its line says."""

    SOLD = "sold"
    UNPAID = "unpaid"
    CANCELLED = "cancelled"


def is_heading_row(cells: Sequence[str]) -> bool:
    """Whether the row names orders and items."""
    found = {COLUMNS.get(normal(cell)) for cell in cells}
    return {Column.ORDER, Column.SKU} <= found


def read_time(text: str, zone: datetime.tzinfo) -> int:
    """Microseconds UTC; the order of year, month and day must be plain. Raises ValueError."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no time; write it as 2025-11-11 20:00:00")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    microsecond = int((found[7] or "").ljust(6, "0"))
    offset = found[8]
    if offset:
        zone = datetime.datetime.strptime(offset.replace("Z", "+00:00"), "%z").tzinfo or zone
    moment = datetime.datetime(year, month, day, hour, minute, second, microsecond, tzinfo=zone)
    delta = moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return (delta.days * 86_400 + delta.seconds) * _US + delta.microseconds


def status_of(text: str) -> Status | None:
    """What a platform's word for a state comes to; None when it is not known."""
    word = text.casefold()
    if any(known in word for known in _UNPAID):
        return Status.UNPAID
    if any(known in word for known in _CANCELLED) and not any(known in word for known in _NEGATED_REFUND):
        return Status.CANCELLED
    if not word or any(known in word for known in (*_SOLD, *_NEGATED_REFUND)):
        return Status.SOLD
    return None
