"""uvicorn's HTTP protocol with a short way for requests that are one command (`holdfast.api.direct`).

Parsing, limits and pipelining stay uvicorn's. A request that fits takes the place of uvicorn's
own cycle of request and response, and looks like one to the rest of the protocol; others go the usual way.
"""

from typing import Any

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from holdfast.api.direct import Direct
from holdfast.api.operation import BODY_MAX_BYTES


class DirectProtocol(HttpToolsProtocol):
    """One connection.

    uvicorn starts a timer after each answer and ends it with the next request, which costs as much as parsing
    one. Here a timer runs on, and looks at its end whether the connection was idle for all of its time.
    """

    _idle_since_s = 0.0

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of the timer, too."""
        super().connection_lost(exc)
        super()._unset_keepalive_if_required()

    def _unset_keepalive_if_required(self) -> None:
        """Leave the timer running: it looks for itself."""

    def on_response_complete(self) -> None:
        """Note since when the connection is idle; there is one timer, not one more."""
        self._idle_since_s = self.loop.time()
        if self.timeout_keep_alive_task is None or self.pipeline or self.transport.is_closing():
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        self.flow.resume_reading()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that was idle for the whole time, and look at another one later."""
        self.timeout_keep_alive_task = None
        if self.transport.is_closing():
            return
        current: Any = self.cycle
        busy = current is not None and not current.response_complete
        left_s = self._idle_since_s + self.timeout_keep_alive - self.loop.time()
        if not busy and left_s <= 0:
            self.transport.close()
            return
        wait_s = self.timeout_keep_alive if busy else left_s
        self.timeout_keep_alive_task = self.loop.call_later(wait_s, self.timeout_keep_alive_handler)

    def on_message_begin(self) -> None:
        """Keep what both ways need; the scope, which only the usual way needs, waits until that is known."""
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        """Choose the way once the headers are there."""
        direct = self.app.direct.get((self.parser.get_method(), self.url))
        current: Any = self.cycle
        if (
            direct is None
            or (current is not None and not current.response_complete)
            or self.expect_100_continue
            or self.parser.get_http_version() != "1.1"
            or self.parser.should_upgrade()
            or not self.parser.should_keep_alive()
        ):
            self._go_the_usual_way()
            return
        cycle: Any = DirectCycle(self, direct, self.flow)
        self.cycle = cycle

    def _go_the_usual_way(self) -> None:
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        super().on_headers_complete()


class DirectCycle:
    """One request on the short way, with the attributes that uvicorn's protocol looks at."""

    __slots__ = (
        "_direct", "_flow", "_headers", "_protocol", "body", "disconnected", "keep_alive", "more_body",
        "response_complete",
    )  # fmt: skip

    def __init__(self, protocol: DirectProtocol, direct: Direct, flow: FlowControl) -> None:
        self._protocol = protocol
        self._direct = direct
        self._flow = flow
        self._headers = protocol.headers
        self.body = bytearray()
        self.more_body = True
        self.disconnected = False
        self.keep_alive = True
        self.response_complete = False

    @property
    def message_event(self) -> "DirectCycle":
        """What the protocol sets when a part of the body, its end or the end of the connection has come."""
        return self

    def set(self) -> None:
        """Go on once the body is whole, or is known to be too large."""
        if self.disconnected or self.response_complete:
            return
        if self.more_body and len(self.body) <= BODY_MAX_BYTES:
            self._flow.resume_reading()
        else:
            self._direct.serve(self._headers, self.body, self._respond)

    def _respond(self, message: bytes) -> None:
        self.response_complete = True
        if self.disconnected:
            return
        transport = self._protocol.transport
        if not self.keep_alive:
            head, _, body = message.partition(b"\r\n\r\n")
            message = head + b"\r\nconnection: close\r\n\r\n" + body
        transport.write(message)
        if not self.keep_alive:
            transport.close()
        self._protocol.on_response_complete()
