"""How fast each listing of a SKU sells, from orders that come late, and only while there was stock to sell.

For each time scale a listing remembers the decayed count of its sales and its exposure: the time in which it
had stock, each moment weighted by the share of its orders that we must have heard of by now. From the longest
scale to the shortest, a rate is shrunk towards the next longer one (gamma-Poisson), times an activity
factor that all listings of the SKU share: a pitch lifts all of them at once, and is learned from all of them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

TIME_SCALES_S = (1.5, 8.0, 60.0, 400.0)
LISTING_PRIOR = 6.0
"""Imagined sales that tie a listing's rate to the next longer time scale."""
SHARED_PRIOR = 4.0
"""The same for the activity factor common to all listings."""
RATE_LEAST = 1e-9


class SalesMemory:
    """Sales of one listing by time scale, on a clock that stands still while it is sold out."""

    __slots__ = ("_clock_s", "_counted_at_s", "_counts", "_running_since_s", "forecast_per_s")

    def __init__(self, forecast_per_s: float) -> None:
        self.expect(forecast_per_s)
        self._counts = [0.0] * len(TIME_SCALES_S)
        self._clock_s = 0.0
        self._counted_at_s = 0.0
        self._running_since_s: float | None = None

    def expect(self, forecast_per_s: float) -> None:
        """What to go by as long as there are no sales, and a little while there are few."""
        self.forecast_per_s = max(forecast_per_s, 1e-6)

    @property
    def blank(self) -> bool:
        """Whether nothing was ever sold."""
        return not any(self._counts)

    def sold(self, quantity: int, at_s: float, now_s: float) -> None:
        """Count a sale that happened at `at_s` and is heard of now."""
        self._decay(now_s)
        age_s = max(0.0, now_s - at_s)
        for index, scale_s in enumerate(TIME_SCALES_S):
            self._counts[index] += quantity * math.exp(-age_s / scale_s)

    def stocked(self, at_s: float) -> None:
        """There is something to sell from now on: the clock runs."""
        if self._running_since_s is None:
            self._running_since_s = at_s

    def emptied(self, at_s: float) -> None:
        """Sold out since `at_s`: a missing sale says nothing about demand now."""
        if self._running_since_s is not None:
            self._clock_s = max(self._clock(max(self._running_since_s, at_s)), self._counted_at_s)
            self._running_since_s = None

    def windows(self, now_s: float, lag_s: float, unsure_s: float) -> list[tuple[float, float]]:
        """(count, exposure) for each time scale.

        An order of age u has been heard of with probability min(1, u / 2 lag); all orders older than
        `unsure_s` are known, from a reading or a poll.
        """
        self._decay(now_s)
        clock, spread = self._counted_at_s, 2.0 * max(lag_s, 1e-3)
        unsure = min(unsure_s, clock)
        rising = min(unsure, spread)
        found = []
        for count, scale in zip(self._counts, TIME_SCALES_S, strict=True):
            at_rising = math.exp(-rising / scale)
            exposure = scale * (scale - at_rising * (scale + rising)) / spread
            exposure += scale * (at_rising - math.exp(-clock / scale))
            found.append((count, exposure))
        return found

    def _clock(self, at_s: float) -> float:
        since = self._running_since_s
        return self._clock_s + (max(0.0, at_s - since) if since is not None else 0.0)

    def _decay(self, now_s: float) -> None:
        clock = self._clock(now_s)
        passed = clock - self._counted_at_s
        if passed > 0:
            self._counts = [
                count * math.exp(-passed / scale_s)
                for count, scale_s in zip(self._counts, TIME_SCALES_S, strict=True)
            ]
            self._counted_at_s = clock


@dataclass(slots=True)
class Stream:
    """A listing's news: all before `certain_to_s`, the rest with a lag, nothing since `silent_from_s`."""

    memory: SalesMemory
    lag_s: float
    certain_to_s: float
    silent_from_s: float | None = None
    opened_at_s: float | None = None
    """When it began to sell, as far as is known."""


@dataclass(slots=True)
class Demand:
    """Rates in units per second for each time scale, the sales they rest on, and what is not heard of yet."""

    rates: list[float]
    samples: list[float]
    unheard: float


def estimate(streams: Sequence[Stream], now_s: float) -> list[Demand]:
    """The demand of all listings of one SKU, learned from each other."""
    windows, unheard_s, silent = [], [], []
    for stream in streams:
        until_s = (
            now_s
            if stream.silent_from_s is None
            else min(now_s, max(stream.silent_from_s, stream.certain_to_s))
        )
        windows.append(stream.memory.windows(until_s, stream.lag_s, max(0.0, until_s - stream.certain_to_s)))
        unheard_s.append(_unheard_s(stream, until_s, now_s))
        silent.append(until_s < now_s)
    rates = _shrink([stream.memory.forecast_per_s for stream in streams], windows)
    found = []
    for index, own in enumerate(windows):
        # While its news is silent, the short windows of a listing are empty for want of news, not of buyers.
        fastest = 2 if silent[index] else 0
        mine = [max(RATE_LEAST, scale[index]) for scale in rates]
        mine[:fastest] = [mine[fastest]] * fastest
        samples = [own[max(scale, fastest)][0] + LISTING_PRIOR for scale in range(len(TIME_SCALES_S))]
        found.append(Demand(mine, samples, mine[0] * unheard_s[index]))
    return found


def _unheard_s(stream: Stream, until_s: float, now_s: float) -> float:
    """Seconds of sales that no message told yet: the integral of the share still to be heard."""
    if stream.opened_at_s is None:
        return 0.0
    unsure = max(0.0, now_s - stream.certain_to_s)
    silent = now_s - until_s
    spread = 2.0 * max(stream.lag_s, 1e-3)
    recent = max(0.0, min(unsure - silent, until_s - stream.opened_at_s))
    return min(silent, unsure) + (spread / 2 if recent >= spread else recent - recent * recent / (2 * spread))


def _shrink(forecast: list[float], windows: list[list[tuple[float, float]]]) -> list[list[float]]:
    """Rates by time scale, shortest first."""
    rates, scales = list(forecast), []
    for scale in range(len(TIME_SCALES_S) - 1, -1, -1):
        seen = [own[scale] for own in windows]
        expected = sum(rate * exposure for rate, (_, exposure) in zip(rates, seen, strict=True))
        activity = (sum(count for count, _ in seen) + SHARED_PRIOR) / (expected + SHARED_PRIOR)
        rates = [
            (count + LISTING_PRIOR) / (exposure + LISTING_PRIOR / (rate * activity))
            for rate, (count, exposure) in zip(rates, seen, strict=True)
        ]
        scales.append(rates)
    scales.reverse()
    return scales
