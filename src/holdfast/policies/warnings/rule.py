"""The rule: a look at one SKU, and what it changes in the warning that stands for it.

The rungs of a SKU form one ladder, and only the worst rung that holds stands. A rung is entered at its line
and left well above it, so numbers that tremble at a line tell nothing twice.
"""

import math
from dataclasses import dataclass, replace

from .model import Advice, Figures, Kind, Level, Lines, Standing, State, StockWarning, Tier, View

_NEVER_QUIET = frozenset({Tier.SOLD_OUT, Tier.OVERSOLD})
_LEVELS = {
    Tier.SAFETY_LINE: Level.NOTICE,
    Tier.PERCENTAGE_LINE: Level.WARNING,
    Tier.ABSOLUTE_LINE: Level.WARNING,
    Tier.EMPTY_SOON: Level.WARNING,
    Tier.EMPTY_NOW: Level.CRITICAL,
    Tier.SOLD_OUT: Level.CRITICAL,
    Tier.OVERSOLD: Level.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state to keep, and the one thing to tell, if there is any."""

    state: State
    warning: StockWarning | None = None


@dataclass(frozen=True, slots=True)
class _Rung:
    """A line: entered when `measure` is at most `enter`, left when it is above `leave`."""

    tier: Tier
    line: float
    measure: float
    enter: float
    leave: float


def evaluate(view: View, lines: Lines, state: State, now_s: float) -> Outcome:
    """Look at a SKU; at most one thing is told, and the same look at the same time tells nothing more."""
    before = state.standing
    ladder = _ladder(view, lines, before)
    rank_before = _rank(ladder, before)
    rank = _worst(ladder, rank_before)
    if rank < 0:
        if before is None or before.told_at_s is None:
            return Outcome(State(None, state.told))
        return Outcome(
            State(None, state.told), _warning(view, Kind.CLEARED, before, _figures(view, before.line), now_s)
        )
    rung = ladder[rank]
    if before is None or rank > rank_before:
        level = max(_LEVELS[rung.tier], before.level if before else Level.NOTICE)
        return _tell_raised(view, lines, state, Standing(rung.tier, rung.line, level, now_s), now_s)
    if rank < rank_before:
        return _ease(view, lines, state, before, rung, now_s)
    if before.told_at_s is None:
        return _tell_raised(view, lines, state, before, now_s)
    if _may_escalate(before, lines) and now_s - before.told_at_s >= lines.escalate_after_s:
        louder = Level(min(Level.CRITICAL, before.level + 1))
        after = replace(before, level=louder, told_at_s=now_s, escalations=before.escalations + 1)
        return _told(view, state, Kind.ESCALATED, after, now_s)
    return Outcome(state)


def acknowledged(state: State, by: str) -> State:
    """Somebody has seen it: it stays quiet until it gets worse."""
    if state.standing is None:
        return state
    return replace(state, standing=replace(state.standing, acknowledged_by=by))


def describe(view: View, standing: Standing, now_s: float) -> StockWarning:
    """What stands, with the figures of now: for a list that is read, not told."""
    kind = Kind.ESCALATED if standing.escalations else Kind.RAISED
    return _warning(view, kind, standing, _figures(view, standing.line), now_s)


def _ladder(view: View, lines: Lines, standing: Standing | None) -> list[_Rung]:
    """All rungs that make sense for this SKU, mildest first."""
    ladder = _quantity_rungs(view, lines)
    # Where nothing sells the rungs of time stay on the ladder, so that what stood on one of them eases.
    still = view.taken_per_minute <= 0
    empty_in_s = math.inf if still else max(0, view.available) / view.taken_per_minute * 60.0
    above = 1.0 + lines.clear_share_of_time
    for tier, line_s in ((Tier.EMPTY_SOON, lines.empty_soon_s), (Tier.EMPTY_NOW, lines.empty_now_s)):
        ladder.append(_Rung(tier, line_s, empty_in_s, line_s, line_s * above))
    # A SKU that never had anything is not sold out; one that sold, or was warned of, is.
    if view.peak > 0 or view.taken_per_minute > 0 or standing is not None:
        ladder.append(_Rung(Tier.SOLD_OUT, 0, view.available, 0, _leave(0, view, lines)))
    ladder.append(_Rung(Tier.OVERSOLD, 0, -view.debt, -1, -1))
    return ladder


def _quantity_rungs(view: View, lines: Lines) -> list[_Rung]:
    if view.peak <= 0:
        return []
    found: list[tuple[float, Tier, float]] = [
        (view.peak * lines.safety_percent / 100, Tier.SAFETY_LINE, lines.safety_percent)
    ]
    found += [(view.peak * each / 100, Tier.PERCENTAGE_LINE, each) for each in lines.percentages]
    # An absolute line at or above the whole quantity would stand from the first minute and say nothing.
    if lines.absolute is not None and lines.absolute < view.peak:
        found.append((lines.absolute, Tier.ABSOLUTE_LINE, lines.absolute))
    found.sort(key=lambda each: -each[0])
    return [
        _Rung(tier, line, view.available, units, _leave(units, view, lines)) for units, tier, line in found
    ]


def _leave(units: float, view: View, lines: Lines) -> float:
    """Units above which a line clears: well above it, but within the reach of a full SKU."""
    margin = max(lines.clear_units, math.ceil(units * lines.clear_share))
    if view.peak <= 0:
        return units + margin
    return max(units, min(units + min(margin, max(1, view.peak // 5)), view.peak - 1))


def _rank(ladder: list[_Rung], standing: Standing | None) -> int:
    """Where the standing warning is on the ladder; -1 when nothing stands, or its line is gone."""
    if standing is None:
        return -1
    for rank, rung in enumerate(ladder):
        if (rung.tier, rung.line) == (standing.tier, standing.line):
            return rank
    return -1


def _worst(ladder: list[_Rung], standing: int) -> int:
    """The worst rung that holds: up to the standing one by the line to leave, beyond by the line to enter."""
    for rank in range(len(ladder) - 1, -1, -1):
        rung = ladder[rank]
        if rung.measure <= (rung.leave if rank <= standing else rung.enter):
            return rank
    return -1


def _tell_raised(view: View, lines: Lines, state: State, standing: Standing, now_s: float) -> Outcome:
    """Raise it, unless the same rung was told within the quiet time, or somebody has seen it."""
    last = state.told.get(_key(standing))
    quiet = last is not None and now_s - last < lines.quiet_s and standing.tier not in _NEVER_QUIET
    if quiet or standing.acknowledged_by is not None:
        return Outcome(replace(state, standing=standing))
    return _told(view, state, Kind.RAISED, replace(standing, told_at_s=now_s), now_s)


def _ease(view: View, lines: Lines, state: State, before: Standing, rung: _Rung, now_s: float) -> Outcome:
    after = Standing(rung.tier, rung.line, _LEVELS[rung.tier], now_s, acknowledged_by=before.acknowledged_by)
    if before.told_at_s is None:
        return _tell_raised(view, lines, state, after, now_s)
    return _told(view, state, Kind.EASED, replace(after, told_at_s=now_s), now_s)


def _told(view: View, state: State, kind: Kind, standing: Standing, now_s: float) -> Outcome:
    warning = _warning(view, kind, standing, _figures(view, standing.line), now_s)
    return Outcome(State(standing, {**state.told, _key(standing): now_s}), warning)


def _may_escalate(standing: Standing, lines: Lines) -> bool:
    return standing.acknowledged_by is None and standing.escalations < lines.escalations_max


def _key(standing: Standing) -> str:
    return f"{standing.tier}:{standing.line:g}"


def _warning(view: View, kind: Kind, standing: Standing, figures: Figures, now_s: float) -> StockWarning:
    advice = () if kind is Kind.CLEARED else _advice(view, standing.tier)
    return StockWarning(
        view.sku, view.name or view.sku, kind, standing.tier, standing.level, now_s, figures, advice
    )


def _advice(view: View, tier: Tier) -> tuple[Advice, ...]:
    """What could help, most urgent first."""
    scarce = tier is not Tier.SAFETY_LINE
    found = []
    if view.reserve > 0 and scarce:
        found.append(Advice.OPEN_RESERVE)
    if tier not in _NEVER_QUIET:
        found.append(Advice.HOST_SPEECH)
    if view.next_item is not None and scarce:
        found.append(Advice.NEXT_ITEM)
    if view.reserve <= 0 or not scarce or tier is Tier.OVERSOLD:
        found.append(Advice.RESTOCK)
    return tuple(found)


def _figures(view: View, line: float) -> Figures:
    per_s = view.taken_per_minute / 60.0
    return Figures(
        available=view.available,
        reserve=view.reserve,
        peak=view.peak,
        debt=view.debt,
        line=line,
        percent=100.0 * view.available / view.peak if view.peak > 0 else None,
        taken_per_minute=view.taken_per_minute,
        empty_in_s=_lasts_s(view.available, per_s),
        reserve_lasts_s=_lasts_s(view.reserve, per_s),
        channels_empty=tuple(channel.name for channel in view.channels if channel.right <= 0),
        next_item=view.next_item,
    )


def _lasts_s(units: int, per_s: float) -> float | None:
    """How long they last; None for ever, and a speed next to nothing is for ever too."""
    lasts_s = max(0, units) / per_s if per_s > 0 else math.inf
    return lasts_s if math.isfinite(lasts_s) else None
