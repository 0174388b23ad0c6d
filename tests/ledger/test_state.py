"""What a batch needs, what it leaves to be saved, and what it says on the trail."""

import pytest

from holdfast.ledger.accounts import AccountKey, AccountKind
from holdfast.ledger.apply import apply, changes_rules
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import (
    Command,
    ConfirmHold,
    ExpireHold,
    PlaceHold,
    PostTransfer,
    PutChannel,
    PutSku,
    ReleaseHold,
)
from holdfast.ledger.needs import balance_needs, record_needs
from holdfast.ledger.records import Channel, Component, CountKey, Hold, Limits, Line, Sku
from holdfast.ledger.state import State
from tests.fakes.batches import US, decide, load
from tests.fakes.memory_reader import MemoryReader
from tests.fakes.memory_store import MemoryFile, MemoryStore

PLACE = PlaceHold("h1", "douyin", "ann", (("KIT", 1), ("A", 2)), "till", buyer_key="k1", request_id="r1")
MOVE = PostTransfer("t1", "A", AccountKind.SUPPLIER, "", AccountKind.CHANNEL, "douyin", 9, "buy", "till")


def test_what_commands_name() -> None:
    parts = (Component("B", 1), Component("C", 2))
    commands: list[Command] = [
        PLACE,
        MOVE,
        ConfirmHold("h2", "till"),
        ReleaseHold("h3", "till"),
        ExpireHold("h4", "till"),
        PutSku("KIT2", "kit", "till", components=parts),
        PutChannel("kuaishou", "shop", "k", "till"),
    ]
    needs = record_needs(commands)
    assert needs.skus == {"KIT", "A", "KIT2", "B", "C"}
    assert needs.channels == {"douyin", "kuaishou"}
    assert (needs.placed, needs.holds, needs.transfers) == ({"h1"}, {"h2", "h3", "h4"}, {"t1"})


def test_what_records_lead_to() -> None:
    limits = Limits("show1", per_buyer=1)
    state = State(1, 0)
    state.skus = {
        "KIT": Sku("KIT", "kit", components=(Component("B", 1), Component("A", 1)), limits=limits),
        "A": Sku("A", "a"),
    }
    lines = (Line("OLD", 1, "show0"), Line("A", 1))
    draws = (Line("PART", 2), Line("A", 1))
    state.holds = {
        "h9": Hold("h9", "kuaishou", "bob", "", lines, draws, 900, "placed", 0, 0, 0, "till"),
    }
    needs = balance_needs([PLACE, ConfirmHold("h9", "till")], state)
    assert needs.balances == {"KIT", "A", "B", "PART"}
    assert needs.skus == {"B", "PART"}
    assert needs.counts == {
        CountKey("KIT", "show1", "ann", "douyin"),
        CountKey("KIT", "show1", "k1", "*"),
        CountKey("OLD", "show0", "bob", "kuaishou"),
        CountKey("OLD", "show0", "bob", "*"),
    }


def test_what_was_not_loaded_is_an_error_and_not_a_zero() -> None:
    state = State(1, 0)
    state.skus = {"A": Sku("A", "a", limits=Limits("show1", per_buyer=1))}
    state.channels = {"douyin": Channel("douyin", "shop", "d")}
    with pytest.raises(KeyError, match="balances of 'A' were not loaded"):
        apply(state, [MOVE])
    with pytest.raises(KeyError, match="show1"):
        apply(state, [PlaceHold("h1", "douyin", "ann", (("A", 1),), "till")])


def test_only_descriptions_change_the_rules() -> None:
    settles: list[Command] = [ConfirmHold("h", "till"), ReleaseHold("h", "till"), ExpireHold("h", "till")]
    assert not any(changes_rules(command) for command in (PLACE, MOVE, *settles))
    assert changes_rules(PutSku("A", "a", "till"))
    assert changes_rules(PutChannel("douyin", "shop", "d", "till"))


@pytest.fixture
def file() -> MemoryFile:
    file = MemoryFile()
    setup: list[Command] = [
        PutSku("A", "a", "till", limits=Limits("show1", per_buyer=5)),
        PutChannel("douyin", "shop", "d", "till"),
        MOVE,
    ]
    decide(MemoryStore(file), setup, 5)
    return file


def test_replays_leave_nothing_to_save(file: MemoryFile) -> None:
    store = MemoryStore(file)
    refused = PlaceHold("h2", "douyin", "ann", (("A", 6),), "till")
    placed = PlaceHold("h1", "douyin", "ann", (("A", 1),), "till")
    decide(store, [placed, refused, ConfirmHold("h1", "till")], 6)
    again: list[Command] = [MOVE, placed, refused, ConfirmHold("h1", "till"), ConfirmHold("nothing", "till")]
    state = load(store, again, 7)
    decisions = apply(state, again)
    store.rollback()
    assert [decision.replayed for decision in decisions] == [True, True, True, True, False]
    assert not state.changes.any()
    assert not state.changes.accounts
    assert not state.changes.counts


