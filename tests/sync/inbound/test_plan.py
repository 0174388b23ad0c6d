"""Tellings of an order in any order and number lead to the same books; each step is taken once."""

import itertools
import random
from dataclasses import replace

import pytest

from holdfast.channels.manifest import Deducts, GivesBack
from holdfast.channels.orders import ListingRef, OrderLine, OrderStatus, PlatformOrder
from holdfast.ledger.commands import Command, ConfirmHold, PostTransfer, RecordOrder, ReleaseHold
from holdfast.storage.records import OrderRow
from holdfast.sync.inbound.plan import CLOCKS_APART_US, Mapped, Plan, plan_order, telling
from tests.fakes.platform import MANIFEST

S = OrderStatus
ON_PAYMENT = replace(MANIFEST, deducts=Deducts.ON_PAYMENT)
UNKNOWN = replace(MANIFEST, deducts=Deducts.UNKNOWN)
KEEPS = replace(MANIFEST, gives_back_on_cancel=GivesBack.NO, gives_back_on_refund=GivesBack.NO)
ITEMS = {"p": Mapped("A", (("A", 1),)), "kit": Mapped("KIT", (("A", 2), ("B", 1)))}


def order(status: OrderStatus, refunded: int = 0, at_us: int = 10, product: str = "p") -> PlatformOrder:
    paid_at_us = None if status in (S.UNPAID, S.CLOSED_UNPAID) else 5
    line = OrderLine("l1", ListingRef(product), 3, refunded)
    return PlatformOrder("o", status, (line,), 1, at_us, paid_at_us, "ann")


def play(*told: PlatformOrder, manifest=MANIFEST, items=ITEMS, since_us: int = 0) -> list[Plan]:  # type: ignore[no-untyped-def]
    stored: OrderRow | None = None
    plans = []
    for each in told:
        plans.append(plan_order(stored, telling("one", each), manifest, items.get, since_us))
        stored = plans[-1].row or stored
    return plans


def said(command: Command) -> str:
    match command:
        case RecordOrder():
            return f"record {'paid' if command.paid else 'unpaid'} {command.lines}"
        case ConfirmHold():
            return "confirm"
        case ReleaseHold():
            return "release"
        case PostTransfer():
            return f"{command.from_kind} -> {command.to_kind} {command.quantity}"
    return ", ".join(said(leg) for leg in command.transfers)  # type: ignore[union-attr]


def commands(plans: list[Plan]) -> list[str]:
    return [said(command) for plan in plans for command in plan.commands]


def right(plans: list[Plan]) -> int:
    return sum(-step.quantity if step.taken else step.quantity for plan in plans for step in plan.steps)


def test_paid_then_shipped_then_returned() -> None:
    plans = play(
        order(S.UNPAID), order(S.PAID), order(S.SHIPPED), order(S.COMPLETED, 1), order(S.CLOSED_PAID, 3)
    )
    assert commands(plans) == [
        "record unpaid (('A', 3),)",
        "confirm",
        "committed -> customer 3",
        "customer -> unsellable 1",
        "customer -> unsellable 2",
    ]
    assert right(plans) == -3


def test_what_is_deducted_on_payment_is_booked_then() -> None:
    plans = play(order(S.UNPAID), order(S.PAID), manifest=ON_PAYMENT)
    assert [len(plan.commands) for plan in plans] == [0, 1]
    assert plans[1].steps[0].at_us == 5
    assert play(order(S.UNPAID), order(S.CLOSED_UNPAID), manifest=ON_PAYMENT)[1].steps == []


@pytest.mark.parametrize(
    ("manifest", "expected", "left"),
    [
        (MANIFEST, ["record unpaid (('A', 3),)", "release"], 0),
        (KEEPS, ["record unpaid (('A', 3),)", "release", "channel -> unallocated 3"], -3),
    ],
)
def test_cancelled_before_payment(manifest: object, expected: list[str], left: int) -> None:
    plans = play(order(S.UNPAID), order(S.CLOSED_UNPAID), manifest=manifest)
    assert commands(plans) == expected
    assert right(plans) == left


