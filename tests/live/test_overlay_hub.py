"""The hub of overlays with fakes: one offer a commit, newest value for slow readers, bounds, nothing else."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.records import Sku
from holdfast.ledger.state import State
from holdfast.live.feed import Feed
from holdfast.live.overlay import hub as hub_module
from holdfast.live.overlay.hub import Items, OverlayHub, TooManyViewersError
from holdfast.live.overlay.ring import OverlayRing, Showing
from holdfast.live.overlay.screen import Telling, Viewer
from holdfast.storage.contract import OverlayRow, Reader, StoreError
from tests.fakes.memory_reader import MemoryReader
from tests.fakes.memory_store import MemoryFile, MemoryOverlays


class Room:
    """A feed, a ring and a hub on a store in memory."""

    def __init__(self, viewers_max: int = 10) -> None:
        self.file = MemoryFile()
        self.feed = Feed()
        self.ring = OverlayRing(lambda: MemoryOverlays(self.file), lambda: 1)
        self.drops: dict[str, tuple[int, int]] = {}
        self.hub = OverlayHub(self.feed, self.ring, self.read, viewers_max, self.drops.get)
        self.reads = 0
        self.during_read: Callable[[], None] = lambda: None
        self.commits = 0

    async def read(self, query: Callable[[Reader], Items]) -> Items:
        self.reads += 1
        found = query(MemoryReader(self.file))
        await asyncio.sleep(0)
        self.during_read()
        return found

    def item(self, sku: str, units: int = 10) -> Sku:
        item = Sku(sku, f"name of {sku}")
        self.file.rows.skus[sku] = item
        self.commit(sku, units)
        return item

    def commit(self, sku: str, units: int) -> None:
        """A commit after which this many units may be sold."""
        self.commits += 1
        state = State(self.commits, 0, balances_of={sku})
        account = state.account(sku, "main", AccountKind.UNALLOCATED, "")
        account.posted = units
        state.touch(account)
        self.file.rows.accounts |= state.accounts
        self.feed.publish(state)

    def overlay(self, name: str, *skus: str) -> OverlayRow:
        row = self.ring.find(self.ring.create(name, Showing(skus), "test"))
        assert row is not None
        return row


def parsed(telling: Telling | None) -> tuple[str, Any]:
    assert telling is not None
    fields = dict(line.split(": ", 1) for line in telling.data.decode().strip().split("\n"))
    return fields["event"], json.loads(fields["data"])


async def heard(viewer: Viewer) -> tuple[str, list[int]]:
    event, document = parsed(await asyncio.wait_for(viewer.next(), 2))
    return event, [item["remaining"] for item in document.get("items", [])]


async def settled() -> None:
    """Longer than the hub pauses when there is little to tell."""
    await asyncio.sleep(3 * hub_module.PAUSE_MIN_S)


def test_one_encoding_for_all_and_one_subscription_for_all_screens() -> None:
    async def play() -> None:
        room = Room()
        room.item("A")
        room.item("B")
        rows = [room.overlay("one", "A"), room.overlay("two", "A", "B")]
        viewers = [await room.hub.watch(row, "") for row in rows for _ in range(3)]
        assert room.feed.watchers == 1
        assert room.reads == 2, "each screen is read once, however many watch"
        for viewer in viewers:
            await viewer.next()
        room.commit("A", 7)
        told = [await viewer.next() for viewer in viewers]
        assert told[0] is told[1] is told[2]
        assert told[3] is told[4] is told[5]
        for row, viewer in zip([rows[0]] * 3 + [rows[1]] * 3, viewers, strict=True):
            room.hub.leave(row, viewer)
        await asyncio.sleep(0)
        assert (room.hub.viewers, room.feed.watchers) == (0, 0), "nobody watches: a commit costs nothing"

    asyncio.run(play())


def test_a_slow_viewer_is_told_the_newest_whole_and_the_queue_never_grows() -> None:
    async def play() -> None:
        room = Room()
        for sku in ("A", "B"):
            room.item(sku)
        row = room.overlay("one", "A", "B")
        slow, quick = await room.hub.watch(row, ""), await room.hub.watch(row, "")
        assert await heard(slow) == ("snapshot", [10, 10])
        assert await heard(quick) == ("snapshot", [10, 10])
        for number, sku in ((9, "A"), (8, "B"), (7, "A")):
            room.commit(sku, number)
            assert await heard(quick) == ("stock", [number])
            await settled()
        assert await heard(slow) == ("snapshot", [7, 8])

    asyncio.run(play())


def test_the_next_drop_is_told_at_first_and_whenever_it_is_planned_anew() -> None:
    async def play() -> None:
        room = Room()
        room.item("A")
        room.item("B")
        room.drops["A"] = (5_000_000, 500)
        viewer = await room.hub.watch(room.overlay("one", "A", "B"), "")

        async def told() -> list[Any]:
            event, document = parsed(await asyncio.wait_for(viewer.next(), 2))
            return [event, *(item.get("next") for item in document["items"])]

        assert await told() == ["snapshot", {"opens_at_ms": 5_000, "units": 500}, None]
        room.drops["B"] = (7_000_000, 9)
        room.hub.planned()
        assert await told() == [
            "snapshot",
            {"opens_at_ms": 5_000, "units": 500},
            {"opens_at_ms": 7_000, "units": 9},
        ]
        room.hub.planned()
        assert room.hub.viewers == 1
        room.drops.clear()
        room.commit("A", 3)
        assert await told() == ["stock", {"opens_at_ms": 5_000, "units": 500}]
        room.hub.planned()
        assert await told() == ["snapshot", None, None]

    asyncio.run(play())


def test_a_change_that_nobody_can_see_is_told_to_nobody() -> None:
    async def play() -> None:
        room = Room()
        room.item("A")
        room.item("C")
        viewer = await room.hub.watch(room.overlay("one", "A"), "")
        await viewer.next()
        room.commit("C", 3)
        room.commit("A", 10)
        await settled()
        room.commit("A", 5)
        assert await heard(viewer) == ("stock", [5])

    asyncio.run(play())


def test_what_is_committed_while_the_items_are_read_is_not_lost() -> None:
    async def play() -> None:
        room = Room()
        room.item("A")
        row = room.overlay("one", "A")

        def commit() -> None:
            room.during_read = lambda: None
            room.commit("A", 4)

        room.during_read = commit
        viewer = await room.hub.watch(row, "")
        _, numbers = await heard(viewer)
        if numbers != [4]:
            assert await heard(viewer) == ("stock", [4])

    asyncio.run(play())


def test_who_knows_the_picture_is_told_nothing_until_it_changes() -> None:
    async def play() -> None:
        room = Room()
        room.item("A")
        row = room.overlay("one", "A")
        first = await room.hub.watch(row, "")
        telling = await first.next()
        assert telling is not None
        state_id = telling.data.decode().split("\n")[0].removeprefix("id: ")
        again = await room.hub.watch(row, state_id)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(again.next(), 0.05)
        room.commit("A", 9)
        assert await heard(again) == ("stock", [9])

    asyncio.run(play())


def test_an_ended_address_lets_its_viewers_go_and_nobody_else() -> None:
    async def play() -> None:
        room = Room()
        room.item("A")
        old, kept = room.overlay("one", "A"), room.overlay("two", "A")
        watching, other = await room.hub.watch(old, ""), await room.hub.watch(kept, "")
        await watching.next()
        await other.next()
        room.ring.rotate("one", "test")
        room.hub.refreshed()
        assert parsed(await watching.next()) == ("ended", {})
        assert await watching.next() is None
        room.hub.leave(old, watching)
        assert room.hub.viewers == 1
        room.commit("A", 1)
        assert await heard(other) == ("stock", [1])

    asyncio.run(play())


def test_new_items_and_names_are_shown_to_who_watches() -> None:
    async def play() -> None:
        room = Room()
        item = room.item("A")
        room.item("B", 3)
        row = room.overlay("one", "A")
        viewer = await room.hub.watch(row, "")
        await viewer.next()
        room.hub.renamed([replace(item, name="new", variant="red"), Sku("Z", "no screen shows it")])
        _, document = parsed(await viewer.next())
        assert document["items"][0]["name"] == "new red"
        room.ring.change("one", Showing(("B", "A"), theme="paper"), "test")
        room.hub.refreshed()
        event, document = parsed(await viewer.next())
        assert (event, document["theme"]) == ("snapshot", "paper")
        assert [item["remaining"] for item in document["items"]] == [3, 10]
        room.commit("B", 2)
        assert await heard(viewer) == ("stock", [2])

    asyncio.run(play())


def test_bounds_quiet_and_the_end_of_the_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "HEARTBEAT_S", 0.01)

    async def play() -> None:
        room = Room(viewers_max=1)
        room.item("A")
        row = room.overlay("one", "A")
        viewer = await room.hub.watch(row, "")
        with pytest.raises(TooManyViewersError):
            await room.hub.watch(row, "")
        await viewer.next()
        telling = await asyncio.wait_for(viewer.next(), 2)
        assert telling is not None
        assert telling.data.startswith(b":")
        room.feed.close()
        while (last := await asyncio.wait_for(viewer.next(), 2)) is not None:
            assert last.data.startswith(b":"), "an end of the feed is no end of the address"
        assert room.hub.viewers == 0

    asyncio.run(play())


def test_a_screen_that_cannot_be_read_lets_nobody_wait() -> None:
    async def play() -> None:
        room = Room()
        room.item("A")
        row = room.overlay("one", "A")

        def fail() -> None:
            raise StoreError("no")

        room.during_read = fail
        with pytest.raises(StoreError):
            await room.hub.watch(row, "")
        await asyncio.sleep(0)
        assert (room.hub.viewers, room.feed.watchers) == (0, 0)
        room.during_read = lambda: None
        viewer = await room.hub.watch(row, "")
        await viewer.next()
        room.during_read = fail
        room.ring.change("one", Showing(("A",), theme="clear"), "test")
        room.hub.refreshed()
        await settled()
        room.during_read = lambda: None
        room.hub.refreshed()
        _, document = parsed(await asyncio.wait_for(viewer.next(), 2))
        assert document["theme"] == "clear", "the next refresh tried again"

    asyncio.run(play())


def test_the_telling_takes_a_tenth_of_an_idle_loop_and_a_sixtieth_of_a_busy_one_within_bounds() -> None:
    took_s = 0.015
    assert hub_module.pause_s(took_s, 0.0) == pytest.approx(0.15)
    assert hub_module.pause_s(took_s, 1.0) == pytest.approx(0.9)
    assert hub_module.pause_s(took_s, 0.5) == pytest.approx(0.525)
    assert hub_module.pause_s(0.0, 0.0) == hub_module.PAUSE_MIN_S
    assert hub_module.pause_s(1.0, 7.0) == hub_module.PAUSE_MAX_S
