"""The platforms of the hostile world: what they declare, and what becomes of their counters."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from holdfast.channels.manifest import RateCap, UnderRun, WriteMode
from holdfast.sync.messages import Answered, Call, Event, ListingId, Operation, Outcome, Polled, Write
from tests.fakes.manifests import manifest

A, B = "a", "b"
CHANNELS = {
    "repeats": manifest(),
    "clamps": manifest(under_run=UnderRun.CLAMPS, write_tells_counter=True),
    "forgets": manifest(idempotent=False, write_tells_counter=True),
    "forgets_clamps": manifest(idempotent=False, under_run=UnderRun.CLAMPS),
    "compares": manifest(write=WriteMode.COMPARE_AND_SET, under_run=UnderRun.NEGATIVE, idempotent=False),
    "negative": manifest(under_run=UnderRun.NEGATIVE, idempotent=False),
    "one_way": manifest(can_shrink=False, idempotent=False, under_run=UnderRun.UNKNOWN),
    "shop": manifest(write=WriteMode.NONE, rate=RateCap(0.0, 0.0)),
}
LISTINGS: dict[ListingId, tuple[tuple[str, int], ...]] = {
    **{ListingId(channel, "single"): ((A, 1),) for channel in CHANNELS},
    ListingId("repeats", "bundle"): ((A, 2), (B, 1)),
    ListingId("forgets", "other"): ((B, 1),),
    ListingId("compares", "other"): ((B, 1),),
}


@dataclass
class Flying:
    """A request in the network: it may arrive until its deadline; its caller waits for an answer."""

    call: Call
    sent_at_s: float
    run: int
    arrived: bool = False
    answer: Event | None = None
    settled: bool = False


@dataclass
class Counter:
    """What the platform shows, and which writes it did."""

    shown: int = 0
    history: list[tuple[float, int]] = field(default_factory=list)
    unheard: int = 0

    def show(self, change: int, now_s: float) -> None:
        """Change what is shown."""
        self.history.append((now_s, self.shown))
        self.shown += change

    def stale(self, now_s: float, pick: Callable[[int], int]) -> int:
        """A reading may be a little old."""
        old = [shown for until_s, shown in self.history if until_s >= now_s - 0.29]
        choices = [*old, self.shown]
        return choices[pick(len(choices))]

    def apply(self, write: Write, under_run: UnderRun, now_s: float) -> tuple[Outcome, int]:
        """Do a write as the platform would."""
        if write.expected is not None and write.expected != self.shown:
            return Outcome.REFUSED, 0
        assert write.operation is not Operation.SET
        applied = write.quantity
        if write.operation is Operation.SUBTRACT and applied > self.shown:
            if under_run is UnderRun.REFUSES:
                return Outcome.REFUSED, 0
            if under_run is UnderRun.CLAMPS:
                applied = self.shown
        self.show(applied if write.operation is Operation.ADD else -applied, now_s)
        return Outcome.DONE, applied


def failed(flight: Flying) -> Any:
    """The unknown end of a call."""
    if flight.call.operation is Operation.POLL:
        return Polled(flight.call.id, Outcome.UNKNOWN, flight.sent_at_s)
    return Answered(flight.call.id, Outcome.UNKNOWN, flight.sent_at_s)
