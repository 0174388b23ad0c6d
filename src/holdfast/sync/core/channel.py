"""The health of one channel: how fast, how late, how reliable it is, and how many calls it has left."""

import math
from typing import TYPE_CHECKING

from holdfast.channels.manifest import Manifest, UnderRun, WriteMode

from ..messages import ListingId, Outcome

if TYPE_CHECKING:
    from .state import ListingState

FAILURES_TO_OPEN = 2
"""Calls that must fail in a row before a channel gets no new units."""
PROBE_EVERY_S = 3.0
LAGS_KEPT = 40
_STOPS_AT_ZERO = (UnderRun.REFUSES, UnderRun.CLAMPS)
SILENT_MESSAGES = 8.0
"""A channel is blind when so many messages should have come: chance explains that once in e^8 times."""


def shrinks(manifest: Manifest) -> bool:
    """Whether units can be taken back from a platform's counters safely."""
    if manifest.write is WriteMode.NONE:
        # Nothing is told to anybody: the ledger itself refuses to take what is held.
        return True
    if manifest.write is WriteMode.RELATIVE and manifest.under_run not in _STOPS_AT_ZERO:
        # Below zero, units that are sold and not heard of yet would be counted as taken back.
        return False
    return manifest.can_shrink


class ChannelState:
    """Token bucket, round trip, message lag, failures and how far its orders are known."""

    __slots__ = (
        "_burst",
        "_heard_per_s",
        "_lags",
        "_limited_in_a_row",
        "_quiet_until_s",
        "_rate",
        "_tokens",
        "_tokens_at_s",
        "complete_to_s",
        "deviation_s",
        "failures",
        "heard_at_s",
        "lag_s",
        "manifest",
        "name",
        "next_poll_s",
        "next_sweep_s",
        "open",
        "polled_at_s",
        "polling",
        "probe_at_s",
        "proved_to_s",
        "round_trip_s",
    )

    def __init__(self, name: str, manifest: Manifest, now_s: float) -> None:
        self.name = name
        self.manifest = manifest
        # Where nothing is called, nothing waits for a call: our own shop's cap is 0 calls a second.
        self._rate = manifest.rate.per_s * 0.95 if self.counts else math.inf
        self._burst = max(1.0, manifest.rate.burst - 1.0)
        self._tokens, self._tokens_at_s = self._burst, now_s
        self._limited_in_a_row = 0
        self._quiet_until_s = -math.inf
        self.round_trip_s = manifest.round_trip_s
        self.deviation_s = 0.1
        self.failures = 0
        self.probe_at_s = -math.inf
        self.lag_s = manifest.push_lag_s
        self._lags: list[float] = []
        self.heard_at_s: float | None = None
        self._heard_per_s = 0.0
        self.complete_to_s = self.proved_to_s = -math.inf
        self.polling = False
        self.polled_at_s = -math.inf
        self.open: dict[ListingId, ListingState] = {}
        """Listings with something to settle."""
        self.next_sweep_s = now_s
        self.next_poll_s = now_s if manifest.poll else math.inf

    @property
    def counts(self) -> bool:
        """Whether the platform has counters that we write by calls."""
        return self.manifest.write is not WriteMode.NONE

    @property
    def up(self) -> bool:
        """Closed circuit: it gets new units."""
        return self.failures < FAILURES_TO_OPEN

    @property
    def round_trip_high_s(self) -> float:
        """A high quantile of the round trip."""
        return self.round_trip_s + 2 * self.deviation_s

    @property
    def patience_s(self) -> float:
        """After this, an answer is late enough to act without it."""
        return self.round_trip_s + 4 * self.deviation_s

    @property
    def burst(self) -> float:
        """Calls that may be made at once."""
        return self._burst

    def tokens(self, now_s: float) -> float:
        """Calls that may be made now."""
        if now_s > self._tokens_at_s:
            self._tokens = min(self._burst, self._tokens + (now_s - self._tokens_at_s) * self._rate)
            self._tokens_at_s = now_s
        return self._tokens if now_s >= self._quiet_until_s else min(self._tokens, 0.0)

    def spend(self, now_s: float) -> None:
        """A call is made."""
        self.tokens(now_s)
        self._tokens -= 1

    def next_token_s(self, now_s: float) -> float:
        """When the next call may be made."""
        wait_s = max(0.02, (1 - self.tokens(now_s)) / self._rate)
        return max(now_s + min(wait_s, 60.0), self._quiet_until_s)

    def wait_s(self, waiting: int, now_s: float) -> float:
        """How long one more call would wait behind `waiting` others."""
        return max(0.0, (waiting + 1 - self.tokens(now_s)) / self._rate)

    def answered(self, outcome: Outcome, took_s: float | None, now_s: float) -> None:
        """Learn from the end of a call; `took_s` is None where it says nothing about the round trip."""
        if outcome in (Outcome.UNKNOWN, Outcome.FAILED):
            self.failures += 1
            if self.failures >= FAILURES_TO_OPEN:
                back_off_s = min(PROBE_EVERY_S, 0.5 * 2.0 ** min(10, self.failures - FAILURES_TO_OPEN))
                self.probe_at_s = now_s + back_off_s
            return
        self.failures = 0
        if took_s is not None:
            self.deviation_s += 0.1 * (abs(took_s - self.round_trip_s) - self.deviation_s)
            self.round_trip_s += 0.1 * (took_s - self.round_trip_s)
        if outcome is Outcome.LIMITED:
            self._tokens = min(self._tokens, 0.0)
            self._limited_in_a_row += 1
            if self._limited_in_a_row > 1:
                self._quiet_until_s = now_s + min(5.0, 0.1 * 2.0 ** min(10, self._limited_in_a_row))
        else:
            self._limited_in_a_row = 0

    def heard(self, at_s: float, now_s: float) -> None:
        """A pushed message came, about something that happened at `at_s`."""
        if self.heard_at_s is not None:
            self._heard_per_s = self._heard_per_s * math.exp(-(now_s - self.heard_at_s) / 5.0) + 1 / 5.0
        self.heard_at_s = now_s
        self._lags.append(max(0.0, now_s - at_s))
        if len(self._lags) >= LAGS_KEPT:
            self.lag_s = sorted(self._lags)[LAGS_KEPT // 2]
            del self._lags[: LAGS_KEPT // 2]

    def silent_from_s(self, now_s: float) -> float | None:
        """Since when messages are missing that should have come; None while all is well."""
        if self.heard_at_s is None:
            return None
        silence_s = now_s - self.heard_at_s
        blind = silence_s > 1.0 and silence_s * self._heard_per_s > SILENT_MESSAGES
        return self.heard_at_s if blind else None
