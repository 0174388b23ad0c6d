"""Douyin's stock methods: single, batch of one product, and batch of many products."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..platform import Platform
from ..records import Condition, Key, Listing, UnderRun
from .errors import DouyinError, Parameters, invalid, missing

ITEMS_MAX = 50
_BATCH_CODES = {
    Condition.IN_AUDIT: "isv.business-failed:2010041",
    Condition.DELETED: "isv.business-failed:2010042",
    Condition.BANNED: "isv.business-failed:2010043",
}
_LINE_CODES = {Condition.IN_AUDIT: -40001, Condition.BANNED: -40002, Condition.DELETED: -40003}
_LINE_MESSAGES = {-20001: "库存不足", -20002: "幂等ID已使用", -10002: "参数错误", 0: "success"}


@dataclass(slots=True)
class _Line:
    listing: Listing | None
    quantity: int
    token: str
    """What must not be applied twice."""
    sku_id: str
    warehouse: str = ""
    status: int = 0
    difference: int = 0


class Stock:
    """The counters behind the methods, and the idempotent ids that this shop has executed."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._executed: set[str] = set()

    def methods(self) -> dict[str, Callable[[Parameters], Any]]:
        """Each method by its name."""
        return {
            "sku.syncStock": self.sync_one,
            "sku.syncStockBatch": self.sync_product,
            "sku.syncStockBatchMultiProducts": self.sync_many,
            "sku.stockNum": self.stock_num,
            "sku.detail": self.detail,
            "sku.list": self.sku_list,
        }

    def sync_one(self, given: Parameters) -> Any:
        """`sku/syncStock`: one SKU, a value or a difference."""
        incremental = given.flag("incremental", default=False)
        quantity = given.integer("stock_num", low=None if incremental else 0)
        token = self._token(given, incremental)
        listing = self._single(given)
        if token in self._executed:
            raise DouyinError(40004, "isv.parameter-invalid:40010", "幂等ID已执行")
        difference = quantity if incremental else quantity - listing.sellable
        if self._platform.world.write(listing, difference, UnderRun.REFUSE) is None:
            raise DouyinError(50002, self._platform.option("shortage_sub_code"), "库存不足")
        self._done(token)
        return {}

    def sync_product(self, given: Parameters) -> Any:
        """`sku/syncStockBatch`: SKUs of one product, all or none."""
        incremental = given.flag("incremental", default=False)
        token = self._token(given, incremental)
        product = self._product(given, "outer_product_id")
        lines = []
        for part in given.parts("sku_sync_list"):
            for warehouse, quantity in self._quantities(part, incremental):
                listing = self._listing(product, part, "outer_sku_id", warehouse)
                if listing is None:
                    raise DouyinError(50002, "isv.business-failed:2010058", "商品不存在")
                if listing.condition is not Condition.ON_SALE:
                    raise DouyinError(50002, _BATCH_CODES[listing.condition], listing.condition.value)
                lines.append(_Line(listing, quantity, "", ""))
        if token in self._executed:
            raise DouyinError(40004, "isv.parameter-invalid:2010021", "幂等ID重复")
        self._judge(lines, incremental)
        if any(line.status for line in lines):
            raise DouyinError(50002, "isv.business-failed:2010012", "库存不足")
        self._apply(lines)
        self._done(token)
        return {}

    def sync_many(self, given: Parameters) -> Any:
        """`sku/syncStockBatchMultiProducts`: up to 50 lines, each with its own code."""
        incremental = given.flag("incremental")
        call = given.text("idempotent_id")
        partial = given.flag("allow_partial_success", default=False)
        lines = [self._item(call, part, incremental) for part in given.parts("items", most=ITEMS_MAX)]
        self._judge(lines, incremental)
        bad = [line for line in lines if line.status]
        applied = [line for line in lines if not line.status] if partial or not bad else []
        self._apply(applied)
        for line in applied:
            self._done(line.token)
        data = {"results": [_result(line) for line in lines]}
        if bad and not partial:
            raise DouyinError(50002, "isv.business-failed:2010012", "部分商品失败，未执行", data)
        if bad:
            raise DouyinError(10001, "", "部分失败", data)
        return data

    def stock_num(self, given: Parameters) -> Any:
        """`sku/stockNum`: the buckets of one SKU; a regional SKU tells them by warehouse."""
        return self._told(self._all_of(given), given.text("out_warehouse_id", default=""))

    def detail(self, given: Parameters) -> Any:
        """`sku/detail`."""
        listings = self._all_of(given)
        return {**_named(listings[0]), **self._told(listings, "")}

    def sku_list(self, given: Parameters) -> Any:
        """`sku/list`: all SKUs of a product."""
        product = self._product(given, "out_product_id")
        by_sku: dict[str, list[Listing]] = {}
        for listing in self._platform.world.variants(product):
            by_sku.setdefault(listing.key.variant, []).append(listing)
        if not by_sku:
            raise invalid("product_id", "商品不存在", 5)
        return [{**_named(each[0]), **self._told(each, "")} for each in by_sku.values()]

    # How it is found, judged, applied and told

    def _token(self, given: Parameters, incremental: bool) -> str:
        token = given.text("idempotent_id", default="")
        if incremental and not token:
            raise missing("idempotent_id")
        return token

    def _done(self, token: str) -> None:
        if token:
            self._executed.add(token)

    def _single(self, given: Parameters) -> Listing:
        product = self._product(given, "out_product_id")
        warehouse = given.text("out_warehouse_id", default="")
        listing = self._listing(product, given, "out_sku_id", warehouse)
        if listing is None:
            raise invalid("sku_id", "SKU不存在", 5)
        if listing.condition is Condition.DELETED:
            raise invalid("sku_id", "SKU已删除", 4)
        if listing.condition is not Condition.ON_SALE:
            raise DouyinError(50002, _BATCH_CODES[listing.condition], listing.condition.value)
        return listing

    def _product(self, given: Parameters, other_name: str) -> str:
        if "product_id" in given:
            return str(given.integer("product_id"))
        return str(given.text(other_name, default="") or given.integer("product_id"))

    def _listing(self, product: str, given: Parameters, other_name: str, warehouse: str) -> Listing | None:
        if "sku_id" in given:
            sku = str(given.integer("sku_id"))
            return self._platform.world.listings.get(Key(product, sku, warehouse))
        code = given.text("code", default="") or given.text(other_name, default="")
        if not code:
            raise missing("sku_id")
        for listing in self._platform.world.variants(product):
            if (listing.merchant_code, listing.key.warehouse) == (code, warehouse):
                return listing
        return None

    def _quantities(self, part: Parameters, incremental: bool) -> list[tuple[str, int]]:
        low = None if incremental else 0
        if part.integer("sku_type", default=0) != 1:
            return [("", part.integer("stock_num", low=low))]
        regions = part.parts("stock_map")
        return [(each.text("out_warehouse_id"), each.integer("stock_num", low=low)) for each in regions]

    def _item(self, call: str, part: Parameters, incremental: bool) -> _Line:
        product, sku = str(part.integer("product_id")), str(part.integer("sku_id"))
        key = Key(product, sku, part.text("out_warehouse_id", default=""))
        listing = self._platform.world.listings.get(key)
        quantity = part.integer("stock_num", low=None if incremental else 0)
        token = f"{call}/{part.text('uniq_id', default='') or key.text}"
        line = _Line(listing, quantity, token, sku, key.warehouse)
        if listing is None:
            line.status = -10002
        elif listing.condition is not Condition.ON_SALE:
            line.status = _LINE_CODES[listing.condition]
        elif token in self._executed:
            line.status = -20002
        return line

    def _judge(self, lines: list[_Line], incremental: bool) -> None:
        """Work out each line's difference on what the lines before it leave; mark those beyond zero."""
        refuses = self._platform.settings.now.under_run in (None, UnderRun.REFUSE)
        left: dict[Key, int] = {}
        for line in lines:
            if line.listing is None or line.status:
                continue
            before = left.get(line.listing.key, line.listing.sellable)
            line.difference = line.quantity if incremental else line.quantity - before
            if refuses and line.difference < 0 and before + line.difference < 0:
                line.status = -20001
                continue
            left[line.listing.key] = before + line.difference

    def _apply(self, lines: list[_Line]) -> None:
        for line in lines:
            assert line.listing is not None
            line.difference = self._platform.world.write(line.listing, line.difference, UnderRun.REFUSE) or 0

    def _all_of(self, given: Parameters) -> list[Listing]:
        """The listing of a SKU in every warehouse that has it."""
        sku = str(given.integer("sku_id")) if "sku_id" in given else ""
        code = "" if sku else given.text("code")
        found = [
            listing
            for listing in self._platform.world.listings.values()
            if (listing.key.variant == sku if sku else listing.merchant_code == code)
            and listing.condition is not Condition.DELETED
        ]
        if not found:
            raise invalid("sku_id", "SKU不存在", 5)
        return found

    def _told(self, listings: list[Listing], warehouse: str) -> dict[str, Any]:
        figures = {each.key.warehouse: self._platform.world.reading(each) for each in listings}
        regional = "" not in figures
        if warehouse and warehouse not in figures:
            raise invalid("out_warehouse_id", "仓库不存在")
        sellable, occupied = figures.get(warehouse, (None, None))
        return {
            "sku_id": int(listings[0].key.variant),
            "sku_type": 1 if regional else 0,
            "stock_num": sellable,
            "prehold_stock_num": occupied,
            "normal_stock_num": sellable,
            "prom_stock_num": 0,
            "step_stock_num": 0,
            "channel_stock_num": 0,
            "stock_num_map": {name: figure[0] for name, figure in figures.items() if name},
            "prehold_stock_map": {name: figure[1] for name, figure in figures.items() if name},
        }


def _named(listing: Listing) -> dict[str, Any]:
    return {
        "id": int(listing.key.variant),
        "product_id": int(listing.key.product),
        "code": listing.merchant_code,
        "out_sku_id": listing.merchant_code,
    }


def _result(line: _Line) -> dict[str, Any]:
    applied = line.difference if not line.status else 0
    return {
        "sku_id": int(line.sku_id),
        "warehouse_id": line.warehouse,
        "stock_num": line.listing.sellable if line.listing else 0,
        "step_stock_num": 0,
        "change_num": applied,
        "step_change_num": 0,
        "status_code": line.status,
        "status_message": _LINE_MESSAGES.get(line.status, "失败"),
    }
