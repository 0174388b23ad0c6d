"""`python -m bench.sync_latency`: how long it takes from a commit until the platform's counter shows it.

The platform is in memory: it answers each call in 100 ms, and its counter changes half way. The store is a
file, and every commit is synced to the disk. Each receipt of goods leads to a grant; with load and without.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from holdfast.app import Holdfast
from holdfast.channels.manifest import RateCap
from holdfast.channels.orders import StockWrite, StockWritten
from holdfast.ledger.commands import Command, PlaceHold, PutChannel
from holdfast.ledger.state import State
from holdfast.settings import Settings
from holdfast.sync.runtime import SyncRuntime
from holdfast.sync.world import World
from tests.fakes.platform import MANIFEST, FakeAdapter, FakeAdapters, Platform
from tests.sync.trade import connection, goods, listing, move

LATENCY_S = 0.1


class Times:
    """When each grant was durable, its call sent, and its units on the counter."""

    def __init__(self) -> None:
        self.committed: dict[str, float] = {}
        self.sent: dict[str, float] = {}
        self.shown: dict[str, float] = {}

    def on_commit(self, state: State) -> None:
        now = time.perf_counter()
        for transfer in state.changes.transfers:
            if transfer.id is not None and transfer.reason == "grant":
                self.committed[transfer.id] = now

    def between(self, later: dict[str, float]) -> list[float]:
        """Seconds from the commit, sorted; a call may leave in the very step that tells of the commit."""
        return sorted(max(0.0, later[id] - at) for id, at in self.committed.items() if id in later)


class SlowAdapter(FakeAdapter):
    """Changes the counter after half of the round trip."""

    def __init__(self, platform: Platform, times: Times) -> None:
        super().__init__(platform)
        self.times = times

    async def write_stock(self, write: StockWrite) -> StockWritten:
        # A repeat of a call that is late is not the call.
        self.times.sent.setdefault(write.write_id, time.perf_counter())
        await asyncio.sleep(LATENCY_S / 2)
        done = await super().write_stock(write)
        self.times.shown.setdefault(write.write_id, time.perf_counter())
        await asyncio.sleep(LATENCY_S / 2)
        return done


async def measure(path: Path, skus: int, per_s: float, seconds: float, holds_per_s: int) -> Times:
    """Orders empty counters while goods come in; holds of our own shop are decided beside them."""
    times = Times()
    cap = RateCap(500, 500)
    manifest = replace(MANIFEST, rate=cap, round_trip_s=LATENCY_S, poll_every_s=5.0, timeout_s=2.0)
    platform = Platform(manifest)
    adapters = FakeAdapters({"one": platform})
    adapters.make = lambda made: SlowAdapter(made, times)
    holdfast = Holdfast(Settings(store=f"sqlite:///{path}", audit=False))
    holdfast.sync = SyncRuntime(World(holdfast.engine, holdfast, holdfast.clock.now_us), adapters)
    publish = holdfast.feed.publish

    def tell(state: State) -> None:
        publish(state)
        times.on_commit(state)

    holdfast.feed.publish = tell  # type: ignore[method-assign]
    await holdfast.start()
    names = [f"S{number}" for number in range(skus)]
    setup: list[Command] = [
        PutChannel("one", "fake", "one", "bench"),
        PutChannel("own", "own", "own", "bench"),
    ]
    for name in names:
        setup += goods(name, 10)
    setup += [*goods("HOT", 10**8), move("hot", "HOT", "unallocated", "channel:own", 10**8)]
    for command in setup:
        await holdfast.engine.submit((command,))
    rows = [listing("one", f"p{name}", name) for name in names]
    await holdfast.engine.submit((), [connection("one"), *rows])
    await holdfast.sync.refresh()
    await asyncio.sleep(2)
    times.committed.clear()
    load = asyncio.create_task(_holds(holdfast, holds_per_s))
    for number in range(int(per_s * seconds)):
        name = names[number % skus]
        product, there = f"p{name}", platform.counters[f"p{name}"]
        if there and platform.checkout(f"o{number}", (product, there)):
            await holdfast.sync.receive("one", {"sign": "good"}, {}, platform.push(f"o{number}"))
        more = move(f"more{number}", name, "supplier", "unallocated", 20)
        await holdfast.engine.submit((more,))
        await asyncio.sleep(1 / per_s)
    await asyncio.sleep(0.5)
    load.cancel()
    await asyncio.gather(load, return_exceptions=True)
    found = await holdfast.read(lambda reader: reader.verify(lambda check: None))
    assert found == [], found
    await holdfast.stop()
    return times


async def _holds(holdfast: Holdfast, per_s: int) -> None:
    """Holds of our own shop, in small handfuls."""
    number, handful = 0, max(1, per_s // 200)
    while per_s:
        commands = [
            PlaceHold(f"h{number + each}", "own", f"b{number + each}", (("HOT", 1),), "bench")
            for each in range(handful)
        ]
        await asyncio.gather(*(holdfast.engine.submit((command,)) for command in commands))
        number += handful
        await asyncio.sleep(handful / per_s)


def told(name: str, values: Sequence[float]) -> str:
    """Median, 95th, 99th and largest in milliseconds."""
    ranks = [values[min(len(values) - 1, int(share * len(values)))] * 1000 for share in (0.5, 0.95, 0.99)]
    p50, p95, p99 = ranks
    return (
        f"{name}: n {len(values)}, p50 {p50:.2f} ms, p95 {p95:.2f} ms, p99 {p99:.2f} ms,"
        f" max {values[-1] * 1000:.2f} ms"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.sync_latency", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--skus", type=int, default=50)
    parser.add_argument("--per-second", type=float, default=50.0)
    options = parser.parse_args()
    for holds_per_s in (0, 2_000):
        with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder:
            path = Path(folder) / "store.db"
            run = measure(path, options.skus, options.per_second, options.seconds, holds_per_s)
            times = asyncio.run(run)
        print(f"with {holds_per_s} holds a second beside, {len(times.sent)} calls")
        print(told("  commit to call sent", times.between(times.sent)))
        print(told("  commit to shown", times.between(times.shown)))


if __name__ == "__main__":
    main()
