"""Processes of their own beside the server: crowds that write how it goes, and `holdfast verify`."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from .faults import DemoFailed
from .server_process import COMMAND, clean_environment

END_TIMEOUT_S = 10
VERIFY_TIMEOUT_S = 120


def play_crowd(
    module: str, script: msgspec.Struct, update: Callable[[dict[str, Any]], None]
) -> dict[str, Any]:
    """Run a crowd's module with its script; `update` gets every line it writes, and the last is its report.

    Raises DemoFailed if it ends without one.
    """
    with _speaking(module, script) as (process, errors):
        report: dict[str, Any] | None = None
        assert process.stdout is not None
        for line in process.stdout:
            said = msgspec.json.decode(line)
            if said["phase"] == "done":
                report = said["report"]
            else:
                update(said)
        code = process.wait(END_TIMEOUT_S)
    if code != 0 or report is None:
        last = b"".join(errors).decode(errors="replace").strip().splitlines()[-1:]
        raise DemoFailed(f"the buyers' process ended with {code}: {' '.join(last) or 'it said nothing'}")
    return report


@contextmanager
def _speaking(module: str, script: msgspec.Struct) -> Iterator[tuple[subprocess.Popen[bytes], list[bytes]]]:
    """The process; what it writes to standard error is read beside, so that it never waits."""
    errors: list[bytes] = []
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
    )
    assert process.stdin is not None
    assert process.stderr is not None
    reader = threading.Thread(target=errors.extend, args=(process.stderr,), daemon=True)
    try:
        reader.start()
        with process.stdin as pipe:
            pipe.write(msgspec.json.encode(script))
        yield process, errors
        reader.join(1)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def run_verify(store_url: str) -> dict[str, Any]:
    """`holdfast verify --json` on the stopped server's store, as a process of its own."""
    result = subprocess.run(  # noqa: S603 - our own interpreter and our own words
        [*COMMAND, "verify", "--store", store_url, "--json"],
        capture_output=True,
        timeout=VERIFY_TIMEOUT_S,
        check=False,
        env=clean_environment(),
    )
    try:
        document = json.loads(result.stdout)
    except ValueError:
        document = {"error": result.stderr.decode(errors="replace")[-500:]}
    return {**document, "ok": bool(document.get("ok")) and result.returncode == 0}
