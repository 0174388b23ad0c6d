"""Units that a platform sold and nobody has: seen as incidents, and covered as soon as the pool can."""

import logging
from collections import Counter

from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.ledger.accounts import AccountKind
from holdfast.storage.contract import StoreError

from .inbound.plan import transfers
from .ledger_news import News
from .restore import balance
from .world import World

COVER_ACTOR = "sync:cover"

_log = logging.getLogger("holdfast.sync")


class Debts:
    """Open debts by (channel, SKU). The core hears of a debt at once, and calls units back for it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._open: Counter[tuple[str, str]] = Counter()
        self._session = ""
        self._covers = 0
        self._covering = False
        self._again = False

    def begin(self, debts: Counter[tuple[str, str]], session: str) -> None:
        """Take the debts on file."""
        self._open, self._session = debts, session
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
        world = self._world
        skus = sorted({sku for (_, sku), units in self._open.items() if units > 0})
        views = await world.readers.read(lambda reader: [reader.stock(sku) for sku in skus])
        pools = {view.sku: balance(view, AccountKind.UNALLOCATED)[0] for view in views if view is not None}
        for (channel, sku), units in self.open().items():
            quantity = min(units, pools.get(sku, 0))
            if quantity <= 0:
                continue
            pools[sku] -= quantity
            self._covers += 1
            source, target = (AccountKind.UNALLOCATED, ""), (AccountKind.OVERSOLD, channel)
            command = transfers(
                f"covered:{self._session}:{self._covers}",
                ((sku, 1),),
                quantity,
                source,
                target,
                "oversold_covered",
                COVER_ACTOR,
                channel,
            )
            await world.submit([command], ())
