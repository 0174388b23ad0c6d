"""One core at a desk: events go in by hand, what it asks for lies open."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from holdfast.channels.manifest import Manifest
from holdfast.sync.core import Core
from holdfast.sync.messages import (
    Answered,
    Call,
    ChannelSetup,
    Commit,
    Effects,
    Event,
    ListingId,
    ListingSetup,
    Move,
    Operation,
    OrderHeard,
    Outcome,
    Polled,
    Rule,
    Started,
    Woke,
    Write,
)


@dataclass
class Desk:
    """`told` hands the core an event; commits, moves and open calls pile up until they are taken."""

    channels: dict[str, Manifest]
    listings: dict[ListingId, tuple[tuple[str, int], ...]]
    pools: dict[str, int]
    rights: dict[ListingId, int] = field(default_factory=dict)
    writes: dict[ListingId, tuple[Write, ...]] = field(default_factory=dict)
    rules: dict[ListingId, Rule] = field(default_factory=dict)
    rate: float | None = 2.0

    def __post_init__(self) -> None:
        self.core = Core()
        self.now_s = 100.0
        self.commits: list[Commit] = []
        self.calls: list[Call] = []
        self.wake_s: float | None = None
        self.orders = 0
        setups = tuple(
            ListingSetup(
                listing,
                draws,
                self.rights.get(listing, 0),
                self.writes.get(listing, ()),
                self.rate,
                self.rules.get(listing, Rule()),
            )
            for listing, draws in self.listings.items()
        )
        channels = tuple(ChannelSetup(name, manifest) for name, manifest in self.channels.items())
        self.told(Started(channels, setups, self.pools, "run"))

    def told(self, event: Event) -> Effects:
        """What the core makes of one event."""
        effects = self.core.handle(event, self.now_s)
        self.commits += effects.commits
        for commit in effects.commits:
            self.calls += commit.calls
        self.calls += effects.calls
        self.wake_s = effects.wake_at_s
        return effects

    def wait(self, seconds: float) -> None:
        """Time passes, with a wake whenever the core asked for one."""
        until_s = self.now_s + seconds
        while self.wake_s is not None and self.wake_s <= until_s:
            self.now_s = max(self.now_s, self.wake_s)
            self.told(Woke())
        self.now_s = until_s

    def take(self, *operations: Operation) -> list[Call]:
        """Take the open calls of these kinds off the desk."""
        found = [call for call in self.calls if call.operation in operations]
        self.calls = [call for call in self.calls if call.operation not in operations]
        return found

    def take_writes(self) -> list[Call]:
        """Take the open writes off the desk."""
        return self.take(Operation.ADD, Operation.SUBTRACT, Operation.SET)

    def moves(self) -> list[Move]:
        """All moves so far."""
        return [move for commit in self.commits for move in commit.moves]

    def answer(
        self,
        call: Call,
        outcome: Outcome = Outcome.DONE,
        applied: int | None = None,
        counter: int | None = None,
    ) -> Effects:
        """End a call a tenth of a second after it was sent."""
        sent_at_s = self.now_s
        self.now_s += 0.1
        asked = call.write.quantity if call.write is not None else 0
        done = asked if applied is None and outcome is Outcome.DONE else applied or 0
        return self.told(Answered(call.id, outcome, sent_at_s, done, counter))

    def answer_polls(self) -> None:
        """Every open poll is complete to now."""
        for call in self.take(Operation.POLL):
            self.told(Polled(call.id, Outcome.DONE, self.now_s, self.now_s))

    def fail_poll(self, call: Call) -> None:
        """A poll gets no answer."""
        self.told(Polled(call.id, Outcome.UNKNOWN, self.now_s))

    def sell(self, listing: ListingId, quantities: Iterable[int]) -> None:
        """Orders, heard as they happen."""
        for quantity in quantities:
            self.orders += 1
            self.told(OrderHeard(listing, f"o{self.orders}", quantity, self.now_s))
