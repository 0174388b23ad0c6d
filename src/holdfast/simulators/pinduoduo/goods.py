"""Pinduoduo's stock (facts 8). The facts name no call that reads it: those here are known from memory."""

from collections.abc import Mapping
from typing import Any

from holdfast.simulators.platform import Parts
from holdfast.simulators.records import Condition, Listing, UnderRun

from .errors import Code, Refused, number, text

_FULL, _DELTA = 1, 2


class Goods:
    """The goods of the shop."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def update_quantity(self, parameters: Mapping[str, object]) -> dict[str, Any]:
        """`pdd.goods.quantity.update`: a flag is all that comes back."""
        kind = number(parameters, "update_type", _FULL, _DELTA, _FULL)
        quantity = number(parameters, "quantity", 0 if kind == _FULL else -(10**8), 10**8)
        listing = self._listing(parameters)
        if listing.condition is not Condition.ON_SALE:
            raise Refused(Code.NOT_FOUND, f"商品状态不允许修改: {listing.condition.value}")
        difference = quantity if kind == _DELTA else quantity - listing.sellable
        if difference < 0 and self._parts.settings.now.options["on_promotion"]:
            raise Refused(Code.CANNOT_LOWER, "活动商品不允许减少库存")
        if self._parts.world.write(listing, difference, UnderRun.REFUSE) is None:
            raise Refused(Code.NOT_ENOUGH, "库存不足")
        return {"is_success": True}

    def page(self, parameters: Mapping[str, object]) -> dict[str, Any]:
        """`pdd.goods.list.get`: all goods, or one by `goods_id` or `outer_id`."""
        page = number(parameters, "page", 1, 10**6, 1)
        size = number(parameters, "page_size", 1, 100, 100)
        wanted, code = text(parameters, "goods_id", "*"), text(parameters, "outer_id", "*")
        products: dict[str, list[Listing]] = {}
        for key, listing in self._parts.world.listings.items():
            if wanted in ("*", key.product) and code in ("*", listing.merchant_code):
                products.setdefault(key.product, []).append(listing)
        rows = [self._goods(product, listings) for product, listings in products.items()]
        return {"goods_list": rows[(page - 1) * size : page * size], "total_count": len(rows)}

    def get(self, parameters: Mapping[str, object]) -> dict[str, Any]:
        """`pdd.goods.information.get`."""
        return {"goods_info": self.detail(parameters)}

    def detail(self, parameters: Mapping[str, object]) -> dict[str, Any]:
        """`pdd.goods.detail.get`."""
        product = text(parameters, "goods_id")
        listings = self._parts.world.variants(product)
        if not listings:
            raise Refused(Code.NOT_FOUND, f"商品不存在: {product}")
        return self._goods(product, listings)

    def _goods(self, product: str, listings: list[Listing]) -> dict[str, Any]:
        skus: list[dict[str, Any]] = []
        for listing in listings:
            sellable, _ = self._parts.world.reading(listing)
            sku = {"sku_id": int(listing.key.variant), "outer_id": listing.merchant_code}
            skus.append({**sku, "quantity": sellable, "sku_quantity": sellable, "is_onsale": 1})
        total = sum(sku["quantity"] for sku in skus)
        return {"goods_id": int(product), "goods_quantity": total, "is_onsale": 1, "sku_list": skus}

    def _listing(self, parameters: Mapping[str, object]) -> Listing:
        product = text(parameters, "goods_id")
        sku, code = text(parameters, "sku_id", ""), text(parameters, "outer_id", "")
        if not sku and not code:
            raise Refused(Code.WRONG_ARGUMENT, "参数错误: sku_id 和 outer_id 不能同时为空")
        for listing in self._parts.world.variants(product):
            if listing.key.variant == sku or (not sku and listing.merchant_code == code):
                return listing
        raise Refused(Code.NOT_FOUND, f"商品或SKU不存在: {product}/{sku or code}")
