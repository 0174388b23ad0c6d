"""Shopify's inventory (facts 7): changes with a key and an expected value, and readings by quantity name."""

from collections.abc import Callable
from typing import Any

import msgspec

from holdfast.simulators.platform import Parts
from holdfast.simulators.records import Listing, UnderRun

from .graphql import Field, GraphQLError
from .ids import committed, gid, item_number, listing_at, location_number, number_of, numbered, time_text

_CHANGES_MAX = 250
_QUANTITY_MAX = 2_000_000_000
_STRICT_SINCE = "2026-04"
_NAMES = (
    "available",
    "committed",
    "on_hand",
    "incoming",
    "reserved",
    "damaged",
    "safety_stock",
    "quality_control",
)

_CHANGE: dict[str, Any] = {"name": "", "delta": 0, "quantityAfterChange": 0, "item": {"id": ""}}
RESULT_SHAPE: dict[str, Any] = {
    "inventoryAdjustmentGroup": {
        "id": "",
        "createdAt": "",
        "reason": "",
        "referenceDocumentUri": None,
        "changes": [
            {**_CHANGE, "location": {"id": "", "legacyResourceId": "", "name": "", "isActive": True}}
        ],
    },
    "userErrors": [{"code": "", "message": "", "field": ""}],
}
"""All that a mutation can be asked for."""


class _UserError(Exception):
    def __init__(self, code: str, message: str, *place: str) -> None:
        super().__init__(message)
        self.document = {"code": code, "message": message, "field": ["input", *place]}


