"""TikTok Shop's stock (facts 6.2): set only, with the errors of single SKUs under a code of 0."""

from typing import Any

from holdfast.simulators.platform import Parts
from holdfast.simulators.records import Condition, Key, Listing, Stage, UnderRun

from .errors import Code, Refused, texts_in

_SEARCHED_MAX = 100
_QUANTITY_MAX = 99_999_999


class Stock:
    """The counters of the shop: what a set call writes is the available quantity."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def update(self, product: str, body: dict[str, Any]) -> dict[str, Any]:
        """Set the quantities of some SKUs of one product; each stands for itself."""
        if not self._parts.world.variants(product):
            raise Refused(Code.PRODUCT_MISSING, f"product {product} does not exist")
        skus = body.get("skus")
        if not isinstance(skus, list) or not skus or not all(isinstance(each, dict) for each in skus):
            raise Refused(Code.WRONG_ARGUMENT, "skus is a list that is not empty")
        wanted = [(sku, row) for sku in skus for row in _rows(sku)]
        errors = []
        for sku, row in wanted:
            failed = self._set(product, str(sku["id"]), row)
            if failed:
                code, message = failed
                detail = {"sku_id": sku["id"], "extra_errors": [{"warehouse_id": row["warehouse_id"]}]}
                errors.append({"code": code, "message": message, "detail": detail})
        return {"errors": errors} if errors else {}

    def search(self, body: dict[str, Any]) -> dict[str, Any]:
        """The quantities of products or SKUs; what does not exist is left out."""
        products = texts_in(body, "product_ids", _SEARCHED_MAX)
        skus = texts_in(body, "sku_ids", _SEARCHED_MAX)
        if not products and not skus:
            raise Refused(Code.WRONG_ARGUMENT, "product_ids or sku_ids are needed")
        found: dict[str, dict[str, list[Listing]]] = {}
        for key, listing in self._parts.world.listings.items():
            if key.product in products or key.variant in skus:
                found.setdefault(key.product, {}).setdefault(key.variant, []).append(listing)
        rows = [
            {"product_id": product, "skus": [self._sku(sku, each) for sku, each in by_sku.items()]}
            for product, by_sku in found.items()
        ]
        return {"inventory": rows}

    def snapshot(self, listings: list[Listing]) -> dict[str, int]:
        """All quantities of one SKU: total = available + committed, in shop = available − locked."""
        options = self._parts.settings.now.options
        available = sum(self._parts.world.reading(each)[0] for each in listings)
        in_orders = sum(self.committed(each) for each in listings)
        return {
            "total_quantity": available + in_orders,
            "total_available_quantity": available,
            "total_committed_quantity": in_orders,
            "in_shop_quantity": available - options["campaign_locked"] - options["creator_locked"],
            "campaign_locked_quantity": options["campaign_locked"],
            "creator_locked_quantity": options["creator_locked"],
        }

    def committed(self, listing: Listing) -> int:
        """Units of orders that are not shipped."""
        return sum(
            line.quantity - line.refunded
            for order in self._parts.world.orders.values()
            if order.stage in (Stage.UNPAID, Stage.PAID, Stage.PARTLY_SHIPPED)
            for line in order.lines
            if line.key == listing.key and not line.shipped
        )

    def warehouse(self, key: Key) -> str:
        """The warehouse of a listing; one without lies in the shop's own."""
        return key.warehouse or self._parts.credentials.secrets["warehouse_id"]

    def _set(self, product: str, sku: str, row: dict[str, Any]) -> tuple[int, str] | None:
        there = [each for each in self._parts.world.variants(product) if each.key.variant == sku]
        if not there:
            return Code.SKU_MISSING, f"sku {sku} does not exist"
        for listing in there:
            if self.warehouse(listing.key) == row["warehouse_id"]:
                if listing.condition is not Condition.ON_SALE:
                    return Code.PRODUCT_STATE, f"the product is {listing.condition.value}"
                self._parts.world.write(listing, row["quantity"] - listing.sellable, UnderRun.NEGATIVE)
                return None
        return Code.WAREHOUSE_MISSING, f"warehouse {row['warehouse_id']} does not exist"

    def _sku(self, sku: str, listings: list[Listing]) -> dict[str, Any]:
        snapshot = self.snapshot(listings)
        return {
            "id": sku,
            "seller_sku": listings[0].merchant_code,
            **snapshot,
            "total_available_inventory_distribution": {
                "in_shop_inventory": {"quantity": snapshot["in_shop_quantity"]},
                "campaign_inventory": [{"quantity": snapshot["campaign_locked_quantity"]}],
                "creator_inventory": [{"quantity": snapshot["creator_locked_quantity"]}],
            },
            "warehouse_inventory": [
                {
                    "warehouse_id": self.warehouse(each.key),
                    "available_quantity": self._parts.world.reading(each)[0],
                    "committed_quantity": self.committed(each),
                }
                for each in listings
            ],
        }


def _rows(sku: dict[str, Any]) -> list[dict[str, Any]]:
    rows = sku.get("inventory")
    if not isinstance(sku.get("id"), str) or not isinstance(rows, list) or not rows:
        raise Refused(Code.WRONG_ARGUMENT, "a sku has an id as text and inventory")
    for row in rows:
        quantity = row.get("quantity") if isinstance(row, dict) else None
        if isinstance(quantity, bool) or not isinstance(quantity, int) or not 0 <= quantity <= _QUANTITY_MAX:
            raise Refused(Code.WRONG_ARGUMENT, f"quantity is a whole number from 0 to {_QUANTITY_MAX}")
        if not isinstance(row.get("warehouse_id"), str):
            raise Refused(Code.WRONG_ARGUMENT, "warehouse_id is text")
    return rows
