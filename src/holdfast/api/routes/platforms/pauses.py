"""Pausing an item everywhere: the autopilot gives its listings nothing and takes nothing away."""

from dataclasses import replace

from holdfast.api.fields import Failed, SkuId, check_path
from holdfast.api.operation import Answer, Operation, Request
from holdfast.live.keys import Role
from holdfast.operations.mapping import listings_on_file

from .common import save
from .listings import ListingPage, document


async def pause(request: Request) -> Answer:
    """Let all listings of an item be as they are."""
    return await _set(request, paused=True)


async def resume(request: Request) -> Answer:
    """Let the autopilot move the rights of an item again."""
    return await _set(request, paused=False)


async def _set(request: Request, *, paused: bool) -> Answer:
    sku: str = check_path(SkuId, request.path["sku"], "sku")
    holdfast = request.holdfast
    if await holdfast.read(lambda reader: reader.sku(sku)) is None:
        raise Failed("not_found", f"there is no item {sku}", field="sku")
    async with holdfast.mapping:
        found = await holdfast.read_sync(listings_on_file)
        ours = [item for item in found if item.row.sku == sku and not item.row.removed]
        changed = [replace(item.row, paused=paused) for item in ours if item.row.paused is not paused]
        if changed:
            action = "sku.pause" if paused else "sku.resume"
            await save(request, action, sku, changed, {"listings": len(changed)})
    items = [document(item._replace(row=replace(item.row, paused=paused))) for item in ours]
    return Answer(ListingPage(items, None))


OPERATIONS = [
    Operation(
        "POST",
        "/v1/skus/{sku}/pause",
        pause,
        summary="Have the autopilot leave an item's listings alone",
        role=Role.OPERATOR,
        gives=ListingPage,
        codes=("not_found",),
    ),
    Operation(
        "POST",
        "/v1/skus/{sku}/resume",
        resume,
        summary="Have the autopilot move an item's rights again",
        role=Role.OPERATOR,
        gives=ListingPage,
        codes=("not_found",),
    ),
]
"""Routes of this noun."""
