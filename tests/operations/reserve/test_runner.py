"""The reserve on a real engine: opened when the main stock is truly out, once, and by whom it should be."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest
from msgspec.structs import replace

from holdfast.engine.clock import LedgerClock
from holdfast.ledger.commands import ConfirmHold
from holdfast.operations.reserve.news import News
from holdfast.operations.reserve.proposal import Proposal, ProposalStatus
from holdfast.operations.reserve.runner import ReserveRunner
from holdfast.operations.reserve.step import shares
from holdfast.operations.shows.model import Item, Opening, ShowError, Strategy
from tests.fakes.memory_store import MemoryFile
from tests.operations.shows.stage import Stage, show_of, staged
from tests.sync.trade import MemoryReaders, move

S = 1_000_000


class Time:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.us = 1_000 * S

    def clock(self) -> LedgerClock:
        return LedgerClock(lambda: self.us, lambda: self.us)


class ToldNews(News):
    """What the sync says, as the test says it."""

    def __init__(self) -> None:
        self.to_us: int | None = None
        self.deals = {"one", "two"}

    def complete_to_us(self, channels: Iterable[str], now_us: int) -> int:
        return now_us if self.to_us is None else self.to_us

    async def dealt(self, sku: str) -> set[str]:
        return self.deals


class Play:
    """A stage with a runner, whose item A sold out."""

    def __init__(self, stage: Stage, time: Time) -> None:
        self.stage, self.time, self.news = stage, time, ToldNews()
        self.runner = ReserveRunner(
            stage.shows,
            stage.engine,
            MemoryReaders(stage.file),
            self.news,
            stage.engine.clock.now_us,
            lambda kind, id: stage.told.append(f"{kind} {id}"),
        )
        stage.shows.on_end.append(self.runner.end_of_show)

    async def go_live(self, opening: Opening = Opening.APPROVAL) -> None:
        item = Item("A", 100, Strategy.RESERVE, 20, opening=opening)
        await self.stage.shows.put(show_of(item), self.stage.who())
        await self.stage.shows.go_live("s1", self.stage.who())
        await self.stage.engine.submit((move("deal", "A", "unallocated", "channel:one", 80),))

    async def sell(self, channel: str, units: int, buyer: str) -> None:
        assert await self.stage.buy(channel, "A", units, buyer) == "placed"
        await self.stage.engine.submit((ConfirmHold(f"{channel} A {buyer} {units}", "test"),))

    async def sell_out(self) -> None:
        for number in range(10):
            self.time.us += 3 * S
            await self.sell("one", 8, f"b{number}")

    async def look(self, after_s: float = 0.0) -> list[Proposal]:
        self.time.us += int(after_s * S)
        await self.runner.look()
        return self.runner.proposals.all()

    def reserve(self) -> int:
        return self.stage.account("A", "reserve")


@asynccontextmanager
async def playing() -> AsyncIterator[Play]:
    """A play on a stage of its own, with a clock that the test sets."""
    time = Time()
    async with staged(clock=time.clock()) as stage:
        yield Play(stage, time)


def test_automatic_steps_are_opened_only_when_the_main_stock_is_truly_out() -> None:
    async def run() -> None:
        async with playing() as play:
            await play.go_live(Opening.AUTOMATIC)
            assert await play.look(5) == []
            await play.sell_out()
            assert await play.look() == []
            assert await play.look(2) == []
            (opened,) = await play.look(2)
            assert (opened.status, opened.decided_by) == (ProposalStatus.APPROVED, "system:reserve")
            # 80 in 27 s for the next 30 s would be more than there is.
            assert (opened.units, play.reserve(), play.stage.account("A", "unallocated")) == (20, 0, 20)
            assert opened.words_en().startswith(
                "20 of 20 units in reserve: the main stock has been out for 4 s"
            )
            assert "剩余 20 件" in opened.words_zh()
            row = play.stage.reader.transfer("reserve:s1:A:1")
            assert row is not None
            assert (row.transfer.reason, row.transfer.reference) == ("reserve_opened", "show:s1")
            last = play.stage.shows.get("s1").steps[-1]
            assert (last.action, last.sku, last.detail) == ("open-reserve", "A", opened.words_en())
            assert await play.look(60) == [opened]

    asyncio.run(run())


def test_late_news_keeps_the_reserve_shut() -> None:
    async def run() -> None:
        async with playing() as play:
            await play.go_live(Opening.AUTOMATIC)
            await play.sell_out()
            play.news.to_us = play.time.us - S
            await play.look()
            assert await play.look(30) == []
            play.news.to_us = None
            assert len(await play.look(1)) == 1

    asyncio.run(run())


def test_an_approval_opens_once_with_the_name_of_who_gave_it() -> None:
    async def run() -> None:
        async with playing() as play:
            await play.go_live()
            await play.sell_out()
            await play.look()
            (proposed,) = await play.look(4)
            assert (proposed.status, play.reserve()) == (ProposalStatus.OPEN, 20)
            assert f"proposal {proposed.id}" in play.stage.told
            assert await play.look(20) == [proposed]
            for _ in range(2):
                done = await play.runner.approve(proposed.id, play.stage.who(actor="bea"))
            assert (done.status, done.decided_by) == (ProposalStatus.APPROVED, "bea")
            assert (play.reserve(), play.stage.shows.get("s1").items[0].opened) == (0, 20)
            row = play.stage.reader.transfer("reserve:s1:A:1")
            assert row is not None
            assert row.transfer.actor == "bea"
            actions = {each.entry.action for each in play.stage.reader.audit(proposed.id, 1 << 62, 10)}
            assert actions == {"proposal.propose", "proposal.approved"}
            with pytest.raises(ShowError, match="is approved"):
                await play.runner.reject(proposed.id, play.stage.who())

    asyncio.run(run())


def test_a_rejection_gives_a_minute_of_quiet_and_a_proposal_expires_or_is_overtaken() -> None:
    async def run() -> None:
        async with playing() as play:
            await play.go_live()
            await play.sell_out()
            await play.look()
            (first,) = await play.look(4)
            for _ in range(2):
                await play.runner.reject(first.id, play.stage.who())
            await play.look(30)
            assert len(await play.look(20)) == 1
            await play.look(20)
            assert len(await play.look(4)) == 2
            play.time.us += 121 * S
            second = play.runner.proposals.all()[-1]
            with pytest.raises(ShowError, match="is expired"):
                await play.runner.approve(second.id, play.stage.who())
            await play.look()
            assert play.runner.get(second.id).status is ProposalStatus.EXPIRED
            third = (await play.look(4))[-1]
            assert third.status is ProposalStatus.OPEN
            await play.stage.engine.submit((move("more", "A", "supplier", "unallocated", 5),))
            await play.look()
            assert play.runner.get(third.id).status is ProposalStatus.OVERTAKEN
            assert play.reserve() == 20

    asyncio.run(run())


def test_a_person_opens_by_hand_and_the_end_gives_back_only_the_rest() -> None:
    async def run() -> None:
        async with playing() as play:
            await play.go_live()
            await play.sell_out()
            await play.look()
            (proposed,) = await play.look(4)
            for _ in range(2):
                show = await play.runner.open_by_hand("s1", "A", 5, play.stage.who("hand"))
            assert (show.items[0].opened, play.reserve()) == (5, 15)
            assert play.runner.get(proposed.id).status is ProposalStatus.OVERTAKEN
            with pytest.raises(ShowError, match="15 units of A left"):
                await play.runner.open_by_hand("s1", "A", 16, play.stage.who())
            with pytest.raises(ShowError, match="no proposal"):
                await play.runner.approve("none", play.stage.who())
            await play.stage.shows.end("s1", play.stage.who())
            assert (play.reserve(), play.stage.account("A", "unallocated")) == (0, 20)

    asyncio.run(run())


def test_an_end_overtakes_what_is_proposed() -> None:
    async def run() -> None:
        async with playing() as play:
            await play.go_live()
            await play.sell_out()
            await play.look()
            (proposed,) = await play.look(4)
            await play.stage.shows.end("s1", play.stage.who())
            assert play.runner.get(proposed.id).status is ProposalStatus.OVERTAKEN

    asyncio.run(run())


def test_a_refused_step_takes_another_id_and_is_opened() -> None:
    async def run() -> None:
        async with playing() as play:
            await play.go_live()
            # Somebody used the id for another move: it is refused for ever.
            await play.stage.engine.submit((move("reserve:s1:A:1", "A", "supplier", "unallocated", 1),))
            await play.runner.open_by_hand("s1", "A", 5, play.stage.who())
            assert (play.stage.account("A", "reserve"), play.stage.shows.get("s1").items[0].openings) == (
                15,
                2,
            )

    asyncio.run(run())


def test_a_crash_between_the_opening_and_its_proposal_opens_nothing_twice() -> None:
    async def run() -> None:
        time, file = Time(), MemoryFile()
        async with staged(clock=time.clock()) as stage:
            file = stage.file
            play = Play(stage, time)
            await play.go_live()
            await play.sell_out()
            await play.look()
            (proposed,) = await play.look(4)
            await play.runner.approve(proposed.id, stage.who(actor="bea"))
            # As if the second commit had never come.
            entry = play.runner.proposals.entry("test", "", "lost", proposed.id, {})
            await play.runner.proposals.put(proposed.id, proposed, entry)
        async with staged(file, time.clock()) as stage:
            play = Play(stage, time)
            await play.runner.load()
            known = play.runner.get(proposed.id)
            assert (known.status, known.decided_by) == (ProposalStatus.APPROVED, "bea")
            assert (await play.runner.approve(proposed.id, stage.who())).status is ProposalStatus.APPROVED
            assert stage.account("A", "unallocated") == 20

    asyncio.run(run())


def test_after_a_restart_the_speed_is_known_from_the_ledger() -> None:
    async def run() -> None:
        time = Time()
        async with staged(clock=time.clock()) as stage:
            file = stage.file
            play = Play(stage, time)
            await play.go_live(Opening.AUTOMATIC)
            await play.sell_out()
            await play.look()
        time.us += 20 * S
        async with staged(file, time.clock()) as stage:
            play = Play(stage, time)
            await play.runner.load()
            await play.look()
            assert len(await play.look(4)) == 1
            assert play.reserve() == 0

    asyncio.run(run())


def test_where_no_sync_deals_units_out_they_go_straight_to_the_channels_by_what_they_sold() -> None:
    assert shares(10, {"one": 30, "two": 10}, set()) == {"one": 7, "two": 3}
    assert shares(10, {"one": 30, "two": 10}, {"two"}) == {"one": 7}
    assert shares(10, {"one": 30, "two": 10}, {"one", "two"}) == {}

    async def run() -> None:
        async with playing() as play:
            play.news.deals = set()
            await play.go_live(Opening.AUTOMATIC)
            await play.sell_out()
            await play.look()
            await play.look(4)
            assert (play.stage.account("A", "channel:one"), play.stage.account("A", "unallocated")) == (20, 0)

    asyncio.run(run())


def test_a_live_show_changes_who_opens_and_nothing_else() -> None:
    async def run() -> None:
        async with staged() as stage:
            play = Play(stage, Time())
            await play.go_live()
            show = stage.shows.get("s1")
            wanted = replace(show, items=(replace(show.items[0], opening=Opening.AUTOMATIC),))
            after = await stage.shows.put(wanted, stage.who())
            assert after.items[0].opening is Opening.AUTOMATIC

    asyncio.run(run())
