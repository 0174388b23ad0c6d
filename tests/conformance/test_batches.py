"""Begin, save, commit, rollback: what becomes of a batch, and what is kept between two."""

from collections.abc import Sequence
from threading import Barrier, Thread

import pytest

from holdfast.ledger.accounts import AccountKey, AccountKind
from holdfast.ledger.apply import apply
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import Command, ConfirmHold, ExpireHold, ReleaseHold
from holdfast.ledger.needs import BalanceNeeds, RecordNeeds
from holdfast.ledger.state import State
from holdfast.storage.contract import Head, Store, StoreBusy, StoreError
from tests.conformance.stores import StoreUnderTest
from tests.conformance.trade import ACTOR, TRADE, move, open_shop, place
from tests.fakes.batches import US, decide, load

HELD = AccountKey("A", "main", AccountKind.CHANNEL, "douyin")


@pytest.fixture
def store(under_test: StoreUnderTest) -> Store:
    store = under_test.store()
    store.open()
    open_shop(store)
    return store


def test_a_new_store_stands_at_zero(under_test: StoreUnderTest) -> None:
    store = under_test.store()
    store.open()
    assert store.begin() == Head(0, 0)
    store.rollback()
    assert under_test.reader().head() == Head(0, 0)
    assert under_test.reader().stock_since(0) == (0, [])
    assert under_test.reader().verify(lambda name: None) == []


def test_opening_again_changes_nothing(under_test: StoreUnderTest, store: Store) -> None:
    before = under_test.reader().head()
    store.open()
    store.open()
    other = under_test.store()
    other.open()
    assert under_test.reader().head() == before
    assert other.begin() == before


def test_a_saved_batch_is_seen_after_its_commit_and_not_before(
    under_test: StoreUnderTest, store: Store
) -> None:
    reader = under_test.reader()
    before = reader.head()
    state = load(store, [place("new", ("A", 1))], 2_000)
    apply(state, [place("new", ("A", 1))])
    store.save(state)
    assert reader.hold("new") is None
    assert reader.head() == before
    store.commit()
    assert reader.hold("new") is not None
    assert reader.head() == Head(before.commit_number + 1, 2_000)


def test_a_batch_that_was_rolled_back_never_was(under_test: StoreUnderTest, store: Store) -> None:
    reader = under_test.reader()
    before = reader.head(), reader.stocks("", 100), reader.audit(None, 10**9, 1000)
    commands: list[Command] = [
        place("new", ("A", 1)),
        move("new", "A", "supplier", "reserve", 5),
        ReleaseHold("open", ACTOR),
    ]
    state = load(store, commands, 2_000)
    apply(state, commands)
    store.save(state)
    store.rollback()
    assert (reader.head(), reader.stocks("", 100), reader.audit(None, 10**9, 1000)) == before
    assert [decision.replayed for decision in decide(store, commands, 3_000)] == [False, False, False]


def test_rolling_back_without_a_batch_does_nothing(store: Store) -> None:
    store.rollback()
    store.rollback()
    store.close()
    store.rollback()


def test_a_closed_store_may_be_closed_again_and_opened(under_test: StoreUnderTest, store: Store) -> None:
    store.close()
    store.close()
    store.open()
    assert store.begin() == under_test.reader().head()
    store.rollback()


def test_closing_in_a_batch_forgets_it(under_test: StoreUnderTest, store: Store) -> None:
    state = load(store, [place("new", ("A", 1))], 2_000)
    apply(state, [place("new", ("A", 1))])
    store.save(state)
    store.close()
    other = under_test.store()
    other.open()
    other.begin()
    other.rollback()
    assert under_test.reader().hold("new") is None


def test_nothing_is_kept_between_batches(store: Store) -> None:
    """Neither what a batch did to its state and rolled back, nor what is done to it after the commit."""
    command = place("new", ("A", 1))
    state = load(store, [command, ConfirmHold("open", ACTOR)], 2_000)
    apply(state, [command])
    store.save(state)
    store.commit()
    state.accounts[HELD].held += 1_000
    state.skus["A"].frozen = True
    state.holds["open"].status = state.holds["new"].status = "nonsense"
    again = load(store, [command, ConfirmHold("open", ACTOR)], 2_000)
    store.rollback()
    assert again.accounts[HELD].held == state.accounts[HELD].held - 1_000
    assert not again.skus["A"].frozen
    assert (again.holds["open"].status, again.holds["new"].status) == ("placed", "placed")


