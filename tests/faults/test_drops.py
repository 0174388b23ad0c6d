"""SIGKILL around the opening of drops: after any restarts each is opened once, and no unit is lost."""

import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tests.faults.process import Process, verify

DROPS, UNITS = 12, 10


def test_a_kill_while_drops_open_doubles_none_and_loses_none(tmp_path: Path) -> None:
    seed = random.randrange(1 << 30)
    print("seed", seed)
    chance, path = random.Random(seed), tmp_path / "holdfast.db"
    with Process(path) as process:
        process.set_up(1_000)
        client = process.client
        goods = {"id": "g", "sku": "A", "from": "supplier", "to": "unallocated", "reason": "test"}
        client.post("/v1/transfers", json={**goods, "quantity": DROPS * UNITS}).raise_for_status()
        start = datetime.now(UTC) + timedelta(seconds=0.5)
        for number in range(DROPS):
            opens_at = (start + timedelta(milliseconds=5 * number)).isoformat()
            body = {"sku": "A", "channels": {"shop": UNITS}, "opens_at": opens_at}
            client.put(f"/v1/drops/d{number}", json=body).raise_for_status()
        before = _posted(client)
        time.sleep(max(0.0, (start - datetime.now(UTC)).total_seconds()) + chance.random() * 0.06)
        process.kill()
        for wait_s in (0.0, 0.01):
            process.start()
            time.sleep(wait_s)
            process.kill()
        process.start()
        client = process.client
        deadline = time.monotonic() + 10
        while {each["status"] for each in client.get("/v1/drops").json()["items"]} != {"open"}:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert _posted(client) == before + DROPS * UNITS
    verify(path)


def _posted(client: httpx.Client) -> int:
    accounts = client.get("/v1/stock/A").json()["accounts"]
    return next((each["posted"] for each in accounts if each["account"] == "channel:shop"), 0)
