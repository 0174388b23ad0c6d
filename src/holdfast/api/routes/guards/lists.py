"""Lists 黑白名单: the blocked get no guarded item, the allowed pass the rules of conduct."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from holdfast.api.fields import TEXT, BuyerList, BuyerText, Failed, NameText, check_path, to_time
from holdfast.api.operation import Answer, Operation, Request
from holdfast.live.keys import Role
from holdfast.operations.guard.desk import Listed

from .kinds import ListedKind, hashed

ENTRIES_MAX = 500


class ListEntryBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why this buyer is put on the list."""

    reason: NameText


class ListedSubject(msgspec.Struct, forbid_unknown_fields=True):
    """A buyer, device, address or payment; `hashed` says that the value is its hash, as a list shows it."""

    value: Annotated[str, Meta(min_length=1, max_length=512, pattern=TEXT)]
    kind: ListedKind = ListedKind.BUYER
    hashed: bool = False


class ListChangeBody(msgspec.Struct, forbid_unknown_fields=True):
    """What is put on a list, with a reason, or taken off it when `listed` is false; all of it or nothing."""

    entries: Annotated[list[ListedSubject], Meta(min_length=1, max_length=ENTRIES_MAX)]
    reason: NameText
    listed: bool = True


class ListedDocument(msgspec.Struct):
    """Who or what stands on a list; `buyer` is the hash if the kind is another."""

    list: str
    buyer: str
    reason: str
    actor: str
    since: datetime
    kind: ListedKind


class ListDocument(msgspec.Struct):
    """All that stands on a list."""

    items: list[ListedDocument]


class ListChangeDocument(msgspec.Struct):
    """What the call changed, and of how many entries there was nothing to change."""

    changed: list[ListedDocument]
    unchanged: int


def _document(listed: Listed) -> ListedDocument:
    since = to_time(listed.since_us)
    kind = ListedKind(listed.kind)
    return ListedDocument(listed.list, listed.buyer, listed.reason, listed.actor, since, kind)


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
    actor = request.principal.actor
    found = await request.holdfast.guards.take_off(
        name, [(ListedKind.BUYER, buyer)], actor, request.request_id
    )
    if not found:
        raise Failed("not_found", f"{buyer} is not on the list {name}", field="buyer")
    return Answer(_document(found[0]))


async def change(request: Request) -> Answer:
    """Put several on a list or take them off, in one commit."""
    name: str = check_path(BuyerList, request.path["list"], "list")
    body: ListChangeBody = request.body
    desk, actor = request.holdfast.guards, request.principal.actor
    entries = [
        (each.kind.value, each.value if each.hashed else hashed(request, each.kind, each.value))
        for each in body.entries
    ]
    if body.listed:
        changed = await desk.add(name, entries, body.reason, actor, request.request_id)
    else:
        changed = await desk.take_off(name, entries, actor, request.request_id)
    return Answer(ListChangeDocument([_document(each) for each in changed], len(set(entries)) - len(changed)))


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
        "POST",
        "/v1/buyers/lists/{list}",
        change,
        summary="Put up to 500 buyers, devices, addresses or payments on a list, or take them off",
        role=Role.OPERATOR,
        takes=ListChangeBody,
        gives=ListChangeDocument,
        codes=("secret_key_unusable",),
    ),
    Operation(
        "GET",
        "/v1/buyers/lists/{list}",
        show,
        summary="Show who and what stands on a list",
        role=Role.VIEWER,
        gives=ListDocument,
    ),
]
"""Routes of this noun."""