def test_accounts_carry_the_commit_that_changed_them(file: MemoryFile) -> None:
    store, reader = MemoryStore(file), MemoryReader(file)
    before = reader.head().commit_number
    decide(store, [PlaceHold("h1", "douyin", "ann", (("A", 1),), "till")], 6)
    versions = {key.kind: account.version for key, account in file.rows.accounts.items()}
    assert reader.head().commit_number == before + 1
    assert versions == {AccountKind.SUPPLIER: before, AccountKind.CHANNEL: before + 1}


def test_every_write_stands_on_the_trail_with_its_actor_and_request(file: MemoryFile) -> None:
    store = MemoryStore(file)
    commands: list[Command] = [
        PlaceHold("h1", "douyin", "ann", (("A", 1),), "amy", request_id="r1"),
        PlaceHold("h2", "douyin", "ann", (("A", 6),), "bea", request_id="r2"),
        PlaceHold("h3", "douyin", "ann", (("A", 1),), "amy", request_id="r3", ttl_s=1),
        ConfirmHold("h1", "cat", request_id="r4"),
        ReleaseHold("h3", "dan", request_id="r5"),
        PutSku("A", "new name", "eve", request_id="r6"),
        PutSku("KIT", "kit", "eve", components=(Component("X", 1),), request_id="r7"),
    ]
    start = len(file.rows.audit)
    decide(store, commands, 10)
    trail = [entry for seq, entry in sorted(file.rows.audit.items()) if seq > start]
    assert [(e.request_id, e.actor, e.action, e.target, e.result) for e in trail] == [
        ("r1", "amy", "hold.place", "h1", "placed"),
        ("r2", "bea", "hold.place", "h2", "purchase_limit_exceeded"),
        ("r3", "amy", "hold.place", "h3", "placed"),
        ("r4", "cat", "hold.confirm", "h1", "confirmed"),
        ("r5", "dan", "hold.release", "h3", "released"),
        ("r6", "eve", "sku.put", "A", "saved"),
        ("r7", "eve", "sku.put", "KIT", "unknown_component"),
    ]
    assert trail[1].detail == {"sku": "A", "limit": "per_buyer", "allowed": 5, "taken": 1, "asked": 6}
    assert trail[5].detail["name"] == '"a" -> "new name"'
    assert trail[5].detail["limits"] == '{"period":"show1","per_buyer":5} -> null'
    assert "created_at_us" not in trail[5].detail
    assert {entry.recorded_at_us for entry in trail} == {10}


def test_the_world_s_time_and_ours(file: MemoryFile) -> None:
    store = MemoryStore(file)
    told = PlaceHold("h1", "douyin", "ann", (("A", 1),), "till", event_at_us=3, ttl_s=60)
    untold = PlaceHold("h2", "douyin", "ann", (("A", 1),), "till")
    move = PostTransfer(
        "t2", "A", AccountKind.SUPPLIER, "", AccountKind.RESERVE, "", 1, "buy", "till", event_at_us=4
    )
    decide(store, [told, untold, move], 100)
    first, second = file.rows.holds["h1"], file.rows.holds["h2"]
    assert (first.event_at_us, first.recorded_at_us, first.expires_at_us) == (3, 100, 100 + 60 * US)
    assert (second.event_at_us, second.recorded_at_us) == (100, 100)
    assert (file.rows.transfers[2].event_at_us, file.rows.transfers[2].recorded_at_us) == (4, 100)


def test_a_confirmed_hold_leaves_one_leg_a_sku(file: MemoryFile) -> None:
    store = MemoryStore(file)
    decide(store, [PlaceHold("h1", "douyin", "ann", (("A", 2), ("A", 1)), "till")], 6)
    assert decide(store, [ConfirmHold("h1", "cat")], 7)[0].code == ResultCode.CONFIRMED
    (leg,) = [transfer for transfer in file.rows.transfers.values() if transfer.id is None]
    assert (leg.sku, leg.quantity, leg.reason, leg.reference, leg.actor, leg.recorded_at_us) == (
        "A",
        3,
        "hold_confirmed",
        "h1",
        "cat",
        7,
    )
    assert file.rows.accounts[AccountKey("A", "main", AccountKind.COMMITTED, "douyin")].posted == 3
    hold = file.rows.holds["h1"]
    assert (hold.actor, hold.settled_by, hold.settled_at_us) == ("till", "cat", 7)


def test_a_limit_has_a_period() -> None:
    with pytest.raises(ValueError, match="period"):
        Limits("", per_buyer=1)
