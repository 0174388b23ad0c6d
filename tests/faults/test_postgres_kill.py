"""SIGKILL under load on PostgreSQL, of the server and of the database: what was answered is there, once."""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psycopg

from holdfast.storage.postgres import PostgresReader
from tests.conformance.postgres import new_schema
from tests.faults.process import KEY, Process, hold_body

ROUNDS = int(os.environ.get("HOLDFAST_KILL_ROUNDS", "3"))
CLIENTS = 6
# How long the service may take once the database is there again, and how long its own recovery may take: it
# reads and flushes every file of its data directory, which a busy disk makes long.
BACK_MAX_S = 10.0
RECOVERY_MAX_S = 60.0


class Buyers:
    """Threads that place holds one after the other, each id until it is answered, and note what was."""

    def __init__(self, url: str, tag: str) -> None:
        self.answered: list[str] = []
        self._url = url
        self._tag = tag
        self._done = threading.Event()

    @contextmanager
    def buying(self) -> Iterator[None]:
        """They buy for the time of the block."""
        threads = [threading.Thread(target=self._buy, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._done.set()
            for thread in threads:
                thread.join()

    def _buy(self, number: int) -> None:
        with httpx.Client(base_url=self._url, headers={"authorization": f"Bearer {KEY}"}) as client:
            count = 0
            while not self._done.is_set():
                id = f"{self._tag}-{number}-{count}"
                try:
                    status = client.post("/v1/holds", json=hold_body(id), timeout=15).status_code
                except httpx.HTTPError:
                    status = 0
                if status in (200, 201):
                    self.answered.append(id)
                    count += 1
                else:
                    assert status in (0, 503), status
                    self._done.wait(0.02)


def check(url: str, answered: list[str]) -> None:
    """All of it is on file, and the books are right: held units are those of the holds, none twice."""
    reader = PostgresReader(url)
    assert [id for id in answered if reader.hold(id) is None] == []
    assert reader.verify(lambda name: None) == []
    reader.close()


def seed() -> int:
    return int(os.environ.get("HOLDFAST_SEED") or random.SystemRandom().randrange(2**32))


def test_a_killed_server_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    url, chosen = new_schema(), seed()
    moments, checked = random.Random(chosen), 0
    for number in range(ROUNDS):
        with Process(tmp_path / "x", store=url) as process:
            if number == 0:
                process.set_up()
            buyers = Buyers(process.url, f"r{number}")
            with buyers.buying():
                time.sleep(moments.uniform(0.1, 0.6))
                while not buyers.answered:  # a busy machine answers nothing in the first second
                    time.sleep(0.01)
                process.kill()
        check(url, buyers.answered)
        checked += len(buyers.answered)
    print(f"\nkill on PostgreSQL: seed {chosen}, {ROUNDS} rounds, {checked} answered holds, none lost")
    assert checked > 0


def test_a_database_that_crashes_loses_nothing_and_the_service_is_back(tmp_path: Path) -> None:
    """A backend that is killed takes all of PostgreSQL down; it recovers from its log, and is found again."""
    url, chosen = new_schema(), seed()
    moments, slowest = random.Random(chosen), 0.0
    with Process(tmp_path / "x", store=url) as process:
        process.set_up()
        for number in range(ROUNDS):
            buyers = Buyers(process.url, f"d{number}")
            with buyers.buying():
                time.sleep(moments.uniform(0.1, 0.5))
                crash(url)
                wait_for_database(url)
                started, before = time.monotonic(), len(buyers.answered)
                while len(buyers.answered) < before + 2 * CLIENTS:
                    assert time.monotonic() < started + BACK_MAX_S, process.log()
                    time.sleep(0.01)
                slowest = max(slowest, time.monotonic() - started)
            check(url, buyers.answered)
    print(f"\ncrash of PostgreSQL: seed {chosen}, {ROUNDS} rounds, back {slowest:.2f} s after it (slowest)")


def crash(url: str) -> None:
    """Kill the backend of the server's writer with SIGKILL, and wait until PostgreSQL has noticed.

    Until then it lets in as if nothing were; that it has is seen by the others' connections, which it cuts.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE application_name = 'holdfast' AND pid <> pg_backend_pid()"
            " ORDER BY query_start DESC LIMIT 1"
        ).fetchone()
        assert row is not None
        os.kill(row[0], signal.SIGKILL)
        end = time.monotonic() + RECOVERY_MAX_S
        with suppress(psycopg.OperationalError):
            while time.monotonic() < end:
                connection.execute("SELECT 1")
                time.sleep(0.01)
            raise AssertionError("PostgreSQL did not notice that a backend of it was killed")


def wait_for_database(url: str) -> None:
    """Return when it lets in again; raise what it says if its recovery takes too long."""
    end = time.monotonic() + RECOVERY_MAX_S
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
