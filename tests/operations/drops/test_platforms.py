"""Drops on connected platforms: granted and called back by the sync, fenced off from the allocation."""

import asyncio
from dataclasses import replace

import pytest

from holdfast.channels.errors import Unavailable
from holdfast.channels.manifest import UnderRun
from holdfast.ledger.commands import PutChannel
from holdfast.operations.drops.steps import DropBusyError
from tests.fakes.platform import MANIFEST, Platform
from tests.operations.drops.market import ONE, S, market
from tests.sync.trade import listing, move, until

OWN = replace(ONE, fixed=10)
"""The channel has ten units of its own."""
SOME = replace(ONE, maximum=20)


def test_a_drop_is_granted_at_its_opening_and_called_back_at_its_end() -> None:
    async def run() -> None:
        platform = Platform()
        async with market({"one": platform}, [OWN]) as trade:
            await trade.opened()
            await trade.lock(trade.drop())
            assert (platform.counters["p"], trade.account("A", "drop:d")) == (10, 30)
            await trade.opened_drop(trade.at())
            assert (platform.counters["p"], trade.drop_units()) == (40, 0)
            assert await trade.buy("o", 12)
            assert await trade.sold() == 12
            closing = await trade.drops.close("d", "ann")
            assert closing.status == "closing"
            done = await trade.closed()
            assert (done.returned, done.sold, done.kept) == (18, 12, 0)
            assert (platform.counters["p"], trade.account("A", "unallocated")) == (10, 78)
            assert trade.drop_units() == 0
            await trade.settled()

    asyncio.run(run())


def test_while_it_is_open_nobody_tops_it_up_and_nobody_takes_from_it() -> None:
    async def run() -> None:
        platforms = {"one": Platform(), "two": Platform()}
        async with market(platforms, [SOME, listing("two", "p", "A", maximum=20)]) as trade:
            await trade.opened()
            await trade.opened("two")
            await trade.lock(trade.drop(units=5))
            own = trade.rights("one")["p"]
            await trade.opened_drop(trade.at())
            assert platforms["one"].counters["p"] == own + 5
            for number in range(own + 5):
                assert await trade.buy(f"one-{number}", 1)
            assert not await trade.buy("one more", 1), "sold out is sold out"
            assert await trade.sold() == 5
            while await trade.buy(f"two-{platforms['two'].counters['p']}", 1, "two"):
                pass
            await asyncio.sleep(0)
            assert trade.rights("one")["p"] == 0
            assert [change for change in trade.writes() if change[0] == "subtract"] == []
            await trade.drops.close("d", "ann")
            await trade.closed()
            await trade.settled()

    asyncio.run(run())


@pytest.mark.parametrize("idempotent", [True, False])
def test_what_the_platform_did_and_did_not_say_is_granted_once(idempotent: bool) -> None:
    async def run() -> None:
        platform = Platform(replace(MANIFEST, idempotent=idempotent), lost_answers=1)
        async with market({"one": platform}, [replace(ONE, fixed=0)]) as trade:
            await trade.lock(trade.drop())
            await trade.opened_drop(trade.at())
            assert platform.counters["p"] == 30
            await trade.settled()

    asyncio.run(run())


def test_a_restart_right_behind_the_opening_grants_it_once() -> None:
    async def run() -> None:
        platform = Platform()
        async with market({"one": platform}, [replace(ONE, fixed=0)]) as trade:
            platform.gate, platform.gated = asyncio.Event(), ("add",)
            await trade.lock(trade.drop())
            await trade.drops.open("d", "ann")
            assert platform.counters["p"] == 0
            file = trade.file
        platform.gate = None
        for _ in range(2):
            async with market({"one": platform}, file=file) as trade:
                await trade.told()
                assert platform.counters["p"] == 30
                await trade.settled()
                assert trade.drop_units() == 0
        async with market({"one": platform}, file=file) as trade:
            await trade.buy("o", 4)
            await trade.drops.close("d", "ann")
        async with market({"one": platform}, file=file) as trade:
            done = await trade.closed()
            assert (done.returned, done.sold, platform.counters["p"]) == (26, 4, 0)
            await trade.settled()

    asyncio.run(run())


