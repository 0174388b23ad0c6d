"""What stands between the network and the platform: delay, loss, late application, throttling, outage."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Callable

from starlette.types import Receive, Scope, Send

from .misbehaviour import FAULTS, PlannedFault, Settings
from .platform import Answer, Call, Platform, json_answer

DISCONNECT = "holdfast.disconnect"
"""The scope's extension that breaks the connection; the server of `running` offers it."""


class TokenBucket:
    """So many calls a second, and so many at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._level: float | None = None
        self._seen_at_s = 0.0

    def take(self, per_s: float, burst: float) -> bool:
        """Whether one more call may be made now."""
        now_s = self._clock()
        gained = (now_s - self._seen_at_s) * per_s
        self._level = burst if self._level is None else min(burst, self._level + gained)
        self._seen_at_s = now_s
        if self._level < 1:
            return False
        self._level -= 1
        return True


class Gate:
    """The ASGI application for everything that is not under `/_sim`."""

    def __init__(self, platform: Platform, settings: Settings, chance: random.Random) -> None:
        self.calls: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self._platform = platform
        self._settings = settings
        self._chance = chance
        self._bucket = TokenBucket()
        self._late: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call, with whatever is to happen to it."""
        call = await _read(scope, receive)
        name = self._platform.name_of(call)
        self.calls[name] += 1
        planned = self._settings.take_planned(name)
        fault = self._fault(call, planned)
        wait_s = self._latency_s() / 2
        if fault:
            self.faults[fault] += 1
        if fault in ("outage", "lost_request", "zombie"):
            if fault == "zombie":
                self._apply_late(call)
            await self._break(scope, receive)
            return
        await _pause(wait_s)
        if planned is not None and planned.answer is not None:
            answer = json_answer(planned.answer, planned.status)
        elif fault == "throttle":
            answer = self._platform.throttled(call)
        elif fault == "error":
            answer = self._platform.busy(call)
        else:
            answer = self._platform.answer(call)
        await _pause(wait_s)
        if fault == "lost_response":
            await self._break(scope, receive)
            return
        await _send(send, answer)

    def stop(self) -> None:
        """Forget the calls that are still to be applied."""
        for task in self._late:
            task.cancel()

    def _fault(self, call: Call, planned: PlannedFault | None) -> str:
        now = self._settings.now
        if now.outage:
            return "outage"
        if planned is not None:
            return planned.fault
        rates = [now.lost_request_rate, now.lost_response_rate, now.zombie_rate, 0.0, now.error_rate]
        if self._platform.gives_tokens(call):
            rates = []
        drawn = self._chance.random()
        fault = ""
        for name, rate in zip(FAULTS, rates, strict=False):
            drawn -= rate
            if drawn < 0:
                fault = name
                break
        if fault in ("lost_request", "zombie"):
            return fault
        burst = now.throttle_burst if now.throttle_burst is not None else max(now.throttle_per_s, 1.0)
        if now.throttle_per_s and not self._bucket.take(now.throttle_per_s, burst):
            return "throttle"
        return fault

    def _latency_s(self) -> float:
        latency_ms = self._settings.now.latency_ms
        return (self._chance.uniform(*latency_ms) if isinstance(latency_ms, tuple) else latency_ms) / 1_000

    def _apply_late(self, call: Call) -> None:
        task = asyncio.create_task(
            self._answer_nobody(call, self._chance.uniform(*self._settings.now.zombie_delay_s))
        )
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _answer_nobody(self, call: Call, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        self._platform.answer(call)

    async def _break(self, scope: Scope, receive: Receive) -> None:
        hang_s = self._settings.now.lost_hang_s
        if hang_s:
            # What comes next is that the caller goes away.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(receive(), hang_s)
        scope["extensions"][DISCONNECT]()


async def _pause(duration_s: float) -> None:
    if duration_s > 0:
        await asyncio.sleep(duration_s)


async def _read(scope: Scope, receive: Receive) -> Call:
    parts = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    query_string = scope["query_string"].decode("latin-1")
    return Call(scope["method"], scope["path"], query_string, headers, b"".join(parts))


async def _send(send: Send, answer: Answer) -> None:
    headers = {"content-type": answer.media_type, "content-length": str(len(answer.body)), **answer.headers}
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": answer.body})
