"""Commits in order on one of several servers: our own at once, those of the others as they are read.

A commit of our own that comes next goes out without a detour. If another server committed in between, ours
waits for a moment until that one was read: whoever is told of number N has been told of all before it.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from holdfast.ledger.state import State
from holdfast.ledger.views import StockView
from holdfast.storage.contract import Followed, NewsReader, StoreError

BUSY_EVERY_S = 0.02
IDLE_EVERY_S = 0.2
"""How often is looked for commits of others: often while there are any, and less and less while not."""

_log = logging.getLogger("holdfast.follower")


class Follower:
    """For the event loop alone.

    `on_own` is given our own commits that come next, `on_others` those of the others (None if they are no
    longer on file) with the stock of all that changed, ours included. `on_late` is given a commit of our own
    that the others' news overtook: its stock was told of with theirs.
    """

    def __init__(
        self,
        news: NewsReader,
        on_own: Callable[[State], None],
        on_others: Callable[[Sequence[State] | None, Sequence[StockView]], None],
        on_late: Callable[[State], None],
    ) -> None:
        self._news = news
        self._on_own = on_own
        self._on_others = on_others
        self._on_late = on_late
        self._seen = 0
        self._waiting: dict[int, State] = {}
        self._wake = asyncio.Event()
        self._reading = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="holdfast-follower")
        self._task: asyncio.Task[None] | None = None

    @property
    def seen(self) -> int:
        """The number of the last commit that was passed on."""
        return self._seen

    async def start(self) -> None:
        """Follow from here on; raises StoreError."""
        head = await asyncio.get_running_loop().run_in_executor(self._thread, self._news.head)
        self._seen = head.commit_number
        self._task = asyncio.create_task(self._run(), name="holdfast-follower")

    async def stop(self) -> None:
        """Follow no more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await asyncio.get_running_loop().run_in_executor(self._thread, self._news.close)
        self._thread.shutdown()

    def own(self, state: State) -> None:
        """Take a commit of our own."""
        if state.commit_number == self._seen + 1:
            self._seen += 1
            self._on_own(state)
            self._go_on()
        elif state.commit_number > self._seen:
            self._waiting[state.commit_number] = state
            self._wake.set()
        else:
            self._on_late(state)

    async def catch_up(self) -> bool:
        """Read what the others committed, and pass it on; whether there was anything. Raises StoreError."""
        async with self._reading:
            after = self._seen
            found = await asyncio.get_running_loop().run_in_executor(self._thread, self._news.follow, after)
            if found is None:
                return False
            self._pass_on(found)
            return True

    def _pass_on(self, found: Followed) -> None:
        """Tell of what was read, with our own commits that waited for it; some went out meanwhile."""
        if found.number > self._seen:
            ours = [self._waiting.pop(number) for number in sorted(self._waiting) if number <= found.number]
            commits = None
            if found.commits is not None:
                commits = sorted([*found.commits, *ours], key=lambda state: state.commit_number)
            stocks = [view for view in found.stocks if view.version > self._seen]
            self._seen = found.number
            self._on_others(commits, stocks)
        self._go_on()

    def _go_on(self) -> None:
        while (state := self._waiting.pop(self._seen + 1, None)) is not None:
            self._seen += 1
            self._on_own(state)

    async def _run(self) -> None:
        pause_s, told = IDLE_EVERY_S, ""
        while True:
            self._wake.clear()
            try:
                pause_s = BUSY_EVERY_S if await self.catch_up() else min(IDLE_EVERY_S, pause_s * 2)
                told = ""
            except StoreError as error:
                pause_s = IDLE_EVERY_S
                if str(error) != told:
                    told = str(error)
                    _log.warning("the commits of other servers are read again: %s", told)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._wake.wait()
