"""Lists of buyers 黑白名单: the blocked get no guarded item, the allowed pass the rules of conduct."""

from datetime import datetime
from typing import Any

import msgspec

from holdfast.api.fields import BuyerList, BuyerText, Failed, NameText, check_path, to_time
from holdfast.api.operation import Answer, Operation, Request
from holdfast.live.keys import Role
from holdfast.operations.guard.desk import Listed


class ListEntryBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why this buyer is put on the list."""

    reason: NameText


class ListedDocument(msgspec.Struct):
    """A buyer on a list."""

    list: str
    buyer: str
    reason: str
    actor: str
    since: datetime


class ListDocument(msgspec.Struct):
    """All buyers on a list."""

    items: list[ListedDocument]


def _document(listed: Listed) -> ListedDocument:
    return ListedDocument(listed.list, listed.buyer, listed.reason, listed.actor, to_time(listed.since_us))


def _path(request: Request) -> tuple[Any, Any]:
    name = check_path(BuyerList, request.path["list"], "list")
    return name, check_path(BuyerText, request.path["buyer"], "buyer")


async def put(request: Request) -> Answer:
    """Put a buyer on a list: it holds for the next hold on."""
    name, buyer = _path(request)
    listed = await request.holdfast.guards.list_buyer(
        name, buyer, request.body.reason, request.principal.actor, request.request_id
    )
    return Answer(_document(listed))


async def remove(request: Request) -> Answer:
    """Take a buyer off a list."""
    name, buyer = _path(request)
    listed = request.holdfast.guards.lists.get(f"{name}:{buyer}")
    if listed is None:
        raise Failed("not_found", f"{buyer} is not on the list {name}", field="buyer")
    await request.holdfast.guards.unlist_buyer(listed, request.principal.actor, request.request_id)
    return Answer(_document(listed))


async def show(request: Request) -> Answer:
    """A whole list."""
    name = check_path(BuyerList, request.path["list"], "list")
    found = [_document(item) for item in request.holdfast.guards.lists.all() if item.list == name]
    return Answer(ListDocument(found))


OPERATIONS = [
    Operation(
        "PUT",
        "/v1/buyers/lists/{list}/{buyer}",
        put,
        summary="Put a buyer on a list",
        role=Role.OPERATOR,
        takes=ListEntryBody,
        gives=ListedDocument,
    ),
    Operation(
        "DELETE",
        "/v1/buyers/lists/{list}/{buyer}",
        remove,
        summary="Take a buyer off a list",
        role=Role.OPERATOR,
        gives=ListedDocument,
        codes=("not_found",),
    ),
    Operation(
        "GET",
        "/v1/buyers/lists/{list}",
        show,
        summary="Show the buyers on a list",
        role=Role.VIEWER,
        gives=ListDocument,
    ),
]
"""Routes of this noun."""
