"""The little probability that the rules share: how likely a demand is to reach a unit."""

import math
from statistics import NormalDist

NORMAL = NormalDist()
_NORMAL_FROM = 60.0
"""Means from which a normal curve stands in for the exact counts."""


class Reach:
    """P(demand ≥ j) for j = 1, 2, …, one step at a time; demand is Poisson with a gamma-distributed mean.

    `sample` is how many sales the mean was learned from: the fewer, the fatter the tail.
    """

    __slots__ = ("_growth", "_j", "_mass", "_sample", "chance")

    def __init__(self, mean: float, sample: float) -> None:
        self._sample = sample
        self._growth = mean / (sample + mean)
        self._mass = math.exp(-sample * math.log1p(mean / sample))
        self._j = 0
        self.chance = 1.0 - self._mass

    def step(self) -> None:
        """Go on to the next unit."""
        self._j += 1
        self._mass *= self._growth * (self._sample + self._j - 1) / self._j
        self.chance = max(0.0, self.chance - self._mass)


def expected_sales(mean: float, stock: float) -> float:
    """Expected units sold from `stock` under a Poisson demand."""
    if stock <= 0 or mean <= 0:
        return 0.0
    deviation = math.sqrt(mean)
    if stock >= mean + 8 * deviation + 8:
        return mean
    if mean > _NORMAL_FROM:
        z = (stock - mean) / deviation
        beyond = math.exp(-z * z / 2) / math.sqrt(2 * math.pi) - z * 0.5 * math.erfc(z / math.sqrt(2))
        return max(0.0, mean - deviation * beyond)
    mass = math.exp(-mean)
    reach, sold, whole = 1.0 - mass, 0.0, int(stock)
    for unit in range(1, whole + 1):
        sold += reach
        mass *= mean / unit
        reach = max(0.0, reach - mass)
    return sold + (stock - whole) * reach


def extra_sales(mean: float, stock: float, units: float) -> float:
    """Expected sales that `units` more on top of `stock` bring."""
    return max(0.0, expected_sales(mean, stock + units) - expected_sales(mean, stock))
