"""The post of the one that works: taken when it is free, lost for good, and trouble is waited out."""

import asyncio
import itertools
from collections.abc import Callable

from holdfast.engine.replica import Replica
from holdfast.storage.contract import Post, StoreError


class FakePost:
    """Says at each look what the test wrote down, the last of it again and again."""

    def __init__(self, *answers: Post | StoreError) -> None:
        self.answers = list(answers)
        self.wanted: list[bool] = []
        self.left = False

    def look(self, url: str, *, wants: bool) -> Post:
        self.wanted.append(wants)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, StoreError):
            raise answer
        return answer

    def leave(self) -> None:
        self.left = True


class Server:
    """A replica with what it was told to do."""

    def __init__(self, post: FakePost, *, wants: bool = True, broken: bool = False) -> None:
        self.fences: list[int | None] = []
        self.begun = 0
        self.ended = asyncio.Event()
        self.broken = broken
        self.replica = Replica(post, self.fences.append, self.begin, wants=wants, every_s=0.001)
        self.replica.ended = self.ended.set

    async def begin(self) -> None:
        if self.broken:
            raise StoreError("no")
        self.begun += 1


async def until(condition: Callable[[], bool]) -> None:
    """Let the others go on until something is so."""
    async with asyncio.timeout(10):
        for _ in itertools.takewhile(lambda _: not condition(), itertools.count()):
            await asyncio.sleep(0)


def test_a_free_post_is_taken_at_the_start_and_given_up_at_the_end() -> None:
    async def run() -> None:
        post = FakePost(Post(7, "http://me"))
        server = Server(post)
        await server.replica.start()
        assert (server.replica.working, server.begun, server.fences) == (True, 1, [7])
        await server.replica.stop()
        assert not post.left
        await server.replica.leave()
        assert post.left

    asyncio.run(run())


def test_it_is_taken_over_once_when_it_becomes_free_though_the_database_was_away() -> None:
    async def run() -> None:
        post = FakePost(Post(None, "http://other"), StoreError("lost"), Post(8, "http://me"))
        server = Server(post)
        await server.replica.start()
        assert (server.replica.working, server.replica.worker_url) == (False, "http://other")
        await until(lambda: server.replica.working and len(post.wanted) >= 6)
        assert (server.begun, server.fences) == (1, [8])
        await server.replica.stop()
        await server.replica.leave()

    asyncio.run(run())


def test_who_lost_it_ends_and_does_not_want_it_again() -> None:
    async def run() -> None:
        post = FakePost(Post(7, "http://me"), Post(None, "", lost=True), Post(None, "http://other"))
        server = Server(post)
        await server.replica.start()
        await asyncio.wait_for(server.ended.wait(), 10)
        assert (server.replica.working, server.replica.lost) == (False, True)
        looks = len(post.wanted)
        await until(lambda: len(post.wanted) >= looks + 2)
        assert not post.wanted[-1]
        await server.replica.stop()
        await server.replica.leave()

    asyncio.run(run())


def test_who_cannot_begin_ends_so_that_another_may_try() -> None:
    async def run() -> None:
        server = Server(FakePost(Post(None, ""), Post(7, "http://me")), broken=True)
        await server.replica.start()
        await asyncio.wait_for(server.ended.wait(), 10)
        assert not server.replica.working
        await server.replica.stop()
        await server.replica.leave()

    asyncio.run(run())
