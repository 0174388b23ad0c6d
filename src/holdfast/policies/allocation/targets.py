"""How many units each listing should have: the largest marginal value first.

The j-th unit on a listing is worth `weight × [(1−ε)·P(D(H1) ≥ j) + ε·P(D(H2) ≥ j)]`: H1 is how long it
takes to put more there, H2 how long the rest lasts.
"""

import math
from dataclasses import dataclass

from ..chance import NORMAL, Reach
from .view import Line, Tuning, View

FEW = 60
"""Up to so many units are dealt one by one; more of them by one common quantile."""


@dataclass(slots=True)
class Horizons:
    """Expected sales of each line over the short and the long horizon, with their samples."""

    short: list[float]
    long: list[float]
    short_samples: list[float]
    long_samples: list[float]
    reaction_s: list[float]
    recall_s: float
    long_s: float
    lasts_s: float
    """How long all units last at the present rate."""


def horizons(view: View, units: float, scales_s: tuple[float, ...], tuning: Tuning) -> Horizons:
    """Times, and demands over them."""
    lines = view.lines
    total = sum(line.rates[0] * line.draw for line in lines)
    lasts_s = units / total if total > 0 else math.inf
    long_s = min(tuning.horizon_max_s, lasts_s)
    window = next((i for i, scale_s in enumerate(scales_s) if scale_s >= long_s / tuning.window_share), 1)
    long_rates = [line.rates[window] for line in lines]
    if lasts_s > tuning.pool_fades_s:
        least = tuning.display_share_min * sum(
            rate * line.draw for rate, line in zip(long_rates, lines, strict=True)
        )
        long_rates = [max(rate, least / line.draw) for rate, line in zip(long_rates, lines, strict=True)]
    recall_s = min(line.round_trip_high_s for line in lines)
    reaction_s = [line.round_trip_high_s + line.wait_s + 0.06 for line in lines]
    short_s = [own + recall_s + line.wait_s for own, line in zip(reaction_s, lines, strict=True)]
    long_s = max(*short_s, long_s)
    return Horizons(
        short=[line.rates[0] * time_s for line, time_s in zip(lines, short_s, strict=True)],
        long=[rate * long_s for rate in long_rates],
        short_samples=[line.samples[0] for line in lines],
        long_samples=[line.samples[window] for line in lines],
        reaction_s=reaction_s,
        recall_s=recall_s,
        long_s=long_s,
        lasts_s=lasts_s,
    )


def targets(lines: list[Line], units: float, demand: Horizons, tuning: Tuning) -> list[float]:
    """Units for each line, together at most `units` of the SKU."""
    if units < 1:
        return [0.0] * len(lines)
    if units <= FEW:
        return _one_by_one(lines, int(units), demand, tuning)
    return _by_quantile(lines, units, demand, tuning)


def _one_by_one(lines: list[Line], units: int, demand: Horizons, tuning: Tuning) -> list[float]:
    dealt = [0] * len(lines)
    short = [Reach(mean, sample) for mean, sample in zip(demand.short, demand.short_samples, strict=True)]
    long = [Reach(mean, sample) for mean, sample in zip(demand.long, demand.long_samples, strict=True)]
    share = tuning.long_share

    def worth(i: int) -> float:
        line = lines[i]
        if dealt[i] + 1 > line.ceiling or line.draw > units:
            return -1.0
        value = line.weight * ((1 - share) * short[i].chance + share * long[i].chance) / line.draw
        return value + 10.0 if dealt[i] < line.minimum else value

    worths = [worth(i) for i in range(len(lines))]
    while units > 0:
        best = max(range(len(lines)), key=worths.__getitem__)
        if worths[best] < 0:
            break
        dealt[best] += 1
        units -= lines[best].draw
        short[best].step()
        long[best].step()
        worths[best] = worth(best)
        if units < max(line.draw for line in lines):
            worths = [worth(i) for i in range(len(lines))]
    return [float(n) for n in dealt]


def _by_quantile(lines: list[Line], units: float, demand: Horizons, tuning: Tuning) -> list[float]:
    spread = tuning.rate_spread * tuning.rate_spread
    short_deviation = [math.sqrt(mean * (1 + spread * mean)) for mean in demand.short]
    long_deviation = [math.sqrt(mean * (1 + spread * mean)) for mean in demand.long]
    shift = [_weight_shift(line.weight) for line in lines]

    def at(z: float, whole: bool) -> list[float]:
        found = []
        for i, line in enumerate(lines):
            if whole:
                want = max(
                    demand.short[i] + 3 * short_deviation[i],
                    demand.long[i] + (z + shift[i]) * long_deviation[i],
                )
            else:
                want = demand.short[i] + (z + shift[i]) * short_deviation[i]
            found.append(min(line.ceiling, max(float(line.minimum), want, 0.0)))
        return found

    def cost(dealt: list[float]) -> float:
        return sum(n * line.draw for n, line in zip(dealt, lines, strict=True))

    whole = cost(at(3.0, False)) < units
    low, high = -6.0, tuning.surplus_deviations_max if whole else 3.0
    if cost(at(high, whole)) <= units:
        return at(high, whole)
    for _ in range(20):
        middle = (low + high) / 2
        if cost(at(middle, whole)) <= units:
            low = middle
        else:
            high = middle
    return at(low, whole)


def _weight_shift(weight: float) -> float:
    """The quantile at which a unit of this weight is worth as much as one of weight 1 at its median."""
    if weight == 1.0:
        return 0.0
    return NORMAL.inv_cdf(min(0.999, max(0.001, 1 - 0.5 / weight))) if weight > 0 else -3.0
