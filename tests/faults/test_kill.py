"""SIGKILL at a random moment under load: what was answered is there, nothing is half-done."""

import asyncio
import json
import os
import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from holdfast.cli.loadclient import Answer, LoadOptions, Request, RequestBuilder, run_load
from tests.faults.process import KEY, Process, hold_body, verify

ROUNDS = int(os.environ.get("HOLDFAST_KILL_ROUNDS", "5"))
CONNECTIONS = 16
READY_MAX_S = 5.0


class Load:
    """Holds of two items each, a third of them settled, with all that was answered written down."""

    def __init__(self, process: Process, seed: int, number: int) -> None:
        self.random = random.Random(seed * 1_000_003 + number)
        self.process = process
        self.number = number
        self.answered: dict[str, str] = {}
        port = int(process.url.rsplit(":", 1)[1])
        self._builder = RequestBuilder("127.0.0.1", port, KEY)
        self._port = port

    def run(self, for_s: float) -> None:
        """Load the server, kill it in the middle."""
        asyncio.run(self._run(for_s))

    async def _run(self, for_s: float) -> None:
        options = LoadOptions(timeout_s=5, attempts_max=1, reconnect_for_s=0.0)
        load = asyncio.create_task(
            run_load("127.0.0.1", self._port, CONNECTIONS, self._requests(), self._on_answer, options)
        )
        await asyncio.sleep(for_s)
        self.process.kill()
        async with asyncio.timeout(20):
            await load

    def _requests(self) -> Iterator[Request]:
        for count in range(200_000):
            id = f"r{self.number}-{count}"
            body = hold_body(id)
            body["lines"].append({"sku": "B", "quantity": 2})
            if self.process.process.poll() is not None:
                return
            yield self._builder.build("POST", "/v1/holds", json.dumps(body).encode(), token=(id, "placed"))

    def _on_answer(self, answer: Answer) -> list[Request]:
        assert isinstance(answer.request.token, tuple)
        id, status = answer.request.token
        if answer.status not in (200, 201):
            assert answer.status == 0, answer.body
            return []
        self.answered[id] = status
        if status != "placed" or self.random.random() > 0.33:
            return []
        verb, settled = self.random.choice([("confirm", "confirmed"), ("release", "released")])
        return [self._builder.build("POST", f"/v1/holds/{id}/{verb}", token=(id, settled))]


def check(path: Path, answered: dict[str, str], number: int) -> None:
    """Every answered hold is on file in the state it was answered with, or a later one; all lines or none."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        pattern = f"r{number}-%"
        found = dict(connection.execute("SELECT id, status FROM hold WHERE id LIKE ?", (pattern,)))
        # Of a confirmed hold both legs are there, of any other none.
        legs = dict(
            connection.execute(
                "SELECT reference, count(*) FROM transfer WHERE reference LIKE ? GROUP BY 1", (pattern,)
            )
        )
        audit = dict(
            connection.execute(
                "SELECT entry.value ->> 3, count(*) FROM audit, json_each(entries) AS entry"
                " WHERE entry.value ->> 3 LIKE ? GROUP BY 1",
                (pattern,),
            )
        )
    connection.close()
    for id, status in answered.items():
        assert id in found, f"{id} was answered and is lost"
        assert status in (found[id], "placed"), f"{id} was {status} and is {found[id]}"
    for id, status in found.items():
        assert legs.get(id, 0) == (2 if status == "confirmed" else 0), id
        assert audit[id] == (1 if status == "placed" else 2), id


def test_killed_at_any_moment_what_was_answered_is_there(tmp_path: Path) -> None:
    seed = int(os.environ.get("HOLDFAST_SEED") or random.SystemRandom().randrange(2**32))
    moments = random.Random(seed)
    path = tmp_path / "holdfast.db"
    ready, checked, started = [], 0, time.monotonic()
    for number in range(ROUNDS):
        with Process(path) as process:
            ready.append(process.ready_s)
            if number == 0:
                process.set_up()
                move = {"id": "b", "sku": "B", "from": "supplier", "to": "channel:shop", "reason": "test"}
                process.client.put("/v1/skus/B", json={"name": "b"})
                process.client.post("/v1/transfers", json={**move, "quantity": 10**9})
            load = Load(process, seed, number)
            load.run(moments.uniform(0.01, 0.6))
        check(path, load.answered, number)
        verify(path)
        checked += len(load.answered)
    with Process(path) as process:
        ready.append(process.ready_s)
        assert process.hold("after").status_code == 201
        assert process.stop() == 0
    verify(path)
    print(f"\nkill: seed {seed}, {ROUNDS} rounds in {time.monotonic() - started:.0f} s")
    print(f"kill: {checked} answered holds checked, none lost")
    print(f"kill: ready in {sorted(ready)[len(ready) // 2]:.3f} s (median), {max(ready):.3f} s (slowest)")
    assert checked > 0
    assert max(ready) < READY_MAX_S
