"""What other tools do, for comparison: a split made once, and a mirror of the total on every platform.

Both speak the language of the core, so that the same driver and world play them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

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
    OrderUndone,
    Outcome,
    Polled,
    PoolChanged,
    Started,
    Write,
    WriteStatus,
)

from .process import Core

_POLL_EVERY_S = 10.0
_TICK_S = 0.1


def split(units: int, weights: list[float]) -> list[int]:
    """Whole parts in proportion; what rounding leaves goes to the largest weights."""
    total = sum(weights)
    parts = [int(units * weight / total) for weight in weights]
    for number in sorted(range(len(parts)), key=lambda n: -weights[n])[: units - sum(parts)]:
        parts[number] += 1
    return parts


@dataclass(slots=True)
class _Bucket:
    """Calls we may still make on a channel, a little below what the platform allows."""

    per_s: float
    burst: float
    tokens: float
    at_s: float
    next_poll_s: float

    @classmethod
    def of(cls, setup: ChannelSetup, now_s: float) -> "_Bucket":
        rate = setup.manifest.rate
        burst = max(1.0, rate.burst - 1)
        return cls(0.95 * rate.per_s, burst, burst, now_s, now_s + 5)

    def take(self, now_s: float) -> bool:
        self.tokens = min(self.burst, self.tokens + (now_s - self.at_s) * self.per_s)
        self.at_s = now_s
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class StaticSplit:
    """Deals every unit once, by forecast, and never again; safe, and it strands what it dealt wrongly.

    What stands on the wrong counter at the start is taken back first; units found later are dealt likewise.
    """

    def __init__(self) -> None:
        self._listings: dict[str, list[ListingSetup]] = {}
        self._idempotent: dict[str, bool] = {}
        self._buckets: dict[str, _Bucket] = {}
        self._pools: dict[str, int] = {}
        self._owed: dict[ListingId, int] = {}
        self._session = ""
        self._number = 0
        self._open: dict[str, Write] = {}
        self._waiting: list[Write] = []

    def handle(self, event: Event, now_s: float) -> Effects:
        """Deal what came to the pool; repeat what certainly was not applied."""
        effects = Effects()
        match event:
            case Started():
                self._start(event, effects, now_s)
            case PoolChanged():
                self._pools[event.sku] += event.change
                self._owe(event.sku, event.change)
            case Answered() if event.call in self._open:
                self._answered(self._open.pop(event.call), event, effects)
            case _:
                pass
        self._grant(effects)
        self._send(effects, now_s)
        effects.wake_at_s = now_s + _TICK_S if self._waiting else None
        return effects

    def _send(self, effects: Effects, now_s: float) -> None:
        """As many of the waiting writes as the platforms allow."""
        waiting, self._waiting = self._waiting, []
        for write in waiting:
            if self._buckets[write.listing.channel].take(now_s):
                effects.calls.append(self._call(write))
            else:
                self._waiting.append(write)

    def _start(self, event: Started, effects: Effects, now_s: float) -> None:
        self._session = event.session
        self._idempotent = {setup.channel: setup.manifest.idempotent for setup in event.channels}
        self._buckets = {setup.channel: _Bucket.of(setup, now_s) for setup in event.channels}
        self._pools = dict(event.pools)
        for listing in event.listings:
            self._listings.setdefault(listing.draws[0][0], []).append(listing)
        for sku, listings in self._listings.items():
            self._owe(sku, self._pools[sku] + sum(listing.right for listing in listings))
            for listing in listings:
                self._owed[listing.id] -= listing.right
                if self._owed[listing.id] < 0:
                    write = self._write(listing.id, self._owed.pop(listing.id))
                    effects.commits.append(Commit(self._name(), (), (write,)))

    def _owe(self, sku: str, units: int) -> None:
        listings = self._listings[sku]
        weights = [max(1e-9, listing.forecast_per_s or 0.0) for listing in listings]
        for listing, share in zip(listings, split(max(0, units), weights), strict=True):
            self._owed[listing.id] = self._owed.get(listing.id, 0) + share

    def _grant(self, effects: Effects) -> None:
        for listing, owed in self._owed.items():
            quantity = min(owed, self._pools[listing.listing])
            if quantity > 0:
                self._owed[listing] -= quantity
                self._pools[listing.listing] -= quantity
                write = self._write(listing, quantity)
                move = Move(self._name(), listing, quantity, "grant")
                effects.commits.append(Commit(self._name(), (move,), (write,)))

    def _write(self, listing: ListingId, change: int) -> Write:
        operation = Operation.ADD if change > 0 else Operation.SUBTRACT
        write = Write(self._name(), listing, operation, abs(change), change, WriteStatus.OPEN)
        self._waiting.append(write)
        return write

    def _call(self, write: Write) -> Call:
        call = Call(self._name(), write.listing.channel, write.operation, write.listing, write)
        self._open[call.id] = write
        return call

    def _name(self) -> str:
        self._number += 1
        return f"{self._session}-{self._number}"

    def _answered(self, write: Write, event: Answered, effects: Effects) -> None:
        grants = write.operation is Operation.ADD
        unknown = event.outcome is Outcome.UNKNOWN and not self._idempotent[write.listing.channel]
        if event.outcome not in (Outcome.DONE, Outcome.REFUSED) and not unknown:
            self._waiting.append(write)
            return
        # Of unknown outcome and not to be repeated: assumed to be where they can sell nothing twice.
        applied = event.applied if event.outcome is Outcome.DONE else 0
        moves: tuple[Move, ...] = ()
        if applied and not grants:
            moves = (Move(self._name(), write.listing, -applied, "recall"),)
            self._pools[write.listing.listing] += applied
        settled = replace(write, status=WriteStatus.APPLIED, applied=write.quantity if grants else applied)
        effects.commits.append(Commit(self._name(), moves, (settled,)))


class Mirror:
    """Shows the whole remaining stock on every platform, and sets it anew with every order heard."""

    def __init__(self) -> None:
        self._totals: dict[str, int] = {}
        self._shown: dict[ListingId, int | None] = {}
        self._busy: dict[str, ListingId] = {}
        self._buckets: dict[str, _Bucket] = {}
        self._session = ""
        self._number = 0

    def handle(self, event: Event, now_s: float) -> Effects:
        """Note what changed, then set what shows another number."""
        match event:
            case Started():
                self._start(event, now_s)
            case OrderHeard() if event.fresh:
                self._totals[event.listing.listing] -= event.quantity
            case OrderUndone() if event.fresh:
                self._totals[event.listing.listing] += event.quantity
            case PoolChanged():
                self._totals[event.sku] += event.change
            case Answered():
                listing = self._busy.pop(event.call)
                if event.outcome is not Outcome.DONE:
                    self._shown[listing] = None
            case Polled() if event.more:
                self._buckets[event.call.partition("/")[0]].next_poll_s = now_s
            case _:
                pass
        return self._effects(now_s)

    def _start(self, event: Started, now_s: float) -> None:
        self._session = event.session
        self._buckets = {setup.channel: _Bucket.of(setup, now_s) for setup in event.channels}
        self._totals = dict(event.pools)
        for listing in event.listings:
            self._totals[listing.id.listing] += listing.right
            self._shown[listing.id] = None

    def _effects(self, now_s: float) -> Effects:
        effects = Effects()
        for channel, bucket in self._buckets.items():
            if now_s >= bucket.next_poll_s and bucket.take(now_s):
                bucket.next_poll_s = now_s + _POLL_EVERY_S
                effects.calls.append(Call(self._name(channel), channel, Operation.POLL))
        busy = set(self._busy.values())
        # The scarcest first.
        stale = [listing for listing, shown in self._shown.items() if shown != self._total(listing)]
        for listing in sorted(stale, key=self._total):
            if listing not in busy and self._buckets[listing.channel].take(now_s):
                effects.calls.append(self._set(listing))
        effects.wake_at_s = now_s + _TICK_S
        return effects

    def _total(self, listing: ListingId) -> int:
        return max(0, self._totals[listing.listing])

    def _set(self, listing: ListingId) -> Call:
        total, name = self._total(listing), self._name(listing.channel)
        self._shown[listing] = total
        self._busy[name] = listing
        write = Write(name, listing, Operation.SET, total, 0, WriteStatus.OPEN)
        return Call(name, listing.channel, Operation.SET, listing, write)

    def _name(self, channel: str) -> str:
        self._number += 1
        return f"{channel}/{self._session}-{self._number}"


BASELINES: dict[str, Callable[[], Core]] = {"static": StaticSplit, "mirror": Mirror}
