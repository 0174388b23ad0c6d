"""A hostile little world: platforms that lose, delay, repeat and apply late; a ledger that refuses; crashes.

Every choice is drawn through `pick`, so that hypothesis or a seeded generator can play the enemy.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from holdfast.channels.manifest import WriteMode
from holdfast.sync.core import Core
from holdfast.sync.messages import (
    Answered,
    ChannelSetup,
    Commit,
    CommitRefused,
    Effects,
    Event,
    ListingId,
    ListingSetup,
    Operation,
    OrderHeard,
    OrderUndone,
    Outcome,
    Polled,
    PoolChanged,
    Rule,
    RuleChanged,
    Started,
    Woke,
    Write,
    WriteStatus,
)
from tests.sync.hostile_platforms import CHANNELS, LISTINGS, A, B, Counter, Flying, failed


@dataclass
class World:
    """Everything that is true, and everything that is on file."""

    pick: Callable[[int], int]
    units: dict[str, int]
    trace: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now_s = 0.0
        self.run = 0
        self.core = Core()
        self.physical = dict(self.units)
        self.sold = dict.fromkeys(self.units, 0)
        self.counters = {listing: Counter() for listing in LISTINGS}
        self.pools = dict(self.units)
        self.rights = dict.fromkeys(LISTINGS, 0)
        self.debts = dict.fromkeys(LISTINGS, 0)
        self.writes: dict[str, Write] = {}
        self.done: dict[str, tuple[Outcome, int]] = {}
        self.flying: list[Flying] = []
        self.news: list[tuple[str, ListingId, int, int, float]] = []
        self.feed: dict[str, list[tuple[str, ListingId, int, int, float]]] = {name: [] for name in CHANNELS}
        self.orders: list[tuple[int, ListingId, int]] = []
        self.heard: set[tuple[str, int]] = set()
        self.wake_s: float | None = None
        self.refuse_next = 0
        self.kind = True
        self.start()

    def start(self) -> None:
        """A fresh process with what is on file."""
        self.run += 1
        self.core = Core()
        setups = tuple(
            ListingSetup(
                listing, draws, self.rights[listing] - self.debts[listing], self.open_writes(listing), 0.5
            )
            for listing, draws in LISTINGS.items()
        )
        channels = tuple(ChannelSetup(name, declared) for name, declared in CHANNELS.items())
        self.tell(Started(channels, setups, dict(self.pools), f"run{self.run}"))

    def open_writes(self, listing: ListingId) -> tuple[Write, ...]:
        """Writes on file that are not settled."""
        return tuple(
            write
            for write in self.writes.values()
            if write.listing == listing and write.status in (WriteStatus.OPEN, WriteStatus.UNKNOWN)
        )

    def tell(self, event: Event, crash_after: int | None = None) -> None:
        """One event to the core, its effects to the world; with a crash after so many commits if asked."""
        effects = self.core.handle(event, self.now_s)
        self.wake_s = effects.wake_at_s
        refused = self.carry_out(effects, crash_after)
        if crash_after is not None:
            self.crash()
            return
        for commit in refused:
            self.tell(CommitRefused(commit.id))

    def carry_out(self, effects: Effects, crash_after: int | None) -> list[Commit]:
        """Commits in order, each before its calls."""
        refused: list[Commit] = []
        for index, commit in enumerate(effects.commits):
            if crash_after is not None and index >= crash_after:
                return refused
            if self.refuse_next > 0:
                self.refuse_next -= 1
                refused.append(commit)
                continue
            if not self.durable(commit):
                refused.append(commit)
                continue
            if crash_after is None:
                self.flying += [Flying(call, self.now_s, self.run) for call in commit.calls]
        if crash_after is None:
            self.flying += [Flying(call, self.now_s, self.run) for call in effects.calls]
        return refused

    def durable(self, commit: Commit) -> bool:
        """The ledger's word; it refuses what its accounts do not cover."""
        pools, rights = dict(self.pools), dict(self.rights)
        for move in commit.moves:
            rights[move.listing] += move.change
            for sku, draw in LISTINGS[move.listing]:
                pools[sku] -= move.change * draw
        if any(units < 0 for units in (*pools.values(), *rights.values())):
            return False
        for write in commit.writes:
            before = self.writes.get(write.id)
            assert before is None or before.status in (WriteStatus.OPEN, WriteStatus.UNKNOWN), "settled twice"
            self.writes[write.id] = write
        self.pools, self.rights = pools, rights
        return True

    def crash(self) -> None:
        """The process dies: nobody waits for what is in the network any more."""
        self.start()

    def arrive(self, request: Flying) -> None:
        """The platform gets a request, and its answer is under way."""
        request.arrived = True
        call, declared = request.call, CHANNELS[request.call.channel]
        if call.operation is Operation.POLL:
            request.answer = Polled(call.id, Outcome.DONE, request.sent_at_s, self.now_s)
            return
        assert call.listing is not None
        counter = self.counters[call.listing]
        if call.operation is Operation.READ:
            request.answer = Answered(
                call.id, Outcome.DONE, request.sent_at_s, 0, counter.stale(self.now_s, self.pick)
            )
            return
        assert call.write is not None
        if declared.idempotent and call.write.id in self.done:
            outcome, applied = self.done[call.write.id]
        else:
            outcome, applied = counter.apply(call.write, declared.under_run, self.now_s)
            if outcome is Outcome.DONE or not declared.idempotent or self.pick(2):
                self.done[call.write.id] = (outcome, applied)
        shown = counter.shown if declared.write_tells_counter and outcome is Outcome.DONE else None
        request.answer = Answered(call.id, outcome, request.sent_at_s, applied, shown)

    # ---------------------------------------------------------------- what may happen

    def waiting(self) -> list[Flying]:
        """Requests that this process waits for."""
        return [flight for flight in self.flying if flight.run == self.run and not flight.settled]

    def deliver(self) -> None:
        """A request reaches its platform."""
        ready = [flight for flight in self.flying if self.may_arrive(flight)]
        if ready:
            self.arrive(ready[self.pick(len(ready))])

    def answer(self) -> None:
        """An answer reaches the driver."""
        ready = [flight for flight in self.waiting() if flight.answer is not None]
        if ready:
            self.hand_over(ready[self.pick(len(ready))])

    def hand_over(self, flight: Flying, crash_after: int | None = None) -> None:
        """Tell the core how a call ended; the orders of a poll come first."""
        flight.settled = True
        assert flight.answer is not None
        if isinstance(flight.answer, Polled):
            for item in self.feed[flight.call.channel]:
                if item[4] <= flight.answer.complete_to_s:
                    self.hear(item, by_poll=True)
        self.tell(flight.answer, crash_after)

    def fail(self) -> None:
        """A call ends without success: unknown, too many, or surely not applied, here or for this listing."""
        ready = self.waiting()
        if not ready:
            return
        flight = ready[self.pick(len(ready))]
        outcomes = [Outcome.UNKNOWN, Outcome.LIMITED, Outcome.FAILED, Outcome.BARRED]
        if flight.call.operation is Operation.POLL:
            outcomes.remove(Outcome.BARRED)
        outcome = outcomes[0 if flight.arrived else self.pick(len(outcomes))]
        flight.settled = True
        if outcome is not Outcome.UNKNOWN:
            self.flying.remove(flight)
        if flight.call.operation is Operation.POLL:
            self.tell(Polled(flight.call.id, outcome, flight.sent_at_s))
        else:
            self.tell(Answered(flight.call.id, outcome, flight.sent_at_s))

    def buy(self) -> None:
        """A customer takes a unit from a counter that shows one; from the shop, one of its right."""
        shelves = [listing for listing in LISTINGS if self.on_sale(listing) > 0]
        if not shelves:
            return
        listing = shelves[self.pick(len(shelves))]
        quantity = 1 + self.pick(min(3, self.on_sale(listing)))
        for sku, draw in LISTINGS[listing]:
            self.sold[sku] += quantity * draw
        number = len(self.orders)
        self.orders.append((number, listing, quantity))
        self.happened("order", listing, number, quantity)
        if CHANNELS[listing.channel].write is WriteMode.NONE:
            self.hear(self.news.pop())

    def on_sale(self, listing: ListingId) -> int:
        """Units that may be bought there now."""
        if CHANNELS[listing.channel].write is WriteMode.NONE:
            return self.rights[listing]
        return self.counters[listing].shown

    def undo(self) -> None:
        """A customer gives an order up; the platform puts the units back."""
        if not self.orders:
            return
        number, listing, quantity = self.orders[self.pick(len(self.orders))]
        if quantity == 0:
            return
        self.orders[number] = (number, listing, 0)
        for sku, draw in LISTINGS[listing]:
            self.sold[sku] -= quantity * draw
        self.happened("cancel", listing, number, -quantity)
        if CHANNELS[listing.channel].write is WriteMode.NONE:
            self.hear(self.news.pop())

    def happened(self, kind: str, listing: ListingId, number: int, taken: int) -> None:
        """Something that the platform will tell us of."""
        if CHANNELS[listing.channel].write is not WriteMode.NONE:
            self.counters[listing].show(-taken, self.now_s)
        self.counters[listing].unheard += taken
        item = (kind, listing, number, taken, self.now_s)
        self.news.append(item)
        self.feed[listing.channel].append(item)

    def push(self, lose: bool, repeat: bool) -> None:
        """A message comes, in any order; or is lost; or comes again later."""
        if not self.news:
            return
        item = self.news[self.pick(len(self.news))]
        if not repeat:
            self.news.remove(item)
        if not lose:
            self.hear(item)

    def hear(self, item: tuple[str, ListingId, int, int, float], by_poll: bool = False) -> None:
        """The driver books it once, then tells the core."""
        kind, listing, number, taken, at_s = item
        fresh = (kind, number) not in self.heard
        self.heard.add((kind, number))
        if fresh:
            self.counters[listing].unheard -= taken
            signed = self.rights[listing] - self.debts[listing] - taken
            self.rights[listing], self.debts[listing] = max(0, signed), max(0, -signed)
        if kind == "order":
            self.tell(OrderHeard(listing, str(number), taken, at_s, by_poll, fresh))
        else:
            self.tell(OrderUndone(listing, str(number), -taken, at_s, by_poll, fresh))

    def operator(self) -> None:
        """Somebody adds units to a pool, or takes some away."""
        sku = (A, B)[self.pick(2)]
        change = max(-self.pools[sku], self.pick(9) - 4)
        self.pools[sku] += change
        self.physical[sku] += change
        self.tell(PoolChanged(sku, change))

    def wish(self) -> None:
        """Somebody changes a rule."""
        listing = list(LISTINGS)[self.pick(len(LISTINGS))]
        rules = (
            Rule(),
            Rule(weight=3.0),
            Rule(minimum=4),
            Rule(maximum=2),
            Rule(paused=True),
            Rule(fixed=3),
            Rule(fixed=0),
        )
        self.tell(RuleChanged(listing, rules[self.pick(len(rules))]))

    def wait(self, seconds: float) -> None:
        """Time passes; a request whose time is over can no longer arrive."""
        until_s = self.now_s + seconds
        while self.wake_s is not None and self.wake_s <= until_s:
            self.now_s = max(self.now_s, self.wake_s)
            self.expire()
            self.tell(Woke())
            if self.kind:
                self.serve_all()
        self.now_s = until_s
        self.expire()

    def expire(self) -> None:
        """Drop requests that can no longer arrive."""
        self.flying = [
            flight
            for flight in self.flying
            if self.may_arrive(flight) or (flight.run == self.run and not flight.settled)
        ]

    def may_arrive(self, flight: Flying) -> bool:
        """Whether the platform may still get this request."""
        deadline_s = flight.sent_at_s + CHANNELS[flight.call.channel].settles_within_s
        return not flight.arrived and self.now_s <= deadline_s

    def serve_all(self) -> None:
        """A platform in good order: what was asked is done and answered."""
        for _ in range(200):
            open_flights = [flight for flight in self.waiting() if not flight.settled]
            if not open_flights:
                return
            flight = open_flights[0]
            if self.may_arrive(flight):
                self.arrive(flight)
            if flight.arrived:
                self.hand_over(flight)
            else:
                flight.settled = True
                self.tell(failed(flight))

    # ---------------------------------------------------------------- what must be true

    def check(self) -> None:
        """Nothing can be sold twice, and no unit vanishes from the books."""
        shown = dict.fromkeys(self.units, 0)
        booked = dict(self.pools)
        for listing, draws in LISTINGS.items():
            counter = self.counters[listing]
            signed = self.rights[listing] - self.debts[listing]
            own_shop = CHANNELS[listing.channel].write is WriteMode.NONE
            sellable = 0 if own_shop else max(0, counter.shown)
            coming = self.coming(listing)
            assert own_shop or sellable + counter.unheard + coming <= signed, (
                f"{listing}: {counter.shown} shown, {counter.unheard} unheard, {coming} coming of {signed}"
            )
            assert own_shop or counter.shown >= 0, f"{listing} went below zero"
            for sku, draw in draws:
                shown[sku] += draw * (self.rights[listing] if own_shop else sellable)
                booked[sku] += draw * (signed - counter.unheard)
        for sku, units in self.physical.items():
            assert shown[sku] + self.sold[sku] <= units, f"{sku}: may be sold twice"
            assert booked[sku] + self.sold[sku] == units, f"{sku}: units appeared or vanished"

    def coming(self, listing: ListingId) -> int:
        """Units of grants that may still arrive."""
        pending: dict[str, int] = {}
        for flight in self.flying:
            write = flight.call.write
            if write is None or write.listing != listing or write.change <= 0:
                continue
            if not self.may_arrive(flight):
                continue
            if CHANNELS[listing.channel].idempotent and self.done.get(write.id, (None, 0))[0] is Outcome.DONE:
                continue
            pending[write.id] = write.change
        return sum(pending.values())

    def stranded(self) -> dict[ListingId, int]:
        """Units of rights that nobody can sell."""
        found: dict[ListingId, int] = {}
        for listing in LISTINGS:
            if CHANNELS[listing.channel].write is WriteMode.NONE:
                continue
            counter = self.counters[listing]
            missing = self.rights[listing] - self.debts[listing] - counter.shown - counter.unheard
            if missing:
                found[listing] = missing
        return found

    def heal(self) -> None:
        """From now on everything works; long enough for every repeat and audit."""
        self.kind = True
        self.refuse_next = 0
        for flight in list(self.waiting()):
            if flight.answer is None:
                flight.settled = True
                self.tell(failed(flight))
            else:
                self.hand_over(flight)
        for item in list(self.news):
            self.hear(item)
        self.wait(90.0)
        if self.stranded():
            self.wait(330.0)  # what nobody suspects is found by the sweep over all counters