@pytest.mark.parametrize(
    ("manifest", "target", "left"), [(MANIFEST, "channel", 0), (KEEPS, "unallocated", -3)]
)
def test_refunded_in_parts_before_shipping(manifest: object, target: str, left: int) -> None:
    told = (order(S.PAID), order(S.PAID, 1), order(S.PAID, 1), order(S.CLOSED_PAID, 3))
    plans = play(*told, manifest=manifest)
    assert commands(plans)[1:] == [f"committed -> {target} 1", f"committed -> {target} 2"]
    assert right(plans) == left
    ids = [command.id for plan in plans for command in plan.commands if isinstance(command, PostTransfer)]
    assert ids == ["undo:one:o:l1:1", "undo:one:o:l1:3"]


def test_part_is_refunded_and_the_rest_shipped() -> None:
    plans = play(order(S.PAID), order(S.SHIPPED, 1), order(S.COMPLETED, 2))
    assert commands(plans)[1:] == [
        "committed -> channel 1",
        "committed -> customer 2",
        "customer -> unsellable 1",
    ]


def test_of_an_order_that_left_in_part_the_lines_that_left_come_back_to_be_checked() -> None:
    def told(*refunded: int, left: bool = True) -> PlatformOrder:
        lines = (
            OrderLine("l1", ListingRef("p"), 3, refunded[0], shipped=left),
            OrderLine("l2", ListingRef("p"), 2, refunded[1]),
        )
        return replace(order(S.PARTLY_SHIPPED), lines=lines)

    plans = play(order(S.PAID), told(0, 0), told(1, 0), told(1, 2), told(1, 2, left=False))
    assert commands(plans)[1:] == [
        "record paid (('A', 2),)",
        "committed -> customer 3",
        "customer -> unsellable 1",
        "committed -> channel 2",
    ]
    assert right(plans) == -3


def test_where_lines_are_not_told_a_refund_of_a_partly_shipped_order_counts_as_unshipped() -> None:
    plans = play(order(S.PAID), order(S.PARTLY_SHIPPED), order(S.PARTLY_SHIPPED, 1), order(S.SHIPPED, 1))
    assert commands(plans)[1:] == ["committed -> channel 1", "committed -> customer 2"]


def test_where_nobody_knows_when_it_is_deducted_an_unpaid_order_may_have_taken_its_units() -> None:
    plans = play(order(S.UNPAID), order(S.PAID), manifest=UNKNOWN)
    assert commands(plans) == ["record unpaid (('A', 3),)", "confirm"]
    assert plans[0].steps[0].at_us == 1
    unpaid_keeps = replace(KEEPS, deducts=Deducts.UNKNOWN)
    closed = play(order(S.UNPAID), order(S.CLOSED_UNPAID), manifest=unpaid_keeps)
    assert commands(closed)[1:] == ["release"]
    assert right(closed) == 0
    taken_over = 2 + CLOCKS_APART_US
    assert play(order(S.UNPAID), since_us=taken_over, manifest=UNKNOWN)[0].commands
    assert play(order(S.PAID), since_us=taken_over, manifest=UNKNOWN)[0].commands


def test_a_bundle_moves_all_its_parts() -> None:
    plans = play(order(S.PAID, product="kit"), order(S.CLOSED_PAID, 3, product="kit"))
    assert commands(plans) == ["record paid (('KIT', 3),)", "committed -> channel 6, committed -> channel 3"]
    assert right(plans) == 0


def test_heard_of_only_when_it_is_over() -> None:
    assert commands(play(order(S.CLOSED_UNPAID))) == []
    assert commands(play(order(S.CLOSED_PAID, 3))) == []
    assert commands(play(order(S.CLOSED_UNPAID), manifest=KEEPS)) == [
        "record unpaid (('A', 3),)",
        "release",
        "channel -> unallocated 3",
    ]
    assert commands(play(order(S.SHIPPED))) == ["record paid (('A', 3),)", "committed -> customer 3"]


def passed(plans: list[Plan]) -> list[tuple[bool, int, int]]:
    return [(step.taken, step.quantity, step.at_us) for plan in plans for step in plan.passed]


