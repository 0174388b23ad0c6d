"""Sync records: saved with a batch or not at all, read as they were saved, and held against the ledger."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from holdfast.ledger.apply import apply
from holdfast.ledger.commands import Command
from holdfast.ledger.records import AuditEntry
from holdfast.storage.contract import Store, StoreError
from holdfast.storage.records import (
    ConnectionGone,
    ConnectionRow,
    ListingRow,
    OrderLineRow,
    OrderRow,
    PollRow,
    PushGone,
    PushRow,
    Record,
    RightChange,
    RightRow,
    TokensRow,
    WriteRow,
)
from tests.conformance.stores import StoreUnderTest
from tests.conformance.trade import move, open_shop
from tests.fakes.batches import load

CONNECTION = ConnectionRow("douyin", "http://p", "key", "shop 1", {"pull": "no"}, b"\x00sealed", 5)
TOKENS = TokensRow("douyin", b"\xff", 10, None)
LISTING = ListingRow("douyin", "9007199254740993/1", "9007199254740993", "1", "", "A", "code", 2.5, 1, 9)
WRITE = WriteRow("w1", "douyin", LISTING.listing, "subtract", 3, -3, "open", 7, expected=5)
PUSH = PushRow("douyin", "e1", "order", "o1", 8, b"\x80raw")
ORDER = OrderRow(
    "douyin",
    "o1",
    "paid",
    "ann",
    1,
    2,
    3,
    (OrderLineRow("l1", LISTING.listing, 2, 1, "code", "on_order", "order:douyin:o1", (("A", 2), ("B", 1))),),
)


@pytest.fixture
def store(under_test: StoreUnderTest) -> Store:
    store = under_test.store()
    store.open()
    open_shop(store)
    return store


def save(store: Store, records: Sequence[Record], commands: Sequence[Command] = ()) -> None:
    """One batch of commands and records."""
    try:
        state = load(store, commands, 2_000)
        apply(state, commands)
        if commands:
            store.save(state)
        store.save_records(records)
        store.commit()
    finally:
        store.rollback()


def test_what_is_saved_is_read_again(under_test: StoreUnderTest, store: Store) -> None:
    reader = under_test.sync_reader()
    poll = PollRow("douyin", 100, 50)
    save(store, [CONNECTION, TOKENS, LISTING, RightChange("douyin", "x", 4), WRITE, PUSH, ORDER, poll])
    assert reader.connections() == [CONNECTION]
    assert reader.tokens() == [TOKENS]
    assert reader.listings() == reader.listings("douyin") == [LISTING]
    assert reader.rights() == reader.rights("douyin") == [RightRow("douyin", "x", 4)]
    assert reader.open_writes() == reader.writes("douyin", 5) == [WRITE]
    assert reader.new_pushes(0, 5) == reader.pushes("douyin", 5) == [replace(PUSH, seq=1)]
    assert reader.order("douyin", "o1") == ORDER
    assert reader.polls() == [poll]
    assert not reader.listings("shop")
    assert not reader.rights("shop")
    assert not reader.writes("shop", 5)
    assert reader.order("shop", "o1") is None


def test_records_are_saved_again_over_the_old(under_test: StoreUnderTest, store: Store) -> None:
    save(store, [CONNECTION, TOKENS, LISTING, PollRow("douyin", 100, 50), ORDER])
    connection = replace(CONNECTION, sealed=b"new", settings={})
    listing = replace(LISTING, sku="B", maximum=None, paused=True, fixed=0, removed=True)
    order = replace(ORDER, status="shipped", lines=(replace(ORDER.lines[0], shipped=1),), unmapped=True)
    save(store, [connection, replace(TOKENS, sealed=b"n"), listing, PollRow("douyin", 200, 50), order])
    reader = under_test.sync_reader()
    assert reader.connections() == [connection]
    assert reader.tokens()[0].sealed == b"n"
    assert reader.listings() == [listing]
    assert reader.polls() == [PollRow("douyin", 200, 50)]
    assert reader.order("douyin", "o1") == order
    assert reader.unmapped_orders(None, 9) == reader.unmapped_orders("douyin", 9) == [order]
    assert reader.unmapped_orders("shop", 9) == []


def test_a_connection_that_ended_leaves_no_secret(under_test: StoreUnderTest, store: Store) -> None:
    other = replace(CONNECTION, channel="shop")
    save(store, [CONNECTION, TOKENS, other, replace(TOKENS, channel="shop")])
    save(store, [ConnectionGone("douyin")])
    reader = under_test.sync_reader()
    assert reader.connections() == [other]
    assert [row.channel for row in reader.tokens()] == ["shop"]
    save(store, [ConnectionGone("douyin"), ConnectionGone("nobody")])
    assert reader.connections() == [other]


def test_an_audit_entry_is_saved_with_the_records(under_test: StoreUnderTest, store: Store) -> None:
    entries = [AuditEntry(9, "key:ann", "r1", "listing.put", name, "saved", {"sku": "A"}) for name in "ab"]
    save(store, [LISTING, *entries], [move("t9", "A", "supplier", "unallocated", 1)])
    found = [row.entry for row in under_test.reader().audit(None, 2**62, 9)]
    assert [entry for entry in found if entry.actor == "key:ann"] == entries[::-1]
    assert [row.entry for row in under_test.reader().audit("b", 2**62, 9)] == [entries[1]]


def test_a_write_ends_once(under_test: StoreUnderTest, store: Store) -> None:
    reader = under_test.sync_reader()
    second = replace(WRITE, id="w2")
    save(store, [WRITE, second])
    save(store, [replace(WRITE, status="unknown")])
    assert reader.open_writes() == [replace(WRITE, status="unknown"), second]
    done = replace(WRITE, status="applied", applied=3, settled_at_us=9)
    save(store, [done])
    assert reader.open_writes() == [second]
    assert reader.writes("douyin", 5) == [second, done]
    with pytest.raises(StoreError):
        save(store, [replace(second, status="applied")])
    assert reader.open_writes() == [second]


def test_a_push_is_new_once(under_test: StoreUnderTest, store: Store) -> None:
    reader = under_test.sync_reader()
    save(store, [PUSH, replace(PUSH, body=b"again"), replace(PUSH, channel="kuaishou")])
    first, other = reader.new_pushes(0, 9)
    assert (first.body, first.tries) == (PUSH.body, 0)
    assert first.seq is not None
    assert reader.new_pushes(first.seq, 9) == [other]
    save(store, [replace(PUSH, status="failed", tries=3)])
    assert reader.new_pushes(0, 9) == [other]
    save(store, [PUSH])
    assert [push.tries for push in reader.new_pushes(0, 9)] == [3, 0]
    save(store, [replace(PUSH, status="done")])
    save(store, [PUSH])
    assert reader.new_pushes(0, 9) == [other], "what is done stays done"


def test_old_pushes_are_forgotten_a_few_at_a_time(under_test: StoreUnderTest, store: Store) -> None:
    reader = under_test.sync_reader()
    ages = [("e1", 1, "done"), ("e2", 2, "new"), ("e3", 3, "failed"), ("e4", 4, "done"), ("e5", 9, "done")]
    save(store, [replace(PUSH, event=event, received_at_us=at, status=status) for event, at, status in ages])
    assert reader.old_pushes(1, 9) == []
    assert reader.old_pushes(9, 2) == [1, 3]
    assert reader.old_pushes(9, 9) == [1, 3, 4]
    save(store, [PushGone(seq) for seq in (1, 2, 3, 4, 77)])
    left = [(row.event, row.status) for row in reader.pushes("douyin", 9)]
    assert left == [("e5", "done"), ("e2", "new")], "what is new stays, however old"
    assert reader.old_pushes(9, 9) == []
    save(store, [replace(PUSH, event="e1")])
    assert [row.event for row in reader.new_pushes(0, 9)] == ["e2", "e1"]


def test_changes_of_a_right_add_up(under_test: StoreUnderTest, store: Store) -> None:
    reader = under_test.sync_reader()
    save(
        store, [RightChange("douyin", "x", 4), RightChange("douyin", "x", -1), RightChange("douyin", "y", 2)]
    )
    save(store, [RightChange("douyin", "x", -3, 5, 77), RightChange("douyin", "x", 0, -2)])
    save(store, [RightChange("douyin", "x", 0)])
    assert reader.rights() == [RightRow("douyin", "x", 0, 3, 77), RightRow("douyin", "y", 2)]
    with pytest.raises(StoreError):
        save(store, [RightChange("douyin", "x", 0, -4)])
    with pytest.raises(StoreError):
        save(store, [RightChange("douyin", "y", -3), PUSH])
    assert reader.rights("douyin")[1].right == 2
    assert reader.new_pushes(0, 9) == []


def test_records_are_seen_with_their_commit_and_not_before(under_test: StoreUnderTest, store: Store) -> None:
    reader, ledger = under_test.sync_reader(), under_test.reader()
    commands = [move("grant", "A", "unallocated", "channel:douyin", 5)]
    state = load(store, commands, 2_000)
    apply(state, commands)
    store.save(state)
    store.save_records([RightChange("douyin", "x", 5), PUSH])
    assert reader.rights() == []
    store.rollback()
    assert not reader.rights()
    assert not reader.new_pushes(0, 9)
    assert ledger.transfer("grant") is None
    save(store, [RightChange("douyin", "x", 5)], commands)
    assert reader.rights() == [RightRow("douyin", "x", 5)]
    assert ledger.transfer("grant") is not None


def test_rights_are_held_against_the_account(under_test: StoreUnderTest, store: Store) -> None:
    """The account of A has 55 with 8 held, that of B 29 with 2 held; KIT draws 2 A and 1 B."""
    verify = under_test.reader().verify
    kit = replace(LISTING, listing="k", product="k", sku="KIT")
    save(store, [LISTING, kit, RightChange("douyin", LISTING.listing, 7), RightChange("douyin", "k", 20)])
    assert verify(lambda name: None) == []
    save(store, [RightChange("douyin", "k", 8)])
    assert set(verify(lambda name: None)) == {
        ("rights", "rights of A at douyin", "at most 47", "63"),
        ("rights", "rights of B at douyin", "at most 27", "28"),
    }
    save(store, [replace(LISTING, removed=True), RightChange("douyin", "k", -8)])
    assert verify(lambda name: None) == []
    save(store, [replace(LISTING, sku="NONE")])
    assert [found.found for found in verify(lambda name: None)] == ["7"]
