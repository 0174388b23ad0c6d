"""Taobao and Tmall 淘宝/天猫: stock by difference, news from a queue that we empty."""

from collections.abc import Callable, Sequence

import httpx

from ..adapter import Connection, TokenBox
from ..base import Link, NoPush, ShopAdapter
from ..http import Repeats
from ..orders import PushEvent
from ..settings import corrected
from .client import TaobaoClient
from .manifest import MANIFEST, SETTINGS
from .queue import TaobaoQueue
from .stock import TMALL, TaobaoStock
from .trade import TaobaoTrade

__all__ = ["MANIFEST", "connect"]


class TaobaoShop(NoPush, ShopAdapter):
    """One shop on Taobao or Tmall."""

    def __init__(self, link: Link) -> None:
        client = TaobaoClient(link)
        stock = TaobaoStock(client, link)
        super().__init__(link, client.caller.state, stock, TaobaoTrade(client, link))
        self._queue = TaobaoQueue(client, link, stock)

    async def pull(self) -> list[PushEvent]:
        """Messages of the queue."""
        return await self._queue.pull()

    async def confirm(self, events: Sequence[str]) -> None:
        """Tell the queue that these are on file."""
        await self._queue.confirm(events)


def connect(
    connection: Connection,
    tokens: TokenBox,
    http: httpx.AsyncClient,
    now_us: Callable[[], int],
    repeats: Repeats | None = None,
) -> TaobaoShop:
    """One shop; its settings are in the README. Tmall's own call has an id, and tells no counter."""
    settings = connection.settings
    tmall = {"idempotent": "yes", "under_run": "unknown", "write_tells_counter": "no"}
    declared = tmall if settings.get("stock_method") == TMALL else {}
    manifest = corrected(MANIFEST, {**declared, **settings}, SETTINGS)
    return TaobaoShop(Link(manifest, connection, tokens, http, now_us, repeats))
