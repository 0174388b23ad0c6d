"""`python -m bench.postgres`: one hot SKU over HTTP on PostgreSQL, beside a row lock on the same server.

Both services stand in front of one PostgreSQL of this machine and are loaded in turns, so that what else the
machine does falls on both. Ours on its file is measured too: what the database costs is the difference. With
`--replicas` several of our servers share the database and the connections.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from .__main__ import check_books, tell
from .load import Run, load_all
from .services import HOST, call, holdfast, postgres_peer, replica

DATABASE_PORT = 8334


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.postgres", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--skus", type=int, default=1_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--replicas", type=int, nargs="+", default=[1])
    parser.add_argument("--peers", type=Path, default=Path("../shared/peers"))
    options = parser.parse_args()
    for program in ("wrk", "psql"):
        if shutil.which(program) is None:
            raise SystemExit(f"bench.postgres needs {program}")
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        # PostgreSQL does not run as root: its user has to reach its folder.
        folder.chmod(0o755)
        for part in ("peer", "ours", "file"):
            (folder / part).mkdir()
        peer = stack.enter_context(
            postgres_peer(options.peers.resolve(), folder / "peer", 8331, DATABASE_PORT)
        )
        store = f"postgresql://postgres@{HOST}:{DATABASE_PORT}/postgres"
        ours = [stack.enter_context(holdfast(folder / "ours", 8332, options.skus, store))]
        for number in range(1, max(options.replicas)):
            (folder / f"replica-{number}").mkdir()
            ours.append(stack.enter_context(replica(folder / f"replica-{number}", 8340 + number, store)))
        services = {
            "row lock": [peer],
            **{f"holdfast x {count}": ours[:count] for count in options.replicas},
            "on a file": [stack.enter_context(holdfast(folder / "file", 8333, options.skus))],
        }
        runs: dict[str, list[Run]] = defaultdict(list)
        for _ in range(options.rounds):
            for title, servers in services.items():
                if servers == [peer]:
                    call(peer.port, "POST", "/seed", {"skus": options.skus, "stock": 10**8})
                for skus in (1, options.skus):
                    run = load_all(servers, options.connections, options.seconds, skus)
                    runs[f"{title}, {skus} SKU"].append(tell(f"{title} {skus}", options.connections, run))
        check_books(ours[0].port)
        verify = [str(Path(sys.executable).with_name("holdfast")), "verify", "--store", store]
        subprocess.run(verify, check=True)
    for skus in (1, options.skus):
        theirs = [run.rate for run in runs[f"row lock, {skus} SKU"]]
        for count in options.replicas:
            rates = [run.rate for run in runs[f"holdfast x {count}, {skus} SKU"]]
            ratios = [mine / other for mine, other in zip(rates, theirs, strict=True)]
            print(
                f"{skus} SKU, {count} of ours: {statistics.median(ratios):.1f} x the row lock"
                f" (of {options.rounds} rounds)"
            )


if __name__ == "__main__":
    main()
