"""Loads: exactly the rows that are named, as they were saved."""

from dataclasses import asdict, replace
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.ledger.accounts import Account, AccountKey, AccountKind
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.needs import BalanceNeeds, RecordNeeds
from holdfast.ledger.records import (
    AuditEntry,
    Channel,
    Component,
    CountKey,
    Hold,
    Limits,
    Line,
    Refusal,
    Sku,
    Transfer,
)
from holdfast.ledger.state import KIND_HOLD, KIND_TRANSFER, Changes, State
from holdfast.storage.contract import Reader, Store
from tests.conformance.stores import StoreUnderTest
from tests.conformance.trade import open_shop


@pytest.fixture
def store(under_test: StoreUnderTest) -> Store:
    store = under_test.store()
    store.open()
    open_shop(store)
    return store


def records(store: Store, needs: RecordNeeds) -> State:
    state = State(0, 0)
    store.begin()
    store.load_records(state, needs)
    store.rollback()
    return state


def balances(store: Store, needs: BalanceNeeds) -> State:
    state = State(0, 0)
    store.begin()
    store.load_balances(state, needs)
    store.rollback()
    return state


def test_nothing_named_is_nothing_loaded(store: Store) -> None:
    assert records(store, RecordNeeds()) == State(0, 0)
    assert balances(store, BalanceNeeds()) == State(0, 0)


def test_records_that_are_named_and_exist(store: Store) -> None:
    needs = RecordNeeds(
        skus={"A", "KIT", "no such"},
        channels={"douyin", "no such"},
        holds={"sold", "refused", "no such"},
        placed={"open", "new"},
        transfers={"t1", "refused-t", "no such"},
    )
    state = records(store, needs)
    assert state.skus.keys() == {"A", "KIT"}
    assert state.channels.keys() == {"douyin"}
    assert state.holds.keys() == {"sold", "open"}
    assert state.transfers.keys() == {"t1"}
    assert state.refusals.keys() == {(KIND_TRANSFER, "refused-t")}
    assert not state.accounts
    assert not state.counts
    assert not state.balances_of
    assert not state.changes.any()


def test_refusals_are_of_their_own_kind(store: Store) -> None:
    assert records(store, RecordNeeds(placed={"refused", "refused-t"})).refusals.keys() == {
        (KIND_HOLD, "refused")
    }
    assert not records(store, RecordNeeds(transfers={"refused"})).refusals


def test_names_are_told_apart_to_the_letter(store: Store) -> None:
    near = {"a", "A ", " A", "Ａ", "open'", "OPEN", "op", "t1 ", "%", "t_", "*"}
    assert records(store, RecordNeeds(near, near, near, near, near)) == State(0, 0)


def test_balances_of_a_sku_are_all_its_accounts(store: Store) -> None:
    state = balances(store, BalanceNeeds(balances={"B", "EMPTY", "no such"}))
    assert {(key.kind.value, key.scope): (a.posted, a.held) for key, a in state.accounts.items()} == {
        ("supplier", ""): (-40, 0),
        ("channel", "douyin"): (29, 2),
        ("channel", "kuaishou"): (10, 0),
        ("committed", "douyin"): (1, 0),
    }
    assert state.balances_of == {"B", "EMPTY", "no such"}
    assert state.account("EMPTY", "main", AccountKind.RESERVE, "").posted == 0
    assert not state.skus


def test_further_items_come_with_balances(store: Store) -> None:
    state = balances(store, BalanceNeeds(skus={"B", "no such"}))
    assert state.skus.keys() == {"B"}
    assert not state.accounts


def test_counters_that_are_not_there_are_zero(store: Store) -> None:
    there = CountKey("A", "show1", "ann", "douyin")
    absent = [
        CountKey("A", "show1", "ann", "kuaishou"),
        CountKey("A", "show2", "ann", "douyin"),
        CountKey("A", "show1", "ann", "*"),
    ]
    across = CountKey("A", "show1", "ann-key", "*")
    state = balances(store, BalanceNeeds(counts={there, across, *absent}))
    assert state.counts == {there: 9, across: 9, **dict.fromkeys(absent, 0)}


