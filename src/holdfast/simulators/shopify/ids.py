"""Shopify's global ids, times, and how the shop's listings become inventory items at locations."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from holdfast.simulators.platform import Parts
from holdfast.simulators.records import Key, Listing, Stage

from .graphql import GraphQLError

_PAGE_MAX = 250


def gid(kind: str, number: str) -> str:
    """A global id, such as `gid://shopify/Order/1`."""
    return f"gid://shopify/{kind}/{number}"


def number_of(kind: str, text: object) -> str:
    """The number in a global id of that kind; raises `GraphQLError` for anything else."""
    match = re.fullmatch(rf"gid://shopify/{kind}/(\d+)", text) if isinstance(text, str) else None
    if match is None:
        raise GraphQLError(f"Invalid global id '{text}'", "argumentLiteralsIncompatible")
    return match[1]


def time_text(time_us: int | None) -> str | None:
    """A time as Shopify writes it, in whole seconds."""
    if time_us is None:
        return None
    return datetime.fromtimestamp(time_us // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def item_number(key: Key) -> str:
    """The number of the inventory item: the variant's, as no other is given to the simulator."""
    return key.variant or key.product


def location_number(parts: Parts, key: Key) -> str:
    """The number of the location; a listing without one lies at the shop's first."""
    return key.warehouse or parts.credentials.secrets["location_id"]


def listing_at(parts: Parts, item: str, location: str | None) -> Listing | None:
    """The counter of an inventory item at a location, or at any for None."""
    for key, listing in parts.world.listings.items():
        if item_number(key) == item and location in (None, location_number(parts, key)):
            return listing
    return None


def committed(parts: Parts, listing: Listing) -> int:
    """Units in orders that are not shipped yet, paid or not."""
    return sum(
        line.quantity - line.refunded
        for order in parts.world.orders.values()
        if order.stage in (Stage.UNPAID, Stage.PAID, Stage.PARTLY_SHIPPED)
        for line in order.lines
        if line.key == listing.key and not line.shipped
    )


def connection(rows: list[tuple[str, dict[str, Any]]]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A list that is asked for in pages: rows with their cursors, in order."""

    def page(arguments: dict[str, Any]) -> dict[str, Any]:
        first = arguments.get("first")
        if not isinstance(first, int) or not 1 <= first <= _PAGE_MAX:
            raise GraphQLError(f"you must provide first, from 1 to {_PAGE_MAX}", "BAD_REQUEST")
        after = arguments.get("after")
        start = 0
        if after is not None:
            places = [index for index, (cursor, _) in enumerate(rows) if cursor > after]
            start = places[0] if places else len(rows)
        found = rows[start : start + first]
        return {
            "nodes": [row for _, row in found],
            "edges": [{"cursor": cursor, "node": row} for cursor, row in found],
            "pageInfo": {
                "hasNextPage": start + first < len(rows),
                "hasPreviousPage": start > 0,
                "startCursor": found[0][0] if found else None,
                "endCursor": found[-1][0] if found else None,
            },
        }

    return page


def numbered(rows: list[dict[str, Any]]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A list in pages whose cursors are places."""
    return connection([(f"{place:06d}", row) for place, row in enumerate(rows)])
