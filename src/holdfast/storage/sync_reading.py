"""The reading side of the sync records of any SQL database."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from .records import (
    ConnectionRow,
    ListingRow,
    OrderRow,
    PollRow,
    PushRow,
    RightRow,
    TokensRow,
    WriteRow,
)
from .rows import Row
from .sync_rows import to_connection, to_listing, to_order


class SqlSyncReader(ABC):
    """Asks by the names of statements; a database says how they are run."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the store."""

    @abstractmethod
    def _rows(self, name: str, *values: object) -> Sequence[Row]:
        """The rows of a statement; raises StoreError."""

    def connections(self) -> list[ConnectionRow]:
        """All connections."""
        return [to_connection(row) for row in self._rows("connections")]

    def tokens(self) -> list[TokensRow]:
        """All tokens."""
        return [TokensRow(*row) for row in self._rows("tokens")]

    def listings(self, channel: str | None = None) -> list[ListingRow]:
        """Listings of one channel or all."""
        rows = self._rows("listings") if channel is None else self._rows("listings_of_channel", channel)
        return [to_listing(row) for row in rows]

    def rights(self, channel: str | None = None) -> list[RightRow]:
        """Rights of the listings of one channel or all."""
        rows = self._rows("rights") if channel is None else self._rows("rights_of_channel", channel)
        return [RightRow(*row) for row in rows]

    def open_writes(self) -> list[WriteRow]:
        """Writes that are not settled."""
        return [WriteRow(*row) for row in self._rows("open_writes")]

    def writes(self, channel: str, limit: int) -> list[WriteRow]:
        """The last writes of a channel."""
        return [WriteRow(*row) for row in self._rows("writes", channel, limit)]

    def new_pushes(self, after_seq: int, limit: int) -> list[PushRow]:
        """Pushes that wait."""
        return [PushRow(*row) for row in self._rows("new_pushes", after_seq, limit)]

    def pushes(self, channel: str, limit: int) -> list[PushRow]:
        """The last pushes of a channel."""
        return [PushRow(*row) for row in self._rows("pushes", channel, limit)]

    def old_pushes(self, before_us: int, limit: int) -> list[int]:
        """Pushes to forget."""
        return [row[0] for row in self._rows("old_pushes", limit, before_us)]

    def order(self, channel: str, order: str) -> OrderRow | None:
        """One order."""
        rows = self._rows("order", channel, order)
        return to_order(rows[0]) if rows else None

    def unmapped_orders(self, channel: str | None, limit: int) -> list[OrderRow]:
        """Orders with lines that no listing maps yet."""
        return [to_order(row) for row in self._rows("unmapped_orders", channel, limit)]

    def polls(self) -> list[PollRow]:
        """How far each channel's orders are known."""
        return [PollRow(*row) for row in self._rows("polls")]
