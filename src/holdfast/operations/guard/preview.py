"""What a guard would have done to yesterday: old holds, refusals and orders through the ledger's own code.

Everything happens in memory, on an item of its own: no stock, no counter and no old answer is touched.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import msgspec

from holdfast.ledger.accounts import Account, AccountKey, AccountKind
from holdfast.ledger.apply import apply
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import ORDER_TTL_S, Command, PlaceHold, RecordOrder, ReleaseHold
from holdfast.ledger.guard.counters import LISTS
from holdfast.ledger.guard.rules import FORGED, Guard, Signals, Ticket
from holdfast.ledger.guard.tallies import NO_SKU, Tally
from holdfast.ledger.records import HOLD_EXPIRED, HOLD_RELEASED, Channel, CountKey, Detail, Hold, Refusal, Sku
from holdfast.ledger.state import State
from holdfast.storage.contract import HoldFilter, Reader

from .clusters import Cluster, Clusters

EVENTS_MAX = 20_000
"""Most holds, and most refusals, that one preview goes through."""
STRETCHES_MAX = 400
EXAMPLES_MAX = 20
PAGE = 1_000
FAR_US = 2**60
STOCK = 10**12
ACTOR = "preview"


class Example(NamedTuple):
    """One try that the guard would have answered so."""

    id: str
    buyer: str
    at_us: int
    outcome: str
    code: str
    facts: Detail


class Preview(msgspec.Struct):
    """What would have come of the tries; `outcomes` counts by outcome and code."""

    tried: int = 0
    placed: int = 0
    outcomes: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)
    examples: list[Example] = msgspec.field(default_factory=list)
    with_signals: int = 0
    stopped_early: bool = False
    clusters: list[Cluster] = msgspec.field(default_factory=list)


class _Event(NamedTuple):
    at_us: int
    rank: int
    id: str
    command: Command
    told: bool
    """Whether the shop had told anything of the buyer."""


class _Body(msgspec.Struct):
    """What a refusal keeps."""

    channel: str
    buyer: str
    lines: dict[str, int]
    buyer_key: str = ""
    ticket: str = ""
    signals: Signals | None = None


class _Counts(dict[CountKey, int]):
    """Counters that begin with the time looked at; lists of buyers are read as they stand today."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    def __missing__(self, key: CountKey) -> int:
        sku, period, row, scope = key
        listed = sku == NO_SKU and period == LISTS
        self[key] = value = self._reader.counts(sku, period, row).get(scope, 0) if listed else 0
        return value


def preview(reader: Reader, item: Sku, guard: Guard, from_us: int, to_us: int) -> Preview:
    """Decide the tries of an item from `from_us` up to, not including, `to_us`; raises StoreError.

    Sale windows, freezes and stock are left out: what is asked is whom the rules stop. Lists are those of
    today, tickets count as shown when they were genuine, whatever their gate.
    """
    found = Preview()
    events = sorted(_events(reader, item.sku, guard, (from_us, to_us), found), key=lambda each: each[:3])
    state = _state(reader, item, guard)
    clusters = Clusters()
    for event in events:
        _prepare(state, item.sku, event)
        command = event.command
        (decision,) = apply(state, (command,))
        if not isinstance(command, (PlaceHold, RecordOrder)):
            continue
        found.tried += 1
        found.with_signals += event.told
        hold = state.holds.get(event.id)
        note = hold.guard if hold is not None else None
        if hold is None:
            facts = decision.detail
            queued = decision.code is ResultCode.QUEUED
            _tell(found, event, "queue" if queued else "refuse", str(facts.get("rule", decision.code)), facts)
        elif note is not None and note.cause:
            found.placed += 1
            _tell(found, event, "review", note.cause, note.facts or {})
        else:
            found.placed += 1
        clusters.count(command, stopped=hold is None or bool(note and note.cause))
    found.clusters = clusters.biggest()
    return found


def _tell(found: Preview, event: _Event, outcome: str, code: str, facts: Detail) -> None:
    found.outcomes[outcome, code] += 1
    if len(found.examples) < EXAMPLES_MAX:
        command = event.command
        buyer = command.buyer if isinstance(command, (PlaceHold, RecordOrder)) else ""
        found.examples.append(Example(event.id, buyer, event.at_us, outcome, code, facts))


