"""The closed loop: each connection sends its next request as soon as it has its answer."""

import asyncio
import importlib
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from time import perf_counter_ns
from typing import Any, TypeVar

from holdfast.cli.loadclient.connection import Connection, Response
from holdfast.cli.loadclient.request import Answer, Request
from holdfast.cli.loadclient.result import LoadResult
from holdfast.cli.loadclient.schedule import NS, Job, LoadOptions, Schedule

_ERROR_KINDS_MAX = 50
_Result = TypeVar("_Result")
OnAnswer = Callable[[Answer], Iterable[Request] | None]


class ServerUnreachableError(Exception):
    """Not one connection could be opened at the start."""


async def run_load(
    host: str,
    port: int,
    connections: int,
    requests: Iterable[Request],
    on_answer: OnAnswer | None = None,
    options: LoadOptions | None = None,
) -> LoadResult:
    """Send every request and wait for every answer.

    `on_answer` may give back follow-up requests (a payment for the hold just placed); their
    `not_before_s` counts from the start of the load, as `Answer.at_s` does.
    """
    if connections < 1:
        raise ValueError("a load needs at least one connection")
    return await _Run(host, port, requests, on_answer, options or LoadOptions()).run(connections)


def run_blocking(main: Coroutine[Any, Any, _Result]) -> _Result:
    """`asyncio.run`, on uvloop where it is installed."""
    try:
        uvloop = importlib.import_module("uvloop")
    except ImportError:
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


