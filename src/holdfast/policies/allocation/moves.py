"""From what each listing should have to the few moves that are worth their call."""

import math

from ..chance import extra_sales
from .targets import Horizons, horizons, targets
from .view import Line, Plan, Proposal, Tuning, View

REVIEW_LEAST_S = 0.05


def propose(view: View, scales_s: tuple[float, ...], tuning: Tuning) -> Plan:
    """Grants, recalls and readings for one SKU."""
    lines, plan = view.lines, Plan()
    if not lines:
        return plan
    units = float(view.pool) + sum(line.have * line.draw for line in lines)
    demand = horizons(view, units, scales_s, tuning)
    kept = _kept_back(view, units, demand, tuning)
    wanted = targets(lines, math.floor(units - kept + 1e-6), demand, tuning)
    plan.targets = {line.key: want for line, want in zip(lines, wanted, strict=True)}
    short = _short(view, wanted, demand, plan, tuning)
    need = sum(missing * lines[i].draw for i, missing in short) - view.pool
    _grants(view, short, demand, plan, tuning)
    if need > 0 and short:
        _recalls(view, wanted, short[0][0], need, demand, plan, tuning)
    for line in lines:
        _reading(line, plan, tuning)
    if need > 0 or demand.lasts_s < 5:
        plan.review_in_s = min(plan.review_in_s, 2.0 if view.crowd else 0.25)
    return plan


def _kept_back(view: View, units: float, demand: Horizons, tuning: Tuning) -> float:
    """Units that stay in the pool while there is time to deal them later, knowing more."""
    count = len(view.lines)
    if units <= tuning.pool_units_min or count < 2:
        return 0.0
    unsure = sum(1 / math.sqrt(sample) for sample in demand.long_samples) / count
    share = tuning.pool_share + tuning.pool_share_unsure * unsure
    fading = min(1.0, max(0.0, demand.lasts_s / tuning.pool_fades_s - 0.5))
    return share * units * fading * min(1.0, tuning.pool_covers_s / max(demand.lasts_s, 1e-9))


def _watermark(line: Line, reaction_s: float, tuning: Tuning) -> float:
    """What may be sold before a grant made now arrives."""
    sample = line.samples[0]
    mean = line.rates[0] * (1 + 1 / math.sqrt(sample)) * reaction_s
    variance = mean + line.unheard + line.unheard * line.unheard / sample
    return mean + tuning.watermark_deviations * math.sqrt(variance)


def _short(
    view: View, wanted: list[float], demand: Horizons, plan: Plan, tuning: Tuning
) -> list[tuple[int, int]]:
    """Lines that lack units, (index, how many), the one that runs out first in front."""
    found = []
    for i, line in enumerate(view.lines):
        missing = wanted[i] - line.have
        reaction_s = demand.reaction_s[i] + (0.0 if view.pool > 0 else demand.recall_s)
        low = _watermark(line, reaction_s, tuning)
        pressing = missing >= tuning.hysteresis * wanted[i] or line.have < low or line.have < 1
        if missing >= 0.8 and pressing and not line.busy:
            found.append((line.have / line.rates[0], i, int(missing + 0.2)))
        trigger = max(low, (1 - tuning.hysteresis) * wanted[i])
        if line.have > trigger:
            plan.review_in_s = min(
                plan.review_in_s, max(REVIEW_LEAST_S, (line.have - trigger) / line.rates[0])
            )
    found.sort()
    return [(i, missing) for _, i, missing in found]


def _horizon_of_gain(demand: Horizons) -> float:
    return max(min(demand.long_s, 60.0), 1.0)


def _grants(view: View, short: list[tuple[int, int]], demand: Horizons, plan: Plan, tuning: Tuning) -> None:
    left, time_s = view.pool, _horizon_of_gain(demand)
    for i, missing in short:
        line = view.lines[i]
        units = min(missing, left // line.draw, line.grantable)
        if units < 1:
            continue
        left -= units * line.draw
        rate = line.rates[0]
        gain = line.weight * extra_sales(rate * time_s, line.have, units)
        if view.opened and (gain < tuning.gain_min or units < tuning.move_share_min * line.have):
            continue
        soon = line.weight * extra_sales(rate * max(2.0, line.wait_s), line.have, units)
        plan.moves.append(Proposal(line.key, units, soon + 0.01 * gain))


def _recalls(
    view: View,
    wanted: list[float],
    receiver: int,
    need: int,
    demand: Horizons,
    plan: Plan,
    tuning: Tuning,
) -> None:
    """Take from the largest surplus first, where the receiver gains more than the donor loses."""
    to, time_s = view.lines[receiver], _horizon_of_gain(demand)
    surplus = [(line.have - wanted[i], i) for i, line in enumerate(view.lines)]
    for over, i in sorted(surplus, reverse=True):
        line = view.lines[i]
        if need <= 0 or over < 0.8:
            return
        if not line.recallable or i == receiver:
            continue
        units = min(-(-need // line.draw), int(over + 0.2), _surely_there(line))
        small = over < tuning.hysteresis * wanted[i] and units * line.draw < 0.5 * need
        if units < max(1.0, tuning.move_share_min * to.have) or small:
            continue
        received = units * line.draw / to.draw
        gain = to.weight * extra_sales(to.rates[0] * time_s, to.have, received)
        gain -= line.weight * extra_sales(line.rates[0] * time_s, line.have - units, units)
        if gain < 2 * tuning.gain_min:
            continue
        soon_s = max(2.0, line.wait_s + to.wait_s)
        soon = to.weight * extra_sales(to.rates[0] * soon_s, to.have, received)
        plan.moves.append(Proposal(line.key, -units, 0.5 * soon + 0.01 * gain))
        need -= units * line.draw


def _surely_there(line: Line) -> int:
    """Units that a recall may ask for; where too many are refused, only what will still be there."""
    if not line.under_run_refused:
        return int(line.have + 0.5)
    leaving = line.rates[0] * line.round_trip_s
    return int(line.have - leaving - math.sqrt(line.unheard + leaving) + 0.5)


def _reading(line: Line, plan: Plan, tuning: Tuning) -> None:
    """A reading pays when unheard sales blur the picture."""
    blur = line.unheard + 0.01 * line.since_reading
    blurred = blur > max(1.5, tuning.blur_share * line.have) or (line.have < 3 and blur > 0.7)
    if line.readable and (line.reading_due or blurred):
        plan.readings.append(Proposal(line.key, 0, blur / (1 + line.have)))
