"""Tallies as rows of numbers: a subject's name is hashed, so that rows are small and nameless."""

from collections.abc import Iterable
from hashlib import blake2b

from holdfast.ledger.guard.tallies import NOTHING, Tally, TallyKey, place
from holdfast.ledger.state import State

from .rows import Row

NUMBER_BYTES = 8


class LoadedTallies:
    """The numbers under which a batch has loaded tallies."""

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
        return sorted([(numbers[key], periods[place(key)], *tally) for key, tally in changed.items()])


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
