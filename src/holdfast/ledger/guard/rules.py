"""Guards as data: rules of one item, what the edge says about who asks, and what was noted with a hold."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What comes of a broken rule: no, try again later, or yes but a person looks at it."""

    REFUSE = "refuse"
    QUEUE = "queue"
    REVIEW = "review"


REVIEW_OPEN = "open"
REVIEW_ACCEPTED = "accepted"
REVIEW_REJECTED = "rejected"

BLOCK = "block"
ALLOW = "allow"


@dataclass(slots=True, frozen=True)
class Speed:
    """Most orders or units of one subject in a window of `window_s` seconds, aligned to the ledger's time.

    Raises ValueError if it limits nothing.
    """

    window_s: int
    orders: int | None = None
    units: int | None = None
    outcome: Outcome = Outcome.REFUSE

    def __post_init__(self) -> None:
        if self.orders is None and self.units is None:
            raise ValueError("a speed rule needs `orders` or `units`")


@dataclass(slots=True, frozen=True)
class Bound:
    """A number that must not be passed, and what comes of it; to queue makes no sense here: ValueError."""

    limit: int
    outcome: Outcome = Outcome.REFUSE

    def __post_init__(self) -> None:
        if self.outcome is Outcome.QUEUE:
            raise ValueError("this rule can refuse or review: waiting does not mend it")


@dataclass(slots=True, frozen=True)
class Breaker:
    """Most units of an item, by anybody, in a window of `window_s` seconds."""

    window_s: int
    units: int


@dataclass(slots=True, frozen=True)
class Guard:
    """The rules of one item, each of them optional; all counters start anew when `period` changes.

    A rule about something that is not told (no device, say) does not apply. Raises ValueError without a
    period: what is counted in none is counted nowhere.
    """

    period: str
    ticket_gate: str = ""
    """Gate whose ticket a buyer must show; empty for none."""
    per_buyer: Speed | None = None
    per_device: Speed | None = None
    per_address: Speed | None = None
    per_payment: Speed | None = None
    buyers_per_address: Bound | None = None
    """How many different buyers one address may serve in the period."""
    account_age_min_s: Bound | None = None
    lists: bool = False
    """Whether the lists of blocked and allowed buyers are consulted."""
    units_max: int | None = None
    loss_cents_max: int | None = None
    """Most that may be lost in the period, where a unit loses its cost less its price."""
    breaker: Breaker | None = None

    def __post_init__(self) -> None:
        if not self.period:
            raise ValueError("a guard needs a period")


@dataclass(slots=True, frozen=True)
class Ticket:
    """An entry ticket whose signature the edge has checked; one that is not genuine has an empty gate."""

    id: str
    gate: str
    buyer: str
    expires_at_us: int


FORGED = Ticket("", "", "", 0)
"""What stands for a ticket that we did not sign."""


@dataclass(slots=True, frozen=True)
class Signals:
    """What the shop knows about who asks; device, address and payment are keyed hashes, never plain."""

    device: str = ""
    address: str = ""
    payment: str = ""
    account_created_at_us: int | None = None


@dataclass(slots=True)
class Counted:
    """What a hold added to the exposure of an item, and takes off again when it is given back."""

    sku: str
    period: str
    units: int
    loss_cents: int


@dataclass(slots=True)
class GuardNote:
    """What is noted with a hold: who asked, what was counted, and why a person should look at it."""

    counted: tuple[Counted, ...] = ()
    ticket: str = ""
    gate: str = ""
    signals: Signals | None = None
    cause: str = ""
    """Result code of the rule that put it up for review; empty for none."""
    facts: dict[str, str | int] | None = None
