"""Douyin shop 抖店: stock by difference with an idempotency id, pushes that name an order."""

from collections.abc import Callable, Mapping

import httpx

from ..adapter import Connection, TokenBox
from ..base import Link, ShopAdapter
from ..http import Repeats
from ..orders import Push
from ..settings import corrected
from . import webhook
from .client import DouyinClient
from .manifest import MANIFEST, SETTINGS
from .stock import MULTI, DouyinStock
from .trade import DouyinTrade

__all__ = ["MANIFEST", "connect"]


class DouyinShop(ShopAdapter):
    """One Douyin shop."""

    def receive(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, now_us: int) -> Push:
        """Verify a push and read it; it carries no time that could make it stale."""
        return webhook.receive(self._link.connection, headers, body)


def connect(
    connection: Connection,
    tokens: TokenBox,
    http: httpx.AsyncClient,
    now_us: Callable[[], int],
    repeats: Repeats | None = None,
) -> DouyinShop:
    """One Douyin shop; its settings are in the README."""
    settings = connection.settings
    declared = {"write_tells_counter": "yes"} if settings.get("stock_method") == MULTI else {}
    manifest = corrected(MANIFEST, {**declared, **settings}, SETTINGS)
    link = Link(manifest, connection, tokens, http, now_us, repeats)
    client = DouyinClient(link)
    return DouyinShop(link, client.caller.state, DouyinStock(client, link), DouyinTrade(client, link))
