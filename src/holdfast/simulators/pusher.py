"""Delivers messages to the subscriber's address, as reliably or unreliably as the settings say."""

import asyncio
import random
import ssl
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import cache

import httpx

from .misbehaviour import Settings
from .platform import Delivery, Platform

LANES = 16
_SHUFFLE_WITHIN_S = 0.5


@dataclass(slots=True)
class _Message:
    delivery: Delivery
    lane: int
    tries: int = 0


class Pusher:
    """Messages of one key go one after the other; a failed one is tried again by the platform's ladder.

    `sent`, `acknowledged` and `failed` count tries; `lost` and `given_up` count messages; `waiting` are those
    on their way or waiting for their next try.
    """

    def __init__(self, platform: Platform, settings: Settings, chance: random.Random) -> None:
        self.url: str | None = None
        self.counts: Counter[str] = Counter()
        self._platform = platform
        self._settings = settings
        self._chance = chance
        self._lanes: list[asyncio.Queue[_Message]] = [asyncio.Queue() for _ in range(LANES)]
        self._due_at_s: dict[str, float] = {}
        self._timers: set[asyncio.TimerHandle] = set()
        self._workers: list[asyncio.Task[None]] = []
        self._client: httpx.AsyncClient | None = None

    def start(self) -> None:
        """Begin to deliver, on the running event loop."""
        # Neither a proxy of the environment nor a redirect: the address is taken as it stands.
        timeout_s = self._platform.acknowledge_within_s
        self._client = httpx.AsyncClient(trust_env=False, verify=_certificates(), timeout=timeout_s)
        self._workers = [asyncio.create_task(self._work(lane)) for lane in self._lanes]

    async def stop(self) -> None:
        """Drop what is not delivered."""
        for timer in self._timers:
            timer.cancel()
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    async def subscribe(self, url: str | None) -> bool:
        """Push to this address from now on, unless the platform's probe fails there."""
        probe = self._platform.probe() if url else None
        if url and probe is not None:
            self.counts["probes"] += 1
            if not await self._post(url, probe):
                return False
        self.url = url
        return True

    def send(self, delivery: Delivery) -> None:
        """Take a message; without an address there is nobody to tell."""
        if self.url is None:
            return
        delays_s = self._settings.copies(self._chance)
        if not delays_s:
            self.counts["lost"] += 1
        for delay_s in delays_s:
            self.counts["waiting"] += 1
            if self._settings.now.push_shuffle:
                lane = self._chance.randrange(LANES)
                self._later(delay_s + self._chance.uniform(0, _SHUFFLE_WITHIN_S), _Message(delivery, lane))
            else:
                self._in_order(delay_s, _Message(delivery, zlib.crc32(delivery.key.encode()) % LANES))

    def status(self) -> dict[str, int]:
        """The counts, all of them from the start."""
        names = ("sent", "acknowledged", "failed", "lost", "given_up", "waiting", "probes")
        return {name: self.counts[name] for name in names}

    def _in_order(self, delay_s: float, message: _Message) -> None:
        now_s = asyncio.get_running_loop().time()
        earliest_s = self._due_at_s.get(message.delivery.key, 0.0)
        if not delay_s and earliest_s <= now_s:
            self._lanes[message.lane].put_nowait(message)
            return
        due_at_s = max(now_s + delay_s, earliest_s + 1e-6)
        self._due_at_s[message.delivery.key] = due_at_s
        self._at(due_at_s, message)

    def _later(self, delay_s: float, message: _Message) -> None:
        self._at(asyncio.get_running_loop().time() + delay_s, message)

    def _at(self, due_at_s: float, message: _Message) -> None:
        def arrive() -> None:
            self._timers.discard(timer)
            self._lanes[message.lane].put_nowait(message)

        timer = asyncio.get_running_loop().call_at(due_at_s, arrive)
        self._timers.add(timer)

    async def _work(self, lane: asyncio.Queue[_Message]) -> None:
        while True:
            message = await lane.get()
            if self.url is None:
                self.counts["waiting"] -= 1
                continue
            self.counts["sent"] += 1
            message.tries += 1
            if await self._post(self.url, message.delivery):
                self.counts["acknowledged"] += 1
                self.counts["waiting"] -= 1
            else:
                self.counts["failed"] += 1
                self._again_or_never(message)

    def _again_or_never(self, message: _Message) -> None:
        ladder_s = self._platform.retry_ladder_s
        if message.tries <= len(ladder_s):
            self._later(ladder_s[message.tries - 1] * self._settings.now.retry_scale, message)
            return
        self.counts["given_up"] += 1
        self.counts["waiting"] -= 1
        if self._platform.unsubscribes_when_given_up:
            self.url = None

    async def _post(self, url: str, delivery: Delivery) -> bool:
        assert self._client is not None, "the pusher is not started"
        request = self._client.build_request(
            delivery.method,
            httpx.URL(url).copy_merge_params(dict(delivery.query)),
            headers=dict(delivery.headers),
            content=delivery.body,
        )
        try:
            # The deadline is for the whole answer; the client's own limits are for each step of it.
            async with asyncio.timeout(self._platform.acknowledge_within_s):
                response = await self._client.send(request)
        except (httpx.HTTPError, TimeoutError):
            return False
        return self._platform.acknowledged(delivery, response.status_code, response.content)


@cache
def _certificates() -> ssl.SSLContext:
    """Loaded once: it takes longer than everything else about starting a simulator."""
    return ssl.create_default_context()
