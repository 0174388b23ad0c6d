"""What guards counted goes a day after its end, and nothing goes before."""

import asyncio

import pytest

from holdfast.engine.clock import LedgerClock
from holdfast.engine.engine import Engine
from holdfast.ledger.commands import PlaceHold, PutChannel, PutSku
from holdfast.ledger.guard.rules import Bound, Guard, Signals, Speed, Ticket
from holdfast.operations.guard.sweep import KEPT_S, TallySweep
from tests.fakes.memory_store import MemoryFile, MemoryStore
from tests.sync.trade import MemoryReaders, move

US = 1_000_000


class Wall:
    """A clock that goes when it is told to."""

    us = 0

    def __call__(self) -> int:
        return self.us


def guard(period: str) -> Guard:
    return Guard(period, "hall", per_device=Speed(60, orders=1), buyers_per_address=Bound(1))


def test_each_goes_a_day_after_its_end() -> None:
    async def run() -> None:
        file, wall = MemoryFile(), Wall()
        engine = Engine(MemoryStore(file), LedgerClock(wall, wall))
        await engine.start()
        await engine.submit([PutChannel("shop", "shop", "shop", "t")])
        await engine.submit([PutSku("A", "A", "t", guard=guard("one"))])
        await engine.submit([move("m", "A", "supplier", "channel:shop", 9)])
        asked = PlaceHold(
            "h",
            "shop",
            "ann",
            (("A", 1),),
            "t",
            ticket=Ticket("t1", "hall", "ann", 1_000 * US),
            signals=Signals("phone", "home"),
        )
        (decision,) = await engine.submit([asked])
        assert decision.code == "placed"
        sweep = TallySweep(engine, MemoryReaders(file), engine.clock.now_us)

        def left() -> set[str]:
            return {key.rpartition("\0")[2] for key in file.rows.tallies}

        everything = {"device:phone", "address:home", "address:home buyer:ann", "ticket:t1"}
        wall.us = (KEPT_S + 59) * US
        assert await sweep.once() == 0
        assert left() == everything
        wall.us = (KEPT_S + 60) * US
        assert await sweep.once() == 1
        assert left() == everything - {"device:phone"}
        wall.us = (KEPT_S + 2_000) * US
        assert await sweep.once() == 1
        assert left() == {"address:home", "address:home buyer:ann"}, "they last as long as the period"

        await engine.submit([PutSku("A", "A", "t", guard=guard("two"))])
        await engine.submit([PutSku("A", "A", "t", guard=guard("one"))])
        wall.us += 10 * KEPT_S * US
        assert await sweep.once() == 0, "the period came back"
        await engine.submit([PutSku("A", "A", "t")])
        assert await sweep.once() == 0
        wall.us += KEPT_S * US
        assert await sweep.once() == 2
        assert not left()
        await engine.stop()

    asyncio.run(run())


@pytest.mark.parametrize("failing", [False, True])
def test_it_looks_again_and_again(failing: bool) -> None:
    async def run() -> None:
        file = MemoryFile()
        engine = Engine(MemoryStore(file))
        await engine.start()
        if failing:
            await engine.stop()
        waits: list[float] = []
        enough = asyncio.Event()

        async def sleep(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 3:
                enough.set()
                await asyncio.Event().wait()

        sweep = TallySweep(engine, MemoryReaders(file), engine.clock.now_us, sleep)
        sweep.start()
        await enough.wait()
        await sweep.stop()
        assert waits == [600.0] * 3
        if not failing:
            await engine.stop()

    asyncio.run(run())
