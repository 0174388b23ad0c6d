"""Items 商品: what is counted, and bundles that draw on several counted ones."""

import re
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from holdfast.api.fields import (
    Cents,
    Failed,
    ImageUrl,
    NameText,
    Quantity,
    ShortText,
    SkuId,
    Timestamp,
    check_path,
    optional_time,
    to_time,
    to_us,
)
from holdfast.api.operation import Answer, Operation, Request
from holdfast.ledger.catalog import described
from holdfast.ledger.commands import PutSku
from holdfast.ledger.records import IMAGE_URL_PATTERN, Component, Limits, Sku
from holdfast.live.keys import Role

from .guard_fields import GuardBody, guard_body, to_guard
from .pages import AFTER, LIMIT, limit_of

COMPONENTS_MAX = 50
_IMAGE_URL = re.compile(IMAGE_URL_PATTERN)


class LimitsBody(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Purchase limits 限购 in units; counting starts anew when `period` (a show, say) changes."""

    period: NameText
    per_order: Quantity | None = None
    per_buyer: Quantity | None = None
    per_buyer_across_channels: Quantity | None = None


class ComponentBody(msgspec.Struct, forbid_unknown_fields=True):
    """What one unit of a bundle 组合装 draws on."""

    sku: SkuId
    quantity: Quantity


class SkuBody(msgspec.Struct, forbid_unknown_fields=True):
    """An item's description; what is left out is reset to its default."""

    name: NameText
    variant: ShortText = ""
    price_cents: Cents | None = None
    cost_cents: Cents | None = None
    frozen: bool = False
    sale_opens_at: Timestamp | None = None
    sale_closes_at: Timestamp | None = None
    limits: LimitsBody | None = None
    components: Annotated[list[ComponentBody], Meta(max_length=COMPONENTS_MAX)] = []
    guard: GuardBody | None = None
    image_url: ImageUrl | None = None


class SkuDocument(msgspec.Struct):
    """An item as stored."""

    sku: str
    name: str
    variant: str
    price_cents: int | None
    cost_cents: int | None
    frozen: bool
    sale_opens_at: datetime | None
    sale_closes_at: datetime | None
    limits: LimitsBody | None
    components: list[ComponentBody]
    created_at: datetime
    updated_at: datetime
    guard: GuardBody | None = None
    image_url: str | None = None


class SkuPage(msgspec.Struct):
    """A page of items in order of their code."""

    items: list[SkuDocument]
    next: str | None


def document(item: Sku) -> SkuDocument:
    """An item as the API shows it."""
    limits = item.limits
    return SkuDocument(
        sku=item.sku,
        name=item.name,
        variant=item.variant,
        price_cents=item.price_cents,
        cost_cents=item.cost_cents,
        frozen=item.frozen,
        sale_opens_at=optional_time(item.sale_opens_at_us),
        sale_closes_at=optional_time(item.sale_closes_at_us),
        limits=LimitsBody(limits.period, limits.per_order, limits.per_buyer, limits.per_buyer_across_channels)
        if limits
        else None,
        components=[ComponentBody(part.sku, part.quantity) for part in item.components],
        created_at=to_time(item.created_at_us),
        updated_at=to_time(item.updated_at_us),
        guard=guard_body(item.guard),
        image_url=item.image_url,
    )


async def put(request: Request) -> Answer:
    """Create or replace an item."""
    command = command_of(check_path(SkuId, request.path["sku"], "sku"), request.body, request)
    async with request.holdfast.catalog:
        return await _put(request, command)


def command_of(sku: str, body: SkuBody, request: Request) -> PutSku:
    """The command that makes an item so; raises Failed for a time out of bounds, or what is no picture."""
    limits = body.limits
    parts: dict[str, int] = {}
    for part in body.components:
        parts[part.sku] = parts.get(part.sku, 0) + part.quantity
    return PutSku(
        sku=sku,
        name=body.name,
        actor=request.principal.actor,
        variant=body.variant,
        price_cents=body.price_cents,
        cost_cents=body.cost_cents,
        frozen=body.frozen,
        sale_opens_at_us=to_us(body.sale_opens_at, "sale_opens_at"),
        sale_closes_at_us=to_us(body.sale_closes_at, "sale_closes_at"),
        limits=Limits(limits.period, limits.per_order, limits.per_buyer, limits.per_buyer_across_channels)
        if limits
        else None,
        components=tuple(Component(*part) for part in parts.items()),
        request_id=request.request_id,
        guard=to_guard(body.guard),
        image_url=_image_url(body.image_url),
    )


def _image_url(text: str | None) -> str | None:
    """The address of a picture; none and empty are the same. Its form is checked here, to say it in words."""
    if text and not _IMAGE_URL.search(text):
        raise Failed(
            "invalid_request",
            "a picture is an address such as https://…/a.jpg, without spaces, or a small data:image/…",
            field="image_url",
        )
    return text or None


async def _put(request: Request, command: PutSku) -> Answer:
    decision = await request.decide(command)
    assert isinstance(decision.record, Sku)
    return Answer(document(decision.record))


async def freeze(request: Request) -> Answer:
    """Stop new holds on an item; the rest of it stays as it is."""
    return await _set_frozen(request, frozen=True)


async def unfreeze(request: Request) -> Answer:
    """Take new holds on an item again."""
    return await _set_frozen(request, frozen=False)


async def _set_frozen(request: Request, *, frozen: bool) -> Answer:
    sku: str = check_path(SkuId, request.path["sku"], "sku")
    async with request.holdfast.catalog:
        item = await request.holdfast.read(lambda reader: reader.sku(sku))
        if item is None:
            raise Failed("not_found", f"there is no item {sku}", field="sku")
        command = described(item, request.principal.actor, request.request_id)
        command.frozen = frozen
        return await _put(request, command)


async def show(request: Request) -> Answer:
    """One item."""
    sku = check_path(SkuId, request.path["sku"], "sku")
    item = await request.holdfast.read(lambda reader: reader.sku(sku))
    if item is None:
        raise Failed("not_found", f"there is no item {sku}", field="sku")
    return Answer(document(item))


async def list_all(request: Request) -> Answer:
    """A page of items."""
    limit, after = limit_of(request), request.query.get("after", "")
    items = await request.holdfast.read(lambda reader: reader.skus(after, limit + 1))
    more = len(items) > limit
    page = [document(item) for item in items[:limit]]
    return Answer(SkuPage(page, page[-1].sku if more else None))


OPERATIONS = [
    Operation(
        "PUT",
        "/v1/skus/{sku}",
        put,
        summary="Create or replace an item",
        role=Role.OPERATOR,
        takes=SkuBody,
        gives=SkuDocument,
        codes=("sku_is_component", "sku_has_stock", "unknown_component", "component_is_bundle"),
    ),
    Operation(
        "POST",
        "/v1/skus/{sku}/freeze",
        freeze,
        summary="Stop new holds on an item at once",
        role=Role.OPERATOR,
        gives=SkuDocument,
        codes=("not_found",),
    ),
    Operation(
        "POST",
        "/v1/skus/{sku}/unfreeze",
        unfreeze,
        summary="Take new holds on an item again",
        role=Role.OPERATOR,
        gives=SkuDocument,
        codes=("not_found",),
    ),
    Operation(
        "GET",
        "/v1/skus/{sku}",
        show,
        summary="Show an item",
        role=Role.VIEWER,
        gives=SkuDocument,
        codes=("not_found",),
    ),
    Operation(
        "GET",
        "/v1/skus",
        list_all,
        summary="List items",
        role=Role.VIEWER,
        gives=SkuPage,
        query=(AFTER, LIMIT),
    ),
]
"""Routes of this noun."""
