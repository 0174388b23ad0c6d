"""Counters of guards on every store: kept over restarts, and forgotten when they are over."""

from dataclasses import replace

import pytest

from holdfast.ledger.commands import PlaceHold, PutSku
from holdfast.ledger.guard.rules import Bound, Guard, Signals, Speed
from holdfast.ledger.guard.tallies import NOTHING, Tally, TallyKey, tally_key
from holdfast.ledger.needs import BalanceNeeds
from holdfast.ledger.state import State
from holdfast.storage.contract import Store
from holdfast.storage.records import TallyGone
from holdfast.storage.sqlite import tally_log
from tests.conformance.stores import StoreUnderTest
from tests.conformance.trade import open_shop
from tests.fakes.batches import US, decide

GUARD = Guard("night", per_device=Speed(60, orders=5), buyers_per_address=Bound(2))
DEVICE, ADDRESS = tally_key("A", "night", "device:phone"), tally_key("A", "night", "address:home")


@pytest.fixture
def store(under_test: StoreUnderTest, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(tally_log, "WAITING_MAX", 0)
    store = under_test.store()
    store.open()
    open_shop(store)
    decide(store, [PutSku("A", "A", "t", guard=GUARD)], 3_000 * US)
    place(store, "g1", 3_000)
    return store


def place(store: Store, id: str, at_s: int) -> None:
    asked = PlaceHold(id, "douyin", "zoe", (("A", 1),), "t", signals=Signals("phone", "home"))
    (decision,) = decide(store, [asked], at_s * US)
    assert decision.code == "placed"


def tallies(store: Store) -> dict[TallyKey, Tally]:
    state = State(store.begin().commit_number + 1, 0)
    store.load_balances(state, BalanceNeeds(tallies={DEVICE, ADDRESS}))
    store.rollback()
    return state.tallies


def sweep(store: Store, gone: list[TallyGone]) -> None:
    store.begin()
    store.save_records(gone)
    store.commit()


def test_they_are_there_after_a_restart(under_test: StoreUnderTest, store: Store) -> None:
    expected = {DEVICE: Tally(3_000, 1, 1, 0, 3_060), ADDRESS: Tally(0, 0, 0, 1, 0)}
    assert tallies(store) == expected
    store.close()
    again = under_test.store()
    again.open()
    assert tallies(again) == expected
    again.close()


def test_a_window_that_is_over_is_found_and_goes(under_test: StoreUnderTest, store: Store) -> None:
    reader = under_test.reader()
    assert reader.spent_tallies(3_059, 10) == []
    ((number, until_s),) = reader.spent_tallies(3_060, 10)
    assert until_s == 3_060
    place(store, "g2", 3_070)
    sweep(store, [TallyGone(number, until_s, 3_060)])
    assert tallies(store)[DEVICE] == Tally(3_060, 1, 1, 0, 3_120), "it was counted on meanwhile"
    sweep(store, [TallyGone(number, 3_120, 3_120)])
    assert tallies(store)[DEVICE] == NOTHING
    assert tallies(store)[ADDRESS].buyers == 1


def test_all_of_a_period_goes_once_it_is_over(under_test: StoreUnderTest, store: Store) -> None:
    reader = under_test.reader()
    decide(store, [PutSku("A", "A", "t", guard=replace(GUARD, period="day"))], 3_010 * US)
    assert reader.spent_tallies(3_009, 10) == []
    spent = reader.spent_tallies(3_010, 10)
    assert len(spent) == 3
    assert len(reader.spent_tallies(3_010, 2)) == 2
    decide(store, [PutSku("A", "A", "t", guard=GUARD)], 3_020 * US)
    assert reader.spent_tallies(3_010, 10) == []
    sweep(store, [TallyGone(*each, 3_010) for each in spent])
    assert tallies(store)[ADDRESS].buyers == 1, "the period came back"
    decide(store, [PutSku("A", "A", "t")], 3_030 * US)
    sweep(store, [TallyGone(*each, 3_030) for each in reader.spent_tallies(3_030, 10)])
    assert set(tallies(store).values()) == {NOTHING}
