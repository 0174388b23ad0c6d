"""`python -m bench.flash.cost`: what a guarded hold costs beside an unguarded one, in store and ledger.

Two stores of one process take batches in turn, so that neighbours on the machine slow both alike: only the
ratios mean something. Every rule is on in the guarded one, and every buyer comes with a ticket, a device, an
address and a payment never seen before, which is the dearest case. `--profile` says where the time goes.
"""

import argparse
import cProfile
import os
import pstats
import secrets
import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from holdfast.engine.batch import prepare
from holdfast.engine.clock import LedgerClock
from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.codes import SUCCESSES
from holdfast.ledger.commands import Command, PlaceHold, PostTransfer, PutChannel, PutSku
from holdfast.ledger.guard.rules import Bound, Breaker, Guard, Signals, Speed, Ticket
from holdfast.ledger.records import Limits
from holdfast.storage.sqlite import SqliteStore

STOCK = 1_000_000_000
WINDOW_S = 604_800
GATE = "gate"
LIMITS = Limits("bench", 5, 5, 5)
EVERY_RULE = Guard(
    "bench",
    ticket_gate=GATE,
    per_buyer=Speed(60, orders=1),
    per_device=Speed(WINDOW_S, orders=1),
    per_address=Speed(WINDOW_S, orders=2),
    per_payment=Speed(WINDOW_S, orders=2),
    buyers_per_address=Bound(2),
    account_age_min_s=Bound(86_400),
    lists=True,
    units_max=STOCK,
    loss_cents_max=STOCK,
    breaker=Breaker(1, STOCK),
)


class Cost(NamedTuple):
    """Seconds, seconds of processor, and bytes handed to the file system; of one hold."""

    time: float
    processor: float
    written: float


def written() -> int:
    """Bytes that this process has handed to the file system."""
    return int(Path("/proc/self/io").read_text().split("wchar: ")[1].split()[0])


class Line:
    """One store and the stream of holds it takes."""

    def __init__(self, path: Path, guard: Guard | None) -> None:
        self.store = SqliteStore(path)
        self.store.open()
        self._clock = LedgerClock()
        self.guarded = guard is not None
        self.placed = 0
        kinds = (AccountKind.SUPPLIER, "", AccountKind.CHANNEL, "shop")
        item = PutSku("MUG", "mug", "bench", limits=LIMITS, guard=guard, price_cents=900, cost_cents=1_000)
        for command in (
            PutChannel("shop", "shop", "shop", "bench"),
            item,
            PostTransfer("seed", "MUG", *kinds, STOCK, "bench", "bench"),
        ):
            self._commit([command])

    def holds(self, count: int) -> list[Command]:
        """The next buyers; their names come in order, what the guards see of them does not."""
        made: list[Command] = []
        for number in range(self.placed, self.placed + count):
            buyer = f"buyer-{number:012d}"
            asked = (("MUG", 1),)
            if self.guarded:
                made.append(
                    PlaceHold(
                        f"order-{number:012d}",
                        "shop",
                        buyer,
                        asked,
                        "bench",
                        ticket=Ticket(secrets.token_urlsafe(12), GATE, buyer, 1 << 60),
                        signals=Signals(
                            secrets.token_hex(16), secrets.token_hex(16), secrets.token_hex(16), 0
                        ),
                    )
                )
            else:
                made.append(PlaceHold(f"order-{number:012d}", "shop", buyer, asked, "bench"))
        self.placed += count
        return made

    def take(self, batches: int, size: int) -> "Cost":
        """Place the next holds; generating them is not counted."""
        made = [self.holds(size) for _ in range(batches)]
        before = Cost(time.perf_counter(), time.process_time(), written())
        for commands in made:
            self._commit(commands)
        after = Cost(time.perf_counter(), time.process_time(), written())
        return Cost(*((late - early) / (batches * size) for early, late in zip(before, after, strict=True)))

    def _commit(self, commands: list[Command]) -> None:
        decisions, _, changed = prepare(self.store, self._clock, commands)
        assert changed
        self.store.commit()
        assert all(decision.code in SUCCESSES for decision in decisions), decisions


def measure(folder: Path, options: argparse.Namespace) -> None:
    """Both in turn, and what came of it."""
    plain, guarded = Line(folder / "plain.db", None), Line(folder / "guarded.db", EVERY_RULE)
    if options.profile:
        profile(guarded, options)
        return
    for line in (plain, guarded):
        line.take(options.warm // options.size, options.size)
    ratios: list[Cost] = []
    for _ in range(options.rounds):
        costs = [line.take(options.batches, options.size) for line in (plain, guarded)]
        ratios.append(Cost(*(dear / cheap for cheap, dear in zip(*costs, strict=True))))
        for name, cost in zip(("unguarded", "guarded"), costs, strict=True):
            print(
                f"  {name:9} {cost.time * 1e6:7.1f} µs, {cost.processor * 1e6:6.1f} of processor,"
                f" {cost.written:7,.0f} bytes written"
            )
    for number, what in enumerate(Cost._fields):
        middle = statistics.median(ratio[number] for ratio in ratios)
        print(f"guarded / unguarded, {what}: median {middle:.2f} of {len(ratios)} rounds")


def profile(guarded: Line, options: argparse.Namespace) -> None:
    """Where a guarded hold's time goes."""
    guarded.take(options.warm // options.size, options.size)
    made = [guarded.holds(options.size) for _ in range(options.batches * 4)]
    watch = cProfile.Profile(time.process_time)
    watch.enable()
    for commands in made:
        guarded._commit(commands)
    watch.disable()
    pstats.Stats(watch).sort_stats("tottime").print_stats(25)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.flash.cost", description=__doc__)
    parser.add_argument("--size", type=int, default=64, help="holds a batch")
    parser.add_argument("--batches", type=int, default=100, help="batches a turn")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--warm", type=int, default=50_000, help="holds in each store beforehand")
    parser.add_argument("--folder", help="where the stores are made; a disk, for the cost of the disk")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    print(f"load before: {os.getloadavg()[0]:.1f}; batches of {options.size}")
    with tempfile.TemporaryDirectory(prefix="holdfast-cost-", dir=options.folder) as name:
        measure(Path(name), options)


if __name__ == "__main__":
    main()
