"""The outbox: notices that are saved with what they tell, and forgotten when they were delivered."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from holdfast.policies.warnings import Level, StockWarning
from holdfast.storage.records import DocumentGone, DocumentRow, Record
from holdfast.sync.world import Readers

NOTICE = "notice"
PAGE = 500


@dataclass(frozen=True, slots=True)
class Told:
    """Something to tell, and the loudest level that it was told at so far."""

    warning: StockWarning
    loudest: Level


class Notice(msgspec.Struct, frozen=True):
    """What one destination is to be told of one look; a repeat of it has the same id."""

    id: str
    destination: str
    at_us: int
    warnings: tuple[StockWarning, ...]


Wants = Callable[[Told], list[str]]
"""The destinations that want to be told of something."""


class Outbox:
    """Notices by destination, the oldest first; `arrived` is called with a destination that got one."""

    def __init__(self, readers: Readers) -> None:
        self.wants: Wants = lambda told: []
        self.arrived: Callable[[str], None] = lambda destination: None
        self._readers = readers
        self._numbers = itertools.count()
        self._waiting: dict[str, dict[str, Notice]] = {}

    async def load(self) -> None:
        """Read what was not delivered before the restart; raises StoreError."""
        decode = msgspec.json.Decoder(Notice).decode
        after = ""
        while rows := await self._readers.read(
            lambda reader, after=after: reader.documents(NOTICE, after, PAGE)  # type: ignore[misc]
        ):
            self.keep([decode(row.body) for row in rows])
            after = rows[-1].id

    def prepare(self, told: Sequence[Told], at_us: int) -> list[Notice]:
        """The notices that these make, for every destination that wants them."""
        wanted: dict[str, list[StockWarning]] = {}
        for each in told:
            for destination in self.wants(each):
                wanted.setdefault(destination, []).append(each.warning)
        return [
            # Fixed widths, so that the order of ids is that of time.
            Notice(f"ntc_{at_us:015x}{next(self._numbers):06x}", destination, at_us, tuple(warnings))
            for destination, warnings in wanted.items()
        ]

    def records(self, notices: Sequence[Notice]) -> list[Record]:
        """What has to be saved of them."""
        return [
            DocumentRow(NOTICE, notice.id, msgspec.json.encode(notice).decode(), notice.at_us)
            for notice in notices
        ]

    def keep(self, notices: Sequence[Notice]) -> None:
        """They are saved: deliver them."""
        for notice in notices:
            self._waiting.setdefault(notice.destination, {})[notice.id] = notice
            self.arrived(notice.destination)

    def waiting(self, destination: str) -> list[Notice]:
        """What a destination is still to be told, the oldest first."""
        return list(self._waiting.get(destination, {}).values())

    def destinations(self) -> list[str]:
        """Those that something waits for."""
        return [name for name, notices in self._waiting.items() if notices]

    def gone(self, notices: Iterable[Notice]) -> list[Record]:
        """Forget notices that were delivered or given up; what has to be saved of that."""
        return [
            DocumentGone(NOTICE, notice.id)
            for notice in notices
            if self._waiting.get(notice.destination, {}).pop(notice.id, None) is not None
        ]
