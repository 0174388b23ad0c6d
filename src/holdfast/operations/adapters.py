"""From what is on file of a connection to an adapter that is ready to call its platform."""

import asyncio
from collections.abc import Callable, Sequence

import httpx

from holdfast.channels.adapter import Adapter, Tokens
from holdfast.channels.manifest import Manifest
from holdfast.channels.registry import platforms
from holdfast.channels.tokens import MemoryTokenBox
from holdfast.ledger.records import Channel
from holdfast.sealing import Sealer, SealingError
from holdfast.storage.records import ConnectionRow, SyncRecord, TokensRow

from .credentials import connection_of, tokens_of, tokens_row

CONNECTIONS_MAX = 100
KEPT_ALIVE_S = 60.0

Save = Callable[[Sequence[SyncRecord]], "asyncio.Future[object]"]


class PlatformAdapters:
    """Knows the platforms; one HTTP client serves all of them. `save` puts records on file."""

    def __init__(self, sealer: Sealer, now_us: Callable[[], int], save: Save) -> None:
        self._sealer = sealer
        self._now_us = now_us
        self._save = save
        self._http: httpx.AsyncClient | None = None

    def manifest(self, platform: str) -> Manifest | None:
        """What a platform can do; None if we have no adapter for it."""
        known = platforms().get(platform)
        return known.manifest if known is not None else None

    def connect(self, channel: Channel, connection: ConnectionRow, tokens: TokensRow | None) -> Adapter:
        """An adapter for a shop; raises ValueError with what to mend."""
        platform = platforms().get(channel.platform)
        if platform is None:
            raise ValueError(f"there is no platform {channel.platform}; there are {', '.join(platforms())}")
        try:
            opened = connection_of(connection, self._sealer)
            pair = tokens_of(tokens, self._sealer) if tokens is not None else Tokens("")
        except SealingError as error:
            raise ValueError(str(error)) from None

        async def save(new: Tokens) -> None:
            await self._save((tokens_row(channel.channel, new, self._sealer),))

        return platform.connect(opened, MemoryTokenBox(pair, save), self._client(), self._now_us)

    def _client(self) -> httpx.AsyncClient:
        """Made at the first need, since making one reads the system's certificates."""
        if self._http is None:
            limits = httpx.Limits(max_connections=CONNECTIONS_MAX, keepalive_expiry=KEPT_ALIVE_S)
            self._http = httpx.AsyncClient(limits=limits)
        return self._http

    async def close(self) -> None:
        """Let go of the connections."""
        if self._http is not None:
            await self._http.aclose()
