"""Counters and histograms that cost next to nothing on the write path; `/metrics` reads them."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


class Histogram:
    """Counts per upper bound, in Prometheus' manner; written by one thread, read by another."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = tuple(bounds)
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, value: float) -> None:
        """Add one value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    def cumulative(self) -> list[tuple[str, float]]:
        """Upper bound and how many values were at or under it, `+Inf` last."""
        total, rows = 0, []
        for bound, count in zip((*map(str, self.bounds), "+Inf"), self.counts, strict=True):
            total += count
            rows.append((bound, float(total)))
        return rows


class Measures:
    """What the engine counts about itself."""

    def __init__(self) -> None:
        self.decisions: Counter[tuple[str, str]] = Counter()
        self.replays = 0
        self.refused_full = 0
        self.batch_size = Histogram(SIZES)
        self.commit_s = Histogram(SECONDS)
        self.batch_s = Histogram(SECONDS)
        self.wait_s = Histogram(SECONDS)
        self.store_errors: Counter[str] = Counter()
