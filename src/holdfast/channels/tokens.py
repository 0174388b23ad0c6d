"""Tokens of one shop: one refresh at a time, and the new pair is on file before it is used."""

import asyncio
from collections.abc import Awaitable, Callable

from .adapter import Tokens


class MemoryTokenBox:
    """Keeps the pair in memory; `save` puts a new one on file, and is awaited before anybody gets it.

    A refresh goes on although its caller is cancelled, and a pair that could not be saved is kept for the
    next attempt: several platforms take a refresh token only once, so a lost pair would lock the shop out.
    """

    def __init__(self, tokens: Tokens, save: Callable[[Tokens], Awaitable[None]]) -> None:
        self._tokens = tokens
        self._save = save
        self._lock = asyncio.Lock()
        self._unsaved: Tokens | None = None
        self._running: set[asyncio.Task[Tokens]] = set()

    async def current(self) -> Tokens:
        """The tokens on file."""
        return self._tokens

    async def refreshed(self, spent: Tokens, refresh: Callable[[Tokens], Awaitable[Tokens]]) -> Tokens:
        """A pair newer than `spent`: another task's, or what `refresh` gives, saved."""
        task = asyncio.create_task(self._renewed(spent, refresh))
        self._running.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    async def _renewed(self, spent: Tokens, refresh: Callable[[Tokens], Awaitable[Tokens]]) -> Tokens:
        async with self._lock:
            if self._tokens.access != spent.access:
                return self._tokens
            if self._unsaved is None:
                self._unsaved = await refresh(self._tokens)
            await self._save(self._unsaved)
            self._tokens, self._unsaved = self._unsaved, None
            return self._tokens

    def _ended(self, task: asyncio.Task[Tokens]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # read, so that asyncio does not report it when the caller has gone
