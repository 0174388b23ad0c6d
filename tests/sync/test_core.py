"""One behaviour a test: what is asked for, in which order, and what each answer leads to."""

from dataclasses import replace

import pytest

from holdfast.channels.manifest import Manifest, UnderRun, WriteMode
from holdfast.channels.shop.manifest import MANIFEST as SHOP
from holdfast.sync.messages import (
    CommitRefused,
    ListingAdded,
    ListingId,
    ListingRemoved,
    ListingSetup,
    Operation,
    Outcome,
    PoolChanged,
    Rule,
    RuleChanged,
    Write,
    WriteStatus,
)
from tests.fakes.manifests import manifest
from tests.sync.desk import Desk

LEFT, RIGHT = ListingId("left", "x"), ListingId("right", "x")
ONE = (("x", 1),)


def desk(left: Manifest | None = None, pool: int = 40, right: Manifest | None = None, **more: object) -> Desk:
    """Two channels that sell one SKU."""
    channels = {"left": left or manifest(), "right": right or manifest()}
    return Desk(channels, {LEFT: ONE, RIGHT: ONE}, {"x": pool}, **more)  # type: ignore[arg-type]


def crowded(left: Manifest | None = None, right: Manifest | None = None) -> Desk:
    """All units lie on the left; all buyers come to the right."""
    found = desk(left, 0, right, rights={LEFT: 40, RIGHT: 0})
    found.sell(LEFT, [1])
    for _ in range(8):
        found.now_s += 0.05
        found.sell(RIGHT, [1])
    found.wait(0.2)
    return found


def test_a_grant_moves_in_the_commit_that_records_its_write_and_makes_its_call() -> None:
    commit = desk().commits[0]
    (move,), (write,), (call,) = commit.moves, commit.writes, commit.calls
    assert (move.change, move.reason) == (write.quantity, "grant")
    assert write.status is WriteStatus.OPEN
    assert call.write == write
    assert call.operation is Operation.ADD


def test_all_units_are_granted_but_never_more_than_the_pool_has() -> None:
    granted = [move.change for move in desk(pool=7).moves()]
    assert sum(granted) == 7


def test_an_applied_grant_settles_its_write_and_moves_nothing_more() -> None:
    table = desk()
    call = table.take_writes()[0]
    effects = table.answer(call)
    assert call.write is not None
    assert effects.commits[0].moves == ()
    assert effects.commits[0].writes[0].status is WriteStatus.APPLIED
    assert effects.commits[0].writes[0].id == call.write.id


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.LIMITED, Outcome.FAILED])
def test_a_grant_that_surely_failed_goes_back_to_the_pool(outcome: Outcome) -> None:
    table = desk()
    call = table.take_writes()[0]
    assert call.write is not None
    effects = table.answer(call, outcome)
    (move,) = effects.commits[0].moves
    assert (move.change, move.reason) == (-call.write.quantity, "grant_undone")
    assert effects.commits[0].writes[0].status is WriteStatus.REFUSED


def test_a_recall_moves_only_after_the_answer_and_only_what_was_taken() -> None:
    table = crowded(left=manifest(under_run=UnderRun.CLAMPS))
    (call,) = [call for call in table.take_writes() if call.operation is Operation.SUBTRACT]
    assert not [move for move in table.moves() if move.change < 0]
    effects = table.answer(call, applied=3)
    (move,) = effects.commits[0].moves
    assert (move.listing, move.change, move.reason) == (LEFT, -3, "recall")
    assert effects.commits[0].writes[0].applied == 3


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.LIMITED, Outcome.FAILED])
def test_a_recall_that_failed_moves_nothing(outcome: Outcome) -> None:
    table = crowded()
    (call,) = [call for call in table.take_writes() if call.operation is Operation.SUBTRACT]
    effects = table.answer(call, outcome)
    assert effects.commits[0].moves == ()


@pytest.mark.parametrize(
    "donor",
    [
        manifest(can_shrink=False),
        manifest(under_run=UnderRun.NEGATIVE),
        manifest(under_run=UnderRun.UNKNOWN),
    ],
    ids=["one way", "goes negative", "nobody knows"],
)
def test_where_a_subtraction_could_go_wrong_none_is_made(donor: Manifest) -> None:
    table = crowded(left=donor)
    table.wait(5.0)
    assert not [call for call in table.take_writes() if call.operation is Operation.SUBTRACT]


