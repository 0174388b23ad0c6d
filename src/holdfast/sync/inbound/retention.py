"""Raw pushes are evidence, and buyers' data: they are kept for a time, and then deleted a few at a time."""

import logging

from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.storage.contract import StoreError
from holdfast.storage.records import PushGone

from ..world import US_PER_S, World

DAY_US = 86_400 * US_PER_S
FORGOTTEN_AT_ONCE_MAX = 200
"""Rows that one commit deletes: orders wait for it."""
LOOK_EVERY_S = 600.0
BETWEEN_S = 0.5

_log = logging.getLogger("holdfast.sync")


class Retention:
    """Deletes pushes that are done with and older than `keep_days`; 0 keeps them for ever."""

    def __init__(self, world: World, keep_days: int) -> None:
        self._world = world
        self._keep_us = keep_days * DAY_US

    async def run(self) -> None:
        """Look now and then, for as long as the process runs."""
        while self._keep_us:
            more = False
            try:
                more = await self.once() == FORGOTTEN_AT_ONCE_MAX
            except (StoreError, EngineFullError, EngineStoppedError) as error:
                _log.warning("old pushes stay for now: %s", error)
            await self._world.sleep(BETWEEN_S if more else LOOK_EVERY_S)

    async def once(self) -> int:
        """Delete the oldest, in one commit; how many. Raises StoreError or EngineFullError."""
        before_us = self._world.now_us() - self._keep_us
        old = await self._world.readers.read_sync(
            lambda reader: reader.old_pushes(before_us, FORGOTTEN_AT_ONCE_MAX)
        )
        if old:
            await self._world.submit((), [PushGone(seq) for seq in old])
        return len(old)
