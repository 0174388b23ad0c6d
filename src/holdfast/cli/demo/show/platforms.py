"""The platforms, each as `holdfast simulate` in a process of its own: addresses, controls, own words."""

import json
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from ..faults import DemoFailed
from ..server_process import COMMAND, clean_environment

START_TIMEOUT_S = 20.0
STOP_TIMEOUT_S = 10.0
CONTROL_TIMEOUT_S = 10.0
PRODUCT, VARIANT = "9007199254740993", "77"


class Word(msgspec.Struct, frozen=True):
    """What a platform says of itself: units on its counter, sold and in unpaid orders; pushes it lost."""

    counter: int
    sold: int
    unpaid: int
    pushes_lost: int


class Platform:
    """One running simulator. Every call raises DemoFailed when the simulator does not do as it is told."""

    def __init__(self, name: str, credentials: dict[str, Any], client: httpx.Client) -> None:
        self.name = name
        self.credentials = credentials
        self.control_url = str(credentials["control"])
        self._client = client

    def put_listing(self) -> None:
        """Offer the item, with nothing on the counter."""
        self._call("PUT", "/listings", {"product": PRODUCT, "variant": VARIANT, "stock": 0})

    def push_to(self, url: str) -> None:
        """Have orders pushed there; the platform probes the address first."""
        self._call("PUT", "/push", {"url": url})

    def lose_pushes(self, share: float) -> None:
        """Lose that share of all pushes from now on."""
        self._call("PUT", "/misbehave", {"push_loss_rate": share})

    def word(self) -> Word:
        """How it stands."""
        state = self._call("GET", "/state?orders=0")
        (counter,) = state["counters"].values()
        (sold,) = state["sold"].values()
        return Word(counter["sellable"], sold, counter["occupied"], state["pushes"]["lost"])

    def orders(self) -> int:
        """How many orders were ever placed there."""
        return len(self._call("GET", "/state")["orders"])

    def _call(self, method: str, path: str, body: object = None) -> Any:
        try:
            response = self._client.request(method, f"{self.control_url}{path}", json=body)
            response.raise_for_status()
            return response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise DemoFailed(f"the {self.name} simulator did not do {method} {path}: {error}") from error


@contextmanager
def running(names: Sequence[str], seed: int, folder: Path) -> Iterator[dict[str, Platform]]:
    """Start all of them at once, and end them whatever happens; raises DemoFailed."""
    with ExitStack() as stack:
        client = stack.enter_context(httpx.Client(trust_env=False, timeout=CONTROL_TIMEOUT_S))
        started = {
            name: stack.enter_context(_process(name, seed + number, folder / f"{name}.log"))
            for number, name in enumerate(names, start=1)
        }
        yield {name: Platform(name, _announced(name, process), client) for name, process in started.items()}


@contextmanager
def _process(name: str, seed: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
            [*COMMAND, "simulate", name, "--port", "0", "--seed", str(seed), "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=clean_environment(),
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _announced(name: str, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """The credentials that it prints before it takes the first call."""
    assert process.stdout is not None
    timer = threading.Timer(START_TIMEOUT_S, process.kill)
    timer.start()
    try:
        said = b""
        for line in process.stdout:
            said += line
            if line.rstrip() == b"}":
                found: dict[str, Any] = json.loads(said)
                return found
    except ValueError as error:
        raise DemoFailed(f"the {name} simulator said what is no JSON: {error}") from error
    finally:
        timer.cancel()
    raise DemoFailed(f"the {name} simulator did not start within {START_TIMEOUT_S:g} s")
