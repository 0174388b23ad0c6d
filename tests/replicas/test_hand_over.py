"""Who does the work in the background: one at a time, another within seconds, and nobody who woke up late."""

import signal
import time

import httpx

from tests.faults.process import Process, hold_body
from tests.replicas.servers import Servers, lock_a_drop, wait_until, works


def test_one_works_and_any_answers_for_it(servers: Servers) -> None:
    """What only the one that works can do is asked of the other, which sends it on."""
    with servers.one() as first, servers.one("--role", "api") as second:
        assert works(first)
        assert not works(second)
        wait_until(lambda: second.client.get("/v1/drops").status_code == 200)
        second.set_up(quantity=7)
        lock_a_drop(second, "d", 3600)
        here, there = (server.client.get("/v1/drops/d").json() for server in (second, first))
        assert here | {"server_time": ""} == there | {"server_time": ""}
        assert second.client.put("/v1/drops/d", json={}).status_code == 422
        unknown = second.client.get("/v1/shows/nobody", headers={"authorization": "Bearer no"})
        assert unknown.status_code == 401
        assert second.hold("a").status_code == 201
        assert first.hold("a").headers["idempotency-replayed"] == "true"
        assert first.stop() == 0
        away = second.client.get("/v1/drops")
        assert (away.status_code, away.json()["code"]) == (503, "no_worker")
        assert away.headers["retry-after"] == "1"
        assert second.hold("b").status_code == 201
    servers.verify()


def test_a_worker_that_is_killed_is_followed_within_seconds(servers: Servers) -> None:
    """Its drop opens once, and the hold whose time is over is given back once, by the other."""
    with servers.one() as first, servers.one("--role", "worker") as second:
        first.set_up(quantity=7)
        waiting = second.client.get("/readyz")
        assert (waiting.status_code, waiting.json()["code"]) == (503, "not_ready")
        lock_a_drop(first, "d", 1.0)
        assert first.hold("short", ttl_s=1).status_code == 201
        first.kill()
        took_s = wait_until(lambda: works(second))
        assert second.client.get("/readyz").status_code == 200
        wait_until(lambda: second.client.get("/v1/drops/d").json()["status"] == "open")
        wait_until(lambda: second.client.get("/v1/holds/short").json()["status"] == "expired")
        print(f"\ntaken over in {took_s:.2f} s")
    reader = servers.reader()
    opened = [row for row in reader.transfers("A", 2**62, 100) if row.transfer.reason == "drop_open"]
    assert [row.transfer.quantity for row in opened] == [5]
    reader.close()
    servers.verify()


def test_a_worker_that_hangs_is_cut_off_and_writes_nothing_when_it_wakes_up(servers: Servers) -> None:
    with servers.one() as first, servers.one() as second:
        first.set_up(quantity=7)
        assert first.hold("before").status_code == 201
        first.process.send_signal(signal.SIGSTOP)
        wait_until(lambda: works(second), within_s=20)
        assert second.hold("meanwhile").status_code == 201
        first.process.send_signal(signal.SIGCONT)
        # Whatever it is asked now it refuses or never answers; then it ends, and says so by its status.
        refused = _ask(first)
        assert refused in (0, 503)
        assert first.process.wait(20) == 1
        assert "another server" in first.log()
        assert second.hold("after").status_code == 201
    reader = servers.reader()
    assert [reader.hold(id) is None for id in ("before", "meanwhile", "late", "after")] == [
        False,
        False,
        True,
        False,
    ]
    reader.close()
    servers.verify()


def _ask(server: Process) -> int:
    try:
        return server.client.post("/v1/holds", json=hold_body("late"), timeout=5).status_code
    except httpx.HTTPError:
        return 0


def test_a_worker_that_stops_hands_over_at_once(servers: Servers) -> None:
    with servers.one() as first, servers.one() as second:
        assert works(first)
        started = time.monotonic()
        assert first.stop() == 0
        wait_until(lambda: works(second), within_s=5)
        print(f"\nhanded over {time.monotonic() - started:.2f} s after it was told to stop")
