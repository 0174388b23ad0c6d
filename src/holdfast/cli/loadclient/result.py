"""The count of a load: what was answered, how fast, and everything that went wrong."""

from array import array
from collections import Counter
from dataclasses import dataclass, field
from math import ceil
from typing import Any

_NS_PER_MS = 1_000_000


@dataclass(slots=True)
class LoadResult:
    """`taken` = `answered` + `unanswered`, unless `aborted` says why the load ended early."""

    taken: int = 0
    answered: int = 0
    unanswered: int = 0
    by_status: Counter[int] = field(default_factory=Counter)
    replayed: int = 0
    retries_busy: int = 0
    retries_transport: int = 0
    transport_errors: Counter[str] = field(default_factory=Counter)
    connections_opened: int = 0
    late_max_ns: int = 0
    wall_s: float = 0.0
    aborted: str = ""
    latencies_ns: "array[int]" = field(default_factory=lambda: array("q"))
    _sorted: list[int] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers in a second of the whole load, from the first send to the last answer."""
        return self.answered / self.wall_s if self.wall_s > 0 else 0.0

    def percentile_ns(self, percent: float) -> int:
        """Nearest rank over every answered request: a latency that really was measured."""
        if len(self._sorted) != len(self.latencies_ns):
            self._sorted = sorted(self.latencies_ns)
        if not self._sorted:
            return 0
        rank = ceil(percent / 100 * len(self._sorted))
        return self._sorted[min(max(rank, 1), len(self._sorted)) - 1]

    def percentile_ms(self, percent: float) -> float:
        """The same in milliseconds."""
        return self.percentile_ns(percent) / _NS_PER_MS

    def to_json(self) -> dict[str, Any]:
        """Numbers only, for `--json`."""
        return {
            "taken": self.taken,
            "answered": self.answered,
            "unanswered": self.unanswered,
            "by_status": {str(status): n for status, n in sorted(self.by_status.items())},
            "replayed": self.replayed,
            "retries_busy": self.retries_busy,
            "retries_transport": self.retries_transport,
            "transport_errors": dict(self.transport_errors),
            "connections_opened": self.connections_opened,
            "wall_s": round(self.wall_s, 6),
            "rate_per_s": round(self.rate, 1),
            "latency_ms": {
                name: round(self.percentile_ms(percent), 3)
                for name, percent in (("p50", 50), ("p90", 90), ("p99", 99), ("max", 100))
            },
            "late_max_ms": round(self.late_max_ns / _NS_PER_MS, 3),
            "aborted": self.aborted,
        }
