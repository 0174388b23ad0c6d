"""A SKU that is looked at again and again, for the tests of its warnings."""

from collections.abc import Iterable

from holdfast.policies.warnings import Lines, State, StockWarning, View, evaluate

DEFAULT = Lines()


def sku(available: int, speed: float = 0.0, peak: int = 1_000, reserve: int = 0, debt: int = 0) -> View:
    """One SKU with the figures that a test is about."""
    return View("A1", available, peak, name="可乐", reserve=reserve, taken_per_minute=speed, debt=debt)


def watch(
    looks: Iterable[tuple[float, View]], lines: Lines = DEFAULT, state: State | None = None
) -> tuple[State, list[StockWarning]]:
    """The last state, and all that was told, for looks at given seconds."""
    state, told = state or State(), []
    for now_s, view in looks:
        outcome = evaluate(view, lines, state, now_s)
        state = outcome.state
        if outcome.warning is not None:
            told.append(outcome.warning)
    return state, told
