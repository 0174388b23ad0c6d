"""One process with destinations on a store in memory, whose waits pass at once on a clock of their own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from holdfast.engine.clock import LedgerClock
from holdfast.engine.engine import Engine
from holdfast.ledger.state import State as Commit
from holdfast.operations.destinations.desk import Destinations, Found
from holdfast.operations.destinations.model import Destination, RobotKind
from holdfast.operations.destinations.outbox import Outbox, Told
from holdfast.operations.warnings import LinesBook, WarningWatch
from holdfast.policies.warnings import Level, Lines, State, StockWarning, View, evaluate
from holdfast.sealing import Sealer
from tests.fakes.memory_store import MemoryFile, MemoryStore
from tests.operations.destinations.robots import SECRET, TOKEN, WEBHOOK_SECRET, Robot
from tests.sync.trade import MemoryReaders

KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
PATHS: dict[RobotKind, str] = {
    "dingtalk": f"/robot/send?access_token={TOKEN}",
    "feishu": f"/open-apis/bot/v2/hook/{TOKEN}",
    "wecom": f"/cgi-bin/webhook/send?key={TOKEN}",
    "slack": f"/services/T0/B0/{TOKEN}",
    "webhook": f"/hook/{TOKEN}",
}


class Time:
    """Microseconds that pass while something sleeps."""

    def __init__(self) -> None:
        self.now_us = 1_800_000_000_000_000
        self.slept: list[float] = []

    def __call__(self) -> int:
        return self.now_us

    async def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.slept.append(seconds)
            self.now_us += int(seconds * 1e6)
        await asyncio.sleep(0)


def warning(sku: str, now_us: int, available: int = 0) -> StockWarning:
    """What the rule tells of an item that has run out."""
    found = evaluate(View(sku, available, 100, f"商品 {sku}"), Lines(), State(), now_us / 1e6).warning
    assert found is not None
    return found


class Office:
    """Engine, outbox and destinations."""

    def __init__(self, file: MemoryFile, time: Time) -> None:
        readers = MemoryReaders(file)
        self.time = time
        self.readers = readers
        self.announced: list[str] = []
        self.engine = Engine(MemoryStore(file), LedgerClock(time, time), on_commit=self._committed)
        self.outbox = Outbox(readers)
        self.desk = Destinations(
            self.engine,
            readers,
            time,
            Sealer(KEY, Path("/nowhere")),
            self.outbox,
            lambda kind, id: self.announced.append(id),
            private=True,
            sleep=time.sleep,
        )

        self.lines = LinesBook(self.engine, readers, time, lambda kind, id: None)
        self.watch = WarningWatch(self.engine, readers, time, self.lines, self.outbox)

    def _committed(self, state: Commit) -> None:
        self.watch.note(state)

    async def add(
        self,
        kind: RobotKind,
        robot: Robot | str,
        secret: str | None = None,
        *,
        level: Level = Level.NOTICE,
        skus: tuple[str, ...] = (),
    ) -> None:
        """Make a destination called like its kind."""
        address = robot if isinstance(robot, str) else robot.url(PATHS[kind])
        given = secret or (WEBHOOK_SECRET if kind == "webhook" else SECRET)
        sealed = self.desk.seal({"address": address, "secret": given})
        destination = Destination("团队群", kind, sealed, "127.0.0.1", level=level, skus=skus)
        await self.desk.put(kind, destination, "ann", "r1")

    async def tell(self, *warnings: StockWarning) -> None:
        """Save and keep what the watch would."""
        notices = self.outbox.prepare([Told(each, each.level) for each in warnings], self.time())
        await self.engine.submit((), tuple(self.outbox.records(notices)))
        self.outbox.keep(notices)

    def found(self, id: str) -> Found:
        found = self.desk.get(id)
        assert found is not None
        return found

    async def until(self, condition: Callable[[], bool]) -> None:
        """Let the workers run until something is so."""
        for _ in range(10_000):
            if condition():
                return
            await asyncio.sleep(0.001)
        raise AssertionError("it did not come to that in ten seconds")

    async def delivered(self, id: str) -> None:
        await self.until(lambda: self.found(id).waiting == 0)


@asynccontextmanager
async def office(file: MemoryFile, time: Time) -> AsyncIterator[Office]:
    """From start to stop."""
    found = Office(file, time)
    await found.engine.start()
    await found.outbox.load()
    await found.desk.start()
    await found.lines.load()
    await found.watch.load()
    try:
        yield found
    finally:
        await found.desk.stop()
        await found.engine.stop()
