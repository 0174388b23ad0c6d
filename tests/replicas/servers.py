"""Several `holdfast serve` processes on one PostgreSQL."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from holdfast.storage.postgres import PostgresReader
from tests.faults.process import Process

TAKEN_OVER_WITHIN_S = 10.0


class Servers:
    """Makes servers on one database; each is a process that the test may kill, hang or stop."""

    def __init__(self, folder: Path, url: str, secret_key: str) -> None:
        self.url = url
        self._folder = folder
        self._more = {"HOLDFAST_SECRET_KEY": secret_key}

    def one(self, *flags: str) -> Process:
        """Another server, not started yet."""
        return Process(self._folder / "x", "--no-audit", *flags, store=self.url, more=self._more)

    def verify(self) -> None:
        """The books must be right."""
        reader = PostgresReader(self.url)
        assert reader.verify(lambda name: None) == []
        reader.close()

    def reader(self) -> PostgresReader:
        """A look at what is on file."""
        return PostgresReader(self.url)


def lock_a_drop(server: Process, id: str, in_s: float) -> None:
    """Five more units of `A`, set aside until a moment from now."""
    move = {"id": f"t-{id}", "sku": "A", "from": "supplier", "to": "unallocated", "reason": "test"}
    assert server.client.post("/v1/transfers", json={**move, "quantity": 5}).status_code == 201
    opens_at = datetime.now(UTC) + timedelta(seconds=in_s)
    body = {"sku": "A", "channels": {"shop": 5}, "opens_at": opens_at.isoformat()}
    assert server.client.put(f"/v1/drops/{id}", json=body).json()["status"] == "locked"


def works(server: Process) -> bool:
    """Whether a server does the work in the background, by its own word."""
    return "holdfast_working 1.0" in server.client.get("/metrics").text


def wait_until(condition: Callable[[], bool], within_s: float = TAKEN_OVER_WITHIN_S) -> float:
    """Wait until something is so; gives how long that took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() < started + within_s, f"not so within {within_s} s"
        time.sleep(0.01)
    return time.monotonic() - started
