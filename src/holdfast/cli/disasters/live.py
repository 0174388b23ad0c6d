"""A stage for disasters that need a server: one of its own in a temporary folder, and crowds over HTTP."""

import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from holdfast.cli.client import ApiClient, path_of
from holdfast.cli.demo.child import run_verify
from holdfast.cli.demo.server_process import ServerProcess
from holdfast.cli.loadclient import Answer, RequestBuilder, run_blocking, run_load

CHANNEL = "shop"
CONNECTIONS = 64
WAIT_S = 10.0
PAUSE_S = 0.02


class Wish(msgspec.Struct, frozen=True):
    """One order that somebody sends."""

    id: str
    buyer: str
    quantity: int
    signals: dict[str, str] = {}


class Stage:
    """A running server with our own shop on it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open(ServerProcess(folder))
        self.client.put(f"/v1/channels/{CHANNEL}", {"platform": "shop", "name": "自营小店 Own shop"})

    def _open(self, server: ServerProcess) -> None:
        began = time.monotonic()
        self._server = server.__enter__()
        self.start_s = time.monotonic() - began
        """Seconds the last start took: what a restart will take on this machine, as busy as it is."""
        self.client = ApiClient(self._server.url, self._server.key)

    def kill_and_restart(self) -> None:
        """End the server without a word, as a power cut does, and start it again on the same store."""
        self.client.close()
        self._server.kill()
        self._open(ServerProcess(self._folder, self._server.key))

    def end(self) -> dict[str, Any]:
        """End the server in order; what `holdfast verify` says of the store."""
        self.client.close()
        self._server.stop()
        return run_verify(self._server.store_url)

    def close(self) -> None:
        """End the server, however it stands."""
        self.client.close()
        self._server.kill()

    def item(self, sku: str, units: int, **fields: Any) -> None:
        """An item on sale in the shop."""
        self.client.put(path_of("v1", "skus", sku), {"name": sku, **fields})
        self.move(sku, "supplier", f"channel:{CHANNEL}", units)

    def move(self, sku: str, source: str, target: str, quantity: int) -> None:
        """Move stock, once."""
        id = f"{sku}-{source}-{target}".replace(":", "-")
        body = {"id": id, "sku": sku, "from": source, "to": target, "quantity": quantity, "reason": "stage"}
        self.client.post("/v1/transfers", body)

    def rush(self, sku: str, wishes: Iterable[Wish]) -> dict[str, str]:
        """All wishes at once over many connections; what became of each: `placed` or the code."""
        builder = RequestBuilder(*self._server.host_and_port, self._server.key)
        told: dict[str, str] = {}

        def note(answer: Answer) -> None:
            body = msgspec.json.decode(answer.body) if answer.body else {}
            told[str(answer.request.token)] = body.get("code") or body.get("status") or answer.error

        requests = [
            builder.build("POST", "/v1/holds", msgspec.json.encode(_body(sku, wish)), token=wish.id)
            for wish in wishes
        ]
        run_blocking(run_load(*self._server.host_and_port, CONNECTIONS, requests, note))
        return told

    def wait_for(self, path: str, field: str, value: object) -> float | None:
        """Seconds until a document says so; None if it does not in time."""
        began = time.monotonic()
        while time.monotonic() - began < WAIT_S:
            if self.client.get(path)[field] == value:
                return time.monotonic() - began
            time.sleep(PAUSE_S)
        return None


def _body(sku: str, wish: Wish) -> dict[str, Any]:
    body = {
        "id": wish.id,
        "channel": CHANNEL,
        "buyer": wish.buyer,
        "lines": [{"sku": sku, "quantity": wish.quantity}],
    }
    return body | {"signals": wish.signals} if wish.signals else body


@contextmanager
def stage() -> Iterator[Stage]:
    """A stage that is gone afterwards; raises ServerFailed or RequestFailed."""
    with tempfile.TemporaryDirectory(prefix="holdfast-disaster-") as folder:
        scene = Stage(Path(folder))
        try:
            yield scene
        finally:
            scene.close()
