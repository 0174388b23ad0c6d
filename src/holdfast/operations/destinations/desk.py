"""The desk of destinations 通知渠道: kept, changed, tested, each with a worker that delivers."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from holdfast.engine.engine import EngineFullError
from holdfast.ledger.records import AuditEntry
from holdfast.operations.notices import Answer, Verdict
from holdfast.operations.notices import Notice as Message
from holdfast.operations.notices.notice import NOTICE
from holdfast.operations.shelf import Shelf
from holdfast.sealing import Sealer
from holdfast.storage.contract import StoreError
from holdfast.sync.world import Readers, Submitter

from .measures import DeliveryMeasures
from .model import Destination, Status, Tested
from .outbox import Notice, Outbox, Told
from .sender import Sender
from .words import explain
from .worker import Worker

KIND = "destination"
ACTOR = "system:destinations"
_TEST = {
    "zh": Message("Holdfast 测试消息", ("库存预警会发到这里。",), NOTICE),
    "en": Message("Holdfast test message", ("Stock warnings will arrive here.",), NOTICE),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A destination with its delivery; `waiting` counts notices."""

    id: str
    revision: int
    destination: Destination
    status: Status
    waiting: int


class Destinations:
    """For the event loop alone; `private` allows addresses inside our own network."""

    def __init__(
        self,
        engine: Submitter,
        readers: Readers,
        now_us: Callable[[], int],
        sealer: Sealer,
        outbox: Outbox,
        announce: Callable[[str, str], None],
        *,
        private: bool,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.measures = DeliveryMeasures()
        self.private = private
        self._shelf = Shelf(KIND, Destination, engine, readers, now_us, announce)
        self._engine = engine
        self._now_us = now_us
        self._sealer = sealer
        self._outbox = outbox
        self._announce = announce
        self._sleep = sleep
        self._sender = Sender(now_us, private=private)
        self._workers: dict[str, Worker] = {}
        outbox.wants = self._wanting
        outbox.arrived = self._arrived

    async def start(self) -> None:
        """Read all, and deliver what was not delivered before; raises StoreError."""
        await self._shelf.load()
        for id in self._shelf.ids():
            self._employ(id)
        for id in self._outbox.destinations():
            if self._shelf.get(id) is None:
                await self._drop(id)

    async def stop(self) -> None:
        """End; what waits is delivered after the next start."""
        await asyncio.gather(*(worker.stop() for worker in self._workers.values()))
        await self._sender.close()

    def all(self) -> list[Found]:
        """All destinations, in order."""
        return [found for id in self._shelf.ids() if (found := self.get(id)) is not None]

    def get(self, id: str) -> Found | None:
        """One destination."""
        destination = self._shelf.get(id)
        if destination is None:
            return None
        worker = self._workers[id]
        waiting = len(self._outbox.waiting(id))
        return Found(id, self._shelf.revision(id), destination, worker.status, waiting)

    def seal(self, secrets: Mapping[str, str]) -> str:
        """Secrets as they are kept; raises SealingError."""
        return self._sealer.seal(secrets).decode()

    def secrets(self, destination: Destination) -> dict[str, str]:
        """Its secrets; raises SealingError."""
        return self._sealer.open(destination.sealed.encode())

    async def put(
        self, id: str, destination: Destination, actor: str, request_id: str, expected: int | None = None
    ) -> None:
        """Keep a destination, and deliver to it from now on; raises as `Shelf.put` does."""
        async with self._shelf.lock:
            detail: dict[str, str | int] = {"kind": destination.kind, "host": destination.host}
            entry = self._shelf.entry(actor, request_id, "put", id, detail)
            await self._shelf.put(id, destination, entry, expected=expected)
            before = self._workers.get(id)
            if before is not None:
                await before.stop()
            self._employ(id, before)

    async def remove(self, id: str, actor: str, request_id: str) -> None:
        """Forget a destination and what waits for it."""
        async with self._shelf.lock:
            if self._shelf.get(id) is None:
                return
            await self._shelf.remove(id, self._shelf.entry(actor, request_id, "remove", id, {}))
            await self._workers.pop(id).stop()
            await self._drop(id)

    async def test(self, id: str, actor: str, request_id: str) -> Tested:
        """Send a test message now; raises KeyError without such a destination, and SealingError."""
        destination = self._shelf.get(id)
        if destination is None:
            raise KeyError(id)
        now_us = self._now_us()
        pace = self._workers[id].pace
        if pace.wait_s(now_us / 1e6) > 0:
            answer = Answer(Verdict.THROTTLED, "", "our own limit for this robot")
        else:
            pace.take(now_us / 1e6)
            answer = await self._test(destination, f"test_{now_us:015x}")
        entry = self._shelf.entry(actor, request_id, "test", id, {"answer": answer.verdict.value})
        await self._engine.submit((), (replace(entry, result=answer.verdict.value),))
        return Tested(answer, explain(destination.kind, answer))

    async def _test(self, destination: Destination, id: str) -> Answer:
        secrets = self.secrets(destination)
        if destination.kind == "webhook":
            return await self._sender.ping(secrets, id)
        return await self._sender.message(destination, secrets, _TEST[destination.language], id)

    def _employ(self, id: str, before: Worker | None = None) -> None:
        destination = self._shelf.get(id)
        assert destination is not None
        worker = Worker(
            id,
            destination,
            lambda: self.secrets(destination),
            self._outbox,
            self._sender,
            lambda notices, given_up: self._forget(id, notices, given_up),
            self.measures,
            self._now_us,
            lambda: self._announce(KIND, id),
            self._sleep,
        )
        if before is not None:
            worker.follow(before)
        self._workers[id] = worker
        if destination.enabled:
            worker.start()

    async def _forget(self, id: str, notices: list[Notice], given_up: int) -> None:
        entries = []
        if given_up:
            detail: dict[str, str | int] = {"notices": given_up}
            entries = [AuditEntry(self._now_us(), ACTOR, "", f"{KIND}.give_up", id, "given_up", detail)]
        await self._engine.submit((), (*self._outbox.gone(notices), *entries))

    async def _drop(self, id: str) -> None:
        try:
            await self._engine.submit((), tuple(self._outbox.gone(self._outbox.waiting(id))))
        except (StoreError, EngineFullError):
            # The next start finds them without their destination, and drops them then.
            return

    def _wanting(self, told: Told) -> list[str]:
        return [
            id for id in self._workers if (found := self._shelf.get(id)) is not None and found.wants(told)
        ]

    def _arrived(self, id: str) -> None:
        if id in self._workers:
            self._workers[id].wake()
