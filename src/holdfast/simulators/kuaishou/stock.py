"""Kuaishou's stock methods: differences of item stock, and the stock of goods in warehouses."""

from collections.abc import Callable
from typing import Any

from ..platform import Platform
from ..records import Condition, Key, Listing, UnderRun
from .errors import WRONG_PARAMETER, KuaishouError, Parameters

STOCK_MAX = 9_999_999
Method = tuple[str, Callable[[Parameters], Any]]


class Stock:
    """The counters behind the methods; goods stock has a warehouse and a merchant code."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._adjusted: dict[str, Any] = {}

    def methods(self) -> dict[str, Method]:
        """Each method by its name, with its verb."""
        return {
            "open.item.sku.stock.update": ("POST", self.update_item),
            "open.item.sku.list.get": ("GET", self.sku_list),
            "open.scm.inventory.adjust": ("POST", self.adjust),
            "open.scm.inventory.update": ("POST", self.update_goods),
            "open.scm.inventory.detail": ("GET", self.goods_detail),
        }

    def update_item(self, given: Parameters) -> Any:
        """A difference that is refused beyond zero, is not deduplicated, and tells no quantity."""
        units = given.integer("skuChangeStock", 1, STOCK_MAX - 1)
        adds = given.integer("changeType", 1, 2) == 1
        key = Key(str(given.integer("kwaiItemId")), str(given.integer("skuId")))
        listing = self._platform.world.listings.get(key)
        if listing is None or listing.condition is not Condition.ON_SALE:
            raise KuaishouError(WRONG_PARAMETER, "商品不存在或状态不可编辑")
        if adds and listing.sellable + units > STOCK_MAX:
            raise KuaishouError(WRONG_PARAMETER, f"库存不能超过{STOCK_MAX}")
        if self._platform.world.write(listing, units if adds else -units, UnderRun.REFUSE) is None:
            raise KuaishouError(21, "当前库存不足，请减少预留数量")
        return True

    def sku_list(self, given: Parameters) -> Any:
        """The SKUs of an item with their stock."""
        item = given.integer("kwaiItemId")
        wanted = given.text("relSkuId", default="") if "relSkuId" in given else ""
        found = [
            self._sku(listing)
            for listing in self._platform.world.variants(str(item))
            if not listing.key.warehouse
            and listing.condition is not Condition.DELETED
            and wanted in ("", listing.merchant_code)
        ]
        if not found:
            raise KuaishouError(WRONG_PARAMETER, "商品不存在")
        return {"skuCount": len(found), "skuList": found}

    def adjust(self, given: Parameters) -> Any:
        """A difference that goes no further than zero; the answer tells what really changed."""
        key = given.text("idempotentId")
        operation = given.text("operationType")
        if operation not in ("INCREASE", "DECREASE"):
            raise KuaishouError(WRONG_PARAMETER, "参数错误: operationType")
        units = given.integer("adjustQuantity", 1, STOCK_MAX)
        listing = self._goods(given)
        if key not in self._adjusted:
            difference = units if operation == "INCREASE" else -units
            done = self._platform.world.write(listing, difference, UnderRun.CLAMP)
            if done is None:
                raise KuaishouError(21, "当前库存不足，请减少预留数量")
            self._adjusted[key] = {"adjust_quantity": abs(done)}
        return self._adjusted[key]

    def update_goods(self, given: Parameters) -> Any:
        """A value; the answer tells the one that holds."""
        quantity = given.integer("quantity", 0, STOCK_MAX)
        listing = self._goods(given)
        self._platform.world.write(listing, quantity - listing.sellable, UnderRun.CLAMP)
        return {"quantity": listing.sellable}

    def goods_detail(self, given: Parameters) -> Any:
        """A goods' stock, all in all and by warehouse."""
        code = given.text("wareOutCode")
        rows: list[dict[str, Any]] = []
        for listing in self._platform.world.listings.values():
            if listing.merchant_code == code and listing.key.warehouse:
                sellable, occupied = self._platform.world.reading(listing)
                rows.append(
                    {
                        "warehouseOutCode": listing.key.warehouse,
                        "quantity": sellable + occupied,
                        "availableSaleQuantity": sellable,
                    }
                )
        if not rows:
            raise KuaishouError(WRONG_PARAMETER, "货品不存在")
        return {
            "totalQuantity": sum(row["quantity"] for row in rows),
            "totalAvailableSaleQuantity": sum(row["availableSaleQuantity"] for row in rows),
            "itemList": rows,
        }

    def _goods(self, given: Parameters) -> Listing:
        code, warehouse = given.text("wareOutCode"), given.text("warehouseOutCode")
        for listing in self._platform.world.listings.values():
            if (listing.merchant_code, listing.key.warehouse) == (code, warehouse):
                return listing
        raise KuaishouError(WRONG_PARAMETER, "货品或仓库不存在")

    def _sku(self, listing: Listing) -> dict[str, Any]:
        sellable, occupied = self._platform.world.reading(listing)
        return {
            "kwaiSkuId": int(listing.key.variant),
            "relSkuId": listing.merchant_code,
            "skuStock": sellable,
            "reserveStock": occupied,
            "skuNick": listing.merchant_code,
            "skuSalePrice": listing.price_fen,
            "isValid": 1 if listing.condition is Condition.ON_SALE else 0,
            "goodsId": 0,
            "goodsCode": [],
            "updateTime": listing.modified_at_us // 1_000,
        }
