"""The writer: a bounded queue in front of one thread that turns whatever waits into one commit."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import NamedTuple

from holdfast.ledger.apply import changes_rules
from holdfast.ledger.commands import Command, ExpireHold
from holdfast.ledger.state import Decision, State
from holdfast.storage.contract import Store, StoreError

from .batch import Committed, probe, run_batch
from .clock import LedgerClock
from .measures import Measures

QUEUE_MAX = 20_000
"""Commands that may wait; one more is refused at once."""

BATCH_MAX = 1_024
EXPIRY_EVERY_S = 0.5
EXPIRY_BATCH_MAX = 512
EXPIRY_ACTOR = "system:expiry"

_log = logging.getLogger("holdfast.engine")


class EngineFullError(Exception):
    """The queue is full; nothing was done, try again after a moment."""


class EngineStoppedError(Exception):
    """The engine takes no more work; nothing was done."""


class _Item(NamedTuple):
    commands: Sequence[Command]
    answer: asyncio.Future[list[Decision]]
    queued_at: float


class Engine:
    """Commands in from the event loop, decisions out after the commit.

    `on_commit` is called on the event loop for every batch that changed something, in order of the commits.
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
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._waiting = 0
        self._trouble: StoreError | None = None
        self._stopping = False
        self._next_expiry = 0.0
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

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
        await asyncio.to_thread(self._open)
        self._thread = threading.Thread(target=self._run, name="holdfast-writer", daemon=True)
        self._thread.start()

    def _open(self) -> None:
        self._store.open()
        probe(self._store, self.clock)

    def submit(self, commands: Sequence[Command]) -> asyncio.Future[list[Decision]]:
        """Queue commands that belong to one caller; the future gives their decisions, in order.

        Raises EngineFullError or EngineStoppedError at once. The future raises StoreError if the store
        failed: then nothing was acknowledged, and repeating the same ids is safe.
        """
        if self._stopping or self._loop is None:
            raise EngineStoppedError
        if self._waiting + len(commands) > self._queue_max:
            self.measures.refused_full += len(commands)
            raise EngineFullError
        self._waiting += len(commands)
        answer: asyncio.Future[list[Decision]] = self._loop.create_future()
        self._queue.put(_Item(commands, answer, perf_counter()))
        return answer

    async def stop(self) -> None:
        """Refuse new work, finish what was taken, close the store."""
        self._stopping = True
        if self._thread is not None:
            self._queue.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None
            # Answers are set by callbacks that the writer scheduled before it ended.
            await asyncio.sleep(0)

    def _run(self) -> None:
        last = False
        while not last:
            items, last = self._gather()
            for batch in self._split(items):
                self._decide(batch)
            self._expire()
        self._store.close()

    def _gather(self) -> tuple[list[_Item], bool]:
        """All that waits, up to a batch; an empty list when it is only time to look at expiries."""
        try:
            item = self._queue.get(timeout=max(0.0, self._next_expiry - perf_counter()))
        except Empty:
            return [], False
        items: list[_Item] = []
        size = 0
        while item is not None:
            items.append(item)
            size += len(item.commands)
            if size >= self._batch_max:
                return items, False
            try:
                item = self._queue.get_nowait()
            except Empty:
                return items, False
        return items, True

    def _split(self, items: list[_Item]) -> Iterator[list[_Item]]:
        """A command that changes the rules is a batch alone: what it changes decides what others load."""
        batch: list[_Item] = []
        for item in items:
            if changes_rules(item.commands[0]):
                if batch:
                    yield batch
                yield [item]
                batch = []
            else:
                batch.append(item)
        if batch:
            yield batch

    def _decide(self, items: list[_Item]) -> None:
        commands = [command for item in items for command in item.commands]
        started = perf_counter()
        try:
            committed = run_batch(self._store, self.clock, commands)
        except StoreError as error:
            self._fail(error)
            self._call(self._answer_error, items, len(commands), error)
            return
        except Exception as error:  # noqa: BLE001 - a bug in one batch must not end the writer
            _log.exception("batch failed")
            self._call(self._answer_error, items, len(commands), error)
            return
        self._recovered()
        self._measure(items, commands, committed, started)
        self._call(self._answer, items, committed)

    def _expire(self) -> None:
        """Give holds back whose time is over, and see whether a store in trouble works again."""
        now = perf_counter()
        if now < self._next_expiry:
            return
        self._next_expiry = now + EXPIRY_EVERY_S
        try:
            if self._trouble is not None:
                probe(self._store, self.clock)
                self._recovered()
            due = self._store.due_holds(self.clock.now_us(), EXPIRY_BATCH_MAX)
            if not due:
                return
            commands = [ExpireHold(id, EXPIRY_ACTOR) for id in due]
            committed = run_batch(self._store, self.clock, commands)
        except StoreError as error:
            self._store.rollback()
            self._fail(error)
            return
        if len(due) == EXPIRY_BATCH_MAX:
            self._next_expiry = now
        self._measure([], commands, committed, now)
        self._call(self._answer, [], committed)

    def _measure(
        self, items: list[_Item], commands: Sequence[Command], committed: Committed, started: float
    ) -> None:
        measures = self.measures
        measures.batch_size.observe(len(commands))
        measures.commit_s.observe(committed.commit_s)
        measures.batch_s.observe(perf_counter() - started)
        for item in items:
            measures.wait_s.observe(started - item.queued_at)
        for command, decision in zip(commands, committed.decisions, strict=True):
            measures.decisions[type(command).__name__, decision.code] += 1
            measures.replays += decision.replayed

    def _fail(self, error: StoreError) -> None:
        self.measures.store_errors[error.code] += 1
        if self._trouble is None:
            _log.error("store in trouble: %s", error)
        self._trouble = error

    def _recovered(self) -> None:
        if self._trouble is not None:
            _log.warning("store works again after: %s", self._trouble)
            self._trouble = None

    def _call(self, function: Callable[..., None], *values: object) -> None:
        assert self._loop is not None
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function, *values)

    def _answer(self, items: list[_Item], committed: Committed) -> None:
        start = 0
        decisions = committed.decisions
        for item in items:
            end = start + len(item.commands)
            if not item.answer.done():
                item.answer.set_result(decisions[start:end])
            start = end
        self._waiting -= start
        if committed.state.changes.any():
            self._on_commit(committed.state)

    def _answer_error(self, items: list[_Item], count: int, error: Exception) -> None:
        self._waiting -= count
        for item in items:
            if not item.answer.done():
                item.answer.set_exception(error)
