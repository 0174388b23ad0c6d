"""Commands: everything that can be asked of the ledger, each by a named actor."""

from dataclasses import dataclass

from .accounts import MAIN_LOCATION, AccountKind
from .guard.rules import Guard, Signals, Ticket
from .records import Component, Limits, Pace

TTL_DEFAULT_S = 900
TTL_MAX_S = 7 * 24 * 3600
ORDER_TTL_S = 366 * 24 * 3600
"""A platform's unpaid order is ended by the platform, not by our clock; no platform keeps one for a year."""
LINES_MAX = 100
"""Lines of one hold, before bundles are taken apart."""


@dataclass(slots=True)
class PlaceHold:
    """Hold units of a channel's right for a buyer; `id` is the idempotency key for ever."""

    id: str
    channel: str
    buyer: str
    lines: tuple[tuple[str, int], ...]
    actor: str
    buyer_key: str = ""
    ttl_s: int = TTL_DEFAULT_S
    event_at_us: int | None = None
    request_id: str = ""
    ticket: Ticket | None = None
    signals: Signals | None = None


@dataclass(slots=True)
class RecordOrder:
    """Book an order that a platform has taken: a fact, so no limit, freeze or want of stock refuses it.

    The hold it makes has the command's id. What the channel's right cannot cover is taken from `oversold`.
    """

    id: str
    channel: str
    buyer: str
    lines: tuple[tuple[str, int], ...]
    paid: bool
    actor: str
    buyer_key: str = ""
    event_at_us: int | None = None
    request_id: str = ""


@dataclass(slots=True)
class ConfirmHold:
    """Turn a placed hold into committed stock (the order is paid)."""

    id: str
    actor: str
    request_id: str = ""


@dataclass(slots=True)
class ReleaseHold:
    """Give a placed hold back (the order was cancelled before it was paid)."""

    id: str
    actor: str
    request_id: str = ""


@dataclass(slots=True)
class ExpireHold:
    """Give a hold back whose time is over; nothing happens before that."""

    id: str
    actor: str
    request_id: str = ""


@dataclass(slots=True)
class ReviewHold:
    """A person's word on a hold that a rule put up for review; a rejected one that is open is released."""

    id: str
    verdict: str
    actor: str
    reason: str = ""
    request_id: str = ""


@dataclass(slots=True)
class ListBuyer:
    """Put a buyer on a list of the guards, or take them off; `person` is the key, else the name.

    With another `kind`, `person` is the hash of a device, address or payment.
    """

    list: str
    person: str
    listed: bool
    actor: str
    reason: str = ""
    request_id: str = ""
    kind: str = "buyer"


@dataclass(slots=True)
class PostTransfer:
    """Move a whole quantity between two accounts of one SKU."""

    id: str
    sku: str
    from_kind: AccountKind
    from_scope: str
    to_kind: AccountKind
    to_scope: str
    quantity: int
    reason: str
    actor: str
    location: str = MAIN_LOCATION
    reference: str = ""
    event_at_us: int | None = None
    request_id: str = ""
    pace: Pace | None = None


@dataclass(slots=True)
class PostTransfers:
    """Several transfers that happen together or not at all; raises ValueError for two of one SKU."""

    transfers: tuple[PostTransfer, ...]

    def __post_init__(self) -> None:
        # Then no leg changes what another one's check looks at.
        if len({transfer.sku for transfer in self.transfers}) != len(self.transfers):
            raise ValueError("transfers that are posted together need a SKU each")


@dataclass(slots=True)
class PutSku:
    """Create an item or replace its description; stock is not touched."""

    sku: str
    name: str
    actor: str
    variant: str = ""
    price_cents: int | None = None
    cost_cents: int | None = None
    frozen: bool = False
    sale_opens_at_us: int | None = None
    sale_closes_at_us: int | None = None
    limits: Limits | None = None
    components: tuple[Component, ...] = ()
    request_id: str = ""
    guard: Guard | None = None
    image_url: str | None = None


@dataclass(slots=True)
class PutChannel:
    """Create a channel or replace its description; its right is not touched."""

    channel: str
    platform: str
    name: str
    actor: str
    frozen: bool = False
    request_id: str = ""


Command = (
    PlaceHold
    | RecordOrder
    | ConfirmHold
    | ReleaseHold
    | ExpireHold
    | ReviewHold
    | ListBuyer
    | PostTransfer
    | PostTransfers
    | PutSku
    | PutChannel
)
