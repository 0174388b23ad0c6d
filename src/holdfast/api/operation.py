"""One operation of the API: who may call it, what it takes, what it gives; and the way through it."""

import asyncio
import itertools
import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from holdfast.app import Holdfast
from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.ledger.codes import SUCCESSES, ResultCode
from holdfast.ledger.commands import Command
from holdfast.ledger.records import Detail
from holdfast.ledger.state import Decision
from holdfast.live.keys import Principal, Role
from holdfast.storage.contract import StoreError

from .cookie import principal_of_cookie
from .fields import Failed, to_time
from .problems import MEDIA_TYPE, RETRY_AFTER_S, encode_problem, refusal

BODY_MAX_BYTES = 1024 * 1024
SLOW_S = 1.0

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_encode = msgspec.json.Encoder().encode
_REQUEST_PREFIX = secrets.token_hex(4)
_request_numbers = itertools.count(1)
_FIELD = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_MISSING = re.compile(r"^Object missing required field `(?P<name>[^`]+)`")
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<name>[^`]+)`")

_log = logging.getLogger("holdfast.api")


@dataclass(slots=True)
class Request:
    """What a handler is given."""

    holdfast: Holdfast
    principal: Principal
    request_id: str
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    scope: Scope

    @property
    def headers(self) -> dict[str, str]:
        """Headers by their name in small letters."""
        return {name.decode("latin-1"): value.decode("latin-1") for name, value in self.scope["headers"]}

    async def decide(self, command: Command) -> Decision:
        """Have one command decided and made durable; a refusal ends the request with its problem."""
        return succeeded(self.holdfast, await self.holdfast.engine.submit((command,)))


@dataclass(slots=True)
class Answer:
    """What a handler gives back; `body` is encoded as JSON unless it is bytes."""

    body: Any
    status: int = 200
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    media_type: bytes = b"application/json"


def facts_of(holdfast: Holdfast, decision: Decision) -> Detail:
    """What a refusal says; of units that are locked for a drop also when that opens, as it is planned now."""
    if decision.code is ResultCode.SALE_NOT_OPEN and "locked" in decision.detail:
        coming = holdfast.drops.next_drop(str(decision.detail["sku"]))
        if coming is not None:
            return {**decision.detail, "opens_at": to_time(coming[0]).isoformat().replace("+00:00", "Z")}
    return decision.detail


def succeeded(holdfast: Holdfast, decisions: list[Decision]) -> Decision:
    """The only decision of a submission; a refusal is raised as its problem."""
    decision = decisions[0]
    if decision.code not in SUCCESSES:
        raise refusal(decision.code, facts_of(holdfast, decision))
    return decision


REPLAYED = [(b"idempotency-replayed", b"true")]

Handler = Callable[[Request], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class OneCommand:
    """A handler that is one command and its answer, which a server can run without a task of its own."""

    command: Callable[[Request], Command]
    answer: Callable[[Decision], Answer]

    async def __call__(self, request: Request) -> Answer:
        """Run it in the usual way."""
        return self.answer(await request.decide(self.command(request)))


Stream = Callable[[Request, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter, for the reference."""

    name: str
    description: str
    schema: dict[str, Any]


def new_request_id() -> str:
    """A name for one request, in its answer, the log and the audit trail."""
    return f"{_REQUEST_PREFIX}-{next(_request_numbers):x}"


class Operation:
    """A route's entry in the table, and the ASGI application that serves it."""

    def __init__(
        self,
        method: str,
        path: str,
        handler: Handler | None,
        *,
        summary: str,
        role: Role | None,
        takes: Any = None,
        gives: Any = None,
        status: int = 200,
        codes: tuple[str, ...] = (),
        query: tuple[Parameter, ...] = (),
        media_type: str = "application/json",
        stream: Stream | None = None,
        any_query: bool = False,
    ) -> None:
        self.method = method
        self.path = path
        self.handler = handler
        self.summary = summary
        self.role = role
        self.takes = takes
        self.gives = gives
        self.status = status
        self.codes = codes
        self.query = query
        self.media_type = media_type
        self._stream = stream
        self._any_query = any_query
        self._decode = msgspec.json.Decoder(takes).decode if takes is not None else None

    async def serve(self, holdfast: Holdfast, scope: Scope, receive: Receive, send: Send) -> None:
        """Authenticate, read, decode, handle, answer; whatever goes wrong becomes a problem document."""
        request_id = new_request_id()
        started = perf_counter()
        try:
            principal = self.authenticate(holdfast, scope)
            body = None
            if self._decode is not None:
                body = self.parse(await read_body(scope, receive))
            query = self._parse_query(scope["query_string"]) if scope["query_string"] else {}
            request = Request(
                holdfast, principal, request_id, scope.get("path_params", {}), query, body, scope
            )
            if self._stream is not None:
                await self._stream(request, receive, send)
                return
            assert self.handler is not None
            answer = await self.handler(request)
            await respond(send, answer.status, encoded(answer), answer.media_type, request_id, answer.headers)
        except Exception as error:  # noqa: BLE001 - the last line of defence: every error gets an answer
            status, data, headers = failure(error, request_id)
            await respond(send, status, data, MEDIA_TYPE.encode(), request_id, headers)
        self.took(perf_counter() - started, request_id)

    def took(self, took_s: float, request_id: str) -> None:
        """Log a request that was slow."""
        if took_s > SLOW_S:
            _log.warning(
                "slow request %s %s",
                self.method,
                self.path,
                extra={"request_id": request_id, "took_ms": round(took_s * 1000)},
            )

    def authenticate(self, holdfast: Holdfast, scope: Scope) -> Principal:
        """Who asks, by the key in the header; raises Failed if nobody may."""
        if self.role is None:
            return _ANYBODY
        for name, value in scope["headers"]:
            if name == b"authorization":
                principal = holdfast.keys.find(value[7:].strip()) if value[:7].lower() == b"bearer " else None
                break
        else:
            principal = principal_of_cookie(holdfast.sessions, scope, writes=self.method != "GET")
        if principal is None:
            raise Failed("unauthorized", "send `Authorization: Bearer KEY` with a valid key")
        if principal.role < self.role:
            raise Failed(
                "forbidden",
                f"this needs the role {self.role.label}, the key has {principal.role.label}",
            )
        return principal

    def parse(self, raw: bytes | bytearray) -> Any:
        """The body; raises Failed that names the field."""
        assert self._decode is not None
        try:
            return self._decode(raw)
        except msgspec.ValidationError as error:
            raise Failed("invalid_request", str(error), field=field_of(str(error))) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Failed("invalid_request", f"the body is no JSON: {error}", field="body") from error
        except RecursionError as error:
            raise Failed("invalid_request", "the body is nested too deeply", field="body") from error

    def _parse_query(self, raw: bytes) -> dict[str, str]:
        try:
            given = dict(parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict"))
        except ValueError as error:
            raise Failed("invalid_request", "the query is not UTF-8", field="query") from error
        known = {parameter.name for parameter in self.query}
        for name in given:
            if name not in known and not self._any_query:
                words = f"it takes {', '.join(sorted(known))}" if known else "it takes none"
                raise Failed("invalid_request", f"unknown query parameter; {words}", field=name)
        return given


_ANYBODY = Principal("anybody", Role.VIEWER)


async def read_body(scope: Scope, receive: Receive) -> bytes:
    """The whole body; refused as soon as it is known to be larger than 1 MiB."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        if len(body) > BODY_MAX_BYTES:
            break
        message = await receive()
        body += message.get("body", b"")
    if message["type"] == "http.disconnect":
        raise Failed("invalid_request", "the body ended too soon", field="body")
    if len(body) > BODY_MAX_BYTES:
        raise body_too_large()
    return body


def body_too_large() -> Failed:
    """The answer to a body of more than 1 MiB."""
    return Failed("body_too_large", f"a body may have {BODY_MAX_BYTES} bytes", field="body")


def encoded(answer: Answer) -> bytes:
    """The bytes of an answer's body."""
    return answer.body if isinstance(answer.body, bytes) else _encode(answer.body)


async def respond(
    send: Send,
    status: int,
    body: bytes,
    media_type: bytes,
    request_id: str,
    headers: list[tuple[bytes, bytes]],
) -> None:
    """Send an answer in one piece."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", media_type),
                (b"content-length", b"%d" % len(body)),
                (b"x-request-id", request_id.encode()),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


def failure(error: Exception, request_id: str) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
    """Status, problem document and headers for whatever went wrong."""
    failed = to_failed(error)
    status, data = encode_problem(failed, request_id)
    if status == 500:
        _log.error("request failed", exc_info=error, extra={"request_id": request_id})
    return status, data, _headers(status, failed)


def to_failed(error: Exception) -> Failed:
    """Any error as an answer; what is inside of an unexpected one is for the log, not for the caller."""
    if isinstance(error, Failed):
        return error
    if isinstance(error, EngineFullError):
        return Failed("queue_full", "too much work is waiting; nothing was done, try again")
    if isinstance(error, (EngineStoppedError, asyncio.CancelledError)):
        return Failed("stopping", "the server is going down; nothing was done, try again")
    if isinstance(error, StoreError):
        return Failed(error.code, f"{error}; repeat the request with the same id")
    return Failed("internal_error", "see the server's log under this request_id")


def field_of(message: str) -> str:
    """The field a decoding error speaks of, such as `lines[0].quantity`."""
    at = _FIELD.search(message)
    path = at["path"].lstrip(".") if at else ""
    named = _MISSING.match(message) or _UNKNOWN.match(message)
    if named:
        return f"{path}.{named['name']}" if path else named["name"]
    return path or "body"


def _headers(status: int, failed: Failed) -> list[tuple[bytes, bytes]]:
    if failed.code == ResultCode.QUEUED:
        return [(b"retry-after", b"%d" % int(failed.facts["retry_after_s"]))]
    if status == 503:
        return [(b"retry-after", b"%d" % RETRY_AFTER_S)]
    if status == 401:
        return [(b"www-authenticate", b'Bearer realm="holdfast"')]
    return []
