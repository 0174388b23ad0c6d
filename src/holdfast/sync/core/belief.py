"""What a counter shows, as far as we can tell: the last exact value, less the orders heard of since."""

from holdfast.policies.demand import SalesMemory


class Belief:
    """The counter and the sales of one listing; never a ground for safety, only for proposals."""

    __slots__ = ("_inferred", "_news", "as_of_s", "base", "memory", "opened_at_s", "since")

    def __init__(self, counter: int, forecast_per_s: float, now_s: float) -> None:
        self.base = counter
        self.as_of_s = now_s
        self.since = 0
        self._news: list[tuple[float, int]] = []
        self._inferred = 0
        """Sales that a reading showed and no order told of yet."""
        self.memory = SalesMemory(forecast_per_s)
        self.opened_at_s: float | None = None

    @property
    def counter(self) -> int:
        """Expected there, if no sale were unheard of."""
        return self.base - self.since

    def order(self, quantity: int, at_s: float, now_s: float) -> None:
        """A sale; what a reading had shown before is not counted twice."""
        if self.opened_at_s is None:
            self.open(at_s)
        if at_s > self.as_of_s:
            self._news.append((at_s, quantity))
            self.since += quantity
            self.memory.sold(quantity, at_s, now_s)
            self._run(now_s, at_s)
        elif self._inferred >= quantity:
            self._inferred -= quantity
        else:
            self.memory.sold(quantity, at_s, now_s)

    def returned(self, quantity: int, at_s: float, now_s: float) -> None:
        """Units that the platform put back on its counter."""
        if at_s > self.as_of_s:
            self._news.append((at_s, -quantity))
            self.since -= quantity
            self._run(now_s, now_s)

    def open(self, at_s: float) -> None:
        """It is on sale from now on: silence begins to mean something."""
        if self.opened_at_s is None:
            self.opened_at_s = at_s
            self._run(at_s, at_s)

    def wrote(self, change: int, sent_at_s: float, now_s: float) -> None:
        """A write of ours was applied; a reading made since it was sent has seen it already."""
        if self.as_of_s <= sent_at_s:
            self.base += change
        self._run(now_s, now_s)

    def fewer_than(self, units: int, now_s: float) -> None:
        """A refusal showed that there are fewer than `units`."""
        self.base = min(self.base, self.since + units - 1)
        self._run(now_s, now_s)

    def exactly(self, value: int, as_of_s: float, now_s: float) -> None:
        """The counter was `value` at `as_of_s`."""
        if as_of_s <= self.as_of_s:
            return
        told = sum(quantity for at_s, quantity in self._news if at_s <= as_of_s)
        missing = self.base - told - value
        self._news = [item for item in self._news if item[0] > as_of_s]
        self.since = sum(quantity for _, quantity in self._news)
        if missing > 0:
            self.memory.sold(missing, (as_of_s + max(self.as_of_s, as_of_s - 5.0)) / 2, now_s)
        self._inferred = max(0, self._inferred + missing)
        self.base, self.as_of_s = value, as_of_s
        self._run(now_s, as_of_s)

    def _run(self, now_s: float, emptied_at_s: float) -> None:
        """The clock of the demand runs while the listing is on sale and has units."""
        if self.base > self.since:
            if self.opened_at_s is not None:
                self.memory.stocked(now_s)
        else:
            self.memory.emptied(min(now_s, emptied_at_s))
