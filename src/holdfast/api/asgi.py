"""The ASGI application: the table of routes, a short way for the hot ones, start and stop."""

from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request as StarletteRequest
from starlette.responses import Response
from starlette.routing import Route

from holdfast.app import Holdfast
from holdfast.settings import SettingsError
from holdfast.storage.contract import StoreError

from .console import console_routes
from .direct import Direct
from .docs_page import docs_page
from .fields import Failed
from .openapi import openapi
from .operation import Answer, OneCommand, Operation, Receive, Request, Scope, Send, new_request_id
from .problems import MEDIA_TYPE, encode_problem
from .replicas.forwarding import Forwarding, tells_of_documents
from .routes import (
    audit,
    channels,
    destinations,
    drops,
    feed,
    guards,
    holds,
    imports,
    keys,
    overlays,
    platforms,
    session,
    shows,
    skus,
    stock,
    system,
    transfers,
    warnings,
)
from .routes.overlays.page import overlay_page

OPERATIONS: list[Operation] = [
    operation
    for noun in (
        holds,
        transfers,
        stock,
        skus,
        imports,
        channels,
        platforms,
        shows,
        feed,
        audit,
        session,
        keys,
        overlays,
        drops,
        warnings,
        destinations,
        guards,
        system,
    )
    for operation in noun.OPERATIONS
]
"""Every operation there is; the reference, the tests and the docs' checks read it."""

_REFERENCE = openapi(OPERATIONS)


async def _openapi(request: Request) -> Answer:
    return Answer(_REFERENCE)


async def _docs(request: Request) -> Answer:
    return Answer(docs_page(_REFERENCE), media_type=b"text/html; charset=utf-8")


_REFERENCE_OPERATIONS = [
    Operation("GET", "/openapi.json", _openapi, summary="The reference", role=None),
    Operation("GET", "/docs", _docs, summary="The reference as a page", role=None),
]


_ANYWHERE = frozenset(
    operation
    for noun in (holds, stock, feed, audit, session, keys, overlays, system)
    for operation in noun.OPERATIONS
) | frozenset(
    operation
    for noun in (transfers, skus, channels)
    for operation in noun.OPERATIONS
    if operation.method == "GET"
)
"""What any of several servers answers; the rest is sent on to the one that works in the background."""


class _Endpoint:
    """An operation bound to a running Holdfast, as an ASGI application."""

    def __init__(self, holdfast: Holdfast, operation: Operation, forwarding: Forwarding) -> None:
        self._holdfast = holdfast
        self._operation = operation
        self._forwarding = forwarding
        self._anywhere = operation in _ANYWHERE or operation in _REFERENCE_OPERATIONS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._holdfast.working or (self._anywhere and not tells_of_documents(scope)):
            await self._operation.serve(self._holdfast, scope, receive, send)
        else:
            await self._forwarding.serve(self._holdfast, scope, receive, send)


class _Path:
    """All operations of one path, so that a wrong method is told every right one."""

    def __init__(self) -> None:
        self.by_method: dict[str, _Endpoint] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        await self.by_method[method](scope, receive, send)


class Application:
    """What the server runs."""

    def __init__(self, holdfast: Holdfast) -> None:
        self._holdfast = holdfast
        self._forwarding = Forwarding()
        table = [*OPERATIONS, *_REFERENCE_OPERATIONS]
        paths: dict[str, _Path] = {}
        # A path without parts in braces needs no search: this is the short way that the hot routes take.
        self._exact: dict[tuple[str, str], _Endpoint] = {}
        for item in table:
            endpoint = _Endpoint(holdfast, item, self._forwarding)
            paths.setdefault(item.path, _Path()).by_method[item.method] = endpoint
            if "{" not in item.path:
                self._exact[item.method, item.path] = endpoint

        self.direct = {
            (item.method.encode(), item.path.encode()): Direct(holdfast, item, item.handler)
            for item in table
            if isinstance(item.handler, OneCommand)
        }
        """By method and path, what a server may run without a task: see `Direct`."""

        self._starlette = Starlette(
            routes=[
                # A listing's name may hold slashes.
                Route(path.replace("{listing}", "{listing:path}"), end, methods=list(end.by_method))
                for path, end in paths.items()
            ]
            + [overlay_page(holdfast)]
            + console_routes(),
            exception_handlers={HTTPException: _http_error},
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or the server's start and stop."""
        if scope["type"] == "http":
            endpoint = self._exact.get((scope["method"], scope["path"]))
            if endpoint is not None:
                await endpoint(scope, receive, send)
                return
        if scope["type"] == "lifespan":
            await _live(self._holdfast, receive, send)
            await self._forwarding.close()
        else:
            await self._starlette(scope, receive, send)


async def _live(holdfast: Holdfast, receive: Receive, send: Send) -> None:
    """Start and stop with the server; a store that cannot be used is told in its own words only."""
    await receive()
    try:
        await holdfast.start()
    except (StoreError, SettingsError) as error:
        await send({"type": "lifespan.startup.failed", "message": str(error)})
        return
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await holdfast.stop()
    await send({"type": "lifespan.shutdown.complete"})


async def _http_error(request: StarletteRequest, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = "method_not_allowed" if error.status_code == 405 else "not_found"
    failed = Failed(code, f"{request.method} {request.url.path}: {error.detail}")
    request_id = new_request_id()
    status, body = encode_problem(failed, request_id)
    headers = {**(error.headers or {}), "x-request-id": request_id}
    return Response(body, status, headers, media_type=MEDIA_TYPE)
