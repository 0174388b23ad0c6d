"""Douyin's counters: three ways to write them, one to read them."""

from collections.abc import Sequence
from typing import Any

from ..base import Link, signed_change
from ..errors import ListingRefused
from ..orders import ListingRef, StockReading, StockWrite, StockWritten
from ..settings import one_of
from ..values import id_number, number
from .client import REPEATED, DouyinClient
from .mapping import LINE_ALREADY_APPLIED, LINE_CODE

SINGLE, BATCH, MULTI = "sku.syncStock", "sku.syncStockBatch", "sku.syncStockBatchMultiProducts"


class DouyinStock:
    """Reads and writes counters; a write always carries its id, so that a repeat is applied once."""

    def __init__(self, client: DouyinClient, link: Link) -> None:
        self._client = client
        self._title = link.manifest.title
        settings = link.connection.settings
        self._method = one_of(settings, "stock_method", (SINGLE, BATCH, MULTI), SINGLE)
        self._field = one_of(
            settings, "sellable_field", ("normal_stock_num", "stock_num"), "normal_stock_num"
        )

    async def write(self, write: StockWrite) -> StockWritten:
        """Change a counter by the method that is set."""
        # `set` exists here as well; it is not offered, because it would overwrite sales under way.
        change = signed_change(write, self._title)
        parameters = {"idempotent_id": write.write_id, "incremental": True, **self._line(write, change)}

        def read(data: Any) -> StockWritten:
            if data is REPEATED:
                return StockWritten(write.quantity, repeated=True)
            return self._told(data, write) if self._method == MULTI else StockWritten(write.quantity)

        return await self._client.call(self._method, parameters, read, repeatable=False)

    def _line(self, write: StockWrite, change: int) -> dict[str, Any]:
        listing = write.listing
        product = {"product_id": id_number("product", listing.product)}
        sku = {"sku_id": id_number("SKU", listing.variant)}
        place = {"out_warehouse_id": listing.warehouse} if listing.warehouse else {}
        if self._method == SINGLE:
            return {**product, **sku, **place, "stock_num": change}
        if self._method == MULTI:
            line = {**product, **sku, **place, "stock_num": change, "uniq_id": write.write_id}
            return {"items": [line]}
        if listing.warehouse:
            stock = {"sku_type": 1, "stock_map": [{**place, "stock_num": change}]}
        else:
            stock = {"sku_type": 0, "stock_num": change}
        return {**product, "sku_sync_list": [{**sku, **stock}]}

    def _told(self, data: Any, write: StockWrite) -> StockWritten:
        """The one line of a multi-product answer, which has a code of its own."""
        (line,) = data["results"]
        code = number(line.get("status_code"))
        if code == LINE_ALREADY_APPLIED:
            return StockWritten(write.quantity, repeated=True)
        if code < 0:
            # A negative code that we do not know leaves the outcome open; a repeat under the same id tells.
            text = line.get("status_message") or "without a word"
            kind = LINE_CODE.get(code, LINE_CODE[-5000])
            raise kind(f"{self._title} refused the line: {text} ({code}).", vendor_code=str(code))
        return StockWritten(abs(number(line["change_num"])), counter=number(line["stock_num"]))

    async def read(self, listings: Sequence[ListingRef]) -> list[StockReading]:
        """Read counters, one call each."""
        return [await self._one(listing) for listing in listings]

    async def _one(self, listing: ListingRef) -> StockReading:
        place = {"out_warehouse_id": listing.warehouse} if listing.warehouse else {}
        parameters = {"sku_id": id_number("SKU", listing.variant), **place}

        def read(data: Any) -> StockReading:
            if not listing.warehouse:
                sellable = data.get(self._field)
                if sellable in (None, ""):  # a regional SKU, or an answer without the newer field
                    sellable = data["stock_num"]
                return StockReading(listing, number(sellable), number(data.get("prehold_stock_num")))
            if listing.warehouse not in data["stock_num_map"]:
                raise ListingRefused(f"{self._title} has no stock of {listing.key}.")
            occupied = (data.get("prehold_stock_map") or {}).get(listing.warehouse)
            return StockReading(listing, number(data["stock_num_map"][listing.warehouse]), number(occupied))

        return await self._client.call("sku.stockNum", parameters, read)