def _state(reader: Reader, item: Sku, guard: Guard) -> State:
    """The item as it would have been: always open, never short, with these rules."""
    bare = replace(
        item, guard=guard, frozen=False, sale_opens_at_us=None, sale_closes_at_us=None, components=()
    )
    return State(
        1,
        0,
        balances_of={item.sku},
        skus={item.sku: bare},
        counts=_Counts(reader),
        tallies=defaultdict(Tally),
    )


def _prepare(state: State, sku: str, event: _Event) -> None:
    """Time, channel and stock for one try."""
    state.now_us = event.at_us
    command = event.command
    if not isinstance(command, (PlaceHold, RecordOrder)):
        return
    if command.channel not in state.channels:
        state.channels[command.channel] = Channel(command.channel, "", "")
        key = AccountKey(sku, "main", AccountKind.CHANNEL, command.channel)
        state.accounts[key] = Account(key, STOCK)


def _events(
    reader: Reader, sku: str, guard: Guard, span: tuple[int, int], found: Preview
) -> Iterator[_Event]:
    for hold in _holds(reader, sku, span, found):
        yield _placed(hold, sku, guard)
        if hold.status in (HOLD_RELEASED, HOLD_EXPIRED) and hold.settled_at_us is not None:
            yield _Event(hold.settled_at_us, 0, hold.id, ReleaseHold(hold.id, ACTOR), told=False)
    refusals = reader.refused_holds(sku, *span, EVENTS_MAX + 1)
    if len(refusals) > EVENTS_MAX:
        found.stopped_early = True
    for refusal in refusals[:EVENTS_MAX]:
        yield _refused(refusal, sku, guard)


def _holds(reader: Reader, sku: str, span: tuple[int, int], found: Preview) -> Iterator[Hold]:
    """Holds of the time, the newest first, until the bound on holds or on looks is reached."""
    before: int | None = 2**62
    given = 0
    for _ in range(STRETCHES_MAX):
        if before is None:
            return
        page = reader.find_holds(HoldFilter(sku), before, PAGE)
        for hold in page.holds:
            if hold.recorded_at_us < span[0]:
                return
            if hold.recorded_at_us < span[1] and any(line.sku == sku for line in hold.lines):
                if given == EVENTS_MAX:
                    found.stopped_early = True
                    return
                given += 1
                yield hold
        before = page.next_seq
    found.stopped_early = found.stopped_early or before is not None


def _placed(hold: Hold, sku: str, guard: Guard) -> _Event:
    lines = tuple((line.sku, line.quantity) for line in hold.lines if line.sku == sku)
    if hold.ttl_s == ORDER_TTL_S:
        order = RecordOrder(hold.id, hold.channel, hold.buyer, lines, False, ACTOR, hold.buyer_key)
        return _Event(hold.recorded_at_us, 1, hold.id, order, told=False)
    note = hold.guard
    ticket = Ticket(note.ticket, guard.ticket_gate, hold.buyer, FAR_US) if note and note.ticket else None
    signals = note.signals if note else None
    command = PlaceHold(
        hold.id,
        hold.channel,
        hold.buyer,
        lines,
        ACTOR,
        hold.buyer_key,
        hold.ttl_s,
        ticket=ticket,
        signals=signals,
    )
    return _Event(hold.recorded_at_us, 1, hold.id, command, told=signals is not None)


def _refused(refusal: Refusal, sku: str, guard: Guard) -> _Event:
    body = msgspec.convert(refusal.body, _Body)
    ticket = Ticket(body.ticket, guard.ticket_gate, body.buyer, FAR_US) if body.ticket else None
    if refusal.code in (ResultCode.TICKET_INVALID, ResultCode.TICKET_EXPIRED):
        ticket = FORGED
    command = PlaceHold(
        refusal.id,
        body.channel,
        body.buyer,
        ((sku, body.lines[sku]),),
        ACTOR,
        body.buyer_key,
        ticket=ticket,
        signals=body.signals,
    )
    return _Event(refusal.recorded_at_us, 1, refusal.id, command, told=body.signals is not None)
