"""What is to be sent next: the waiting whose time has come, otherwise the next of the iterator."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

from holdfast.cli.loadclient.request import Request

NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """Retries repeat the very same bytes, so every request must carry its own idempotency id."""

    timeout_s: float = 30.0
    attempts_max: int = 6
    backoff_s: float = 0.02
    retry_after_max_s: float = 5.0
    reconnect_for_s: float = 10.0
    look_ahead: int = 10_000

    def pause_ns(self, attempt: int) -> int:
        """Doubles with each attempt, with jitter so that a crowd does not come back as one."""
        jitter = 0.5 + random.random()  # noqa: S311 - nothing secret
        return int(self.backoff_s * 2 ** min(attempt, 8) * jitter * NS)

    def busy_pause_ns(self, retry_after: str, attempt: int) -> int:
        """At least what the server asked for, up to our bound; jitter only adds to it."""
        asked_s = float(retry_after) if retry_after.strip().isdecimal() else 0.0
        bounded_s = min(asked_s, self.retry_after_max_s)
        if bounded_s <= 0:
            return self.pause_ns(attempt)
        jitter = 1 + 0.2 * random.random()  # noqa: S311 - nothing secret
        return int(bounded_s * jitter * NS)


class Job:
    """A request on its way, with what its earlier attempts left behind."""

    __slots__ = ("attempts", "due_ns", "first_sent_ns", "late_ns", "request")

    def __init__(self, request: Request, due_ns: int) -> None:
        self.request = request
        self.due_ns = due_ns
        self.first_sent_ns = 0
        self.late_ns = 0
        self.attempts = 0


class Schedule:
    """At most `look_ahead` requests wait here; beyond that the iterator is left alone."""

    def __init__(self, requests: Iterable[Request], look_ahead: int) -> None:
        self._requests: Iterator[Request] = iter(requests)
        self._look_ahead = look_ahead
        self._waiting: list[tuple[int, int, Job]] = []
        self._sequence = count()
        self._exhausted = False
        self.start_ns = 0
        self.taken = 0

    @property
    def empty(self) -> bool:
        """Nothing is left to send, now or later."""
        return self._exhausted and not self._waiting

    @property
    def next_due_ns(self) -> int | None:
        """When the earliest of the waiting may go."""
        return self._waiting[0][0] if self._waiting else None

    def take(self, now_ns: int) -> Job | None:
        """The job to send now, if any may go now."""
        waiting = self._waiting
        if waiting and waiting[0][0] <= now_ns:
            return heappop(waiting)[2]
        while not self._exhausted and len(waiting) < self._look_ahead:
            request = next(self._requests, None)
            if request is None:
                self._exhausted = True
                break
            job = self._accept(request)
            if job.due_ns <= now_ns:
                return job
            self.put(job)
        return None

    def follow_up(self, request: Request) -> None:
        """A request born from an answer."""
        self.put(self._accept(request))

    def put(self, job: Job) -> None:
        """Wait until the job's own due time."""
        heappush(self._waiting, (job.due_ns, next(self._sequence), job))

    def _accept(self, request: Request) -> Job:
        self.taken += 1
        if request.not_before_s <= 0:
            return Job(request, 0)
        return Job(request, self.start_ns + int(request.not_before_s * NS))
