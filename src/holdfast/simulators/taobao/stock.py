"""Taobao's stock methods, which differ in what they do beyond zero, and the readings of items and SKUs."""

import json
import re
from collections.abc import Callable
from typing import Any

from ..platform import Platform
from ..records import Condition, Deducts, Key, Listing, UnderRun
from .errors import Parameters, from_time, invalid, missing, refused, yuan

_BIG = 2**63 - 1
_SKUS_MAX = 20
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]+")


class Stock:
    """The counters behind the methods. `key` in a write is a SKU's number, or the merchant's code."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._outer_keys: set[str] = set()

    def methods(self) -> dict[str, Callable[[Parameters], Any]]:
        """Each method by its name."""
        return {
            "taobao.item.quantity.update": self.update_one,
            "taobao.skus.quantity.update": self.update_many,
            "tmall.item.quantity.update": self.update_tmall,
            "taobao.item.sku.get": self.sku,
            "taobao.item.skus.get": self.skus,
            "taobao.item.seller.get": self.item,
        }

    def update_one(self, given: Parameters) -> Any:
        """`taobao.item.quantity.update`: refused beyond zero, not deduplicated."""
        item, delta = self._item_id(given), given.integer("type", 1, 2, default=1) == 2
        quantity = given.integer("quantity", -_BIG if delta else 0, _BIG)
        listing = self._listing(item, given.text("sku_id", default=""), given.text("outer_id", default=""))
        difference = quantity if delta else quantity - listing.sellable
        if self._platform.world.write(listing, difference, UnderRun.REFUSE) is None:
            raise refused("item-quantity-update-service-error:QUANTITY_NEGATIVE", "库存不足，修改后不能小于0")
        return {"item": self._after(item, [listing])}

    def update_many(self, given: Parameters) -> Any:
        """`taobao.skus.quantity.update`: a difference beyond zero silently ends at zero."""
        item, delta = self._item_id(given), given.integer("type", 1, 2, default=1) == 2
        by_outer = not given.text("skuid_quantities", default="")
        pairs = _pairs(given, "outerid_quantities" if by_outer else "skuid_quantities")
        if not delta and any(quantity < 0 for _, quantity in pairs):
            raise invalid("skuid_quantities", "全量更新时库存不能为负")
        found = [self._listing(item, *(("", name) if by_outer else (name, ""))) for name, _ in pairs]
        for listing, (_, quantity) in zip(found, pairs, strict=True):
            difference = quantity if delta else quantity - listing.sellable
            if self._platform.world.write(listing, difference, UnderRun.CLAMP) is None:
                raise refused("skus-quantity-update-service-error:QUANTITY_NEGATIVE", "库存不足")
        return {"item": self._after(item, found)}

    def update_tmall(self, given: Parameters) -> Any:
        """`tmall.item.quantity.update`: all or none; a difference with an `outer_biz_key` counts once."""
        item = str(given.integer("item_id", 1, _BIG))
        options, rows = _json(given, "options", {}), _json(given, "sku_quantities", [])
        if not isinstance(options, dict) or not isinstance(rows, list) or len(rows) > _SKUS_MAX:
            raise invalid("sku_quantities", f"最多 {_SKUS_MAX} 个 SKU")
        key = str(options.get("outer_biz_key") or "")
        if key and not _HEXADECIMAL.fullmatch(key):
            raise invalid("options", "outer_biz_key 只能是十六进制字符")
        delta = str(options.get("type", 1)) == "2"
        if not rows:
            rows = [{"quantity": given.integer("item_quantity", -_BIG, _BIG)}]
        if not (delta and key in self._outer_keys):
            self._write_tmall(item, rows, delta)
        if delta and key:
            self._outer_keys.add(key)
        found = [self._tmall_listing(item, row) for row in rows]
        told = self._after(item, found)
        return {"tmall_item_quantity_update_result": item, "item": told}

    def sku(self, given: Parameters) -> Any:
        """`taobao.item.sku.get`."""
        listing = self._listing(
            str(given.integer("num_iid", 1, _BIG)), str(given.integer("sku_id", 1, _BIG)), ""
        )
        return {"sku": _only(self._told_sku(listing), given.fields())}

    def skus(self, given: Parameters) -> Any:
        """`taobao.item.skus.get`: of up to 40 items; unknown ones are left out."""
        items, fields = given.text("num_iids").split(","), given.fields()
        if len(items) > 40:
            raise invalid("num_iids", "最多 40 个")
        found = [each for item in items for each in self._of(item.strip()) if each.key.variant]
        return {"skus": {"sku": [_only(self._told_sku(each), fields) for each in found]}}

    def item(self, given: Parameters) -> Any:
        """`taobao.item.seller.get`."""
        item, fields = self._item_id(given), given.fields()
        listings = self._of(item)
        if not listings:
            raise refused("item-not-exist:invalid-numIid-or-iid", "商品不存在")
        readings = [self._platform.world.reading(each) for each in listings]
        held = [
            occupied
            for each, (_, occupied) in zip(listings, readings, strict=True)
            if each.deducts is Deducts.ON_PAYMENT
        ]
        told: dict[str, Any] = {
            "num_iid": int(item),
            "title": f"模拟商品 {item}",
            "nick": self._platform.credentials.shop,
            "price": yuan(listings[0].price_fen),
            "num": sum(sellable for sellable, _ in readings),
            "with_hold_quantity": sum(held),
            "sub_stock": 1 if listings[0].deducts is Deducts.ON_ORDER else 2,
            "outer_id": listings[0].merchant_code,
            "modified": from_time(max(each.modified_at_us for each in listings)),
        }
        skus = [self._told_sku(each) for each in listings if each.key.variant]
        wanted = _only(told, fields)
        if skus and any(name.partition(".")[0] in ("sku", "skus") for name in fields):
            wanted["skus"] = {"sku": skus}
        return {"item": wanted}

    def _item_id(self, given: Parameters) -> str:
        return str(given.integer("num_iid", 1, _BIG))

    def _of(self, item: str) -> list[Listing]:
        listings = self._platform.world.variants(item)
        return [each for each in listings if each.condition is not Condition.DELETED]

    def _listing(self, item: str, sku: str, outer: str) -> Listing:
        """By SKU, by code, or the only listing of an item without SKUs."""
        found = self._of(item)
        if not found:
            raise refused("item-not-exist:invalid-numIid-or-iid", "商品不存在")
        if sku or outer:
            found = [
                each for each in found if (each.key.variant == sku if sku else each.merchant_code == outer)
            ]
            if not found:
                raise refused("invalid-parameter:sku-not-found", "SKU不存在")
        elif Key(item) not in {each.key for each in found}:
            raise missing("sku_id")
        if found[0].condition is not Condition.ON_SALE:
            raise refused(f"item-{found[0].condition.value.replace('_', '-')}", "商品状态不可编辑")
        return found[0]

    def _tmall_listing(self, item: str, row: Any) -> Listing:
        if not isinstance(row, dict):
            raise invalid("sku_quantities")
        return self._listing(item, str(row.get("sku_id") or ""), str(row.get("outer_id") or ""))

    def _write_tmall(self, item: str, rows: list[Any], delta: bool) -> None:
        """Decide all of them before the first is written."""
        rule = UnderRun(self._platform.option("tmall_under_run"))
        left: dict[Key, int] = {}
        plan = []
        for row in rows:
            listing = self._tmall_listing(item, row)
            try:
                quantity = int(row["quantity"])
            except (KeyError, TypeError, ValueError):
                raise invalid("sku_quantities") from None
            before = left.get(listing.key, listing.sellable)
            difference = quantity if delta else quantity - before
            if (not delta and quantity < 0) or (
                rule is UnderRun.REFUSE and difference < 0 and before + difference < 0
            ):
                raise refused("tmall-item-quantity-update-error:QUANTITY_NEGATIVE", "库存不足")
            left[listing.key] = before + difference
            plan.append((listing, difference))
        for listing, difference in plan:
            self._platform.world.write(listing, difference, rule)

    def _after(self, item: str, written: list[Listing]) -> dict[str, Any]:
        rows = [
            {
                "sku_id": int(each.key.variant),
                "quantity": each.sellable,
                "modified": from_time(each.modified_at_us),
            }
            for each in written
            if each.key.variant
        ]
        found = self._of(item)
        told: dict[str, Any] = {
            "num_iid": int(item),
            "num": sum(each.sellable for each in found),
            "modified": from_time(max(each.modified_at_us for each in found)),
        }
        return {**told, "skus": {"sku": rows}} if rows else told

    def _told_sku(self, listing: Listing) -> dict[str, Any]:
        sellable, occupied = self._platform.world.reading(listing)
        return {
            "sku_id": int(listing.key.variant),
            "num_iid": int(listing.key.product),
            "quantity": sellable,
            "with_hold_quantity": occupied if listing.deducts is Deducts.ON_PAYMENT else 0,
            "outer_id": listing.merchant_code,
            "price": yuan(listing.price_fen),
            "status": "normal" if listing.condition is Condition.ON_SALE else "delete",
            "modified": from_time(listing.modified_at_us),
        }


def _pairs(given: Parameters, name: str) -> list[tuple[str, int]]:
    """`id:quantity;id:quantity`."""
    pairs = []
    for part in given.text(name).split(";"):
        named, _, quantity = part.rpartition(":")
        try:
            pairs.append((named, int(quantity)))
        except ValueError:
            raise invalid(name) from None
        if not named:
            raise invalid(name)
    if len(pairs) > _SKUS_MAX:
        raise invalid(name, f"最多 {_SKUS_MAX} 个 SKU")
    return pairs


def _json(given: Parameters, name: str, default: Any) -> Any:
    text = given.text(name, default="")
    try:
        return json.loads(text) if text else default
    except ValueError:
        raise invalid(name) from None


def _only(told: dict[str, Any], fields: set[str]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name in fields}