def crash_at_answer(world: World) -> None:
    """The answer came, and the process died before or after the commits it led to."""
    ready = [flight for flight in world.waiting() if flight.answer is not None]
    if ready:
        world.hand_over(ready[world.pick(len(ready))], crash_after=world.pick(3))


ACTIONS: dict[str, Callable[[World], None]] = {
    "deliver": World.deliver,
    "deliver more": World.deliver,
    "answer": World.answer,
    "answer more": World.answer,
    "fail": World.fail,
    "buy": World.buy,
    "buy more": World.buy,
    "undo": World.undo,
    "push": lambda world: world.push(lose=False, repeat=False),
    "push twice": lambda world: world.push(lose=False, repeat=True),
    "lose a push": lambda world: world.push(lose=True, repeat=False),
    "operator": World.operator,
    "rule": World.wish,
    "wait a little": lambda world: world.wait(0.25),
    "wait": lambda world: world.wait(2.0),
    "wait long": lambda world: world.wait(7.0),
    "crash": World.crash,
    "crash before the calls": lambda world: world.tell(Woke(), crash_after=world.pick(3)),
    "crash at an answer": crash_at_answer,
    "refuse": lambda world: setattr(world, "refuse_next", 1 + world.pick(2)),
    "serve": World.serve_all,
}
