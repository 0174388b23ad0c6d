"""A person's stop: what is frozen leaves every counter that lets it, and comes back when it is freed."""

import asyncio
from collections import Counter
from dataclasses import replace

from holdfast.channels.manifest import UnderRun
from holdfast.ledger.commands import PutChannel, PutSku
from holdfast.sync.messages import ListingId, Operation, Outcome, Rule, RuleChanged
from tests.fakes.manifests import manifest
from tests.fakes.platform import MANIFEST, Platform
from tests.sync.desk import Desk
from tests.sync.trade import BUNDLE, Trade, goods, listing, trading, until

TWO = [listing("one", "p", "A"), listing("two", "p", "A", paused=True)]


def frozen(sku: str, is_frozen: bool = True) -> PutSku:
    return PutSku(sku, sku, "ann", frozen=is_frozen)


def stops(trade: Trade, channel: str) -> dict[str, str]:
    found = trade.sync.channel(channel)
    assert found is not None
    return found.stops


def test_a_stop_goes_before_every_other_move_of_the_channel() -> None:
    a, b = ListingId("one", "a"), ListingId("one", "b")
    table = Desk({"one": manifest()}, {a: (("a", 1),), b: (("b", 1),)}, {"a": 0, "b": 500}, {a: 30, b: 2})
    for call in table.take_writes():
        table.answer(call)
    table.told(RuleChanged(a, Rule(paused=True, frozen=True)))
    table.wait(0.1)
    write = table.take_writes()[0].write
    assert write is not None
    assert (write.listing, write.operation, write.quantity) == (a, Operation.SUBTRACT, 30)


def test_a_stop_of_unknown_end_keeps_its_units_with_the_channel() -> None:
    a = ListingId("one", "a")
    table = Desk({"one": manifest()}, {a: (("a", 1),)}, {"a": 0}, {a: 30}, rules={a: Rule(frozen=True)})
    table.wait(0.1)
    (call,) = table.take_writes()
    table.answer(call, Outcome.UNKNOWN)
    assert table.core.rights()["one"]["a"] == 30
    assert table.moves() == []


def test_what_is_frozen_leaves_every_counter_and_comes_back_when_it_is_freed() -> None:
    async def run() -> None:
        platforms = {"one": Platform(), "two": Platform(counters=Counter(p=20))}
        async with trading(platforms, goods(), TWO) as trade:
            await trade.opened()
            await trade.opened("two")
            await trade.do(frozen("A"))
            await until(lambda: not any(platform.counters["p"] for platform in platforms.values()))
            await until(lambda: trade.account("A", "unallocated") == 100)
            assert (stops(trade, "one"), stops(trade, "two")) == ({"p": "stopped"}, {"p": "stopped"})
            await trade.do(frozen("A", False))
            await trade.opened()
            assert platforms["two"].counters["p"] == 0, "a paused one gets no new units"
            assert stops(trade, "one") == {}

    asyncio.run(run())


def test_an_order_on_its_way_while_it_stops_is_covered() -> None:
    async def run() -> None:
        platform = Platform()
        async with trading({"one": platform}, goods(), TWO[:1]) as trade:
            await trade.opened()
            assert platform.checkout("o", ("p", 3), paid=True)
            await trade.do(frozen("A"))
            await until(lambda: platform.counters["p"] == 0)
            await until(lambda: trade.account("A", "unallocated") == 97)
            assert trade.account("A", "committed:one") == 3
            assert trade.sync.debts() == {}

    asyncio.run(run())


def test_a_stop_holds_over_a_restart_and_over_a_rebuild_of_the_sync() -> None:
    async def run() -> None:
        platform = Platform()
        async with trading({"one": platform}, goods(), TWO[:1]) as trade:
            await trade.opened()
            platform.gate, platform.gated = asyncio.Event(), ("subtract",)
            await trade.do(frozen("A"))
            await asyncio.sleep(0.05)
            assert trade.rights("one")["p"] > 0, "nothing comes back before the platform's word"
        platform.gate = None
        async with trading({"one": platform}, file=trade.file) as trade:
            await until(lambda: platform.counters["p"] == 0)
            await until(lambda: trade.account("A", "unallocated") == 100)
            trade.world.broken("a test")
            await asyncio.sleep(0.1)
            assert platform.counters["p"] == 0
            await trade.do(frozen("A", False))
            await trade.opened()

    asyncio.run(run())


def test_a_frozen_part_stops_its_bundle_and_a_frozen_channel_all_it_has() -> None:
    async def run() -> None:
        platforms = {"one": Platform(), "two": Platform()}
        rows = [listing("one", "kit", "KIT"), listing("two", "b", "B")]
        async with trading(platforms, BUNDLE, rows) as trade:
            await trade.opened("one", "kit")
            await trade.opened("two", "b")
            await trade.do(frozen("A"))
            await until(lambda: platforms["one"].counters["kit"] == 0)
            assert platforms["two"].counters["b"] > 0
            await trade.do(PutChannel("two", "fake", "two", "ann", frozen=True))
            await until(lambda: platforms["two"].counters["b"] == 0)
            await trade.do(frozen("A", False))
            await trade.opened("one", "kit")
            assert platforms["two"].counters["b"] == 0
        async with trading(platforms, file=trade.file) as trade:
            assert stops(trade, "two") == {"b": "stopped"}
            await trade.do(PutChannel("two", "fake", "two", "ann"))
            await trade.opened("two", "b")

    asyncio.run(run())


def test_an_item_frozen_before_it_was_mapped_is_stopped_once_it_is() -> None:
    async def run() -> None:
        platform = Platform(counters=Counter(p=7))
        async with trading({"one": platform}, [*goods(), frozen("A")]) as trade:
            await trade.save(*TWO[:1])
            await trade.sync.refresh()
            await until(lambda: platform.counters["p"] == 0)
            await until(lambda: stops(trade, "one") == {"p": "stopped"})

    asyncio.run(run())


def test_where_nobody_can_take_units_back_it_is_said() -> None:
    async def run() -> None:
        platform = Platform(replace(MANIFEST, can_shrink=False, under_run=UnderRun.REFUSES))
        async with trading({"one": platform}, goods(), TWO[:1]) as trade:
            shown = await trade.opened()
            await trade.do(frozen("A"))
            await until(lambda: stops(trade, "one") == {"p": "cannot_stop"})
            await asyncio.sleep(0.05)
            assert platform.counters["p"] <= shown
            assert trade.rights("one")["p"] > 0

    asyncio.run(run())
