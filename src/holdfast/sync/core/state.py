"""What the core remembers: listings with rights and unsettled writes, SKUs with pools, and timers."""

import heapq
import math
from dataclasses import dataclass, field

from holdfast.channels.manifest import WriteMode

from ..messages import Call, Commit, Effects, ListingId, ListingSetup, Operation, Outcome, Rule, Write
from .belief import Belief
from .channel import ChannelState, shrinks

SELLS_OUT_WITHIN_S = 300.0
"""What the first word about a listing supposes of its share of the stock."""
BARRED_WAIT_S = 2.0
BARRED_WAIT_MAX_S = 300.0
"""So often a listing that the platform refuses is tried at least: a person may have mended it."""


@dataclass(slots=True, eq=False)
class WriteState:
    """One unsettled write and the calls made for it."""

    write: Write
    sent_at_s: float
    """When its last call was sent at the latest; after a crash the time of the start."""
    first_sent_at_s: float
    calls_open: int = 0
    tries: int = 0
    doubtful: bool = False
    """Some earlier call for it ended unknown: a refusal now does not prove that it was not applied."""
    next_try_s: float = math.inf
    partly_found: bool = False
    """A reading found some of its units missing, and could not tell about the rest."""
    overtaken: bool = False
    """We stopped waiting for its answer; other writes go on."""


@dataclass(slots=True)
class Log:
    """Orders by the time they happened, as far as they changed the right: what a reading is compared with."""

    entries: list[tuple[float, int]] = field(default_factory=list)
    total: int = 0

    def add(self, at_s: float, quantity: int) -> None:
        """Note units that left the right (negative: came back)."""
        self.entries.append((at_s, quantity))
        self.total += quantity

    def forget(self, before_s: float) -> None:
        """Drop what no reading will be compared with any more."""
        self.entries = [entry for entry in self.entries if entry[0] >= before_s]
        self.total = sum(quantity for _, quantity in self.entries)


class ListingState:
    """One counter: its right as on file, its unsettled writes, and what we believe it shows."""

    __slots__ = (
        "audit_at_s",
        "barred_in_a_row",
        "barred_until_s",
        "belief",
        "blocked_until_s",
        "channel",
        "current",
        "draws",
        "fresh_until_s",
        "guard",
        "guessed",
        "id",
        "log",
        "rate",
        "read_at_s",
        "reading",
        "reading_due",
        "right",
        "rule",
        "settled_at_s",
        "sweep_at_s",
        "unheard",
        "unsettled",
        "writes_made",
    )

    def __init__(self, setup: ListingSetup, channel: ChannelState, now_s: float) -> None:
        self.id = setup.id
        self.channel = channel
        self.draws = setup.draws
        self.right = setup.right
        """As on file, less its debt: below zero while a unit's resale is heard of before its return."""
        self.rule: Rule = setup.rule
        granted = sum(max(0, write.change) for write in setup.writes)
        self.guessed = setup.forecast_per_s is None
        """Whether nobody says what to expect of it."""
        self.belief = Belief(max(0, setup.right - granted), setup.forecast_per_s or 0.0, now_s)
        self.unsettled: dict[str, WriteState] = {}
        self.current: WriteState | None = None
        self.log = Log()
        self.guard = 0
        """Units of the right that are not shown, where a counter can only be set."""
        self.rate = setup.forecast_per_s or 0.0
        self.unheard = 0.0
        self.reading: str | None = None
        self.reading_due = False
        self.read_at_s = now_s
        self.settled_at_s = -math.inf
        self.fresh_until_s = -math.inf
        self.writes_made = 0
        self.audit_at_s = math.inf
        self.sweep_at_s = now_s
        self.blocked_until_s = -math.inf
        self.barred_until_s = -math.inf
        self.barred_in_a_row = 0

    def draw(self, sku: str) -> int:
        """Units of the SKU in one unit of the listing."""
        return next(units for name, units in self.draws if name == sku)

    def keep(self, unsettled: WriteState) -> None:
        """Remember a write until it is settled."""
        self.unsettled[unsettled.write.id] = unsettled
        self.channel.open[self.id] = self

    def answered(self, outcome: Outcome, now_s: float) -> None:
        """Leave it alone for longer and longer while the platform refuses all calls about it.

        The channel goes on; without this its calls would be spent on the one that is refused.
        """
        if outcome is Outcome.BARRED:
            self.barred_in_a_row += 1
            wait_s = BARRED_WAIT_S * 2.0 ** min(10, self.barred_in_a_row - 1)
            self.barred_until_s = now_s + min(BARRED_WAIT_MAX_S, wait_s)
        elif outcome is Outcome.DONE:
            self.barred_in_a_row = 0
            self.barred_until_s = -math.inf

    @property
    def shrinks(self) -> bool:
        """Whether units can be taken back safely."""
        return shrinks(self.channel.manifest)

    @property
    def needs_reading(self) -> bool:
        """Whether each write starts from a fresh reading."""
        return self.channel.manifest.write in (WriteMode.COMPARE_AND_SET, WriteMode.ABSOLUTE)

    @property
    def under_way(self) -> int:
        """Units of a grant that is under way and still waited for."""
        return max(0, self.current.write.change) if self.current is not None else 0


