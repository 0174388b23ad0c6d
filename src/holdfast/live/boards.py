"""Boards: one writer an item, however many read it: a thousand viewers are one watcher of the feed."""

import asyncio
from collections.abc import Awaitable, Callable


class Board:
    """The newest words on one item."""

    def __init__(self) -> None:
        self.words = b""
        self.ended = False
        self.readers = 0
        self.writer: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    def tell(self, words: bytes) -> None:
        """Put new words in the place of the old ones."""
        self.words = words
        self._wake()

    def end(self) -> None:
        """Let every reader go."""
        self.ended = True
        self._wake()

    async def change(self) -> None:
        """Wait until there are new words, or no more."""
        if not self.ended:
            await self._changed.wait()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


class Boards:
    """All boards that somebody reads."""

    def __init__(self) -> None:
        self._boards: dict[str, Board] = {}

    def join(self, sku: str, write: Callable[[Board], Awaitable[None]]) -> Board:
        """Read the board of an item; the first reader starts its writer."""
        board = self._boards.get(sku)
        if board is None or board.ended:
            board = self._boards[sku] = Board()
            board.writer = asyncio.ensure_future(self._write(board, write))
        board.readers += 1
        return board

    def leave(self, sku: str, board: Board) -> None:
        """Read it no more; the last reader ends its writer."""
        board.readers -= 1
        if board.readers == 0:
            if board.writer is not None:
                board.writer.cancel()
            if self._boards.get(sku) is board:
                del self._boards[sku]

    @staticmethod
    async def _write(board: Board, write: Callable[[Board], Awaitable[None]]) -> None:
        try:
            await write(board)
        finally:
            board.end()
