"""One overlay as its viewers see it: what may be shown of a few items, encoded once for all of them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from time import perf_counter
from typing import Any, Literal

import msgspec

from holdfast.ledger.records import Sku
from holdfast.ledger.views import StockView
from holdfast.storage.contract import OverlayRow

SNAPSHOT_EVENT = "snapshot"
STOCK_EVENT = "stock"
ENDED_EVENT = "ended"

NextDrop = Callable[[str], tuple[int, int] | None]
"""When the next drop of an item opens, in µs, and its units; None without one."""

_encode = msgspec.json.Encoder().encode


class ShownDrop(msgspec.Struct, frozen=True):
    """The next drop of an item: when it opens, in ms since 1970 by the server's clock, and its units."""

    opens_at_ms: int
    units: int


class ShownItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that a viewer may know of an item; neither its code nor its channels are in here."""

    position: int
    name: str
    remaining: int
    total: int
    state: Literal["on_sale", "sold_out"]
    next: ShownDrop | None = None


class Picture(msgspec.Struct, frozen=True):
    """All that an overlay shows."""

    theme: str
    layout: str
    place: str
    language: str
    items: list[ShownItem]


@dataclass(frozen=True, slots=True)
class Telling:
    """Bytes for the wire, and when the newest stock in them was committed, if they tell of a change."""

    data: bytes
    committed_at: float | None = None


ENDED = Telling(b"event: %b\ndata: {}\n\n" % ENDED_EVENT.encode())
STILL_HERE = Telling(b": still here\n\n")


class Viewer:
    """One reader: at most one telling waits, so a slow one costs nobody anything."""

    __slots__ = ("_arrived", "_waiting", "closed")

    def __init__(self) -> None:
        self._waiting: Telling | None = None
        self._arrived = asyncio.Event()
        self.closed = False

    def offer(self, change: Telling, whole: Telling) -> None:
        """Have a change wait; for one that missed something, the whole picture instead."""
        if self.closed:
            return
        missed_nothing = self._waiting is None or self._waiting is STILL_HERE
        self._waiting = change if missed_nothing else whole
        self._arrived.set()

    def remind(self) -> None:
        """Have it hear that the line is alive, unless it hears something anyway."""
        if self._waiting is None and not self.closed:
            self._waiting = STILL_HERE
            self._arrived.set()

    def close(self, last: Telling | None = None) -> None:
        """Let it go, with a last word in the place of what waits."""
        if not self.closed:
            self._waiting = last
            self.closed = True
            self._arrived.set()

    async def next(self) -> Telling | None:
        """What waits; None when the viewer was let go and has heard everything."""
        if self._waiting is None and not self.closed:
            await self._arrived.wait()
        self._arrived.clear()
        telling, self._waiting = self._waiting, None
        return telling


class Screen:
    """An overlay with its viewers; `whole` and the id of its state are made when the state changes."""

    def __init__(self, row: OverlayRow) -> None:
        self.row = row
        self.coming = row
        """What it is about to show, while its items are being read."""
        self.viewers: set[Viewer] = set()
        self.loading = asyncio.Lock()
        self.loaded = False
        self.told_at = perf_counter()
        self.state_id = ""
        self.whole = Telling(b"")
        self._views: dict[str, StockView] = {}
        self._names: dict[str, str] = {}
        self._drops: dict[str, ShownDrop] = {}
        self._shown: dict[str, ShownItem] = {}

    def follows(self) -> set[str]:
        """Items whose changes it has to hear of."""
        return {*self.row.skus, *self.coming.skus}

    def load(self, row: OverlayRow, items: list[tuple[Sku, StockView]]) -> None:
        """Show these items; what the feed told in the meantime is newer than what was read."""
        for item, view in items:
            self._names[item.sku] = name_of(item)
            if view.version >= self._version(item.sku):
                self._views[item.sku] = view
        self.row = self.coming = row
        self.loaded = True
        self._shown = {}
        self._redraw(row.skus)

    def put(self, view: StockView) -> None:
        """Note newer stock of an item."""
        if view.sku in self.follows() and view.version > self._version(view.sku):
            self._views[view.sku] = view

    def rename(self, item: Sku) -> None:
        """Note an item's new name."""
        if item.sku in self._names:
            self._names[item.sku] = name_of(item)

    def plan(self, next_drop: NextDrop) -> None:
        """Note the next drops of its items."""
        found = {sku: next_drop(sku) for sku in self.follows()}
        self._drops = {
            sku: ShownDrop(drop[0] // 1_000, drop[1]) for sku, drop in found.items() if drop is not None
        }

    def change(self, skus: set[str], committed_at: float | None) -> Telling | None:
        """What viewers can see of these items' changes; None if they can see none."""
        if not self.loaded:
            return None
        changed = self._redraw([sku for sku in self.row.skus if sku in skus])
        if not changed:
            return None
        self.whole = Telling(self.whole.data, committed_at)
        return Telling(_event(STOCK_EVENT, self.state_id, {"items": changed}), committed_at)

    def tell_whole(self) -> None:
        """Tell the viewers everything anew."""
        for viewer in self.viewers:
            viewer.offer(self.whole, self.whole)

    def _version(self, sku: str) -> int:
        view = self._views.get(sku)
        return -1 if view is None else view.version

    def _redraw(self, skus: "tuple[str, ...] | list[str]") -> list[ShownItem]:
        """Work out how these items look now, and the whole if one looks different."""
        changed = []
        for sku in skus:
            view = self._views.get(sku)
            if view is None or sku not in self._names:
                continue
            item = shown(self.row.skus.index(sku), self._names[sku], view, self._drops.get(sku))
            if item != self._shown.get(sku):
                self._shown[sku] = item
                changed.append(item)
        if changed:
            row = self.row
            items = [self._shown[sku] for sku in row.skus if sku in self._shown]
            picture = Picture(row.theme, row.layout, row.place, row.language, items)
            # Named by what it holds: a viewer who comes back with this id has missed nothing.
            self.state_id = sha256(_encode(picture)).hexdigest()[:16]
            self.whole = Telling(_event(SNAPSHOT_EVENT, self.state_id, picture))
        return changed


def name_of(item: Sku) -> str:
    """What viewers call an item."""
    return f"{item.name} {item.variant}".rstrip()


def shown(position: int, name: str, view: StockView, drop: ShownDrop | None = None) -> ShownItem:
    """What viewers see of an item's stock: what may still be sold, of all that was put up for sale."""
    remaining = max(0, view.available)
    total = remaining + view.held + view.committed
    return ShownItem(position, name, remaining, total, "on_sale" if remaining else "sold_out", drop)


def _event(name: str, state_id: str, document: Any) -> bytes:
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (state_id.encode(), name.encode(), _encode(document))
