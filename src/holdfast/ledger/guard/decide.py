"""Deciding by guards, inside the batch: what a hold breaks, and what it counts for once it is placed."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import NamedTuple

from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import PlaceHold
from holdfast.ledger.records import CountKey, Detail, Hold, Sku
from holdfast.ledger.state import State

from . import counters
from .rules import ALLOW, BLOCK, Counted, Guard, GuardNote, Outcome, Signals

US_PER_S = 1_000_000

Wanted = list[tuple[Sku, Guard, int]]
"""The guarded items of an order, and how many are asked for."""

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


def guarded_lines(state: State, wanted: dict[str, int]) -> Wanted:
    """The lines whose item has a guard."""
    found: Wanted = []
    for sku, quantity in wanted.items():
        item = state.skus[sku]
        if item.guard is not None:
            found.append((item, item.guard, quantity))
    return found


def conduct(state: State, command: PlaceHold, wanted: Wanted, *, ticketed: bool = True) -> Conduct:
    """How the buyer behaves; `ticketed` is false for an order of a platform, which knows no tickets."""
    first: dict[Outcome, Cause] = {}
    for outcome, code, detail in _findings(state, command, wanted, ticketed=ticketed):
        if outcome not in first:
            first[outcome] = (code, detail)
            if outcome is Outcome.REFUSE:
                break
    queue = first.get(Outcome.QUEUE)
    if queue is not None:
        queue = ResultCode.QUEUED, {**queue[1], "rule": queue[0].value}
    return Conduct(first.get(Outcome.REFUSE), queue, first.get(Outcome.REVIEW))


def exposure(state: State, wanted: Wanted) -> Cause | None:
    """Whether the item itself may still be sold: units and loss of the period, then the speed breaker."""
    for item, guard, quantity in wanted:
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
    for item, guard, quantity in wanted:
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
    for item, guard, quantity in wanted:
        loss = loss_cents(item, quantity)
        counted.append(Counted(item.sku, guard.period, quantity, loss))
        _add_exposure(state, item.sku, guard.period, quantity, loss)
        _take_windows(state, command, item, guard, quantity)
        _take_address(state, command, item, guard)
        gate = gate or guard.ticket_gate
    ticket = command.ticket
    if ticket is None or not gate:
        ticket_id = gate = ""
    else:
        ticket_id = ticket.id
        _set(state, counters.ticket_key(gate, ticket_id), 1)
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


def _findings(state: State, command: PlaceHold, wanted: Wanted, *, ticketed: bool) -> Iterator[Finding]:
    """All broken rules, in the order of `ResultCode`, and for each code in the order of the lines."""
    person = command.buyer_key or command.buyer
    signals = command.signals
    for item, guard, _ in wanted:
        blocked = _listed(state, BLOCK, person, signals) if guard.lists else ""
        if blocked:
            yield Finding(Outcome.REFUSE, ResultCode.BUYER_BLOCKED, {"sku": item.sku, "by": blocked})
    if ticketed:
        yield from _tickets(state, command, wanted)
    asked = [line for line in wanted if not (line[1].lists and _listed(state, ALLOW, person, signals))]
    yield from _ages(state, command, asked)
    yield from _speeds(state, command, asked)
    yield from _addresses(state, command, person, asked)


def _listed(state: State, name: str, person: str, signals: Signals | None) -> str:
    """What of who asks stands on a list: `buyer`, `device`, `address`, `payment`, or nothing."""
    for kind, value in counters.listable(person, signals):
        if state.counts[counters.list_key(name, value, kind)]:
            return kind
    return ""


def _tickets(state: State, command: PlaceHold, wanted: Wanted) -> Iterator[Finding]:
    gated = [(item.sku, guard.ticket_gate) for item, guard, _ in wanted if guard.ticket_gate]
    ticket = command.ticket
    for sku, gate in gated:
        facts: Detail = {"sku": sku, "gate": gate}
        if ticket is None:
            yield Finding(Outcome.REFUSE, ResultCode.TICKET_REQUIRED, facts)
        elif not ticket.gate:
            yield Finding(Outcome.REFUSE, ResultCode.TICKET_INVALID, {**facts, "reason": "not_genuine"})
        elif ticket.gate != gate:
            yield Finding(Outcome.REFUSE, ResultCode.TICKET_INVALID, {**facts, "reason": "other_gate"})
        elif ticket.buyer != command.buyer:
            yield Finding(Outcome.REFUSE, ResultCode.TICKET_INVALID, {**facts, "reason": "other_buyer"})
        elif ticket.expires_at_us <= state.now_us:
            yield Finding(Outcome.REFUSE, ResultCode.TICKET_EXPIRED, facts)
        elif state.counts[counters.ticket_key(gate, ticket.id)]:
            yield Finding(Outcome.REFUSE, ResultCode.TICKET_USED, facts)


def _ages(state: State, command: PlaceHold, wanted: Wanted) -> Iterator[Finding]:
    created_at_us = command.signals.account_created_at_us if command.signals is not None else None
    if created_at_us is None:
        return
    age_s = max(0, state.now_us - created_at_us) // US_PER_S
    for item, guard, _ in wanted:
        bound = guard.account_age_min_s
        if bound is not None and age_s < bound.limit:
            facts: Detail = {"sku": item.sku, "age_s": age_s, "allowed_s": bound.limit}
            yield Finding(bound.outcome, ResultCode.ACCOUNT_TOO_NEW, facts)


def _speeds(state: State, command: PlaceHold, wanted: Wanted) -> Iterator[Finding]:
    for item, guard, quantity in wanted:
        for rule, row, speed in counters.subjects(guard, command.buyer, command.signals):
            start_s = _window_start(state, speed.window_s)
            orders, units = _taken(state, item.sku, guard.period, row, start_s)
            for allowed, taken, asked in ((speed.orders, orders, 1), (speed.units, units, quantity)):
                if allowed is not None and taken + asked > allowed:
                    facts = _facts(item.sku, rule, allowed, taken, asked)
                    facts["retry_after_s"] = _window_left_s(state, start_s, speed.window_s)
                    # More than a whole window allows never fits, so there is nothing to wait for.
                    never = asked > allowed and speed.outcome is Outcome.QUEUE
                    outcome = Outcome.REFUSE if never else speed.outcome
                    yield Finding(outcome, ResultCode.TOO_FAST, facts)
                    break


def _addresses(state: State, command: PlaceHold, person: str, wanted: Wanted) -> Iterator[Finding]:
    address = command.signals.address if command.signals is not None else ""
    if not address:
        return
    for item, guard, _ in wanted:
        bound = guard.buyers_per_address
        if bound is None:
            continue
        row = f"address:{address}"
        known = state.counts[counters.served_key(item.sku, guard.period, address, person)]
        buyers = state.count(item.sku, guard.period, row, counters.BUYERS)
        if not known and buyers >= bound.limit:
            facts = _facts(item.sku, "buyers_per_address", bound.limit, buyers, 1)
            yield Finding(bound.outcome, ResultCode.ADDRESS_SHARED, facts)


def _add_exposure(state: State, sku: str, period: str, units: int, loss: int) -> None:
    for key, change in zip(counters.exposure_keys(sku, period), (units, loss), strict=True):
        if change:
            _set(state, key, state.counts[key] + change)


def _take_windows(state: State, command: PlaceHold, item: Sku, guard: Guard, quantity: int) -> None:
    sku, period = item.sku, guard.period
    if guard.breaker is not None:
        start_s = _window_start(state, guard.breaker.window_s)
        units = _in_window(state, sku, period, start_s) + quantity
        _put(state, sku, period, counters.EXPOSURE, counters.BREAKER_WINDOW, start_s)
        _put(state, sku, period, counters.EXPOSURE, counters.BREAKER_UNITS, units)
    for _, row, speed in counters.subjects(guard, command.buyer, command.signals):
        start_s = _window_start(state, speed.window_s)
        orders, units = _taken(state, sku, period, row, start_s)
        _put(state, sku, period, row, counters.WINDOW, start_s)
        _put(state, sku, period, row, counters.WINDOW_ORDERS, orders + 1)
        _put(state, sku, period, row, counters.WINDOW_UNITS, units + quantity)


def _take_address(state: State, command: PlaceHold, item: Sku, guard: Guard) -> None:
    if guard.buyers_per_address is None or command.signals is None or not command.signals.address:
        return
    address, person = command.signals.address, command.buyer_key or command.buyer
    served = counters.served_key(item.sku, guard.period, address, person)
    if not state.counts[served]:
        _set(state, served, 1)
        row = f"address:{address}"
        buyers = state.count(item.sku, guard.period, row, counters.BUYERS)
        _put(state, item.sku, guard.period, row, counters.BUYERS, buyers + 1)


def _taken(state: State, sku: str, period: str, row: str, start_s: int) -> tuple[int, int]:
    """Orders and units of a subject in the window that began at `start_s`."""
    if state.count(sku, period, row, counters.WINDOW) != start_s:
        return 0, 0
    return (
        state.count(sku, period, row, counters.WINDOW_ORDERS),
        state.count(sku, period, row, counters.WINDOW_UNITS),
    )


def _in_window(state: State, sku: str, period: str, start_s: int) -> int:
    if state.count(sku, period, counters.EXPOSURE, counters.BREAKER_WINDOW) != start_s:
        return 0
    return state.count(sku, period, counters.EXPOSURE, counters.BREAKER_UNITS)


def _window_start(state: State, window_s: int) -> int:
    now_s = state.now_us // US_PER_S
    return now_s - now_s % window_s


def _window_left_s(state: State, start_s: int, window_s: int) -> int:
    """Whole seconds until the window is over, at least one."""
    return start_s + window_s - state.now_us // US_PER_S


def _facts(sku: str, limit: str, allowed: int, taken: int, asked: int) -> Detail:
    return {"sku": sku, "limit": limit, "allowed": allowed, "taken": taken, "asked": asked}


def _put(state: State, sku: str, period: str, row: str, scope: str, value: int) -> None:
    _set(state, CountKey(sku, period, row, scope), value)


def _set(state: State, key: CountKey, value: int) -> None:
    state.counts[key] = state.changes.counts[key] = value
