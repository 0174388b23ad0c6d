"""Listings that sell already but that nobody mapped yet, with the item that their seller code names."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from holdfast.api.operation import Answer, Operation, Request
from holdfast.live.keys import Role
from holdfast.storage.contract import Reader
from holdfast.storage.records import OrderRow

from .common import channel_of

ORDERS_MAX = 10_000


class UnmappedListing(msgspec.Struct):
    """A listing that orders wait for; `sku` is the item whose code is its seller code, if there is one."""

    listing: str
    product: str
    variant: str
    warehouse: str
    merchant_code: str
    orders: int
    units: int
    sku: str | None
    name: str | None


class UnmappedPage(msgspec.Struct):
    """All of a channel, those with the most units first; there is no second page."""

    items: list[UnmappedListing]
    next: str | None


@dataclass(slots=True)
class _Waiting:
    code: str = ""
    orders: int = 0
    units: int = 0


async def list_unmapped(request: Request) -> Answer:
    """What the channel's orders ask for that no listing maps."""
    channel = await channel_of(request)
    orders, mapped = await request.holdfast.read_sync(
        lambda reader: (
            reader.unmapped_orders(channel.channel, ORDERS_MAX),
            {row.listing for row in reader.listings(channel.channel) if not row.removed},
        )
    )
    waiting = _waiting(orders, mapped)

    def names(reader: Reader) -> dict[str, str]:
        items = {each.code: reader.sku(each.code) for each in waiting.values() if each.code}
        return {code: item.name for code, item in items.items() if item is not None}

    known = await request.holdfast.read(names)
    items = []
    for listing, each in waiting.items():
        rest, _, warehouse = listing.partition("@")
        product, _, variant = rest.partition("/")
        sku = each.code if each.code in known else None
        name = known.get(each.code)
        items.append(
            UnmappedListing(
                listing, product, variant, warehouse, each.code, each.orders, each.units, sku, name
            )
        )
    items.sort(key=lambda item: (-item.units, item.listing))
    return Answer(UnmappedPage(items, None))


def _waiting(orders: Iterable[OrderRow], mapped: set[str]) -> dict[str, _Waiting]:
    """By listing; of an order that waits only the lines that still count and that nothing maps."""
    found: dict[str, _Waiting] = {}
    for order in orders:
        open_lines = [
            line
            for line in order.lines
            if not line.hold and line.listing not in mapped and line.quantity > line.refunded
        ]
        for line in open_lines:
            each = found.setdefault(line.listing, _Waiting())
            each.code = each.code or line.merchant_code.strip()
            each.units += line.quantity - line.refunded
        for listing in {line.listing for line in open_lines}:
            found[listing].orders += 1
    return found


OPERATIONS = [
    Operation(
        "GET",
        "/v1/channels/{channel}/unmapped",
        list_unmapped,
        summary="List what a channel's orders ask for that no listing maps",
        role=Role.VIEWER,
        gives=UnmappedPage,
        codes=("not_found",),
    ),
]
"""Routes of this noun."""
