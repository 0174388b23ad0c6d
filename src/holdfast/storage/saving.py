"""What a batch changed, as rows for the named statements of any SQL database."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b

from holdfast.ledger.guard.tallies import NOTHING, Tally, TallyKey, period_of
from holdfast.ledger.records import CountKey
from holdfast.ledger.state import Changes, State

from .rows import (
    Row,
    from_account,
    from_audit,
    from_channel,
    from_hold,
    from_mark,
    from_refusal,
    from_sku,
    from_transfer,
    json_text,
    to_quantities,
)

US_PER_S = 1_000_000
NUMBER_BYTES = 8


class LoadedCounts:
    """Rows of counters that a batch has loaded: a row is saved with all its scopes."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, ...], dict[str, int]] = {}

    def clear(self) -> None:
        """Another batch begins."""
        self._rows = {}

    def load(self, state: State, sku: str, period: str, buyer: str, text: str) -> None:
        """Put a row into the state."""
        quantities = self._rows[sku, period, buyer] = to_quantities(text)
        for scope, quantity in quantities.items():
            state.counts[CountKey(sku, period, buyer, scope)] = quantity

    def packed(self, changed: dict[CountKey, int]) -> list[Row]:
        """The rows of all buyers of whom a counter changed, in key order."""
        rows: dict[tuple[str, ...], dict[str, int]] = {}
        for key in sorted(changed):
            place = key[:3]
            row = rows.get(place)
            if row is None:
                row = rows[place] = self._rows.get(place, {})
            row[key[3]] = changed[key]
        return [(*place, json_text(quantities)) for place, quantities in rows.items()]


class LoadedTallies:
    """Tallies of a batch as rows of numbers: a name is hashed, so that rows are small and nameless."""

    def __init__(self) -> None:
        self._keys: dict[int, TallyKey] = {}
        self._numbers: dict[TallyKey, int] = {}

    def begin(self, state: State, keys: Iterable[TallyKey]) -> list[int]:
        """Another batch: let the state have its tallies as if none was on file; returns their numbers."""
        self._numbers = {key: number_of(key) for key in keys}
        self._keys = {number: key for key, number in self._numbers.items()}
        state.tallies.update(dict.fromkeys(self._numbers, NOTHING))
        return sorted(self._keys)

    def load(self, state: State, rows: Iterable[Row]) -> None:
        """Put rows into the state: number, period, and what a tally is made of."""
        for row in rows:
            state.tallies[self._keys[row[0]]] = Tally._make(row[2:])

    def rows(self, changed: dict[TallyKey, Tally]) -> list[Row]:
        """The changed tallies in the order of their numbers."""
        numbers, periods = self._numbers, _Periods()
        return sorted([(numbers[key], periods[period_of(key)], *tally) for key, tally in changed.items()])


class _Periods(dict[str, int]):
    """Numbers of the periods of a batch: they are few."""

    def __missing__(self, text: str) -> int:
        self[text] = number = number_of(text)
        return number


def number_of(text: str) -> int:
    """64 bits with a sign; of ten million numbers two are the same in one store of 370,000."""
    return int.from_bytes(blake2b(text.encode(), digest_size=NUMBER_BYTES).digest(), "big", signed=True)


def period_number(sku: str, period: str) -> int:
    """The number of an item's period."""
    return number_of(f"{sku}\0{period}")


def changed_rows(
    state: State, counts: LoadedCounts, tallies: LoadedTallies
) -> Iterator[tuple[str, list[Row]]]:
    """Names of statements, each with its rows; what is looked up by key goes in key order.

    That keeps pages together, and locks in one order where rows are locked.
    """
    changes = state.changes
    yield "save_skus", [from_sku(item) for item in changes.skus.values()]
    yield "save_channels", [from_channel(item) for item in changes.channels.values()]
    yield "save_accounts", [from_account(changes.accounts[key]) for key in sorted(changes.accounts)]
    yield from _holds(changes)
    yield (
        "settle_holds",
        [(hold.id, hold.status, hold.settled_at_us, hold.settled_by) for hold in changes.settled_holds],
    )
    yield "save_transfers", [from_transfer(item) for item in changes.transfers]
    yield "save_refusals", [from_refusal(item) for item in changes.refusals]
    yield "save_counts", counts.packed(changes.counts)
    yield "save_tallies", tallies.rows(changes.tallies)
    yield from _periods(changes, state.now_us // US_PER_S).items()
    yield "save_audit", [from_audit(state.now_us, changes.audit)] if changes.audit else []


def _periods(changes: Changes, now_s: int) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {"end_periods": [], "resume_periods": []}
    for place, came in changes.periods.items():
        number = period_number(*place)
        if came:
            rows["resume_periods"].append((number,))
        else:
            rows["end_periods"].append((number, now_s))
    return rows


def _holds(changes: Changes) -> Iterator[tuple[str, list[Row]]]:
    """New holds in their order, with their marks if any has one, then the marks of older ones.

    To mark a new hold afterwards would find and write it twice.
    """
    new = changes.new_holds
    if not changes.marked_holds:
        yield "save_holds", [from_hold(hold) for hold in new]
        return
    yield "save_marked_holds", [(*from_hold(hold), *from_mark(hold)[1:]) for hold in new]
    saved = {hold.id for hold in new}
    yield "mark_holds", [from_mark(hold) for hold in changes.marked_holds if hold.id not in saved]
