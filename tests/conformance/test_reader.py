"""The reading side: pages, changes since a commit, records, and the running audit's slices."""

import random
from collections import Counter
from threading import Thread

import pytest

from holdfast.ledger.commands import Command, ConfirmHold, PutChannel, PutSku, ReleaseHold
from holdfast.ledger.records import Component
from holdfast.ledger.views import AccountView
from holdfast.storage.contract import Reader, Store
from tests.conformance.stores import StoreUnderTest
from tests.conformance.trade import ACTOR, PACE, move, open_shop, place
from tests.fakes.batches import decide

END = 2**62
# In the order of their code points, which is not that of a dictionary nor of a phone book.
NAMES = ["!", "10", "9", "A", "B", "Z", "a", "b c", "z", "é", "口红", "口红-01", "奶粉", "🎁", "🧴🧴"]


@pytest.fixture
def store(under_test: StoreUnderTest) -> Store:
    store = under_test.store()
    store.open()
    return store


@pytest.fixture
def shop(store: Store) -> Store:
    open_shop(store)
    return store


@pytest.fixture
def reader(under_test: StoreUnderTest, store: Store) -> Reader:
    return under_test.reader()


def test_what_is_not_there(reader: Reader, shop: Store) -> None:
    assert reader.stock("no such") is None
    assert reader.sku("no such") is None
    assert reader.channel("no such") is None
    assert reader.hold("refused") is None
    assert reader.transfer("refused-t") is None
    assert reader.audit("no such", END, 10) == []
    assert reader.transfers("no such", END, 10) == []


def test_one_of_each(reader: Reader, shop: Store) -> None:
    kit, douyin = reader.sku("KIT"), reader.channel("douyin")
    hold, transfer = reader.hold("kit"), reader.transfer("t2")
    assert kit is not None
    assert kit.components == (Component("A", 2), Component("B", 1))
    assert douyin is not None
    assert (douyin.platform, douyin.name, douyin.created_at_us) == ("shop", "Douyin", 1_000)
    assert hold is not None
    assert [line[:2] for line in hold.lines] == [("KIT", 2), ("A", 1)]
    assert [draw[:2] for draw in hold.draws] == [("A", 5), ("B", 2)]
    assert transfer is not None
    assert (transfer.seq, transfer.transfer.id, transfer.transfer.quantity) == (2, "t2", 60)
    assert transfer.transfer.pace == PACE
    plain = reader.transfer("t1")
    assert plain is not None
    assert plain.transfer.pace is None


def test_stock_of_one(reader: Reader, shop: Store) -> None:
    view = reader.stock("A")
    assert view is not None
    assert (view.on_hand, view.available, view.held, view.committed) == (100, 40 + 55 - 8, 8, 5)
    assert view.accounts == [
        AccountView("channel:douyin", "main", 55, 8),
        AccountView("committed:douyin", "main", 5, 0),
        AccountView("supplier", "main", -100, 0),
        AccountView("unallocated", "main", 40, 0),
    ]
    empty = reader.stock("EMPTY")
    assert empty is not None
    assert (empty.on_hand, empty.version, empty.accounts) == (0, 0, [])


def test_pages_of_stock_hold_every_counted_item_once(reader: Reader, store: Store) -> None:
    mixed = random.Random(1).sample(NAMES, len(NAMES))
    decide(store, [PutSku(name, name, ACTOR) for name in mixed], 1)
    decide(store, [PutSku("BUNDLE", "bundle", ACTOR, components=(Component("A", 1),))], 1)
    decide(store, [move(f"t{name}", name, "supplier", "unallocated", 7) for name in mixed[::2]], 2)
    for size in (1, 2, 4, 100):
        assert _pages_of_stock(reader, size) == NAMES
    by_name = {view.sku: view for view in reader.stocks("", 100)}
    assert by_name == {name: reader.stock(name) for name in NAMES}
    assert {name for name, view in by_name.items() if view.on_hand == 7} == set(mixed[::2])
    assert reader.stocks(NAMES[-1], 10) == []


def _pages_of_stock(reader: Reader, size: int) -> list[str]:
    found: list[str] = []
    after = ""
    while page := reader.stocks(after, size):
        assert len(page) <= size
        found += [view.sku for view in page]
        after = found[-1]
    return found


def test_pages_of_items_hold_bundles_too(reader: Reader, store: Store) -> None:
    decide(store, [PutSku(name, name, ACTOR) for name in reversed(NAMES)], 1)
    decide(store, [PutSku("BUNDLE", "bundle", ACTOR, components=(Component("A", 1),))], 1)
    found, after = [], ""
    while page := reader.skus(after, 4):
        found += [item.sku for item in page]
        after = found[-1]
    assert found == sorted([*NAMES, "BUNDLE"])


def test_channels_in_order(reader: Reader, store: Store) -> None:
    decide(store, [PutChannel(name, "shop", name, ACTOR) for name in ("b", "a", "C", "抖音")], 1)
    assert [channel.channel for channel in reader.channels()] == ["C", "a", "b", "抖音"]


