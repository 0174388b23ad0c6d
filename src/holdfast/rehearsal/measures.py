"""What a show came to, measured from the world's side alone, whatever the controller believes."""

from dataclasses import dataclass, field

import msgspec

from .oracle import Best
from .scenario import Scenario

# A phantom stock-out hurts only while something worth selling is left: this share of the stock.
_WORTH_SELLING = 0.01


class Figures(msgspec.Struct, frozen=True):
    """The figures of one show: units, seconds, calls; `ratio` and `bell` are shares of the all-knowing's."""

    oversold: int
    """Units accepted while everything was sold already."""
    violations: int
    """Events after which counters and sales were more than the stock: it could have been oversold."""
    sold: int
    """Units accepted, cancelled later or not."""
    served: int
    """Units sold and not cancelled at the end."""
    all_knowing: int
    """The same for the all-knowing controller."""
    ratio: float
    bell: float
    stranded: int
    """Units unsold at the end that the all-knowing controller sold."""
    phantom_s: float
    """Seconds in which a platform showed none while units were left, over platforms and SKUs."""
    phantom1_s: float
    """The same while at least 1 % of the SKU was left."""
    phantom1_lost_pct: float
    """Customers turned away in them, in percent of all."""
    calls: int
    limited: int
    """Calls refused because they were too many."""


@dataclass(slots=True)
class _Sku:
    """One SKU as it really is; `shown` is the sum of the counters."""

    physical: int
    shown: int
    zero_counters: int
    worth_selling: float
    outstanding: int = 0
    as_of_s: float = 0.0
    sales: list[tuple[float, int]] = field(default_factory=list)


class Measures:
    """Told of every change in the world; `check` runs after every event."""

    def __init__(self, scenario: Scenario, best: dict[str, Best]) -> None:
        self.calls = {platform.id: 0 for platform in scenario.platforms}
        self.limited = 0
        self.violations = 0
        self.oversold = 0
        self.taken: dict[tuple[str, str], int] = {}
        """Units that orders took off a counter, less those put back, by (platform, SKU)."""
        self._best = best
        self._sells = {(stream.platform, stream.sku) for stream in scenario.demand}
        self._skus: dict[str, _Sku] = {}
        for sku in scenario.skus:
            zero = sum(not sku.initial.get(platform) for platform, name in self._sells if name == sku.id)
            shown = sum(sku.initial.values())
            self._skus[sku.id] = _Sku(sku.stock, shown, zero, _WORTH_SELLING * sku.stock)
        self.taken = {(platform.id, sku.id): 0 for platform in scenario.platforms for sku in scenario.skus}
        self._touched: set[str] = set()
        self._offered = self._sold = self._turned_away = 0
        self._phantom_s = self._phantom1_s = 0.0
        self._open = True

    def physical(self, sku: str) -> int:
        """Units in the house and sold together."""
        return self._skus[sku].physical

    def left(self, sku: str) -> int:
        """Units that nobody has bought."""
        return self._skus[sku].physical - self._skus[sku].outstanding

    def sold(self, platform: str, sku: str, quantity: int, now_s: float) -> None:
        """A platform accepted an order."""
        one = self._integrated(sku, now_s)
        one.outstanding += quantity
        over = one.outstanding - one.physical
        if over > 0:
            self.oversold += min(quantity, over)
        one.sales.append((now_s, quantity))
        self.taken[platform, sku] += quantity
        self._offered += quantity
        self._sold += quantity

    def refused(self, sku: str, quantity: int) -> None:
        """A platform had not enough on its counter."""
        self._offered += quantity
        one = self._skus[sku]
        if one.physical - one.outstanding >= max(quantity, one.worth_selling):
            self._turned_away += quantity

    def undone(self, platform: str, sku: str, quantity: int, now_s: float, to_counter: bool) -> None:
        """An order was undone; its units go back to the counter, or to us."""
        one = self._integrated(sku, now_s)
        one.outstanding -= quantity
        if to_counter:
            self.taken[platform, sku] -= quantity

    def counter_changed(self, platform: str, sku: str, before: int, change: int, now_s: float) -> None:
        """A counter is about to change, by whatever."""
        one = self._integrated(sku, now_s)
        one.shown += change
        if (platform, sku) in self._sells:
            one.zero_counters += (before + change <= 0) - (before <= 0)

    def physical_changed(self, sku: str, change: int, now_s: float) -> None:
        """Units came to or left the house without being sold."""
        self._integrated(sku, now_s).physical += change

    def check(self) -> set[str]:
        """Look at the SKUs that changed in this event; they are given back, and forgotten."""
        touched, self._touched = self._touched, set()
        for sku in touched:
            one = self._skus[sku]
            if one.shown + one.outstanding > one.physical:
                self.violations += 1
        return touched

    def close(self, now_s: float) -> None:
        """The show ends: later seconds are no phantom stock-outs."""
        for sku in self._skus:
            self._integrated(sku, now_s)
        self._open = False

    def figures(self) -> Figures:
        """After the end of the show."""
        served = {name: min(one.outstanding, one.physical) for name, one in self._skus.items()}
        all_knowing = sum(best.served for best in self._best.values())
        at_bell = sum(
            min(best.bell_units, sum(units for at_s, units in self._skus[name].sales if at_s <= best.bell_s))
            for name, best in self._best.items()
        )
        stranded = sum(max(0, best.served - served[name]) for name, best in self._best.items())
        return Figures(
            oversold=self.oversold,
            violations=self.violations,
            sold=self._sold,
            served=sum(served.values()),
            all_knowing=all_knowing,
            ratio=sum(served.values()) / max(1, all_knowing),
            bell=at_bell / max(1, sum(best.bell_units for best in self._best.values())),
            stranded=stranded,
            phantom_s=self._phantom_s,
            phantom1_s=self._phantom1_s,
            phantom1_lost_pct=100.0 * self._turned_away / max(1, self._offered),
            calls=sum(self.calls.values()),
            limited=self.limited,
        )

    def _integrated(self, sku: str, now_s: float) -> _Sku:
        """The SKU, its phantom seconds counted up to now; it is about to change."""
        self._touched.add(sku)
        one = self._skus[sku]
        left = one.physical - one.outstanding
        if self._open and now_s > 0 and one.zero_counters and left > 0:
            phantom_s = (now_s - max(0.0, one.as_of_s)) * one.zero_counters
            self._phantom_s += phantom_s
            if left >= one.worth_selling:
                self._phantom1_s += phantom_s
        one.as_of_s = now_s
        return one
