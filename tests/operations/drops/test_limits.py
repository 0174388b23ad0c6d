"""Limits of a drop: there before its first unit can be sold, gone after its last, whenever it is killed."""

import asyncio
from dataclasses import replace

import pytest
from msgspec.structs import replace as with_

from holdfast.ledger.catalog import described
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import PlaceHold
from holdfast.ledger.records import Limits, Sku
from holdfast.operations.drops.drops import DropRefusedError
from holdfast.operations.drops.terms import GateOverlapError
from holdfast.operations.limits.layers import Bounds
from tests.fakes.memory_reader import MemoryReader
from tests.fakes.memory_store import MemoryFile, MemoryStore, Rows
from tests.sync.trade import move

from .test_drops import S, Stage, drop, locked, staged

BEFORE = Limits("before", per_buyer=9)
ONE_EACH = Bounds(per_buyer=1)


async def limited(stage: Stage) -> None:
    await stage.engine.submit((replace(described(item(stage.file), "boss"), limits=BEFORE),))


def item(file: MemoryFile) -> Sku:
    found = MemoryReader(file).sku("A")
    assert found is not None
    return found


def test_wherever_it_is_killed_the_limits_cover_the_window_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    saved: list[Rows] = []
    commit = MemoryStore.commit

    def noted(store: MemoryStore) -> None:
        commit(store)
        saved.append(store._file.rows)

    async def run() -> None:
        file = MemoryFile()
        monkeypatch.setattr(MemoryStore, "commit", noted)
        async with staged(file) as stage:
            await limited(stage)
            await locked(stage, drop(closes_s=20, limits=ONE_EACH, ticket_gate="noon"))
            saved.clear()
            await stage.at(10)
            await stage.at(20)
        monkeypatch.undo()
        steps = list(saved)
        assert len(steps) >= 4, "limits, opening, closing, limits"
        for rows in steps:
            channel = sum(
                account.posted for key, account in rows.accounts.items() if str(key.kind) == "channel"
            )
            if channel:
                assert rows.skus["A"].limits == Limits("drop:d", per_buyer=1), "on sale without its limits"
            for now_s, over in ((12, False), (30, True)):
                after = MemoryFile()
                after.rows = rows
                async with staged(after, now_s) as stage:
                    await stage.at(now_s)
                    known = stage.drops.get("d")
                    assert known is not None
                    if over or known.ended:
                        assert (item(after).limits, item(after).guard) == (BEFORE, None)
                        assert stage.accounts() == {"supplier": -100, "unallocated": 100}
                    else:
                        assert known.status == "open"
                        assert item(after).limits == Limits("drop:d", per_buyer=1)

    asyncio.run(run())


def test_of_many_at_once_each_buyer_gets_what_the_drop_allows() -> None:
    async def run() -> None:
        async with staged(MemoryFile()) as stage:
            await limited(stage)
            await locked(stage, drop(closes_s=20, limits=ONE_EACH))
            holds = [PlaceHold(f"h{n}", "shop", f"b{n % 40}", (("A", 1),), "test") for n in range(400)]
            opening = asyncio.create_task(stage.at(10))
            answers = []
            for hold in holds:
                answers.append(stage.engine.submit((hold,)))
                await asyncio.sleep(0)
            await opening
            again = [PlaceHold(f"g{n}", "shop", f"b{n % 40}", (("A", 1),), "test") for n in range(400)]
            answers += [stage.engine.submit((hold,)) for hold in again]
            done = [decision for each in answers for decision in await each]
            placed = [each.record.buyer for each in done if each.code is ResultCode.PLACED]  # type: ignore[union-attr]
            assert len(placed) == len(set(placed)) == 30

    asyncio.run(run())


def test_what_a_person_sets_while_it_is_open_stays_and_is_told() -> None:
    async def run() -> None:
        async with staged(MemoryFile()) as stage:
            await limited(stage)
            await locked(stage, drop(closes_s=20, limits=ONE_EACH))
            await stage.at(10)
            opened = stage.drops.get("d")
            assert opened is not None
            assert not await stage.drops.terms.overruled(opened)
            theirs = Limits("theirs", per_order=4)
            await stage.engine.submit((replace(described(item(stage.file), "boss"), limits=theirs),))
            assert await stage.drops.terms.overruled(opened)
            await stage.at(20)
            assert item(stage.file).limits == theirs

    asyncio.run(run())


def test_one_that_the_ledger_refuses_to_open_limits_nothing() -> None:
    async def run() -> None:
        async with staged(MemoryFile()) as stage:
            await limited(stage)
            await locked(stage, drop(limits=ONE_EACH))
            await stage.engine.submit((move("away", "A", "drop:d", "unallocated", 4),))
            with pytest.raises(DropRefusedError):
                await stage.drops.open("d", "ann")
            assert item(stage.file).limits == BEFORE

    asyncio.run(run())


def test_two_gates_at_once_are_refused_when_planned_and_one_after_the_other_are_not() -> None:
    async def run() -> None:
        async with staged(MemoryFile()) as stage:
            await locked(stage, drop("a", 10, 10, 20, ticket_gate="noon"))
            late = drop("b", 10, 15, 30, ticket_gate="night")
            with pytest.raises(GateOverlapError, match="drop a of A"):
                await stage.drops.plan(late, "ann")
            await stage.drops.plan(with_(late, ticket_gate="noon"), "ann")
            await stage.drops.plan(with_(late, id="c", opens_at_us=30 * S, closes_at_us=None), "ann")
            with pytest.raises(GateOverlapError):
                await stage.drops.postpone("c", 12 * S, "ann")

    asyncio.run(run())
