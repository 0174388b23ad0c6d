"""What the same buyers would have bought otherwise: from a static split, and from one shared counter.

Pure: the very buyers of the show, in their order, against counters that nobody refills.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .plan import ORDERS_PER_S, Buyer

Placed = list[tuple[float, int]]
"""Moments in seconds, and by how many units what is sold or on its way changed there."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A way to sell: `empty_at_s` is when its last unit went first, None if that never was."""

    placed: Placed
    empty_at_s: float | None

    @property
    def sold(self) -> int:
        """Units in the end."""
        return units_by(self.placed, float("inf"))


def split_by_forecast(stock: int) -> dict[str, int]:
    """All units, shared out by what each channel is known to sell; what rounding leaves goes to the first."""
    total = sum(ORDERS_PER_S.values())
    shares = {channel: int(stock * rate / total) for channel, rate in ORDERS_PER_S.items()}
    first = next(iter(shares))
    shares[first] += stock - sum(shares.values())
    return shares


def static_split(buyers: Sequence[Buyer], stock: int) -> Alternative:
    """Each channel has its share before the show, and never another unit."""
    return _sell(buyers, split_by_forecast(stock), {channel: channel for channel in ORDERS_PER_S})


def one_counter(buyers: Sequence[Buyer], stock: int) -> Alternative:
    """All channels sell from one counter without any delay: nobody can do better."""
    return _sell(buyers, {"": stock}, dict.fromkeys(ORDERS_PER_S, ""))


def units_by(placed: Placed, at_s: float) -> int:
    """Units by that moment."""
    return sum(units for moment, units in placed if moment <= at_s)


def _sell(buyers: Sequence[Buyer], counters: dict[str, int], counter_of: Mapping[str, str]) -> Alternative:
    placed: Placed = []
    coming_back: list[tuple[float, str, int]] = []
    empty_at_s: float | None = None

    def bring_back(until_s: float) -> None:
        while coming_back and coming_back[0][0] <= until_s:
            back_at_s, counter, units = heapq.heappop(coming_back)
            counters[counter] += units
            placed.append((back_at_s, -units))

    for buyer in buyers:
        bring_back(buyer.at_s)
        counter = counter_of[buyer.channel]
        if counters[counter] < buyer.quantity:
            continue
        counters[counter] -= buyer.quantity
        placed.append((buyer.at_s, buyer.quantity))
        if buyer.abandons:
            heapq.heappush(coming_back, (buyer.at_s + buyer.thinks_s, counter, buyer.quantity))
        if empty_at_s is None and not any(counters.values()):
            empty_at_s = buyer.at_s
    bring_back(float("inf"))
    return Alternative(placed, empty_at_s)
