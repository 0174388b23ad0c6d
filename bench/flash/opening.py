"""`python -m bench.flash.opening`: how exactly a drop opens while a crowd already hammers at the door.

The crowd begins before the opening, so that early requests find nothing to sell. All times are of one
machine: `opened_at` of the drop is the ledger's clock as the opening was decided, the first placed hold is
when its answer was read, which follows the commit.
"""

import argparse
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..services import KEY, call
from . import crowd
from .__main__ import OPENS_IN_S, ROOT, serving
from .wire import Told, storm

EARLY_S = 0.2


def once(folder: Path, options: Any, seed: int) -> tuple[float, float, Told, int]:
    """One drop: delays of opening and first hold in milliseconds, what was told, and units sold."""
    with serving(folder, options.port, ROOT / "src"):
        call(options.port, "PUT", "/v1/channels/shop", {"platform": "shop", "name": "shop"})
        call(options.port, "PUT", f"/v1/skus/{crowd.SKU}", {"name": "drop", "limits": crowd.LIMITS})
        stock = {"id": "seed", "sku": crowd.SKU, "from": "supplier", "to": "unallocated", "reason": "bench"}
        call(options.port, "POST", "/v1/transfers", stock | {"quantity": crowd.UNITS})
        opens_at_s = time.time() + OPENS_IN_S
        opens_at = datetime.fromtimestamp(opens_at_s, UTC).isoformat()
        plan = {"sku": crowd.SKU, "channels": {"shop": crowd.UNITS}, "opens_at": opens_at}
        call(options.port, "PUT", "/v1/drops/drop", plan)
        buyers = crowd.scripted(options.scripts) + crowd.honest(options.people)
        tries = crowd.tries(buyers, options.requests, {}, random.Random(seed))
        told = storm(options.port, KEY, tries, opens_at_s - EARLY_S, options.lines)
        drop: Any = call(options.port, "GET", "/v1/drops/drop")
        view: Any = call(options.port, "GET", f"/v1/stock/{crowd.SKU}")
    opened_at_s = datetime.fromisoformat(drop["opened_at"]).timestamp()
    assert told.first_at_s is not None, "nothing was sold"
    assert view["held"] == len(told.placed) <= crowd.UNITS, (view["held"], len(told.placed))
    return (opened_at_s - opens_at_s) * 1e3, (told.first_at_s - opens_at_s) * 1e3, told, view["held"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.flash.opening", description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--scripts", type=int, default=2_000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--lines", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--port", type=int, default=8314)
    options = parser.parse_args()
    opened: list[float] = []
    placed: list[float] = []
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as name:
        for number in range(options.rounds):
            opening_ms, first_ms, told, sold = once(Path(name) / str(number), options, number)
            opened.append(opening_ms)
            placed.append(first_ms)
            print(
                f"opened {opening_ms:+.1f} ms, first hold answered {first_ms:+.1f} ms, sold {sold}, "
                f"{sum(told.codes.values()):,} answers in {told.took_s:.2f} s, {told.codes}"
            )
    for words, values in (("opened", opened), ("first hold answered", placed)):
        print(f"{words}: median {statistics.median(values):.1f} ms, latest {max(values):.1f} ms")


if __name__ == "__main__":
    main()
