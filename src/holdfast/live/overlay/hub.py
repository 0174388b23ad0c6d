"""All overlay viewers of one process, behind a single subscription of the feed.

A thousand viewers must not slow the write path down: a commit costs one offer, whoever watches, and the
telling takes a small share of the loop's time, by pausing in proportion to how long it took: a tenth
while the loop is idle, so that viewers see changes soon, a sixtieth while it is busy with orders.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from time import perf_counter, thread_time

from holdfast.engine.measures import SECONDS, Histogram
from holdfast.ledger.records import Sku
from holdfast.ledger.views import StockView
from holdfast.live.feed import Feed, Subscription
from holdfast.storage.contract import OverlayRow, Reader, StoreError

from .ring import OverlayRing
from .screen import ENDED, NextDrop, Screen, Telling, Viewer

HEARTBEAT_S = 5.0
PAUSE_MIN_S = 0.04
PAUSE_MAX_S = 1.0
PAUSE_SHARE_IDLE = 10
PAUSE_SHARE_BUSY = 60
SLICE = 250
"""In smaller ones rounds of telling and of commits alternate, and batches stay small."""

Items = list[tuple[Sku, StockView]]
ReadItems = Callable[[Callable[[Reader], Items]], Awaitable[Items]]


class TooManyViewersError(Exception):
    """As many viewers watch as may."""


class OverlayHub:
    """Screens that somebody watches; each is read once, then follows the feed."""

    def __init__(
        self, feed: Feed, ring: OverlayRing, read: ReadItems, viewers_max: int, next_drop: NextDrop
    ) -> None:
        self._feed = feed
        self._ring = ring
        self._read = read
        self._viewers_max = viewers_max
        self._next_drop = next_drop
        self._screens: dict[str, Screen] = {}
        self._followed: set[str] = set()
        self._telling: asyncio.Task[None] | None = None
        self._reloads: set[asyncio.Task[None]] = set()
        self.viewers = 0
        self.lag_s = Histogram(SECONDS)

    async def watch(self, row: OverlayRow, state_id: str) -> Viewer:
        """A viewer that is told the whole picture first, unless `state_id` says that it knows it.

        Raises TooManyViewersError, and StoreError if the items cannot be read.
        """
        if self.viewers >= self._viewers_max:
            raise TooManyViewersError
        viewer = Viewer()
        screen = self._screens.setdefault(row.hash, Screen(row))
        screen.viewers.add(viewer)
        self.viewers += 1
        try:
            self._follow()
            async with screen.loading:
                if not screen.loaded:
                    await self._load(screen, row)
        except BaseException:
            self.leave(row, viewer)
            raise
        if screen.state_id != state_id:
            viewer.offer(screen.whole, screen.whole)
        return viewer

    def leave(self, row: OverlayRow, viewer: Viewer) -> None:
        """Stop to watch; a screen that nobody watches any more is forgotten."""
        screen = self._screens.get(row.hash)
        if screen is None or viewer not in screen.viewers:
            return
        screen.viewers.discard(viewer)
        self.viewers -= 1
        if not screen.viewers:
            del self._screens[row.hash]
            self._follow()

    def sent(self, telling: Telling) -> None:
        """Measure how long a change took from the commit to a viewer's socket."""
        if telling.committed_at is not None:
            self.lag_s.observe(perf_counter() - telling.committed_at)

    def refreshed(self) -> None:
        """Let go who watches at an address that has ended, and show what others now are to show."""
        for token_hash, screen in list(self._screens.items()):
            row = self._ring.by_hash(token_hash)
            if row is None or row.revoked_at_us is not None:
                self._end(token_hash, screen)
            elif row != screen.coming:
                screen.coming = row
                self._follow()
                reload = asyncio.create_task(self._reload(screen, row))
                self._reloads.add(reload)
                reload.add_done_callback(self._reloads.discard)

    def renamed(self, items: Iterable[Sku]) -> None:
        """Show items under their new names."""
        for screen in self._screens.values():
            named = {item.sku: item for item in items if item.sku in screen.row.skus}
            for item in named.values():
                screen.rename(item)
            if screen.change(set(named), None) is not None:
                screen.tell_whole()

    def planned(self) -> None:
        """Show the next drops as they are planned now."""
        for screen in self._screens.values():
            screen.plan(self._next_drop)
            if screen.change(set(screen.row.skus), None) is not None:
                screen.tell_whole()

    def _end(self, token_hash: str, screen: Screen) -> None:
        del self._screens[token_hash]
        self.viewers -= len(screen.viewers)
        for viewer in screen.viewers:
            viewer.close(ENDED)
        self._follow()

    def _follow(self) -> None:
        """Hear of the items that somebody watches; of nothing when nobody does."""
        self._followed.clear()
        for screen in self._screens.values():
            self._followed |= screen.follows()
        if self._screens and self._telling is None:
            # The set is the filter itself: it changes as screens come and go.
            subscription = self._feed.subscribe(skus=self._followed)
            self._telling = asyncio.create_task(self._tell(subscription))
        elif not self._screens and self._telling is not None:
            self._telling.cancel()
            self._telling = None

    async def _load(self, screen: Screen, row: OverlayRow) -> None:
        def query(reader: Reader) -> Items:
            found = [(reader.sku(sku), reader.stock(sku)) for sku in row.skus]
            return [(item, view) for item, view in found if item is not None and view is not None]

        found = await self._read(query)
        screen.plan(self._next_drop)
        screen.load(row, found)

    async def _reload(self, screen: Screen, row: OverlayRow) -> None:
        try:
            async with screen.loading:
                await self._load(screen, row)
        except StoreError:
            # The next refresh sees that the screen is behind, and tries again.
            screen.coming = screen.row
        else:
            screen.tell_whole()

    async def _tell(self, subscription: Subscription) -> None:
        at_s, used_s = perf_counter(), thread_time()
        try:
            while not subscription.closed:
                changes = await subscription.next(HEARTBEAT_S)
                began_s = thread_time()
                began_at_s = perf_counter()
                busy = (began_s - used_s) / max(began_at_s - at_s, PAUSE_MIN_S)
                at_s, used_s = began_at_s, began_s
                for change in changes:
                    for screen in self._screens.values():
                        screen.put(change.view)
                skus = {change.view.sku for change in changes}
                times = [change.committed_at for change in changes if change.committed_at is not None]
                for screen in list(self._screens.values()):
                    await self._tell_one(screen, skus, min(times, default=None))
                await asyncio.sleep(pause_s(thread_time() - began_s, busy))
        finally:
            self._feed.unsubscribe(subscription)
            if self._telling is asyncio.current_task():
                self._let_go()

    async def _tell_one(self, screen: Screen, skus: set[str], committed_at: float | None) -> None:
        """Tell a screen's viewers a few at a time, so that a request never waits behind all of them."""
        change = screen.change(skus, committed_at)
        if change is None and perf_counter() - screen.told_at < HEARTBEAT_S:
            return
        screen.told_at = perf_counter()
        state_id, viewers = screen.state_id, list(screen.viewers)
        for start in range(0, len(viewers), SLICE):
            for viewer in viewers[start : start + SLICE]:
                if change is None:
                    viewer.remind()
                else:
                    # A new name, say, was told at once in between: nothing older may follow it.
                    viewer.offer(change if screen.state_id == state_id else screen.whole, screen.whole)
            # One round of the loop for the viewers to write, one for their sockets to be written.
            await asyncio.sleep(0)
            await asyncio.sleep(0)

    def _let_go(self) -> None:
        """The feed has ended: viewers are let go, and come back to the next one."""
        self._telling = None
        screens, self._screens = self._screens, {}
        self.viewers = 0
        for screen in screens.values():
            for viewer in screen.viewers:
                viewer.close()


def pause_s(took_s: float, busy: float) -> float:
    """How long to wait after a round of telling that took so much of the loop's CPU time.

    `busy` is the share of its time that the loop worked since the round before, from 0 to 1.
    """
    share = PAUSE_SHARE_IDLE + (PAUSE_SHARE_BUSY - PAUSE_SHARE_IDLE) * min(1.0, max(0.0, busy))
    return min(PAUSE_MAX_S, max(PAUSE_MIN_S, took_s * share))
