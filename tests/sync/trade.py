"""A running sync on a store in memory, with platforms in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from holdfast.channels.orders import PushKind
from holdfast.engine.engine import Engine
from holdfast.ledger.accounts import parse_account
from holdfast.ledger.commands import Command, PostTransfer, PutChannel, PutSku
from holdfast.ledger.records import Component
from holdfast.ledger.state import State
from holdfast.storage.contract import Reader
from holdfast.storage.records import ConnectionRow, ListingRow, Record
from holdfast.storage.sync_contract import SyncReader
from holdfast.sync.runtime import SyncRuntime
from holdfast.sync.world import World
from tests.fakes.memory_reader import MemoryReader
from tests.fakes.memory_store import MemoryFile, MemoryStore
from tests.fakes.memory_sync import MemorySyncReader
from tests.fakes.platform import FakeAdapters, Platform

T = TypeVar("T")


class MemoryReaders:
    """Queries on the loop itself."""

    def __init__(self, file: MemoryFile) -> None:
        self._file = file

    async def read(self, query: Callable[[Reader], T]) -> T:
        await asyncio.sleep(0)
        return query(MemoryReader(self._file))

    async def read_sync(self, query: Callable[[SyncReader], T]) -> T:
        await asyncio.sleep(0)
        return query(MemorySyncReader(self._file))


def move(id: str, sku: str, source: str, target: str, quantity: int) -> PostTransfer:
    return PostTransfer(id, sku, *parse_account(source), *parse_account(target), quantity, "test", "test")


def listing(channel: str, product: str, sku: str, **rule: object) -> ListingRow:
    return ListingRow(channel, product, product, "", "", sku, **rule)  # type: ignore[arg-type]


class Trade:
    """One process: engine and sync on a file that outlives them."""

    def __init__(self, file: MemoryFile, platforms: dict[str, Platform]) -> None:
        self.file = file
        self.platforms = platforms
        self.ledger = MemoryReader(file)
        self.records = MemorySyncReader(file)
        self.adapters = FakeAdapters(platforms)
        self.engine = Engine(MemoryStore(file), on_commit=self._on_commit)
        self.world = World(self.engine, MemoryReaders(file), self.engine.clock.now_us)
        self.sync = SyncRuntime(self.world, self.adapters)

    def _on_commit(self, state: State) -> None:
        self.sync.on_commit(state)

    async def do(self, *commands: Command) -> list[str]:
        done = [await self.engine.submit((command,)) for command in commands]
        return [decisions[0].code.value for decisions in done]

    async def save(self, *records: Record) -> None:
        await self.engine.submit((), records)

    async def push(self, channel: str, order: str, kind: PushKind = PushKind.ORDER) -> None:
        body = self.platforms[channel].push(order, kind)
        assert (await self.sync.receive(channel, {"sign": "good"}, {}, body)).body == b"ok"

    def account(self, sku: str, account: str) -> int:
        view = self.ledger.stock(sku)
        assert view is not None
        return next((each.posted for each in view.accounts if each.account == account), 0)

    def available(self, sku: str, channel: str) -> int:
        view = self.ledger.stock(sku)
        assert view is not None
        name = f"channel:{channel}"
        return next((each.posted - each.held for each in view.accounts if each.account == name), 0)

    def rights(self, channel: str) -> dict[str, int]:
        return {row.listing: row.right for row in self.records.rights(channel)}

    def check(self) -> None:
        """Rights are covered, balances are those of the transfers, memory is as the file."""
        assert self.ledger.verify(lambda name: None) == []
        for channel in self.world.channels:
            known = self.sync.channel(channel)
            assert known is not None
            mine = {name: right for name, right in known.rights.items() if right}
            assert mine == {name: right for name, right in self.rights(channel).items() if right}

    async def opened(self, channel: str = "one", product: str = "p") -> int:
        """Wait for the first grant; the units on the counter."""
        await until(lambda: self.platforms[channel].counters[product] > 0)
        await self.equal(channel, product)
        return self.platforms[channel].counters[product]

    async def equal(self, channel: str = "one", product: str = "p") -> None:
        """Wait until all is granted and the counter is the right."""
        await until(
            lambda: (
                self.platforms[channel].counters[product] == self.rights(channel).get(product, 0)
                and not self.records.open_writes()
            )
        )
        self.check()


async def until(condition: Callable[[], bool], timeout_s: float = 5.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - many things may make it so
            await asyncio.sleep(0.002)


def goods(sku: str = "A", quantity: int = 100) -> list[Command]:
    return [PutSku(sku, sku, "test"), move(f"goods {sku}", sku, "supplier", "unallocated", quantity)]


BUNDLE: Sequence[Command] = (
    *goods("A", 60),
    *goods("B", 40),
    PutSku("KIT", "kit", "test", components=(Component("A", 2), Component("B", 1))),
)


def connection(channel: str, base_url: str = "http://fake") -> ConnectionRow:
    return ConnectionRow(channel, base_url, "key", "shop", {}, b"sealed", 1)


@asynccontextmanager
async def trading(
    platforms: dict[str, Platform],
    commands: Sequence[Command] = (),
    records: Sequence[Record] = (),
    file: MemoryFile | None = None,
) -> AsyncIterator[Trade]:
    """Set up and run; a second run on the same file is a restart."""
    is_new = file is None
    trade = Trade(file or MemoryFile(), platforms)
    await trade.engine.start()
    if is_new:
        await trade.do(*(PutChannel(name, "fake", name, "test") for name in platforms))
        await trade.do(*commands)
        await trade.save(*(connection(name) for name in platforms), *records)
    await trade.sync.start()
    try:
        yield trade
    finally:
        await trade.sync.stop()
        await trade.engine.stop()
