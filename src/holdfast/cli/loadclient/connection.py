"""One keep-alive connection: at most one request outstanding, the answer parsed as it comes."""

import asyncio
from collections.abc import Callable
from time import perf_counter_ns
from typing import cast

import httptools
import msgspec

BODY_BYTES_MAX = 64 * 1024 * 1024


class Response(msgspec.Struct, frozen=True):
    """One whole answer off the wire."""

    status: int
    body: bytes
    replayed: bool
    retry_after: str
    done_ns: int


class Connection(asyncio.Protocol):
    """Tells its owner of each answer, and exactly once of its end.

    `on_lost` gets the error when a request was left unanswered, or an empty text when the
    server closed the connection at rest (which HTTP allows).
    """

    __slots__ = (
        "_body",
        "_complete",
        "_failure",
        "_framed",
        "_headers_complete",
        "_keep_alive",
        "_on_lost",
        "_on_response",
        "_parser",
        "_replayed",
        "_retry_after",
        "_size",
        "_transport",
        "busy",
        "sent_ns",
        "served",
        "usable",
    )

    def __init__(
        self,
        on_response: "Callable[[Connection, Response], None]",
        on_lost: "Callable[[Connection, str], None]",
    ) -> None:
        self._on_response = on_response
        self._on_lost = on_lost
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._failure = ""
        self.busy = False
        self.usable = False
        self.sent_ns = 0
        self.served = 0
        self._reset()

    def _reset(self) -> None:
        self._complete = self._headers_complete = self._framed = self._replayed = False
        self._keep_alive = True
        self._retry_after = ""
        self._body: bytes | list[bytes] = b""
        self._size = 0

    # --- the owner's side

    def send(self, wire: bytes) -> None:
        """Only when `usable` and not `busy`."""
        assert self._transport is not None
        assert not self.busy
        self.busy = True
        self.sent_ns = perf_counter_ns()
        self._transport.write(wire)

    def fail(self, reason: str) -> None:
        """Give this connection up; `on_lost` follows with the reason."""
        self._failure = self._failure or reason
        self.usable = False
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        """Ends it in order; `on_lost` follows with an empty reason."""
        self.usable = False
        if self._transport is not None:
            self._transport.close()

    # --- asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """From here on it can send."""
        self._transport = cast(asyncio.Transport, transport)
        self.usable = True

    def data_received(self, data: bytes) -> None:
        """The owner hears of the answer only after the whole piece is parsed."""
        if not self.busy:
            self.fail("the server sent data that no request had asked for")
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if not self._complete:
                start = bytes(data[:40])
                self.fail(f"the answer is not HTTP/1.1 ({type(error).__name__}, near {start!r})")
                return
            self._keep_alive = False
        if self._failure:
            return
        if self._complete:
            self._deliver()

    def _deliver(self) -> None:
        body = self._body if isinstance(self._body, bytes) else b"".join(self._body)
        status = self._parser.get_status_code()
        response = Response(status, body, self._replayed, self._retry_after, perf_counter_ns())
        keep_alive = self._keep_alive
        self.busy = False
        self.served += 1
        self._reset()
        if not keep_alive:
            self.close()
        self._on_response(self, response)

    def eof_received(self) -> None:
        """The server will send no more, so nothing may be sent to it."""
        self.usable = False

    def connection_lost(self, exc: Exception | None) -> None:
        """A body without a length ends here; any other open answer is lost."""
        self.usable = False
        if self.busy and self._headers_complete and not self._framed and not self._failure:
            self._keep_alive = False
            self._deliver()
        if self._failure:
            reason = self._failure
        elif not self.busy:
            reason = ""
        elif self._headers_complete or self._size:
            reason = "the connection closed in the middle of an answer"
        else:
            reason = "the connection closed before the answer"
        self._on_lost(self, reason)

    # --- the parser's side

    def on_message_begin(self) -> None:
        """A second answer in one piece would be taken for the next request's."""
        if self._complete:
            self.fail("the server sent two answers to one request")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keeps the few headers that matter."""
        lowered = name.lower()
        if lowered == b"content-length" or lowered == b"transfer-encoding":
            self._framed = True
        elif lowered == b"retry-after":
            self._retry_after = value.decode("latin-1")
        elif lowered == b"idempotency-replayed":
            self._replayed = value.lower() == b"true"

    def on_headers_complete(self) -> None:
        """From here on the connection's end may be the body's end."""
        self._headers_complete = True

    def on_body(self, chunk: bytes) -> None:
        """Pieces are joined once, at the end."""
        self._size += len(chunk)
        if self._size > BODY_BYTES_MAX:
            self.fail(f"the answer is larger than {BODY_BYTES_MAX} bytes")
        elif isinstance(self._body, list):
            self._body.append(chunk)
        elif self._body:
            self._body = [self._body, chunk]
        else:
            self._body = chunk

    def on_message_complete(self) -> None:
        """Interim answers (1xx) are skipped."""
        if self._parser.get_status_code() < 200:
            self._reset()
            return
        self._keep_alive = self._parser.should_keep_alive()
        self._complete = True
