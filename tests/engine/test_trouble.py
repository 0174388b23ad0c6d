"""A store in trouble, a clock that jumps, a file that was tampered with."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from holdfast.engine import engine as engine_module
from holdfast.engine.auditor import Auditor
from holdfast.engine.clock import LedgerClock
from holdfast.engine.engine import Engine
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import ConfirmHold
from holdfast.storage.contract import StoreError, StoreFull
from holdfast.storage.sqlite import SqliteReader
from tests.engine.stores import US, FakeTime, TroubledStore, place, set_up, stock, until


@pytest.fixture
def store(tmp_path: Path) -> TroubledStore:
    return TroubledStore(tmp_path / "store.db")


@pytest.fixture
def reader(store: TroubledStore) -> SqliteReader:
    return SqliteReader(store._path)


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "EXPIRY_EVERY_S", 0.01)


@pytest.mark.parametrize("step", ["begin", "load_records", "load_balances", "save", "commit"])
def test_nothing_is_acknowledged_that_failed_and_all_goes_on_afterwards(
    store: TroubledStore, reader: SqliteReader, step: str
) -> None:
    async def run() -> None:
        engine = Engine(store)
        await engine.start()
        await set_up(engine)
        before = reader.head()
        store.error, store.fails_at = StoreFull("no room"), step
        answers = [engine.submit((place(f"h{number}"),)) for number in range(3)]
        for answer in answers:
            with pytest.raises(StoreFull):
                await answer
        assert engine.trouble is not None
        assert engine.measures.store_errors["store_full"] >= 1
        assert engine.queue_depth == 0
        assert reader.hold("h0") is None
        assert reader.head().commit_number == before.commit_number
        store.fails_at = ""
        await until(lambda: engine.trouble is None)
        for number in range(3):
            assert not (await engine.submit((place(f"h{number}"),)))[0].replayed
        await engine.stop()

    asyncio.run(run())
    view = reader.stock("A")
    assert view is not None
    assert view.held == 3
    assert reader.verify(lambda _: None) == []


def test_a_commit_of_unknown_outcome_is_safe_to_repeat(store: TroubledStore, reader: SqliteReader) -> None:
    async def run() -> None:
        engine = Engine(store)
        await engine.start()
        await set_up(engine)
        store.fails_at = "after_commit"
        with pytest.raises(StoreError):
            await engine.submit((place("h"),))
        store.fails_at = ""
        again = (await engine.submit((place("h"),)))[0]
        assert (again.code, again.replayed) == ("placed", True)
        await engine.stop()

    asyncio.run(run())
    view = reader.stock("A")
    assert view is not None
    assert view.held == 1


@pytest.mark.parametrize("step", ["load_records", "due_holds"])
def test_a_bug_in_one_batch_does_not_end_the_writer(store: TroubledStore, step: str) -> None:
    async def run() -> None:
        engine = Engine(store)
        await engine.start()
        await set_up(engine)
        store.error, store.fails_at = RuntimeError("a bug"), step
        if step == "load_records":
            with pytest.raises(RuntimeError):
                await engine.submit((place("h"),))
        else:
            await asyncio.sleep(0.05)
        store.fails_at = ""
        async with asyncio.timeout(5):
            assert (await engine.submit((place("h"),)))[0].code == "placed"
        await engine.stop()

    asyncio.run(run())


def test_trouble_at_the_start_is_told(store: TroubledStore) -> None:
    store.error, store.fails_at = StoreFull("no room"), "save"
    with pytest.raises(StoreFull):
        asyncio.run(Engine(store).start())


@pytest.mark.parametrize("jump_s", [3600, -3600])
def test_a_wall_clock_that_jumps_while_we_run_moves_nothing(
    store: TroubledStore, reader: SqliteReader, jump_s: int
) -> None:
    time = FakeTime()
    clock = LedgerClock(lambda: time.wall_us, lambda: time.steady_us)

    async def run() -> None:
        engine = Engine(store, clock)
        await engine.start()
        await set_up(engine)
        await engine.submit((place("h", ttl_s=60),))
        time.wall_us += jump_s * US
        await asyncio.sleep(0.05)
        assert clock.skew_us() == -jump_s * US
        hold = reader.hold("h")
        assert hold is not None
        assert hold.status == "placed"
        time.pass_s(59)
        assert (await engine.submit((ConfirmHold("h", "test"),)))[0].code == "confirmed"
        await engine.stop()

    asyncio.run(run())
    assert reader.verify(lambda _: None) == []


def test_a_start_with_a_clock_an_hour_back_goes_on_from_the_ledgers_time(
    store: TroubledStore, reader: SqliteReader
) -> None:
    time = FakeTime()

    async def run(commands: list[str]) -> None:
        engine = Engine(store, LedgerClock(lambda: time.wall_us, lambda: time.steady_us))
        await engine.start()
        if not commands:
            await set_up(engine)
        await engine.submit((place(f"h{len(commands)}", ttl_s=60),))
        time.pass_s(30)
        await engine.submit((stock(f"t{len(commands)}", 1),))
        if commands:
            # 60 s of ledger time are over, whatever the wall clock says.
            await until(lambda: engine.measures.decisions["ExpireHold", ResultCode.EXPIRED] == 1)
        await engine.stop()

    asyncio.run(run([]))
    last_us = reader.head().recorded_at_us
    time.wall_us -= 3600 * US
    asyncio.run(run(["again"]))
    first, second = reader.hold("h0"), reader.hold("h1")
    assert first is not None
    assert second is not None
    assert second.recorded_at_us >= last_us
    assert reader.head().recorded_at_us == second.recorded_at_us + 30 * US, "time goes on at its own speed"
    assert first.status == "expired"
    seqs = [row.transfer.recorded_at_us for row in reader.transfers(None, 2**62, 100)]
    assert seqs == sorted(seqs, reverse=True)


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("UPDATE account SET posted = posted + 1 WHERE kind = 'channel'", "posted"),
        ("UPDATE account SET held = held + 1 WHERE kind = 'channel'", "held"),
        ("DELETE FROM account WHERE kind = 'supplier'", "posted"),
        ("DELETE FROM hold", "held"),
    ],
)
def test_the_auditor_finds_planted_damage_and_sees_it_mended(
    store: TroubledStore, damage: str, check: str
) -> None:
    async def fill() -> None:
        engine = Engine(store)
        await engine.start()
        await set_up(engine)
        await engine.submit((place("h"),))
        await engine.stop()

    asyncio.run(fill())
    auditor = Auditor(SqliteReader(store._path))
    auditor.step()
    assert auditor.differences == []
    assert (auditor.rounds, auditor.checked_transfers) == (1, 1)
    with sqlite3.connect(store._path) as connection:
        connection.execute(damage)
    auditor._next_held = 0.0
    auditor.step()
    assert {difference.check for difference in auditor.differences} == {check}
    again = Auditor(SqliteReader(store._path))
    again.step()
    assert {difference.check for difference in again.differences} == {check}, "a restart finds it, too"
    auditor.stop()
    again.stop()