def test_an_unknown_grant_is_repeated_under_its_id_where_the_platform_knows_it() -> None:
    table = desk()
    first = table.take_writes()[0]
    assert first.write is not None
    table.answer(first, Outcome.UNKNOWN)
    table.wait(3.0)
    again = next(call for call in table.take_writes() if call.channel == first.channel)
    assert again.id != first.id
    assert again.write is not None
    assert again.write.id == first.write.id
    assert table.answer(again).commits[0].writes[0].status is WriteStatus.APPLIED


def test_an_unknown_grant_is_never_repeated_elsewhere_but_found_by_a_reading() -> None:
    table = desk(left=manifest(idempotent=False))
    lost = next(call for call in table.take_writes() if call.channel == "left")
    assert lost.write is not None
    effects = table.answer(lost, Outcome.UNKNOWN)
    assert effects.commits[0].writes[0].status is WriteStatus.UNKNOWN
    assert effects.commits[0].moves == ()
    for _ in range(200):
        table.wait(0.1)
        assert not [call for call in table.take_writes() if call.write and call.write.id == lost.write.id]
        table.answer_polls()
        for call in table.take(Operation.READ):
            table.answer(call, counter=0)
    back = [move for move in table.moves() if move.reason == "reading"]
    assert [move.change for move in back] == [-lost.write.quantity]


def test_a_reading_waits_until_the_orders_before_it_are_known() -> None:
    table = desk(left=manifest(idempotent=False, poll_every_s=1000.0))
    lost = next(call for call in table.take_writes() if call.channel == "left")
    table.answer(lost, Outcome.UNKNOWN)
    for _ in range(200):
        table.wait(0.1)
        for call in table.take(Operation.READ):
            table.answer(call, counter=0)
    assert not [move for move in table.moves() if move.reason == "reading"]


def test_what_an_order_took_is_not_found_missing() -> None:
    table = desk(left=manifest(idempotent=False))
    lost = next(call for call in table.take_writes() if call.channel == "left")
    assert lost.write is not None
    arrived = lost.write.quantity
    table.answer(lost, Outcome.UNKNOWN)
    table.sell(LEFT, [1, 1])
    for _ in range(200):
        table.wait(0.1)
        table.take_writes()
        table.answer_polls()
        for call in table.take(Operation.READ):
            table.answer(call, counter=arrived - 2 if call.channel == "left" else 0)
    assert not [move for move in table.moves() if move.reason == "reading" and move.listing == LEFT]
    settled = [write for commit in table.commits for write in commit.writes if write.id == lost.write.id]
    assert settled[-1].status is WriteStatus.APPLIED


def test_a_refused_commit_is_undone_and_asked_for_again_later() -> None:
    table = desk(pool=10)
    first = table.commits[0]
    rights_before = dict(table.core.rights()["left"])
    assert rights_before["x"] > 0
    for commit in list(table.commits):
        table.told(CommitRefused(commit.id))
    assert table.core.rights() == {"left": {"x": 0}, "right": {"x": 0}}
    table.calls.clear()
    table.wait(1.0)
    assert sum(move.change for move in table.moves()) == 20, "as much again as at first"
    assert first.id not in {commit.id for commit in table.commits[2:]}


def test_a_pool_may_fall_below_what_was_planned() -> None:
    table = desk(pool=10)
    table.told(PoolChanged("x", -4))
    assert table.core.handle(PoolChanged("x", 4), table.now_s).commits == []


def test_writes_on_file_are_repeated_or_read_after_a_crash() -> None:
    def on_file(listing: ListingId) -> tuple[Write, ...]:
        return (Write("old-1", listing, Operation.ADD, 5, 5, WriteStatus.OPEN),)

    table = desk(
        right=manifest(idempotent=False),
        pool=0,
        rights={LEFT: 5, RIGHT: 5},
        writes={LEFT: on_file(LEFT), RIGHT: on_file(RIGHT)},
    )
    table.wait(0.1)
    (repeat,) = table.take_writes()
    assert repeat.write is not None
    assert (repeat.channel, repeat.write.id) == ("left", "old-1")
    doubted = [write for commit in table.commits for write in commit.writes]
    assert [(write.listing, write.status) for write in doubted] == [(RIGHT, WriteStatus.UNKNOWN)]


