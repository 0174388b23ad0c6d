"""The customers of a scenario: the same in every language, because every step of the drawing is fixed.

A stream's numbers come from SplitMix64, seeded with FNV-1a-64 of `seed/rep/sku/platform`.
"""

import math
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import NamedTuple, TypeVar

from .scenario import Curve, Scenario, Stream

_MASK = (1 << 64) - 1
_UNIT = 1.0 / (1 << 53)
T = TypeVar("T")


class Customer(NamedTuple):
    """Somebody who wants `quantity` at `at_s`; what is bought is undone `undone_after_s` later, if ever."""

    at_s: float
    platform: str
    sku: str
    quantity: int
    undone_after_s: float | None


def fnv1a64(text: str) -> int:
    """FNV-1a with 64 bits over the UTF-8 bytes."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & _MASK
    return value


def uniforms(seed: int) -> Iterator[float]:
    """SplitMix64 as doubles in [0, 1): the top 53 bits of each number."""
    state = seed & _MASK
    while True:
        state = (state + 0x9E3779B97F4A7C15) & _MASK
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        yield ((mixed ^ (mixed >> 31)) >> 11) * _UNIT


def customers(scenario: Scenario, rep: int = 0) -> list[Customer]:
    """All customers of one replication, in the order in which they come."""
    everybody = [customer for stream in scenario.demand for customer in _stream(scenario, rep, stream)]
    everybody.sort(key=lambda customer: customer[:4])
    return everybody


def curve_units(curve: Curve) -> float:
    """Orders that a curve stands for: its area."""
    return sum(0.5 * (r0 + r1) * (t1 - t0) for (t0, r0), (t1, r1) in pairwise(curve))


def _stream(scenario: Scenario, rep: int, stream: Stream) -> Iterator[Customer]:
    draw = uniforms(fnv1a64(f"{scenario.seed}/{rep}/{stream.sku}/{stream.platform}")).__next__
    quantities = [
        (bound, units) for bound, (units, _) in zip(_bounds(scenario.qty, 1), scenario.qty, strict=True)
    ]
    cancel = scenario.cancel
    delays = list(zip(_bounds(cancel.delay_s, 0), cancel.delay_s, strict=True))
    passed = 0.0
    wanted = -math.log(1.0 - draw())
    for (begin_s, rate), (end_s, rate_at_end) in pairwise(stream.curve):
        length_s = end_s - begin_s
        area = 0.5 * (rate + rate_at_end) * length_s
        while area > 0 and passed + area >= wanted:
            at_s = begin_s + _reach(wanted - passed, rate, (rate_at_end - rate) / length_s)
            which, undone, part, delay = draw(), draw(), draw(), draw()
            quantity = _pick(quantities, which)
            undone_after_s = None
            if undone < cancel.p:
                _, lo, hi = _pick(delays, part)
                undone_after_s = lo + (hi - lo) * delay
            yield Customer(at_s, stream.platform, stream.sku, quantity, undone_after_s)
            wanted += -math.log(1.0 - draw())
        passed += area


def _reach(area: float, rate: float, slope: float) -> float:
    """How far along a line from `rate` with `slope` that area is filled."""
    if abs(slope) < 1e-12:
        return area / rate
    return (-rate + math.sqrt(max(0.0, rate * rate + 2 * slope * area))) / slope


def _bounds(weighted: tuple[tuple[float, ...], ...], weight_at: int) -> list[float]:
    return list(accumulate(item[weight_at] for item in weighted))


def _pick(choices: list[tuple[float, T]], uniform: float) -> T:
    """The first choice whose bound is above; the last one where rounding leaves none."""
    return next((choice for bound, choice in choices if uniform < bound), choices[-1][1])
