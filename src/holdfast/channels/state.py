"""What a platform's calls came to so far, for `/metrics` and the console."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class CallState:
    """Counts since the start by (call, result); a result is `ok` or the code of a `ChannelError`.

    Each attempt counts. `last_error` is for people and carries no secret; times in microseconds UTC.
    """

    results: Counter[tuple[str, str]] = field(default_factory=Counter)
    repeats: int = 0
    """Attempts beyond the first, of calls that are safe to repeat."""
    refreshes: int = 0
    """New pairs of tokens fetched."""
    last_error: str = ""
    last_error_at_us: int | None = None
    last_success_at_us: int | None = None

    def succeeded(self, call: str, now_us: int) -> None:
        """Count an answer that we could use."""
        self.results[call, "ok"] += 1
        self.last_success_at_us = now_us

    def failed(self, call: str, code: str, message: str, now_us: int) -> None:
        """Count an attempt that came to nothing, and keep why."""
        self.results[call, code] += 1
        self.last_error, self.last_error_at_us = message, now_us
