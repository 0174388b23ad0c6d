"""Ledger time: runs at the speed of a steady clock and never goes back, whatever the wall clock does."""

import time
from collections.abc import Callable


class LedgerClock:
    """Microseconds UTC: the wall clock at start plus steady time since, and never before `floor_us`.

    A wall clock that jumps while we run is not followed: a jump ahead would expire every hold at once, a jump
    back would keep them open for an hour. A restart takes the wall clock anew, or goes on from the ledger's.
    """

    def __init__(
        self,
        wall_us: Callable[[], int] = lambda: time.time_ns() // 1000,
        steady_us: Callable[[], int] = lambda: time.monotonic_ns() // 1000,
    ) -> None:
        self._wall_us = wall_us
        self._steady_us = steady_us
        self._offset_us = wall_us() - steady_us()

    def now_us(self, floor_us: int = 0) -> int:
        """The time now; `floor_us` is the last recorded time, which it never falls behind."""
        now_us = self._steady_us() + self._offset_us
        if now_us < floor_us:
            self._offset_us += floor_us - now_us
            return floor_us
        return now_us

    def skew_us(self) -> int:
        """How far the ledger's time is ahead of the wall clock."""
        return self._steady_us() + self._offset_us - self._wall_us()
