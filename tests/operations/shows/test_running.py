"""A show on a real engine: its reserve and limits come and go with it, once, whatever happens in between."""

import asyncio

import pytest

from holdfast.ledger.commands import ConfirmHold, PutSku
from holdfast.ledger.guard.rules import Guard
from holdfast.ledger.records import Limits
from holdfast.operations.shows.model import Item, Show, ShowError, Sold, Status, Strategy
from holdfast.operations.shows.shows import Shows
from tests.fakes.memory_store import MemoryFile
from tests.sync.trade import move

from .stage import LIMITS, S, lipstick, show_of, staged


def test_a_start_keeps_the_reserve_back_and_sets_the_limits_and_the_end_gives_both_back() -> None:
    async def run() -> None:
        async with staged() as stage:
            shows = stage.shows
            await shows.put(show_of(lipstick(), Item("B", 50)), stage.who())
            live = await shows.go_live("s1", stage.who("go"))
            assert (stage.account("A", "reserve"), stage.account("A", "unallocated")) == (20, 80)
            assert stage.limits("A") == Limits("s1", per_buyer=2)
            assert stage.limits("B") is None
            assert live.limits_due == ()
            item = stage.reader.sku("A")
            assert item is not None
            assert (item.price_cents, item.cost_cents) == (100, 60)
            assert (shows.live_of("A"), shows.plan_of("A"), shows.next_of("A")) == ("s1", 100, "B")
            await stage.engine.submit((move("m", "A", "unallocated", "channel:one", 10),))
            assert await stage.buy("one", "A", 2, "bob") == "placed"
            assert await stage.buy("one", "A", 1, "bob") == "purchase_limit_exceeded"
            await stage.engine.submit((ConfirmHold("one A bob 2", "test"),))
            ended = await shows.end("s1", stage.who())
            assert (stage.account("A", "reserve"), stage.account("A", "unallocated")) == (0, 90)
            assert stage.limits("A") == LIMITS
            assert ended.results == (Sold("A", "one", 2),)
            assert (ended.status, shows.live_of("A"), shows.plan_of("A")) == (Status.ENDED, None, None)
            assert "show s1" in stage.told

    asyncio.run(run())


def test_the_same_request_again_moves_nothing() -> None:
    async def run() -> None:
        async with staged() as stage:
            shows = stage.shows
            await shows.put(show_of(lipstick(), Item("B", 5)), stage.who())
            for _ in range(2):
                await shows.go_live("s1", stage.who("go"))
            assert stage.account("A", "reserve") == 20
            for _ in range(2):
                show = await shows.next("s1", stage.who("n1"))
            assert (show.current, show.spotlight) == ("A", "A")
            for _ in range(2):
                await shows.end("s1", stage.who("over"))
            with pytest.raises(ShowError, match="is ended"):
                await shows.end("s1", stage.who("once more"))

    asyncio.run(run())


def test_what_is_short_is_listed_and_nothing_is_moved_until_it_is_there() -> None:
    async def run() -> None:
        async with staged() as stage:
            shows = stage.shows
            big = [Item("A", 600, Strategy.RESERVE, 20), Item("B", 1_000, Strategy.RESERVE, 20)]
            await shows.put(show_of(*big, Item("C", 1, Strategy.RESERVE, 100)), stage.who())
            with pytest.raises(ShowError) as refused:
                await shows.go_live("s1", stage.who())
            assert refused.value.code == "reserve_short"
            assert refused.value.facts == {"A": 20, "B": 100}
            assert [stage.account(sku, "reserve") for sku in "ABC"] == [0, 0, 0]
            assert shows.get("s1").status is Status.PLANNED
            for sku in "AB":
                await stage.engine.submit((move(f"more {sku}", sku, "supplier", "unallocated", 100),))
            await shows.go_live("s1", stage.who())
            assert [stage.account(sku, "reserve") for sku in "ABC"] == [120, 200, 1]

    asyncio.run(run())


