"""The writer: bounds, batches, order, expiry and a stop that leaves nobody without an answer."""

import asyncio
import threading
from pathlib import Path

import pytest

from holdfast.engine import engine as engine_module
from holdfast.engine.clock import LedgerClock
from holdfast.engine.engine import Engine, EngineFullError, EngineStoppedError
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import ConfirmHold, PutSku, ReleaseHold
from holdfast.ledger.records import Hold
from holdfast.ledger.state import State
from holdfast.storage.sqlite import SqliteReader
from tests.engine.stores import FakeTime, TroubledStore, WaitingStore, place, set_up, stock, until


@pytest.fixture
def store(tmp_path: Path) -> TroubledStore:
    return TroubledStore(tmp_path / "store.db")


@pytest.fixture
def reader(store: TroubledStore) -> SqliteReader:
    return SqliteReader(store._path)


def test_a_full_queue_refuses_at_once_and_nothing_is_done(store: TroubledStore, reader: SqliteReader) -> None:
    async def run() -> None:
        engine = Engine(store, queue_max=3)
        await engine.start()
        await set_up(engine)
        store.gate.clear()
        taken = [engine.submit((place(f"h{number}"),)) for number in range(3)]
        with pytest.raises(EngineFullError):
            engine.submit((place("late"),))
        assert (engine.queue_depth, engine.measures.refused_full) == (3, 1)
        store.gate.set()
        assert [(await answer)[0].code for answer in taken] == ["placed"] * 3
        assert engine.queue_depth == 0
        with pytest.raises(EngineFullError):
            engine.submit([place(f"b{number}") for number in range(4)])
        assert (await engine.submit((place("h3"),)))[0].code == "placed"
        await engine.stop()

    asyncio.run(run())
    assert reader.hold("late") is None
    assert reader.hold("b0") is None
    assert reader.verify(lambda _: None) == []


def test_a_store_that_waits_never_holds_the_loop_up(tmp_path: Path) -> None:
    store, time = WaitingStore(tmp_path / "store.db"), FakeTime()

    async def run() -> None:
        engine = Engine(store, LedgerClock(lambda: time.wall_us, lambda: time.steady_us))
        await engine.start()
        store.loop_thread = threading.get_ident()
        await set_up(engine)
        assert (await engine.submit((place("h", ttl_s=5),)))[0].code == ResultCode.PLACED
        time.pass_s(10)
        reader = SqliteReader(store._path)

        def expired() -> bool:
            hold = reader.hold("h")
            return hold is not None and hold.status == "expired"

        await until(expired)
        reader.close()
        await engine.stop()
        assert engine.trouble is None

    asyncio.run(run())


def test_what_waits_is_one_batch_but_rules_change_in_a_batch_alone(store: TroubledStore) -> None:
    async def run() -> None:
        engine = Engine(store)
        await engine.start()
        await set_up(engine)
        store.gate.clear()
        first = engine.submit((place("first"),))
        store.batches.clear()
        await asyncio.sleep(0.05)  # the writer takes the first and waits at the gate
        frozen = PutSku("A", "a", "test", frozen=True)
        waiting = [
            engine.submit(commands)
            for commands in ((place("a"),), (place("b"), place("c")), (frozen,), (place("d"),))
        ]
        store.gate.set()
        await first
        codes = [[decision.code for decision in await answer] for answer in waiting]
        assert codes == [["placed"], ["placed", "placed"], ["saved"], ["sku_frozen"]]
        assert store.batches == [1, 3, 1, 1]
        await engine.stop()

    asyncio.run(run())


def test_a_batch_is_no_larger_than_its_bound_and_answers_keep_their_order(store: TroubledStore) -> None:
    async def run() -> None:
        engine = Engine(store, batch_max=4)
        await engine.start()
        await set_up(engine)
        store.gate.clear()
        answers = [engine.submit((place(f"h{number}"),)) for number in range(12)]
        store.batches.clear()
        store.gate.set()
        for number, answer in enumerate(answers):
            record = (await answer)[0].record
            assert isinstance(record, Hold)
            assert record.id == f"h{number}"
        assert max(store.batches) <= 4
        assert sum(store.batches) == 12
        await engine.stop()

    asyncio.run(run())


