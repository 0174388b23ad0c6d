"""What the sync knows of the channels of a show: up to when their orders are told, and what it deals out."""

from collections.abc import Iterable
from typing import Protocol

from holdfast.storage.contract import Reader
from holdfast.storage.records import ListingRow
from holdfast.storage.sync_contract import SyncReader
from holdfast.sync.measures import ChannelSync
from holdfast.sync.world import Readers


class Sync(Protocol):
    """The sync, as far as the reserve looks at it."""

    def channel(self, name: str) -> ChannelSync | None:
        """How a channel stands; None without a connection."""


class News:
    """Asks the sync."""

    def __init__(self, sync: Sync, readers: Readers) -> None:
        self._sync = sync
        self._readers = readers

    def complete_to_us(self, channels: Iterable[str], now_us: int) -> int:
        """Up to when all orders of these channels are known; 0 while one of them is down.

        An own shop asks us for every hold, so all of its orders are known.
        """
        return min((self._channel(name, now_us) for name in channels), default=now_us)

    def _channel(self, name: str, now_us: int) -> int:
        known = self._sync.channel(name)
        if known is None:
            return now_us
        if not known.up:
            return 0
        return known.measures.complete_to_us or 0

    async def dealt(self, sku: str) -> set[str]:
        """Channels to which the sync deals this SKU out by itself: those with a listing of it.

        Without any connection the sync does not run and deals nothing. A listing of a bundle counts for
        its parts.
        """
        rows = await self._readers.read_sync(_listings)
        return await self._readers.read(
            lambda reader: {row.channel for row in rows if _sells(reader, row, sku)}
        )


def _listings(reader: SyncReader) -> list[ListingRow]:
    return [row for row in reader.listings() if not row.removed] if reader.connections() else []


def _sells(reader: Reader, row: ListingRow, sku: str) -> bool:
    if row.sku == sku:
        return True
    item = reader.sku(row.sku)
    return item is not None and any(part.sku == sku for part in item.components)
