"""What a simulated shop consists of: listings with their counters, orders, refunds, changes, happenings."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Key(NamedTuple):
    """Names a counter; the ids are text, as a control call gave them."""

    product: str
    variant: str = ""
    warehouse: str = ""

    @property
    def text(self) -> str:
        """One text for it, such as `3409/1736` or `3409/1736@wh1`."""
        named = f"{self.product}/{self.variant}" if self.variant else self.product
        return f"{named}@{self.warehouse}" if self.warehouse else named


class Deducts(StrEnum):
    """When an order's units leave the counter."""

    ON_ORDER = "on_order"
    ON_PAYMENT = "on_payment"


class GivesBack(StrEnum):
    """When the units of a refund return to the counter by themselves."""

    NEVER = "never"
    BEFORE_SHIPPING = "before_shipping"
    ALWAYS = "always"


class UnderRun(StrEnum):
    """What becomes of a subtraction beyond zero."""

    REFUSE = "refuse"
    CLAMP = "clamp"
    NEGATIVE = "negative"


class Condition(StrEnum):
    """Whether a listing may be written and sold."""

    ON_SALE = "on_sale"
    IN_AUDIT = "in_audit"
    BANNED = "banned"
    DELETED = "deleted"


class Stage(StrEnum):
    """Where an order stands; the platforms' own status words are made from this."""

    UNPAID = "unpaid"
    PAID = "paid"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    COMPLETED = "completed"
    CLOSED_UNPAID = "closed_unpaid"
    CLOSED_PAID = "closed_paid"


class RefundStage(StrEnum):
    """Where a refund stands."""

    APPLIED = "applied"
    SUCCEEDED = "succeeded"
    CLOSED = "closed"


@dataclass(slots=True)
class Listing:
    """An item with its counter: `sellable` may be bought, `occupied` is in unpaid orders, `sold` is paid for.

    Units of an order leave `sellable` when it is placed, or when it is paid, as `deducts` says; `occupied`
    counts the unpaid units in both cases.
    """

    key: Key
    sellable: int = 0
    occupied: int = 0
    sold: int = 0
    merchant_code: str = ""
    deducts: Deducts = Deducts.ON_ORDER
    price_fen: int = 9_900
    condition: Condition = Condition.ON_SALE
    modified_at_us: int = 0
    history: list[tuple[int, int, int]] = field(default_factory=list)
    """Time, sellable and occupied after each change, for readings that lag."""


@dataclass(slots=True)
class Line:
    """Units of one listing in an order."""

    id: str
    key: Key
    quantity: int
    price_fen: int
    deducts: Deducts
    merchant_code: str = ""
    shipped: bool = False
    refunded: int = 0


@dataclass(slots=True)
class Order:
    """An order of one buyer; times in microseconds UTC."""

    id: str
    buyer: str
    lines: list[Line]
    created_at_us: int
    updated_at_us: int
    stage: Stage = Stage.UNPAID
    paid_at_us: int | None = None
    shipped_at_us: int | None = None
    completed_at_us: int | None = None
    closed_at_us: int | None = None
    room: str = ""
    reference: str = ""
    """Another system's name for it."""


@dataclass(slots=True)
class Refund:
    """Units of a line that the buyer gives up for their price."""

    id: str
    order: str
    line: str
    quantity: int
    amount_fen: int
    after_shipping: bool
    created_at_us: int
    updated_at_us: int
    stage: RefundStage = RefundStage.APPLIED


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the counter's ledger; `cause` is `put`, `write`, an order's id, or a refund's."""

    at_us: int
    key: Key
    difference: int
    sellable: int
    cause: str


class Happening(StrEnum):
    """What a platform may push about."""

    ORDER_CREATED = "order_created"
    ORDER_PAID = "order_paid"
    ORDER_PARTLY_SHIPPED = "order_partly_shipped"
    ORDER_SHIPPED = "order_shipped"
    ORDER_COMPLETED = "order_completed"
    ORDER_CANCELLED = "order_cancelled"
    """Before or after it was paid; a full refund closes an order without this."""
    REFUND_APPLIED = "refund_applied"
    REFUND_SUCCEEDED = "refund_succeeded"
    REFUND_CLOSED = "refund_closed"
    STOCK_CHANGED = "stock_changed"


@dataclass(frozen=True, slots=True)
class News:
    """A happening with what it is about."""

    happening: Happening
    at_us: int
    order: Order | None = None
    refund: Refund | None = None
    change: Change | None = None


class Refusal(Exception):
    """The shop does not do that now; `code` is for programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
