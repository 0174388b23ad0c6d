"""Records beside the ledger: those of the sync with platforms, and the documents of the operations.

They are saved in the commits of its batches.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from holdfast.ledger.records import AuditEntry

WRITE_OPEN = "open"
WRITE_UNKNOWN = "unknown"
PUSH_NEW = "new"
PUSH_DONE = "done"
PUSH_FAILED = "failed"


@dataclass(slots=True)
class ConnectionRow:
    """How to reach a shop on a platform; `sealed` are its secrets, encrypted."""

    channel: str
    base_url: str
    app_key: str
    shop: str
    settings: dict[str, str]
    sealed: bytes = field(repr=False)
    updated_at_us: int


class ConnectionGone(NamedTuple):
    """A connection that a person ended; its secrets and tokens are deleted."""

    channel: str


@dataclass(slots=True)
class TokensRow:
    """A channel's tokens, encrypted; None where they do not end."""

    channel: str
    sealed: bytes = field(repr=False)
    access_expires_at_us: int | None = None
    refresh_expires_at_us: int | None = None


@dataclass(slots=True)
class ListingRow:
    """An item of a platform and the SKU (or bundle) that one unit of it is, with a person's rule.

    A removed listing stays on file, because orders of it may still come.
    """

    channel: str
    listing: str
    """`ListingRef.key`."""
    product: str
    variant: str
    warehouse: str
    sku: str
    merchant_code: str = ""
    weight: float = 1.0
    minimum: int = 0
    maximum: int | None = None
    paused: bool = False
    fixed: int | None = None
    removed: bool = False


class RightRow(NamedTuple):
    """The right of a listing, in its units; `debt` are units sold beyond it that nothing covers."""

    channel: str
    listing: str
    right: int
    debt: int = 0
    since_us: int = 0
    """When its counter was taken over: orders before that were never part of the right."""


class RightChange(NamedTuple):
    """What a commit adds to a listing's right and debt (negative: takes away); neither goes below zero."""

    channel: str
    listing: str
    change: int
    debt: int = 0
    since_us: int = 0
    """When the counter was taken over, if this change does so."""


@dataclass(slots=True)
class WriteRow:
    """A change of a platform's counter; saved again with the same id, it tells how it stands now."""

    id: str
    channel: str
    listing: str
    operation: str
    quantity: int
    change: int
    status: str
    created_at_us: int
    applied: int = 0
    expected: int | None = None
    settled_at_us: int | None = None


@dataclass(slots=True)
class PushRow:
    """A verified push as it came; the same event saved again moves its status, but never back from done."""

    channel: str
    event: str
    kind: str
    order: str
    received_at_us: int
    body: bytes = field(repr=False)
    status: str = PUSH_NEW
    tries: int = 0
    seq: int | None = None


class PushGone(NamedTuple):
    """A push that was kept for long enough; one that is still new stays."""

    seq: int


class TallyGone(NamedTuple):
    """A tally of a guard that nobody asks for any more; one that was counted on meanwhile stays."""

    number: int
    until_s: int
    before_s: int


@dataclass(slots=True)
class OrderLineRow:
    """A line of a platform's order and what the ledger has of it; units of the listing.

    `hold` is empty until it is booked, `draws` are the SKUs of one unit as of then.
    """

    line: str
    listing: str
    quantity: int
    refunded: int = 0
    merchant_code: str = ""
    deducts: str = ""
    hold: str = ""
    draws: tuple[tuple[str, int], ...] = ()
    undone: int = 0
    shipped: int = 0
    sent: bool = False
    """The platform says that this line has left, though perhaps not the whole order."""


@dataclass(slots=True)
class OrderRow:
    """A platform's order as we know it; `unmapped` while a line that counts has no SKU yet."""

    channel: str
    order: str
    status: str
    buyer: str
    created_at_us: int
    paid_at_us: int | None
    updated_at_us: int
    lines: tuple[OrderLineRow, ...]
    unmapped: bool = False


class PollRow(NamedTuple):
    """Up to when a channel's orders are known, and from when on they are ours to book."""

    channel: str
    complete_to_us: int
    since_us: int


@dataclass(slots=True)
class DocumentRow:
    """Something the operations keep, such as a show or a drop; `body` is JSON that its owner alone reads."""

    kind: str
    id: str
    body: str
    updated_at_us: int


class DocumentGone(NamedTuple):
    """A document that is kept no longer."""

    kind: str
    id: str


Record = (
    ConnectionRow
    | ConnectionGone
    | TokensRow
    | ListingRow
    | RightChange
    | WriteRow
    | PushRow
    | PushGone
    | TallyGone
    | OrderRow
    | PollRow
    | DocumentRow
    | DocumentGone
    | AuditEntry
)
"""What `Store.save_records` takes; an audit entry tells of a person's change of the others."""
