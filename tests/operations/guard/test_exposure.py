"""The watch over exposure: what a crash or a failing store left selling is frozen all the same, once."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from holdfast.engine.engine import Engine
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import Command, PlaceHold, PutChannel, PutSku
from holdfast.ledger.guard.rules import Breaker, Guard
from holdfast.ledger.records import AuditEntry
from holdfast.ledger.state import State
from holdfast.operations.guard import exposure
from holdfast.operations.guard.exposure import ExposureWatch
from holdfast.storage.contract import StoreError
from tests.fakes.memory_reader import MemoryReader
from tests.fakes.memory_store import MemoryFile, MemoryStore
from tests.sync.trade import MemoryReaders, move

DAY_S = 86_400


class Failing:
    """An engine whose next commits fail."""

    def __init__(self, engine: Engine, failures: int) -> None:
        self._engine = engine
        self.left = failures

    def submit(self, commands: Sequence[Command], records: Sequence[Any] = ()) -> Any:
        if self.left:
            self.left -= 1
            raise StoreError("the disk is gone for a moment")
        return self._engine.submit(commands, records)


async def engine_on(file: MemoryFile, on_commit: Callable[[State], None] = lambda state: None) -> Engine:
    engine = Engine(MemoryStore(file), on_commit=on_commit)
    await engine.start()
    return engine


def watch_of(engine: Any, file: MemoryFile, told: list[str], clock: Engine) -> ExposureWatch:
    return ExposureWatch(
        engine,
        MemoryReaders(file),
        clock.clock.now_us,
        asyncio.Lock(),
        lambda _, sku: told.append(sku),
    )


async def sell(engine: Engine, *buyers: str) -> list[ResultCode]:
    holds = [PlaceHold(f"h-{buyer}", "shop", buyer, (("A", 1),), "t") for buyer in buyers]
    return [decision.code for decision in await engine.submit(holds)]


async def opened(engine: Engine, guard: Guard) -> None:
    await engine.submit([PutChannel("shop", "shop", "shop", "t")])
    await engine.submit([PutSku("A", "A", "t", guard=guard)])
    await engine.submit([move("m", "A", "supplier", "channel:shop", 9)])


def freezes(file: MemoryFile) -> list[AuditEntry]:
    rows = MemoryReader(file).audit("A", 1 << 60, 99)
    return [row.entry for row in rows if row.entry.action == "exposure.freeze"]


def frozen(file: MemoryFile) -> bool:
    item = MemoryReader(file).sku("A")
    assert item is not None
    return item.frozen


def test_what_reached_its_limit_before_a_crash_is_frozen_by_the_next_start_and_once() -> None:
    async def run() -> None:
        file, told = MemoryFile(), list[str]()
        engine = await engine_on(file)
        await opened(engine, Guard("p", units_max=2))
        # No watch is told: the process dies between the commit and the freeze.
        assert await sell(engine, "ann", "bob") == [ResultCode.PLACED] * 2
        await engine.stop()
        assert not frozen(file)
        for _ in range(2):
            engine = await engine_on(file)
            watch = watch_of(engine, file, told, engine)
            await watch.start()
            await watch.settled()
            assert frozen(file)
            await engine.stop()
        assert [entry.result for entry in freezes(file)] == ["exposure_limit_reached"]
        assert told == ["A"]

    asyncio.run(run())


def test_below_its_limit_an_item_goes_on_selling_after_a_start() -> None:
    async def run() -> None:
        file = MemoryFile()
        engine = await engine_on(file)
        await opened(engine, Guard("p", units_max=3))
        await sell(engine, "ann", "bob")
        watch = watch_of(engine, file, [], engine)
        await watch.start()
        await watch.settled()
        await engine.stop()
        assert not frozen(file)

    asyncio.run(run())


def test_a_breaker_trip_that_a_crash_lost_comes_again_with_the_next_try() -> None:
    async def run() -> None:
        file = MemoryFile()
        engine = await engine_on(file)
        await opened(engine, Guard("p", breaker=Breaker(7 * DAY_S, 1)))
        assert await sell(engine, "ann", "bob") == [ResultCode.PLACED, ResultCode.SPEED_BREAKER_TRIPPED]
        await engine.stop()
        commits: list[Callable[[State], None]] = []

        def on_commit(state: State) -> None:
            for tell in commits:
                tell(state)

        engine = await engine_on(file, on_commit)
        watch = watch_of(engine, file, [], engine)
        commits.append(watch.on_commit)
        await watch.start()
        await watch.settled()
        # A start does not freeze for speed alone: the burst may be over by then.
        assert not frozen(file)
        assert await sell(engine, "cyd") == [ResultCode.SPEED_BREAKER_TRIPPED]
        await asyncio.sleep(0)
        await watch.settled()
        assert frozen(file)
        assert watch.refused == {("speed_breaker_tripped", "breaker"): 1}
        assert watch.frozen == 1
        await engine.stop()

    asyncio.run(run())


def test_a_store_that_fails_is_asked_again_until_the_item_is_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exposure, "RETRY_S", 0.0)

    async def run() -> None:
        file = MemoryFile()
        engine = await engine_on(file)
        await opened(engine, Guard("p", units_max=1))
        await sell(engine, "ann")
        failing = Failing(engine, 3)
        watch = watch_of(failing, file, [], engine)
        await watch.start()
        await watch.settled()
        assert failing.left == 0
        assert frozen(file)
        assert len(freezes(file)) == 1
        await engine.stop()

    asyncio.run(run())