def test_very_many_names(store: Store) -> None:
    many = {f"x{number}" for number in range(5_000)}
    counts = {CountKey(name, "p", "b", "*") for name in many}
    state = records(store, RecordNeeds(*(many | {name} for name in ("A", "douyin", "open", "sold", "t1"))))
    assert (len(state.skus), len(state.channels), len(state.holds), len(state.transfers)) == (1, 1, 2, 1)
    state = balances(
        store, BalanceNeeds(many, many | {"A"}, counts | {CountKey("A", "show1", "ann", "douyin")})
    )
    assert len(state.counts) == 5_001
    assert sum(state.counts.values()) == 9
    assert {key.sku for key in state.accounts} == {"A"}


# What people write: all of Unicode but NUL, which no database keeps in text, and halves of characters.
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
NAMES = TEXT.filter(bool)
TIMES = st.integers(-(10**15), 2**60)
MAYBE_TIME = st.none() | TIMES
AMOUNTS = st.integers(1, 10**12)
CENTS = st.none() | st.integers(0, 10**12)
MAYBE = st.none() | AMOUNTS
LIMITS = st.none() | st.builds(Limits, NAMES, MAYBE, MAYBE, MAYBE)
DETAILS = st.dictionaries(TEXT, TEXT | st.integers(-(2**53), 2**53), max_size=3)
KINDS = st.sampled_from(AccountKind)
ITEMS = st.builds(
    Sku,
    NAMES,
    TEXT,
    TEXT,
    CENTS,
    CENTS,
    st.booleans(),
    MAYBE_TIME,
    MAYBE_TIME,
    LIMITS,
    st.lists(st.builds(Component, NAMES, AMOUNTS), max_size=3).map(tuple),
    st.booleans(),
    TIMES,
    TIMES,
)
CHANNELS = st.builds(Channel, NAMES, TEXT, TEXT, st.booleans(), TIMES, TIMES)
LINES = st.lists(st.builds(Line, NAMES, AMOUNTS, TEXT), min_size=1, max_size=3).map(tuple)
DRAWS = st.lists(st.builds(Line, NAMES, AMOUNTS, st.just("")), min_size=1, max_size=3).map(tuple)
SETTLED = st.none() | st.tuples(st.sampled_from(["confirmed", "released", "expired"]), TIMES, TEXT)
HOLDS = st.builds(
    Hold,
    id=NAMES,
    channel=TEXT,
    buyer=TEXT,
    buyer_key=TEXT,
    lines=LINES,
    draws=DRAWS | st.just(()),
    ttl_s=AMOUNTS,
    status=st.just("placed"),
    expires_at_us=TIMES,
    event_at_us=TIMES,
    recorded_at_us=TIMES,
    actor=TEXT,
)
TRANSFERS = st.builds(
    Transfer,
    NAMES,
    NAMES,
    TEXT,
    KINDS,
    st.just("a"),
    KINDS,
    st.just("b"),
    AMOUNTS,
    TEXT,
    TEXT,
    TEXT,
    TIMES,
    TIMES,
)
REFUSALS = st.builds(
    Refusal,
    st.sampled_from([KIND_HOLD, KIND_TRANSFER]),
    NAMES,
    st.sampled_from(ResultCode),
    DETAILS,
    st.dictionaries(TEXT, TEXT | AMOUNTS | st.dictionaries(TEXT, AMOUNTS, max_size=2), max_size=3),
    TEXT,
    TIMES,
)
ENTRIES = st.builds(AuditEntry, TIMES, TEXT, TEXT, TEXT, NAMES, TEXT, DETAILS)
COUNTS = st.dictionaries(st.builds(CountKey, NAMES, TEXT, TEXT, TEXT), st.integers(0, 10**15), max_size=3)
REPEATED = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@REPEATED
@given(
    item=ITEMS,
    channel=CHANNELS,
    hold=HOLDS,
    settled=SETTLED,
    transfer=TRANSFERS,
    refusal=REFUSALS,
    entry=ENTRIES,
    counts=COUNTS,
    posted=st.integers(0, 10**15),
)
def test_rows_come_back_as_they_were_saved(
    under_test: StoreUnderTest,
    item: Sku,
    channel: Channel,
    hold: Hold,
    settled: tuple[str, int, str] | None,
    transfer: Transfer,
    refusal: Refusal,
    entry: AuditEntry,
    counts: dict[CountKey, int],
    posted: int,
) -> None:
    store, reader = under_test.store(), under_test.reader()
    store.open()
    number = store.begin().commit_number
    # Ids are used once in the whole life of a store, and examples share one.
    for record in (hold, transfer, refusal):
        record.id = f"{number} {record.id}"
    if settled is not None:
        hold.status, hold.settled_at_us, hold.settled_by = settled
    if not hold.draws:
        hold.draws = tuple(Line(line.sku, line.quantity) for line in hold.lines)
    state = State(number + 1, 5)
    account = Account(
        AccountKey(item.sku, "main", AccountKind.CHANNEL, channel.channel), posted, posted, number + 1
    )
    changes = state.changes
    changes.skus[item.sku], changes.channels[channel.channel] = item, channel
    changes.accounts[account.key] = account
    changes.new_holds.append(hold)
    if settled is not None:
        changes.settled_holds.append(hold)
    changes.transfers.append(transfer)
    changes.refusals.append(refusal)
    # An entry has the time of the commit it is saved with.
    changes.audit.append(replace(entry, recorded_at_us=state.now_us))
    changes.counts.update(counts)
    store.save(state)
    store.commit()

    loaded = State(0, 0)
    store.begin()
    store.load_records(loaded, _needs(state))
    store.load_balances(loaded, BalanceNeeds(set(), {item.sku}, set(counts)))
    store.rollback()
    _assert_loaded(loaded, changes)
    _assert_read(reader, changes)
    store.close()
    reader.close()


