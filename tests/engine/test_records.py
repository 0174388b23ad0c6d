"""Sync records ride in the commit of their item's commands, and only if all of these succeeded."""

import asyncio
from pathlib import Path

import pytest

from holdfast.engine.engine import Engine, EngineFullError
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import PutSku
from holdfast.storage.contract import StoreError
from holdfast.storage.records import PollRow
from holdfast.storage.sqlite import SqliteSyncReader
from tests.engine.stores import TroubledStore, place, set_up, stock


def poll(channel: str) -> tuple[PollRow, ...]:
    return (PollRow(channel, 1, 1),)


async def saved(path: Path, trouble: str = "") -> list[str]:
    """What is on file after items of every kind went through in one batch."""
    store = TroubledStore(path)
    engine = Engine(store)
    await engine.start()
    await set_up(engine)
    store.fails_at = trouble
    answers = [
        engine.submit((place("a"),), poll("with a success")),
        engine.submit((place("b", quantity=1_000),), poll("with a refusal")),
        engine.submit((place("c"), place("d", quantity=1_000)), poll("with a success and a refusal")),
        engine.submit((), poll("alone")),
        engine.submit((place("a"), stock("t", 100)), poll("with replays")),
        engine.submit((place("e"),)),
        engine.submit((PutSku("Z", "z", "test"),), poll("with a rule")),
    ]
    done = await asyncio.gather(*answers, return_exceptions=True)
    store.fails_at = ""
    if trouble:
        assert all(isinstance(answer, StoreError) for answer in done)
    else:
        codes = [[decision.code for decision in answer] for answer in done if isinstance(answer, list)]
        refused, placed = ResultCode.INSUFFICIENT_AVAILABLE, ResultCode.PLACED
        assert codes[:4] == [[placed], [refused], [placed, refused], []]
        assert codes[4:] == [[placed, ResultCode.POSTED], [placed], [ResultCode.SAVED]]
    assert engine.queue_depth == 0
    await engine.stop()
    return [row.channel for row in SqliteSyncReader(path).polls()]


def test_records_are_saved_with_successes_alone(tmp_path: Path) -> None:
    found = asyncio.run(saved(tmp_path / "a.db"))
    assert found == ["alone", "with a rule", "with a success", "with replays"]


@pytest.mark.parametrize("step", ["load_records", "save", "commit"])
def test_records_fail_with_their_batch(tmp_path: Path, step: str) -> None:
    assert asyncio.run(saved(tmp_path / "a.db", step)) == []


def test_records_alone_are_committed_and_counted(tmp_path: Path) -> None:
    async def scenario() -> None:
        told: list[object] = []
        engine = Engine(TroubledStore(tmp_path / "a.db"), on_commit=told.append, queue_max=2)
        await engine.start()
        with pytest.raises(EngineFullError):
            engine.submit((), poll("x") * 3)
        assert await engine.submit((), poll("x") * 2) == []
        assert told == []
        await engine.stop()

    asyncio.run(scenario())
    assert [row.channel for row in SqliteSyncReader(tmp_path / "a.db").polls()] == ["x"]
