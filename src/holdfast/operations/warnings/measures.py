"""What the watch counts about itself; `/metrics` reads it."""

from collections import Counter

from holdfast.engine.measures import SECONDS, Histogram


class WarningMeasures:
    """Warnings told by kind and level, and how long a commit took to be told of."""

    def __init__(self) -> None:
        self.told: Counter[tuple[str, str]] = Counter()
        self.lag_s = Histogram(SECONDS)
        self.looks = 0
