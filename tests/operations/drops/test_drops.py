"""Drops: locked, opened at their time, closed; over restarts and crashes no unit is doubled or lost."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from holdfast.engine.engine import Engine
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import ConfirmHold, PlaceHold, PutChannel
from holdfast.operations.drops.drop import Drop
from holdfast.operations.drops.drops import DropRefusedError, Drops
from holdfast.operations.drops.steps import DropBusyError, DropStatusError
from holdfast.operations.limits.office import LimitsOffice
from holdfast.storage.contract import Reader
from tests.fakes.memory_reader import MemoryReader
from tests.fakes.memory_store import MemoryFile, MemoryStore
from tests.sync.trade import MemoryReaders, goods, move, until

S = 1_000_000
T = TypeVar("T")


class Stage:
    """One process's engine and drops on a file that outlives them; the clock is set by hand."""

    def __init__(self, file: MemoryFile, now_s: int) -> None:
        self.file, self.now_us = file, now_s * S
        self.engine = Engine(MemoryStore(file))
        readers, now = MemoryReaders(file), lambda: self.now_us
        limits = LimitsOffice(self.engine, readers, now, asyncio.Lock())
        self.drops = Drops(self.engine, readers, now, limits)

    def accounts(self) -> dict[str, int]:
        view = MemoryReader(self.file).stock("A")
        assert view is not None
        assert sum(each.posted for each in view.accounts) == 0
        return {each.account: each.posted for each in view.accounts if each.posted}

    async def at(self, now_s: int) -> None:
        self.now_us = now_s * S
        await self.drops.run_due()

    async def sell(self, id: str, quantity: int) -> ResultCode:
        hold = PlaceHold(id, "shop", id, (("A", quantity),), "test")
        (placed,) = await self.engine.submit((hold,))
        await self.engine.submit((ConfirmHold(id, "test"),))
        return placed.code


@asynccontextmanager
async def staged(file: MemoryFile, now_s: int = 0) -> AsyncIterator[Stage]:
    stage = Stage(file, now_s)
    await stage.engine.start()
    if not file.rows.skus:
        for command in (*goods(), *(PutChannel(name, "shop", name, "t") for name in ("shop", "app"))):
            await stage.engine.submit((command,))
    await stage.drops._shelf.load()
    yield stage
    await stage.engine.stop()


def drop(
    id: str = "d", units: int = 30, opens_s: int = 10, closes_s: int | None = None, **more: object
) -> Drop:
    closes_us = None if closes_s is None else closes_s * S
    channels = {"shop": units}
    return Drop(
        id=id,
        sku="A",
        channels=channels,
        opens_at_us=opens_s * S,
        closes_at_us=closes_us,
        **more,  # type: ignore[arg-type]
    )


async def locked(stage: Stage, *drops: Drop) -> None:
    for each in drops:
        await stage.drops.plan(each, "ann")
        await stage.drops.lock(each.id, "ann")


def test_it_opens_at_its_time_and_gives_the_rest_back_at_its_end() -> None:
    async def run() -> None:
        async with staged(MemoryFile()) as stage:
            await locked(stage, drop(closes_s=20))
            assert stage.accounts() == {"supplier": -100, "unallocated": 70, "drop:d": 30}
            assert stage.drops.next_drop("A") == (10 * S, 30)
            assert await stage.sell("early", 1) is ResultCode.INSUFFICIENT_AVAILABLE
            await stage.at(9)
            assert stage.accounts()["drop:d"] == 30
            await stage.at(10)
            await stage.at(11)
            assert stage.accounts() == {"supplier": -100, "unallocated": 70, "channel:shop": 30}
            assert await stage.sell("b", 8) is ResultCode.PLACED
            assert await stage.drops.sold(drop_of(stage)) == 8
            await stage.at(20)
            assert stage.accounts() == {"supplier": -100, "unallocated": 92, "committed:shop": 8}
            done = stage.drops.get("d")
            assert done is not None
            assert (done.status, done.returned, done.sold) == ("closed", 22, 8)
            assert stage.drops.next_drop("A") is None

    asyncio.run(run())


def test_what_stays_with_its_channel_is_not_sold() -> None:
    async def run() -> None:
        async with staged(MemoryFile()) as stage:
            await stage.engine.submit((move("own", "A", "unallocated", "channel:shop", 7),))
            await locked(stage, drop(leftover="stay"))
            await stage.at(10)
            await stage.sell("b", 8)
            done = await stage.drops.close("d", "ann")
            assert (done.sold, done.returned, stage.accounts()["channel:shop"]) == (8, 0, 29)

    asyncio.run(run())


