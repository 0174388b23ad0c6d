"""Runs a simulator: in a thread for tests and the demo, or in front for the command line."""

import asyncio
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any, Self

import httpx
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .gate import DISCONNECT
from .platform import Platform
from .simulator import Simulator

_START_TIMEOUT_S = 10.0


class BreakableProtocol(HttpToolsProtocol):
    """HTTP over a connection that the application may break without an answer."""

    def on_message_begin(self) -> None:
        """Put the breaking into the scope."""
        super().on_message_begin()
        self.scope["extensions"] = {DISCONNECT: self.transport.abort}  # type: ignore[dict-item]


def server_config(simulator: Simulator, host: str, port: int) -> uvicorn.Config:
    """How a simulator is served."""
    return uvicorn.Config(
        simulator.app,
        host=host,
        port=port,
        http=BreakableProtocol,
        loop="asyncio",
        lifespan="on",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=2,
    )


class RunningSimulator:
    """A simulator on a real socket, in a thread with an event loop of its own; a context manager.

    `control` speaks to its `/_sim`; the parts of `simulator` belong to its thread: only look at them.
    """

    def __init__(
        self, kind: type[Platform], *, seed: int = 1, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.simulator = Simulator(kind, seed)
        self.url = ""
        self._host = host
        self._socket = listening(host, port)
        self._server = uvicorn.Server(server_config(self.simulator, host, port))
        self._thread = threading.Thread(target=self._run, name=f"simulator-{kind.name}", daemon=True)
        # Plain HTTP on this machine: loading certificates would only take time.
        self._client = httpx.Client(trust_env=False, verify=False, timeout=10)  # noqa: S501

    def __enter__(self) -> Self:
        port = self._socket.getsockname()[1]
        self.url = f"http://{self._host}:{port}"
        self._thread.start()
        # The socket listens already: the first request waits in it until the server serves.
        self.control("GET", "/state", timeout=_START_TIMEOUT_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self._server.should_exit = True
        self._thread.join(_START_TIMEOUT_S)
        self._socket.close()

    def control(self, method: str, path: str, json: object = None, *, timeout: float = 10) -> Any:
        """The answer of a call to `/_sim`; raises `httpx.HTTPStatusError` with the answer when refused."""
        response = self._client.request(method, f"{self.url}/_sim{path}", json=json, timeout=timeout)
        response.raise_for_status()
        return response.json()

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))


class _Announced(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


def serve(simulator: Simulator, listening_at: socket.socket, announce: Callable[[], None]) -> bool:
    """Serve in front until a signal asks to stop; False if it did not start. `announce` once it serves."""
    host, port = listening_at.getsockname()[:2]
    server = _Announced(server_config(simulator, host, port), announce)
    # uvicorn stops gracefully and then raises the signal again; a stop that was asked for is a success.
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: None)
    server.run(sockets=[listening_at])
    return server.started


def listening(host: str, port: int) -> socket.socket:
    """A socket that takes connections before anything serves them; raises OSError."""
    # The protocol is named, because asyncio turns Nagle's algorithm off only for sockets that do; with it
    # an answer in two parts takes 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((host, port))
    found.listen(1_024)
    return found