def test_a_batch_that_opens_as_another_closes_takes_over_what_is_there_without_a_call_back() -> None:
    async def run() -> None:
        platform = Platform()
        async with market({"one": platform}, [OWN]) as trade:
            await trade.opened()
            soon = trade.engine.clock.now_us() + S // 5
            first = trade.drop("b1", 20, leftover="carry", carry_to="b2", closes_at_us=soon)
            second = trade.drop("b2", 15, opens_at_us=soon, closes_at_us=soon + S // 5)
            third = trade.drop("b3", 12, opens_at_us=soon + S // 5)
            await trade.lock(first, second, third)
            await trade.opened_drop(first)
            await trade.buy("o1", 8)
            before = len(trade.writes())
            await until(lambda: trade.at("b2").status == "open")
            await trade.told("b2")
            done = await trade.closed("b1")
            assert (done.returned, done.sold) == (12, 8)
            assert (trade.at("b2").channels, platform.counters["p"]) == ({"one": 27}, 37)
            await until(lambda: trade.at("b3").status == "open")
            await trade.told("b3")
            done = await trade.closed("b2")
            assert (done.returned, done.sold) == (27, 0)
            assert platform.counters["p"] == 22
            # Of the second's 27, 12 are there. The third has too few to pay for 27: they are called back.
            assert trade.writes()[before:] == [("add", 15), ("subtract", 27), ("add", 12)]
            await trade.drops.close("b3", "ann")
            await trade.closed("b3")
            assert (platform.counters["p"], trade.account("A", "unallocated")) == (10, 82)
            await trade.settled()

    asyncio.run(run())


def test_where_no_unit_can_be_called_back_the_rest_stays_and_is_said() -> None:
    async def run() -> None:
        platform = Platform(replace(MANIFEST, under_run=UnderRun.UNKNOWN))
        async with market({"one": platform}, [replace(ONE, fixed=0)]) as trade:
            await trade.lock(trade.drop())
            assert trade.drops.ring.one_way(trade.at()) == ["one"]
            await trade.opened_drop(trade.at())
            await trade.buy("o", 12)
            done = await trade.drops.close("d", "ann")
            assert (done.status, done.returned, done.sold, done.kept) == ("closed", 0, 12, 18)
            await trade.settled()

    asyncio.run(run())


def test_what_stays_by_its_plan_is_the_channels_own_afterwards() -> None:
    async def run() -> None:
        platform = Platform()
        async with market({"one": platform}, [replace(ONE, paused=True)]) as trade:
            await trade.lock(trade.drop(leftover="stay"))
            await trade.opened_drop(trade.at())
            await trade.buy("o", 12)
            done = await trade.drops.close("d", "ann")
            assert (done.status, done.returned, done.sold, done.kept) == ("closed", 0, 12, 18)
            assert (platform.counters["p"], trade.rights("one")) == (18, {"p": 18})
            await trade.settled()

    asyncio.run(run())


def test_a_platform_that_does_not_answer_hears_of_it_when_it_does() -> None:
    async def run() -> None:
        platform = Platform(replace(MANIFEST, poll_every_s=0.02))
        async with market({"one": platform}, [replace(ONE, fixed=0)]) as trade:
            await until(lambda: trade.rights("one") == {"p": 0})
            platform.errors = [Unavailable("not now") for _ in range(3)]
            await trade.lock(trade.drop())
            await until(lambda: not platform.errors)
            await trade.drops.open("d", "ann")
            (telling,) = trade.drops.ring.tellings(trade.at())
            assert (telling.waiting + telling.under_way, telling.left) == (30, 30)
            assert await trade.sold() == 0
            await trade.told()
            assert platform.counters["p"] == 30
            assert trade.announced.count("d") >= 4, "planned, locked, opened, told"
            await trade.settled()

    asyncio.run(run())


def test_an_order_on_its_way_while_it_closes_is_covered() -> None:
    async def run() -> None:
        platform = Platform()
        async with market({"one": platform}, [replace(ONE, fixed=0)]) as trade:
            await trade.lock(trade.drop())
            await trade.opened_drop(trade.at())
            assert platform.checkout("late", ("p", 7))
            await trade.drops.close("d", "ann")
            done = await trade.closed()
            assert (done.returned, done.sold, platform.counters["p"]) == (23, 7, 0)
            await until(lambda: trade.account("A", "committed:one") == 7)
            await trade.settled()

    asyncio.run(run())


def test_a_stopped_item_gives_its_drops_units_back_until_it_is_freed() -> None:
    async def run() -> None:
        platform = Platform()
        async with market({"one": platform}, [replace(ONE, fixed=0)]) as trade:
            await trade.lock(trade.drop())
            await trade.opened_drop(trade.at())
            await trade.do(PutChannel("one", "fake", "one", "ann", frozen=True))
            await until(lambda: trade.account("A", "drop:d@one") == 30)
            assert (platform.counters["p"], await trade.sold()) == (0, 0)
            await trade.do(PutChannel("one", "fake", "one", "ann"))
            await until(lambda: platform.counters["p"] == 30)
            await trade.settled()

    asyncio.run(run())


def test_it_waits_for_what_is_in_its_way_and_says_what() -> None:
    async def run() -> None:
        platform = Platform()
        two = [SOME, listing("one", "q", "A", maximum=20)]
        async with market({"one": platform}, two) as trade:
            await trade.lock(trade.drop())
            with pytest.raises(DropBusyError, match="2 listings of one sell A by itself"):
                await trade.drops.open("d", "ann")
            await trade.drops.postpone("d", trade.engine.clock.now_us(), "ann")
            await until(lambda: "2 listings" in trade.drops.waits(trade.at()))
            await trade.save(replace(two[1], removed=True))
            await trade.sync.refresh()
            await until(lambda: trade.at().status == "open")
            await trade.lock(trade.drop("e", 5))
            with pytest.raises(DropBusyError, match="drop d is still open on one"):
                await trade.drops.open("e", "ann")
            await trade.told()
            assert await trade.sold() == 0
            await trade.settled()

    asyncio.run(run())


def test_our_own_shop_under_the_sync_keeps_what_a_drop_gave_it() -> None:
    async def run() -> None:
        platform = Platform()
        shop = listing("shop", "s", "A", maximum=20)
        commands = [PutChannel("shop", "shop", "shop", "test")]
        async with market({"one": platform}, [SOME, shop], commands=commands) as trade:
            await trade.opened()
            await until(lambda: trade.available("A", "shop") > 0)
            await trade.lock(trade.drop(units=5, channels={"shop": 5}))
            own = trade.available("A", "shop")
            await trade.drops.open("d", "ann")
            assert trade.available("A", "shop") == own + 5
            while await trade.buy(f"o{platform.counters['p']}", 1):
                pass
            await trade.do(move("more", "A", "supplier", "unallocated", 40))
            await until(lambda: platform.counters["p"] > 0)
            assert trade.available("A", "shop") == own + 5
            assert await trade.sold() == 0
            await trade.drops.close("d", "ann")
            await trade.settled()

    asyncio.run(run())
