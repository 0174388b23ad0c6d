"""The traps that a random enemy seldom sets: each is one history that a careless core would get wrong."""

import pytest

from holdfast.sync.messages import Answered, ListingId, Operation, Outcome, Rule, RuleChanged
from tests.sync.hostile import World
from tests.sync.hostile_platforms import LISTINGS, Flying

FORGETS, REPEATS, COMPARES = (ListingId(channel, "single") for channel in ("forgets", "repeats", "compares"))


def world() -> World:
    """Well-behaved from now on, and readings as old as they may be."""
    found = World(lambda count: 0, {"a": 80, "b": 20})
    found.kind = True
    return found


def flight(of: World, listing: ListingId, operation: Operation) -> Flying:
    """The open call of this kind."""
    return next(
        flying
        for flying in of.waiting()
        if flying.call.listing == listing and flying.call.operation is operation
    )


def live(of: World, seconds: float, keep: Flying) -> None:
    """Everything else is served, and nothing may be sold twice at any moment."""
    for _ in range(int(seconds * 10)):
        keep.settled, before = True, keep.settled
        of.serve_all()
        of.wait(0.1)
        keep.settled = before
        of.check()


def test_a_grant_that_got_lost_may_still_arrive_at_the_last_moment() -> None:
    of = world()
    late = flight(of, FORGETS, Operation.ADD)
    late.settled = True
    of.tell(Answered(late.call.id, Outcome.UNKNOWN, late.sent_at_s))
    live(of, 5.8, late)
    of.arrive(late)
    of.check()
    live(of, 10.0, late)


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.LIMITED])
def test_a_repeat_that_is_refused_or_one_too_many_says_nothing_about_the_first_call(outcome: Outcome) -> None:
    of = world()
    late = flight(of, REPEATS, Operation.ADD)
    late.settled = True
    of.tell(Answered(late.call.id, Outcome.UNKNOWN, late.sent_at_s))
    of.kind = False
    while not [flying for flying in of.waiting() if flying.call.write == late.call.write]:
        of.wait(0.1)
    repeat = flight(of, REPEATS, Operation.ADD)
    repeat.settled, repeat.arrived = True, True
    of.tell(Answered(repeat.call.id, outcome, repeat.sent_at_s))
    of.check()
    of.arrive(late)
    of.check()


def test_a_recall_whose_answer_is_late_is_not_counted_by_a_reading_too() -> None:
    of = world()
    of.serve_all()
    of.wait(1.0)
    of.kind = False
    of.tell(RuleChanged(FORGETS, Rule(fixed=0)))
    of.wait(0.2)
    late = flight(of, FORGETS, Operation.SUBTRACT)
    of.arrive(late)
    of.kind = True
    live(of, 12.0, late)
    of.hand_over(late)
    of.check()
    live(of, 10.0, late)


def test_an_old_reading_after_a_crash_does_not_undo_a_return_heard_before_it() -> None:
    of = world()
    of.serve_all()
    of.wait(2.0)
    of.pick = lambda count: min(list(LISTINGS).index(COMPARES), count - 1)
    of.buy()
    of.wait(1.0)
    of.pick = lambda count: 0
    of.undo()
    assert {item[1] for item in of.news} == {COMPARES}
    for item in list(of.news):
        of.news.remove(item)
        of.hear(item)
    of.crash()
    of.tell(RuleChanged(COMPARES, Rule(fixed=of.rights[COMPARES] - 1)))
    for _ in range(150):
        of.serve_all()
        of.wait(0.05)
        of.check()
