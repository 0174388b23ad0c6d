"""What a platform can do with stock: the sync core follows this declaration, never a platform's name."""

from dataclasses import dataclass
from enum import StrEnum


class WriteMode(StrEnum):
    """How a counter is written: by a difference, by one that names the value it expects, or by a value."""

    RELATIVE = "relative"
    COMPARE_AND_SET = "compare_and_set"
    ABSOLUTE = "absolute"
    NONE = "none"
    """Not at all: our own shop asks us for every hold, so it has no counter to write."""


class UnderRun(StrEnum):
    """What becomes of a subtraction that asks for more than the counter has."""

    REFUSES = "refuses"
    CLAMPS = "clamps"
    """It takes what is there; the answer, or a reading, says how much."""
    NEGATIVE = "negative"
    """It goes below zero: a subtraction is safe only with an expected value."""
    UNKNOWN = "unknown"


class Deducts(StrEnum):
    """When the platform takes an order's units off its counter."""

    ON_ORDER = "on_order"
    ON_PAYMENT = "on_payment"
    PER_LINE = "per_line"
    """Each order line says it for itself (`OrderLine.deducts`)."""
    UNKNOWN = "unknown"
    """Treated as on order.

    An unpaid order whose units are really still on the counter makes the right smaller than the counter, and
    its own hold covers them. The other way round, a reading would show its units as missing, and an audit
    would give them to another channel.
    """


class GivesBack(StrEnum):
    """Whether the platform itself puts the units of an undone order back on its counter."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """Treated as yes: the units stay the channel's until a reading proves that they are not there."""


class PushMode(StrEnum):
    """How news reaches us, besides polling."""

    WEBHOOK = "webhook"
    PULL = "pull"
    """A message queue of the platform's that we empty and confirm (`Adapter.pull`)."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class RateCap:
    """Calls a second over all SKUs and kinds of call, and how many may come at once."""

    per_s: float
    burst: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """The declaration of one platform; a channel's settings may correct any of it (`dataclasses.replace`).

    Times are first guesses in seconds; the core learns the real ones while it runs. `uncertain` lists, for
    people, what no source settled.
    """

    platform: str
    title: str
    title_zh: str
    write: WriteMode
    under_run: UnderRun
    idempotent: bool
    """A write repeated under its id is applied once."""
    can_shrink: bool
    read_back: bool
    write_tells_counter: bool
    """A successful write answers with the counter after it."""
    lines_per_write_max: int
    rate: RateCap
    deducts: Deducts
    gives_back_on_cancel: GivesBack
    gives_back_on_refund: GivesBack
    push: PushMode
    push_carries_order: bool
    """False: a push only names an order, which has to be fetched."""
    poll: bool
    timeout_s: float = 5.0
    settles_within_s: float = 6.0
    """How long after it was sent a call of unknown outcome may still be applied."""
    round_trip_s: float = 0.2
    read_stale_s: float = 0.0
    """A reading may show the counter as it was this long ago."""
    push_lag_s: float = 1.0
    poll_lag_s: float = 1.0
    """How long after it happened a change may be missing from a poll."""
    poll_every_s: float = 20.0
    poll_window_max_s: float = 86_400.0
    """Longest span that one poll may ask for."""
    poll_page_max: int = 100
    acknowledge_within_s: float = 3.0
    """How soon a push must be answered."""
    base_url: str = ""
    """The platform's address; empty where each shop has its own."""
    secrets: tuple[str, ...] = ()
    """Names of `Connection.secrets`, besides the app's secret."""
    uncertain: tuple[str, ...] = ()
