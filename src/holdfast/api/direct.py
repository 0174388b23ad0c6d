"""The short way of an operation that is one command: from a request's bytes to its answer's, without a task.

An ASGI server makes a task, a scope and three messages for every request. For the one route that a whole live
stream hits in the same second that costs more than the decision (ADR 0005). Here the request is checked and
submitted by a plain call, and its answer is written when the batch is durable: the same checks, documents and
headers by the same code.
"""

from collections.abc import Callable
from http import HTTPStatus
from time import perf_counter

from holdfast.app import Holdfast
from holdfast.ledger.state import Decision

from .operation import (
    BODY_MAX_BYTES,
    OneCommand,
    Operation,
    Request,
    body_too_large,
    encoded,
    failure,
    new_request_id,
    succeeded,
)
from .problems import MEDIA_TYPE

Headers = list[tuple[bytes, bytes]]
Respond = Callable[[bytes], None]

_STATUS = {int(status): f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}
_PROBLEM = MEDIA_TYPE.encode()


class Direct:
    """An operation of one command, bound to a running Holdfast."""

    def __init__(self, holdfast: Holdfast, operation: Operation, one: OneCommand) -> None:
        self._holdfast = holdfast
        self._operation = operation
        self._one = one

    def serve(self, headers: Headers, body: bytes | bytearray, respond: Respond) -> None:
        """Check and submit; `respond` is called once with the whole answer, now or after the commit."""
        started = perf_counter()
        request_id = new_request_id()
        try:
            scope = {"headers": headers}
            principal = self._operation.authenticate(self._holdfast, scope)
            if len(body) > BODY_MAX_BYTES:
                raise body_too_large()
            parsed = self._operation.parse(body)
            request = Request(self._holdfast, principal, request_id, {}, {}, parsed, scope)

            def decided(decisions: list[Decision] | Exception) -> None:
                respond(self._answer(decisions, request_id))
                self._operation.took(perf_counter() - started, request_id)

            self._holdfast.engine.submit_then((self._one.command(request),), decided)
        except Exception as error:  # noqa: BLE001 - the last line of defence: every error gets an answer
            respond(_failed(error, request_id))

    def _answer(self, decisions: list[Decision] | Exception, request_id: str) -> bytes:
        try:
            if isinstance(decisions, Exception):
                raise decisions
            answer = self._one.answer(succeeded(self._holdfast, decisions))
        except Exception as error:  # noqa: BLE001 - as above
            return _failed(error, request_id)
        return _message(answer.status, encoded(answer), answer.media_type, request_id, answer.headers)


def _failed(error: Exception, request_id: str) -> bytes:
    status, data, headers = failure(error, request_id)
    return _message(status, data, _PROBLEM, request_id, headers)


def _message(status: int, body: bytes, media_type: bytes, request_id: str, headers: Headers) -> bytes:
    more = b"".join([b"%b: %b\r\n" % header for header in headers])
    return b"%bcontent-type: %b\r\ncontent-length: %d\r\nx-request-id: %b\r\n%b\r\n%b" % (
        _STATUS[status],
        media_type,
        len(body),
        request_id.encode(),
        more,
        body,
    )
