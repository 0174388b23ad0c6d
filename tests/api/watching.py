"""Readers of event streams for tests: what a watcher of the feed was sent, and the state it makes of it."""

import json
import socket
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import Any, Self
from urllib.parse import urlencode

from tests.api.running import RunningServer

Stock = dict[str, dict[str, Any]]


class EventStream:
    """Reads a stream until it ends or the test hangs up; `_take` is given each event's fields."""

    def __init__(self, server: RunningServer, path: str, headers: dict[str, str]) -> None:
        host, _, port = server.url.removeprefix("http://").partition(":")
        self._connection = HTTPConnection(host, int(port), timeout=30)
        self._connection.request("GET", path, headers=headers)
        self.text = ""
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
                    continue
                if "retry" in block:
                    self.began.set()
                self._take(block)
                block = {}
            self.over.set()
        except (HTTPException, OSError):
            pass  # the test hung up, or the server stopped

    def _take(self, block: dict[str, str]) -> None:
        raise NotImplementedError


class Watcher(EventStream):
    """Reads the feed on a thread; `stock` is the snapshot with all changes put on it."""

    def __init__(self, server: RunningServer, cursor: int | None = None, **query: str) -> None:
        headers = {"authorization": server.client.headers["authorization"]}
        if cursor is not None:
            headers["last-event-id"] = str(cursor)
        super().__init__(server, "/v1/feed" + ("?" + urlencode(query) if query else ""), headers)
        self.events: list[tuple[int, str, dict[str, Any]]] = []
        self.stock: Stock = {}
        self.cursor = cursor or 0

    def _take(self, block: dict[str, str]) -> None:
        if "id" not in block:
            return
        number, document = int(block["id"]), json.loads(block["data"])
        self.events.append((number, block["event"], document))
        if block["event"] == "snapshot":
            self.stock = {item["sku"]: item for item in document["items"]}
        else:
            assert document["version"] == number
            self.stock[document["sku"]] = document
        self.cursor = max(self.cursor, number)