def test_a_start_that_the_ledger_refused_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused id is refused for ever: somebody took the stock between our look and our commit."""

    async def run() -> None:
        async with staged() as stage:
            await stage.shows.put(show_of(Item("A", 100, Strategy.RESERVE, 100)), stage.who())
            facts = Shows._facts

            async def raced(shows: Shows, skus: object) -> object:
                found = await facts(shows, skus)  # type: ignore[arg-type]
                await stage.engine.submit((move("taken", "A", "unallocated", "channel:three", 1),))
                return found

            monkeypatch.setattr(Shows, "_facts", raced)
            with pytest.raises(ShowError, match="A lacks 1"):
                await stage.shows.go_live("s1", stage.who())
            monkeypatch.undo()
            assert stage.shows.get("s1").attempt == 2
            await stage.engine.submit((move("back", "A", "channel:three", "unallocated", 1),))
            await stage.shows.go_live("s1", stage.who())
            assert stage.account("A", "reserve") == 100

    asyncio.run(run())


def test_two_live_shows_do_not_share_an_item_on_a_channel_nor_its_limits() -> None:
    async def run() -> None:
        async with staged() as stage:
            shows = stage.shows
            await shows.put(show_of(lipstick()), stage.who())
            await shows.go_live("s1", stage.who())
            for id, channels, item in (
                ("s2", ("two",), Item("A", 5)),
                ("s3", ("three",), Item("A", 5, Strategy.RESERVE)),
            ):
                await shows.put(show_of(item, id=id, channels=channels), stage.who())
                with pytest.raises(ShowError) as refused:
                    await shows.go_live(id, stage.who())
                assert refused.value.code == "sold_in_another_show"
            await shows.put(show_of(Item("A", 5), id="s4", channels=("three",)), stage.who())
            assert (await shows.go_live("s4", stage.who())).status is Status.LIVE

    asyncio.run(run())


def test_an_item_pushed_in_gets_its_reserve_and_limits_too() -> None:
    async def run() -> None:
        async with staged() as stage:
            shows = stage.shows
            await shows.put(show_of(Item("B", 5), Item("C", 5)), stage.who())
            await shows.go_live("s1", stage.who())
            await shows.next("s1", stage.who())
            for _ in range(2):
                show = await shows.push("s1", lipstick(), stage.who("p"), now=True)
            assert [(item.sku, item.state.value) for item in show.items] == [
                ("B", "done"),
                ("A", "on_air"),
                ("C", "waiting"),
            ]
            assert show.items[1].pushed_in
            assert (stage.account("A", "reserve"), stage.limits("A")) == (20, Limits("s1", per_buyer=2))
            await shows.end("s1", stage.who())
            assert (stage.account("A", "reserve"), stage.limits("A")) == (0, LIMITS)

    asyncio.run(run())


def test_a_show_keeps_the_guard_and_the_picture_of_an_item() -> None:
    async def run() -> None:
        async with staged() as stage:
            guard, picture = Guard("p", units_max=50), "https://img.example/a.jpg"
            await stage.engine.submit((PutSku("A", "A", "boss", guard=guard, image_url=picture),))
            await stage.shows.put(show_of(lipstick()), stage.who())
            for take in (stage.shows.go_live, stage.shows.end):
                await take("s1", stage.who())
                item = stage.reader.sku("A")
                assert item is not None
                assert (item.guard, item.image_url) == (guard, picture)

    asyncio.run(run())


def test_limits_that_a_person_set_during_the_show_stay() -> None:
    async def run() -> None:
        async with staged() as stage:
            await stage.shows.put(show_of(lipstick()), stage.who())
            await stage.shows.go_live("s1", stage.who())
            theirs = Limits("theirs", per_order=1)
            await stage.engine.submit((PutSku("A", "A", "boss", limits=theirs),))
            await stage.shows.end("s1", stage.who())
            assert stage.limits("A") == theirs

    asyncio.run(run())


@pytest.mark.parametrize("at", ["start", "end"])
def test_a_restart_finishes_what_a_crash_left_half_done(at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        file: MemoryFile | None = None

        async def crash(shows: Shows, id: str, who: object) -> Show:
            raise RuntimeError("power cut")

        async with staged() as stage:
            file = stage.file
            await stage.shows.put(show_of(lipstick()), stage.who())
            if at == "end":
                await stage.shows.go_live("s1", stage.who())
            monkeypatch.setattr(Shows, "_settle_limits", crash)
            with pytest.raises(RuntimeError):
                await (stage.shows.go_live if at == "start" else stage.shows.end)("s1", stage.who())
            monkeypatch.undo()
            assert stage.shows.get("s1").limits_due == ("A",)
        ended: list[str] = []
        async with staged(file) as stage:
            show = stage.shows.get("s1")
            assert show.limits_due == ()
            if at == "start":
                assert (stage.limits("A"), stage.account("A", "reserve")) == (Limits("s1", per_buyer=2), 20)

                async def note(id: str, actor: str) -> None:
                    ended.append(f"{id} {actor}")

                stage.shows.on_end.append(note)
                await stage.shows.end("s1", stage.who())
                assert ended == ["s1 ann"]
            assert (stage.limits("A"), stage.account("A", "reserve")) == (LIMITS, 0)
            assert stage.shows.get("s1").results == ()

    asyncio.run(run())


def test_a_planned_show_is_checked_and_can_be_forgotten_a_live_one_not() -> None:
    async def run() -> None:
        async with staged() as stage:
            shows = stage.shows
            for wrong, code in (
                (show_of(Item("nobody", 1)), "unknown_sku"),
                (show_of(Item("A", 1), Item("A", 2)), "invalid_request"),
                (show_of(channels=("nowhere",)), "unknown_channel"),
                (Show("s1", "backwards", ("one",), 2 * S, 1 * S), "invalid_request"),
            ):
                with pytest.raises(ShowError) as refused:
                    await shows.put(wrong, stage.who())
                assert refused.value.code == code
            await shows.put(show_of(Item("A", 1)), stage.who())
            await shows.remove("s1", stage.who())
            with pytest.raises(ShowError, match="no show"):
                shows.get("s1")
            await shows.put(show_of(Item("A", 1)), stage.who())
            await shows.go_live("s1", stage.who())
            with pytest.raises(ShowError, match="is live"):
                await shows.remove("s1", stage.who())

    asyncio.run(run())
