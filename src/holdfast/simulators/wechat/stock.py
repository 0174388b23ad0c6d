"""WeChat's calls about stock (facts 5.2): three kinds of change, no idempotency, and a ledger to read."""

from typing import Any

from holdfast.simulators.gate import TokenBucket
from holdfast.simulators.platform import Parts
from holdfast.simulators.records import Change, Condition, Key, Listing, UnderRun

from .errors import Arguments, Code, Refused

_ADD, _SUBTRACT, _SET = 1, 2, 3
_BATCH_MAX = 50
_FLOW_DAYS = 180
_OPERATIONS = {"put": 1, "write": 2}
_BY_ORDERS = 3
"""The kinds of a flow entry (`op_type`) are this simulator's own: no list of them was found."""

_STATES = {
    Condition.IN_AUDIT: (Code.IN_AUDIT, "product is under audit"),
    Condition.BANNED: (Code.PRODUCT_STATE, "product is banned"),
    Condition.DELETED: (Code.PRODUCT_DELETED, "product is deleted"),
}


class Stock:
    """The counters of the shop."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._buckets: dict[Key, TokenBucket] = {}

    def update(self, arguments: Arguments) -> dict[str, Any]:
        """Add, subtract or set; a subtraction beyond zero is refused."""
        self._write(arguments, self._listing(arguments), arguments.number("num", 0, 10_000_000))
        return {}

    def update_warehouse(self, arguments: Arguments) -> dict[str, Any]:
        """The same for the stock of one regional warehouse."""
        listing = self._listing(arguments, arguments.text("out_warehouse_id"))
        self._write(arguments, listing, arguments.number("num", 0, 10_000_000))
        return {}

    def get(self, arguments: Arguments) -> dict[str, Any]:
        """The counters of one SKU; units in unpaid orders of a warehouse are its `lock_stock`."""
        product, sku = arguments.id("product_id"), arguments.id("sku_id")
        found = [each for each in self._of(product) if each.key.variant == sku]
        return {
            "data": self._told(found)
            | {"warehouse_stocks": [self._warehouse(e) for e in found if e.key.warehouse]}
        }

    def get_batch(self, arguments: Arguments) -> dict[str, Any]:
        """The counters of whole products."""
        products = []
        for product in arguments.ids("product_id", _BATCH_MAX):
            by_sku: dict[str, list[Listing]] = {}
            for each in self._of(product):
                by_sku.setdefault(each.key.variant, []).append(each)
            rows = [{"sku_id": sku, **self._told(found)} for sku, found in by_sku.items()]
            products.append({"product_id": product, "sku_stock": rows})
        return _at_both_places({"spu_stock_list": products})

    def get_warehouse(self, arguments: Arguments) -> dict[str, Any]:
        """The counter of one SKU in one regional warehouse."""
        return self._warehouse(self._listing(arguments, arguments.text("out_warehouse_id")))

    def flow(self, arguments: Arguments) -> dict[str, Any]:
        """The ledger of one counter, oldest first."""
        key = self._listing(arguments).key
        begin_s = arguments.number("begin_time", 0, 2**40)
        end_s = arguments.number("end_time", begin_s, 2**40)
        if begin_s < self._parts.clock.now_s() - _FLOW_DAYS * 86_400:
            raise Refused(Code.WRONG_ARGUMENT, f"invalid args: begin_time is more than {_FLOW_DAYS} days ago")
        size = arguments.number("page_size", 1, 100, 20)
        after = int(arguments.text("next_key") or "0")
        entries = [
            entry
            for entry in self._parts.world.changes
            if entry.key == key and begin_s <= entry.at_us // 1_000_000 <= end_s
        ]
        page = entries[after : after + size]
        more = after + size < len(entries)
        told = {
            "stock_flow_info_list": [_flow_entry(entry) for entry in page],
            "next_key": str(after + size) if more else "",
            "has_more": more,
        }
        return _at_both_places(told)

    def _write(self, arguments: Arguments, listing: Listing, quantity: int) -> None:
        kind = arguments.number("diff_type", _ADD, _SET)
        if kind != _SET and not quantity:
            raise Refused(Code.DELTA_IS_ZERO, "num is 0")
        if listing.condition in _STATES:
            raise Refused(*_STATES[listing.condition])
        per_s = self._parts.settings.now.options["sku_writes_per_s"]
        bucket = self._buckets.setdefault(listing.key, TokenBucket())
        if per_s and not bucket.take(per_s, max(per_s, 1.0)):
            raise Refused(Code.SKU_TOO_OFTEN, "this sku is updated too often")
        difference = {_ADD: quantity, _SUBTRACT: -quantity, _SET: quantity - listing.sellable}[kind]
        if self._parts.world.write(listing, difference, UnderRun.REFUSE) is None:
            raise Refused(Code.NOT_ENOUGH, "stock is not enough")

    def _listing(self, arguments: Arguments, warehouse: str = "") -> Listing:
        key = Key(arguments.id("product_id"), arguments.id("sku_id"), warehouse)
        listing = self._parts.world.listings.get(key)
        if listing is None:
            self._of(key.product)
            raise Refused(Code.SKU_MISSING, "sku does not exist")
        return listing

    def _of(self, product: str) -> list[Listing]:
        found = self._parts.world.variants(product)
        if not found:
            raise Refused(Code.PRODUCT_MISSING, "product does not exist")
        return found

    def _told(self, found: list[Listing]) -> dict[str, Any]:
        """Units set aside for a flash sale are no part of the normal ones, but of the total."""
        if not found:
            raise Refused(Code.SKU_MISSING, "sku does not exist")
        normal = sum(self._parts.world.reading(each)[0] for each in found if not each.key.warehouse)
        stored = sum(self._parts.world.reading(each)[0] for each in found if each.key.warehouse)
        aside = self._parts.settings.now.options["set_aside"]
        return {
            "normal_stock_num": normal,
            "limited_discount_stock_num": aside,
            "finder_total_num": 0,
            "exclusive_num": 0,
            "total_stock_num": normal + stored + aside,
        }

    def _warehouse(self, listing: Listing) -> dict[str, Any]:
        sellable, occupied = self._parts.world.reading(listing)
        return {"out_warehouse_id": listing.key.warehouse, "num": sellable, "lock_stock": occupied}


def _at_both_places(told: dict[str, Any]) -> dict[str, Any]:
    """The facts leave open whether these answers lie in `data`, so they lie there and beside it."""
    return {"data": told, **told}


def _flow_entry(entry: Change) -> dict[str, Any]:
    return {
        "amount": entry.difference,
        "beginning_amount": entry.sellable - entry.difference,
        "ending_amount": entry.sellable,
        "op_type": _OPERATIONS.get(entry.cause, _BY_ORDERS),
        "update_time": entry.at_us // 1_000_000,
    }