def test_two_stores_see_each_other_s_commits(under_test: StoreUnderTest, store: Store) -> None:
    other = under_test.store()
    other.open()
    for number in range(6):
        turn = (store, other)[number % 2]
        assert decide(turn, [place(f"n{number}", ("A", 1))], 2_000)[0].code == ResultCode.PLACED
        assert decide((other, store)[number % 2], [place(f"n{number}", ("A", 1))], 2_000)[0].replayed


def test_two_stores_take_turns(under_test: StoreUnderTest, store: Store) -> None:
    other = under_test.store()
    other.open()
    head = store.begin()
    with pytest.raises(StoreBusy):
        other.begin()
    other.rollback()
    store.save(State(head.commit_number + 1, 2_000))
    with pytest.raises(StoreBusy):
        other.begin()
    store.commit()
    assert other.begin() == Head(head.commit_number + 1, 2_000)
    other.rollback()


def test_many_writers_sell_what_there_is_and_no_more(under_test: StoreUnderTest, store: Store) -> None:
    """60 units of A, 9 held or sold and 4 in kits and one more: what is left goes out once."""
    left = 60 - 5 - 3 - 5
    barrier = Barrier(4)
    codes: list[ResultCode] = []

    def sell(name: int) -> None:
        mine = under_test.store()
        mine.open()
        barrier.wait()
        orders = [place(f"{name}-{number}", ("A", 1), buyer=f"{name}") for number in range(15)]
        codes.extend([_insist(mine, [order]) for order in orders])
        mine.close()

    before = under_test.reader().head().commit_number
    threads = [Thread(target=sell, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes.count(ResultCode.PLACED) == left
    assert codes.count(ResultCode.INSUFFICIENT_AVAILABLE) == 60 - left
    assert under_test.reader().head().commit_number == before + 60
    assert under_test.reader().verify(lambda name: None) == []


def _insist(store: Store, commands: Sequence[Command]) -> ResultCode:
    while True:
        try:
            return decide(store, commands, 2_000)[0].code
        except StoreBusy:
            continue


def test_answers_survive_a_restart(under_test: StoreUnderTest, store: Store) -> None:
    store.close()
    reopened = under_test.store()
    reopened.open()
    plain = [command for command in TRADE if not isinstance(command, ExpireHold)]
    decisions = decide(reopened, plain, 5_000)
    assert all(decision.replayed for decision in decisions)
    refused = decisions[14]
    assert (refused.code, refused.detail) == (
        ResultCode.INSUFFICIENT_AVAILABLE,
        {"sku": "B", "available": 27, "asked": 1000},
    )
    assert under_test.reader().head().recorded_at_us == 1_000


def test_a_hold_placed_and_settled_in_one_batch(under_test: StoreUnderTest, store: Store) -> None:
    decide(store, [place("quick", ("A", 1), ("B", 1)), ConfirmHold("quick", ACTOR)], 2_000)
    decide(store, [place("taken back", ("A", 1)), ReleaseHold("taken back", ACTOR)], 2_000)
    first, second = under_test.reader().hold("quick"), under_test.reader().hold("taken back")
    assert first is not None
    assert second is not None
    assert (first.status, first.settled_at_us, first.settled_by) == ("confirmed", 2_000, ACTOR)
    assert second.status == "released"
    assert under_test.reader().verify(lambda name: None) == []


def test_an_empty_batch_moves_the_head(under_test: StoreUnderTest, store: Store) -> None:
    """The engine's probe: it writes, so that it learns whether the store can be written."""
    head = store.begin()
    store.save(State(head.commit_number + 1, 7_000))
    store.commit()
    assert under_test.reader().head() == Head(head.commit_number + 1, 7_000)


def test_a_large_batch(under_test: StoreUnderTest, store: Store) -> None:
    """More rows of every kind than any store writes with one statement."""
    holds: list[Command] = [
        place(f"h{n}", ("A" if n < 40 else "B", 1), buyer=f"b{n}", channel=("douyin", "kuaishou")[n % 2])
        for n in range(1_500)
    ]
    holds += [ConfirmHold(f"h{n}", ACTOR) for n in range(700)]
    codes = [decision.code for decision in decide(store, holds, 2_000)]
    again = [decision.code for decision in decide(store, holds[:1_500], 3_000)]
    assert again == codes[:1_500]
    assert codes.count(ResultCode.CONFIRMED) == codes[:700].count(ResultCode.PLACED)
    assert under_test.reader().verify(lambda name: None) == []


def test_holds_that_are_due(store: Store) -> None:
    waiting = [place(f"w{number}", ("A", 1)) for number in range(5)]
    for number, command in enumerate(reversed(waiting)):
        command.ttl_s = 10 + number
    decide(store, waiting, 2_000)
    start = 2_000
    assert store.due_holds(start + 10 * US - 1, 100) == []
    assert store.due_holds(start + 10 * US, 100) == ["w4"]
    assert store.due_holds(start + 12 * US, 100) == ["w4", "w3", "w2"]
    assert store.due_holds(start + 12 * US, 2) == ["w4", "w3"]
    decide(store, [ReleaseHold("w4", ACTOR), ConfirmHold("w3", ACTOR)], start)
    assert store.due_holds(start + 12 * US, 100) == ["w2"]
    decide(store, [ExpireHold("w2", ACTOR)], start + 12 * US)
    assert store.due_holds(start + 12 * US, 100) == []
    assert store.due_holds(start + 10**6 * US, 100) == ["w1", "w0", "open", "kit"]


def test_versions_are_the_commits_that_changed_an_account(under_test: StoreUnderTest, store: Store) -> None:
    number = under_test.reader().head().commit_number
    decide(store, [move("n1", "B", "channel:douyin", "unallocated", 1)], 2_000)
    state = State(0, 0)
    store.begin()
    store.load_balances(state, BalanceNeeds(balances={"B"}))
    store.rollback()
    changed = {key.kind.value for key, account in state.accounts.items() if account.version == number + 1}
    assert changed == {"channel", "unallocated"}
    kuaishou = state.accounts[AccountKey("B", "main", AccountKind.CHANNEL, "kuaishou")]
    assert 0 < kuaishou.version <= number


@pytest.mark.parametrize("rule", ["below zero", "held above posted", "held elsewhere", "hold twice", "count"])
def test_what_the_kernel_never_does_is_refused(under_test: StoreUnderTest, store: Store, rule: str) -> None:
    """The rule is said twice: a bug in the kernel meets the store's constraints, and nothing is written."""
    command = place("new", ("A", 1))
    before = under_test.reader().head(), under_test.reader().stocks("", 100)
    state = load(store, [command, ConfirmHold("open", ACTOR)], 2_000)
    apply(state, [command])
    account = state.accounts[HELD]
    other = state.account("A", "main", AccountKind.UNALLOCATED, "")
    state.touch(other)
    if rule == "below zero":
        other.posted = -1
    elif rule == "held above posted":
        account.held = account.posted + 1
    elif rule == "held elsewhere":
        other.held = 1
    elif rule == "hold twice":
        state.changes.new_holds.append(state.holds["open"])
    else:
        key = next(iter(state.changes.counts))
        state.changes.counts[key] = -1
    with pytest.raises(StoreError):
        _save_and_commit(store, state)
    store.rollback()
    assert (under_test.reader().head(), under_test.reader().stocks("", 100)) == before
    assert under_test.reader().hold("new") is None
    assert decide(store, [command], 3_000)[0].code == ResultCode.PLACED


def test_a_settled_hold_is_never_settled_again(under_test: StoreUnderTest, store: Store) -> None:
    """Whatever a batch believes of it: the first settlement is the one that moved the units."""
    before = under_test.reader().hold("sold")
    state = load(store, [ReleaseHold("sold", ACTOR)], 2_000)
    hold = state.holds["sold"]
    hold.status, hold.settled_at_us, hold.settled_by = "released", 2_000, "a bug"
    state.changes.settled_holds.append(hold)
    store.save(state)
    store.commit()
    assert under_test.reader().hold("sold") == before


def _save_and_commit(store: Store, state: State) -> None:
    store.save(state)
    store.commit()


def test_loading_without_a_batch_or_a_store_is_an_error(under_test: StoreUnderTest) -> None:
    store = under_test.store()
    with pytest.raises(StoreError):
        store.load_records(State(1, 0), RecordNeeds(holds={"h"}))
