"""API keys 密钥: made, rotated and revoked by an administrator; a key is shown once."""

import asyncio
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from holdfast.api.fields import Failed, KeyName, check_path, optional_time, to_time
from holdfast.api.operation import Answer, Operation, Request
from holdfast.live.keys import KeyRing, Role
from holdfast.storage.contract import KeyRow

GRACE_DEFAULT_S = 24 * 3600
SECONDS_MAX = 10 * 365 * 24 * 3600


class KeyBody(msgspec.Struct, forbid_unknown_fields=True):
    """A key to make."""

    name: KeyName
    role: Literal["viewer", "integration", "operator", "administrator"]
    lifetime_s: Annotated[int, Meta(ge=1, le=SECONDS_MAX)] | None = None


class RotateBody(msgspec.Struct, forbid_unknown_fields=True):
    """How long the old key still opens the door beside the new one."""

    grace_s: Annotated[int, Meta(ge=0, le=SECONDS_MAX)] = GRACE_DEFAULT_S


class NewKeyDocument(msgspec.Struct):
    """A key, the only time it is shown."""

    name: str
    role: str
    key: str


class KeyDocument(msgspec.Struct):
    """A key as stored; the key itself is not."""

    name: str
    role: str
    live: bool
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None


class KeyPage(msgspec.Struct):
    """All keys, the ended ones too."""

    items: list[KeyDocument]
    next: str | None


def _document(keys: KeyRing, row: KeyRow) -> KeyDocument:
    return KeyDocument(
        row.name,
        row.role,
        keys.is_live(row),
        to_time(row.created_at_us),
        row.created_by,
        optional_time(row.expires_at_us),
        optional_time(row.revoked_at_us),
    )


async def create(request: Request) -> Answer:
    """Make a key."""
    body: KeyBody = request.body
    role = Role[body.role.upper()]
    try:
        key = await asyncio.to_thread(
            request.holdfast.keys.create,
            body.name,
            role,
            request.principal.actor,
            lifetime_s=body.lifetime_s,
            request_id=request.request_id,
        )
    except ValueError as error:
        raise Failed("name_taken", str(error), field="name") from error
    return Answer(NewKeyDocument(body.name, role.label, key), 201)


async def rotate(request: Request) -> Answer:
    """Make a second key of the same name; the old one ends after a while."""
    name = check_path(KeyName, request.path["name"], "name")
    try:
        key = await asyncio.to_thread(
            request.holdfast.keys.rotate,
            name,
            request.principal.actor,
            request.body.grace_s,
            request.request_id,
        )
    except KeyError as error:
        raise Failed("not_found", f"there is no live key {name}", field="name") from error
    principal = request.holdfast.keys.find(key.encode())
    assert principal is not None
    return Answer(NewKeyDocument(name, principal.role.label, key), 201)


async def revoke(request: Request) -> Answer:
    """End all keys of a name."""
    name = check_path(KeyName, request.path["name"], "name")
    keys = request.holdfast.keys
    try:
        await asyncio.to_thread(keys.revoke, name, request.principal.actor, request.request_id)
    except KeyError as error:
        raise Failed("not_found", f"there is no live key {name}", field="name") from error
    return Answer(KeyPage([_document(keys, row) for row in keys.rows() if row.name == name], None))


async def list_all(request: Request) -> Answer:
    """All keys."""
    keys = request.holdfast.keys
    return Answer(KeyPage([_document(keys, row) for row in keys.rows()], None))


OPERATIONS = [
    Operation(
        "POST",
        "/v1/keys",
        create,
        summary="Make an API key",
        role=Role.ADMINISTRATOR,
        takes=KeyBody,
        gives=NewKeyDocument,
        status=201,
        codes=("name_taken",),
    ),
    Operation(
        "POST",
        "/v1/keys/{name}/rotate",
        rotate,
        summary="Replace an API key; both work for a while",
        role=Role.ADMINISTRATOR,
        takes=RotateBody,
        gives=NewKeyDocument,
        status=201,
        codes=("not_found",),
    ),
    Operation(
        "DELETE",
        "/v1/keys/{name}",
        revoke,
        summary="Revoke an API key",
        role=Role.ADMINISTRATOR,
        gives=KeyPage,
        codes=("not_found",),
    ),
    Operation(
        "GET",
        "/v1/keys",
        list_all,
        summary="List API keys",
        role=Role.ADMINISTRATOR,
        gives=KeyPage,
    ),
]
"""Routes of this noun."""
