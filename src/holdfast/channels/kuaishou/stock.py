"""Kuaishou's counters: of an item, by differences that nothing dedupes; or of a warehouse's goods."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..base import Link, signed_change
from ..errors import CallRefused, InsufficientStock, ListingRefused
from ..orders import ListingRef, StockReading, StockWrite, StockWritten
from ..settings import one_of
from ..values import id_number, identity, number
from .client import KuaishouClient

ITEM, GOODS = "open.item.sku.stock.update", "open.scm.inventory.adjust"
_CHANGE_MAX = 9_999_998


class KuaishouStock:
    """Reads and writes counters. A listing of goods is (wareOutCode, nothing, warehouseOutCode)."""

    def __init__(self, client: KuaishouClient, link: Link) -> None:
        self._client = client
        self._title = link.manifest.title
        settings = link.connection.settings
        self._goods = one_of(settings, "stock_method", (ITEM, GOODS), ITEM) == GOODS
        self._increase = settings.get("scm_increase", "INCREASE")
        self._decrease = settings.get("scm_decrease", "DECREASE")

    async def write(self, write: StockWrite) -> StockWritten:
        """Change a counter by a difference."""
        change = signed_change(write, self._title)
        if write.quantity > _CHANGE_MAX:
            raise CallRefused(f"{self._title} takes changes of at most {_CHANGE_MAX}, not {write.quantity}.")
        return await (self._adjust(write, change) if self._goods else self._update(write, change))

    async def _update(self, write: StockWrite, change: int) -> StockWritten:
        parameters = {
            "kwaiItemId": id_number("item", write.listing.product),
            "skuId": id_number("SKU", write.listing.variant),
            "skuChangeStock": write.quantity,
            "changeType": 1 if change > 0 else 2,
        }
        return await self._client.post(ITEM, parameters, lambda data: StockWritten(write.quantity))

    async def _adjust(self, write: StockWrite, change: int) -> StockWritten:
        """Goods are taken only as far as they are there: the answer tells how many that were."""
        parameters = {
            "wareOutCode": write.listing.product,
            "warehouseOutCode": write.listing.warehouse,
            "idempotentId": write.write_id,
            "operationType": self._increase if change > 0 else self._decrease,
            "adjustQuantity": write.quantity,
        }

        def read(data: Mapping[str, Any]) -> StockWritten:
            told = data["adjust_quantity"] if "adjust_quantity" in data else data["adjustQuantity"]
            applied = abs(number(told))
            if not applied:
                raise InsufficientStock(f"{self._title} has nothing left of {write.listing.key}.")
            return StockWritten(applied)

        return await self._client.post(GOODS, parameters, read)

    async def read(self, listings: Sequence[ListingRef]) -> list[StockReading]:
        """Read counters, one call for each product."""
        found: dict[ListingRef, StockReading] = {}
        for product in dict.fromkeys(listing.product for listing in listings):
            read = await (self._of_goods(product) if self._goods else self._of_item(product))
            found.update({reading.listing: reading for reading in read})
        for listing in listings:
            if listing not in found:
                raise ListingRefused(f"{self._title} has no {listing.key}.")
        return [found[listing] for listing in listings]

    async def _of_item(self, product: str) -> list[StockReading]:
        def read(data: Mapping[str, Any]) -> list[StockReading]:
            return [
                StockReading(
                    ListingRef(product, identity(sku["kwaiSkuId"])),
                    number(sku["skuStock"]),
                    number(sku.get("reserveStock")),
                )
                for sku in data.get("skuList") or []
            ]

        parameters = {"kwaiItemId": id_number("item", product), "skuStatus": 1}
        return await self._client.get("open.item.sku.list.get", parameters, read)

    async def _of_goods(self, product: str) -> list[StockReading]:
        def read(data: Mapping[str, Any]) -> list[StockReading]:
            return [
                StockReading(
                    ListingRef(product, warehouse=identity(place["warehouseOutCode"])),
                    number(place["availableSaleQuantity"]),
                    number(place["quantity"]) - number(place["availableSaleQuantity"]),
                )
                for place in data.get("itemList") or []
            ]

        return await self._client.get("open.scm.inventory.detail", {"wareOutCode": product}, read)
