"""One of several servers on one database: it takes the work in the background when nobody has it.

Who has the post has a number too, and each of its batches looks whether that number still stands. A server
that hung, and was taken for dead, can therefore write nothing when it goes on: it finds its post lost, and
ends.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from holdfast.storage.contract import Post, StoreError, WorkerPost

LOOK_EVERY_S = 0.5
"""How often is looked whether the post is free, and how often is said that we live if we have it."""

_log = logging.getLogger("holdfast.replica")


class Replica:
    """For the event loop alone. `begin` starts the work once; `ended` is called when the post was lost."""

    def __init__(
        self,
        post: WorkerPost,
        fence: Callable[[int | None], None],
        begin: Callable[[], Awaitable[None]],
        *,
        wants: bool,
        every_s: float = LOOK_EVERY_S,
    ) -> None:
        self.url = ""
        """Where the other servers reach this one; set once it listens."""
        self.ended: Callable[[], None] = lambda: None
        self.lost = False
        """Whether what this server has in memory is worth nothing any more, so that it has to end."""
        self.worker_url = ""
        """Where the server is that does the work; empty while nobody does."""
        self.working = False
        """Whether this one does it, and has begun to."""
        self._post = post
        self._fence = fence
        self._begin = begin
        self._wants = wants
        self._every_s = every_s
        self._has_post = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="holdfast-post")
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Take the post if it is free, and begin to work before this returns; raises StoreError."""
        await self._look()
        self._tasks.append(asyncio.create_task(self._run(), name="holdfast-post"))
        if self._has_post:
            await self._work()

    async def stop(self) -> None:
        """Look no more; the post is kept until `leave`, for what is still to be written."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def leave(self) -> None:
        """Give the post up, so that another server need not wait for it."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._post.leave)
        self._thread.shutdown()

    async def _look(self) -> None:
        found: Post = await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: self._post.look(self.url, wants=self._wants)
        )
        if found.lost:
            self.give_up("another server has taken over the work in the background")
        elif found.token is not None and not self._has_post:
            self._has_post = True
            self._fence(found.token)
        elif found.token is None:
            self.worker_url = found.url

    async def _work(self) -> None:
        await self._begin()
        self.working = True
        _log.info("this server does the work in the background now")

    async def _take_over(self) -> None:
        try:
            await self._work()
        except StoreError as error:
            self.give_up(f"the work in the background could not begin: {error}")

    def give_up(self, why: str) -> None:
        """End this server, because what it has in memory is no longer what is on file."""
        _log.error("%s; this server ends, to be started anew", why)
        self.working = self._wants = False
        self.lost = True
        self.ended()

    async def _run(self) -> None:
        told = ""
        while True:
            await asyncio.sleep(self._every_s)
            had = self._has_post
            try:
                await self._look()
                told = ""
            except StoreError as error:
                if str(error) != told:
                    told = str(error)
                    _log.warning("who does the work in the background is not known: %s", told)
                continue
            if self._has_post and not had:
                self._tasks.append(asyncio.create_task(self._take_over(), name="holdfast-take-over"))
