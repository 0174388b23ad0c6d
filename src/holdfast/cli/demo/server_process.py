"""`holdfast serve` as a real process of its own, in a folder of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

COMMAND = (sys.executable, "-c", "from holdfast.cli.main import main; main(prog_name='holdfast')")
START_TIMEOUT_S = 20.0
STOP_TIMEOUT_S = 20.0
_URL = re.compile(r"serves (http://\S+)")
_KEY = re.compile(r"HOLDFAST_API_KEY=(\S+)")
_LINK = re.compile(r"(http://\S+#link=\S+)")
_SECRET = ("HOLDFAST_API_KEY", "#link=")


class ServerFailed(Exception):
    """It did not start, or did not end as it should; the message holds its last words."""


def clean_environment() -> dict[str, str]:
    """Ours without any setting of another Holdfast."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}


class ServerProcess:
    """A server on a free port with an embedded store; a context manager that always ends it.

    A store that has keys already needs one of them: `key` becomes the administrator's.
    """

    def __init__(self, folder: Path, key: str = "") -> None:
        self.store_url = f"sqlite:///{folder / 'holdfast.db'}"
        self.url = ""
        self.key = key
        self.console_link: str | None = None
        """Opens the console once; there is none where the console is not built."""
        self._folder = folder
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "ServerProcess":
        flags = ["--host", "127.0.0.1", "--port", "0", "--store", self.store_url]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
                [*COMMAND, "serve", *flags, "--log-level", "warning"],
                cwd=self._folder,
                env=clean_environment() | ({"HOLDFAST_API_KEY": self.key} if self.key else {}),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        try:
            self._wait_until_it_listens(self._process)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    @property
    def host_and_port(self) -> tuple[str, int]:
        """Where it listens."""
        host, _, port = self.url.removeprefix("http://").rpartition(":")
        return host, int(port)

    def stop(self) -> None:
        """Ask it to end as an operator would; raises ServerFailed unless it ends well."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            raise ServerFailed(f"the server did not end within {STOP_TIMEOUT_S:g} s") from None
        if code != 0:
            raise ServerFailed(f"the server ended with {code}: {self._last_words()}")

    def kill(self) -> None:
        """End it without a word, as a power cut does."""
        self._end()

    def _wait_until_it_listens(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < end:
            said = self._log.read_text(encoding="utf-8", errors="replace")
            url, key = _URL.search(said), _KEY.search(said)
            if url and (self.key or (key and said.endswith("\n\n"))):
                self.url, self.key = url[1], key[1] if key else self.key
                link = _LINK.search(said)
                self.console_link = link[1] if link else None
                return
            if process.poll() is not None:
                raise ServerFailed(f"the server did not start: {self._last_words()}")
            time.sleep(0.02)
        raise ServerFailed(f"the server did not listen within {START_TIMEOUT_S:g} s: {self._last_words()}")

    def _last_words(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        told = [line for line in lines[-5:] if not any(word in line for word in _SECRET)]
        return " | ".join(told) or "it said nothing"

    def _end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