def _needs(state: State) -> RecordNeeds:
    changes = state.changes
    return RecordNeeds(
        set(changes.skus),
        set(changes.channels),
        {hold.id for hold in changes.new_holds},
        {refusal.id for refusal in changes.refusals},
        {move.id or "" for move in changes.transfers} | {refusal.id for refusal in changes.refusals},
    )


def _assert_loaded(loaded: State, changes: Changes) -> None:
    assert {sku: _ageless(item) for sku, item in loaded.skus.items()} == _all_ageless(changes.skus)
    assert {name: _ageless(one) for name, one in loaded.channels.items()} == _all_ageless(changes.channels)
    assert list(loaded.holds.values()) == changes.new_holds
    assert [_plain(move) for move in loaded.transfers.values()] == changes.transfers
    assert [asdict(refusal) for refusal in loaded.refusals.values()] == [
        asdict(refusal) for refusal in changes.refusals
    ]
    for key, account in changes.accounts.items():
        found = loaded.accounts[key]
        assert (found.posted, found.held, found.version) == (account.posted, account.held, account.version)
    assert loaded.counts == changes.counts


def _assert_read(reader: Reader, changes: Changes) -> None:
    for item in changes.skus.values():
        found = reader.sku(item.sku)
        assert found is not None
        assert _ageless(found) == _ageless(item)
    for hold in changes.new_holds:
        assert reader.hold(hold.id) == hold
    for move in changes.transfers:
        row = reader.transfer(move.id or "")
        assert row is not None
        assert row.transfer == replace(move, seq=row.seq)
    assert [row.entry for row in reader.audit(None, 2**60, 1)] == changes.audit


Described = TypeVar("Described", Sku, Channel)


def _ageless(record: Described) -> Described:
    """An item or channel once made keeps the time when it was made, and examples share a store."""
    return replace(record, created_at_us=0)


def _all_ageless(records: dict[str, Described]) -> dict[str, Described]:
    return {name: _ageless(record) for name, record in records.items()}


def _plain(move: Transfer) -> Transfer:
    assert move.seq is not None
    return replace(move, seq=None)
