"""Requests that only the server can answer which works in the background, sent on to it as they came.

Holds, reads and the feed of stock are any server's. What the one that works keeps in memory (shows, drops,
warnings, platforms) and what changes the rules of an item or moves stock by hand goes to that one, so that a
load balancer need not know which it is. Its own checks are the ones that count: nothing is checked here.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import parse_qsl

import httpx

from holdfast.api.fields import Failed
from holdfast.api.operation import Receive, Scope, Send, failure, new_request_id, respond
from holdfast.api.problems import MEDIA_TYPE
from holdfast.app import Holdfast

CONNECT_S = 2.0
ANSWER_S = 60.0
FEED = "/v1/feed"
FORWARDED = b"x-holdfast-forwarded"
_HOP = frozenset(
    (b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade", b"expect")
)


class Forwarding:
    """Connections to the server that works; opened at the first request."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None

    async def serve(self, holdfast: Holdfast, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request by the server that works, or say that there is none."""
        replica = holdfast.replica
        try:
            await self._send_on(replica.worker_url if replica is not None else "", scope, receive, send)
        except Failed as failed:
            request_id = new_request_id()
            status, data, headers = failure(failed, request_id)
            await respond(send, status, data, MEDIA_TYPE.encode(), request_id, headers)

    async def _send_on(self, url: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a request on and its answer back, piece by piece; raises Failed if nobody can answer it.

        Nothing is sent twice: whether a request that broke off was done is for its id to say.
        """
        if not url or any(name == FORWARDED for name, _ in scope["headers"]):
            raise no_worker("no server does it just now; another takes over within seconds")
        request = self._open().build_request(
            scope["method"],
            url + _target(scope),
            headers=[*_passed_on(scope["headers"]), (FORWARDED, b"1")],
            content=_body(receive) if _has_body(scope["headers"]) else None,
            timeout=httpx.Timeout(
                ANSWER_S, connect=CONNECT_S, read=None if tells_of_documents(scope) else ANSWER_S
            ),
        )
        try:
            answer = await self._open().send(request, stream=True)
        except httpx.HTTPError as error:
            raise no_worker(f"the server that does it did not answer ({type(error).__name__})") from error
        copying = asyncio.create_task(_copy(answer, send))
        departure = asyncio.create_task(_departure(receive)) if tells_of_documents(scope) else None
        try:
            await asyncio.wait([copying, *([departure] if departure else [])], return_when="FIRST_COMPLETED")
        finally:
            for task in (copying, departure):
                if task is not None:
                    task.cancel()
            with suppress(asyncio.CancelledError):
                await copying
            await answer.aclose()

    async def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            await self._client.aclose()

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                trust_env=False, limits=httpx.Limits(max_connections=None, max_keepalive_connections=64)
            )
        return self._client


def no_worker(why: str) -> Failed:
    """The answer to what needs the server that works, while there is none."""
    return Failed("no_worker", f"this needs the server that does the work in the background: {why}")


def _target(scope: Scope) -> str:
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope["query_string"]
    return str((path + (b"?" + query if query else b"")).decode("ascii"))


def _passed_on(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name not in _HOP]


def _has_body(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name in (b"content-length", b"transfer-encoding") for name, _ in headers)


def tells_of_documents(scope: Scope) -> bool:
    """Whether this is a feed that tells of documents, which only the server hears of that keeps them."""
    return scope["path"] == FEED and (b"documents", b"true") in parse_qsl(scope["query_string"])


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Failed("invalid_request", "the body ended too soon", field="body")
        yield message.get("body", b"")
        if not message.get("more_body"):
            return


async def _copy(answer: httpx.Response, send: Send) -> None:
    headers = [(name.lower(), value) for name, value in _passed_on([*answer.headers.raw])]
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    with suppress(httpx.HTTPError):
        async for part in answer.aiter_raw():
            await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
