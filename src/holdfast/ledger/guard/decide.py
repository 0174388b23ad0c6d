"""Deciding by guards, inside the batch: what a hold breaks, and what it counts for once it is placed."""

from dataclasses import asdict
from typing import NamedTuple

from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import PlaceHold
from holdfast.ledger.records import CountKey, Detail, Hold, Sku
from holdfast.ledger.state import State

from . import counters, tallies
from .rules import ALLOW, BLOCK, Counted, Guard, GuardNote, Outcome, Signals
from .tallies import Ruled, Tally

US_PER_S = 1_000_000


class Asked(NamedTuple):
    """A guarded item of an order, how many are asked for, and the speed rules that apply to who asks."""

    item: Sku
    guard: Guard
    quantity: int
    ruled: Ruled


Wanted = list[Asked]

_SERVED = Tally(orders=1)

Cause = tuple[ResultCode, Detail]


class Finding(NamedTuple):
    """A broken rule: what comes of it, its code and its facts."""

    outcome: Outcome
    code: ResultCode
    detail: Detail


class Conduct(NamedTuple):
    """The first finding of each outcome, in the order of the codes."""

    refusal: Cause | None
    queue: Cause | None
    review: Cause | None


_GOOD = Conduct(None, None, None)


def guarded_lines(state: State, command: PlaceHold, wanted: dict[str, int]) -> Wanted:
    """The lines whose item has a guard."""
    found: Wanted = []
    for sku, quantity in wanted.items():
        item = state.skus[sku]
        guard = item.guard
        if guard is not None:
            ruled = tallies.ruled(sku, guard, command.buyer, command.signals)
            found.append(Asked(item, guard, quantity, ruled))
    return found


def conduct(state: State, command: PlaceHold, wanted: Wanted, *, ticketed: bool = True) -> Conduct:
    """How the buyer behaves; `ticketed` is false for an order of a platform, which knows no tickets."""
    findings = _findings(state, command, wanted, ticketed=ticketed)
    if not findings:
        return _GOOD
    first: dict[Outcome, Cause] = {}
    for outcome, code, detail in findings:
        first.setdefault(outcome, (code, detail))
    queue = first.get(Outcome.QUEUE)
    if queue is not None:
        queue = ResultCode.QUEUED, {**queue[1], "rule": queue[0].value}
    return Conduct(first.get(Outcome.REFUSE), queue, first.get(Outcome.REVIEW))


def exposure(state: State, wanted: Wanted) -> Cause | None:
    """Whether the item itself may still be sold: units and loss of the period, then the speed breaker."""
    for item, guard, quantity, _ in wanted:
        if guard.units_max is None and guard.loss_cents_max is None:
            continue
        units, loss = counters.exposure_keys(item.sku, guard.period)
        asked_cents = loss_cents(item, quantity)
        for limit, allowed, key, asked in (
            ("units_max", guard.units_max, units, quantity),
            ("loss_cents_max", guard.loss_cents_max, loss, asked_cents),
        ):
            taken = state.counts[key]
            if allowed is not None and asked and taken + asked > allowed:
                facts = _facts(item.sku, limit, allowed, taken, asked)
                return ResultCode.EXPOSURE_LIMIT_REACHED, facts
    for item, guard, quantity, _ in wanted:
        breaker = guard.breaker
        if breaker is not None:
            start_s = _window_start(state, breaker.window_s)
            taken = _in_window(state, item.sku, guard.period, start_s)
            if taken + quantity > breaker.units:
                facts = _facts(item.sku, "breaker", breaker.units, taken, quantity)
                facts["retry_after_s"] = _window_left_s(state, start_s, breaker.window_s)
                return ResultCode.SPEED_BREAKER_TRIPPED, facts
    return None


