"""Whatever happens before: what a show's start and the reserve propose, the ledger never refuses."""

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.ledger.commands import ConfirmHold, ReleaseHold
from holdfast.operations.shows.model import Item, Opening, ShowError, Status, Strategy
from tests.operations.shows.stage import show_of, staged
from tests.sync.trade import move

from .test_runner import Play, Time

S = 1_000_000
happenings = st.one_of(
    st.tuples(st.just("buy"), st.sampled_from(["one", "two"]), st.integers(1, 60)),
    st.tuples(st.just("release"), st.integers(0, 30)),
    st.tuples(
        st.just("move"), st.sampled_from(["unallocated", "reserve", "channel:one"]), st.integers(1, 40)
    ),
    st.tuples(st.just("look"), st.integers(0, 15)),
    st.tuples(st.just("hand"), st.integers(1, 30)),
)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 120),
    st.integers(0, 100),
    st.sampled_from([0, 50, 100]),
    st.sampled_from([set(), {"one"}, {"one", "two"}]),
    st.lists(happenings, max_size=25),
)
def test_the_ledger_refuses_no_start_and_no_step(
    planned: int, percent: int, share: int, dealt: set[str], what: list[Any]
) -> None:
    async def run() -> None:
        time = Time()
        async with staged(clock=time.clock()) as stage:
            play = Play(stage, time)
            play.news.deals = dealt
            item = Item("B", planned, Strategy.RESERVE, percent, opening=Opening.AUTOMATIC)
            await stage.shows.put(show_of(item), stage.who())
            try:
                await stage.shows.go_live("s1", stage.who())
            except ShowError as error:
                short = error.code == "reserve_short" and stage.account("B", "reserve") == 0
                assert short, "refused for another cause, or half done"
                return
            on_sale = stage.account("B", "unallocated") * share // 100
            if on_sale:
                await stage.engine.submit((move("sale", "B", "unallocated", "channel:one", on_sale),))
            for number, (name, *facts) in enumerate(what):
                time.us += S
                await happen(play, number, name, facts)
            await stage.shows.end("s1", stage.who())
            show = stage.shows.get("s1")
            assert show.status is Status.ENDED
            opened = [each for each in show.steps if each.action == "open-reserve"]
            assert (show.attempt, show.items[0].openings) == (1, len(opened)), "the ledger refused something"
            assert 0 <= show.items[0].opened <= show.items[0].reserved

    asyncio.run(run())


async def happen(play: Play, number: int, name: str, facts: list[Any]) -> None:
    """Something from outside; the ledger may refuse a person or a buyer, that is its right."""
    stage = play.stage
    if name == "buy":
        channel, units = facts
        if await stage.buy(channel, "B", units, f"b{number}") == "placed" and number % 3:
            await stage.engine.submit((ConfirmHold(f"{channel} B b{number} {units}", "test"),))
    elif name == "release":
        for channel in ("one", "two"):
            for units in range(1, 61):
                await stage.engine.submit((ReleaseHold(f"{channel} B b{facts[0]} {units}", "test"),))
    elif name == "move":
        source, units = facts
        await stage.engine.submit((move(f"away {number}", "B", source, "unsellable", units),))
    elif name == "look":
        await play.look(facts[0])
    else:
        try:
            await play.runner.open_by_hand("s1", "B", facts[0], stage.who())
        except ShowError as error:
            empty = error.code == "reserve_empty"
            assert empty
