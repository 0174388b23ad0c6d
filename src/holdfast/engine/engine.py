"""The writer: a bounded queue in front of one task that turns whatever waits into one commit.

Deciding a batch and handing its rows to SQLite takes tens of microseconds a command and never waits; only
the commit waits, for the disk. So a batch is prepared on the event loop, and only its commit runs on a thread
of its own while the loop reads the next requests. A writer that does all of it on its own thread fights the
loop for the interpreter at every statement (ADR 0003). A store that waits for another process, as one on
PostgreSQL does, is the other case: all of a batch is done on that thread, and the loop goes on (ADR 0013).
"""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import perf_counter
from typing import NamedTuple, ParamSpec, TypeVar

from holdfast.ledger.apply import changes_rules
from holdfast.ledger.commands import Command, ExpireHold
from holdfast.ledger.state import Decision, State
from holdfast.storage.contract import Store, StoreBusy, StoreError
from holdfast.storage.records import Record

from .batch import Attached, prepare, probe
from .clock import LedgerClock
from .measures import Measures

QUEUE_MAX = 20_000
"""Commands that may wait; one more is refused at once."""

BATCH_MAX = 1_024
EXPIRY_EVERY_S = 0.5
EXPIRY_BATCH_MAX = 512
EXPIRY_ACTOR = "system:expiry"
BUSY_WAIT_S = 5.0
BUSY_PAUSE_S = 0.005

P = ParamSpec("P")
T = TypeVar("T")

_log = logging.getLogger("holdfast.engine")


class EngineFullError(Exception):
    """The queue is full; nothing was done, try again after a moment."""


class EngineStoppedError(Exception):
    """The engine takes no more work; nothing was done."""


Answer = Callable[[list[Decision] | Exception], None]
"""What is called once with the decisions of a submission, or with why there are none."""


class _Item(NamedTuple):
    commands: Sequence[Command]
    answer: Answer
    queued_at: float
    records: Sequence[Record]


