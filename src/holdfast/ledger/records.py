"""Records the ledger keeps: items, channels, holds, transfers, refusals and audit entries."""

from dataclasses import dataclass, field
from typing import NamedTuple

from .accounts import AccountKind
from .codes import ResultCode
from .guard.rules import Guard, GuardNote

Detail = dict[str, str | int]
"""Facts behind a refusal, such as how many were asked for and how many there are."""

Pace = dict[str, float]
"""Sales of one SKU by channel, in units a minute."""

ACROSS_CHANNELS = "*"
"""Scope of the counters that add up a buyer's units over all channels."""

IMAGE_URL_CHARACTERS_MAX = 2_048
_BLANK = r"\x00-\x20\x7f\xa0\u200b\u2060\u3000\ufeff\ud800-\udfff"
IMAGE_URL_PATTERN = (
    rf"^(https?://[^{_BLANK}/?#]|data:image/(gif|jpeg|png|svg\+xml|webp)[;,])[^{_BLANK}]*$(?!\n)"
)
"""An address on the web, or a small picture that is its own address; a script is neither."""

HOLD_PLACED = "placed"
HOLD_CONFIRMED = "confirmed"
HOLD_RELEASED = "released"
HOLD_EXPIRED = "expired"


class Line(NamedTuple):
    """What one line of an order asks for; `period` names the limit period it was counted in."""

    sku: str
    quantity: int
    period: str = ""


class Component(NamedTuple):
    """What one unit of a bundle draws on."""

    sku: str
    quantity: int


class CountKey(NamedTuple):
    """Counter of units a buyer took of a SKU; `scope` is a channel, or `*` for all of them.

    A scope with a colon in it is a guard's: see `guard.counters`.
    """

    sku: str
    period: str
    buyer: str
    scope: str


@dataclass(slots=True)
class Limits:
    """Purchase limits in units; counters start anew when `period` (a show, say) changes.

    Raises ValueError without a period: a line counted in none is counted nowhere, so nothing is limited.
    """

    period: str
    per_order: int | None = None
    per_buyer: int | None = None
    per_buyer_across_channels: int | None = None

    def __post_init__(self) -> None:
        if not self.period:
            raise ValueError("a limit needs a period")


@dataclass(slots=True)
class Sku:
    """An item: what is counted, or a bundle that draws on several counted ones."""

    sku: str
    name: str
    variant: str = ""
    price_cents: int | None = None
    cost_cents: int | None = None
    frozen: bool = False
    sale_opens_at_us: int | None = None
    sale_closes_at_us: int | None = None
    limits: Limits | None = None
    components: tuple[Component, ...] = ()
    is_component: bool = False
    created_at_us: int = 0
    updated_at_us: int = 0
    guard: Guard | None = None
    image_url: str | None = None
    """Where its picture is, as IMAGE_URL_PATTERN says; the ledger itself never looks there."""


@dataclass(slots=True)
class Channel:
    """A shop on a platform; `platform` "shop" is our own storefront."""

    channel: str
    platform: str
    name: str
    frozen: bool = False
    created_at_us: int = 0
    updated_at_us: int = 0


@dataclass(slots=True)
class Hold:
    """A two-phase transfer `channel → committed`; `draws` are the lines with bundles taken apart."""

    id: str
    channel: str
    buyer: str
    buyer_key: str
    lines: tuple[Line, ...]
    draws: tuple[Line, ...]
    ttl_s: int
    status: str
    expires_at_us: int
    event_at_us: int
    recorded_at_us: int
    actor: str
    settled_at_us: int | None = None
    settled_by: str | None = None
    guard: GuardNote | None = None
    review: str | None = None
    """Whether a person should look at it: open, accepted, rejected, or None for no need."""


@dataclass(slots=True)
class Transfer:
    """An immutable move of a whole quantity; `id` is None for the legs of a confirmed hold."""

    id: str | None
    sku: str
    location: str
    from_kind: AccountKind
    from_scope: str
    to_kind: AccountKind
    to_scope: str
    quantity: int
    reason: str
    reference: str
    actor: str
    event_at_us: int
    recorded_at_us: int
    pace: Pace | None = None
    """How fast each channel seemed to sell when the allocation decided this move."""
    seq: int | None = None


@dataclass(slots=True)
class Refusal:
    """A refused command, kept so that its repeat is answered the same way for ever."""

    kind: str
    id: str
    code: ResultCode
    detail: Detail
    body: dict[str, object]
    actor: str
    recorded_at_us: int


@dataclass(slots=True)
class AuditEntry:
    """One write by one actor, whatever came of it."""

    recorded_at_us: int
    actor: str
    request_id: str
    action: str
    target: str
    result: str
    detail: Detail = field(default_factory=dict)