def test_a_platform_that_compares_is_told_what_a_fresh_reading_showed() -> None:
    table = desk(
        left=manifest(write=WriteMode.COMPARE_AND_SET, under_run=UnderRun.NEGATIVE, idempotent=False)
    )
    assert not [call for call in table.take_writes() if call.channel == "left"], "not without a reading"
    reading = next(call for call in table.take(Operation.READ) if call.channel == "left")
    table.answer(reading, counter=0)
    table.wait(0.1)
    (call,) = [call for call in table.take_writes() if call.channel == "left"]
    assert call.write is not None
    assert (call.write.operation, call.write.expected) == (Operation.ADD, 0)


def test_a_counter_that_can_only_be_set_shows_less_than_its_right() -> None:
    table = desk(left=manifest(write=WriteMode.ABSOLUTE, idempotent=False))
    reading = next(call for call in table.take(Operation.READ) if call.channel == "left")
    table.answer(reading, counter=0)
    table.wait(0.1)
    (call,) = [call for call in table.take_writes() if call.channel == "left"]
    assert call.write is not None
    assert call.write.operation is Operation.SET
    assert call.write.change - call.write.quantity >= 2, "units in the right that are not shown"
    table.answer(call, Outcome.UNKNOWN)
    table.wait(4.0)
    late = [call for call in table.take_writes() if call.channel == "left"]
    assert not late, "nothing is written while an old value may still arrive"


def test_our_own_shop_needs_no_call() -> None:
    table = Desk({"shop": SHOP}, {ListingId("shop", "x"): ONE}, {"x": 9})
    assert table.calls == []
    assert [(move.change, move.reason) for move in table.moves()] == [(9, "grant")]


def test_goods_that_come_after_the_listings_are_dealt_out_by_weight() -> None:
    table = desk(pool=0, rate=None, rules={LEFT: Rule(weight=3.0), RIGHT: Rule()})
    table.wait(1.0)
    assert table.moves() == []
    table.told(PoolChanged("x", 400))
    table.wait(0.1)
    given = {move.listing: move.change for move in table.moves()}
    assert given[LEFT] > 2 * given[RIGHT] > 100


def test_a_listing_that_comes_while_another_one_sells_is_given_its_share_of_what_comes_then() -> None:
    table = Desk({"left": manifest(), "right": manifest()}, {LEFT: ONE}, {"x": 40}, rate=None)
    table.answer(table.take_writes()[0])
    for _ in range(40):
        table.now_s += 0.5
        table.sell(LEFT, [1])
    table.told(ListingAdded(ListingSetup(RIGHT, ONE, 0)))
    table.told(PoolChanged("x", 300))
    table.wait(1.0)
    assert sum(move.change for move in table.moves() if move.listing == RIGHT) > 30


def test_a_move_says_what_each_channel_sold_when_it_was_decided() -> None:
    table = crowded()
    table.answer(table.take_writes()[0])
    (recall,) = (move for move in table.moves() if move.reason == "recall")
    pace = recall.paces["x"]
    assert set(pace) == {"left", "right"}
    assert pace["right"] > 10 * pace["left"] > 0


def test_a_move_to_a_number_that_a_person_fixed_is_not_explained_by_sales() -> None:
    table = desk(rules={LEFT: Rule(paused=True), RIGHT: Rule(fixed=6)})
    assert [move.paces for move in table.moves()] == [{}]


def test_a_bundle_is_granted_only_what_all_its_skus_allow() -> None:
    table = Desk({"left": manifest()}, {ListingId("left", "set"): (("a", 2), ("b", 1))}, {"a": 7, "b": 50})
    assert [move.change for move in table.moves()] == [3]


