"""Units that a platform sold and nobody has: seen as incidents, and covered as soon as the pool can.

The core hears of a debt at once, as units that are gone from the pool, so it calls units back to cover it.
"""

import logging
from collections import Counter

from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.ledger.accounts import AccountKind
from holdfast.storage.contract import StoreError
from holdfast.storage.records import RightChange

from .inbound.plan import Draws, transfers
from .ledger_news import News
from .listings import Listing, Listings
from .messages import OrderUndone
from .restore import balance
from .world import World, succeeded

COVER_ACTOR = "sync:cover"

_log = logging.getLogger("holdfast.sync")


class Debts:
    """Open debts by (channel, SKU), as the ledger has them; listings know their part."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._listings = Listings((), (), {})
        self._open: Counter[tuple[str, str]] = Counter()
        self._session = ""
        self._covers = 0
        self._covering = False
        self._again = False

    def begin(self, debts: Counter[tuple[str, str]], listings: Listings, session: str) -> None:
        """Take the debts on file."""
        self._open, self._listings, self._session = debts, listings, session
        self._cover_soon()

    def open(self) -> dict[tuple[str, str], int]:
        """Units by (channel, SKU)."""
        return {key: units for key, units in self._open.items() if units}

    def take(self, news: News) -> None:
        """Learn from a commit."""
        for key, units in news.debts.items():
            self._open[key] += units
        for name, units in news.oversold.items():
            channel = self._world.channels.get(name)
            if channel is not None:
                channel.measures.oversold_units += units
            _log.error("%s sold %d units beyond its right (超卖): they are to be covered", name, units)
        waiting = {sku for (_, sku), units in self._open.items() if units > 0}
        if news.oversold or waiting & news.arrived:
            self._cover_soon()

    def _cover_soon(self) -> None:
        self._again = True
        if not self._covering and self.open():
            self._covering = True
            self._world.spawn(self._cover())

    async def _cover(self) -> None:
        try:
            while self._again:
                self._again = False
                await self._world.ready.wait()
                await self._cover_once()
        except (StoreError, EngineFullError, EngineStoppedError) as error:
            _log.warning("debts wait to be covered: %s", error)
        finally:
            self._covering = False

    async def _cover_once(self) -> None:
        listings = self._listings
        skus = sorted({sku for (_, sku), units in self._open.items() if units > 0})
        views = await self._world.readers.read(lambda reader: [reader.stock(sku) for sku in skus])
        pools = Counter(
            {view.sku: balance(view, AccountKind.UNALLOCATED)[0] for view in views if view is not None}
        )
        for listing in listings.all():
            if listing.debt and self._is_current(listings):
                await self._cover_listing(listing, pools)
        nobodys = Counter(self._open)
        for listing in listings.all():
            for sku, units in listing.draws:
                nobodys[listing.id.channel, sku] -= listing.debt * units
        for (channel, sku), units in nobodys.items():
            quantity = min(units, pools[sku])
            if quantity > 0 and self._is_current(listings):
                pools[sku] -= quantity
                await self._post(channel, ((sku, 1),), quantity, None)

    def _is_current(self, listings: Listings) -> bool:
        """Whether the sync did not begin anew meanwhile."""
        return self._world.ready.is_set() and listings is self._listings

    async def _cover_listing(self, listing: Listing, pools: Counter[str]) -> None:
        quantity = min([listing.debt, *(pools[sku] // units for sku, units in listing.draws)])
        if quantity <= 0:
            return
        for sku, units in listing.draws:
            pools[sku] -= quantity * units
        change = self._listings.change(RightChange(*listing.id, 0, -quantity))
        if await self._post(listing.id.channel, listing.draws, quantity, change):
            # It happened before all that the core believes of the counter: only the right learns of it.
            self._world.tell(OrderUndone(listing.id, "", quantity, 0.0, by_poll=True))
        elif self._is_current(self._listings):
            self._listings.undo(change)

    async def _post(self, channel: str, draws: Draws, quantity: int, change: RightChange | None) -> bool:
        self._covers += 1
        command = transfers(
            f"covered:{self._session}:{self._covers}",
            draws,
            quantity,
            (AccountKind.UNALLOCATED, ""),
            (AccountKind.OVERSOLD, channel),
            "oversold_covered",
            COVER_ACTOR,
            channel,
        )
        try:
            return succeeded(await self._world.submit([command], [change] if change else []))
        except StoreError:
            self._world.broken("it is not known whether a debt was covered")
            raise