class Inventory:
    """The counters of the shop; one mutation is applied whole or not at all."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._results: dict[str, tuple[bytes, dict[str, Any]]] = {}

    def adjust(self, field: Field, version: str) -> dict[str, Any]:
        """`inventoryAdjustQuantities`: nothing stops a counter from going below zero."""
        return self._once(field, version, self._adjust)

    def set(self, field: Field, version: str) -> dict[str, Any]:
        """`inventorySetQuantities`: compares before it sets."""
        return self._once(field, version, self._set)

    def item(self, listing: Listing) -> dict[str, Any]:
        """An inventory item with its levels."""
        number = item_number(listing.key)
        levels = [each for key, each in self._parts.world.listings.items() if item_number(key) == number]
        return {
            "id": gid("InventoryItem", number),
            "legacyResourceId": number,
            "sku": listing.merchant_code or None,
            "tracked": True,
            "requiresShipping": True,
            "inventoryLevel": lambda arguments: self._level_at(number, arguments),
            "inventoryLevels": numbered([self.level(each) for each in levels]),
            "variant": lambda _: self.variant(listing),
        }

    def variant(self, listing: Listing) -> dict[str, Any]:
        """A product's variant."""
        return {
            "id": gid("ProductVariant", listing.key.variant or listing.key.product),
            "legacyResourceId": listing.key.variant or listing.key.product,
            "sku": listing.merchant_code or None,
            "title": "Default Title",
            "inventoryQuantity": self._parts.world.reading(listing)[0],
            "inventoryItem": lambda _: self.item(listing),
            "product": {"id": gid("Product", listing.key.product)},
        }

    def level(self, listing: Listing) -> dict[str, Any]:
        """The quantities of an item at a location."""
        item, location = item_number(listing.key), location_number(self._parts, listing.key)
        return {
            "id": f"{gid('InventoryLevel', location)}?inventory_item_id={item}",
            "updatedAt": time_text(listing.modified_at_us),
            "item": lambda _: self.item(listing),
            "location": self.location(location),
            "quantities": lambda arguments: self._quantities(listing, arguments),
        }

    def location(self, number: str) -> dict[str, Any]:
        """A place where stock lies."""
        return {
            "id": gid("Location", number),
            "legacyResourceId": number,
            "name": f"Location {number}",
            "isActive": True,
        }

    def _level_at(self, item: str, arguments: dict[str, Any]) -> dict[str, Any] | None:
        listing = listing_at(self._parts, item, number_of("Location", arguments.get("locationId")))
        return self.level(listing) if listing else None

    def _quantities(self, listing: Listing, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        names = arguments.get("names")
        if not isinstance(names, list) or not names or not set(names) <= set(_NAMES):
            raise GraphQLError(f"names has some of {', '.join(_NAMES)}", "INVALID_QUANTITY_NAME")
        available = self._parts.world.reading(listing)[0]
        in_orders = committed(self._parts, listing)
        known = {"available": available, "committed": in_orders, "on_hand": available + in_orders}
        updated = time_text(listing.modified_at_us)
        return [{"name": name, "quantity": known.get(name, 0), "updatedAt": updated} for name in names]

    def _once(
        self, field: Field, version: str, act: Callable[[dict[str, Any], str], dict[str, Any]]
    ) -> dict[str, Any]:
        given = field.arguments.get("input")
        if not isinstance(given, dict):
            raise GraphQLError(
                f"Field '{field.name}' is missing required arguments: input", "missingRequiredArguments"
            )
        directive = field.directives.get("idempotent")
        key = directive.get("key") if directive is not None else None
        if not key:
            if version >= _STRICT_SINCE or directive is not None:
                raise GraphQLError(
                    "The @idempotent directive with a key is required for this mutation", "BAD_REQUEST"
                )
            return self._answer(act, given, version)
        fingerprint = msgspec.json.encode([field.name, given], order="deterministic")
        if key in self._results:
            first, result = self._results[key]
            if first != fingerprint:
                return _refused(
                    _UserError("IDEMPOTENCY_KEY_PARAMETER_MISMATCH", "the key was used with other input")
                )
            if result["userErrors"] and self._parts.settings.now.options["failed_key"] == "refused":
                return _refused(_UserError("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", "the first attempt failed"))
            return result
        result = self._answer(act, given, version)
        self._results[key] = (fingerprint, result)
        return result

    def _answer(
        self, act: Callable[[dict[str, Any], str], dict[str, Any]], given: dict[str, Any], version: str
    ) -> dict[str, Any]:
        try:
            return {"inventoryAdjustmentGroup": act(given, version), "userErrors": []}
        except _UserError as error:
            return _refused(error)

    def _adjust(self, given: dict[str, Any], version: str) -> dict[str, Any]:
        changes = _rows(given, "changes")
        if given.get("name") != "available":
            raise _UserError("INVALID_QUANTITY_NAME", "only available can be adjusted here", "name")
        planned: dict[str, tuple[Listing, int]] = {}
        for place, change in enumerate(changes):
            where = ("changes", str(place))
            listing = self._stocked(change, where)
            delta = _whole(change.get("delta"), "delta")
            now = planned.get(listing.key.text, (listing, listing.sellable))[1]
            self._compare(change, "changeFromQuantity", now, where)
            planned[listing.key.text] = (listing, _within(now + delta, where))
        return self._apply(given, list(planned.values()))

    def _set(self, given: dict[str, Any], version: str) -> dict[str, Any]:
        name = given.get("name")
        if name not in ("available", "on_hand"):
            raise _UserError("INVALID_NAME", "the name is available or on_hand", "name")
        strict = version >= _STRICT_SINCE
        compared = "changeFromQuantity" if strict else "compareQuantity"
        planned = []
        for place, row in enumerate(_rows(given, "quantities")):
            where = ("quantities", str(place))
            listing = self._stocked(row, where)
            elsewhere = committed(self._parts, listing) if name == "on_hand" else 0
            quantity = _within(_whole(row.get("quantity"), "quantity"), where)
            if name == "on_hand" and quantity < 0:
                raise _UserError(
                    "INVALID_QUANTITY_NEGATIVE", "on_hand cannot be negative", *where, "quantity"
                )
            if compared not in row and (strict or not given.get("ignoreCompareQuantity")):
                raise GraphQLError(f"{compared} has to be given; null opts out", "INVALID_VARIABLE")
            if not given.get("ignoreCompareQuantity"):
                self._compare(row, compared, listing.sellable + elsewhere, where)
            planned.append((listing, quantity - elsewhere))
        return self._apply(given, planned)

    def _compare(self, row: dict[str, Any], name: str, now: int, where: tuple[str, ...]) -> None:
        expected = row.get(name)
        if expected is not None and _whole(expected, name) != now:
            code = "CHANGE_FROM_QUANTITY_STALE" if name == "changeFromQuantity" else "COMPARE_QUANTITY_STALE"
            raise _UserError(code, f"the quantity is {now}, not {expected}", *where, name)

    def _apply(self, given: dict[str, Any], planned: list[tuple[Listing, int]]) -> dict[str, Any]:
        changes = []
        for listing, quantity in planned:
            delta = quantity - listing.sellable
            self._parts.world.write(listing, delta, UnderRun.NEGATIVE)
            location = self.location(location_number(self._parts, listing.key))
            for name in ("available", "on_hand"):
                after = listing.sellable + (committed(self._parts, listing) if name == "on_hand" else 0)
                row = {"name": name, "delta": delta, "quantityAfterChange": after, "location": location}
                changes.append({**row, "item": {"id": gid("InventoryItem", item_number(listing.key))}})
        now_us = self._parts.clock.now_us()
        return {
            "id": gid("InventoryAdjustmentGroup", str(now_us)),
            "createdAt": time_text(now_us),
            "reason": given["reason"],
            "referenceDocumentUri": given.get("referenceDocumentUri"),
            "changes": changes,
        }

    def _stocked(self, row: dict[str, Any], where: tuple[str, ...]) -> Listing:
        item = number_of("InventoryItem", row.get("inventoryItemId"))
        location = number_of("Location", row.get("locationId"))
        if listing_at(self._parts, item, None) is None:
            raise _UserError("INVALID_INVENTORY_ITEM", "the item does not exist", *where, "inventoryItemId")
        listing = listing_at(self._parts, item, location)
        if listing is None:
            raise _UserError("ITEM_NOT_STOCKED_AT_LOCATION", "not stocked there", *where, "locationId")
        return listing


def _refused(error: _UserError) -> dict[str, Any]:
    return {"inventoryAdjustmentGroup": None, "userErrors": [error.document]}


def _rows(given: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = given.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise GraphQLError(f"input.{name} was provided invalid value", "INVALID_VARIABLE")
    if len(rows) > _CHANGES_MAX:
        message = (
            f"The input array size of {len(rows)} is greater than the maximum allowed of {_CHANGES_MAX}."
        )
        raise GraphQLError(message, "MAX_INPUT_SIZE_EXCEEDED")
    if not isinstance(given.get("reason"), str):
        raise GraphQLError("input.reason was provided invalid value", "INVALID_VARIABLE")
    return rows


def _whole(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise GraphQLError(f"{name} was provided invalid value", "INVALID_VARIABLE")
    return value


def _within(quantity: int, where: tuple[str, ...]) -> int:
    if abs(quantity) > _QUANTITY_MAX:
        code = "INVALID_QUANTITY_TOO_HIGH" if quantity > 0 else "INVALID_QUANTITY_TOO_LOW"
        raise _UserError(code, f"the quantity is beyond {_QUANTITY_MAX}", *where, "quantity")
    return quantity
