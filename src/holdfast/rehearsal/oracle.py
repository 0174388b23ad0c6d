"""The all-knowing controller: one counter for all platforms, no delay; whoever comes first is served."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

from .demand import Customer
from .scenario import Scenario


@dataclass(slots=True)
class Best:
    """What it makes of one SKU; `served` counts what stayed sold, `sold` everything.

    The bell is when it sold its last unit, or the end of the show: then the host ends the pitch.
    """

    left: int
    bell_s: float
    served: int = 0
    sold: int = 0
    sold_by_bell: int | None = None
    left_over_time: list[tuple[float, int]] = field(default_factory=list)

    @property
    def bell_units(self) -> int:
        """Units sold up to the bell, cancelled later or not."""
        return self.sold if self.sold_by_bell is None else self.sold_by_bell

    def change(self, at_s: float, units: int) -> None:
        """Sell so many; below zero they come back."""
        self.left -= units
        self.served += units
        self.left_over_time.append((at_s, self.left))


def all_knowing(scenario: Scenario, customers: Sequence[Customer]) -> dict[str, Best]:
    """The best result of every SKU; an order that comes at the very time of a return may have the unit."""
    best = {sku.id: Best(sku.stock, scenario.horizon_s) for sku in scenario.skus}
    coming_back: list[tuple[float, str, int]] = []
    for customer in customers:
        _come_back(best, coming_back, customer.at_s)
        one = best[customer.sku]
        if one.left < customer.quantity:
            continue
        one.change(customer.at_s, customer.quantity)
        one.sold += customer.quantity
        if customer.undone_after_s is not None:
            back_at_s = customer.at_s + customer.undone_after_s
            heapq.heappush(coming_back, (back_at_s, customer.sku, customer.quantity))
        if one.left == 0 and one.sold_by_bell is None:
            one.bell_s, one.sold_by_bell = customer.at_s, one.sold
    _come_back(best, coming_back, scenario.horizon_s)
    return best


def _come_back(best: dict[str, Best], coming_back: list[tuple[float, str, int]], until_s: float) -> None:
    while coming_back and coming_back[0][0] <= until_s:
        at_s, sku, quantity = heapq.heappop(coming_back)
        best[sku].change(at_s, -quantity)
