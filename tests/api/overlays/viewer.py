"""A viewer of an overlay for tests: the events it was sent, and the picture it makes of them."""

import json
import socket
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import Any, Self

from tests.api.running import RunningServer


class OverlayViewer:
    """Reads an overlay's feed on a thread, with no key."""

    def __init__(self, server: RunningServer, token: str, state_id: str = "") -> None:
        host, _, port = server.url.removeprefix("http://").partition(":")
        self._connection = HTTPConnection(host, int(port), timeout=30)
        headers = {"last-event-id": state_id} if state_id else {}
        self._connection.request("GET", f"/overlay/{token}/feed", headers=headers)
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.text = ""
        self.state_id = state_id
        self.items: dict[int, dict[str, Any]] = {}
        self.began = threading.Event()
        self.over = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self.began.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection.sock is not None:
            # Closing alone would not wake the thread that reads.
            with suppress(OSError):
                self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        assert not self._thread.is_alive()
        self._connection.close()

    def numbers(self) -> list[tuple[int, int, str]]:
        """Remaining, total and state of each item, in their order."""
        found = [self.items[position] for position in sorted(self.items)]
        return [(item["remaining"], item["total"], item["state"]) for item in found]

    def _read(self) -> None:
        try:
            answer = self._connection.getresponse()
            assert answer.getheader("content-type", "").startswith("text/event-stream")
            block: dict[str, str] = {}
            for raw in answer:
                self.text += raw.decode()
                line = raw.decode().rstrip("\n")
                if line:
                    name, _, value = line.partition(": ")
                    block[name] = value
                else:
                    self._take(block)
                    block = {}
            self.over.set()
        except (HTTPException, OSError):
            pass  # the test hung up, or the server stopped

    def _take(self, block: dict[str, str]) -> None:
        if "retry" in block:
            self.began.set()
        if "event" not in block:
            return
        document = json.loads(block["data"])
        if block["event"] == "snapshot":
            self.items = {}
        for item in document.get("items", []):
            self.items[item["position"]] = item
        self.state_id = block.get("id", self.state_id)
        self.events.append((block["event"], document))