class Engine:
    """Commands in, decisions out after the commit; all methods are for the event loop.

    `on_commit` is called for every batch that changed something, in order of the commits.
    """

    def __init__(
        self,
        store: Store,
        clock: LedgerClock | None = None,
        *,
        on_commit: Callable[[State], None] = lambda state: None,
        queue_max: int = QUEUE_MAX,
        batch_max: int = BATCH_MAX,
    ) -> None:
        self.measures = Measures()
        self.clock = clock or LedgerClock()
        self._store = store
        self._on_commit = on_commit
        self._queue_max = queue_max
        self._batch_max = batch_max
        self._queue: deque[_Item] = deque()
        self._arrived = asyncio.Event()
        self._waiting = 0
        self._trouble: StoreError | None = None
        self._stopping = False
        self._next_expiry = 0.0
        self.expires = True
        """Whether holds whose time is over are given back here: by one server of a database."""
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="holdfast-commit")

    @property
    def queue_depth(self) -> int:
        """Commands taken and not answered yet."""
        return self._waiting

    @property
    def trouble(self) -> StoreError | None:
        """Why nothing can be written now; None when all is well."""
        return self._trouble

    @property
    def stopping(self) -> bool:
        """Whether new work is refused because the process is going down."""
        return self._stopping

    async def start(self) -> None:
        """Open the store, check that it can be written, and start the writer; raises StoreError."""
        self._loop = asyncio.get_running_loop()
        await self._loop.run_in_executor(self._disk, self._open)
        self._task = asyncio.create_task(self._run(), name="holdfast-writer")

    def _open(self) -> None:
        self._store.open()
        probe(self._store, self.clock)

    def submit(
        self, commands: Sequence[Command], records: Sequence[Record] = ()
    ) -> asyncio.Future[list[Decision]]:
        """Queue commands that belong to one caller; the future gives their decisions, in order.

        `records` are saved in the same commit, if every command succeeded (now or before, for a replay);
        records without a command are always saved.

        Raises EngineFullError or EngineStoppedError at once. The future raises StoreError if the store
        failed: then nothing was acknowledged, and repeating the same ids is safe.
        """
        if self._loop is None:
            raise EngineStoppedError
        future: asyncio.Future[list[Decision]] = self._loop.create_future()

        def answer(decided: list[Decision] | Exception) -> None:
            if future.done():
                return
            if isinstance(decided, Exception):
                future.set_exception(decided)
            else:
                future.set_result(decided)

        self.submit_then(commands, answer, records)
        return future

    def submit_then(
        self, commands: Sequence[Command], answer: Answer, records: Sequence[Record] = ()
    ) -> None:
        """The same on the hot path: `answer`, which must not raise, is called without a detour."""
        if self._stopping or self._loop is None:
            raise EngineStoppedError
        size = len(commands) + len(records)
        if self._waiting + size > self._queue_max:
            self.measures.refused_full += size
            raise EngineFullError
        self._waiting += size
        self._queue.append(_Item(commands, answer, perf_counter(), records))
        self._arrived.set()

    async def stop(self) -> None:
        """Refuse new work, finish what was taken, close the store."""
        self._stopping = True
        self._arrived.set()
        if self._task is not None:
            await self._task
            self._task = None
        self._disk.shutdown()

    async def _run(self) -> None:
        assert self._loop is not None
        while self._queue or not self._stopping:
            if not self._queue:
                alarm = self._loop.call_later(max(0.0, self._next_expiry - perf_counter()), self._arrived.set)
                await self._arrived.wait()
                alarm.cancel()
            self._arrived.clear()
            for batch in self._split(self._gather()):
                await self._decide(batch)
            await self._expire()
            # Let the answers out and the next requests in: that is what makes the next batch large.
            await asyncio.sleep(0)
        self._store.close()

    def _gather(self) -> list[_Item]:
        """All that waits, up to a batch; nothing when it is only time to look at expiries."""
        items: list[_Item] = []
        size = 0
        while self._queue and size < self._batch_max:
            item = self._queue.popleft()
            items.append(item)
            size += len(item.commands) + len(item.records)
        return items

    def _split(self, items: list[_Item]) -> Iterator[list[_Item]]:
        """A command that changes the rules is a batch alone: what it changes decides what others load."""
        batch: list[_Item] = []
        for item in items:
            if item.commands and changes_rules(item.commands[0]):
                if batch:
                    yield batch
                yield [item]
                batch = []
            else:
                batch.append(item)
        if batch:
            yield batch

    async def _decide(self, items: list[_Item]) -> None:
        commands = [command for item in items for command in item.commands]
        started = perf_counter()
        attached = _attached(items)
        size = len(commands) + sum(len(records) for _, _, records in attached)
        try:
            decisions, state = await self._commit(commands, attached)
        except Exception as error:  # noqa: BLE001 - a failed batch must not end the writer
            self._fail(error)
            self._waiting -= size
            for item in items:
                item.answer(error)
            return
        for item in items:
            self.measures.wait_s.observe(started - item.queued_at)
        self._measure(commands, decisions, started)
        start = 0
        for item in items:
            end = start + len(item.commands)
            item.answer(decisions[start:end])
            start = end
        self._waiting -= size
        if state.changes.any():
            self._on_commit(state)

    async def _commit(
        self, commands: Sequence[Command], attached: Sequence[Attached] = ()
    ) -> tuple[list[Decision], State]:
        """Prepare a batch and make it durable.

        After a failed commit the outcome on disk can be unknown. That is safe: nobody was told, and every
        command can be repeated under its own id.
        """
        assert self._loop is not None
        give_up_at = perf_counter() + BUSY_WAIT_S
        while True:
            try:
                decisions, state, changed = await self._on_store(
                    prepare, self._store, self.clock, commands, attached
                )
                break
            except StoreBusy:
                # Another process writes just now; it is waited for here and not inside the store, so that
                # the event loop goes on.
                if perf_counter() > give_up_at:
                    raise
                await asyncio.sleep(BUSY_PAUSE_S * (1 + random.random()))  # noqa: S311 - jitter
        if changed:
            started = perf_counter()
            try:
                await self._loop.run_in_executor(self._disk, self._store.commit)
            except BaseException:
                await self._on_store(self._store.rollback)
                raise
            self.measures.commit_s.observe(perf_counter() - started)
        self._recovered()
        return decisions, state

    async def _expire(self) -> None:
        """Give holds back whose time is over, and see whether a store in trouble works again."""
        now = perf_counter()
        if now < self._next_expiry:
            return
        self._next_expiry = now + EXPIRY_EVERY_S
        try:
            if self._trouble is not None:
                await self._on_store(probe, self._store, self.clock)
                self._recovered()
            if not self.expires:
                return
            due = await self._on_store(self._store.due_holds, self.clock.now_us(), EXPIRY_BATCH_MAX)
            if not due:
                return
            commands = [ExpireHold(id, EXPIRY_ACTOR) for id in due]
            decisions, state = await self._commit(commands)
        except Exception as error:  # noqa: BLE001 - what is due stays due, and is tried again
            self._fail(error)
            return
        if len(due) == EXPIRY_BATCH_MAX:
            self._next_expiry = now
        self._measure(commands, decisions, now)
        self._on_commit(state)

    async def _on_store(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Work that loads or saves: on the loop where that is quick, else on the thread that commits."""
        if not self._store.waits:
            return work(*args, **kwargs)
        assert self._loop is not None
        return await self._loop.run_in_executor(self._disk, partial(work, *args, **kwargs))

    def _measure(self, commands: Sequence[Command], decisions: list[Decision], started: float) -> None:
        measures = self.measures
        measures.batch_size.observe(len(commands))
        measures.batch_s.observe(perf_counter() - started)
        for command, decision in zip(commands, decisions, strict=True):
            measures.decisions[type(command).__name__, decision.code] += 1
            measures.replays += decision.replayed

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, StoreError):
            _log.error("batch failed", exc_info=error)
            return
        self.measures.store_errors[error.code] += 1
        if self._trouble is None:
            _log.error("store in trouble: %s", error)
        self._trouble = error
        if self._next_expiry <= perf_counter():
            self._next_expiry = perf_counter() + EXPIRY_EVERY_S

    def _recovered(self) -> None:
        if self._trouble is not None:
            _log.warning("store works again after: %s", self._trouble)
            self._trouble = None


def _attached(items: Sequence[_Item]) -> list[Attached]:
    """The records of the items, each with the place of its commands in the batch."""
    attached: list[Attached] = []
    start = 0
    for item in items:
        end = start + len(item.commands)
        if item.records:
            attached.append((start, end, item.records))
        start = end
    return attached
