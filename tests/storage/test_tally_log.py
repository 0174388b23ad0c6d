"""Tallies on SQLite wait in a log before they are written to their places: nobody must ever notice."""

import random
import sqlite3
from pathlib import Path

import pytest

from holdfast.ledger.guard.tallies import Tally, TallyKey, tally_key
from holdfast.ledger.needs import BalanceNeeds
from holdfast.ledger.records import AuditEntry
from holdfast.ledger.state import State
from holdfast.storage.sqlite import SqliteStore, tally_log

SUBJECTS = [tally_key("A", "show", f"device:{number}") for number in range(300)]


@pytest.fixture(autouse=True)
def little_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that slices are written out all the time."""
    monkeypatch.setattr(tally_log, "WAITING_MAX", 40)


def read(store: SqliteStore, keys: list[TallyKey]) -> dict[TallyKey, Tally]:
    state = State(store.begin().commit_number + 1, 0)
    store.load_balances(state, BalanceNeeds(tallies=set(keys)))
    store.rollback()
    return state.tallies


def change(store: SqliteStore, keys: list[TallyKey], *, commit: bool = True) -> None:
    """Count one order more for each."""
    state = State(store.begin().commit_number + 1, 0)
    store.load_balances(state, BalanceNeeds(tallies=set(keys)))
    for key in keys:
        state.changes.tallies[key] = state.tallies[key]._replace(orders=state.tallies[key].orders + 1)
    state.changes.audit.append(AuditEntry(0, "tester", "", "count", "", "saved"))
    store.save(state)
    if commit:
        store.commit()
    else:
        store.rollback()


@pytest.mark.parametrize("seed", range(4))
def test_any_run_of_batches_restarts_rollbacks_and_other_processes(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    path = tmp_path / "store.db"
    stores = [SqliteStore(path), SqliteStore(path)]
    for store in stores:
        store.open()
    expected = dict.fromkeys(SUBJECTS, 0)
    for _ in range(200):
        store = stores[chance.random() < 0.1]
        keys = chance.sample(SUBJECTS, chance.choice((0, 1, 5, 30, 120)))
        what = chance.random()
        if what < 0.1:
            change(store, keys, commit=False)
        elif what < 0.15:
            store.close()
            store.open()
        else:
            change(store, keys)
            for key in keys:
                expected[key] += 1
        looked = chance.sample(SUBJECTS, 20)
        assert {key: tally.orders for key, tally in read(store, looked).items()} == {
            key: expected[key] for key in looked
        }, f"seed {seed}"
    for store in stores:
        assert {key: tally.orders for key, tally in read(store, SUBJECTS).items()} == expected
        store.close()
    written, logged = rows(path)
    assert written > 100, "slices were written out"
    assert logged < 150, "what was written out left the log"


def rows(path: Path) -> tuple[int, int]:
    """How many tallies are at their places, and how many commits are in the log."""
    connection = sqlite3.connect(path)
    found = [
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("tally", "tally_log")
    ]
    connection.close()
    return found[0], found[1]
