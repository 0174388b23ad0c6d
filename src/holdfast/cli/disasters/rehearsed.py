"""Disasters of the sync and of the count, in simulated time: whole shows through the production core."""

from dataclasses import dataclass

import msgspec

from holdfast.policies.warnings import Level, Lines, State, StockWarning, View, evaluate, warning_message
from holdfast.rehearsal.baselines import BASELINES
from holdfast.rehearsal.generate import generate
from holdfast.rehearsal.measures import Figures
from holdfast.rehearsal.scenario import LateStock, Scenario
from holdfast.rehearsal.show import History, Show

from .disaster import Claim, Disaster, Figure, Outcome, Words

MIRROR = Words(
    "每个平台都显示总库存（常见的同步工具）", "the whole stock shown on every platform, as sync tools do"
)
COUNTED_IN_S = 90.0
"""From the warning until somebody has been to the warehouse and entered what lies there."""
RATE_WINDOW_S = 60.0

_OVERSOLD = Words("超卖件数", "units oversold")
_SERVED = Words("卖出且未取消", "units sold and kept")
_REFUSED = Words("没有超卖，也不可能超卖", "nothing oversold, nor could have been")
_HAPPENED = Words("没有对策时确实出事", "without the remedy the disaster happened")


def _compared(scenario: Scenario, least_ratio: float) -> Outcome:
    """The same customers under a mirror and under us."""
    mirror = Show(scenario, make_core=BASELINES["mirror"], keeps_rights=False).play().figures
    played = Show(scenario).play()
    ours = played.figures
    kept_up = Words(
        f"达到全知者销量的 {ours.ratio:.1%}（至少 {least_ratio:.1%}）",
        f"sold {ours.ratio:.1%} of what an all-knowing hand would have (at least {least_ratio:.1%})",
    )
    return Outcome(
        (
            Figure(_OVERSOLD, mirror.oversold, ours.oversold),
            Figure(_SERVED, mirror.served, ours.served),
            Figure(Words("平台接口调用", "calls to platforms"), mirror.calls, ours.calls),
        ),
        (
            Claim(_HAPPENED, mirror.oversold > 0),
            Claim(_REFUSED, _safe(ours) and not played.problems),
            Claim(kept_up, ours.ratio >= least_ratio),
        ),
    )


def _safe(figures: Figures) -> bool:
    return not figures.oversold and not figures.violations


def _rush(seed: int) -> Outcome:
    return _compared(generate("viral", seed), 0.995)


def _late_numbers(seed: int) -> Outcome:
    return _compared(generate("lagging", seed), 0.98)


def _unseen(seed: int) -> Outcome:
    """Nobody looks until the show is over, or an urgent warning sends somebody to the warehouse."""
    scenario = generate("forgotten", seed)
    unnoticed = _found(scenario, None)
    alone = Show(unnoticed, with_history=True).play()
    assert alone.history is not None
    sku = scenario.skus[0]
    told = first_urgent(alone.history, sku.id, sku.known, sku.stock - sku.known)
    if told is None:
        return Outcome((), (Claim(Words("有预警", "a warning was told"), False),))
    found_at_s = told.at_s + COUNTED_IN_S
    warned = Show(_found(scenario, found_at_s)).play()
    without, ours = alone.figures, warned.figures
    more = ours.served - without.served
    message = (warning_message(told.warning, "zh"), warning_message(told.warning, "en"))
    return Outcome(
        (
            Figure(_SERVED, without.served, ours.served),
            Figure(Words("仓库里没卖的件数", "units left in the warehouse"), *_left(scenario, without, ours)),
            Figure(_OVERSOLD, without.oversold, ours.oversold),
        ),
        (
            Claim(_HAPPENED, without.served <= sku.known < sku.stock),
            Claim(
                Words("售罄之前就已预警", "it was told before the last unit was gone"),
                told.warning.figures.available > 0,
            ),
            Claim(Words(f"多卖 {more:,} 件", f"{more:,} more were sold"), more > 0),
            Claim(_REFUSED, _safe(ours) and not warned.problems),
        ),
        (
            Words(f"第 {told.at_s:.0f} 秒：{message[0].title}", f"at {told.at_s:.0f} s: {message[1].title}"),
            Words(
                f"第 {found_at_s:.0f} 秒：盘点入库 {sku.stock - sku.known:,} 件，随即分到各平台",
                f"at {found_at_s:.0f} s: {sku.stock - sku.known:,} units counted in and given to platforms",
            ),
        ),
    )


def _found(scenario: Scenario, at_s: float | None) -> Scenario:
    """The show in which what nobody had counted turns up then, or not at all."""
    sku = scenario.skus[0]
    late = () if at_s is None else (LateStock(at_s, sku.stock - sku.known),)
    return msgspec.structs.replace(scenario, skus=(msgspec.structs.replace(sku, late_stock=late),))


def _left(scenario: Scenario, without: Figures, ours: Figures) -> tuple[int, int]:
    stock = scenario.skus[0].stock
    return stock - without.served, stock - ours.served


@dataclass(frozen=True, slots=True)
class Told:
    """A warning, and when it was told."""

    at_s: float
    warning: StockWarning


def first_urgent(history: History, sku: str, known: int, unseen: int) -> Told | None:
    """The first urgent warning that the rule tells, looking at the samples of a show as it would live."""
    state = State(None, {})
    left = [max(0, units - unseen) for units in history.left[sku]]
    for place, at_s in enumerate(history.times_s):
        since = next(i for i, then_s in enumerate(history.times_s) if then_s > at_s - RATE_WINDOW_S)
        span_s = at_s - history.times_s[since]
        per_minute = (left[since] - left[place]) / span_s * 60.0 if span_s > 0 else 0.0
        view = View(sku, left[place], known, taken_per_minute=max(0.0, per_minute))
        outcome = evaluate(view, Lines(), state, at_s)
        state = outcome.state
        if outcome.warning is not None and outcome.warning.level is Level.CRITICAL:
            return Told(at_s, outcome.warning)
    return None


REHEARSED = (
    Disaster(
        "rush",
        Words("8,000 人抢 5,000 件", "8,000 want 5,000"),
        MIRROR,
        Words("各平台配额互不重叠，随销量调拨", "disjoint rights that move to where it sells"),
        _rush,
    ),
    Disaster(
        "unseen",
        Words("五分钟卖空 3,000 件，仓库里还有 2,000 件没人看见", "3,000 gone, and 2,000 that nobody saw"),
        Words("没人发现，直到下播", "nobody notices until the show is over"),
        Words("阶梯预警提前提醒补货", "a tiered warning in time"),
        _unseen,
    ),
    Disaster(
        "late-numbers",
        Words("平台晚报销量：卖了 250 件只报 200 件", "a platform reports 200 when it has sold 250"),
        MIRROR,
        Words(
            "未收到的订单也算在该平台配额内", "orders not heard of yet are covered by that platform's right"
        ),
        _late_numbers,
    ),
)
"""Those that need no server."""