def test_commits_are_told_in_order_and_only_when_something_changed(store: TroubledStore) -> None:
    seen: list[int] = []

    def on_commit(state: State) -> None:
        seen.append(state.commit_number)

    async def run() -> None:
        engine = Engine(store, on_commit=on_commit)
        await engine.start()
        await set_up(engine)
        for _ in range(2):
            decision = (await engine.submit((place("h"),)))[0]
        assert decision.replayed
        await engine.submit((ReleaseHold("unknown", "test"),))
        await engine.stop()

    asyncio.run(run())
    assert len(seen) == 4
    assert seen == sorted(seen)


def test_holds_expire_by_the_ledgers_clock_and_never_before(
    store: TroubledStore, reader: SqliteReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "EXPIRY_EVERY_S", 0.005)
    monkeypatch.setattr(engine_module, "EXPIRY_BATCH_MAX", 3)
    time = FakeTime()

    async def run() -> None:
        engine = Engine(store, LedgerClock(lambda: time.wall_us, lambda: time.steady_us))
        await engine.start()
        await set_up(engine)
        await engine.submit([place(f"short{number}", ttl_s=60) for number in range(10)])
        await engine.submit((place("long", ttl_s=61),))
        time.pass_s(59.999)
        looks = reader.head().commit_number
        await asyncio.sleep(0.05)
        assert reader.head().commit_number == looks, "nothing is due"
        time.pass_s(0.001)
        await until(lambda: engine.measures.decisions["ExpireHold", ResultCode.EXPIRED] == 10)
        view = reader.stock("A")
        assert view is not None
        assert (view.held, view.available) == (1, 99)
        assert (await engine.submit((ConfirmHold("short1", "test"),)))[0].code == "hold_expired"
        assert (await engine.submit((ConfirmHold("long", "test"),)))[0].code == "confirmed"
        await engine.stop()

    asyncio.run(run())
    hold = reader.hold("short1")
    assert hold is not None
    assert (hold.status, hold.settled_by) == ("expired", "system:expiry")
    assert reader.verify(lambda _: None) == []


def test_a_stop_answers_what_was_taken_and_takes_no_more(store: TroubledStore, reader: SqliteReader) -> None:
    async def run() -> None:
        engine = Engine(store)
        with pytest.raises(EngineStoppedError):
            engine.submit((place("early"),))
        await engine.start()
        await set_up(engine)
        store.gate.clear()
        taken = [engine.submit((place(f"h{number}"),)) for number in range(20)]
        stop = asyncio.create_task(engine.stop())
        await asyncio.sleep(0)
        assert engine.stopping
        with pytest.raises(EngineStoppedError):
            engine.submit((place("late"),))
        store.gate.set()
        await stop
        assert all(answer.done() for answer in taken)
        assert [answer.result()[0].code for answer in taken] == ["placed"] * 20
        await engine.stop()

    asyncio.run(run())
    assert all(reader.hold(f"h{number}") for number in range(20))


def test_an_answer_that_nobody_waits_for_any_more_disturbs_nobody(store: TroubledStore) -> None:
    async def run() -> None:
        engine = Engine(store)
        await engine.start()
        await set_up(engine)
        store.gate.clear()
        gone, kept = engine.submit((place("gone"),)), engine.submit((place("kept"),))
        gone.cancel()
        store.gate.set()
        assert (await kept)[0].code == "placed"
        assert (await engine.submit((place("gone"),)))[0].replayed, "it was done all the same"
        assert engine.queue_depth == 0
        await engine.submit((stock("more", 1),))
        await engine.stop()

    asyncio.run(run())
