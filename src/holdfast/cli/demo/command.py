"""`holdfast demo`: 8,000 buyers reach for 5,000 units on this machine, and the proof of the count."""

import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from holdfast.cli.client import RequestFailed
from holdfast.cli.common import EXIT_FAILED, EXIT_OK
from holdfast.cli.loadclient import ServerUnreachableError

from .picture import cause_words
from .server_process import ServerFailed
from .show import DemoFailed, Outcome, Wishes, play_demo
from .stage import StageError

SEED_MAX = 10**6
BUYERS_MAX = 200_000
STOCK_MAX = 10**9


@click.command()
@click.option(
    "--buyers", type=click.IntRange(1, BUYERS_MAX), default=8_000, show_default=True, help="Buyers."
)
@click.option("--stock", type=click.IntRange(1, STOCK_MAX), default=5_000, show_default=True, help="Units.")
@click.option(
    "--connections", type=click.IntRange(1, 1_000), default=64, show_default=True, help="Connections."
)
@click.option("--seed", type=click.IntRange(0), help="Play the same crowd again; any if not given.")
@click.option("--keep", is_flag=True, help="Keep the store, and say where it is.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def demo(buyers: int, stock: int, connections: int, seed: int | None, keep: bool, as_json: bool) -> None:
    """Watch a rush on one item, and the proof that the count stayed true. 演示：抢购与对账。

    Starts a server of its own in a temporary folder; exit 1 if the proof fails.
    """
    if seed is None:
        seed = random.randrange(SEED_MAX)  # noqa: S311 - a script, nothing secret
    console = Console(stderr=as_json)
    folder = Path(tempfile.mkdtemp(prefix="holdfast-demo-"))
    try:
        outcome = play_demo(Wishes(buyers, stock, connections, seed), folder, console)
    except (DemoFailed, RequestFailed, ServerFailed, ServerUnreachableError, StageError) as error:
        click.echo(f"the demo broke off 演示中断 (seed {seed}): {error}", err=True)
        if as_json:
            click.echo(msgspec.json.encode({"ok": False, "seed": seed, "error": str(error)}).decode())
        raise SystemExit(EXIT_FAILED) from None
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    _show(console, outcome)
    if keep:
        console.print(
            f"kept 已保留: holdfast serve --store sqlite:///{folder / 'holdfast.db'}", soft_wrap=True
        )
    if as_json:
        document = _document(outcome, seed, connections)
        click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
    raise SystemExit(EXIT_OK if outcome.proof.passed else EXIT_FAILED)


def _document(outcome: Outcome, seed: int, connections: int) -> dict[str, Any]:
    return {
        "ok": outcome.proof.passed,
        "seed": seed,
        "connections": connections,
        "items": outcome.items,
        "took_s": round(outcome.took_s, 3),
        "fsync_ms": round(outcome.fsync_ms, 3),
        "feed_events": outcome.feed_events,
        "proof": outcome.proof.to_json(),
        **outcome.report,
        "verify": outcome.verify,
    }


def _show(console: Console, outcome: Outcome) -> None:
    proof, report, rush = outcome.proof, outcome.report, outcome.report["rush"]
    book, latency = report["book"], rush["latency_ms"]
    figures = [
        (
            "decided and durable 已判定并落盘",
            f"{rush['answered']:,} requests 请求, {report['buyers']:,} buyers 买家",
        ),
        ("load time 用时", f"{rush['wall_s']:.3f} s"),
        ("decisions per second 每秒判定", f"{rush['rate_per_s']:,.0f}"),
        (
            "latency 延迟",
            f"p50 {latency['p50']:.1f} ms, p99 {latency['p99']:.1f} ms, max {latency['max']:.1f} ms",
        ),
        ("sold 已售", f"{proof.sold:,} of {proof.stock:,} units 件 in {book['confirmed']:,} orders 订单"),
        ("given back 退回再售", f"{book['released']:,} cancelled 取消, {book['expired']:,} expired 超时"),
        ("repeats answered alike 重复请求", f"{book['replayed']:,}"),
    ]
    causes = sorted(book["refused"].items(), key=lambda pair: -pair[1])
    figures += [(f"refused 拒绝: {cause_words(code)}", f"{count:,}") for code, count in causes]
    figures += [("oversold 超卖", str(proof.oversold)), ("undersold 少卖", str(proof.undersold))]
    table = Table.grid(padding=(0, 3))
    for name, value in figures:
        table.add_row(Text(name, style="dim"), Text(value, style="bold"))
    console.print("\nThe proof 证明", style="bold")
    console.print(table)
    console.print()
    for check in proof.checks:
        mark = Text("  ✓ ", style="green") if check.passed else Text("  ✗ ", style="bold red")
        detail = f"{check.found:,}" if check.passed else f"expected {check.expected:,}, found {check.found:,}"
        console.print(mark.append(f"{check.words}: {detail}", style="" if check.passed else "bold red"))
    for surprise in book["surprises"]:
        console.print(Text(f"    {surprise}", style="red"), soft_wrap=True)
    if "error" in outcome.verify:
        console.print(Text(f"    verify: {outcome.verify['error']}", style="red"), soft_wrap=True)
    words = "The count is true 账实相符" if proof.passed else "THE PROOF FAILED 证明不成立"
    console.print(f"\n{words}  ({outcome.took_s:.1f} s)", style="bold green" if proof.passed else "bold red")