def test_a_paused_listing_is_left_alone_and_a_fixed_one_brought_to_its_number() -> None:
    rules = {LEFT: Rule(paused=True), RIGHT: Rule(fixed=6)}
    table = desk(rules=rules)
    assert [(move.listing, move.change) for move in table.moves()] == [(RIGHT, 6)]
    table.answer(table.take_writes()[0])
    table.told(RuleChanged(RIGHT, Rule(fixed=2)))
    table.wait(0.1)
    (call,) = table.take_writes()
    assert (call.operation, call.write and call.write.quantity) == (Operation.SUBTRACT, 4)


def test_a_maximum_bounds_the_right() -> None:
    table = desk(rules={LEFT: Rule(maximum=3), RIGHT: Rule(maximum=4)})
    assert sorted(move.change for move in table.moves()) == [3, 4]


def test_a_failing_channel_gets_no_units_and_a_probe_every_three_seconds() -> None:
    table = desk(left=manifest(poll_every_s=0.2), pool=0)
    for _ in range(2):
        table.wait(3.5)
        poll = next(call for call in table.take(Operation.POLL) if call.channel == "left")
        table.fail_poll(poll)
    probes = 0
    table.told(PoolChanged("x", 30))
    for _ in range(12):
        table.wait(1.0)
        for call in table.take(Operation.POLL):
            if call.channel == "left":
                probes += 1
                table.fail_poll(call)
    assert 3 <= probes <= 5
    assert not [call for call in table.take_writes() if call.channel == "left"]


def test_a_listing_that_the_platform_refuses_is_tried_less_and_less_and_its_channel_goes_on() -> None:
    bad, good = ListingId("left", "bad"), ListingId("left", "good")
    table = Desk({"left": manifest()}, {bad: (("a", 1),), good: (("b", 1),)}, {"a": 9, "b": 9})
    tries = 0
    for _ in range(300):
        for call in table.take_writes():
            tries += call.listing == bad
            table.answer(call, Outcome.BARRED if call.listing == bad else Outcome.DONE)
        table.wait(0.1)
    assert table.core.rights() == {"left": {"bad": 0, "good": 9}}
    assert 3 <= tries <= 5, "at once, and then 2, 6, 14 and 30 seconds later"


def test_the_cap_of_a_channel_is_shared_by_all_its_listings() -> None:
    listings: dict[ListingId, tuple[tuple[str, int], ...]] = {
        ListingId("left", f"s{n}"): ((f"s{n}", 1),) for n in range(30)
    }
    channel = manifest(rate=replace(manifest().rate, per_s=2.0, burst=4.0))
    table = Desk({"left": channel}, listings, {f"s{n}": 9 for n in range(30)})
    assert len(table.calls) <= 3
    table.wait(5.0)
    assert len(table.calls) <= 3 + 2 * 5


def test_goods_for_what_is_sold_out_are_not_kept_waiting_by_a_plan_made_a_moment_ago() -> None:
    out, stocked = ListingId("left", "out"), ListingId("left", "stocked")
    channel = manifest(rate=replace(manifest().rate, per_s=1.0, burst=2.0), poll=False, read_back=False)
    table = Desk(
        {"left": channel}, {stocked: (("b", 1),), out: (("a", 1),)}, {}, rights={stocked: 20, out: 5}
    )
    table.sell(stocked, [1])
    table.wait(1.0)
    table.sell(out, [5])
    table.now_s += 0.01
    both = (PoolChanged("b", 20), PoolChanged("a", 20))
    (commit,) = table.core.handle_all(both, table.now_s).commits
    assert [move.listing for move in commit.moves] == [out]


def test_listings_come_and_go_while_it_runs() -> None:
    table = desk(pool=0, rights={LEFT: 5, RIGHT: 5})
    table.told(ListingRemoved(RIGHT))
    assert table.core.rights() == {"left": {"x": 5}}
    table.told(ListingAdded(ListingSetup(ListingId("right", "y"), (("y", 1),), 2)))
    assert table.core.rights() == {"left": {"x": 5}, "right": {"y": 2}}


def test_an_order_beyond_the_right_is_paid_by_what_comes_back() -> None:
    table = desk(pool=0, rights={LEFT: 1, RIGHT: 0})
    table.sell(LEFT, [3])
    assert table.core.rights()["left"]["x"] == -2
