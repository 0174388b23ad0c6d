"""Tallies of windows, tickets and periods that are over are swept away, a few at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.storage.contract import StoreError
from holdfast.storage.records import TallyGone
from holdfast.sync.world import Readers, Submitter

US_PER_S = 1_000_000
KEPT_S = 86_400
"""So long they are kept after their end: who goes back to a period the same day finds it as it was."""
SWEPT_AT_ONCE_MAX = 500
"""Rows that one commit deletes: holds wait for it."""
LOOK_EVERY_S = 600.0
BETWEEN_S = 0.5

_log = logging.getLogger("holdfast.guards")


class TallySweep:
    """For the event loop alone."""

    def __init__(
        self,
        engine: Submitter,
        readers: Readers,
        now_us: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._engine = engine
        self._readers = readers
        self._now_us = now_us
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look now and then, until `stop`."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End it; what is left is found by the next look."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def once(self) -> int:
        """Delete some, in one commit; how many. Raises StoreError, EngineFullError or EngineStoppedError."""
        before_s = self._now_us() // US_PER_S - KEPT_S
        spent = await self._readers.read(lambda reader: reader.spent_tallies(before_s, SWEPT_AT_ONCE_MAX))
        if spent:
            await self._engine.submit((), [TallyGone(number, until_s, before_s) for number, until_s in spent])
        return len(spent)

    async def _run(self) -> None:
        while True:
            more = False
            try:
                more = await self.once() == SWEPT_AT_ONCE_MAX
            except (StoreError, EngineFullError, EngineStoppedError) as error:
                _log.warning("counters of guards that are over stay for now: %s", error)
            await self._sleep(BETWEEN_S if more else LOOK_EVERY_S)
