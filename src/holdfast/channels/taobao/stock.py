"""Taobao's counters, by difference; and which news of them our own writes caused."""

import hashlib
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base import Link, signed_change
from ..errors import ChannelError, ListingRefused, Unsupported
from ..orders import ListingRef, StockReading, StockWrite, StockWritten
from ..settings import one_of
from ..values import id_number, identity, number
from .client import TaobaoClient, rows

TAOBAO, TMALL = "taobao.item.quantity.update", "tmall.item.quantity.update"
_ECHOES_MAX = 2_000
_ITEMS_A_READING = 40


@dataclass(slots=True)
class _Echo:
    """A write whose news is still to come; without a counter it was not answered, or not with one."""

    listing: ListingRef
    change: int
    counter: int | None = None


class TaobaoStock:
    """Reads and writes counters, and remembers its last writes."""

    def __init__(self, client: TaobaoClient, link: Link) -> None:
        self._client = client
        self._title = link.manifest.title
        self._tmall = one_of(link.connection.settings, "stock_method", (TAOBAO, TMALL), TAOBAO) == TMALL
        self._echoes: deque[_Echo] = deque(maxlen=_ECHOES_MAX)

    async def write(self, write: StockWrite) -> StockWritten:
        """Change a counter by a difference."""
        change = signed_change(write, self._title)
        if write.listing.warehouse:
            raise Unsupported(f"{self._title} is written by item, not by warehouse.")
        echo = _Echo(write.listing, change)
        self._echoes.append(echo)
        try:
            written = await (self._by_key(write, change) if self._tmall else self._update(write, change))
        except ChannelError as error:
            if not error.may_be_applied and echo in self._echoes:
                self._echoes.remove(echo)
            raise
        echo.counter = written.counter
        return written

    def is_echo(self, listing: ListingRef, change: int, counter: int | None) -> bool:
        """Whether our own write made this news: the same difference, and the same counter if it was told."""
        for echo in self._echoes:
            if (echo.listing, echo.change) == (listing, change) and echo.counter in (None, counter):
                self._echoes.remove(echo)
                return True
        return False

    async def _update(self, write: StockWrite, change: int) -> StockWritten:
        product, variant = write.listing.product, write.listing.variant
        parameters = {"num_iid": id_number("item", product), "quantity": change, "type": 2}
        if variant:
            parameters["sku_id"] = id_number("SKU", variant)

        def read(answer: Mapping[str, Any]) -> StockWritten:
            item = answer["item"]
            told = {identity(sku["sku_id"]): sku.get("quantity") for sku in rows(item.get("skus"), "sku")}
            counter = told.get(variant) if variant else item.get("num")
            return StockWritten(write.quantity, None if counter is None else number(counter))

        return await self._client.call(TAOBAO, parameters, read, repeatable=False)

    async def _by_key(self, write: StockWrite, change: int) -> StockWritten:
        # The key may have hexadecimal digits only.
        key = hashlib.sha256(write.write_id.encode()).hexdigest()[:32]
        parameters: dict[str, object] = {
            "item_id": id_number("item", write.listing.product),
            "options": {"type": 2, "outer_biz_key": key},
        }
        if write.listing.variant:
            sku = {"sku_id": id_number("SKU", write.listing.variant), "quantity": change}
            parameters["sku_quantities"] = [sku]
        else:
            parameters["item_quantity"] = change
        return await self._client.call(
            TMALL, parameters, lambda answer: StockWritten(write.quantity), repeatable=False
        )

    async def read(self, listings: Sequence[ListingRef]) -> list[StockReading]:
        """Read counters: of up to 40 items with variants by one call, of each item without any by one."""
        found: dict[ListingRef, StockReading] = {}
        products = list(dict.fromkeys(listing.product for listing in listings if listing.variant))
        for first in range(0, len(products), _ITEMS_A_READING):
            read = await self._variants(products[first : first + _ITEMS_A_READING])
            found.update({reading.listing: reading for reading in read})
        for listing in listings:
            if not listing.variant:
                found[listing] = await self._item(listing)
            elif listing not in found:
                raise ListingRefused(f"{self._title} has no {listing.key}.")
        return [found[listing] for listing in listings]

    async def _variants(self, products: Sequence[str]) -> list[StockReading]:
        parameters = {
            "fields": "sku_id,num_iid,quantity,with_hold_quantity",
            "num_iids": ",".join(str(id_number("item", product)) for product in products),
        }

        def read(answer: Mapping[str, Any]) -> list[StockReading]:
            return [
                StockReading(
                    ListingRef(identity(sku["num_iid"]), identity(sku["sku_id"])),
                    number(sku["quantity"]),
                    number(sku.get("with_hold_quantity")),
                )
                for sku in rows(answer.get("skus"), "sku")
            ]

        return await self._client.call("taobao.item.skus.get", parameters, read)

    async def _item(self, listing: ListingRef) -> StockReading:
        parameters = {
            "fields": "num_iid,num,with_hold_quantity",
            "num_iid": id_number("item", listing.product),
        }

        def read(answer: Mapping[str, Any]) -> StockReading:
            item = answer["item"]
            return StockReading(listing, number(item["num"]), number(item.get("with_hold_quantity")))

        return await self._client.call("taobao.item.seller.get", parameters, read)
