"""The worker of one destination: it gathers, digests, sends, waits, tries again, and gives up in the end."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.operations.notices import Answer, Verdict
from holdfast.policies.warnings import Digest, StockWarning, digest
from holdfast.sealing import SealingError
from holdfast.storage.contract import StoreError

from .measures import DeliveryMeasures
from .model import PER_MINUTE, Destination, Status
from .outbox import Notice, Outbox
from .pace import Pace
from .words import explain

GATHER_S = 1.0
GIVE_UP_S = 1_800.0
AGAIN_FIRST_S, AGAIN_MAX_S, PAUSE_MAX_S = 1.0, 60.0, 900.0

_log = logging.getLogger("holdfast.destinations")


class Sending(Protocol):
    """What sends; it never raises."""

    async def digest(self, to: Destination, secrets: Mapping[str, str], found: Digest, id: str) -> Answer:
        """Tell people."""

    async def warnings(self, secrets: Mapping[str, str], warnings: Sequence[StockWarning], id: str) -> Answer:
        """Tell a program."""


@dataclass(frozen=True, slots=True)
class Next:
    """One message to send, what it tells of each notice, and its id, the same in every try."""

    id: str
    parts: frozenset[tuple[str, str]]
    digest: Digest | None = None
    notice: Notice | None = None


class Worker:
    """Delivers the notices of one destination, the most urgent first; for the event loop alone."""

    def __init__(
        self,
        id: str,
        destination: Destination,
        open_secrets: Callable[[], Mapping[str, str]],
        outbox: Outbox,
        sender: Sending,
        forget: Callable[[list[Notice], int], Awaitable[None]],
        measures: DeliveryMeasures,
        now_us: Callable[[], int],
        changed: Callable[[], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.status = Status()
        self.pace = Pace(PER_MINUTE[destination.kind])
        self._id = id
        self._to = destination
        self._open = open_secrets
        self._outbox = outbox
        self._sender = sender
        self._forget = forget
        self._measures = measures
        self._now_us = now_us
        self._changed = changed
        self._sleep = sleep
        self._jitter = jitter
        self._told: set[tuple[str, str]] = set()
        self._failures = 0
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def follow(self, before: "Worker") -> None:
        """Take over from the worker of the same destination as it was before people changed it."""
        self.status, self._told = before.status, before._told
        self.status.paused_until_us = None
        if before._to.kind == self._to.kind:
            self.pace = before.pace

    def wake(self) -> None:
        """Something waits."""
        self._arrived.set()

    def start(self) -> None:
        """Deliver from now on, what waited before first."""
        self._arrived.set()
        self._task = asyncio.create_task(self._run(), name=f"holdfast-destination-{self._id}")

    async def stop(self) -> None:
        """End; what is not delivered waits for the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            await self._sleep(GATHER_S)
            try:
                await self.deliver()
            except EngineStoppedError:
                return
            except Exception:  # noqa: BLE001 - a fault in one message must not end all of them
                # The exception's text may hold an address, so only its kind is told.
                _log.error("a delivery to %s failed and is tried again", self._id)
                await self._sleep(AGAIN_MAX_S)
                self._arrived.set()

    async def deliver(self) -> None:
        """Send until nothing waits; what comes meanwhile is gathered into the next message."""
        while True:
            await self._give_up_the_old()
            await self._settle()
            # The pace is waited for first, so that what comes meanwhile is in the message too.
            await self._sleep(self.pace.wait_s(self._now_us() / 1e6))
            found = self._next()
            if found is None:
                return
            self.pace.take(self._now_us() / 1e6)
            answer = await self._send(found)
            self._measures.outcomes[self._to.kind, answer.verdict.value] += 1
            if answer.verdict is Verdict.TAKEN:
                await self._taken(found)
            else:
                await self._pause(answer)

    def _next(self) -> Next | None:
        waiting = self._outbox.waiting(self._id)
        if not waiting:
            return None
        if self._to.kind == "webhook":
            # A program is told everything, one notice after the other under the notice's own id.
            return Next(waiting[0].id, _parts(waiting[0]), notice=waiting[0])
        left = [
            (notice.id, warning)
            for notice in waiting
            for warning in notice.warnings
            if (notice.id, warning.sku) not in self._told
        ]
        first = digest(warning for _, warning in left)[0]
        skus = set(first.skus)
        parts = frozenset((id, warning.sku) for id, warning in left if warning.sku in skus)
        oldest = min(id for id, _ in parts)
        return Next(f"{oldest}-{first.level.name.lower()}-{len(first.skus)}", parts, digest=first)

    async def _send(self, found: Next) -> Answer:
        try:
            secrets = self._open()
        except SealingError as error:
            return Answer(Verdict.REFUSED, "sealed", str(error))
        if found.notice is not None:
            return await self._sender.warnings(secrets, found.notice.warnings, found.id)
        assert found.digest is not None
        return await self._sender.digest(self._to, secrets, found.digest, found.id)

    async def _taken(self, found: Next) -> None:
        now_us = self._now_us()
        self._failures = 0
        self.status.last_success_us = now_us
        self.status.paused_until_us = None
        self._told |= found.parts
        waiting = {notice.id: notice for notice in self._outbox.waiting(self._id)}
        for id in {id for id, _ in found.parts}:
            self._measures.seconds.observe(max(0, now_us - waiting[id].at_us) / 1e6)
        await self._settle()
        self._changed()

    async def _settle(self) -> None:
        """Forget the notices that were told in full."""
        waiting = self._outbox.waiting(self._id)
        await self._gone([notice for notice in waiting if _parts(notice) <= self._told], 0)

    async def _pause(self, answer: Answer) -> None:
        """Wait as long as it wants, or longer with each failure; a change of the destination ends that."""
        now_us = self._now_us()
        wait_s = min(AGAIN_MAX_S, AGAIN_FIRST_S * 2.0**self._failures) * (0.5 + self._jitter() / 2)
        wait_s = min(PAUSE_MAX_S, max(wait_s, answer.retry_after_s or 0.0))
        self._failures = min(self._failures + 1, 10)
        words = explain(self._to.kind, answer)
        if self.status.last_error is None or self.status.last_error != words:
            _log.warning("destination %s: %s", self._id, words.en)
        self.status.last_error, self.status.last_error_us = words, now_us
        self.status.paused_until_us = now_us + int(wait_s * 1e6)
        self._changed()
        await self._sleep(wait_s)
        self.status.paused_until_us = None

    async def _give_up_the_old(self) -> None:
        """A warning that is half an hour late helps nobody."""
        limit_us = self._now_us() - int(GIVE_UP_S * 1e6)
        old = [notice for notice in self._outbox.waiting(self._id) if notice.at_us < limit_us]
        if not old:
            return
        self.status.given_up += len(old)
        self._measures.outcomes[self._to.kind, "given_up"] += len(old)
        await self._gone(old, len(old))
        self._changed()

    async def _gone(self, notices: list[Notice], given_up: int) -> None:
        if not notices:
            return
        ids = {notice.id for notice in notices}
        self._told = {part for part in self._told if part[0] not in ids}
        try:
            await self._forget(notices, given_up)
        except (StoreError, EngineFullError) as error:
            # They stay on file, and are told once more after a restart: twice is better than never.
            _log.warning("notices of %s that are done stay on file: %s", self._id, str(error) or "queue full")


def _parts(notice: Notice) -> frozenset[tuple[str, str]]:
    return frozenset((notice.id, warning.sku) for warning in notice.warnings)
