"""Xiaohongshu's stock (facts 9): a set of the total, a change of the available units, both of one SKU."""

from typing import Any

from holdfast.simulators.platform import Parts
from holdfast.simulators.records import Condition, Deducts, Key, Listing, UnderRun

from .errors import Code, Refused, number, text

_DEFAULT_WAREHOUSE = "CPartner"


class Stock:
    """The counters of the shop. A SKU's own id names it; the product's takes no part."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def get(self, fields: dict[str, Any]) -> dict[str, Any]:
        """`inventory.getSkuStock`."""
        return self._told(self._listing(text(fields, "skuId")))

    def get_by_warehouse(self, fields: dict[str, Any]) -> dict[str, Any]:
        """`inventory.getSkuStockV2`: all warehouses of a SKU; how they lie in the answer is ours."""
        sku = text(fields, "skuId")
        found = [each for each in self._parts.world.listings.values() if _sku_of(each.key) == sku]
        rows = {each.key.warehouse or _DEFAULT_WAREHOUSE: self._stock(each) for each in found}
        return {"skuId": sku, "skuStockInfo": self._stock(self._listing(sku)), "skuStockWithWhcode": rows}

    def set(self, fields: dict[str, Any]) -> dict[str, Any]:
        """`inventory.syncSkuStock`: `qty` is the total, with what is occupied and set aside."""
        listing = self._listing(text(fields, "skuId"))
        self._set(listing, number(fields, "qty", 0, 10**8))
        return self._told(listing)

    def set_by_warehouse(self, fields: dict[str, Any]) -> dict[str, Any]:
        """`inventory.syncSkuStockV2`: the total of each named warehouse."""
        sku, wanted = text(fields, "skuId"), fields.get("qtyWithWhcode")
        if not isinstance(wanted, dict) or not wanted:
            raise Refused(Code.WRONG_ARGUMENT, "qtyWithWhcode names quantities by warehouse")
        planned = [(self._listing(sku, code), number(wanted, code, 0, 10**8)) for code in wanted]
        for listing, quantity in planned:
            self._set(listing, quantity)
        return self.get_by_warehouse(fields)

    def change(self, fields: dict[str, Any]) -> dict[str, Any]:
        """`inventory.incSkuStock`: what happens below zero is not in the facts: refused."""
        listing = self._listing(text(fields, "skuId"))
        self._check(listing)
        if self._parts.world.write(listing, number(fields, "qty", -(10**8), 10**8), UnderRun.REFUSE) is None:
            raise Refused(Code.NOT_ENOUGH, "库存不足")
        return self._told(listing)

    def _set(self, listing: Listing, total: int) -> None:
        self._check(listing)
        rest = self._elsewhere(listing)
        self._parts.world.write(listing, max(total - rest, 0) - listing.sellable, UnderRun.REFUSE)
        if total < rest:
            message = "库存更新成功，但占用库存未能全部覆盖"
            raise Refused(Code.OCCUPIED_NOT_COVERED, message, self._told(listing))

    def _elsewhere(self, listing: Listing) -> int:
        occupied = listing.occupied if listing.deducts is Deducts.ON_ORDER else 0
        return occupied + int(self._parts.settings.now.options["set_aside"])

    def _stock(self, listing: Listing) -> dict[str, int]:
        available, _ = self._parts.world.reading(listing)
        return {"available": available, "total": available + self._elsewhere(listing)}

    def _told(self, listing: Listing) -> dict[str, Any]:
        return {"skuId": _sku_of(listing.key), "skuStock": self._stock(listing)}

    def _check(self, listing: Listing) -> None:
        if listing.condition is not Condition.ON_SALE:
            raise Refused(Code.STATE, f"the SKU is {listing.condition.value}")

    def _listing(self, sku: str, warehouse: str = _DEFAULT_WAREHOUSE) -> Listing:
        for key, listing in self._parts.world.listings.items():
            if _sku_of(key) == sku and (key.warehouse or _DEFAULT_WAREHOUSE) == warehouse:
                return listing
        raise Refused(Code.NOT_FOUND, f"SKU {sku} does not exist in {warehouse}")


def _sku_of(key: Key) -> str:
    return key.variant or key.product
