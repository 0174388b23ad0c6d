"""Stock 库存 as it is now."""

import msgspec

from holdfast.api.fields import Failed, SkuId, check_path
from holdfast.api.operation import Answer, Operation, Request
from holdfast.ledger.views import StockView
from holdfast.live.keys import Role

from .pages import AFTER, LIMIT, limit_of


class StockPage(msgspec.Struct):
    """A page of stock in order of SKU."""

    items: list[StockView]
    next: str | None


async def show(request: Request) -> Answer:
    """One SKU."""
    sku = check_path(SkuId, request.path["sku"], "sku")
    view = await request.holdfast.read(lambda reader: reader.stock(sku))
    if view is None:
        raise Failed("not_found", f"there is no item {sku}", field="sku")
    return Answer(view)


async def list_all(request: Request) -> Answer:
    """A page of SKUs; bundles have no stock of their own and are left out."""
    limit, after = limit_of(request), request.query.get("after", "")
    views = await request.holdfast.read(lambda reader: reader.stocks(after, limit + 1))
    more = len(views) > limit
    page = views[:limit]
    return Answer(StockPage(page, page[-1].sku if more else None))


OPERATIONS = [
    Operation(
        "GET",
        "/v1/stock/{sku}",
        show,
        summary="Show an item's stock",
        role=Role.VIEWER,
        gives=StockView,
        codes=("not_found",),
    ),
    Operation(
        "GET",
        "/v1/stock",
        list_all,
        summary="List stock",
        role=Role.VIEWER,
        gives=StockPage,
        query=(AFTER, LIMIT),
    ),
]
"""Routes of this noun."""
