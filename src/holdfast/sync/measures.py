"""What is to be seen of the sync of a channel, for `/metrics` and the console."""

from collections import Counter, deque
from dataclasses import dataclass, field

from holdfast.channels.manifest import Manifest
from holdfast.engine.measures import Histogram

from .core.channel import shrinks

LAGS_KEPT = 1_000
LAG_BOUNDS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Our own part takes milliseconds, what a platform pushes late may take minutes."""


class Lags:
    """Something that takes time, in seconds: all of it counted, the last thousand kept for people."""

    def __init__(self) -> None:
        self._values: deque[float] = deque(maxlen=LAGS_KEPT)
        self.histogram = Histogram(LAG_BOUNDS_S)

    def add(self, seconds: float) -> None:
        """Note one."""
        self._values.append(seconds)
        self.histogram.observe(seconds)

    def __len__(self) -> int:
        return len(self._values)

    def quantile(self, share: float) -> float | None:
        """The value that `share` of them are at or under; None while there are none."""
        if not self._values:
            return None
        ranked = sorted(self._values)
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


@dataclass(slots=True)
class ChannelMeasures:
    """Counted since the start; times in microseconds UTC, lags in seconds."""

    pushes: Counter[str] = field(default_factory=Counter)
    """By kind."""
    pushes_refused: Counter[str] = field(default_factory=Counter)
    """By the reason of `PushRefused`."""
    pushes_repeated: int = 0
    pushes_failed: int = 0
    echoes: int = 0
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By operation and outcome."""
    last_push_at_us: int | None = None
    last_poll_at_us: int | None = None
    complete_to_us: int | None = None
    orders: int = 0
    """Tellings that were booked; an order is told of several times."""
    orders_by_push: int = 0
    """Orders that a push told of first."""
    orders_by_poll: int = 0
    """Orders that a poll told of first, their push being late, lost or none."""
    oversold_units: int = 0
    unmapped_orders: set[str] = field(default_factory=set)
    refused_orders: dict[str, str] = field(default_factory=dict)
    """Result codes of the ledger, by order that it does not book."""
    open_writes: set[str] = field(default_factory=set)
    barred: dict[str, str] = field(default_factory=dict)
    """What the platform says of the listings that it refuses, by listing."""
    mismatches: dict[str, tuple[int, int]] = field(default_factory=dict)
    """When a counter last had fewer units than its right, and how many; they went back. By listing."""
    failures_in_a_row: int = 0
    last_error: str = ""
    last_error_at_us: int | None = None
    message_lag: Lags = field(default_factory=Lags)
    """From an order's time on the platform until it is on file here, by push."""
    send_lag: Lags = field(default_factory=Lags)
    """From a commit until its call is sent."""
    round_trip: Lags = field(default_factory=Lags)


def stop_of(right: int, manifest: Manifest) -> str:
    """`stopped`, `stopping`, or `cannot_stop` where the platform lets nobody take units back."""
    if right <= 0:
        return "stopped"
    return "stopping" if shrinks(manifest) else "cannot_stop"


@dataclass(frozen=True, slots=True)
class ChannelSync:
    """How the sync of one channel stands now."""

    channel: str
    platform: str
    up: bool
    """False while its calls fail: it gets no new units."""
    problem: str
    """Why it does not run, or what went wrong last; empty when all is well."""
    measures: ChannelMeasures
    rights: dict[str, int]
    stops: dict[str, str]
    """How far a person's stop has come, of each frozen listing: see `stop_of`."""
    access_expires_at_us: int | None
    refresh_expires_at_us: int | None
