"""The adapter of our own storefront makes no calls: the storefront calls us."""

from collections.abc import Callable, Sequence
from typing import NoReturn

import httpx

from ..adapter import Connection, TokenBox
from ..base import NoPush, NoQueue
from ..errors import Unsupported
from ..http import Repeats
from ..manifest import Manifest
from ..orders import ListingRef, OrderPage, PlatformOrder, StockReading, StockWrite, StockWritten
from ..settings import corrected
from ..state import CallState
from .manifest import MANIFEST, SETTINGS


class ShopAdapter(NoQueue, NoPush):
    """It only carries the manifest; every call raises `Unsupported`."""

    def __init__(self, connection: Connection) -> None:
        self.manifest: Manifest = corrected(MANIFEST, connection.settings, SETTINGS)
        self.state = CallState()

    async def write_stock(self, write: StockWrite) -> StockWritten:
        """There is no counter to write."""
        self._refuse()

    async def read_stock(self, listings: Sequence[ListingRef]) -> list[StockReading]:
        """There is no counter to read."""
        self._refuse()

    async def order(self, order: str) -> PlatformOrder:
        """The order is the hold that we have on file."""
        self._refuse()

    async def orders_changed(self, from_us: int, until_us: int, cursor: str | None) -> OrderPage:
        """The orders are the holds that we have on file."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise Unsupported("Our own shop asks us for every hold: it has no counter and no orders of its own.")


def connect(
    connection: Connection,
    tokens: TokenBox,
    http: httpx.AsyncClient,
    now_us: Callable[[], int],
    repeats: Repeats | None = None,
) -> ShopAdapter:
    """Makes the adapter; the shop needs no tokens and no calls."""
    return ShopAdapter(connection)
