"""Commits before calls, what an answer means, crashes in between, and what others do to the ledger."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from holdfast.channels.errors import (
    CallRefused,
    ChannelError,
    ExpectationFailed,
    InsufficientStock,
    ListingRefused,
    NotAuthorized,
    Throttled,
    TokenExpired,
    Unavailable,
    UnknownOutcome,
    Unsupported,
)
from holdfast.channels.manifest import RateCap
from holdfast.channels.orders import StockWritten
from holdfast.ledger.commands import ConfirmHold, PlaceHold, PutChannel, PutSku, ReleaseHold
from holdfast.storage.contract import StoreFull
from holdfast.storage.records import ConnectionRow, RightChange, TokensRow
from holdfast.sync.ledger_news import CORE_ACTOR
from holdfast.sync.messages import Outcome
from holdfast.sync.outbound import outcome_of
from tests.fakes.platform import MANIFEST, Platform
from tests.sync.trade import connection, goods, listing, move, trading, until

ONE = [listing("one", "p", "A")]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Throttled("slow down"), Outcome.LIMITED),
        (InsufficientStock("too few"), Outcome.REFUSED),
        (ExpectationFailed("another"), Outcome.REFUSED),
        (UnknownOutcome("silence"), Outcome.UNKNOWN),
        (TimeoutError(), Outcome.UNKNOWN),
        (KeyError("a bug"), Outcome.UNKNOWN),
        (Unavailable("down"), Outcome.FAILED),
        (NotAuthorized("no"), Outcome.FAILED),
        (CallRefused("no"), Outcome.BARRED),
        (ListingRefused("banned"), Outcome.BARRED),
        (Unsupported("cannot"), Outcome.BARRED),
        (TokenExpired("old"), Outcome.FAILED),
    ],
)
def test_what_an_error_says_of_the_call(error: Exception, outcome: Outcome) -> None:
    assert outcome_of(error) is outcome


def test_a_commit_that_fails_makes_no_call_and_all_begins_anew() -> None:
    async def run() -> None:
        platform = Platform(replace(MANIFEST, poll=False))
        async with trading({"one": platform}, goods(quantity=1), ONE) as trade:
            await trade.opened()
            before = set(trade.file.rows.sync.writes)
            # The commit after the goods is that of the grant; it fails, and the next one works.
            trade.engine.submit((move("more", "A", "supplier", "unallocated", 99),)).add_done_callback(
                lambda done: trade.file.commits_to_fail.append(StoreFull("planned"))
            )
            await until(lambda: len(trade.file.rows.sync.writes) > len(before))
            assert platform.written.keys() <= trade.file.rows.sync.writes.keys()
            await until(lambda: platform.counters["p"] > 1)
            await trade.equal()

    asyncio.run(run())


def test_goods_that_come_after_the_listings_were_mapped_are_given_out() -> None:
    async def run() -> None:
        shops = {"one": Platform(), "two": Platform()}
        rows = [*ONE, listing("two", "p", "A")]
        async with trading(shops, [PutSku("A", "A", "test")], rows) as trade:
            await until(lambda: len(trade.rights("one")) == len(trade.rights("two")) == 1)
            assert trade.rights("one") == trade.rights("two") == {"p": 0}
            await trade.do(move("late", "A", "supplier", "unallocated", 200))
            await until(lambda: trade.rights("one")["p"] > 50 < trade.rights("two")["p"])

    asyncio.run(run())


def test_the_ledger_keeps_why_the_allocation_moved_units() -> None:
    async def run() -> None:
        shops = {"one": Platform(), "two": Platform()}
        rows = [*ONE, listing("two", "p", "A")]
        async with trading(shops, goods(), rows) as trade:
            await trade.opened("one")
            await trade.opened("two")
            moved = [row.transfer for row in trade.ledger.transfers("A", 10**9, 100)]
            granted = [each for each in moved if each.reason == "grant"]
            assert {each.to_scope for each in granted} == {"one", "two"}
            assert all(each.to_scope in (each.pace or ()) for each in granted)
            assert any(set(each.pace or ()) == {"one", "two"} for each in granted)
            assert all(each.pace is None for each in moved if each.actor != CORE_ACTOR)

    asyncio.run(run())


@pytest.mark.parametrize("applied", [False, True])
@pytest.mark.parametrize("idempotent", [False, True])
def test_a_crash_between_commit_and_answer(applied: bool, idempotent: bool) -> None:
    async def run() -> None:
        manifest = replace(MANIFEST, idempotent=idempotent)
        platform = Platform(manifest)
        async with trading({"one": platform}, goods(), ONE) as trade:
            await trade.opened()
            platform.gate, platform.gated = asyncio.Event(), ("add", "subtract")
            sold = platform.counters["p"]
            assert platform.checkout("o", ("p", sold))
            await trade.push("one", "o")
            await trade.do(move("more", "A", "supplier", "unallocated", 100))
            await until(lambda: bool(trade.records.open_writes()))
            (write,) = trade.records.open_writes()
            if applied:
                platform.counters["p"] += write.quantity
                platform.written[write.id] = StockWritten(write.quantity, platform.counters["p"])
        assert trade.records.open_writes() == [write]
        platform.gate = None
        async with trading({"one": platform}, file=trade.file) as trade:
            await trade.equal()
            assert trade.account("A", "unallocated") + trade.available("A", "one") == 200 - sold

    asyncio.run(run())


@pytest.mark.parametrize("error", [UnknownOutcome("?"), Unavailable("!"), Throttled("…"), CallRefused("no")])
def test_calls_that_go_wrong_end_well(error: ChannelError) -> None:
    async def run() -> None:
        platform = Platform(lost_answers=1)
        async with trading({"one": platform}, goods(), ONE) as trade:
            await until(lambda: platform.counters["p"] > 0)
            platform.errors = [error]
            await trade.do(move("more", "A", "supplier", "unallocated", 50))
            await until(lambda: platform.errors == [])
            await trade.equal()
            seen = trade.sync.channel("one")
            assert seen is not None
            assert sum(seen.measures.calls.values()) > 1

    asyncio.run(run())


def test_a_listing_that_the_platform_refuses_does_not_stop_its_channel() -> None:
    async def run() -> None:
        platform = Platform(barred={"p"})
        rows = [listing("one", "p", "A", fixed=9), listing("one", "q", "B", fixed=1)]
        async with trading({"one": platform}, [*goods("A"), *goods("B")], rows) as trade:
            await until(lambda: len(trade.rights("one")) == 2)
            tries = "add", "p", 9
            await until(lambda: tries in platform.calls)
            # The platform's cap is 1,000 calls a second: nothing but patience keeps these few.
            for wanted in range(2, 30):
                await trade.save(listing("one", "q", "B", fixed=wanted))
                await trade.sync.refresh()
                await until(lambda wanted=wanted: platform.counters["q"] == wanted)  # type: ignore[misc]
                assert trade.sync.channels()[0].up
            assert platform.calls.count(tries) <= 4
            seen = trade.sync.channels()[0].measures
            assert seen.barred == {"p": "p is banned"}
            assert trade.account("A", "unallocated") == 100
            platform.barred.clear()
            await until(lambda: platform.counters["p"] == 9)
            assert seen.barred == {}
            await trade.equal()

    asyncio.run(run())


def test_a_platform_that_hangs_is_down_and_comes_back() -> None:
    async def run() -> None:
        platform = Platform(replace(MANIFEST, timeout_s=0.02))
        async with trading({"one": platform}, goods(), ONE) as trade:
            await trade.opened()
            platform.gate = asyncio.Event()
            await until(lambda: not trade.sync.channels()[0].up)
            assert trade.sync.channels()[0].problem == "no answer in time"
            platform.gate.set()
            await until(lambda: trade.sync.channels()[0].up)
            await trade.equal()

    asyncio.run(run())


def test_our_own_shop_shares_the_stock() -> None:
    async def run() -> None:
        platform = Platform()
        commands = [PutChannel("mine", "shop", "s", "t"), *goods(quantity=50)]
        rows = [*ONE, listing("mine", "A", "A")]
        async with trading({"one": platform}, commands, rows) as trade:
            await until(lambda: platform.counters["p"] > 0 and trade.available("A", "mine") > 0)
            await until(lambda: not trade.records.open_writes())
            there = trade.available("A", "mine")
            await trade.do(PlaceHold("h1", "mine", "ann", (("A", there - 1),), "t"))
            await trade.do(PlaceHold("h2", "mine", "ann", (("A", 1),), "t"), ReleaseHold("h2", "t"))
            await trade.do(ConfirmHold("h1", "t"))
            await until(lambda: trade.available("A", "mine") + platform.counters["p"] > 50 - there - 5)
            await until(lambda: not trade.records.open_writes())
            assert trade.rights("mine") == {}
            trade.check()

    asyncio.run(run())


def test_a_connection_made_later_and_one_that_cannot_be() -> None:
    async def run() -> None:
        one, two = Platform(), Platform()
        async with trading({}, [PutChannel(name, "fake", name, "t") for name in ("one", "two")]) as trade:
            trade.platforms.update(one=one, two=two)
            assert trade.sync.channels() == []
            await trade.do(*goods())
            await trade.save(connection("one"), connection("two", "wrong"), *ONE)
            await trade.sync.refresh()
            await until(lambda: one.counters["p"] > 0)
            await trade.save(connection("nine"))
            await trade.sync.refresh()
            problems = {seen.channel: seen.problem for seen in trade.sync.channels()}
            assert problems == {
                "one": "",
                "two": "the address is wrong",
                "nine": "there is no channel nine: create it first",
            }
            assert trade.adapters.made == ["one"]
            await trade.sync.save_tokens(TokensRow("one", b"new", 5))
            assert trade.sync.channels()[1].access_expires_at_us == 5
            await trade.sync.refresh()
            assert trade.adapters.made == ["one"], "fresh tokens are no new connection"
            await trade.save(ConnectionRow("one", "http://other", "k", "s", {}, b"", 2))
            await trade.sync.refresh()
            assert trade.adapters.made == ["one", "one"]
            await until(lambda: not trade.records.open_writes())
            trade.check()

    asyncio.run(run())


def test_rules_and_listings_change_while_it_runs() -> None:
    async def run() -> None:
        platform = Platform()
        async with trading({"one": platform}, goods(), ONE) as trade:
            await trade.opened()
            await trade.save(listing("one", "p", "A", fixed=7))
            await trade.sync.refresh()
            await until(lambda: platform.counters["p"] == 7)
            await trade.equal()
            await trade.do(*goods("B"))
            await trade.save(listing("one", "q", "B"))
            await trade.sync.refresh()
            await until(lambda: platform.counters["q"] > 0)
            await trade.equal(product="q")
            await trade.save(listing("one", "q", "B", removed=True))
            await trade.sync.refresh()
            assert "q" not in trade.sync.channels()[0].rights
            await trade.save(listing("one", "q", "B"))
            await trade.sync.refresh()
            await trade.equal(product="q")

    asyncio.run(run())


def test_a_counter_that_was_there_is_taken_over() -> None:
    async def run() -> None:
        platform = Platform(counters=Counter(p=30, q=500))
        commands = [*goods("A", 50), *goods("B", 40), move("hand", "A", "unallocated", "channel:one", 10)]
        paused = {"paused": True}
        rows = [listing("one", "p", "A", **paused), listing("one", "q", "B", **paused)]
        async with trading({"one": platform}, commands, rows) as trade:
            await until(lambda: len(trade.rights("one")) == 2)
            await until(lambda: trade.rights("one") == {"p": 30, "q": 40})
            assert platform.counters == {"p": 30, "q": 40}, "what nothing covers is not for sale"
            assert trade.account("A", "channel:one") == 30
            trade.check()

    asyncio.run(run())


def test_rights_that_nothing_covers_become_a_debt_at_the_start() -> None:
    async def run() -> None:
        platform = Platform()
        async with trading({"one": platform}, goods(), ONE) as trade:
            await trade.opened()
        file = trade.file
        broken = file.rows.sync.rights
        broken["one", "p"] += 5
        assert trade.ledger.verify(lambda name: None)
        async with trading({"one": platform}, file=file) as trade:
            await until(trade.world.ready.is_set)
            assert trade.ledger.verify(lambda name: None) == []

    asyncio.run(run())


def test_the_nearly_empty_counters_come_first_under_a_tight_cap() -> None:
    """500 SKUs need units at once and 20 calls a second are allowed: those that are out come first.

    The others sold one unit of 20. Had they sold many a moment ago they might be empty next, and on a machine
    that is slow enough, rightly come first.
    """
    count, empty = 500, {f"p{number}" for number in range(0, 500, 25)}

    async def run() -> None:
        tight = replace(MANIFEST, rate=RateCap(20, 20), poll=False)
        platform = Platform(tight)
        skus = [f"S{number:03}" for number in range(count)]
        rows = [listing("one", f"p{number}", sku) for number, sku in enumerate(skus)]
        setup = [command for sku in skus for command in goods(sku, 20)]
        moves = [move(f"m{sku}", sku, "unallocated", "channel:one", 20) for sku in skus]
        file_rights = [RightChange("one", f"p{number}", 20) for number in range(count)]
        for number in range(count):
            platform.counters[f"p{number}"] = 20
        async with trading({}, [PutChannel("one", "fake", "one", "t"), *setup, *moves]) as trade:
            trade.platforms["one"] = platform
            await trade.save(connection("one"), *rows, *file_rights)
            await trade.sync.refresh()
            for number in range(count):
                product = f"p{number}"
                platform.checkout(product, (product, 20 if product in empty else 1))
                await trade.push("one", product)
            await until(lambda: trade.sync.channels()[0].measures.orders == count, 20)
            platform.calls.clear()
            more = [move(f"more{sku}", sku, "supplier", "unallocated", 40) for sku in skus]
            trade.engine.submit(more)
            await until(lambda: sum(call[0] == "add" for call in platform.calls) >= len(empty), 20)
            first = [call[1] for call in platform.calls if call[0] == "add"][: len(empty)]
            assert set(first) <= empty, first
            # The rights in memory are ahead of the file while a commit is under way.
            await trade.world.settled()
            trade.check()

    asyncio.run(run())
