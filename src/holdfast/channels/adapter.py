"""What every platform folder offers: `MANIFEST`, and `connect()` that makes an `Adapter`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from .manifest import Manifest
from .orders import (
    Acknowledgement,
    ListingRef,
    OrderPage,
    PlatformOrder,
    Push,
    PushEvent,
    StockReading,
    StockWrite,
    StockWritten,
)
from .state import CallState


@dataclass(slots=True)
class Tokens:
    """The pair that changes while we run; times in microseconds UTC, None where they do not end."""

    access: str
    refresh: str = ""
    access_expires_at_us: int | None = None
    refresh_expires_at_us: int | None = None

    def __repr__(self) -> str:
        return "Tokens(…)"


@dataclass(slots=True)
class Connection:
    """How to reach a shop on a platform; secrets never show in `repr`.

    `settings` are the platform's own: each adapter's README names them with their defaults.
    """

    base_url: str
    app_key: str
    app_secret: str = field(repr=False)
    shop: str = ""
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    settings: dict[str, str] = field(default_factory=dict)


class TokenBox(Protocol):
    """Keeps a channel's tokens; one refresh at a time, and the new pair is on file before it is used."""

    async def current(self) -> Tokens:
        """The tokens on file."""

    async def refreshed(self, spent: Tokens, refresh: Callable[[Tokens], Awaitable[Tokens]]) -> Tokens:
        """A pair newer than `spent`: another task's, or what `refresh` gives, saved."""


class Adapter(Protocol):
    """One shop on one platform. Calls raise `ChannelError`; `receive` raises `PushRefused`.

    No call repeats a write by itself: whether a repeat is safe is for the sync core to decide.
    """

    manifest: Manifest
    state: CallState

    async def write_stock(self, write: StockWrite) -> StockWritten:
        """Change a counter."""

    async def read_stock(self, listings: Sequence[ListingRef]) -> list[StockReading]:
        """Read counters; unknown listings raise `ListingRefused`."""

    async def order(self, order: str) -> PlatformOrder:
        """Fetch one order as it is now, refunds included."""

    async def orders_changed(self, from_us: int, until_us: int, cursor: str | None) -> OrderPage:
        """One page of the orders that changed in the span, which is within the manifest's window."""

    def receive(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, now_us: int) -> Push:
        """Verify the raw bytes of a push and read it; header names are in small letters."""

    def answer_check(self, query: Mapping[str, str]) -> Acknowledgement:
        """The answer to the platform's GET that checks our address; raises `PushRefused`."""

    async def pull(self) -> list[PushEvent]:
        """Messages of the platform's queue; raises `Unsupported` unless the manifest says `pull`."""

    async def confirm(self, events: Sequence[str]) -> None:
        """Tell the queue that these are on file."""


Connect = Callable[[Connection, TokenBox, httpx.AsyncClient, Callable[[], int]], Adapter]
"""Makes an adapter from a connection, its tokens, the shared HTTP client and the clock (microseconds UTC)."""
