"""Drops on platforms in memory: engine, sync and drops of one process, on a file that outlives it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from holdfast.ledger.commands import Command, PutChannel
from holdfast.operations.drops.drop import Drop
from holdfast.operations.drops.drops import Drops
from holdfast.operations.limits.office import LimitsOffice
from holdfast.storage.records import Record
from tests.fakes.memory_store import MemoryFile
from tests.fakes.platform import Platform
from tests.sync.trade import MemoryReaders, Trade, connection, goods, listing, until

S = 1_000_000
ONE = listing("one", "p", "A")


class Market(Trade):
    """A trade with drops; their clock is the engine's."""

    def __init__(self, file: MemoryFile, platforms: dict[str, Platform]) -> None:
        super().__init__(file, platforms)
        self.announced: list[str] = []
        self.drops = Drops(
            self.engine,
            MemoryReaders(file),
            self.engine.clock.now_us,
            LimitsOffice(self.engine, MemoryReaders(file), self.engine.clock.now_us, asyncio.Lock()),
            lambda kind, id: self.announced.append(id),
            counters=self.sync,
        )

    def drop(self, id: str = "d", units: int = 30, **more: object) -> Drop:
        """A drop on channel one that opens in an hour."""
        opens_at_us = self.engine.clock.now_us() + 3_600 * S
        given = {"channels": {"one": units}, "opens_at_us": opens_at_us, **more}
        return Drop(id=id, sku="A", **given)  # type: ignore[arg-type]

    async def lock(self, *drops: Drop) -> None:
        for each in drops:
            await self.drops.plan(each, "ann")
            await self.drops.lock(each.id, "ann")

    async def opened_drop(self, drop: Drop) -> None:
        """Open by hand, and wait until the platforms know all of it."""
        await self.drops.open(drop.id, "ann")
        await self.told(drop.id)

    async def told(self, id: str = "d") -> None:
        await until(lambda: all(each.told for each in self.drops.ring.tellings(self.at(id))))

    async def closed(self, id: str = "d") -> Drop:
        """Wait until the clock has closed it."""
        await until(lambda: self.at(id).status == "closed")
        return self.at(id)

    def at(self, id: str = "d") -> Drop:
        found = self.drops.get(id)
        assert found is not None
        return found

    async def sold(self, id: str = "d") -> int:
        return await self.drops.sold(self.at(id))

    async def buy(self, order: str, units: int, channel: str = "one") -> bool:
        """A buyer's order on the platform, told and booked."""
        taken = self.platforms[channel].checkout(order, ("p", units))
        if taken:
            await self.push(channel, order)
            await until(lambda: self.ledger.hold(f"order:{channel}:{order}") is not None)
        return taken

    def writes(self, channel: str = "one") -> list[tuple[str, int]]:
        """What the platform was asked to change, in order."""
        return [
            (name, n) for name, _, n in self.platforms[channel].calls if name in ("add", "subtract", "set")
        ]

    def drop_units(self) -> int:
        """Units in all accounts of drops."""
        view = self.ledger.stock("A")
        assert view is not None
        return sum(each.posted for each in view.accounts if each.account.startswith("drop:"))

    def _is_quiet(self) -> bool:
        """Whether no commit is on its way: what is in memory is on file."""
        known = {name: self.sync.channel(name) for name in self.world.channels}
        return all(
            found
            and all(self.rights(name).get(listing, 0) == right for listing, right in found.rights.items())
            for name, found in known.items()
        )

    async def settled(self) -> None:
        """Wait until nothing is open, and see that no unit was lost or sold twice."""
        await until(lambda: not self.records.open_writes() and self._is_quiet())
        self.check()
        view = self.ledger.stock("A")
        assert view is not None
        assert sum(each.posted for each in view.accounts) == 0
        assert self.sync.debts() == {}


@asynccontextmanager
async def market(
    platforms: dict[str, Platform],
    records: Sequence[Record] = (ONE,),
    file: MemoryFile | None = None,
    commands: Sequence[Command] = (),
) -> AsyncIterator[Market]:
    """Set up 100 units of A and run; a second run on the same file is a restart."""
    is_new = file is None
    run = Market(file or MemoryFile(), platforms)
    await run.engine.start()
    if is_new:
        await run.do(*(PutChannel(name, "fake", name, "test") for name in platforms))
        await run.do(*goods(), *commands)
        await run.save(*(connection(name) for name in platforms), *records)
    await run.drops.start()
    await run.sync.start()
    try:
        yield run
    finally:
        await run.drops.stop()
        await run.sync.stop()
        await run.engine.stop()