def take(state: State, command: PlaceHold, wanted: Wanted, review: Cause | None) -> GuardNote:
    """Count a hold that is being placed, and say what to note with it."""
    counted = []
    gate = ""
    for asked in wanted:
        item, guard, quantity, _ = asked
        loss = loss_cents(item, quantity)
        counted.append(Counted(item.sku, guard.period, quantity, loss))
        _add_exposure(state, item.sku, guard.period, quantity, loss)
        _take_windows(state, asked)
        if guard.buyers_per_address is not None:
            _take_address(state, command, item, guard)
        gate = gate or guard.ticket_gate
    ticket = command.ticket
    if ticket is None or not gate:
        ticket_id = gate = ""
    else:
        ticket_id = ticket.id
        # Once it has expired it is refused for that, used or not.
        used = Tally(orders=1, until_s=ticket.expires_at_us // US_PER_S + 1)
        _put_tally(state, tallies.ticket_key(gate, ticket_id), used)
        key = counters.gate_key(gate)
        _set(state, key, state.counts[key] + 1)
    code, facts = review or ("", None)
    return GuardNote(tuple(counted), ticket_id, gate, command.signals, str(code), facts)


def noted(command: PlaceHold) -> dict[str, object]:
    """What a refusal keeps of who asked, so that it can be explained and tried on other rules."""
    kept: dict[str, object] = {}
    if command.ticket is not None:
        kept["ticket"] = command.ticket.id
    if command.signals is not None:
        kept["signals"] = asdict(command.signals)
    return kept


def give_back(state: State, hold: Hold) -> None:
    """Take a hold off the exposure; its windows stay, or giving back would be a way around them."""
    assert hold.guard is not None
    for sku, period, units, loss in (
        (counted.sku, counted.period, counted.units, counted.loss_cents) for counted in hold.guard.counted
    ):
        _add_exposure(state, sku, period, -units, -loss)


def loss_cents(item: Sku, quantity: int) -> int:
    """What so many units lose at today's price and cost; nothing where one of them is not known."""
    if item.cost_cents is None or item.price_cents is None:
        return 0
    return max(0, item.cost_cents - item.price_cents) * quantity


def _findings(state: State, command: PlaceHold, wanted: Wanted, *, ticketed: bool) -> list[Finding]:
    """All broken rules, in the order of `ResultCode`, and for each code in the order of the lines."""
    found: list[Finding] = []
    person = command.buyer_key or command.buyer
    signals = command.signals
    asked = wanted
    if any(guard.lists for _, guard, _, _ in wanted):
        blocked = _listed(state, BLOCK, person, signals)
        if blocked:
            for item, guard, _, _ in wanted:
                if guard.lists:
                    facts: Detail = {"sku": item.sku, "by": blocked}
                    found.append(Finding(Outcome.REFUSE, ResultCode.BUYER_BLOCKED, facts))
        if _listed(state, ALLOW, person, signals):
            asked = [each for each in wanted if not each.guard.lists]
    if ticketed:
        _tickets(state, command, wanted, found)
    _ages(state, command, asked, found)
    _speeds(state, asked, found)
    _addresses(state, command, person, asked, found)
    return found


def _listed(state: State, name: str, person: str, signals: Signals | None) -> str:
    """What of who asks stands on a list: `buyer`, `device`, `address`, `payment`, or nothing."""
    for kind, value in counters.listable(person, signals):
        if state.counts[counters.list_key(name, value, kind)]:
            return kind
    return ""


def _tickets(state: State, command: PlaceHold, wanted: Wanted, found: list[Finding]) -> None:
    ticket = command.ticket
    for item, guard, _, _ in wanted:
        gate = guard.ticket_gate
        if not gate:
            continue
        facts: Detail = {"sku": item.sku, "gate": gate}
        if ticket is None:
            code = ResultCode.TICKET_REQUIRED
        elif not ticket.gate:
            code = ResultCode.TICKET_INVALID
            facts["reason"] = "not_genuine"
        elif ticket.gate != gate:
            code = ResultCode.TICKET_INVALID
            facts["reason"] = "other_gate"
        elif ticket.buyer != command.buyer:
            code = ResultCode.TICKET_INVALID
            facts["reason"] = "other_buyer"
        elif ticket.expires_at_us <= state.now_us:
            code = ResultCode.TICKET_EXPIRED
        elif state.tallies[tallies.ticket_key(gate, ticket.id)].orders:
            code = ResultCode.TICKET_USED
        else:
            continue
        found.append(Finding(Outcome.REFUSE, code, facts))


def _ages(state: State, command: PlaceHold, wanted: Wanted, found: list[Finding]) -> None:
    created_at_us = command.signals.account_created_at_us if command.signals is not None else None
    if created_at_us is None:
        return
    age_s = max(0, state.now_us - created_at_us) // US_PER_S
    for item, guard, _, _ in wanted:
        bound = guard.account_age_min_s
        if bound is not None and age_s < bound.limit:
            facts: Detail = {"sku": item.sku, "age_s": age_s, "allowed_s": bound.limit}
            found.append(Finding(bound.outcome, ResultCode.ACCOUNT_TOO_NEW, facts))


def _speeds(state: State, wanted: Wanted, found: list[Finding]) -> None:
    for item, _, quantity, ruled in wanted:
        for rule, key, speed in ruled:
            start_s = _window_start(state, speed.window_s)
            tally = state.tallies[key]
            orders, units = (tally.orders, tally.units) if tally.start_s == start_s else (0, 0)
            if speed.orders is not None and orders + 1 > speed.orders:
                allowed, taken, asked = speed.orders, orders, 1
            elif speed.units is not None and units + quantity > speed.units:
                allowed, taken, asked = speed.units, units, quantity
            else:
                continue
            facts = _facts(item.sku, rule, allowed, taken, asked)
            facts["retry_after_s"] = _window_left_s(state, start_s, speed.window_s)
            # More than a whole window allows never fits, so there is nothing to wait for.
            never = asked > allowed and speed.outcome is Outcome.QUEUE
            outcome = Outcome.REFUSE if never else speed.outcome
            found.append(Finding(outcome, ResultCode.TOO_FAST, facts))


def _addresses(state: State, command: PlaceHold, person: str, wanted: Wanted, found: list[Finding]) -> None:
    address = command.signals.address if command.signals is not None else ""
    if not address:
        return
    for item, guard, _, _ in wanted:
        bound = guard.buyers_per_address
        if bound is None:
            continue
        buyers = state.tallies[tallies.address_key(item.sku, guard.period, address)].buyers
        if buyers < bound.limit:
            continue
        if not state.tallies[tallies.served_key(item.sku, guard.period, address, person)].orders:
            facts = _facts(item.sku, "buyers_per_address", bound.limit, buyers, 1)
            found.append(Finding(bound.outcome, ResultCode.ADDRESS_SHARED, facts))


def _add_exposure(state: State, sku: str, period: str, units: int, loss: int) -> None:
    units_key, loss_key = counters.exposure_keys(sku, period)
    _set(state, units_key, state.counts[units_key] + units)
    if loss:
        _set(state, loss_key, state.counts[loss_key] + loss)


def _take_windows(state: State, asked: Asked) -> None:
    item, guard, quantity, ruled = asked
    if guard.breaker is not None:
        start_s = _window_start(state, guard.breaker.window_s)
        units = _in_window(state, item.sku, guard.period, start_s) + quantity
        window, taken = counters.breaker_keys(item.sku, guard.period)
        _set(state, window, start_s)
        _set(state, taken, units)
    for _, key, speed in ruled:
        start_s = _window_start(state, speed.window_s)
        before, orders, units, buyers, _ = state.tallies[key]
        if before != start_s:
            orders = units = 0
        until_s = 0 if buyers else start_s + speed.window_s
        _put_tally(state, key, Tally(start_s, orders + 1, units + quantity, buyers, until_s))


def _take_address(state: State, command: PlaceHold, item: Sku, guard: Guard) -> None:
    if command.signals is None or not command.signals.address:
        return
    address, person = command.signals.address, command.buyer_key or command.buyer
    served = tallies.served_key(item.sku, guard.period, address, person)
    if not state.tallies[served].orders:
        _put_tally(state, served, _SERVED)
        key = tallies.address_key(item.sku, guard.period, address)
        start_s, orders, units, buyers, _ = state.tallies[key]
        _put_tally(state, key, Tally(start_s, orders, units, buyers + 1, 0))


def _in_window(state: State, sku: str, period: str, start_s: int) -> int:
    window, taken = counters.breaker_keys(sku, period)
    return state.counts[taken] if state.counts[window] == start_s else 0


def _window_start(state: State, window_s: int) -> int:
    now_s = state.now_us // US_PER_S
    return now_s - now_s % window_s


def _window_left_s(state: State, start_s: int, window_s: int) -> int:
    """Whole seconds until the window is over, at least one."""
    return start_s + window_s - state.now_us // US_PER_S


def _facts(sku: str, limit: str, allowed: int, taken: int, asked: int) -> Detail:
    return {"sku": sku, "limit": limit, "allowed": allowed, "taken": taken, "asked": asked}


def _put_tally(state: State, key: tallies.TallyKey, tally: Tally) -> None:
    state.tallies[key] = state.changes.tallies[key] = tally


def _set(state: State, key: CountKey, value: int) -> None:
    state.counts[key] = state.changes.counts[key] = value
