"""Listings 商品链接: items on a platform, the SKU that one unit of each is, and the rule for its right."""

from dataclasses import replace
from typing import Annotated

import msgspec
from msgspec import Meta

from holdfast.api.fields import (
    Failed,
    ListingKey,
    PlatformId,
    ShortText,
    SkuId,
    check_path,
)
from holdfast.api.operation import Answer, Operation, Parameter, Request
from holdfast.api.routes.pages import LIMIT, limit_of
from holdfast.channels.orders import ListingRef
from holdfast.ledger.accounts import QUANTITY_MAX
from holdfast.ledger.records import Channel
from holdfast.live.keys import Role
from holdfast.operations.mapping import (
    ListingOnFile,
    Mapping,
    Obstacle,
    changes_of,
    listing_of,
    listings_on_file,
    obstacle_to_mapping,
    obstacle_to_removal,
)
from holdfast.storage.records import ListingRow

from .common import channel_of, is_own_shop, save

Units = Annotated[int, Meta(ge=0, le=QUANTITY_MAX, description="Units of the listing.")]
Weight = Annotated[
    float, Meta(ge=0, le=1_000, description="What a sale here is worth against one elsewhere.")
]
Flag = Annotated[str, Meta(pattern=r"^(true|false)$(?!\n)")]

_AFTER = Parameter("after", "`next` of the page before.", {"type": "string", "maxLength": 240})
_DRY_RUN = Parameter(
    "dry_run", "`true` only says whether it would be done.", {"type": "string", "enum": ["true", "false"]}
)


class RuleBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A person's wishes; the autopilot stays within them."""

    weight: Weight = 1.0
    minimum: Units = 0
    maximum: Units | None = None
    paused: bool = False
    fixed: Units | None = None


class ListingBody(msgspec.Struct, forbid_unknown_fields=True):
    """What a listing sells; `product`, `variant` and `warehouse` are read from the path if left out."""

    sku: SkuId
    product: PlatformId = ""
    variant: PlatformId = ""
    warehouse: PlatformId = ""
    merchant_code: ShortText = ""
    rule: RuleBody = RuleBody()
    lower_counter: bool = False


class ListingDocument(msgspec.Struct):
    """A listing as stored; `right` in its own units, null until its counter has been taken over."""

    channel: str
    listing: str
    product: str
    variant: str
    warehouse: str
    sku: str
    merchant_code: str
    rule: RuleBody
    right: int | None
    open_writes: int


class ListingPage(msgspec.Struct):
    """A page of listings in order of channel and name."""

    items: list[ListingDocument]
    next: str | None


def document(found: ListingOnFile) -> ListingDocument:
    """A listing as the API shows it."""
    row = found.row
    return ListingDocument(
        row.channel,
        row.listing,
        row.product,
        row.variant,
        row.warehouse,
        row.sku,
        row.merchant_code,
        RuleBody(row.weight, row.minimum, row.maximum, row.paused, row.fixed),
        found.right,
        found.open_writes,
    )


def _refused(obstacle: Obstacle) -> Failed:
    return Failed(obstacle.code, obstacle.message, field=obstacle.field, facts=obstacle.facts)


def row_of(channel: str, listing: str, body: ListingBody) -> ListingRow:
    """The listing that a body describes; raises Failed where body and name differ."""
    rest, _, warehouse = listing.partition("@")
    product, _, variant = rest.partition("/")
    if body.product:
        given = ListingRef(body.product, body.variant, body.warehouse).key
        if given != listing:
            raise Failed("invalid_request", f"the path says {listing}, the body {given}", field="product")
    elif body.variant or body.warehouse:
        raise Failed("invalid_request", "give the product too, or leave it to the path", field="product")
    rule = body.rule
    if rule.maximum is not None and rule.maximum < rule.minimum:
        raise Failed("invalid_request", "the maximum is below the minimum", field="rule.maximum")
    return ListingRow(
        channel,
        listing,
        product,
        variant,
        warehouse,
        body.sku,
        body.merchant_code,
        rule.weight,
        rule.minimum,
        rule.maximum,
        rule.paused,
        rule.fixed,
    )


