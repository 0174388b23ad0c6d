"""A storm of warnings becomes a few messages: some told one by one, the rest counted by level."""

from collections.abc import Iterable
from dataclasses import dataclass

from .model import Kind, Level, StockWarning

_BETTER = frozenset({Kind.EASED, Kind.CLEARED})


@dataclass(frozen=True, slots=True)
class Digest:
    """One message: `count` SKUs of one level, the worst of them named; `better` when all eased or cleared.

    `skus` are all that it stands for, the named ones first.
    """

    level: Level
    better: bool
    count: int
    named: tuple[StockWarning, ...]
    skus: tuple[str, ...] = ()


def digest(warnings: Iterable[StockWarning], singles_max: int = 3, named_max: int = 10) -> tuple[Digest, ...]:
    """At most `singles_max` messages of one SKU, or at most four of many; the last word on a SKU wins."""
    latest: dict[str, StockWarning] = {}
    for warning in warnings:
        latest[warning.sku] = warning
    told = sorted(latest.values(), key=_urgency)
    if len(told) <= singles_max:
        return tuple(Digest(each.level, each.kind in _BETTER, 1, (each,), (each.sku,)) for each in told)
    groups: dict[tuple[bool, Level], list[StockWarning]] = {}
    for each in told:
        better = each.kind in _BETTER
        groups.setdefault((better, Level.NOTICE if better else each.level), []).append(each)
    return tuple(
        Digest(level, better, len(group), tuple(group[:named_max]), tuple(each.sku for each in group))
        for (better, level), group in groups.items()
    )


def _urgency(warning: StockWarning) -> tuple[bool, int, float, int, str]:
    """What got better comes last; then by level, time left, debt, and by name for a fixed order."""
    empty_in_s = warning.figures.empty_in_s
    left_s = empty_in_s if empty_in_s is not None else float("inf")
    return (warning.kind in _BETTER, -warning.level, left_s, -warning.figures.debt, warning.sku)