def test_units_that_came_back_unheard_of_are_told_with_both_their_times() -> None:
    assert passed(play(order(S.CLOSED_UNPAID))) == [(True, 3, 1), (False, 3, 10)]
    assert passed(play(order(S.CLOSED_PAID, 3))) == [(True, 3, 1), (False, 3, 10)]
    assert passed(play(order(S.UNPAID), order(S.CLOSED_PAID, 3), manifest=ON_PAYMENT)) == [
        (True, 3, 5),
        (False, 3, 10),
    ]
    assert passed(play(order(S.CLOSED_UNPAID), order(S.CLOSED_UNPAID, at_us=20))) == [
        (True, 3, 1),
        (False, 3, 10),
    ], "once is enough"
    for plans in (
        play(order(S.CLOSED_UNPAID), manifest=KEEPS),
        play(order(S.CLOSED_UNPAID), manifest=ON_PAYMENT),
        play(order(S.CLOSED_UNPAID), items={}),
        play(order(S.UNPAID), order(S.CLOSED_UNPAID)),
        play(order(S.PAID), order(S.CLOSED_PAID, 3)),
    ):
        assert passed(plans) == [], "booked, or never off the counter, or no listing of ours"


def test_unmapped_waits_and_is_booked_later() -> None:
    (first,) = play(order(S.PAID), items={})
    assert first.row is not None
    assert first.row.unmapped
    assert not first.commands
    again = plan_order(first.row, first.row, MANIFEST, ITEMS.get, 0)
    assert again.row is not None
    assert not again.row.unmapped
    assert commands([again]) == ["record paid (('A', 3),)"]


def test_two_lines_of_which_one_is_mapped_later() -> None:
    lines = (OrderLine("l1", ListingRef("p"), 1), OrderLine("l2", ListingRef("kit"), 1))
    told = replace(order(S.PAID), lines=lines)
    (first,) = play(told, items={"p": ITEMS["p"]})
    assert first.row is not None
    again = plan_order(first.row, telling("one", told), MANIFEST, ITEMS.get, 0)
    holds = [
        command.id for plan in (first, again) for command in plan.commands if isinstance(command, RecordOrder)
    ]
    assert holds == ["order:one:o", "order:one:o:l2"]
    assert not plan_order(again.row, telling("one", told), MANIFEST, ITEMS.get, 0).commands


def test_what_left_the_counter_before_we_came_is_not_ours() -> None:
    after_order, after_payment = CLOCKS_APART_US + 2, CLOCKS_APART_US + 6
    assert play(order(S.PAID), since_us=CLOCKS_APART_US)[0].commands, "clocks are a little off"
    assert play(order(S.PAID), since_us=after_order)[0].row is None
    assert play(order(S.PAID), since_us=after_order, manifest=ON_PAYMENT)[0].commands
    assert play(order(S.PAID), since_us=after_payment, manifest=ON_PAYMENT)[0].row is None
    assert play(order(S.UNPAID), since_us=after_payment, manifest=ON_PAYMENT)[0].row is not None


LIVES = [
    [order(S.UNPAID), order(S.PAID), order(S.PARTLY_SHIPPED), order(S.SHIPPED), order(S.COMPLETED)],
    [order(S.UNPAID), order(S.CLOSED_UNPAID)],
    [order(S.UNPAID), order(S.PAID), order(S.PAID, 1), order(S.CLOSED_PAID, 3)],
]


@pytest.mark.parametrize("life", LIVES)
@pytest.mark.parametrize("manifest", [MANIFEST, ON_PAYMENT, UNKNOWN, KEEPS])
def test_disorder_and_repeats_change_nothing(life: list[PlatformOrder], manifest: object) -> None:
    """Right and books end as in the straight life, if only the last telling comes at some time."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    straight = balances(play(*life, manifest=manifest))
    for _ in range(30):
        told = [life[-1], *(chance.choice(life) for _ in range(6))]
        chance.shuffle(told)
        if manifest is not ON_PAYMENT or life[-1].status is not S.CLOSED_UNPAID:
            assert balances(play(*told, manifest=manifest)) == straight, told
    for shuffled in itertools.permutations(life[-3:]):
        assert balances(play(*shuffled, manifest=manifest)) == straight


def balances(plans: list[Plan]) -> tuple[int, dict[str, int]]:
    """Right, and what lies where, holds taken as moved."""
    found = {"channel": right(plans)}
    for command in (command for plan in plans for command in plan.commands):
        if isinstance(command, PostTransfer):
            found[command.from_kind] = found.get(command.from_kind, 0) - command.quantity
            found[command.to_kind] = found.get(command.to_kind, 0) + command.quantity
        elif isinstance(command, RecordOrder):
            found["committed"] = found.get("committed", 0) + 3
        elif isinstance(command, ReleaseHold):
            found["committed"] = found.get("committed", 0) - 3
    moved = {name: units for name, units in found.items() if units and name != "channel"}
    return right(plans), moved
