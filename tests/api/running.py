"""A real server for tests: uvicorn on a thread of its own, on a temporary file, spoken to over a socket."""

import asyncio
import itertools
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import httpx
import uvicorn

from holdfast.app import Holdfast
from holdfast.cli.serving.server import KEEP_ALIVE_S, server_config
from holdfast.engine.clock import LedgerClock
from holdfast.settings import Settings

KEY = "hf_test-administrator"
_numbers = itertools.count(1)


def unique(prefix: str) -> str:
    """A name that no other test uses."""
    return f"{prefix}-{next(_numbers)}"


class RunningServer:
    """One server in this process; `holdfast` is its inside, for tests that must reach it."""

    def __init__(
        self,
        path: Path,
        clock: LedgerClock | None = None,
        *,
        keep_alive_s: float = KEEP_ALIVE_S,
        port: int = 0,
        **settings: Any,
    ) -> None:
        self.path = path
        store = f"sqlite:///{path}"
        self.holdfast = Holdfast(Settings(store=store, api_key=KEY, audit=False, **settings), clock)
        config = server_config(
            self.holdfast,
            "127.0.0.1",
            port,
            loop="asyncio",
            timeout_graceful_shutdown=5,
            timeout_keep_alive=keep_alive_s,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        wait_for(lambda: self._server.started or not self._thread.is_alive())
        assert self._server.started, "the server did not start; see its log"
        self.port: int = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = self.client_with(KEY)
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self._server.should_exit = True
        # The feed's watchers never end by themselves; the command line lets them go in the same way.
        self.on_loop(self.holdfast.feed.close)
        self._thread.join(15)
        assert not self._thread.is_alive(), "the server did not stop"

    def client_with(self, key: str | None) -> httpx.Client:
        """A client that sends this key."""
        headers = {"authorization": f"Bearer {key}"} if key else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=10)

    def on_loop(self, function: Callable[[], object]) -> None:
        """Run something on the server's event loop."""
        loop = self.holdfast.engine._loop
        if loop is not None and not loop.is_closed():

            async def call() -> None:
                function()

            asyncio.run_coroutine_threadsafe(call(), loop).result(5)

    # What most tests need first.

    def channel(self, **body: Any) -> str:
        """A new channel."""
        name = unique("shop")
        put(self.client, f"/v1/channels/{name}", {"platform": "shop", "name": "小店", **body})
        return name

    def sku(self, **body: Any) -> str:
        """A new item without stock."""
        name = unique("SKU")
        put(self.client, f"/v1/skus/{name}", {"name": "口红 💄", **body})
        return name

    def stocked(self, channel: str, quantity: int = 10, **body: Any) -> str:
        """A new item with a right for the channel."""
        sku = self.sku(**body)
        self.move(sku, "supplier", f"channel:{channel}", quantity)
        return sku

    def move(self, sku: str, source: str, target: str, quantity: int) -> httpx.Response:
        """A new transfer."""
        answer = self.client.post("/v1/transfers", json=transfer_body(sku, source, target, quantity))
        assert answer.status_code == 201, answer.text
        return answer

    def hold(self, channel: str, sku: str, quantity: int = 1, **body: Any) -> httpx.Response:
        """Ask for a new hold, unless `id` says which."""
        return self.client.post("/v1/holds", json=hold_body(channel, sku, quantity, **body))


def put(client: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """PUT that must be answered 200."""
    answer = client.put(path, json=body)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def transfer_body(sku: str, source: str, target: str, quantity: int, **more: Any) -> dict[str, Any]:
    """A transfer under a new id."""
    body = {"id": unique("t"), "sku": sku, "from": source, "to": target, "quantity": quantity}
    return {**body, "reason": "test", **more}


def hold_body(channel: str, sku: str, quantity: int = 1, **more: Any) -> dict[str, Any]:
    """A hold under a new id."""
    lines = [{"sku": sku, "quantity": quantity}]
    return {"id": unique("h"), "channel": channel, "buyer": unique("buyer"), "lines": lines, **more}


def wait_for(condition: Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Wait until something is so; fails when it is not in time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)
