"""The pace of a robot: a few messages at once, and never more than its limit in any minute."""

BURST_MAX = 5


class Pace:
    """Tokens: a burst is there at the beginning, the rest of the minute's limit comes evenly."""

    def __init__(self, per_minute: int) -> None:
        self._burst = min(BURST_MAX, per_minute // 2)
        self._per_s = (per_minute - self._burst) / 60.0
        self._tokens = float(self._burst)
        self._at_s: float | None = None

    def wait_s(self, now_s: float) -> float:
        """Seconds until the next message may go; 0 for now."""
        self._fill(now_s)
        return max(0.0, (1.0 - self._tokens) / self._per_s)

    def take(self, now_s: float) -> None:
        """A message goes."""
        self._fill(now_s)
        self._tokens -= 1.0

    def _fill(self, now_s: float) -> None:
        if self._at_s is not None:
            gained = max(0.0, now_s - self._at_s) * self._per_s
            self._tokens = min(float(self._burst), self._tokens + gained)
        self._at_s = now_s
