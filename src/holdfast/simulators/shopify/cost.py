"""The points that calls cost, and the bucket that they are taken from."""

import time
from typing import Any


class CostBucket:
    """Points that come back with time; they are looked at before they are taken."""

    def __init__(self) -> None:
        self._spent = 0.0
        self._seen_at_s = time.monotonic()

    def left(self, restore_rate: float, maximum: float) -> float:
        """Points that can be spent now."""
        now_s = time.monotonic()
        self._spent = max(0.0, self._spent - (now_s - self._seen_at_s) * restore_rate)
        self._seen_at_s = now_s
        return maximum - self._spent

    def spend(self, points: float) -> None:
        """Take points."""
        self._spent += points


def objects_in(value: Any) -> int:
    """How many objects an answer has."""
    if isinstance(value, dict):
        return 1 + sum(objects_in(each) for each in value.values())
    return sum(objects_in(each) for each in value) if isinstance(value, list) else 0