@dataclass(slots=True)
class SkuState:
    """A SKU: its unallocated units, its listings, and when it was looked at."""

    sku: str
    pool: int = 0
    listings: list[ListingState] = field(default_factory=list)
    reviewed_at_s: float = -math.inf
    first_sale_s: float | None = None
    ceilings: dict[ListingId, float] = field(default_factory=dict)
    """What each bundle would get of this SKU at the last review."""

    def paces(self) -> dict[str, float]:
        """What each channel sells of it as far as we can tell now, in units a minute, to a tenth."""
        found: dict[str, float] = {}
        for listing in self.listings:
            rate = 60.0 * listing.rate * listing.draw(self.sku)
            found[listing.id.channel] = found.get(listing.id.channel, 0.0) + rate
        return {channel: round(rate, 1) for channel, rate in found.items()}


class Timers:
    """Named times; a nearer one replaces a later one of the same name."""

    __slots__ = ("_due", "_heap")

    def __init__(self) -> None:
        self._due: dict[tuple[str, str], float] = {}
        self._heap: list[tuple[float, tuple[str, str]]] = []

    def at(self, time_s: float, name: tuple[str, str]) -> None:
        """Wake for `name` at `time_s` at the latest."""
        if time_s < self._due.get(name, math.inf):
            self._due[name] = time_s
            heapq.heappush(self._heap, (time_s, name))

    def pop(self, now_s: float) -> tuple[str, str] | None:
        """The next name whose time has come."""
        heap = self._heap
        while heap and heap[0][0] <= now_s:
            time_s, name = heapq.heappop(heap)
            if self._due.get(name) == time_s:
                del self._due[name]
                return name
        return None

    def next_s(self) -> float | None:
        """The nearest time."""
        heap = self._heap
        while heap and self._due.get(heap[0][1]) != heap[0][0]:
            heapq.heappop(heap)
        return heap[0][0] if heap else None


class State:
    """Everything the parts of the core share; `effects` are those of the event at hand."""

    def __init__(self, session: str) -> None:
        self.session = session
        self.channels: dict[str, ChannelState] = {}
        self.listings: dict[ListingId, ListingState] = {}
        self.skus: dict[str, SkuState] = {}
        self.timers = Timers()
        self.effects = Effects()
        self._count = 0

    def sku(self, sku: str) -> SkuState:
        """The SKU, made when it is new."""
        found = self.skus.get(sku)
        if found is None:
            found = self.skus[sku] = SkuState(sku)
        return found

    def expect(self, listing: ListingState) -> None:
        """A first word about a listing that has sold nothing yet: its share, by weight, of all there is now.

        So that every counter begins with something, whether the goods or the listing came first.
        """
        shares = []
        for name, units in listing.draws:
            sku = self.sku(name)
            stock = max(0, sku.pool) + sum(max(0, each.right) * each.draw(name) for each in sku.listings)
            weights = sum(each.rule.weight for each in sku.listings) or 1.0
            shares.append(stock * listing.rule.weight / weights / units)
        listing.belief.memory.expect(min(shares, default=0.0) / SELLS_OUT_WITHIN_S)

    def new_id(self, kind: str) -> str:
        """An id that no other run has used."""
        self._count += 1
        return f"{self.session}-{kind}{self._count}"

    def new_call(
        self, channel: str, operation: Operation, listing: ListingId | None = None, write: Write | None = None
    ) -> Call:
        """A call with its own id."""
        return Call(self.new_id("k"), channel, operation, listing, write)

    def commit(self, commit: Commit) -> None:
        """Ask for a commit."""
        self.effects.commits.append(commit)
