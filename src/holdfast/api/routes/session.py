"""Sessions 会话: how the console comes in with a key or a one-time link, and goes."""

import asyncio
from datetime import datetime

import msgspec

from holdfast import __version__
from holdfast.api.cookie import cookie_header, require_write_header, session_of
from holdfast.api.fields import Failed, SecretText, optional_time
from holdfast.api.operation import Answer, Operation, Request
from holdfast.live.keys import Role
from holdfast.live.sessions import Session
from holdfast.sealing import SealingError


class SessionBody(msgspec.Struct, forbid_unknown_fields=True):
    """What opens the door: one of the two."""

    key: SecretText | None = None
    link: SecretText | None = None


class SessionDocument(msgspec.Struct):
    """Who is in by the cookie, and until when; the role `none` when nobody is."""

    actor: str
    role: str
    ends_at: datetime | None
    version: str


async def open_session(request: Request) -> Answer:
    """Exchange a key or a link for a cookie."""
    require_write_header(request.scope["headers"])
    body: SessionBody = request.body
    if (body.key is None) is (body.link is None):
        raise Failed("invalid_request", "give a key or a link", field="key")
    sessions = request.holdfast.sessions
    try:
        # Sealing may make the key file: that is disk work.
        if body.key is not None:
            session = await asyncio.to_thread(sessions.open_with_key, body.key)
        else:
            session = await asyncio.to_thread(sessions.open_with_link, body.link or "")
    except SealingError as error:
        raise Failed("secret_key_unusable", str(error)) from error
    if session is None:
        raise Failed("unauthorized", "the key is not valid, or the link was used or is older than 10 minutes")
    return Answer(_document(session), 201, [cookie_header(session.token, request.scope["headers"])])


async def show(request: Request) -> Answer:
    """Who is in; a browser asks before anybody is, so nobody is an answer and no error."""
    return Answer(_document(session_of(request.holdfast.sessions, request.scope["headers"])))


def _document(session: Session | None) -> SessionDocument:
    if session is None:
        return SessionDocument("", "none", None, __version__)
    principal = session.principal
    return SessionDocument(
        principal.actor, principal.role.label, optional_time(session.ends_at_us), __version__
    )


async def close(request: Request) -> Answer:
    """End the session of the cookie."""
    session = session_of(request.holdfast.sessions, request.scope["headers"])
    if session is not None:
        request.holdfast.sessions.end(session)
    return Answer(_document(None), 200, [cookie_header("", request.scope["headers"])])


OPERATIONS = [
    Operation(
        "POST",
        "/v1/session",
        open_session,
        summary="Open a console session with a key or a one-time link",
        role=None,
        takes=SessionBody,
        gives=SessionDocument,
        status=201,
        codes=("unauthorized", "forbidden", "secret_key_unusable"),
    ),
    Operation(
        "GET",
        "/v1/session",
        show,
        summary="Who is in by the cookie?",
        role=None,
        gives=SessionDocument,
    ),
    Operation(
        "DELETE",
        "/v1/session",
        close,
        summary="End the console session",
        role=Role.VIEWER,
        gives=SessionDocument,
    ),
]
"""Routes of this noun."""
