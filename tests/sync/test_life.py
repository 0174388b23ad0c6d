"""Orders of a platform from counter to ledger and back, through the whole runtime."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from holdfast.channels.errors import PushRefused, Unavailable
from holdfast.channels.manifest import Deducts, GivesBack, PushMode
from holdfast.channels.orders import ListingRef, OrderLine, OrderStatus, PushEvent, PushKind
from holdfast.ledger.commands import PutSku, ReleaseHold
from holdfast.ledger.records import Component
from holdfast.sync.runtime import UnknownChannelError
from tests.fakes.platform import MANIFEST, Platform
from tests.sync.trade import BUNDLE, goods, listing, move, trading, until

S = OrderStatus
ONE = [listing("one", "p", "A")]


@pytest.mark.parametrize("carries", [False, True])
@pytest.mark.parametrize("deducts", [Deducts.ON_ORDER, Deducts.ON_PAYMENT])
def test_from_unpaid_to_returned(carries: bool, deducts: Deducts) -> None:
    async def run() -> None:
        platform = Platform(replace(MANIFEST, deducts=deducts, push_carries_order=carries, poll_every_s=60.0))
        async with trading({"one": platform}, goods(), ONE) as trade:
            await trade.opened()
            assert platform.checkout("o", ("p", 3), paid=False)
            await trade.push("one", "o")
            await until(lambda: trade.records.order("one", "o") is not None)
            hold = trade.ledger.hold("order:one:o")
            assert (hold is not None) is (deducts is Deducts.ON_ORDER)
            if deducts is Deducts.ON_PAYMENT:
                platform.counters["p"] -= 3
            platform.change("o", S.PAID)
            await trade.push("one", "o")
            await until(lambda: trade.account("A", "committed:one") == 3)
            await trade.equal()
            platform.change("o", S.SHIPPED)
            await trade.push("one", "o")
            await until(lambda: trade.account("A", "customer") == 3)
            platform.change("o", S.SHIPPED, refunded=1)
            await trade.push("one", "o", PushKind.REFUND)
            await until(lambda: trade.account("A", "unsellable") == 1)
            assert trade.account("A", "customer") == 2
            await trade.equal()
            assert all(push.status == "done" for push in trade.records.pushes("one", 9))

    asyncio.run(run())


@pytest.mark.parametrize("gives_back", list(GivesBack))
@pytest.mark.parametrize("status", [S.CLOSED_UNPAID, S.CLOSED_PAID])
def test_undone_orders_come_back(gives_back: GivesBack, status: OrderStatus) -> None:
    async def run() -> None:
        manifest = replace(MANIFEST, gives_back_on_cancel=gives_back, gives_back_on_refund=gives_back)
        platform = Platform(manifest)
        async with trading({"one": platform}, goods(), ONE) as trade:
            await trade.opened()
            platform.checkout("o", ("p", 5), paid=status is S.CLOSED_PAID)
            await trade.push("one", "o")
            await until(lambda: trade.ledger.hold("order:one:o") is not None)
            await trade.equal()
            platform.change("o", status)
            await trade.push("one", "o")
            await until(lambda: getattr(trade.records.order("one", "o"), "status", "") == status)
            await trade.equal()
            assert trade.account("A", "committed:one") == 0
            assert trade.account("A", "unallocated") + trade.available("A", "one") == 100

    asyncio.run(run())


def test_a_push_counts_once_and_a_lost_one_is_found_by_the_poll() -> None:
    async def run() -> None:
        platform = Platform()
        async with trading({"one": platform}, goods(), ONE) as trade:
            await trade.opened()
            platform.checkout("o", ("p", 2))
            body = platform.push("o")
            for _ in range(3):
                await trade.sync.receive("one", {"sign": "good"}, {}, body)
            for _ in range(3):
                await trade.push("one", "o")
            platform.checkout("lost", ("p", 4))
            await until(lambda: trade.account("A", "committed:one") == 6)
            await trade.equal()
            seen = trade.sync.channel("one")
            assert seen is not None
            assert seen.measures.pushes_repeated == 2
            assert len(trade.records.pushes("one", 99)) == 4
            with pytest.raises(PushRefused):
                await trade.sync.receive("one", {}, {}, body)
            assert seen.measures.pushes_refused == {"signature": 1}
            with pytest.raises(UnknownChannelError, match="no connection"):
                await trade.sync.receive("two", {}, {}, body)
            assert trade.sync.answer_check("one", {"echo": "hello"}).body == b"hello"

    asyncio.run(run())


def test_a_push_is_on_file_before_it_is_acknowledged_and_fetched_until_it_works() -> None:
    async def run() -> None:
        platform = Platform(replace(MANIFEST, poll_every_s=60.0))
        async with trading({"one": platform}, goods(), ONE) as trade:
            await trade.opened()
            platform.checkout("o", ("p", 2))
            platform.gate = asyncio.Event()
            await trade.push("one", "o")
            assert [push.status for push in trade.records.pushes("one", 9)] == ["new"]
            platform.errors = [Unavailable("not now"), Unavailable("not now")]
            platform.gate.set()
            await until(lambda: trade.account("A", "committed:one") == 2)
            assert [push.status for push in trade.records.pushes("one", 9)] == ["done"]
            fetches = [call for call in platform.calls if call[0] == "order"]
            assert len(fetches) == 3

    asyncio.run(run())


def test_a_crash_after_the_acknowledgement_loses_no_order() -> None:
    async def run() -> None:
        platform = Platform(replace(MANIFEST, poll=False))
        async with trading({"one": platform}, goods(), ONE) as trade:
            await trade.opened()
            platform.checkout("o", ("p", 2))
            platform.gate = asyncio.Event()
            await trade.push("one", "o")
        platform.gate = None
        async with trading({"one": platform}, file=trade.file) as trade:
            await until(lambda: trade.account("A", "committed:one") == 2)
            await until(lambda: trade.records.new_pushes(0, 9) == [])
            trade.check()

    asyncio.run(run())


def test_an_unmapped_order_is_seen_and_booked_once_it_is_mapped() -> None:
    async def run() -> None:
        platform = Platform(counters=Counter(p=10))
        async with trading({"one": platform}, goods(), ()) as trade:
            platform.checkout("o", ("p", 2))
            await trade.push("one", "o")
            await until(lambda: len(trade.records.unmapped_orders(None, 9)) == 1)
            seen = trade.sync.channel("one")
            assert seen is not None
            await until(lambda: seen.measures.unmapped_orders == {"o"})
            await trade.save(*ONE)
            await trade.sync.refresh()
            await until(lambda: trade.account("A", "committed:one") == 2)
            assert seen.measures.unmapped_orders == set()
            await until(lambda: trade.rights("one").get("p", 0) > 8)
            await trade.equal()
            # The two units were off the counter before it was ours: sold on credit, and covered.
            credit = trade.ledger.transfer("oversold:one:o:0:2")
            assert credit is not None
            assert credit.transfer.quantity == 2
            await until(lambda: trade.sync.debts() == {})
            assert trade.account("A", "oversold:one") == 0

    asyncio.run(run())


def test_an_order_that_the_ledger_refuses_is_tried_once_and_shown(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        platform = Platform()
        async with trading({"one": platform}, goods(), ONE) as trade:
            await trade.opened()
            platform.checkout("o", ("p", 2), paid=False)
            await trade.push("one", "o")
            await until(lambda: trade.ledger.hold("order:one:o") is not None)
            await trade.equal()
            assert await trade.do(ReleaseHold("order:one:o", "a person")) == ["released"]
            platform.change("o", S.PAID)
            await trade.push("one", "o")
            await until(lambda: trade.records.pushes("one", 1)[0].status == "failed")
            seen = trade.sync.channels()[0].measures
            assert seen.refused_orders == {"o": "hold_already_released"}
            # The polls tell of it again and again, and all else goes on.
            known_to_us = trade.records.polls()[0].complete_to_us
            polls = platform.calls.count(("poll", "", 0))
            assert platform.checkout("next", ("p", 1))
            await until(lambda: platform.calls.count(("poll", "", 0)) > polls + 3)
            assert trade.account("A", "committed:one") == 1
            assert trade.records.polls()[0].complete_to_us > known_to_us
            assert sum("begins anew" in record.message for record in caplog.records) == 1
            platform.change("o", S.CLOSED_PAID)
            await trade.push("one", "o")
            await until(lambda: trade.records.new_pushes(0, 9) == [])
            assert sum("begins anew" in record.message for record in caplog.records) <= 2

    asyncio.run(run())


def test_an_order_older_than_the_right_takes_nothing_of_it() -> None:
    async def run() -> None:
        platform = Platform(replace(MANIFEST, poll=False), counters=Counter(p=10))
        platform.checkout("early", ("p", 2))
        async with trading({"one": platform}, goods(), [listing("one", "p", "A", fixed=8)]) as trade:
            await until(lambda: trade.rights("one") == {"p": 8})
            await trade.push("one", "early")
            await until(lambda: trade.account("A", "committed:one") == 2)
            await until(lambda: trade.sync.debts() == {})
            await trade.equal()
            assert platform.counters["p"] == 8

    asyncio.run(run())


def test_where_seconds_are_told_an_order_of_the_take_over_s_own_second_makes_no_right_too_small() -> None:
    async def run() -> None:
        platform = Platform(counters=Counter(p=10), whole_seconds=True)
        platform.checkout("early", ("p", 2))
        async with trading({"one": platform}, goods(), [listing("one", "p", "A", paused=True)]) as trade:
            await until(lambda: trade.rights("one") == {"p": 8})
            platform.checkout("late", ("p", 1))
            await trade.push("one", "early")
            await trade.push("one", "late")
            await until(lambda: trade.account("A", "committed:one") == 3)
            assert trade.rights("one")["p"] >= platform.counters["p"]
            # A reading shows which of the two was on the counter; what a right has too much comes back.
            await until(lambda: trade.rights("one") == {"p": 7}, 10)
            await until(lambda: trade.sync.debts() == {})
            await trade.equal()
            assert trade.account("A", "unallocated") == 90

    asyncio.run(run())


def test_a_bundle_moves_its_parts_as_one() -> None:
    async def run() -> None:
        platform = Platform()
        async with trading({"one": platform}, BUNDLE, [listing("one", "k", "KIT")]) as trade:
            await until(lambda: platform.counters["k"] > 0)
            await trade.equal(product="k")
            platform.checkout("o", ("k", 3))
            await trade.push("one", "o")
            await until(lambda: trade.account("A", "committed:one") == 6)
            assert trade.account("B", "committed:one") == 3
            await trade.equal(product="k")
            platform.change("o", S.CLOSED_PAID)
            await trade.push("one", "o")
            await until(lambda: trade.account("B", "committed:one") == 0)
            await trade.equal(product="k")
            await trade.do(PutSku("KIT", "kit", "test", components=(Component("A", 3), Component("B", 1))))
            await until(trade.world.ready.is_set)

    asyncio.run(run())


def test_an_oversell_is_a_debt_that_is_covered() -> None:
    async def run() -> None:
        platform = Platform()
        async with trading({"one": platform}, goods(quantity=20), ONE) as trade:
            there = await trade.opened()
            platform.counters["p"] += 8  # somebody raised it by hand
            assert platform.checkout("o", ("p", there + 3))
            await trade.push("one", "o")
            await until(lambda: trade.account("A", "committed:one") == there + 3)
            seen = trade.sync.channel("one")
            assert seen is not None
            assert seen.measures.oversold_units == 3
            assert trade.sync.debts() == {("one", "A"): 3}
            assert trade.account("A", "unallocated") == 0
            await trade.do(move("more", "A", "supplier", "unallocated", 10))
            await until(lambda: trade.account("A", "oversold:one") == 0)
            assert trade.sync.debts() == {}
            assert trade.available("A", "one") + trade.account("A", "unallocated") == 7
            trade.check()

    asyncio.run(run())


def test_a_resale_heard_of_before_the_return_is_no_loss() -> None:
    async def run() -> None:
        platform = Platform(replace(MANIFEST, poll=False, push_carries_order=True))
        async with trading({"one": platform}, goods(quantity=10), ONE) as trade:
            await until(lambda: platform.counters["p"] == 10)
            await trade.equal()
            assert platform.checkout("first", ("p", 10))
            await trade.push("one", "first")
            await until(lambda: trade.account("A", "committed:one") == 10)
            platform.change("first", S.PAID, refunded=2)
            assert platform.checkout("second", ("p", 2))
            await trade.push("one", "second")
            await until(lambda: trade.sync.debts() == {("one", "A"): 2})
            assert trade.records.rights("one")[0].debt == 2
            trade.check()
        async with trading({"one": platform}, file=trade.file) as trade:
            assert trade.sync.debts() == {("one", "A"): 2}
            await trade.push("one", "first", PushKind.REFUND)
            await until(lambda: trade.sync.debts() == {})
            assert trade.rights("one") == {"p": 0}
            assert trade.account("A", "committed:one") == 10
            await trade.equal()

    asyncio.run(run())


def test_an_oversell_calls_units_back_from_elsewhere() -> None:
    async def run() -> None:
        one, two = Platform(), Platform()
        both = [listing("one", "p", "A"), listing("two", "q", "A")]
        async with trading({"one": one, "two": two}, goods(quantity=40), both) as trade:
            await until(lambda: one.counters["p"] > 0 and two.counters["q"] > 0)
            await until(lambda: not trade.records.open_writes())
            there, pool = one.counters["p"], trade.account("A", "unallocated")
            one.counters["p"] += pool + 5
            assert one.checkout("o", ("p", there + pool + 5))
            await trade.push("one", "o")
            await until(lambda: trade.account("A", "committed:one") == there + pool + 5)
            await until(lambda: trade.account("A", "oversold:one") == 0, timeout_s=20)
            assert trade.ledger.verify(lambda name: None) == []

    asyncio.run(run())


def test_a_sibling_listing_keeps_its_right_when_another_oversells() -> None:
    async def run() -> None:
        platform = Platform()
        both = [listing("one", "p", "A"), listing("one", "q", "A")]
        async with trading({"one": platform}, goods(), both) as trade:
            await until(lambda: platform.counters["p"] > 0 and platform.counters["q"] > 0)
            await until(lambda: not trade.records.open_writes())
            there = platform.counters["p"]
            platform.counters["p"] += 7
            assert platform.checkout("o", ("p", there + 7))
            await trade.push("one", "o")
            await until(lambda: trade.account("A", "committed:one") == there + 7)
            trade.check()
            seen = trade.sync.channel("one")
            assert seen is not None
            assert seen.measures.oversold_units == 7

    asyncio.run(run())


def test_our_own_echo_is_dropped_and_a_stranger_s_change_is_read() -> None:
    async def run() -> None:
        platform = Platform(replace(MANIFEST, poll_every_s=60.0, write_tells_counter=True))
        async with trading({"one": platform}, goods(), ONE) as trade:
            await trade.opened()
            await asyncio.sleep(0)
            reads = [call for call in platform.calls if call[0] == "read"]
            echo = b'{"event": "x1", "kind": "stock", "order": "", "product": "p", "ours": true}'
            await trade.sync.receive("one", {"sign": "good"}, {}, echo)
            seen = trade.sync.channel("one")
            assert seen is not None
            assert seen.measures.echoes == 1
            assert trade.records.pushes("one", 9) == []
            other = echo.replace(b"x1", b"x2").replace(b"true", b"false")
            await trade.sync.receive("one", {"sign": "good"}, {}, other)
            await until(lambda: len([call for call in platform.calls if call[0] == "read"]) > len(reads))

    asyncio.run(run())


def test_units_of_an_order_that_came_and_went_unheard_are_not_taken_for_missing() -> None:
    """Its push was lost, and the poll shows it closed; it was open when the counter was read."""

    async def run() -> None:
        platform = Platform(replace(MANIFEST, poll_every_s=60.0))
        async with trading({"one": platform}, goods(), ONE) as trade:
            before = await trade.opened()
            assert platform.checkout("o", ("p", 2), paid=False)
            reads = len([call for call in platform.calls if call[0] == "read"])
            body = b'{"event": "x", "kind": "stock", "order": "", "product": "p", "ours": false}'
            await trade.sync.receive("one", {"sign": "good"}, {}, body)
            await until(lambda: len([call for call in platform.calls if call[0] == "read"]) > reads)
            platform.change("o", S.CLOSED_UNPAID)
            await until(lambda: trade.records.order("one", "o") is not None)
            await trade.equal()
            assert (platform.counters["p"], trade.rights("one")["p"]) == (before, before)
            assert "reading" not in {row.transfer.reason for row in trade.ledger.transfers("A", 2**62, 99)}

    asyncio.run(run())


def test_an_order_that_slips_through_a_poll_is_not_taken_for_missing() -> None:
    """It was placed unheard, and paid while the list was read: its change lies behind the span asked for."""

    async def run() -> None:
        platform = Platform(replace(MANIFEST, poll_every_s=60.0), gated=("poll",))
        async with trading({"one": platform}, goods(), ONE) as trade:
            before = await trade.opened()
            assert platform.checkout("o", ("p", 2), paid=False)
            platform.gate = asyncio.Event()
            calls = Counter(name for name, _, _ in platform.calls)
            body = b'{"event": "x", "kind": "stock", "order": "", "product": "p", "ours": false}'
            await trade.sync.receive("one", {"sign": "good"}, {}, body)
            await until(lambda: Counter(name for name, _, _ in platform.calls)["poll"] > calls["poll"])
            platform.change("o", S.PAID)
            platform.gate.set()
            await until(lambda: trade.records.order("one", "o") is not None)
            await trade.equal()
            assert (platform.counters["p"], trade.rights("one")["p"]) == (before - 2, before - 2)
            assert "reading" not in {row.transfer.reason for row in trade.ledger.transfers("A", 2**62, 99)}

    asyncio.run(run())


def test_a_queue_is_emptied_and_confirmed_after_the_commit() -> None:
    async def run() -> None:
        platform = Platform(replace(MANIFEST, push=PushMode.PULL, poll_every_s=60.0))
        async with trading({"one": platform}, goods(), ONE) as trade:
            await trade.opened()
            platform.checkout("o", ("p", 2))
            platform.queue = [PushEvent("m1", PushKind.ORDER, "o")]
            await until(lambda: platform.confirmed == ["m1"])
            assert len(trade.records.pushes("one", 9)) == 1
            await until(lambda: trade.account("A", "committed:one") == 2)
            await trade.equal()

    asyncio.run(run())


def test_a_poll_of_many_pages_is_read_to_its_end() -> None:
    async def run() -> None:
        platform = Platform(page=3)
        async with trading({"one": platform}, goods(), ONE) as trade:
            await trade.opened()
            for number in range(11):
                assert platform.checkout(f"o{number}", ("p", 1))
            await until(lambda: trade.account("A", "committed:one") == 11)
            await trade.equal()
            assert trade.records.polls()[0].complete_to_us > 0

    asyncio.run(run())


def test_lines_of_one_order_over_several_listings() -> None:
    async def run() -> None:
        platform = Platform()
        rows = [listing("one", "p", "A"), listing("one", "q", "B")]
        async with trading({"one": platform}, [*goods("A"), *goods("B")], rows) as trade:
            await until(lambda: platform.counters["p"] > 0 and platform.counters["q"] > 0)
            platform.checkout("o", ("p", 1), ("q", 2))
            await trade.push("one", "o")
            await until(lambda: trade.account("B", "committed:one") == 2)
            assert trade.account("A", "committed:one") == 1
            old = platform.orders["o"]
            lines = (old.lines[0], OrderLine("1", ListingRef("q"), 2, refunded=2))
            platform.counters["q"] += 2
            platform.orders["o"] = replace(old, lines=lines, updated_at_us=old.updated_at_us + 1)
            await trade.push("one", "o")
            await until(lambda: trade.account("B", "committed:one") == 0)
            await trade.equal()
            await trade.equal(product="q")

    asyncio.run(run())


def test_the_last_mismatch_of_a_counter_is_remembered_with_its_units() -> None:
    """Somebody took units off by hand: a reading finds them missing, and they go back."""

    async def run() -> None:
        platform = Platform(replace(MANIFEST, poll_every_s=60.0))
        async with trading({"one": platform}, goods(), ONE) as trade:
            await trade.opened()
            found = trade.sync.channel("one")
            assert found is not None
            assert found.measures.mismatches == {}
            platform.counters["p"] -= 4
            body = b'{"event": "x", "kind": "stock", "order": "", "product": "p", "ours": false}'
            await trade.sync.receive("one", {"sign": "good"}, {}, body)
            await until(lambda: "p" in found.measures.mismatches)
            at_us, units = found.measures.mismatches["p"]
            assert (at_us > 0, units) == (True, 4)
            assert "reading" in {row.transfer.reason for row in trade.ledger.transfers("A", 2**62, 99)}

    asyncio.run(run())
