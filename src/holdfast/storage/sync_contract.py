"""The reading side of the sync records, whichever database is behind it."""

from typing import Protocol

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


class SyncReader(Protocol):
    """Reads what is committed; every method raises StoreError. Not shared between threads."""

    def connections(self) -> list[ConnectionRow]:
        """All connections, by channel."""

    def tokens(self) -> list[TokensRow]:
        """All tokens, by channel."""

    def listings(self, channel: str | None = None) -> list[ListingRow]:
        """Listings of one channel or all, the removed ones too."""

    def rights(self, channel: str | None = None) -> list[RightRow]:
        """Rights of the listings of one channel or all."""

    def open_writes(self) -> list[WriteRow]:
        """Writes that are not settled, the oldest first."""

    def writes(self, channel: str, limit: int) -> list[WriteRow]:
        """The last writes of a channel, the newest first."""

    def new_pushes(self, after_seq: int, limit: int) -> list[PushRow]:
        """Pushes that wait to be worked on, the oldest first."""

    def pushes(self, channel: str, limit: int) -> list[PushRow]:
        """The last pushes of a channel, the newest first."""

    def old_pushes(self, before_us: int, limit: int) -> list[int]:
        """Places (`seq`) of pushes done with that came before then, among the oldest `limit` of them."""

    def order(self, channel: str, order: str) -> OrderRow | None:
        """One order."""

    def unmapped_orders(self, channel: str | None, limit: int) -> list[OrderRow]:
        """Orders with lines that no listing maps yet, the oldest first."""

    def polls(self) -> list[PollRow]:
        """How far each channel's orders are known."""

    def close(self) -> None:
        """Let go of the store."""
