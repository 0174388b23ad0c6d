"""Real faults on a real server: a clear error, nothing acknowledged that is not durable, and recovery."""

import os
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.process import Process, refused_start, verify

DISK_MIB = 8


def check_refused(answer: httpx.Response, code: str) -> None:
    """An error that says what it is and when to come again."""
    assert answer.status_code == 503, answer.text
    assert answer.json()["code"] == code, answer.text
    assert answer.headers["retry-after"] == "1"


def wait_ready(process: Process, ready: bool, timeout_s: float = 8.0) -> httpx.Response:
    """Wait until /readyz says so."""
    deadline = time.monotonic() + timeout_s
    while True:
        answer = process.client.get("/readyz")
        if (answer.status_code == 200) == ready:
            return answer
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.02)


def on_file(path: Path) -> set[str]:
    """Ids of all holds."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return {row[0] for row in connection.execute("SELECT id FROM hold")}
    finally:
        connection.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk that is soon full."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("this machine does not let us mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_refuses_and_goes_on_when_there_is_room(small_disk: Path, tmp_path: Path) -> None:
    path = small_disk / "holdfast.db"
    ballast = small_disk / "ballast"
    with Process(path) as process:
        process.set_up()
        ballast.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 1_500_000))
        answered, refused = set(), 0
        for number in range(2000):
            answer = process.hold(f"h{number}", buyer="b" * 100 + str(number))
            if answer.status_code == 201:
                answered.add(f"h{number}")
            else:
                check_refused(answer, "store_full")
                refused += 1
            if refused == 5:
                break
        assert refused == 5, "the disk was not full"
        assert answered
        wait_ready(process, False)
        assert process.client.get("/v1/stock/A").json()["held"] == len(answered), "reads go on"
        assert "disk is full" in process.log()
        ballast.unlink()
        started = time.monotonic()
        wait_ready(process, True)
        recovered_s = time.monotonic() - started
        for number in range(len(answered), len(answered) + 5):
            assert process.hold(f"h{number}", buyer="b" * 100 + str(number)).status_code == 201
            answered.add(f"h{number}")
        assert process.stop() == 0
    assert on_file(path) == answered
    verify(path)
    print(f"\nfull disk: {len(answered)} answered, all there; ready {recovered_s:.2f} s after there was room")


def test_a_locked_file_refuses_after_a_while_and_goes_on_when_it_is_free(tmp_path: Path) -> None:
    path = tmp_path / "holdfast.db"
    with Process(path) as process:
        process.set_up()
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        answers: list[httpx.Response] = []
        asking = threading.Thread(target=lambda: answers.append(process.hold("h")))
        asking.start()
        time.sleep(0.3)
        started = time.monotonic()
        assert process.client.get("/v1/stock/A").status_code == 200
        assert process.client.get("/healthz").status_code == 200
        assert time.monotonic() - started < 1, "reads do not wait for the lock"
        asking.join(15)
        check_refused(answers[0], "store_busy")
        assert process.client.get("/readyz").status_code == 503
        other.execute("ROLLBACK")
        other.close()
        wait_ready(process, True)
        assert process.hold("h").status_code == 201
        assert process.stop() == 0
    assert on_file(path) == {"h"}
    verify(path)


def test_a_lock_held_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "holdfast.db"
    with Process(path) as process:
        process.set_up()
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.5, lambda: other.execute("ROLLBACK"))
        release.start()
        assert process.hold("h").status_code == 201
        release.join()
        other.close()
        assert process.stop() == 0


def test_a_read_only_disk_refuses_and_goes_on_when_it_may_be_written(small_disk: Path) -> None:
    path = small_disk / "holdfast.db"
    with Process(path) as process:
        process.set_up()
        assert process.hold("h0").status_code == 201
        process.kill()
    # The files cannot be remounted while they are open for writing, so the server starts on what it finds.
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    said = refused_start(path)
    assert "read-only" in said or "cannot be opened" in said, said
    assert "Traceback" not in said
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    with Process(path) as process:
        assert process.hold("h0").headers["idempotency-replayed"] == "true"
        assert process.hold("h1").status_code == 201
    verify(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write what is read-only; the disk test stands in")
def test_a_read_only_file_is_refused_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "holdfast.db"
    with Process(path) as process:
        process.set_up()
        assert process.stop() == 0
    path.chmod(0o400)
    said = refused_start(path)
    assert "read-only" in said, said
    path.chmod(0o600)
    with Process(path) as process:
        assert process.hold("h").status_code == 201


@pytest.mark.parametrize(
    "content", [b"this is a letter\n" * 1000, b"PK\x03\x04" + bytes(8192)], ids=["text", "zip"]
)
def test_what_is_no_store_is_refused_and_left_as_it_was(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.db"
    path.write_bytes(content)
    said = refused_start(path)
    assert "not a Holdfast store" in said, said
    assert "Traceback" not in said
    assert path.read_bytes() == content


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    said = refused_start(tmp_path)
    assert "cannot be opened" in said, said
    assert "Traceback" not in said


def test_a_damaged_file_is_told_and_a_backup_brings_all_back(tmp_path: Path) -> None:
    path, backup = tmp_path / "holdfast.db", tmp_path / "backup.db"
    with Process(path) as process:
        process.set_up()
        for number in range(200):
            assert process.hold(f"h{number}").status_code == 201
        assert process.stop() == 0
    assert not path.with_name("holdfast.db-wal").exists(), "a clean stop leaves one file"
    shutil.copy(path, backup)
    data = bytearray(path.read_bytes())
    for page in range(4096, len(data), 4096):
        data[page : page + 512] = os.urandom(512)
    path.write_bytes(data)
    said = refused_start(path)
    assert "damaged" in said, said
    assert "Traceback" not in said
    shutil.copy(backup, path)
    with Process(path) as process:
        assert process.hold("h0").headers["idempotency-replayed"] == "true"
        assert process.stop() == 0
    verify(path)


@pytest.mark.parametrize("suffix", ["", "-wal"])
def test_a_file_taken_away_refuses_until_it_is_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "holdfast.db"
    taken, kept = Path(f"{path}{suffix}"), tmp_path / "kept"
    with Process(path) as process:
        process.set_up()
        assert process.hold("h0").status_code == 201
        taken.rename(kept)
        check_refused(process.hold("h1"), "store_failed")
        wait_ready(process, False)
        assert "deleted or replaced" in process.log()
        assert not path.exists() or suffix, "no empty store in the place of the lost one"
        taken.unlink(missing_ok=True)
        kept.rename(taken)
        wait_ready(process, True)
        assert process.hold("h0").headers["idempotency-replayed"] == "true"
        assert process.hold("h1").status_code == 201
        assert process.stop() == 0
    assert on_file(path) == {"h0", "h1"}
    verify(path)


def test_a_log_cut_short_loses_only_its_end_and_repeats_mend_it(tmp_path: Path) -> None:
    path = tmp_path / "holdfast.db"
    with Process(path) as process:
        process.set_up()
        answered = {f"h{number}" for number in range(50) if process.hold(f"h{number}").status_code == 201}
        process.kill()
    # The log is cut at a random place, as a disk that lied about its sync would leave it.
    log = path.with_name("holdfast.db-wal")
    size = log.stat().st_size
    os.truncate(log, size - size // 3)
    with Process(path) as process:
        assert on_file(path) <= answered
        for id in answered:
            assert process.hold(id).status_code in (200, 201)
        assert process.stop() == 0
    assert on_file(path) == answered
    verify(path)


def test_a_stop_answers_what_was_taken_and_exits_0(tmp_path: Path) -> None:
    path = tmp_path / "holdfast.db"
    with Process(path) as process:
        process.set_up()
        answered: set[str] = set()
        unexpected: list[httpx.Response] = []

        def buy(seller: int) -> None:
            with httpx.Client(base_url=process.url, headers=process.client.headers, timeout=20) as client:
                for number in range(100_000):
                    id = f"s{seller}-{number}"
                    body = {"id": id, "channel": "shop", "buyer": id, "lines": [{"sku": "A", "quantity": 1}]}
                    try:
                        answer = client.post("/v1/holds", json=body)
                    except httpx.HTTPError:
                        return
                    if answer.status_code == 201:
                        answered.add(id)
                    elif answer.status_code != 503:
                        unexpected.append(answer)

        watcher = httpx.Client(base_url=process.url, headers=process.client.headers)
        with watcher.stream("GET", "/v1/feed"):
            sellers = [threading.Thread(target=buy, args=(number,)) for number in range(8)]
            for seller in sellers:
                seller.start()
            time.sleep(0.7)
            started = time.monotonic()
            assert process.stop() == 0
            took_s = time.monotonic() - started
            for seller in sellers:
                seller.join(20)
        assert took_s < 5, "an open feed must not hold up the stop"
        assert not unexpected
        assert "Traceback" not in process.log(), process.log()
    assert answered
    assert answered <= on_file(path)
    verify(path)
