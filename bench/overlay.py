"""`python -m bench.overlay`: what a thousand overlay viewers cost a server that takes holds.

Side by side, in turn: holds as fast as they go with nobody watching, and with all viewers watching the very
item that sells. Meanwhile a probe takes a unit of another item of the overlay every 50 ms, and the time from
its answer, which follows the commit, to each viewer is the lag.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path

from .load import Run, cpu_s, load
from .services import STOCK, Service, call, holdfast

PROBE_PAUSE_S = 0.05
LAST_TELLING_S = 1.5


@dataclass
class Probe:
    """The moments at which the probe's holds were answered, in order."""

    port: int
    placed: int = 0
    answered_ns: list[int] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Place holds until the block ends."""
        stop = threading.Event()
        thread = threading.Thread(target=self._place, args=(stop,))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _place(self, stop: threading.Event) -> None:
        while not stop.wait(PROBE_PAUSE_S):
            self.placed += 1
            id = f"probe-{self.placed}"
            lines = [{"sku": "SKU-1", "quantity": 1}]
            call(self.port, "POST", "/v1/holds", {"id": id, "channel": "shop", "buyer": id, "lines": lines})
            self.answered_ns.append(time.monotonic_ns())


@dataclass
class Lags:
    """From a commit's answer to a viewer, over all commits and viewers, in milliseconds."""

    values: list[float] = field(default_factory=list)
    missed: int = 0
    events: int = 0

    def percentile(self, percent: float) -> float:
        """Nearest rank."""
        ordered = sorted(self.values)
        return ordered[min(len(ordered), max(1, ceil(percent / 100 * len(ordered)))) - 1] if ordered else 0.0


class Viewers:
    """The viewers' process."""

    def __init__(self, port: int, path: str, count: int, folder: Path) -> None:
        self._result = folder / "viewers.json"
        command = [sys.executable, "-m", "bench.viewers", str(port), path, str(count), str(self._result)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        if self._process.stdout.readline().strip() != "ready":
            raise SystemExit("the viewers did not connect")

    def cpu_s(self) -> float:
        """CPU time of the viewers so far."""
        return cpu_s(self._process.pid)

    def end(self, probe: Probe, first: int, lags: Lags) -> None:
        """Hang up, and add what was seen of the probe's holds from number `first` on."""
        self._process.communicate()
        found = json.loads(self._result.read_text(encoding="ascii"))
        lags.events += found["events"]
        for seen in found["seen"]:
            place = 0
            for number in range(first, len(probe.answered_ns)):
                while place < len(seen) and seen[place][1] > STOCK - number - 1:
                    place += 1
                if place == len(seen):
                    lags.missed += 1
                else:
                    # The feed may be faster than the answer.
                    lags.values.append(max(0.0, (seen[place][0] - probe.answered_ns[number]) / 1e6))


def memory_mib(pid: int) -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.overlay", description=__doc__)
    parser.add_argument("--viewers", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=64)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as name:
        folder = Path(name)
        with holdfast(folder, 8331, 2) as service:
            body = {"name": "bench", "skus": ["SKU-0", "SKU-1"]}
            made = call(service.port, "POST", "/v1/overlays", body)
            assert isinstance(made, dict)
            measure(service, f"{made['path']}/feed", folder, options)


def measure(service: Service, path: str, folder: Path, options: argparse.Namespace) -> None:
    """Quiet first, then rounds under load."""
    probe, quiet, busy = Probe(service.port), Lags(), Lags()
    load(service, options.connections, 1)
    before_mib = memory_mib(service.pid)
    viewers = Viewers(service.port, path, options.viewers, folder)
    with_mib = memory_mib(service.pid)
    used_s = cpu_s(service.pid)
    with probe.running():
        time.sleep(options.seconds)
    used_s = (cpu_s(service.pid) - used_s) / options.seconds
    time.sleep(LAST_TELLING_S)
    viewers.end(probe, 0, quiet)
    runs: dict[bool, list[Run]] = {False: [], True: []}
    viewers_s: list[float] = []
    for number in range(options.rounds):
        for watched in (False, True) if number % 2 == 0 else (True, False):
            first = len(probe.answered_ns)
            if watched:
                viewers = Viewers(service.port, path, options.viewers, folder)
                viewers_s.append(-viewers.cpu_s())
            with probe.running():
                runs[watched].append(load(service, options.connections, options.seconds))
            if watched:
                viewers_s[-1] = (viewers_s[-1] + viewers.cpu_s()) / options.seconds
                time.sleep(LAST_TELLING_S)
                viewers.end(probe, first, busy)
            time.sleep(1)
    count = options.viewers
    print(f"{count} viewers: {with_mib - before_mib:.1f} MiB more ({before_mib:.0f} without)")
    tell("quiet, 20 commits/s", quiet, count)
    print(f"  server CPU: {used_s:.0%} of a core")
    tell("under full load", busy, count)
    print(f"  CPU of the viewers' own process, on the same cores: {statistics.mean(viewers_s):.0%} of a core")
    for field_name, unit in (
        ("rate", "holds/s"),
        ("cpu_us", "µs CPU of the server a hold"),
        ("p99_ms", "ms p99"),
    ):
        without, watched = (
            statistics.median(getattr(run, field_name) for run in runs[it]) for it in (False, True)
        )
        print(f"{unit}: {without:,.1f} without, {watched:,.1f} with: {watched / without - 1:+.1%}")
    print("rates by round:", [(round(a.rate), round(b.rate)) for a, b in zip(*runs.values(), strict=True)])
    print("answers that were not 2xx:", sum(run.bad for both in runs.values() for run in both))


def tell(name: str, lags: Lags, viewers: int) -> None:
    """Print the lags of one part."""
    print(
        f"{name}: lag p50 {lags.percentile(50):.0f} ms, p99 {lags.percentile(99):.0f} ms,"
        f" max {max(lags.values, default=0):.0f} ms over {len(lags.values):,} tellings;"
        f" {lags.missed} missed, {lags.events / viewers:.0f} events a viewer"
    )


if __name__ == "__main__":
    main()
