"""Shows on a store in memory, with items that have stock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from holdfast.engine.clock import LedgerClock
from holdfast.engine.engine import Engine
from holdfast.ledger.commands import PlaceHold, PutChannel, PutSku
from holdfast.ledger.records import Limits
from holdfast.operations.limits.layers import Bounds
from holdfast.operations.limits.office import LimitsOffice
from holdfast.operations.shows.model import Item, Show, Strategy
from holdfast.operations.shows.rundown import Who
from holdfast.operations.shows.shows import Shows
from tests.fakes.memory_reader import MemoryReader
from tests.fakes.memory_store import MemoryFile, MemoryStore
from tests.sync.trade import MemoryReaders, move

S = 1_000_000
LIMITS = Limits("before", per_buyer=9)


def lipstick(**more: object) -> Item:
    return Item("A", 100, Strategy.RESERVE, 20, Bounds(per_buyer=2), **more)  # type: ignore[arg-type]


def show_of(*items: Item, id: str = "s1", channels: tuple[str, ...] = ("one", "two")) -> Show:
    return Show(id, "Friday night", channels, 1 * S, 2 * S, items)


class Stage:
    """One process on a file that outlives it."""

    def __init__(self, file: MemoryFile, clock: LedgerClock | None = None) -> None:
        self.file = file
        self.told: list[str] = []
        self.reader = MemoryReader(file)
        self.engine = Engine(MemoryStore(file), clock or LedgerClock())
        self.shows = Shows(
            self.engine,
            MemoryReaders(file),
            self.engine.clock.now_us,
            LimitsOffice(self.engine, MemoryReaders(file), self.engine.clock.now_us, asyncio.Lock()),
            lambda kind, id: self.told.append(f"{kind} {id}"),
        )
        self._count = 0

    def who(self, id: str = "", actor: str = "ann") -> Who:
        self._count += 1
        return Who(
            actor,
            id or f"q{self.engine.clock.now_us()}-{self._count}",
            self.engine.clock.now_us(),
            f"r{self._count}",
        )

    def account(self, sku: str, account: str) -> int:
        view = self.reader.stock(sku)
        accounts = view.accounts if view is not None else []
        return sum(each.posted for each in accounts if each.account == account)

    def limits(self, sku: str) -> Limits | None:
        item = self.reader.sku(sku)
        assert item is not None
        return item.limits

    async def buy(self, channel: str, sku: str, quantity: int, buyer: str) -> str:
        id = f"{channel} {sku} {buyer} {quantity}"
        done = await self.engine.submit((PlaceHold(id, channel, buyer, ((sku, quantity),), "test"),))
        return done[0].code.value

    def check(self) -> None:
        assert self.reader.verify(lambda name: None) == []


@asynccontextmanager
async def staged(file: MemoryFile | None = None, clock: LedgerClock | None = None) -> AsyncIterator[Stage]:
    """Items A (with limits) and B, 100 of each unallocated; a second run on a file is a restart."""
    stage = Stage(file or MemoryFile(), clock)
    await stage.engine.start()
    if file is None:
        for name in ("one", "two", "three"):
            await stage.engine.submit((PutChannel(name, "shop", name, "test"),))
        for sku in ("A", "B", "C"):
            limits = LIMITS if sku == "A" else None
            await stage.engine.submit(
                (PutSku(sku, sku, "test", price_cents=100, cost_cents=60, limits=limits),)
            )
            await stage.engine.submit((move(f"goods {sku}", sku, "supplier", "unallocated", 100),))
    await stage.shows.start()
    yield stage
    stage.check()
    await stage.engine.stop()
