"""`make bench`: everything in one run, interleaved, told as ratios."""

import argparse
import shutil
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from .inside import batch_rate, engine_rate
from .load import Run, load
from .services import Service, call, constant, holdfast, postgres_peer, redis_peer

REPORT = Path(__file__).parents[1] / "docs" / "performance.md"


def main() -> None:
    """Measure and write `docs/performance.md`."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--skus", type=int, default=1_000)
    parser.add_argument("--peers", type=Path, default=Path("../shared/peers"))
    parser.add_argument("--no-write", action="store_true", help="print only")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("bench needs wrk: apt-get install wrk")
    with ExitStack() as stack, tempfile.TemporaryDirectory(prefix="holdfast-bench-") as name:
        folder = Path(name)
        # PostgreSQL does not run as root: its user has to reach its folder.
        folder.chmod(0o755)
        services = start(stack, folder, options.peers.resolve(), options.skus)
        runs = measure(services, options)
        ours = services["holdfast"]
        batch = [batch_rate(ours.port, options.seconds, f"b{n}-") for n in range(options.rounds)]
        check_books(ours.port)
        stack.close()
        engines = {
            limits: [engine_rate(folder, options.seconds, limits) for _ in range(options.rounds)]
            for limits in (False, True)
        }
    text = report(runs, batch, engines, options)
    print(text)
    if not options.no_write:
        REPORT.write_text(text + by_hand(REPORT.read_text(encoding="utf-8")), encoding="utf-8")


def by_hand(page: str) -> str:
    """The sections behind the figures, which other benchmarks' readers wrote: they stay."""
    place = page.find("\n## ")
    return page[place:] if place >= 0 else ""


def start(stack: ExitStack, folder: Path, peers: Path, skus: int) -> dict[str, Service]:
    """All services at once; only one at a time is under load."""

    def sub(name: str) -> Path:
        (folder / name).mkdir()
        return folder / name

    services = {
        "holdfast": stack.enter_context(holdfast(sub("holdfast"), 8301, skus)),
        "constant": stack.enter_context(constant(sub("constant"), 8302)),
    }
    optional: list[tuple[str, str, Callable[[], Service]]] = [
        ("redis", "redis-server", lambda: stack.enter_context(redis_peer(peers, sub("redis"), 8303, 8313))),
        ("postgres", "psql", lambda: stack.enter_context(postgres_peer(peers, sub("postgres"), 8304, 8314))),
    ]
    for name, program, enter in optional:
        if peers.exists() and shutil.which(program):
            services[name] = enter()
        else:
            print(f"{name}: not measured here ({program} or {peers} is missing)")
    return services


def measure(services: dict[str, Service], options: argparse.Namespace) -> dict[str, list[Run]]:
    """Round after round, one service after the other."""
    runs: dict[str, list[Run]] = defaultdict(list)
    for number in range(options.rounds):
        for name, service in services.items():
            if name in ("redis", "postgres"):
                call(service.port, "POST", "/seed", {"skus": 1, "stock": 10**8})
            runs[f"{name} 64"].append(tell(name, 64, load(service, 64, options.seconds)))
        ours = services["holdfast"]
        for connections in (8, 256):
            run = load(ours, connections, options.seconds)
            runs[f"holdfast {connections}"].append(tell("holdfast", connections, run))
        run = load(ours, 64, options.seconds, options.skus)
        runs[f"holdfast 64, {options.skus} SKUs"].append(tell(f"{options.skus} SKUs", 64, run))
        run = load(ours, 64, options.seconds, 1, "random")
        runs["holdfast 64, random ids and buyers"].append(tell("random ids", 64, run))
        print(f"round {number + 1} of {options.rounds} done")
    return runs


def tell(name: str, connections: int, run: Run) -> Run:
    """Print a run as it comes."""
    print(
        f"  {name:14} {connections:4} connections {run.rate:9.0f}/s"
        f"  p50 {run.p50_ms:.2f} ms  p99 {run.p99_ms:.2f} ms"
    )
    return run


def check_books(port: int) -> None:
    """What was answered must be what is on file."""
    document = call(port, "GET", "/v1/stock/SKU-0")
    assert isinstance(document, dict)
    assert document["available"] >= 0
    assert document["held"] > 0


def report(
    runs: dict[str, list[Run]],
    batch: list[float],
    engines: dict[bool, list[float]],
    options: argparse.Namespace,
) -> str:
    """The page `docs/performance.md`."""
    base = [run.rate for run in runs["holdfast 64"]]

    def ratio(name: str) -> str:
        pairs = zip(base, (run.rate for run in runs[name]), strict=True)
        return f"{statistics.median(ours / other for ours, other in pairs):.2f}"

    lines = [
        "# Performance",
        "",
        f"Measured by `make bench` on {datetime.now(UTC):%Y-%m-%d}, {options.rounds} rounds of",
        f"{options.seconds} s, interleaved, medians. Rates depend on the machine and its neighbours;",
        "the ratios, measured side by side, say more. Every answer of `POST /v1/holds` is durable,",
        "with idempotency, key, role, limits per order,",
        "per buyer and across channels, and audit trail. Load: wrk, one thread, on the same two cores.",
        "",
        "| what | rate/s | p50 ms | p99 ms | CPU µs a request | Holdfast (64) is … times this |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, rows in runs.items():
        bad = sum(run.bad for run in rows)
        note = f" ({bad} answers not 2xx)" if bad else ""
        lines.append(
            f"| {name}{note} | {median(rows, 'rate'):,.0f} | {median(rows, 'p50_ms'):.2f} | "
            f"{median(rows, 'p99_ms'):.2f} | {median(rows, 'cpu_us'):.0f} | {ratio(name)} |"
        )
    lines += [
        "",
        "| without a request each | decisions/s |",
        "|---|---:|",
        f"| `POST /v1/holds/batch`, 1,000 a call, one caller, limits on | {statistics.median(batch):,.0f} |",
        f"| engine alone, limits off | {statistics.median(engines[False]):,.0f} |",
        f"| engine alone, limits on | {statistics.median(engines[True]):,.0f} |",
        "",
    ]
    return "\n".join(lines)


def median(runs: list[Run], field: str) -> float:
    """The median of one figure over the rounds."""
    return float(statistics.median(getattr(run, field) for run in runs))


if __name__ == "__main__":
    main()
