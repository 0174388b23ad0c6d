"""Steps through a rundown, without any stock."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from holdfast.operations.shows.model import Item, ItemState, Show, ShowError, Status, proposed_percent
from holdfast.operations.shows.rundown import (
    Who,
    changed,
    next_item,
    next_waiting,
    push,
    skip,
    spotlight,
    undo,
)

from .stage import show_of

WHO = Who("ann", "q1", 5)


def live(*skus: str) -> Show:
    return replace(show_of(*(Item(sku, 10) for sku in skus)), status=Status.LIVE)


def states(show: Show) -> str:
    return " ".join(f"{item.sku}:{item.state.value}" for item in show.items)


def test_next_walks_through_the_rundown_and_stops_at_its_end() -> None:
    show = live("A", "B")
    show = next_item(show, WHO)
    assert (states(show), show.current, show.spotlight) == ("A:on_air B:waiting", "A", "A")
    show = next_item(show, WHO)
    assert (states(show), show.current) == ("A:done B:on_air", "B")
    assert (show.items[0].on_air_at_us, show.items[0].done_at_us) == (5, 5)
    show = next_item(show, WHO)
    assert (states(show), show.current, show.spotlight) == ("A:done B:done", None, None)
    with pytest.raises(ShowError, match="waits any more"):
        next_item(show, WHO)


def test_skip_leaves_out_one_that_waits_or_goes_on_from_the_one_on_air() -> None:
    show = next_item(live("A", "B", "C"), WHO)
    assert states(skip(show, "B", WHO)) == "A:on_air B:skipped C:waiting"
    after = skip(show, None, WHO)
    assert (states(after), after.current, after.steps[-1].sku) == ("A:skipped B:on_air C:waiting", "B", "A")
    with pytest.raises(ShowError, match="is skipped"):
        skip(after, "A", WHO)


def test_spotlight_changes_what_is_shown_and_nothing_else() -> None:
    show = next_item(live("A", "B"), WHO)
    lit = spotlight(show, "B", WHO)
    assert (lit.spotlight, lit.current, states(lit)) == ("B", "A", states(show))
    with pytest.raises(ShowError, match="not in the rundown"):
        spotlight(show, "Z", WHO)


def test_a_pushed_item_comes_next_or_at_once() -> None:
    show = next_item(live("A", "B"), WHO)
    assert states(push(show, Item("X", 1), WHO, now=False)) == "A:on_air X:waiting B:waiting"
    assert states(push(show, Item("X", 1), WHO, now=True)) == "A:done X:on_air B:waiting"
    with pytest.raises(ShowError, match="is in the rundown"):
        push(show, Item("B", 1), WHO, now=True)


@pytest.mark.parametrize(
    "step",
    [
        lambda show: next_item(show, WHO),
        lambda show: skip(show, None, WHO),
        lambda show: skip(show, "B", WHO),
        lambda show: spotlight(show, "B", WHO),
    ],
)
def test_undo_takes_the_last_step_back_once(step: Callable[[Show], Show]) -> None:
    show = next_item(live("A", "B"), WHO)
    back = undo(step(show), WHO)
    assert (back.items, back.current, back.spotlight) == (show.items, show.current, show.spotlight)
    assert back.steps[-1].action == "undo"
    with pytest.raises(ShowError, match="only the last"):
        undo(back, WHO)


def test_a_push_is_not_undone_for_it_moved_stock() -> None:
    show = push(next_item(live("A", "B"), WHO), Item("X", 1), WHO, now=True)
    with pytest.raises(ShowError, match="only the last"):
        undo(show, WHO)


def test_of_a_live_show_only_what_moves_no_stock_is_changed() -> None:
    show = next_item(live("A", "B"), WHO)
    wanted = replace(show, name="late night", items=(Item("B", 10, script="wow"), Item("A", 10, minutes=4)))
    after = changed(show, wanted, WHO)
    assert (after.name, states(after)) == ("late night", "B:waiting A:on_air")
    assert (after.items[0].script, after.items[1].minutes) == ("wow", 4)
    for wrong in (
        replace(show, channels=("one",)),
        replace(show, items=(Item("A", 10),)),
        replace(show, items=(Item("A", 11), Item("B", 10))),
    ):
        with pytest.raises(ShowError) as refused:
            changed(show, wrong, WHO)
        assert refused.value.code == "show_is_live"
    with pytest.raises(ShowError, match="is ended"):
        changed(replace(show, status=Status.ENDED), show, WHO)


def test_steps_need_a_live_show() -> None:
    planned = show_of(Item("A", 1))
    with pytest.raises(ShowError) as refused:
        next_item(planned, WHO)
    assert refused.value.code == "show_is_planned"
    assert next_waiting(replace(planned, items=(Item("A", 1, state=ItemState.DONE),))) is None


@pytest.mark.parametrize(
    ("planned", "channels", "percent"),
    [(1, 1, 20), (100, 1, 20), (800, 2, 15), (5_000, 2, 12), (10**9, 3, 10)],
)
def test_the_reserve_is_larger_where_chance_has_more_to_say(
    planned: int, channels: int, percent: int
) -> None:
    assert proposed_percent(planned, channels) == percent
