"""Clusters 聚集: the devices, addresses, payments and buyers that most tries of a preview came from."""

from collections.abc import Iterator
from typing import NamedTuple

from holdfast.ledger.commands import PlaceHold, RecordOrder
from holdfast.ledger.guard.counters import listable

CLUSTERS_MAX = 10
TRIES_MIN = 2
"""Fewer tries than this from one place are no cluster."""


class Cluster(NamedTuple):
    """What one subject tried; `value` is a buyer's name or a keyed hash, as lists take it."""

    kind: str
    value: str
    tries: int
    buyers: int
    stopped: int
    """Tries that the rules would not have placed at once: refused, queued or put up for review."""


class Clusters:
    """Counted while a preview goes through the tries."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[set[str], list[int]]] = {}

    def count(self, command: PlaceHold | RecordOrder, *, stopped: bool) -> None:
        """One more try."""
        for subject in _subjects(command):
            buyers, numbers = self._found.setdefault(subject, (set(), [0, 0]))
            buyers.add(command.buyer)
            numbers[0] += 1
            numbers[1] += stopped

    def biggest(self) -> list[Cluster]:
        """The subjects with the most tries, the most first."""
        found = [
            Cluster(kind, value, tries, len(buyers), stopped)
            for (kind, value), (buyers, (tries, stopped)) in self._found.items()
            if tries >= TRIES_MIN
        ]
        return sorted(found, key=lambda each: (-each.tries, each.kind, each.value))[:CLUSTERS_MAX]


def _subjects(command: PlaceHold | RecordOrder) -> Iterator[tuple[str, str]]:
    signals = command.signals if isinstance(command, PlaceHold) else None
    return listable(command.buyer_key or command.buyer, signals)
