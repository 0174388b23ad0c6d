"""Kuaishou shop 快手小店: stock by difference without an idempotency id, encrypted pushes."""

from collections.abc import Callable, Mapping

import httpx

from ..adapter import Connection, TokenBox
from ..base import Link, ShopAdapter
from ..http import Repeats
from ..orders import Push
from ..settings import corrected
from . import webhook
from .client import KuaishouClient
from .manifest import MANIFEST, SETTINGS
from .stock import GOODS, KuaishouStock
from .trade import KuaishouTrade

__all__ = ["MANIFEST", "connect"]


class KuaishouShop(ShopAdapter):
    """One Kuaishou shop."""

    def receive(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, now_us: int) -> Push:
        """Decrypt a push and read it."""
        return webhook.receive(self._link.connection, body, now_us)


def connect(
    connection: Connection,
    tokens: TokenBox,
    http: httpx.AsyncClient,
    now_us: Callable[[], int],
    repeats: Repeats | None = None,
) -> KuaishouShop:
    """One Kuaishou shop; its settings are in the README. The counter of goods has an id, and clamps."""
    settings = connection.settings
    goods = settings.get("stock_method") == GOODS
    declared = {"idempotent": "yes", "under_run": "clamps"} if goods else {}
    manifest = corrected(MANIFEST, {**declared, **settings}, SETTINGS)
    link = Link(manifest, connection, tokens, http, now_us, repeats)
    client = KuaishouClient(link)
    return KuaishouShop(link, client.caller.state, KuaishouStock(client, link), KuaishouTrade(client, link))
