"""How adapters are put together, and small rules that several of them share."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import httpx

from .adapter import Connection, TokenBox, Tokens
from .errors import PushRefused, Unsupported
from .http import Caller, Repeats
from .manifest import Manifest
from .orders import (
    Acknowledgement,
    ListingRef,
    OrderLine,
    OrderPage,
    OrderStatus,
    PlatformOrder,
    Push,
    PushEvent,
    StockReading,
    StockWrite,
    StockWritten,
)
from .state import CallState

_CLOSED = (OrderStatus.CLOSED_UNPAID, OrderStatus.CLOSED_PAID)


@dataclass(frozen=True, slots=True)
class Link:
    """All that an adapter is made with; `manifest` is as the channel's settings have it."""

    manifest: Manifest
    connection: Connection
    tokens: TokenBox
    http: httpx.AsyncClient
    now_us: Callable[[], int]
    repeats: Repeats | None = None

    def caller(self, refresh: Callable[[Tokens], Awaitable[Tokens]]) -> Caller:
        """The client for this shop."""
        return Caller(
            self.manifest, self.connection, self.tokens, self.http, self.now_us, refresh, self.repeats
        )


class Stock(Protocol):
    """The half of an adapter that reads and writes counters."""

    async def write(self, write: StockWrite) -> StockWritten:
        """Change a counter."""

    async def read(self, listings: Sequence[ListingRef]) -> list[StockReading]:
        """Read counters."""


class Trade(Protocol):
    """The half of an adapter that reads orders."""

    async def order(self, order: str) -> PlatformOrder:
        """Fetch one order as it is now."""

    async def changed(self, from_us: int, until_us: int, cursor: str | None) -> OrderPage:
        """One page of the orders that changed."""


class NoQueue:
    """For platforms without a queue of messages to empty."""

    manifest: Manifest

    async def pull(self) -> list[PushEvent]:
        """Raises `Unsupported`."""
        raise Unsupported(f"{self.manifest.title} has no queue to pull.")

    async def confirm(self, events: Sequence[str]) -> None:
        """Raises `Unsupported`."""
        raise Unsupported(f"{self.manifest.title} has no queue to confirm.")


class NoAddressCheck:
    """For platforms that do not check our address before they push."""

    manifest: Manifest

    def answer_check(self, query: Mapping[str, str]) -> Acknowledgement:
        """Raises `PushRefused`."""
        raise PushRefused("not_for_us", f"{self.manifest.title} does not check addresses.")


class NoPush(NoAddressCheck):
    """For platforms that push nothing to an address of ours."""

    def receive(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, now_us: int) -> Push:
        """Raises `PushRefused`."""
        raise PushRefused("not_for_us", f"{self.manifest.title} does not push to an address.")


class ShopAdapter(NoQueue, NoAddressCheck):
    """An adapter put together from its two halves; what is left to add are the pushes."""

    def __init__(self, link: Link, state: CallState, stock: Stock, trade: Trade) -> None:
        self.manifest = link.manifest
        self.state = state
        self._link = link
        self._stock = stock
        self._trade = trade

    async def write_stock(self, write: StockWrite) -> StockWritten:
        """Change a counter."""
        return await self._stock.write(write)

    async def read_stock(self, listings: Sequence[ListingRef]) -> list[StockReading]:
        """Read counters."""
        return await self._stock.read(listings)

    async def order(self, order: str) -> PlatformOrder:
        """Fetch one order as it is now."""
        return await self._trade.order(order)

    async def orders_changed(self, from_us: int, until_us: int, cursor: str | None) -> OrderPage:
        """One page of the orders that changed."""
        return await self._trade.changed(from_us, until_us, cursor)


def signed_change(write: StockWrite, title: str) -> int:
    """Units of a relative write, negative for a subtraction; raises `Unsupported` for any other."""
    if write.expected is not None:
        raise Unsupported(f"{title} does not compare a counter with an expected value.")
    if write.operation not in ("add", "subtract"):
        raise Unsupported(f"{title} is not told {write.operation}, only add and subtract.")
    return write.quantity if write.operation == "add" else -write.quantity


def status_of(told: OrderStatus, lines: Sequence[OrderLine]) -> OrderStatus:
    """The status, which is closed once every unit was given up, whatever the platform calls it."""
    undone = bool(lines) and all(line.refunded >= line.quantity for line in lines)
    return OrderStatus.CLOSED_PAID if undone and told not in _CLOSED else told