async def put(request: Request) -> Answer:
    """Map a listing to a SKU, or change its rule."""
    channel = await channel_of(request)
    listing: str = check_path(ListingKey, request.path["listing"], "listing")
    dry_run = check_path(Flag, request.query.get("dry_run", "false"), "dry_run") == "true"
    body: ListingBody = request.body
    row = row_of(channel.channel, listing, body)
    holdfast = request.holdfast
    async with holdfast.mapping:
        old = await holdfast.read_sync(lambda reader: listing_of(reader, channel.channel, listing))
        if old is None or old.row != row:
            mapping = Mapping(holdfast, holdfast.sync, shop=is_own_shop(request, channel))
            obstacle = await obstacle_to_mapping(mapping, row, old, lower_counter=body.lower_counter)
            if obstacle is not None:
                raise _refused(obstacle)
            if dry_run:
                right, writes = (old.right, old.open_writes) if old is not None else (None, 0)
                return Answer(document(ListingOnFile(row, right, writes)))
            detail = changes_of(row, old)
            await save(request, "listing.put", f"{channel.channel}/{listing}", (row,), detail)
    return Answer(document(await _found(request, channel, listing)))


async def _found(request: Request, channel: Channel, listing: str) -> ListingOnFile:
    found = await request.holdfast.read_sync(lambda reader: listing_of(reader, channel.channel, listing))
    if found is None or found.row.removed:
        raise Failed("not_found", f"{channel.channel} has no listing {listing}", field="listing")
    return found


async def show(request: Request) -> Answer:
    """One listing."""
    channel = await channel_of(request)
    listing: str = check_path(ListingKey, request.path["listing"], "listing")
    return Answer(document(await _found(request, channel, listing)))


async def remove(request: Request) -> Answer:
    """Unmap a listing that holds no right."""
    channel = await channel_of(request)
    listing: str = check_path(ListingKey, request.path["listing"], "listing")
    async with request.holdfast.mapping:
        found = await _found(request, channel, listing)
        obstacle = obstacle_to_removal(found)
        if obstacle is not None:
            raise _refused(obstacle)
        row = replace(found.row, removed=True)
        await save(request, "listing.delete", f"{channel.channel}/{listing}", (row,), {"sku": found.row.sku})
    return Answer(document(found))


async def list_of_channel(request: Request) -> Answer:
    """A page of one channel's listings."""
    channel = await channel_of(request)
    return await _page(request, channel.channel, None)


async def list_all(request: Request) -> Answer:
    """A page of all listings, or those of a SKU."""
    sku = request.query.get("sku")
    return await _page(request, None, sku)


async def _page(request: Request, channel: str | None, sku: str | None) -> Answer:
    limit, after = limit_of(request), request.query.get("after", "")
    found = await request.holdfast.read_sync(lambda reader: listings_on_file(reader, channel))
    wanted = [
        item for item in found if not item.row.removed and sku in (None, item.row.sku) and item.place > after
    ]
    page = wanted[:limit]
    more = len(wanted) > limit
    return Answer(ListingPage([document(item) for item in page], page[-1].place if more else None))


_PATH = "/v1/channels/{channel}/listings/{listing}"
OPERATIONS = [
    Operation(
        "PUT",
        _PATH,
        put,
        summary="Map a listing to an item, with the rule for its right",
        role=Role.OPERATOR,
        takes=ListingBody,
        gives=ListingDocument,
        query=(_DRY_RUN,),
        codes=(
            "not_found",
            "not_connected",
            "unknown_sku",
            "listing_has_right",
            "channel_holds_units",
            "counter_beyond_pool",
            "platform_failed",
        ),
    ),
    Operation(
        "GET",
        _PATH,
        show,
        summary="Show a listing",
        role=Role.VIEWER,
        gives=ListingDocument,
        codes=("not_found",),
    ),
    Operation(
        "DELETE",
        _PATH,
        remove,
        summary="Unmap a listing",
        role=Role.OPERATOR,
        gives=ListingDocument,
        codes=("not_found", "listing_has_right"),
    ),
    Operation(
        "GET",
        "/v1/channels/{channel}/listings",
        list_of_channel,
        summary="List the listings of a channel",
        role=Role.VIEWER,
        gives=ListingPage,
        query=(_AFTER, LIMIT),
        codes=("not_found",),
    ),
    Operation(
        "GET",
        "/v1/listings",
        list_all,
        summary="List listings",
        role=Role.VIEWER,
        gives=ListingPage,
        query=(
            Parameter("sku", "Only those that sell this item.", {"type": "string", "maxLength": 64}),
            _AFTER,
            LIMIT,
        ),
    ),
]
"""Routes of this noun."""
