"""The ledger's own history through the rule: what these lines would have told, and when."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from holdfast.ledger.accounts import SELLABLE, AccountKind
from holdfast.ledger.records import HOLD_EXPIRED, HOLD_RELEASED, Hold, Sku
from holdfast.policies.warnings import Lines, State, StockWarning, View, evaluate
from holdfast.storage.contract import HoldFilter, Reader, TransferRow
from holdfast.sync.world import Readers

from .records import Peak
from .speed import Speeds
from .stock import FRESH, Stock, next_peak, stock_of

PAGE = 500
ROWS_MAX = 20_000
"""Transfers, and as many holds, that one replay reads."""
LOOKS_MAX = 20_000
TOLD_MAX = 1_000
SEQ_MAX = 2**62
OPEN_BEFORE_US = 3_600_000_000
"""Holds from so long before are read too: what gave them back may lie within the time."""
STEP_S, STEPS_MAX = 10, 60
"""Between two events it looks every ten seconds for ten minutes: speeds fade, and warnings escalate."""


@dataclass(slots=True)
class Replay:
    """What would have been told, in order of time; incomplete where a bound cut it at its beginning."""

    from_us: int
    to_us: int
    complete: bool = True
    looks: int = 0
    skus: int = 0
    told: list[StockWarning] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Event:
    """What changed at one moment; `taken` are units of a hold, negative where one taken then came back."""

    at_us: int
    available: int = 0
    reserve: int = 0
    debt: int = 0
    taken: int = 0
    taken_at_us: int = 0
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class _Item:
    sku: Sku
    now: Stock
    peak: Peak | None
    events: list[_Event]


async def replay(
    readers: Readers,
    lines: Lines,
    sku: str | None,
    from_us: int,
    to_us: int,
    peak: Callable[[str], Peak | None],
) -> Replay:
    """Run it on a thread of its own; raises StoreError."""
    found = Replay(from_us, to_us)
    transfers, cut_us = await readers.read(lambda reader: _transfers(reader, sku, from_us))
    holds, cut_holds_us = await readers.read(lambda reader: _holds(reader, sku, from_us - OPEN_BEFORE_US))
    found.from_us = max(from_us, cut_us, cut_holds_us)
    found.complete = found.from_us == from_us
    events = _events(transfers, holds)
    items: list[_Item] = []
    for code, changes in sorted(events.items()):
        item, view = await readers.read(lambda reader, code=code: (reader.sku(code), reader.stock(code)))  # type: ignore[misc]
        if item is not None and view is not None:
            within = [each for each in sorted(changes, key=_at) if found.from_us <= each.at_us <= to_us]
            items.append(_Item(item, stock_of(view), peak(code), within))
    await asyncio.to_thread(_run, found, items, lines)
    return found


def _at(event: _Event) -> int:
    return event.at_us


def _transfers(reader: Reader, sku: str | None, from_us: int) -> tuple[list[TransferRow], int]:
    """The newest first, and the time from which they are all there."""
    found: list[TransferRow] = []
    before = SEQ_MAX
    while rows := reader.transfers(sku, before, PAGE):
        found += [row for row in rows if row.transfer.recorded_at_us >= from_us]
        if rows[-1].transfer.recorded_at_us < from_us or len(rows) < PAGE:
            return found, from_us
        if len(found) >= ROWS_MAX:
            return found, rows[-1].transfer.recorded_at_us + 1
        before = rows[-1].seq
    return found, from_us


def _holds(reader: Reader, sku: str | None, from_us: int) -> tuple[list[Hold], int]:
    found: list[Hold] = []
    before: int | None = SEQ_MAX
    while before is not None:
        page = reader.find_holds(HoldFilter(sku=sku) if sku else HoldFilter(), before, PAGE)
        found += [hold for hold in page.holds if hold.recorded_at_us >= from_us]
        if page.holds and page.holds[-1].recorded_at_us < from_us:
            break
        if len(found) >= ROWS_MAX:
            return found, page.holds[-1].recorded_at_us + 1
        before = page.next_seq
    return found, from_us


def _events(transfers: list[TransferRow], holds: list[Hold]) -> dict[str, list[_Event]]:
    found: dict[str, list[_Event]] = {}
    for row in transfers:
        move = row.transfer
        # A confirmed hold's legs take what the hold set aside before: nothing changes for the buyer.
        if move.id is None:
            continue
        source, target, units = AccountKind(move.from_kind), AccountKind(move.to_kind), move.quantity
        found.setdefault(move.sku, []).append(
            _Event(
                move.recorded_at_us,
                units * ((target in SELLABLE) - (source in SELLABLE)),
                units * ((target is AccountKind.RESERVE) - (source is AccountKind.RESERVE)),
                units * ((source is AccountKind.OVERSOLD) - (target is AccountKind.OVERSOLD)),
                fresh=source in FRESH and target in SELLABLE,
            )
        )
    for hold in holds:
        at_us, end_us = hold.recorded_at_us, hold.settled_at_us
        for draw in hold.draws:
            events = found.setdefault(draw.sku, [])
            events.append(_Event(at_us, -draw.quantity, taken=draw.quantity, taken_at_us=at_us))
            if hold.status in (HOLD_RELEASED, HOLD_EXPIRED) and end_us is not None:
                events.append(_Event(end_us, draw.quantity, taken=-draw.quantity, taken_at_us=at_us))
    return found


def _run(found: Replay, items: list[_Item], lines: Lines) -> None:
    for item in items:
        if not item.events:
            continue
        found.skus += 1
        for outcome in _watched(found, item, lines):
            if len(found.told) >= TOLD_MAX:
                found.complete = False
                return
            found.told.append(outcome)
    found.told.sort(key=lambda each: (each.at_s, each.sku))


def _watched(found: Replay, item: _Item, lines: Lines) -> Iterator[StockWarning]:
    """Undo everything to know the beginning, then let it happen again."""
    available = item.now.available - sum(event.available for event in item.events)
    reserve = item.now.reserve - sum(event.reserve for event in item.events)
    debt = item.now.debt - sum(event.debt for event in item.events)
    known = item.peak if item.peak is not None and item.peak.at_s * 1e6 <= found.from_us else None
    peak = next_peak(known, available, found.from_us / 1e6, fresh=False)
    speeds, state, name = Speeds(), State(), f"{item.sku.name} {item.sku.variant}".strip()
    stop = _Event(found.to_us)
    for event, following in pairwise([*item.events, stop]):
        at_s = event.at_us / 1e6
        available, reserve, debt = available + event.available, reserve + event.reserve, debt + event.debt
        peak = next_peak(peak, available, at_s, fresh=event.fresh)
        if event.taken > 0:
            speeds.take(item.sku.sku, event.taken, at_s)
        elif event.taken < 0:
            speeds.give_back(item.sku.sku, -event.taken, event.taken_at_us / 1e6)
        for now_s in _moments(at_s, following.at_us / 1e6, last=following is stop):
            if found.looks >= LOOKS_MAX:
                found.complete = False
                return
            found.looks += 1
            units = peak.units if peak is not None else 0
            speed = speeds.per_minute(item.sku.sku, now_s)
            view = View(item.sku.sku, available, units, name, reserve, speed, debt)
            outcome = evaluate(view, lines, state, now_s)
            state = outcome.state
            if outcome.warning is not None:
                yield outcome.warning


def _moments(at_s: float, until_s: float, *, last: bool) -> Iterator[float]:
    """When to look: at once unless more follows within the same fifth of a second, then now and then."""
    if until_s - at_s < 0.2 and not last:
        return
    for step in range(STEPS_MAX + 1):
        now_s = at_s + step * STEP_S
        if step and now_s >= until_s:
            return
        yield now_s
