"""Reading a real order export, to play it again: orders and cancellations in time order, nothing lost."""

from holdfast.sheets.problems import SheetError

from .events import Cancellation, Line, Oddity, OddLine, Order, OrderFile
from .read import parse_orders, read_orders

__all__ = [
    "Cancellation",
    "Line",
    "OddLine",
    "Oddity",
    "Order",
    "OrderFile",
    "SheetError",
    "parse_orders",
    "read_orders",
]
