"""Orders, stock and pushes in our words; each adapter has one table from the vendor's to these."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from .manifest import Deducts

_VISIBLE = r"[^\x00-\x20\x7f/@\ud800-\udfff]"
LISTING_PATTERN = rf"^{_VISIBLE}+(/{_VISIBLE}+)?(@{_VISIBLE}+)?$(?!\n)"
"""What a listing's name looks like: see `ListingRef.key`."""
PLATFORM_ID_PATTERN = rf"^{_VISIBLE}*$(?!\n)"


class ListingRef(NamedTuple):
    """Names an item on a platform; ids are text, because several exceed what a float can hold."""

    product: str
    variant: str = ""
    warehouse: str = ""

    @property
    def key(self) -> str:
        """One text for it, such as `3409/1736` or `3409/1736@wh1`."""
        text = f"{self.product}/{self.variant}" if self.variant else self.product
        return f"{text}@{self.warehouse}" if self.warehouse else text


class OrderStatus(StrEnum):
    """The life of an order, in its order; the closed ones end it."""

    UNPAID = "unpaid"
    PAID = "paid"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    COMPLETED = "completed"
    CLOSED_UNPAID = "closed_unpaid"
    CLOSED_PAID = "closed_paid"
    """Undone after it was paid: cancelled, or wholly refunded."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Units of one listing in an order; `refunded` are those of them that were given up, for good."""

    line: str
    listing: ListingRef
    quantity: int
    refunded: int = 0
    merchant_code: str = ""
    deducts: Deducts = Deducts.UNKNOWN
    """Only for platforms whose manifest says `per_line`."""
    shipped: bool = False
    """Whether this line has left, where that is told line by line; else the order's status tells."""


@dataclass(frozen=True, slots=True)
class PlatformOrder:
    """An order as the platform tells it at `updated_at_us`; later tellings replace earlier ones."""

    order: str
    status: OrderStatus
    lines: tuple[OrderLine, ...]
    created_at_us: int
    updated_at_us: int
    paid_at_us: int | None = None
    buyer: str = ""
    """The platform's name for the buyer; empty where it tells none."""
    live_room: str = ""


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One step of a poll. With `cursor` None the span is read to its end."""

    orders: tuple[PlatformOrder, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class StockWrite:
    """A change of one counter: `add` and `subtract` take units, `set` takes the value.

    `expected` is the value before it, where the platform compares.
    """

    listing: ListingRef
    operation: str
    quantity: int
    write_id: str
    """Idempotency id: the same for every repeat of this write."""
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class StockWritten:
    """What a write came to: units really changed, and the counter after it where the platform tells."""

    applied: int
    counter: int | None = None
    repeated: bool = False
    """The platform said that it had applied this write id before."""


@dataclass(frozen=True, slots=True)
class StockReading:
    """A counter as read: units in the bucket that we may move; `occupied` by unpaid orders, if told."""

    listing: ListingRef
    sellable: int
    occupied: int | None = None


class PushKind(StrEnum):
    """What a push is about."""

    ORDER = "order"
    REFUND = "refund"
    STOCK = "stock"
    PROBE = "probe"
    """The platform tries whether our address answers."""
    AUTHORIZATION = "authorization"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PushEvent:
    """One verified message; `event` is the platform's id for it, by which repeats are known."""

    event: str
    kind: PushKind
    order: str = ""
    listing: ListingRef | None = None
    counter: int | None = None
    ours: bool = False
    """The platform says that our own write caused it: an echo."""
    event_at_us: int | None = None
    order_told: PlatformOrder | None = None
    """The whole order, where the push carries it."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What the platform wants to hear, byte for byte."""

    body: bytes = b""
    media_type: str = "application/json"
    status: int = 200


@dataclass(frozen=True, slots=True)
class Push:
    """A verified push: its messages, and its answer once they are on file."""

    events: tuple[PushEvent, ...]
    acknowledgement: Acknowledgement