def test_of_two_at_once_on_one_channel_the_first_takes_back_only_its_own() -> None:
    async def run() -> None:
        async with staged(MemoryFile()) as stage:
            await locked(stage, drop("a", 10), drop("d", 20, 11))
            await stage.at(11)
            await stage.sell("b", 4)
            first = await stage.drops.close("a", "ann")
            assert (first.returned, first.sold) == (10, 0)
            assert await stage.drops.sold(drop_of(stage)) == 4
            second = await stage.drops.close("d", "ann")
            assert (second.returned, second.sold) == (16, 4)
            assert stage.accounts() == {"supplier": -100, "unallocated": 96, "committed:shop": 4}

    asyncio.run(run())


def test_a_lock_beyond_what_is_there_is_refused_and_works_once_there_is_enough() -> None:
    async def run() -> None:
        async with staged(MemoryFile()) as stage:
            await stage.drops.plan(drop(units=130), "ann")
            with pytest.raises(DropRefusedError) as refused:
                await stage.drops.lock("d", "ann")
            assert refused.value.decision.detail["available"] == 100
            await stage.engine.submit((move("more", "A", "supplier", "unallocated", 100),))
            await stage.drops.lock("d", "ann")
            assert stage.accounts()["drop:d"] == 130

    asyncio.run(run())


def test_what_came_due_while_nobody_ran_is_done_once_however_often_it_restarts() -> None:
    async def run() -> None:
        file = MemoryFile()
        async with staged(file) as stage:
            await locked(stage, drop("late"), drop("over", 20, 11, 15))
        for now_s in (30, 31, 32):
            async with staged(file, now_s) as stage:
                await stage.at(now_s)
                assert stage.accounts() == {"supplier": -100, "unallocated": 70, "channel:shop": 30}
        async with staged(file, 33) as stage:
            over = stage.drops.get("over")
            assert over is not None
            assert (over.status, over.returned, over.opened_at_us) == ("closed", 20, None)

    asyncio.run(run())


def test_the_batches_of_a_double_eleven_night_add_up_over_a_restart() -> None:
    async def run() -> None:
        file = MemoryFile()
        async with staged(file) as stage:
            await locked(
                stage,
                drop("b1", 20, 10, 20, leftover="carry", carry_to="b2"),
                drop("b2", 20, 20, 30, leftover="carry", carry_to="b3"),
                drop("b3", 20, 30, 40),
            )
            await stage.at(10)
            await stage.sell("one", 15)
        async with staged(file, 20) as stage:
            await stage.at(20)
            assert stage.accounts()["channel:shop"] == 25, "20 of its own and 5 carried over"
            await stage.sell("two", 25)
            await stage.at(30)
            assert await stage.sell("three", 21) is ResultCode.INSUFFICIENT_AVAILABLE
            await stage.sell("four", 12)
            await stage.at(40)
            assert stage.accounts() == {"supplier": -100, "unallocated": 48, "committed:shop": 52}

    asyncio.run(run())


def test_a_step_out_of_turn_is_refused_and_a_cancelled_one_gives_back() -> None:
    async def run() -> None:
        async with staged(MemoryFile()) as stage:
            await locked(stage, drop(show="s"))
            with pytest.raises(DropStatusError, match="d is locked; this needs open"):
                await stage.drops.close("d", "ann")
            await stage.drops.postpone("d", 50 * S, "ann")
            await stage.at(10)
            assert stage.accounts()["drop:d"] == 30
            await stage.drops.end_of_show("s", "ann")
            assert stage.accounts() == {"supplier": -100, "unallocated": 100}

    asyncio.run(run())


def test_one_whose_units_somebody_moved_away_keeps_no_other_from_opening() -> None:
    async def run() -> None:
        async with staged(MemoryFile()) as stage:
            await locked(stage, drop("a", 10), drop("b", 10))
            await stage.engine.submit((move("away", "A", "drop:a", "unallocated", 4),))
            await stage.at(10)
            assert stage.accounts()["channel:shop"] == 10
            states = [(each.id, each.status) for each in stage.drops.all()]
            assert states == [("a", "locked"), ("b", "open")]

    asyncio.run(run())


def test_one_that_lost_units_opens_once_they_are_back_and_else_gives_back_the_others() -> None:
    async def run() -> None:
        async with staged(MemoryFile()) as stage:
            await locked(stage, drop("a", 10), drop("b", 10))
            for name in ("a", "b"):
                await stage.engine.submit((move(f"away-{name}", "A", f"drop:{name}", "unallocated", 4),))
                with pytest.raises(DropRefusedError):
                    await stage.drops.open(name, "ann")
            await stage.engine.submit((move("back", "A", "unallocated", "drop:a", 4),))
            await stage.drops.open("a", "ann")
            given_up = await stage.drops.cancel("b", "ann")
            assert (given_up.status, given_up.returned) == ("cancelled", 6)
            assert stage.accounts() == {"supplier": -100, "unallocated": 90, "channel:shop": 10}

    asyncio.run(run())


