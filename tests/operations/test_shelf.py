"""A shelf: a document is there with the commands it was written with, or not at all, after a restart too."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
import pytest

from holdfast.engine.engine import Engine
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import PutChannel, PutSku
from holdfast.operations.shelf import PAGE, RevisionError, Shelf
from tests.fakes.memory_reader import MemoryReader
from tests.fakes.memory_store import MemoryFile, MemoryStore
from tests.sync.trade import MemoryReaders, move


class Note(msgspec.Struct):
    """A document for these tests."""

    words: str


@asynccontextmanager
async def shelf_of(
    file: MemoryFile, announce: Callable[[str, str], None] = lambda kind, id: None
) -> AsyncIterator[Shelf[Note]]:
    engine = Engine(MemoryStore(file))
    await engine.start()
    shelf = Shelf("note", Note, engine, MemoryReaders(file), engine.clock.now_us, announce)
    await shelf.load()
    yield shelf
    await engine.stop()


async def put(shelf: Shelf[Note], id: str, words: str, **more: object) -> list[ResultCode]:
    done = await shelf.put(id, Note(words), shelf.entry("ann", "r1", "put", id, {}), **more)  # type: ignore[arg-type]
    return [decision.code for decision in done]


def test_a_document_is_there_at_once_and_after_a_restart() -> None:
    async def run() -> None:
        file = MemoryFile()
        async with shelf_of(file) as shelf:
            assert shelf.get("one") is None
            await put(shelf, "two", "b")
            await put(shelf, "one", "a")
            assert shelf.all() == [Note("a"), Note("b")]
        async with shelf_of(file) as shelf:
            assert shelf.get("one") == Note("a")
            assert (shelf.revision("one"), shelf.revision("nobody")) == (1, 0)
            await shelf.remove("one", shelf.entry("ann", "r2", "remove", "one", {}))
            assert shelf.all() == [Note("b")]
        async with shelf_of(file) as shelf:
            assert shelf.all() == [Note("b")]
        trail = [(row.entry.action, row.entry.target) for row in MemoryReader(file).audit(None, 1 << 60, 9)]
        assert trail == [("note.remove", "one"), ("note.put", "one"), ("note.put", "two")]

    asyncio.run(run())


def test_more_documents_than_a_page_are_all_read() -> None:
    async def run() -> None:
        file = MemoryFile()
        async with shelf_of(file) as shelf:
            for number in range(PAGE + 1):
                await put(shelf, f"n{number:04}", "x")
        async with shelf_of(file) as shelf:
            assert len(shelf.all()) == PAGE + 1

    asyncio.run(run())


def test_nothing_is_written_with_a_command_that_is_refused() -> None:
    async def run() -> None:
        file = MemoryFile()
        async with shelf_of(file) as shelf:
            shop = (PutChannel("shop", "shop", "Shop", "ann"), PutSku("A", "A", "ann"))
            assert await put(shelf, "one", "before", commands=shop) == [ResultCode.SAVED, ResultCode.SAVED]
            assert await put(
                shelf, "one", "after", commands=(move("m1", "A", "unallocated", "reserve", 1),)
            ) == [ResultCode.INSUFFICIENT_AVAILABLE]
            assert shelf.get("one") == Note("before")
            await shelf.load()
            assert shelf.get("one") == Note("before")

    asyncio.run(run())


def test_of_two_who_read_the_same_the_second_is_told() -> None:
    async def run() -> None:
        async with shelf_of(MemoryFile()) as shelf:
            await put(shelf, "one", "a", expected=0)
            await put(shelf, "one", "b", expected=1)
            with pytest.raises(RevisionError, match="revision 2"):
                await put(shelf, "one", "c", expected=1)
            assert shelf.get("one") == Note("b")

    asyncio.run(run())


def test_who_watches_is_told_of_what_was_written_and_of_nothing_else() -> None:
    async def run() -> None:
        told: list[tuple[str, str]] = []
        async with shelf_of(MemoryFile(), lambda kind, id: told.append((kind, id))) as shelf:
            await put(shelf, "one", "a")
            await put(shelf, "one", "b", commands=(move("m1", "A", "unallocated", "reserve", 1),))
            await shelf.remove("one", shelf.entry("ann", "r2", "remove", "one", {}))
        assert told == [("note", "one"), ("note", "one")], "written and removed; the refused one was not told"

    asyncio.run(run())