class _Run:
    def __init__(
        self,
        host: str,
        port: int,
        requests: Iterable[Request],
        on_answer: OnAnswer | None,
        options: LoadOptions,
    ) -> None:
        self._host, self._port = host, port
        self._on_answer = on_answer
        self._options = options
        self._schedule = Schedule(requests, options.look_ahead)
        self._loop = asyncio.get_running_loop()
        self._done: asyncio.Future[None] = self._loop.create_future()
        self._jobs: dict[Connection, Job | None] = {}
        self._idle: deque[Connection] = deque()
        self._in_flight = 0
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._away_since_ns = 0
        self._last_ns = 0
        self.result = LoadResult()

    async def run(self, connections: int) -> LoadResult:
        try:
            opened = await asyncio.gather(*(self._open() for _ in range(connections)), return_exceptions=True)
            failures = [outcome for outcome in opened if isinstance(outcome, BaseException)]
            if len(failures) == connections:
                raise self._unreachable(failures[0]) from failures[0]
            self._schedule.start_ns = self._last_ns = perf_counter_ns()
            for _ in failures:
                self._spawn(self._reconnect(0))
            self._spawn(self._sweep())
            self._pump()
            await self._done
        finally:
            self._finish()
        return self.result

    def _finish(self) -> None:
        self.result.taken = self._schedule.taken
        self.result.wall_s = (self._last_ns - self._schedule.start_ns) / NS
        self._done.cancel()
        if self._timer is not None:
            self._timer.cancel()
        for task in self._tasks:
            task.cancel()
        for connection in self._jobs:
            connection.close()

    # --- connections

    def _unreachable(self, cause: BaseException) -> ServerUnreachableError:
        reason = str(cause) or type(cause).__name__
        return ServerUnreachableError(f"nothing answers at {self._host}:{self._port}: {reason}")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self) -> None:
        connection = Connection(self._on_response, self._on_lost)
        async with asyncio.timeout(self._options.timeout_s):
            await self._loop.create_connection(lambda: connection, self._host, self._port)
        self.result.connections_opened += 1
        self._away_since_ns = 0
        if connection.usable:
            self._jobs[connection] = None
            self._idle.append(connection)

    async def _reconnect(self, attempt: int) -> None:
        """Tries until it is open again; the load is aborted when nobody gets through for long."""
        while True:
            if attempt:
                await asyncio.sleep(self._options.pause_ns(attempt - 1) / NS)
            attempt += 1
            try:
                await self._open()
            except (OSError, TimeoutError) as error:
                self._away_since_ns = self._away_since_ns or perf_counter_ns()
                away_s = (perf_counter_ns() - self._away_since_ns) / NS
                if not self._jobs and away_s >= self._options.reconnect_for_s:
                    self.result.aborted = f"{self._unreachable(error)} (tried for {away_s:.1f} s)"
                    self._stop(None)
                    return
            else:
                self._pump()
                return

    async def _sweep(self) -> None:
        """One timer for all: an answer is given up between one and one and a quarter time-outs."""
        timeout_ns = int(self._options.timeout_s * NS)
        while True:
            await asyncio.sleep(self._options.timeout_s / 4)
            limit = perf_counter_ns() - timeout_ns
            for connection in list(self._jobs):
                if connection.busy and connection.sent_ns < limit:
                    connection.fail(f"no answer within {self._options.timeout_s:g} s")

    def _on_lost(self, connection: Connection, reason: str) -> None:
        job = self._jobs.pop(connection, None)
        if self._done.done():
            return
        if reason:
            errors = self.result.transport_errors
            known = reason in errors or len(errors) < _ERROR_KINDS_MAX
            errors[reason if known else "other"] += 1
        if job is not None:
            self._in_flight -= 1
            if job.attempts < self._options.attempts_max:
                self.result.retries_transport += 1
                self._again(job, self._options.pause_ns(job.attempts - 1))
            else:
                self._answered(job, None, reason)
        self._spawn(self._reconnect(0 if connection.served else 1))
        self._pump()

    # --- requests

    def _pump(self) -> None:
        """Gives work to connections at rest, and sees when all is done."""
        while self._idle and not self._done.done():
            connection = self._idle.popleft()
            if connection.usable and not self._give_next(connection):
                break
        if self._schedule.empty and not self._in_flight:
            self._stop(None)

    def _stop(self, error: Exception | None) -> None:
        if self._done.done():
            return
        if error is None:
            self._done.set_result(None)
        else:
            self._done.set_exception(error)

    def _give_next(self, connection: Connection) -> bool:
        """False when nothing is due; the connection then rests until the next due moment."""
        try:
            job = self._schedule.take(perf_counter_ns())
        except Exception as error:  # noqa: BLE001 - the caller's iterator; re-raised by run_load
            self._stop(error)
            return False
        if job is None:
            self._idle.append(connection)
            self._wake_when_due()
            return False
        self._in_flight += 1
        self._jobs[connection] = job
        job.attempts += 1
        connection.send(job.request.wire)
        if job.attempts == 1:
            job.first_sent_ns = connection.sent_ns
            job.late_ns = connection.sent_ns - job.due_ns if job.due_ns else 0
        return True

    def _wake_when_due(self) -> None:
        due_ns = self._schedule.next_due_ns
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if due_ns is not None:
            delay_s = max(0, due_ns - perf_counter_ns()) / NS
            self._timer = self._loop.call_later(delay_s, self._pump)

    def _again(self, job: Job, pause_ns: int) -> None:
        job.due_ns = perf_counter_ns() + pause_ns
        self._schedule.put(job)

    def _on_response(self, connection: Connection, response: Response) -> None:
        job = self._jobs[connection]
        assert job is not None, "a response without a request never leaves the connection"
        self._jobs[connection] = None
        self._in_flight -= 1
        if response.status == 503 and job.attempts < self._options.attempts_max:
            self.result.retries_busy += 1
            self._again(job, self._options.busy_pause_ns(response.retry_after, job.attempts - 1))
        else:
            self._answered(job, response, "")
        if not connection.usable or not self._give_next(connection) or self._idle:
            self._pump()

    def _answered(self, job: Job, response: Response | None, error: str) -> None:
        result = self.result
        now_ns = response.done_ns if response else perf_counter_ns()
        self._last_ns = max(self._last_ns, now_ns)
        latency_ns = now_ns - job.first_sent_ns
        result.late_max_ns = max(result.late_max_ns, job.late_ns)
        if response is None:
            result.unanswered += 1
            response = Response(0, b"", False, "", now_ns)
        else:
            result.answered += 1
            result.by_status[response.status] += 1
            result.replayed += response.replayed
            result.latencies_ns.append(latency_ns)
        if self._on_answer is None:
            return
        answer = Answer(
            job.request,
            response.status,
            response.body,
            response.replayed,
            latency_ns,
            job.late_ns,
            job.attempts,
            (now_ns - self._schedule.start_ns) / NS,
            error,
        )
        try:
            for request in self._on_answer(answer) or ():
                self._schedule.follow_up(request)
        except Exception as problem:  # noqa: BLE001 - the caller's code; re-raised by run_load
            self._stop(problem)
