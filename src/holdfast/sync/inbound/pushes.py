"""Pushes: on file, then acknowledged, then worked on, however often that takes."""

import asyncio
import logging
import random
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from holdfast.channels.errors import ChannelError, PushRefused
from holdfast.channels.orders import Acknowledgement, PlatformOrder, PushEvent, PushKind
from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.storage.contract import StoreError
from holdfast.storage.records import PUSH_DONE, PUSH_FAILED, PushRow, Record

from ..messages import CounterChanged, ListingId
from ..outbound import note_error
from ..world import ConnectedChannel, World
from .desk import Desk, OrderRefusedError

FETCHES_MAX = 8
"""Orders of one channel that are fetched at once."""
TRIES_MAX = 8
PAUSE_S = 0.2
PAUSE_MAX_S = 20.0
EVENTS_KEPT = 20_000
PULL_EVERY_S = 0.3
PULL_PAUSE_MAX_S = 5.0

_NOT_OURS = (StoreError, EngineFullError, EngineStoppedError, OrderRefusedError)
_log = logging.getLogger("holdfast.sync")


@dataclass(slots=True)
class _Job:
    """What waits to be done about one order."""

    rows: list[PushRow] = field(default_factory=list)
    told: list[PlatformOrder] = field(default_factory=list)


class Inbound:
    """Takes pushes in and works on them; one job at a time for each order."""

    def __init__(self, world: World, desk: Desk, draw: Callable[[], float] = random.random) -> None:
        self._world = world
        self._draw = draw
        self.desk = desk
        self._jobs: dict[tuple[str, str], _Job] = {}
        self._fetches: dict[str, asyncio.Semaphore] = {}
        self._seen: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def receive(
        self, channel: ConnectedChannel, headers: Mapping[str, str], query: Mapping[str, str], body: bytes
    ) -> Acknowledgement:
        """Verify a push and put it on file; raises PushRefused, StoreError or EngineFullError."""
        measures, now_us = channel.measures, self._world.now_us()
        try:
            push = channel.adapter.receive(headers, query, body, now_us)
        except PushRefused as refused:
            measures.pushes_refused[refused.reason] += 1
            raise
        measures.last_push_at_us = now_us
        await self._file(channel, push.events, body)
        return push.acknowledgement

    async def pull(self, channel: ConnectedChannel) -> None:
        """Empty the platform's queue for as long as the channel is connected."""
        pause_s = PULL_EVERY_S
        while self._world.channels.get(channel.channel) is channel:
            try:
                async with asyncio.timeout(channel.manifest.timeout_s):
                    events = await channel.adapter.pull()
                if events:
                    channel.measures.last_push_at_us = self._world.now_us()
                    await self._file(channel, events, b"")
                    async with asyncio.timeout(channel.manifest.timeout_s):
                        await channel.adapter.confirm([event.event for event in events])
                    continue
                pause_s = PULL_EVERY_S
            except _NOT_OURS:
                pause_s = PULL_PAUSE_MAX_S
            except Exception as error:  # noqa: BLE001 - the queue is asked again, whatever it was
                note_error(channel, error, self._world.now_us())
                pause_s = min(PULL_PAUSE_MAX_S, pause_s * 2)
            await self._world.sleep(pause_s)

    def resume(self, channel: ConnectedChannel, rows: Sequence[PushRow]) -> None:
        """Work on pushes that were on file at the start."""
        for row in rows:
            if row.order:
                self._work(channel, row, None)
            else:
                self._world.spawn(self._done([row]))

    async def _file(self, channel: ConnectedChannel, events: Sequence[PushEvent], body: bytes) -> None:
        measures, now_us = channel.measures, self._world.now_us()
        fresh: list[tuple[PushEvent, PushRow]] = []
        for event in events:
            measures.pushes[event.kind.value] += 1
            if event.ours:
                measures.echoes += 1
            elif (channel.channel, event.event) in self._seen:
                measures.pushes_repeated += 1
            elif event.kind is not PushKind.PROBE:
                row = PushRow(channel.channel, event.event, event.kind.value, event.order, now_us, body)
                fresh.append((event, row if event.order else replace(row, status=PUSH_DONE)))
        if fresh:
            await self._world.submit((), [row for _, row in fresh])
        for event, row in fresh:
            self._remember((channel.channel, event.event))
            if event.order:
                self._work(channel, row, event.order_told)
            elif event.kind is PushKind.STOCK and event.listing is not None:
                self._world.tell(CounterChanged(ListingId(channel.channel, event.listing.key)))
            elif event.kind is PushKind.AUTHORIZATION:
                _log.warning("%s: the platform says that our authorization changed", channel.channel)

    def _remember(self, key: tuple[str, str]) -> None:
        self._seen[key] = None
        if len(self._seen) > EVENTS_KEPT:
            self._seen.popitem(last=False)

    def _work(self, channel: ConnectedChannel, row: PushRow, told: PlatformOrder | None) -> None:
        key = (channel.channel, row.order)
        job = self._jobs.get(key)
        if job is None:
            job = self._jobs[key] = _Job()
            self._world.spawn(self._run(channel, key, job))
        job.rows.append(row)
        if told is not None:
            job.told.append(told)

    async def _run(self, channel: ConnectedChannel, key: tuple[str, str], job: _Job) -> None:
        tries = 0
        try:
            while job.rows:
                rows, told = job.rows, job.told
                job.rows, job.told = [], []
                try:
                    await self._once(channel, key[1], rows, told)
                    tries = 0
                except Exception as error:  # noqa: BLE001 - it is tried again, and then left to the poll
                    tries += 1
                    if not isinstance(error, _NOT_OURS):
                        note_error(channel, error, self._world.now_us())
                        if tries >= TRIES_MAX:
                            await self._give_up(channel, rows, tries, error)
                            continue
                    job.rows, job.told = rows + job.rows, told + job.told
                    pause_s = min(PAUSE_MAX_S, PAUSE_S * 2.0 ** min(tries, 10))
                    await self._world.sleep(pause_s * (0.5 + self._draw() / 2))
        finally:
            self._jobs.pop(key, None)

    async def _once(
        self, channel: ConnectedChannel, order: str, rows: list[PushRow], told: list[PlatformOrder]
    ) -> None:
        done: list[Record] = [replace(row, status=PUSH_DONE) for row in rows]
        if len(told) < len(rows):
            fetches = self._fetches.setdefault(channel.channel, asyncio.Semaphore(FETCHES_MAX))
            async with fetches, asyncio.timeout(channel.manifest.timeout_s):
                told = [*told, await channel.adapter.order(order)]
        for number, each in enumerate(told, start=1):
            await self.desk.take(channel, each, done if number == len(told) else (), by_poll=False)

    async def _give_up(
        self, channel: ConnectedChannel, rows: list[PushRow], tries: int, error: Exception
    ) -> None:
        channel.measures.pushes_failed += len(rows)
        said = str(error) if isinstance(error, ChannelError) else type(error).__name__
        _log.warning("%s: order %s of a push could not be read: %s", channel.channel, rows[0].order, said)
        try:
            await self._world.submit((), [replace(row, status=PUSH_FAILED, tries=tries) for row in rows])
        except _NOT_OURS:
            _log.warning("%s: the push stays new, and is tried again at the next start", channel.channel)

    async def _done(self, rows: list[PushRow]) -> None:
        try:
            await self._world.submit((), [replace(row, status=PUSH_DONE) for row in rows])
        except _NOT_OURS:
            _log.warning("%s: a push stays new until the next start", rows[0].channel)
