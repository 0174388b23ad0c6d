"""Facts for the preflight: from the ledger, from the sync, and from the platforms, which are asked now."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol

from holdfast.channels.adapter import Adapter
from holdfast.channels.manifest import Manifest, WriteMode
from holdfast.operations.check import check
from holdfast.storage.contract import Reader
from holdfast.storage.records import ListingRow
from holdfast.sync.measures import ChannelSync
from holdfast.sync.runtime import UnknownChannelError
from holdfast.sync.world import Readers

from .model import Show
from .preflight import ChannelFacts, Gathered
from .stock import Facts

ASK_TIMEOUT_S = 8.0
"""A platform that takes longer is not one to start a show on."""
_SLOW = (False, "no answer within 8 s", "8 秒内没有响应")


class Sync(Protocol):
    """The sync, as far as the preflight looks at it."""

    def channel(self, name: str) -> ChannelSync | None:
        """How a channel stands."""

    def adapter(self, channel: str) -> Adapter:
        """Its adapter; raises UnknownChannelError."""


class Gather:
    """Gathers; platforms are asked beside each other, each for a bounded time."""

    def __init__(
        self,
        readers: Readers,
        sync: Sync,
        manifest: Callable[[str], Manifest | None],
        now_us: Callable[[], int],
    ) -> None:
        self._readers = readers
        self._sync = sync
        self._manifest = manifest
        self._now_us = now_us

    async def gather(self, show: Show, live: Iterable[Show]) -> Gathered:
        """All facts; raises StoreError."""
        listings = await self._readers.read_sync(
            lambda reader: {channel: reader.listings(channel) for channel in show.channels}
        )
        ledger, channels = await self._readers.read(lambda reader: self._read(reader, show, listings))
        asked = await asyncio.gather(*(self._ask(channel) for channel in channels))
        return Gathered(show, ledger, asked, list(live))

    def _read(
        self, reader: Reader, show: Show, listings: dict[str, list[ListingRow]]
    ) -> tuple[Facts, list[ChannelFacts]]:
        ledger = Facts.read(reader, [item.sku for item in show.items])
        parts = {part.sku for item in ledger.items.values() for part in item.components}
        ledger.stocks.update(Facts.read(reader, parts).stocks)
        return ledger, [self._channel(reader, name, listings[name]) for name in show.channels]

    def _channel(self, reader: Reader, name: str, listings: list[ListingRow]) -> ChannelFacts:
        row = reader.channel(name)
        if row is None:
            return ChannelFacts(name)
        manifest = self._manifest(row.platform)
        shop = manifest is not None and manifest.write is WriteMode.NONE
        known = self._sync.channel(name)
        if known is None:
            return ChannelFacts(name, frozen=row.frozen, own_shop=shop, listings=listings)
        return ChannelFacts(
            name,
            frozen=row.frozen,
            own_shop=shop,
            connected=True,
            up=known.up,
            problem=known.problem,
            access_expires_at_us=known.access_expires_at_us,
            refresh_expires_at_us=known.refresh_expires_at_us,
            listings=listings,
            barred=dict(known.measures.barred),
        )

    async def _ask(self, facts: ChannelFacts) -> ChannelFacts:
        if facts.own_shop or not facts.connected:
            return facts
        try:
            adapter = self._sync.adapter(facts.channel)
            async with asyncio.timeout(ASK_TIMEOUT_S):
                wanted = [row for row in facts.listings if not row.removed]
                found = await check(adapter, wanted[:1], self._now_us)
            asked = (found.ok, found.message, found.message_zh)
        except TimeoutError:
            asked = _SLOW
        except UnknownChannelError as error:
            asked = (False, str(error), str(error))
        return replace(facts, asked=asked)