def test_pages_of_transfers_the_newest_first(reader: Reader, shop: Store) -> None:
    rows = reader.transfers(None, END, 100)
    assert [row.seq for row in rows] == [6, 5, 4, 3, 2, 1]
    assert [row.transfer.id for row in rows] == [None, None, "t4", "t3", "t2", "t1"]
    assert [row.transfer.seq for row in rows] == [row.seq for row in rows]
    assert [(row.transfer.reference, row.transfer.sku) for row in rows[:2]] == [("sold", "B"), ("sold", "A")]
    assert reader.transfers(None, 4, 2) == rows[3:5]
    assert reader.transfers("A", END, 100) == [row for row in rows if row.transfer.sku == "A"]
    assert reader.transfers("A", 5, 1) == [rows[4]]
    assert reader.transfers(None, 1, 10) == []


def test_pages_of_the_trail_the_newest_first(reader: Reader, shop: Store) -> None:
    rows = reader.audit(None, END, 100)
    places = [row.seq for row in rows]
    assert len(places) == 16
    assert places == sorted(set(places), reverse=True)
    assert (rows[0].entry.action, rows[0].entry.target) == ("hold.confirm", "sold")
    assert reader.audit(None, rows[2].seq, 3) == rows[3:6]
    sold = reader.audit("sold", END, 100)
    assert [row.entry.result for row in sold] == ["confirmed", "placed"]
    assert reader.audit("sold", sold[0].seq, 100) == sold[1:]


def test_stock_that_changed_since_a_commit(reader: Reader, shop: Store) -> None:
    number, views = reader.stock_since(0)
    assert number == reader.head().commit_number
    assert [view.sku for view in views] == ["A", "B"]
    assert reader.stock_since(number) == (number, [])
    decide(shop, [move("n1", "B", "unallocated", "reserve", 1)], 2_000)
    assert reader.stock_since(number) == (number + 1, []), "a refusal changes no stock"
    decide(shop, [place("n2", ("B", 1))], 2_000)
    assert reader.stock_since(number) == (number + 2, [reader.stock("B")])
    decide(shop, [PutSku("B", "new name", ACTOR)], 2_000)
    assert reader.stock_since(number + 2) == (number + 3, [])


def test_a_snapshot_and_what_changed_since_make_a_snapshot(reader: Reader, shop: Store) -> None:
    dice = random.Random(2)
    number, views = reader.stock_since(0)
    known = {view.sku: view for view in views}
    for step in range(40):
        sku = dice.choice(["A", "B", "KIT"])
        earlier = f"p{dice.randint(0, step)}"
        commands: list[Command] = [
            move(f"m{step}", dice.choice("AB"), "supplier", "channel:douyin", dice.randint(1, 5)),
            place(f"p{step}", (sku, dice.randint(1, 9)), buyer=f"b{step}"),
            ConfirmHold(earlier, ACTOR) if dice.random() < 0.5 else ReleaseHold(earlier, ACTOR),
        ]
        decide(shop, dice.sample(commands, dice.randint(1, 3)), 2_000)
        if dice.random() < 0.4:
            number, views = reader.stock_since(number)
            known.update((view.sku, view) for view in views)
            moved = {view.sku: view for view in reader.stocks("", 100) if view.accounts}
            assert known == moved


def test_each_call_sees_one_state(under_test: StoreUnderTest, shop: Store) -> None:
    """A and B are bought together, so whoever sees one without the other saw two states."""
    commits = 40

    def buy() -> None:
        store = under_test.store()
        for number in range(commits):
            pair = [move(f"{sku}{number}", sku, "supplier", "reserve", 1) for sku in "AB"]
            decide(store, pair, 2_000)
        store.close()

    reader = under_test.reader()
    writer = Thread(target=buy)
    writer.start()
    seen = Counter[int]()
    while seen[commits] == 0:
        by_sku = {view.sku: view for view in reader.stocks("", 100)}
        bought = {by_sku[sku].on_hand - {"A": 100, "B": 40}[sku] for sku in "AB"}
        assert len(bought) == 1
        seen[bought.pop()] += 1
        number, views = reader.stock_since(0)
        assert max(view.version for view in views) == number
        assert reader.verify(lambda name: None) == []
        assert reader.held_differences() == []
    writer.join()


def test_a_reader_may_be_closed_and_used_again(reader: Reader, shop: Store) -> None:
    before = reader.head()
    reader.close()
    reader.close()
    assert reader.head() == before


@pytest.mark.parametrize("limit", [1, 2, 5, 6, 1_000])
def test_audit_slices_add_up_to_the_balances(reader: Reader, shop: Store, limit: int) -> None:
    sums: Counter[tuple[str, str, str, str]] = Counter()
    after, slices = 0, 0
    while True:
        part = reader.audit_slice(after, limit)
        assert part.last_seq == min(after + limit, 6)
        sums.update(part.sums)
        after, slices = part.last_seq, slices + 1
        if part.balances is not None:
            break
    assert slices == -(-6 // limit)
    assert {key: number for key, number in sums.items() if number} == {
        key: number for key, number in part.balances.items() if number
    }
    assert part.balances["A", "main", "channel", "douyin"] == 55


def test_the_audit_goes_on_where_it_was(reader: Reader, shop: Store) -> None:
    assert reader.audit_slice(6, 100).sums == {}
    assert reader.audit_slice(6, 100).balances is not None
    decide(shop, [move("n1", "B", "supplier", "reserve", 4)], 2_000)
    part = reader.audit_slice(6, 100)
    assert part.last_seq == 7
    assert part.sums == {("B", "main", "supplier", ""): -4, ("B", "main", "reserve", ""): 4}


def test_the_audit_of_nothing(reader: Reader) -> None:
    assert reader.audit_slice(0, 10) == (0, {}, {})
