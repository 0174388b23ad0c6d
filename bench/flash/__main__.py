"""`python -m bench.flash`: a drop of 500 against scripts, with and without rules, and what a guard costs.

Prints; the figures of a good run are written into `docs/performance.md` by hand, with what they mean.
"""

import argparse
import base64
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..load import load
from ..services import KEY, STOCK, Service, call, running, seed_holdfast
from . import crowd
from .wire import Told, storm

ROOT = Path(__file__).parents[2]
BEFORE_GUARDS = "6e8b3ed"
SECRET_KEY = base64.urlsafe_b64encode(bytes(32)).decode()
LINES = 256
OPENS_IN_S = 2.0
DRAWN = 500
DRAWN_BY_ACCOUNT = 1_500
Draw = Callable[[list[crowd.Buyer], int, random.Random], list[crowd.Buyer]]


@contextmanager
def serving(folder: Path, port: int, source: Path) -> Iterator[int]:
    """`holdfast serve` of this source on a store of its own; gives its process id."""
    folder.mkdir()
    command = [str(Path(sys.executable).with_name("holdfast")), "serve", "--port", str(port)]
    command += ["--store", f"sqlite:///{folder}/holdfast.db"]
    env = {"HOLDFAST_API_KEY": KEY, "PYTHONPATH": str(source), "HOLDFAST_SECRET_KEY": SECRET_KEY}
    with running(command, port, "/readyz", env, folder) as pid:
        yield pid


def drop(port: int, rules: dict[str, Any] | None, draw: Draw | None, tickets: int, options: Any) -> None:
    """One drop, and what came of it."""
    chance = random.Random(options.seed)
    buyers = crowd.scripted(options.scripts) + crowd.honest(options.people)
    given = issue(port, draw(buyers, tickets, chance)) if draw else {}
    call(port, "PUT", "/v1/channels/shop", {"platform": "shop", "name": "shop"})
    opens_at_s = time.time() + OPENS_IN_S
    item = {"name": "drop", "limits": crowd.LIMITS, "guard": rules and {"period": "drop", **rules}}
    opening = datetime.fromtimestamp(opens_at_s, UTC).isoformat()
    call(port, "PUT", f"/v1/skus/{crowd.SKU}", item | {"sale_opens_at": opening})
    body = {"id": "seed", "sku": crowd.SKU, "from": "supplier", "to": "channel:shop"}
    call(port, "POST", "/v1/transfers", body | {"quantity": crowd.UNITS, "reason": "bench"})
    tries = crowd.tries(buyers, options.requests, given, chance)
    told = storm(port, KEY, tries, opens_at_s + 0.001, LINES)
    tell(told, given, check(port, told, per_device=1 if rules else None), options.people)


def issue(port: int, winners: list[crowd.Buyer]) -> dict[str, str]:
    """Tickets, as the shop would give them before the opening."""
    given: dict[str, str] = {}
    names = [buyer.name for buyer in winners]
    for start in range(0, len(names), 1_000):
        body = {
            "gate": crowd.GATE,
            "buyers": names[start : start + 1_000],
            "expires_at": "2099-01-01T00:00:00Z",
        }
        answer: Any = call(port, "POST", "/v1/tickets", body)
        given |= {each["buyer"]: each["ticket"] for each in answer["tickets"]}
    return given


