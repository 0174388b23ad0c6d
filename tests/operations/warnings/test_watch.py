"""The watch on a store in memory: what stands, what is told; a crash neither loses nor doubles it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from holdfast.engine.clock import LedgerClock
from holdfast.engine.engine import Engine
from holdfast.ledger.commands import Command, PlaceHold, PutChannel, PutSku, ReleaseHold
from holdfast.ledger.state import State
from holdfast.operations.destinations.outbox import Outbox
from holdfast.operations.warnings import LinesBook, NotStandingError, WarningWatch
from holdfast.policies.warnings import Level, Lines
from tests.fakes.memory_store import MemoryFile, MemoryStore
from tests.sync.trade import MemoryReaders, move


class Time:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now_us = 1_800_000_000_000_000

    def __call__(self) -> int:
        return self.now_us

    def pass_s(self, seconds: float) -> None:
        self.now_us += int(seconds * 1e6)


class Desk:
    """One process on a file: the engine, and a watch that looks when the test says so."""

    def __init__(self, file: MemoryFile, time: Time) -> None:
        readers = MemoryReaders(file)
        self.time = time
        self.announced: list[str] = []
        self.engine = Engine(MemoryStore(file), LedgerClock(time, time), on_commit=self._committed)
        self.outbox = Outbox(readers)
        self.outbox.wants = lambda told: ["robot"]
        self.lines = LinesBook(self.engine, readers, time, lambda kind, id: None)
        self.watch = WarningWatch(
            self.engine, readers, time, self.lines, self.outbox, lambda kind, id: self.announced.append(id)
        )

    def _committed(self, state: State) -> None:
        self.watch.note(state)

    async def do(self, *commands: Command) -> None:
        for command in commands:
            (decision,) = await self.engine.submit((command,))
            assert decision.code.value in ("placed", "posted", "saved", "unchanged", "released"), decision

    async def look(self, *, after_s: float = 0.0) -> list[tuple[str, str]]:
        """What stands after a look with a tick, as code and level."""
        self.time.pass_s(after_s)
        await self.watch.look(tick=True)
        return [
            (found.warning.tier.value, found.standing.level.name.lower()) for found in self.watch.standing()
        ]

    def told(self) -> list[str]:
        """What waits to be delivered."""
        return [
            f"{each.kind.value} {each.tier.value}"
            for notice in self.outbox.waiting("robot")
            for each in notice.warnings
        ]


@asynccontextmanager
async def desk(file: MemoryFile, time: Time) -> AsyncIterator[Desk]:
    found = Desk(file, time)
    await found.engine.start()
    await found.outbox.load()
    await found.lines.load()
    await found.watch.load()
    yield found
    await found.engine.stop()


async def stocked(found: Desk, sku: str = "COLA", units: int = 1_000) -> None:
    await found.do(
        PutChannel("douyin", "shop", "抖音", "ann"),
        PutSku(sku, "可乐", actor="ann"),
        move(f"in-{sku}", sku, "supplier", "channel:douyin", units),
    )


def hold(id: str, units: int, sku: str = "COLA") -> PlaceHold:
    return PlaceHold(id, "douyin", f"buyer-{id}", ((sku, units),), "ann")


def test_a_sale_raises_one_rung_after_the_other_and_a_restart_tells_none_again() -> None:
    async def run() -> None:
        file, time = MemoryFile(), Time()
        async with desk(file, time) as first:
            await stocked(first)
            assert await first.look() == []
            await first.do(hold("h1", 850))
            assert (await first.look())[0][0] == "empty_now"
            assert first.told() == ["raised empty_now"]
            assert "COLA" in first.announced
        # The process died here: nothing was delivered.
        async with desk(file, time) as second:
            assert second.told() == ["raised empty_now"]
            assert await second.look() == [("empty_now", "critical")]
            assert second.told() == ["raised empty_now"]
            await second.do(move("in-again", "COLA", "supplier", "channel:douyin", 900))
            assert await second.look(after_s=400) == []
            assert second.told()[1:] == ["cleared empty_now"]
        async with desk(file, time) as third:
            assert await third.look() == []
            assert len(third.told()) == 2

    asyncio.run(run())


def test_the_peak_outlives_a_restart_without_a_warning() -> None:
    async def run() -> None:
        file, time = MemoryFile(), Time()
        async with desk(file, time) as first:
            await stocked(first)
            await first.look()
            await first.do(hold("h1", 500))
            time.pass_s(400)
            assert await first.look() == []
        async with desk(file, time) as second:
            await second.look()
            await second.do(move("out", "COLA", "channel:douyin", "adjustment", 320))
            assert await second.look() == [("safety_line", "notice")]
            (found,) = second.watch.standing()
            assert found.warning.figures.peak == 1_000

    asyncio.run(run())


def test_what_is_given_back_was_no_sale() -> None:
    async def run() -> None:
        async with desk(MemoryFile(), Time()) as found:
            await stocked(found)
            await found.do(hold("h1", 600), ReleaseHold("h1", "ann"))
            assert await found.look() == []
            await found.do(hold("h2", 600))
            assert (await found.look())[0][0] == "empty_now"

    asyncio.run(run())


def test_nobody_acknowledges_so_it_escalates_and_then_somebody_does() -> None:
    async def run() -> None:
        file, time = MemoryFile(), Time()
        async with desk(file, time) as first:
            await stocked(first)
            await first.look()
            await first.do(move("out", "COLA", "channel:douyin", "adjustment", 900))
            assert await first.look() == [("percentage_line", "warning")]
            assert await first.look(after_s=119) == [("percentage_line", "warning")]
            assert await first.look(after_s=2) == [("percentage_line", "critical")]
            assert first.told() == ["raised percentage_line", "escalated percentage_line"]
            await first.watch.acknowledge("COLA", "bo", "r1")
            with pytest.raises(NotStandingError):
                await first.watch.acknowledge("FANTA", "bo", "r2")
        async with desk(file, time) as second:
            assert await second.look(after_s=600) == [("percentage_line", "critical")]
            assert [each.standing.acknowledged_by for each in second.watch.standing()] == ["bo"]
            assert len(second.told()) == 2

    asyncio.run(run())


def test_a_frozen_item_and_one_that_never_had_stock_tell_nothing() -> None:
    async def run() -> None:
        async with desk(MemoryFile(), Time()) as found:
            await stocked(found)
            await found.do(
                PutSku("NEW", "新品", actor="ann"), PutSku("COLA", "可乐", frozen=True, actor="ann")
            )
            await found.look()
            await found.do(move("out", "COLA", "channel:douyin", "adjustment", 990))
            assert await found.look() == []
            await found.do(PutSku("COLA", "可乐", actor="ann"))
            assert await found.look() == [("absolute_line", "warning")]
            assert found.told() == ["raised absolute_line"]

    asyncio.run(run())


def test_lines_of_one_item_hold_for_it_alone_and_at_once() -> None:
    async def run() -> None:
        async with desk(MemoryFile(), Time()) as found:
            await stocked(found)
            await stocked(found, "FANTA")
            await found.look()
            for sku in ("COLA", "FANTA"):
                await found.do(move(f"out-{sku}", sku, "channel:douyin", "adjustment", 500))
            assert await found.look() == []
            await found.lines.put("COLA", Lines(safety_percent=60), "ann", "r1")
            assert await found.look() == [("safety_line", "notice")]
            await found.lines.remove("COLA", "ann", "r2")
            assert await found.look() == []

    asyncio.run(run())


def test_a_plan_stands_in_for_the_peak_and_the_next_item_is_advised() -> None:
    async def run() -> None:
        async with desk(MemoryFile(), Time()) as found:
            await stocked(found, units=100)
            found.watch.plan = lambda sku: 1_000
            found.watch.next_item = lambda sku: "雪碧"
            assert await found.look() == [("percentage_line", "warning")]
            (shown,) = found.watch.standing()
            assert (shown.warning.figures.peak, shown.warning.figures.next_item) == (1_000, "雪碧")

    asyncio.run(run())


def test_a_storm_is_saved_in_few_notices_and_levels_are_those_of_the_rule() -> None:
    async def run() -> None:
        async with desk(MemoryFile(), Time()) as found:
            await found.do(PutChannel("douyin", "shop", "抖音", "ann"))
            for number in range(300):
                sku = f"S{number:03}"
                await found.do(
                    PutSku(sku, sku, actor="ann"), move(f"in-{sku}", sku, "supplier", "unallocated", 9)
                )
            await found.look()
            for number in range(300):
                sku = f"S{number:03}"
                await found.do(move(f"out-{sku}", sku, "unallocated", "adjustment", 9))
            assert len(await found.look()) == 300
            assert all(each.standing.level is Level.CRITICAL for each in found.watch.standing())
            assert len(found.told()) == 300
            assert len(found.outbox.waiting("robot")) == 2

    asyncio.run(run())
