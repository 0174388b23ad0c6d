"""What the watch remembers of the ledger, so that a look reads no disk: stocks, names, speeds, peaks."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import msgspec

from holdfast.ledger.records import HOLD_EXPIRED, HOLD_RELEASED, Sku
from holdfast.ledger.state import State as Commit
from holdfast.storage.contract import HoldFilter, Reader
from holdfast.storage.records import DocumentRow
from holdfast.sync.world import Readers, Submitter

from .records import ALL_PEAKS, WARNING, WARNING_PEAKS, Peak, PeaksDocument
from .speed import LONG_S, Speeds
from .stock import Accounts, Stock, changed_stocks, next_peak, restocked, stock_of

T = TypeVar("T")

PAGE = 500
SEQ_MAX = 2**62
US_PER_S = 1_000_000
SAVE_PEAKS_EVERY_S = 10.0


class News(NamedTuple):
    """SKUs to look at, those of them that were frozen or thawed, and the time of the oldest commit."""

    changed: set[str]
    refrozen: set[str]
    oldest_us: int | None


class Memory:
    """Kept up to date by commits; for the event loop alone."""

    def __init__(self, engine: Submitter, readers: Readers, now_us: Callable[[], int]) -> None:
        self._engine = engine
        self._readers = readers
        self._now_us = now_us
        self.stocks: dict[str, Stock] = {}
        self.names: dict[str, str] = {}
        self.frozen: set[str] = set()
        self.channels: dict[str, str] = {}
        self.speeds = Speeds()
        self._changed: dict[str, Accounts] = {}
        self._fresh: set[str] = set()
        self._refrozen: set[str] = set()
        self._oldest_us: int | None = None
        self._peaks: dict[str, Peak] = {}
        self._peaks_changed = False
        self._peaks_saved_at_s = 0.0

    async def load(self) -> list[DocumentRow]:
        """Read the ledger as it is; returns the documents of what stands. Raises StoreError."""
        read = self._readers.read
        peaks = await read(lambda reader: reader.document(WARNING_PEAKS, ALL_PEAKS))
        if peaks is not None:
            self._peaks = msgspec.json.decode(peaks.body, type=PeaksDocument).peaks
        for channel in await read(lambda reader: reader.channels()):
            self.channels[channel.channel] = channel.name
        for item in await self._all(lambda reader, after: reader.skus(after, PAGE), lambda row: row.sku):
            self._know(item)
        now_s = self._now_us() / 1e6
        for view in await self._all(lambda reader, after: reader.stocks(after, PAGE), lambda row: row.sku):
            self._see(view.sku, stock_of(view), now_s, fresh=False)
        return await self._all(
            lambda reader, after: reader.documents(WARNING, after, PAGE), lambda row: row.id
        )

    async def load_speeds(self, until_us: int) -> None:
        """Count the holds of the last five minutes that were recorded up to `until_us`; raises StoreError.

        A restart must not make a fast sale look still. Later holds are counted as they are committed.
        """
        speeds = Speeds()
        since_us = until_us - LONG_S * US_PER_S
        before: int | None = SEQ_MAX
        while before is not None:
            found = await self._readers.read(
                lambda reader, before=before: reader.find_holds(HoldFilter(), before, PAGE)  # type: ignore[misc]
            )
            before = found.next_seq
            for hold in found.holds:
                if hold.recorded_at_us <= since_us:
                    before = None
                    break
                if hold.recorded_at_us <= until_us and hold.status not in (HOLD_RELEASED, HOLD_EXPIRED):
                    for sku, units, _ in hold.draws:
                        speeds.take(sku, units, hold.recorded_at_us / US_PER_S)
        self.speeds.add(speeds)

    async def _all(self, query: Callable[[Reader, str], list[T]], key: Callable[[T], str]) -> list[T]:
        found: list[T] = []
        while rows := await self._readers.read(lambda reader: query(reader, key(found[-1]) if found else "")):
            found.extend(rows)
        return found

    def note(self, commit: Commit) -> None:
        """Learn what a commit changed; its holds are counted and let go at once.

        Kept until the next look they would be thousands, and all the memory's housekeeping pays for them.
        """
        changes = commit.changes
        self._count_units(commit)
        if changes.transfers:
            self._fresh |= restocked(commit)
        for item in changes.skus.values():
            if (item.sku in self.frozen) != item.frozen:
                self._refrozen.add(item.sku)
            self._know(item)
        for channel in changes.channels.values():
            self.channels[channel.channel] = channel.name
        for key in changes.accounts:
            self._changed[key.sku] = commit.accounts
        if self._oldest_us is None:
            self._oldest_us = commit.now_us

    def take(self) -> News:
        """What was noted since the last call, with the stocks brought up to date."""
        changed, self._changed = changed_stocks(self._changed), {}
        fresh, self._fresh = self._fresh, set()
        refrozen, self._refrozen = self._refrozen, set()
        oldest_us, self._oldest_us = self._oldest_us, None
        now_s = self._now_us() / 1e6
        for sku, stock in changed.items():
            known = self.stocks.get(sku)
            if known is None or stock.version >= known.version:
                self._see(sku, stock, now_s, fresh=sku in fresh)
        return News(set(changed) | refrozen, refrozen, oldest_us)

    def may_warn(self, sku: str) -> bool:
        """Whether anything is told of it: a frozen item, and one that never moved, tell nothing."""
        return sku in self.stocks and sku not in self.frozen

    def peak_units(self, sku: str) -> int:
        """The most that was on sale; 0 if there never was anything."""
        peak = self._peaks.get(sku)
        return peak.units if peak is not None else 0

    def peak(self, sku: str) -> Peak | None:
        """The same with the time since when."""
        return self._peaks.get(sku)

    async def save_peaks_now_and_then(self) -> None:
        """Save the peaks if they changed, but not at every unit of a restock; raises StoreError."""
        if self._now_us() / 1e6 - self._peaks_saved_at_s >= SAVE_PEAKS_EVERY_S:
            await self.save_peaks()

    async def save_peaks(self) -> None:
        """Save the peaks if they changed; raises StoreError, EngineFullError and EngineStoppedError."""
        if not self._peaks_changed:
            return
        now_us = self._now_us()
        body = msgspec.json.encode(PeaksDocument(self._peaks)).decode()
        self._peaks_changed = False
        self._peaks_saved_at_s = now_us / 1e6
        try:
            await self._engine.submit((), (DocumentRow(WARNING_PEAKS, ALL_PEAKS, body, now_us),))
        except BaseException:
            self._peaks_changed = True
            raise

    def _see(self, sku: str, stock: Stock, now_s: float, *, fresh: bool) -> None:
        self.stocks[sku] = stock
        before = self._peaks.get(sku)
        peak = next_peak(before, stock.available, now_s, fresh=fresh)
        if peak is not None and peak is not before:
            self._peaks[sku] = peak
            self._peaks_changed = True

    def _know(self, item: Sku) -> None:
        self.names[item.sku] = f"{item.name} {item.variant}".strip()
        if item.frozen:
            self.frozen.add(item.sku)
        else:
            self.frozen.discard(item.sku)

    def _count_units(self, commit: Commit) -> None:
        changes, speeds = commit.changes, self.speeds
        taken: dict[str, int] = {}
        for hold in changes.new_holds:
            for sku, units, _ in hold.draws:
                taken[sku] = taken.get(sku, 0) + units
        for sku, units in taken.items():
            # All new holds of a commit are recorded at its time.
            speeds.take(sku, units, commit.now_us / 1e6)
        for hold in changes.settled_holds:
            if hold.status in (HOLD_RELEASED, HOLD_EXPIRED):
                for sku, units, _ in hold.draws:
                    speeds.give_back(sku, units, hold.recorded_at_us / 1e6)
