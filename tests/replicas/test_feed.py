"""The feed of each server: every server's changes, in order of version, and nothing left out."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.faults.process import Process, hold_body
from tests.replicas.servers import Servers, lock_a_drop, wait_until

EACH = 40


class Watcher:
    """Reads the feed of one server on a thread and keeps the versions and the newest stock of each item."""

    def __init__(self, server: Process, **query: str) -> None:
        self.versions: list[int] = []
        self.stock: dict[str, Any] = {}
        self.documents: list[dict[str, str]] = []
        self._server = server
        self._query = query
        self._began = threading.Event()

    @contextmanager
    def watching(self) -> Iterator["Watcher"]:
        """Watch from before the block; the server's end ends it."""
        threading.Thread(target=self._read, daemon=True).start()
        assert self._began.wait(20)
        yield self

    def _read(self) -> None:
        event = ""
        with self._server.client.stream("GET", "/v1/feed", params=self._query, timeout=None) as answer:
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    event = line[7:]
                elif line.startswith("data: "):
                    self._take(event, json.loads(line[6:]))

    def _take(self, event: str, data: dict[str, Any]) -> None:
        if event == "snapshot":
            self.stock = {item["sku"]: item for item in data["items"]}
            self._began.set()
        elif event == "stock":
            self.versions.append(data["version"])
            self.stock[data["sku"]] = data
        elif event == "document":
            self.documents.append(data)


def seed(server: Process, skus: list[str]) -> None:
    server.set_up(quantity=1_000)
    for sku in skus:
        assert server.client.put(f"/v1/skus/{sku}", json={"name": sku}).status_code == 200
        move = {"id": f"t-{sku}", "sku": sku, "from": "supplier", "to": "channel:shop", "reason": "test"}
        assert server.client.post("/v1/transfers", json={**move, "quantity": 1_000}).status_code == 201


def test_both_feeds_end_with_what_is_on_file_and_went_there_in_order(servers: Servers) -> None:
    """Two servers sell at once: one item that both sell, and one each that only one of them sells."""
    with servers.one() as first, servers.one("--role", "api") as second:
        seed(first, ["B", "C"])
        watchers = [Watcher(first), Watcher(second)]
        with watchers[0].watching(), watchers[1].watching():
            threads = [
                threading.Thread(target=sell, args=(server, own))
                for server, own in ((first, "B"), (second, "C"))
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            on_file = {item["sku"]: item for item in first.client.get("/v1/stock").json()["items"]}
            assert on_file["A"]["held"] == 2 * EACH
            assert on_file["B"]["held"] == on_file["C"]["held"] == EACH
            for watcher in watchers:
                wait_until(lambda watcher=watcher: watcher.stock == on_file)  # type: ignore[misc]
                assert watcher.versions == sorted(watcher.versions)
        assert first.stop() == second.stop() == 0


def sell(server: Process, own: str) -> None:
    for number in range(EACH):
        lines = [{"sku": "A", "quantity": 1}, {"sku": own, "quantity": 1}]
        body = hold_body(f"{own}-{number}", lines=lines)
        assert server.client.post("/v1/holds", json=body).status_code == 201


def test_a_feed_with_documents_is_that_of_the_server_that_keeps_them(servers: Servers) -> None:
    with servers.one() as first, servers.one("--role", "api") as second:
        wait_until(lambda: second.client.get("/v1/drops").status_code == 200)
        seed(second, [])
        watcher = Watcher(second, documents="true")
        with watcher.watching():
            lock_a_drop(second, "d", 3600)
            wait_until(lambda: {"kind": "drop", "id": "d"} in watcher.documents)
            assert second.hold("a").status_code == 201
            wait_until(lambda: watcher.stock["A"]["held"] == 1)
        assert first.stop() == second.stop() == 0


def test_what_the_other_server_sells_out_is_warned_of(servers: Servers) -> None:
    """The watch runs on one server, and hears of every server's commits."""
    with servers.one() as first, servers.one("--role", "api") as second:
        first.set_up(quantity=10)
        for number in range(10):
            assert second.hold(f"h{number}").status_code == 201
        wait_until(lambda: [each["sku"] for each in standing(first)] == ["A"])
        assert standing(second) == standing(first)


def standing(server: Process) -> list[dict[str, Any]]:
    answer = server.client.get("/v1/warnings")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
