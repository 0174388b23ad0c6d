"""`holdfast serve` as a process of its own, to be killed, starved and stopped."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import httpx

KEY = "hf_test-administrator"
START_WITHIN_S = 90
CODE = "from holdfast.cli.main import main; main()"


def environment(**more: str) -> dict[str, str]:
    """What a server's process is given; nothing of this machine's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    return {
        **kept,
        "HOLDFAST_API_KEY": KEY,
        "HOLDFAST_CONFIG": "/nonexistent",
        "PYTHONFAULTHANDLER": "1",
        **more,
    }


def command(*arguments: str) -> list[str]:
    """The command line, whether or not its script is on the path."""
    return [sys.executable, "-c", CODE, *arguments]


class Process:
    """One server on one file, or on another store; `ready_s` is how long it took until /readyz was 200."""

    def __init__(
        self, path: Path, *flags: str, store: str | None = None, more: Mapping[str, str] | None = None
    ) -> None:
        self.path = path
        self._environment = environment(**(more or {}))
        self._arguments = command("serve", "--port", "0", "--store", store or f"sqlite:///{path}", *flags)
        self._stands_by = "worker" in flags
        self._log = path.parent / f"server-{time.monotonic_ns()}.log"

    def start(self) -> None:
        """Start it and wait for its address."""
        started = time.monotonic()
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(self._arguments, stderr=log, env=self._environment)
        address = None
        while address is None:
            address = re.search(r"serves (http://\S+:\d+)", self.log())
            assert self.process.poll() is None, self.log()
            if time.monotonic() > started + START_WITHIN_S:
                self.process.send_signal(signal.SIGABRT)  # with PYTHONFAULTHANDLER it says where it stands
                self.process.wait(10)
                raise AssertionError(f"no address within {START_WITHIN_S} s: {self.log()}")
            time.sleep(0.005)
        self.url = address[1]
        self.client = httpx.Client(base_url=self.url, headers={"authorization": f"Bearer {KEY}"}, timeout=20)
        assert self.client.get("/readyz").status_code == 200 or self._stands_by
        self.ready_s = time.monotonic() - started

    def log(self) -> str:
        """All it has said."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """End it as an operator would; gives its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.kill()

    def set_up(self, quantity: int = 10**9) -> None:
        """An item `A` with a right in the channel `shop`."""
        for path, body in (
            ("/v1/skus/A", {"name": "a"}),
            ("/v1/channels/shop", {"platform": "shop", "name": "s"}),
        ):
            assert self.client.put(path, json=body).status_code == 200
        move = {"id": "t", "sku": "A", "from": "supplier", "to": "channel:shop", "reason": "test"}
        answer = self.client.post("/v1/transfers", json={**move, "quantity": quantity})
        assert answer.status_code in (200, 201)

    def hold(self, id: str, **more: Any) -> httpx.Response:
        """Ask for a hold of one unit."""
        return self.client.post("/v1/holds", json=hold_body(id, **more))


def hold_body(id: str, **more: Any) -> dict[str, Any]:
    """A hold of one unit."""
    return {"id": id, "channel": "shop", "buyer": id, "lines": [{"sku": "A", "quantity": 1}], **more}


def run(arguments: list[str], timeout_s: float = 60) -> tuple[int, str]:
    """Run a command to its end; gives its exit status and all it said."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        arguments, env=environment(), stdout=pipe, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            said, _ = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGABRT)  # with PYTHONFAULTHANDLER it says where it stands
            said, _ = process.communicate()
            raise AssertionError(f"{arguments} did not end within {timeout_s} s: {said}") from None
    return process.returncode, said


def verify(path: Path) -> None:
    """`holdfast verify` must pass."""
    status, said = run(command("verify", "--store", f"sqlite:///{path}"))
    assert status == 0, said


def refused_start(path: Path) -> str:
    """Start a server that must not come up; gives what it says."""
    status, said = run(command("serve", "--port", "0", "--store", f"sqlite:///{path}"), 30)
    assert status > 0, said
    return said
