"""What the parts of the runtime share: the engine, readers, time, and the channels that are connected."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from holdfast.channels.adapter import Adapter
from holdfast.channels.manifest import Manifest
from holdfast.ledger.codes import SUCCESSES
from holdfast.ledger.commands import Command
from holdfast.ledger.records import Channel
from holdfast.ledger.state import Decision
from holdfast.storage.contract import Reader
from holdfast.storage.records import ConnectionRow, PollRow, Record, TokensRow
from holdfast.storage.sync_contract import SyncReader

from .measures import ChannelMeasures
from .messages import Event

T = TypeVar("T")
US_PER_S = 1_000_000


class Submitter(Protocol):
    """The engine, as far as the sync needs it."""

    def submit(
        self, commands: Sequence[Command], records: Sequence[Record] = ()
    ) -> asyncio.Future[list[Decision]]:
        """Queue one item; the future ends with its commit."""


class Readers(Protocol):
    """Queries on reading threads; both raise StoreError."""

    async def read(self, query: Callable[[Reader], T]) -> T:
        """Ask the ledger."""

    async def read_sync(self, query: Callable[[SyncReader], T]) -> T:
        """Ask the sync records."""


class AdapterFactory(Protocol):
    """Knows the platforms."""

    def manifest(self, platform: str) -> Manifest | None:
        """What a platform can do; None if we have no adapter for it."""

    def connect(self, channel: Channel, connection: ConnectionRow, tokens: TokensRow | None) -> Adapter:
        """An adapter for a shop; raises ValueError with what to mend."""


@dataclass(slots=True, eq=False)
class ConnectedChannel:
    """A channel with an adapter, and where its polls stand."""

    channel: str
    platform: str
    adapter: Adapter
    connection: ConnectionRow
    tokens: TokensRow | None
    poll: PollRow
    measures: ChannelMeasures = field(default_factory=ChannelMeasures)
    cursor: str | None = None
    span_us: tuple[int, int] | None = None
    """The poll that is under way."""
    unproved: tuple[int, int] | None = None
    """Up to when a poll was complete, and when its last page had been read, until a later poll proves it."""
    proved_to_us: int = 0

    @property
    def manifest(self) -> Manifest:
        """What it can do, its settings included."""
        return self.adapter.manifest


class World:
    """Tasks, time and the way to engine and core; `tell` is set by the runtime."""

    def __init__(
        self,
        engine: Submitter,
        readers: Readers,
        now_us: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.engine = engine
        self.readers = readers
        self.now_us = now_us
        self.sleep = sleep
        self.channels: dict[str, ConnectedChannel] = {}
        self.ready = asyncio.Event()
        self.tell: Callable[[Event], None] = lambda event: None
        self.broken: Callable[[str], None] = lambda why: None
        """Called when what is in memory may no longer be what is on file."""
        self._tasks: set[asyncio.Task[Any]] = set()
        self._commits: set[asyncio.Future[list[Decision]]] = set()

    def now_s(self) -> float:
        """The time of the core: seconds UTC on a clock that never goes back."""
        return self.now_us() / US_PER_S

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run beside; it is cancelled at the stop."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def submit(
        self, commands: Sequence[Command], records: Sequence[Record]
    ) -> asyncio.Future[list[Decision]]:
        """Hand an item to the engine, in the order of the calls."""
        answer = self.engine.submit(commands, records)
        self._commits.add(answer)
        answer.add_done_callback(self._commits.discard)
        return answer

    async def settled(self) -> None:
        """Wait for all items that were handed in, whatever becomes of them."""
        while self._commits:
            await asyncio.wait(list(self._commits))

    async def stop(self) -> None:
        """Cancel what runs beside."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def succeeded(decisions: Sequence[Decision]) -> bool:
    """Whether every command did what it asked for, now or before."""
    return all(decision.code in SUCCESSES for decision in decisions)
