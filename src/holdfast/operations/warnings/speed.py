"""How fast each SKU sells: units taken by holds and orders, less those of them that were given back."""

SHORT_S, LONG_S = 60, 300
LIVELY_UNITS = 10
"""Units in the short window from which it is believed alone."""
SPAN_MIN_S = 10


class Speeds:
    """Units taken by the second they were taken in, for the last five minutes."""

    def __init__(self) -> None:
        self._taken: dict[str, dict[int, int]] = {}

    def take(self, sku: str, units: int, at_s: float) -> None:
        """Count units of a hold or an order that was recorded then."""
        seconds = self._taken.setdefault(sku, {})
        second = int(at_s)
        seconds[second] = seconds.get(second, 0) + units

    def add(self, others: "Speeds") -> None:
        """Count what others counted too."""
        for sku, seconds in others._taken.items():
            for second, units in seconds.items():
                self.take(sku, units, second)

    def give_back(self, sku: str, units: int, taken_at_s: float) -> None:
        """Uncount units in the second they were taken in: an unpaid hold was no sale."""
        seconds, second = self._taken.get(sku), int(taken_at_s)
        if seconds is not None and second in seconds:
            seconds[second] = max(0, seconds[second] - units)

    def per_minute(self, sku: str, now_s: float) -> float:
        """Units a minute.

        The last minute (or the part of it since the sale began, at least 10 s) where it holds ten units or
        more; else the last five minutes, and never more than the few units of the last one allow.
        """
        seconds = self._taken.get(sku)
        if seconds is None:
            return 0.0
        for second in [second for second in seconds if second <= now_s - LONG_S]:
            del seconds[second]
        if not seconds:
            del self._taken[sku]
            return 0.0
        recent = {second: units for second, units in seconds.items() if second > now_s - SHORT_S and units}
        short = sum(recent.values())
        if short >= LIVELY_UNITS:
            return short * 60.0 / min(SHORT_S, max(SPAN_MIN_S, now_s - min(recent)))
        return min(sum(seconds.values()) * 60.0 / LONG_S, LIVELY_UNITS * 60.0 / SHORT_S)

    def moving(self) -> list[str]:
        """SKUs that sold in the last five minutes, or did when last asked."""
        return list(self._taken)
