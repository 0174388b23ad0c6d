"""Layers of limits on a real engine: any order of shows, drops, hands and kills leaves what a person set."""

import asyncio
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.engine.engine import Engine
from holdfast.ledger.catalog import described
from holdfast.ledger.commands import PutSku
from holdfast.ledger.guard.rules import Guard
from holdfast.ledger.records import Limits, Sku
from holdfast.operations.limits.layers import Bounds, Layer
from holdfast.operations.limits.office import LimitsOffice
from tests.fakes.memory_reader import MemoryReader
from tests.fakes.memory_store import MemoryFile, MemoryStore
from tests.sync.trade import MemoryReaders

LAYERS = {
    "show:s": Layer("show:s", "s", Bounds(per_order=3, per_buyer=5)),
    "drop:a": Layer("drop:a", "drop:a", Bounds(per_buyer=2)),
    "drop:b": Layer("drop:b", "drop:b", Bounds(per_order=1, per_buyer_across_channels=4), "noon"),
    "drop:c": Layer("drop:c", "drop:c", gate="night"),
}
PLAIN = Limits("p", per_buyer=9)
OWN = Guard("g", ticket_gate="own", units_max=50)


class Desk:
    """One process on a file that outlives it."""

    def __init__(self, file: MemoryFile) -> None:
        self.file = file
        self.engine = Engine(MemoryStore(file))
        self.office = LimitsOffice(self.engine, MemoryReaders(file), lambda: 1, asyncio.Lock())

    def item(self) -> Sku:
        found = MemoryReader(self.file).sku("A")
        assert found is not None
        return found

    async def by_hand(self, limits: Limits | None, guard: Guard | None) -> None:
        await self.engine.submit((replace(described(self.item(), "boss"), limits=limits, guard=guard),))

    async def stand(self, *owners: str) -> None:
        for owner in owners:
            await self.office.stand({"A": LAYERS[owner]}, "ann")


async def desk(limits: Limits | None = None, guard: Guard | None = None) -> Desk:
    made = Desk(MemoryFile())
    await made.engine.start()
    await made.engine.submit((PutSku("A", "a", "test", limits=limits, guard=guard, price_cents=5),))
    return made


def test_the_stricter_of_each_limit_wins_and_a_person_keeps_what_nobody_names() -> None:
    async def run() -> None:
        on = await desk(Limits("p", per_order=7, per_buyer_across_channels=8))
        await on.stand("show:s", "drop:a")
        assert on.item().limits == Limits("drop:a", 3, 2, 8)
        await on.stand("drop:b")
        assert on.item().limits == Limits("drop:b", 1, 2, 4)
        assert on.item().guard == Guard("drop:b", ticket_gate="noon")
        await on.office.leave(["A"], "drop:a", "ann")
        assert on.item().limits == Limits("drop:b", 1, 5, 4)
        for owner in ("show:s", "drop:b"):
            await on.office.leave(["A"], owner, "ann")
        item = on.item()
        assert (item.limits, item.guard, item.price_cents) == (Limits("p", 7, None, 8), None, 5)
        await on.engine.stop()

    asyncio.run(run())


def test_the_gate_of_the_last_stands_and_the_rest_of_the_guard_is_not_touched() -> None:
    async def run() -> None:
        on = await desk(None, OWN)
        await on.stand("drop:b", "drop:c")
        assert on.item().guard == replace(OWN, ticket_gate="night")
        await on.office.leave(["A"], "drop:c", "ann")
        assert on.item().guard == replace(OWN, ticket_gate="noon")
        await on.office.leave(["A"], "drop:b", "ann")
        assert (on.item().guard, on.item().limits) == (OWN, None)
        await on.engine.stop()

    asyncio.run(run())


def test_what_a_person_sets_in_between_stands_at_once_and_stays() -> None:
    async def run() -> None:
        on = await desk(PLAIN)
        await on.stand("drop:a", "drop:c")
        theirs, rules = Limits("theirs", per_order=6), Guard("drop:c", ticket_gate="night", units_max=9)
        await on.by_hand(theirs, rules)
        assert await on.office.overruled("A", "drop:a")
        assert not await on.office.overruled("A", "drop:c")
        for owner in ("drop:a", "drop:c"):
            await on.office.leave(["A"], owner, "ann")
        assert (on.item().limits, on.item().guard) == (theirs, replace(rules, ticket_gate=""))
        await on.engine.stop()

    asyncio.run(run())


moves = st.one_of(
    st.tuples(st.just("stand"), st.sampled_from(sorted(LAYERS))),
    st.tuples(st.just("leave"), st.sampled_from(sorted(LAYERS))),
    st.tuples(st.just("limits"), st.sampled_from([None, PLAIN, Limits("q", per_order=2)])),
    st.tuples(st.just("gate"), st.sampled_from(["", "own", "other"])),
    st.tuples(st.just("kill"), st.none()),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(moves, max_size=12), st.sampled_from([None, PLAIN]), st.sampled_from([None, OWN]))
def test_after_any_order_of_events_a_person_s_last_word_comes_back(
    steps: list[tuple[str, object]], limits: Limits | None, guard: Guard | None
) -> None:
    async def run() -> None:
        on = await desk(limits, guard)
        word, gate = limits, guard.ticket_gate if guard else ""
        standing: set[str] = set()
        for name, what in steps:
            if name == "kill":
                # Nothing of the process is left but its file.
                on = Desk(on.file)
                await on.engine.start()
            elif name == "limits" and what != on.item().limits:
                word = what  # type: ignore[assignment]
                await on.by_hand(word, on.item().guard)
            elif name == "gate":
                now = on.item().guard or Guard("theirs")
                if now.ticket_gate != what:
                    gate = str(what)
                    await on.by_hand(on.item().limits, replace(now, ticket_gate=gate))
            elif name == "stand":
                await on.stand(str(what))
                standing.add(str(what))
            elif name == "leave":
                await on.office.leave(["A"], str(what), "ann")
                standing.discard(str(what))
            assert {layer.owner for _, layer in await on.office.standing()} == standing
        for owner in sorted(standing):
            await on.office.leave(["A"], owner, "ann")
        item = on.item()
        assert item.limits == word
        assert (item.guard.ticket_gate if item.guard else "") == gate
        if guard is not None:
            assert item.guard is not None
            assert item.guard.units_max == 50
        await on.engine.stop()

    asyncio.run(run())