class Racing(MemoryReaders):
    """Somebody buys one unit after each look at the stock, while `orders` last."""

    def __init__(self, stage: Stage, orders: int) -> None:
        super().__init__(stage.file)
        self.stage, self.orders = stage, orders

    async def read(self, query: Callable[[Reader], T]) -> T:
        found = await super().read(query)
        if self.orders:
            self.orders -= 1
            await self.stage.sell(f"racing-{self.orders}", 1)
        return found


def test_a_closing_that_sales_race_goes_on_until_nothing_of_it_is_left_on_the_channel() -> None:
    async def run() -> None:
        async with staged(MemoryFile()) as stage:
            await locked(stage, drop("d", 60, show="s"))
            await stage.at(10)
            stage.drops._readers = Racing(stage, 45)
            with pytest.raises(DropBusyError, match="goes on closing"):
                await stage.drops.close("d", "ann")
            assert stage.accounts()["channel:shop"] == 40
            await stage.drops.end_of_show("s", "ann")
            await stage.at(11)
            await stage.at(12)
            ended = stage.drops.get("d")
            assert ended is not None
            assert (ended.status, ended.returned) == ("closed", 15)
            assert stage.accounts() == {"supplier": -100, "unallocated": 55, "committed:shop": 45}

    asyncio.run(run())


def test_a_crash_in_the_middle_of_a_carry_loses_no_unit_of_what_it_says_came_back() -> None:
    async def run() -> None:
        file = MemoryFile()
        async with staged(file) as stage:
            channels = {"app": 10, "shop": 20}
            both = replace(drop("d", leftover="carry", carry_to="next"), channels=channels)
            await locked(stage, drop("next", 5, 900), both)
            await stage.at(10)
            await stage.engine.submit((PlaceHold("h", "shop", "h", (("A", 3),), "test"),))
            # The process ends after the first channel gave back.
            await stage.drops._take_back(drop_of(stage), "app", "ann", "")
        async with staged(file, 20) as stage:
            done = await stage.drops.close("d", "ann")
            after = stage.drops.get("next")
            assert after is not None
            assert (done.returned, after.channels) == (27, {"shop": 22, "app": 10})
            assert stage.accounts()["drop:next"] == 32

    asyncio.run(run())


def drop_of(stage: Stage) -> Drop:
    found = stage.drops.get("d")
    assert found is not None
    return found


def test_the_clock_itself_opens_it() -> None:
    async def run() -> None:
        file = MemoryFile()
        async with staged(file) as stage:
            loop = asyncio.get_running_loop()
            start = loop.time()
            readers, now = MemoryReaders(file), lambda: int((loop.time() - start) * S)
            drops = Drops(
                stage.engine, readers, now, LimitsOffice(stage.engine, readers, now, asyncio.Lock())
            )
            await drops.start()
            await drops.plan(replace(drop(), opens_at_us=int((loop.time() - start) * S) + 60_000), "ann")
            await drops.lock("d", "ann")
            await until(lambda: drops.next_drop("A") is None)
            opened = drops.get("d")
            assert opened is not None
            assert opened.opened_at_us is not None
            assert 0 <= opened.opened_at_us - opened.opens_at_us < 50_000
            await drops.stop()

    asyncio.run(run())


STEPS = st.lists(st.sampled_from(["lock", "open", "close", "cancel", "restart", "sell", "due"]), max_size=14)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.sampled_from(["return", "carry", "stay"]))
def test_any_order_of_steps_keeps_every_unit(steps: list[str], leftover: str) -> None:
    async def run() -> None:
        file, opened, now_s = MemoryFile(), 0, 0
        for number, part in enumerate(" ".join(steps).split("restart")):
            async with staged(file, now_s) as stage:
                if number == 0:
                    await stage.drops.plan(drop(leftover=leftover, carry_to="next"), "ann")
                    await locked(stage, drop("next", 5, 900))
                for step in part.split():
                    now_s += 4
                    stage.now_us = now_s * S
                    if step == "sell":
                        await stage.sell(f"h{now_s}", 3)
                    elif step == "due":
                        await stage.drops.run_due()
                    else:
                        try:
                            await getattr(stage.drops, step)("d", "ann")
                        except DropStatusError:
                            continue
                accounts = stage.accounts()
                assert accounts["supplier"] == -100
                assert MemoryReader(file).verify(lambda name: None) == []
        opened = sum(
            row.transfer.quantity
            for row in MemoryReader(file).transfers("A", 1 << 60, 99)
            if row.transfer.reason == "drop_open"
        )
        assert opened in (0, 30)

    asyncio.run(run())
