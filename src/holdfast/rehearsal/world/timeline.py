"""Simulated time: what is due, in order; equal times keep the order in which they were asked for."""

import heapq
from collections.abc import Callable
from typing import Any

Action = Callable[..., None]


class Timeline:
    """A clock that jumps from one due thing to the next; seconds from the opening of the show."""

    def __init__(self, now_s: float) -> None:
        self.now_s = now_s
        self._due: list[tuple[float, int, Action, tuple[Any, ...]]] = []
        self._number = 0

    def at(self, at_s: float, action: Action, *arguments: Any) -> None:
        """Do it then; a time that has passed is now."""
        self._number += 1
        heapq.heappush(self._due, (max(at_s, self.now_s), self._number, action, arguments))

    def next_s(self) -> float:
        """When the next thing is due; infinity when nothing is."""
        return self._due[0][0] if self._due else float("inf")

    def step(self) -> None:
        """Do the next due thing at its time."""
        self.now_s, _, action, arguments = heapq.heappop(self._due)
        action(*arguments)
