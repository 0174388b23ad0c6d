"""A platform that answers from a list, and the small things an adapter is made with."""

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from holdfast.channels.adapter import Tokens
from holdfast.channels.http import Repeats
from holdfast.channels.tokens import MemoryTokenBox

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]
NOW_US = 1_700_000_000_000_000


@dataclass
class FakePlatform:
    """Answers calls in the order of its list, and keeps what it was asked."""

    answers: list[Answer] = field(default_factory=list)
    asked: list[httpx.Request] = field(default_factory=list)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer


@dataclass
class FakeFile:
    """Where tokens are saved; `trouble` is raised once instead."""

    saved: list[Tokens] = field(default_factory=list)
    trouble: Exception | None = None

    async def save(self, tokens: Tokens) -> None:
        if self.trouble is not None:
            trouble, self.trouble = self.trouble, None
            raise trouble
        self.saved.append(tokens)


def box(access: str = "old-access-token", refresh: str = "old-refresh-token") -> MemoryTokenBox:
    return MemoryTokenBox(Tokens(access, refresh), FakeFile().save)


@dataclass
class FakeSleep:
    """Sleeps no time, and keeps how long it should have been."""

    slept_s: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.slept_s.append(seconds)


def quick() -> Repeats:
    """Repeats that wait for nothing."""
    return Repeats(sleep=FakeSleep(), draw=lambda: 0.0)


def now_us() -> int:
    return NOW_US
