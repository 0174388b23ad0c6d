"""One simulator: a platform on a simulated shop, with its gate, its pusher and its control API."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from .control import control_routes
from .gate import Gate
from .misbehaviour import Clock, Settings
from .platform import Parts, Platform
from .pusher import Pusher
from .records import News
from .tokens import TokenStore
from .world import World


class Simulator:
    """Everything that `POST /_sim/reset` makes anew. The same seed gives the same credentials and chances."""

    settings: Settings
    world: World
    tokens: TokenStore
    platform: Platform
    gate: Gate
    pusher: Pusher

    def __init__(self, kind: type[Platform], seed: int) -> None:
        self.kind = kind
        self.seed = seed
        self._build()
        self.app = Starlette(
            routes=[Mount("/_sim", routes=control_routes(self)), Mount("/", app=self._serve)],
            lifespan=self._lifespan,
        )

    async def reset(self) -> None:
        """Begin again: no listing, no order, no push address, first credentials, good manners."""
        await self._stop()
        self._build()
        self.pusher.start()

    def credentials_at(self, base_url: str) -> dict[str, Any]:
        """What a channel's connection needs to reach the shop at this address."""
        credentials, newest = self.platform.credentials, self.tokens.newest
        return {
            "platform": self.kind.name,
            "base_url": base_url,
            "app_key": credentials.app_key,
            "app_secret": credentials.app_secret,
            "shop": credentials.shop,
            "access_token": newest.access,
            "refresh_token": newest.refresh,
            "secrets": dict(credentials.secrets),
            "settings": self.platform.adapter_settings(base_url),
        }

    def _build(self) -> None:
        kind = self.kind
        chance = random.Random(self.seed)  # noqa: S311 - a simulation that must be repeatable
        credentials = kind.make_credentials(chance)
        self.settings = Settings(kind.options)
        clock = Clock(self.settings)
        self.world = World(
            self.settings,
            clock,
            first_order_id=kind.first_order_id + chance.randrange(10**6) * 10**6,
            gives_back_on_cancel=kind.gives_back_on_cancel,
            gives_back_on_refund=kind.gives_back_on_refund,
            tell=self._tell,
        )
        self.tokens = TokenStore(chance, clock, kind.lifetimes)
        self.platform = kind(Parts(chance, self.settings, clock, self.world, self.tokens, credentials))
        self.gate = Gate(self.platform, self.settings, chance)
        self.pusher = Pusher(self.platform, self.settings, chance)

    def _tell(self, news: News) -> None:
        for delivery in self.platform.announce(news):
            self.pusher.send(delivery)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.gate(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self.pusher.start()
        try:
            yield
        finally:
            await self._stop()

    async def _stop(self) -> None:
        self.gate.stop()
        await self.pusher.stop()
        await self.platform.close()
