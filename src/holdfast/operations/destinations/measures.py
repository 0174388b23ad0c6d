"""What deliveries count about themselves; `/metrics` reads it."""

from collections import Counter

from holdfast.engine.measures import SECONDS, Histogram


class DeliveryMeasures:
    """Messages by kind and outcome, and how long they took from the commit until they were taken."""

    def __init__(self) -> None:
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.seconds = Histogram((*SECONDS, 60.0, 600.0, 1800.0))
