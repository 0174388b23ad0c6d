"""What an order export tells, as values."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Oddity(StrEnum):
    """Why a line is listed; `KEPT` of them are in the events all the same."""

    ZERO_QUANTITY = "zero_quantity"
    NEGATIVE_WITHOUT_CANCELLATION = "negative_without_cancellation"
    CANCELLATION_NOT_NEGATIVE = "cancellation_not_negative"
    BAD_QUANTITY = "bad_quantity"
    BAD_TIME = "bad_time"
    BAD_CODE = "bad_code"
    BAD_ORDER_NUMBER = "bad_order_number"
    MISSING_BUYER = "missing_buyer"
    OTHER_BUYER = "other_buyer"
    UNKNOWN_STATUS = "unknown_status"


KEPT = frozenset(
    {Oddity.MISSING_BUYER, Oddity.OTHER_BUYER, Oddity.UNKNOWN_STATUS, Oddity.CANCELLATION_NOT_NEGATIVE}
)


@dataclass(frozen=True, slots=True)
class OddLine:
    """A line that is not as it should be; the row is the one that a spreadsheet program shows."""

    row: int
    reason: Oddity
    value: str
    order: str = ""

    @property
    def kept(self) -> bool:
        """The line is in the events; otherwise this list is the only place where it is."""
        return self.reason in KEPT


@dataclass(slots=True)
class Line:
    """Units of one item."""

    sku: str
    quantity: int


@dataclass(slots=True)
class Order:
    """Somebody bought; lines of the same item are added up."""

    id: str
    at_us: int
    buyer: str
    lines: list[Line] = field(default_factory=list)
    paid: bool = True


@dataclass(slots=True)
class Cancellation:
    """Somebody gave back; the id is the order's own where the export says so, otherwise one of its own."""

    id: str
    at_us: int
    buyer: str
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class OrderFile:
    """A whole export; every line of it is in an event, in `odd_lines`, or in both."""

    events: list[Order | Cancellation] = field(default_factory=list)
    odd_lines: list[OddLine] = field(default_factory=list)
    lines: int = 0

    def odd_counts(self) -> dict[str, int]:
        """How many lines for each reason."""
        return dict(Counter(odd.reason.value for odd in self.odd_lines))