def check(port: int, told: Told, per_device: int | None) -> int:
    """Units sold, recounted from the ledger by person and device; raises AssertionError."""
    held: list[str] = []
    before = ""
    while True:
        page: Any = call(port, "GET", f"/v1/holds?sku={crowd.SKU}&limit=500{before}")
        held += [hold["buyer"] for hold in page["items"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    stock: Any = call(port, "GET", f"/v1/stock/{crowd.SKU}")
    assert stock["held"] == len(held) == len(told.placed), (stock["held"], len(held), len(told.placed))
    assert len(held) <= crowd.UNITS
    assert stock["available"] == crowd.UNITS - len(held)
    assert max(Counter(held).values()) == 1, "a person has more than one"
    device = {each.buyer.name: each.buyer.device for each in told.placed}
    most = max(Counter(device[name] for name in held).values())
    assert per_device is None or most <= per_device, "a device has more than its rule allows"
    print(f"    at most {most} a device, 1 a person")
    return len(held)


def tell(told: Told, given: dict[str, str], sold: int, people: int) -> None:
    """Print one drop."""
    honest = sum(each.buyer.honest for each in told.placed)
    lucky = sum(name.startswith("honest") for name in given)
    print(
        f"    sold {sold}; honest buyers got {honest} ({honest / people:.0%} of {people} served); "
        f"tickets {len(given)}, {lucky} of them honest; "
        f"{sum(told.codes.values()):,} answers in {told.took_s:.2f} s"
    )
    print(f"    {dict(sorted(told.codes.items(), key=lambda each: -each[1]))}")


def drops(folder: Path, options: Any) -> None:
    """Every way of selling the same drop to the same crowd."""
    speed = crowd.SPEED_RULES
    gated = {**speed, "ticket_gate": crowd.GATE}
    ways: list[tuple[str, dict[str, Any] | None, Draw | None, int]] = [
        ("purchase limit only", None, None, 0),
        ("speed rules", speed, None, 0),
        ("speed rules, 1,500 tickets drawn by account", gated, crowd.drawn_by_account, DRAWN_BY_ACCOUNT),
        ("speed rules, 500 tickets drawn by device", gated, crowd.drawn_by_device, DRAWN),
    ]
    for number, (name, rules, draw, tickets) in enumerate(ways):
        print(f"  {name}")
        with serving(folder / f"drop-{number}", 8311, ROOT / "src"):
            drop(8311, rules, draw, tickets, options)


def cost(folder: Path, options: Any) -> None:
    """Holds a second before this feature, after it, and with a guard, in turn."""
    before = folder / "before"
    subprocess.run(
        ["git", "worktree", "add", "-q", "--detach", str(before), BEFORE_GUARDS], cwd=ROOT, check=True
    )
    try:
        with ExitStack() as stack:
            old = stack.enter_context(serving(folder / "old", 8312, before / "src"))
            new = stack.enter_context(serving(folder / "new", 8313, ROOT / "src"))
            for port in (8312, 8313):
                seed_holdfast(port, 1)
            seed_guarded(8313)
            script, path = ROOT / "bench" / "holds.lua", "/v1/holds"
            services = {
                "before": (Service("before", 8312, old, script, path), "ordered"),
                "unguarded": (Service("unguarded", 8313, new, script, path), "ordered"),
                "guarded": (Service("guarded", 8313, new, script, path), "guarded"),
            }
            runs: dict[str, list[float]] = {name: [] for name in services}
            for _ in range(options.rounds):
                for name, (service, ids) in services.items():
                    run = load(service, 64, options.seconds, 1, ids)
                    assert run.bad == 0, f"{name}: {run.bad} answers were not 2xx"
                    runs[name].append(run.rate)
                    print(
                        f"  {name:10} {run.rate:9.0f}/s  p99 {run.p99_ms:.2f} ms"
                        f"  CPU {run.cpu_us:.0f} µs a hold"
                    )
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(before)], cwd=ROOT, check=True)
    for name, base in (("unguarded", "before"), ("guarded", "unguarded")):
        ratio = statistics.median(a / b for a, b in zip(runs[name], runs[base], strict=True))
        print(f"  {name} / {base}: {ratio:.3f}")


def seed_guarded(port: int) -> None:
    """An item whose guard looks at everything that a hold can tell."""
    rules = {
        "period": "bench",
        "per_buyer": {"window_s": 60, "orders": 1},
        "lists": True,
        **crowd.SPEED_RULES,
    }
    rules |= {
        "buyers_per_address": {"limit": 2},
        "units_max": STOCK,
        "breaker": {"window_s": 1, "units": STOCK},
    }
    limits = {"period": "bench", "per_order": 5, "per_buyer": 5, "per_buyer_across_channels": 5}
    call(port, "PUT", "/v1/skus/GUARDED", {"name": "guarded", "guard": rules, "limits": limits})
    body = {"id": "seed-guarded", "sku": "GUARDED", "from": "supplier", "to": "channel:shop"}
    call(port, "POST", "/v1/transfers", body | {"quantity": STOCK, "reason": "bench"})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.flash", description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--scripts", type=int, default=2_000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1111)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--skip", choices=("drops", "cost"))
    options = parser.parse_args()
    print(f"seed {options.seed}, load before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="holdfast-flash-") as name:
        if options.skip != "drops":
            drops(Path(name), options)
        if options.skip != "cost":
            cost(Path(name), options)


if __name__ == "__main__":
    main()
