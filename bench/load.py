"""Loading a service with wrk, and reading what it says."""

import os
import re
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .services import HOST, Service

_UNIT_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Run:
    """One run: requests a second, latencies, answers that were not 2xx, CPU of the service per request."""

    rate: float
    p50_ms: float
    p99_ms: float
    bad: int
    cpu_us: float


def cpu_s(pid: int) -> float:
    """CPU time of a process so far, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load_all(services: Sequence[Service], connections: int, seconds: int, skus: int = 1) -> Run:
    """Load several servers of one database at once, with a share of the connections each.

    Rates add up; of the latencies the worst is told.
    """
    share = connections // len(services)
    with ThreadPoolExecutor(len(services)) as pool:
        runs = list(pool.map(lambda service: load(service, share, seconds, skus), services))
    return Run(
        rate=sum(run.rate for run in runs),
        p50_ms=max(run.p50_ms for run in runs),
        p99_ms=max(run.p99_ms for run in runs),
        bad=sum(run.bad for run in runs),
        cpu_us=sum(run.cpu_us * run.rate for run in runs) / sum(run.rate for run in runs),
    )


def load(service: Service, connections: int, seconds: int, skus: int = 1, ids: str = "ordered") -> Run:
    """Load one service; books are checked by the caller."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency"]
    command += [
        "-s",
        str(service.script),
        f"http://{HOST}:{service.port}",
        "--",
        service.path,
        str(skus),
        ids,
    ]
    before = cpu_s(service.pid)
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    used = cpu_s(service.pid) - before
    total = int(_find(r"(\d+) requests in", text))
    return Run(
        rate=float(_find(r"Requests/sec:\s+([\d.]+)", text)),
        p50_ms=_latency(text, 50),
        p99_ms=_latency(text, 99),
        bad=int(_find(r"Non-2xx or 3xx responses: (\d+)", text, "0")),
        cpu_us=used / max(total, 1) * 1e6,
    )


def _find(pattern: str, text: str, default: str | None = None) -> str:
    found = re.search(pattern, text)
    if found is None:
        if default is None:
            raise SystemExit(f"wrk did not say {pattern}:\n{text}")
        return default
    return found[1]


def _latency(text: str, percent: int) -> float:
    found = re.search(rf"^\s+{percent}%\s+([\d.]+)(us|ms|s)", text, re.MULTILINE)
    if found is None:
        raise SystemExit(f"wrk gave no latency:\n{text}")
    return float(found[1]) * _UNIT_MS[found[2]]
