"""What the sync core is told and what it asks for: the whole border between it and the world.

The core is a state machine: `handle(event, now_s) -> Effects`. It reads no clock, draws no random number and
does no I/O. Times are seconds of one steady scale, of the driver's choice; quantities are units of the
listing (a bundle's unit is one bundle).

Safety rests on one rule for whoever drives it: **all of a `Commit` is durable, as one, before any of its
calls is made.** A crash between the two, or at any other moment, is mended by `Started` with what is on file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from holdfast.channels.manifest import Manifest


class ListingId(NamedTuple):
    """A counter: one listing on one channel."""

    channel: str
    listing: str


class Operation(StrEnum):
    """Calls the core can ask for."""

    ADD = "add"
    SUBTRACT = "subtract"
    SET = "set"
    READ = "read"
    POLL = "poll"


class WriteStatus(StrEnum):
    """Where a write stands; all but the first two are settled."""

    OPEN = "open"
    """Recorded; it may have been sent, and may have been applied."""
    UNKNOWN = "unknown"
    """No longer repeated: only a reading can tell what became of it."""
    APPLIED = "applied"
    REFUSED = "refused"
    """Surely not applied."""


@dataclass(frozen=True, slots=True)
class Write:
    """A change of a counter, kept on file until it is settled; its id is the platform's idempotency id.

    `quantity` is what is asked for (for `set` the value); `change` is what the right gains or loses by it.
    """

    id: str
    listing: ListingId
    operation: Operation
    quantity: int
    change: int
    status: WriteStatus
    applied: int = 0
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A person's wishes for one listing; the autopilot stays within them. Units; None is no bound."""

    weight: float = 1.0
    minimum: int = 0
    maximum: int | None = None
    paused: bool = False
    """No new units, none taken away."""
    fixed: int | None = None
    """Manual override: hold the right at this quantity."""
    frozen: bool = False
    """A person stopped its sale: nothing may stay on the counter, before and above all else."""


@dataclass(frozen=True, slots=True)
class ChannelSetup:
    """A channel whose platform has counters."""

    channel: str
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class ListingSetup:
    """A listing, the SKUs one unit draws on, its right as on file, and its unsettled writes in order.

    `right` is less the debt of orders beyond it: a unit that was given back and resold may be heard of as
    resold first. An order undone repays the debt before it adds to the right.
    """

    id: ListingId
    draws: tuple[tuple[str, int], ...]
    right: int
    writes: tuple[Write, ...] = ()
    forecast_per_s: float | None = None
    """Units a second to expect until sales speak; None: its share of all there is, as goods come in."""
    rule: Rule = field(default_factory=Rule)


@dataclass(frozen=True, slots=True)
class Started:
    """The first event, and the first after a crash: everything as it is on file.

    `pools` are the units of each SKU that are not given out (the ledger's `unallocated`). `session` makes the
    ids of this run's commits and writes differ from those of every run before.
    """

    channels: tuple[ChannelSetup, ...]
    listings: tuple[ListingSetup, ...]
    pools: dict[str, int]
    session: str


@dataclass(frozen=True, slots=True)
class OrderHeard:
    """An order took units off a counter; a repeat (`fresh` False) only tells about the message lag."""

    listing: ListingId
    order: str
    quantity: int
    at_s: float
    by_poll: bool = False
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class OrderUndone:
    """An order's units came back to the platform's counter (back to us: `PoolChanged` instead)."""

    listing: ListingId
    order: str
    quantity: int
    at_s: float
    by_poll: bool = False
    fresh: bool = True


class Outcome(StrEnum):
    """How a call ended."""

    DONE = "done"
    REFUSED = "refused"
    """Surely not applied: not enough there, or the expected value was not met."""
    LIMITED = "limited"
    """Surely not applied: too many calls."""
    BARRED = "barred"
    """Surely not applied: the platform answers, and will not have it for this one listing."""
    FAILED = "failed"
    """Surely not applied: the platform was not reached or said so."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answered:
    """The end of one call; `counter` is the counter after a write, or the reading."""

    call: str
    outcome: Outcome
    sent_at_s: float
    applied: int = 0
    counter: int | None = None


@dataclass(frozen=True, slots=True)
class Polled:
    """A poll ended; its orders were told before as `OrderHeard` and `OrderUndone`.

    All that happened up to `complete_to_s` is now known, unless it changed while the list was read; what
    cannot have slipped through so ends at `proved_to_s`, the same unless given. `more`: a page is left.
    """

    call: str
    outcome: Outcome
    sent_at_s: float
    complete_to_s: float = float("-inf")
    more: bool = False
    proved_to_s: float | None = None


@dataclass(frozen=True, slots=True)
class PoolChanged:
    """The SKU's unallocated stock changed by something else than this core's own commits."""

    sku: str
    change: int


@dataclass(frozen=True, slots=True)
class CommitRefused:
    """The ledger did not make a commit durable; none of it happened, and its calls were not made."""

    commit: str


@dataclass(frozen=True, slots=True)
class RuleChanged:
    """A person changed the rule of a listing."""

    listing: ListingId
    rule: Rule


@dataclass(frozen=True, slots=True)
class ListingAdded:
    """A listing was mapped while we run."""

    setup: ListingSetup


@dataclass(frozen=True, slots=True)
class ListingRemoved:
    """A listing was unmapped; what it still has was moved by a person."""

    listing: ListingId


@dataclass(frozen=True, slots=True)
class CounterChanged:
    """The platform says that somebody else changed a counter: a reading will show what it is now."""

    listing: ListingId


@dataclass(frozen=True, slots=True)
class Woke:
    """A time that the core asked for has come."""


Event = (
    Started
    | OrderHeard
    | OrderUndone
    | Answered
    | Polled
    | PoolChanged
    | CommitRefused
    | RuleChanged
    | ListingAdded
    | ListingRemoved
    | CounterChanged
    | Woke
)


@dataclass(frozen=True, slots=True)
class Move:
    """Units between pool and right: positive `change` is `unallocated → channel`, negative back."""

    id: str
    listing: ListingId
    change: int
    reason: str
    """`grant`, `grant_undone`, `recall`, or `reading` (a reading proved that they are not on the counter)."""
    paces: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Why: how fast each channel seems to sell each SKU, in units a minute; empty if not for that."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call to make now; `write` for the writes, `channel` alone for a poll."""

    id: str
    channel: str
    operation: Operation
    listing: ListingId | None = None
    write: Write | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """Moves and records that become durable as one, and the calls to be made after that."""

    id: str
    moves: tuple[Move, ...] = ()
    writes: tuple[Write, ...] = ()
    calls: tuple[Call, ...] = ()


@dataclass(slots=True)
class Effects:
    """What an event led to: commits in order, calls that need none (reads, polls, repeats), a time."""

    commits: list[Commit] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    wake_at_s: float | None = None
