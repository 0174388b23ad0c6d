"""`holdfast demo`: a rush on one item, then a show on four channels, and the proofs of the count."""

import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console

from holdfast.cli.client import RequestFailed
from holdfast.cli.common import EXIT_FAILED, EXIT_OK
from holdfast.cli.loadclient import ServerUnreachableError

from .burst import report as burst_report
from .burst.play import Wishes, play_burst
from .burst.stage import StageError
from .faults import DemoFailed
from .server_process import ServerFailed
from .show import report as show_report
from .show.plan import SHOW_S, Plan
from .show.play import play_show

SEED_MAX = 10**6
BUYERS_MAX = 200_000
STOCK_MAX = 10**9
SHOW_S_MIN, SHOW_S_MAX = 5.0, 900.0
BURST, SHOW = "burst", "show"


class Options(msgspec.Struct, frozen=True):
    """What the user asked for."""

    acts: tuple[str, ...]
    wishes: Wishes
    plan: Plan


@click.command()
@click.option(
    "--act", type=click.Choice([BURST, SHOW, "all"]), default="all", show_default=True, help="What to play."
)
@click.option(
    "--buyers", type=click.IntRange(1, BUYERS_MAX), default=8_000, show_default=True, help="Burst: buyers."
)
@click.option(
    "--stock", type=click.IntRange(1, STOCK_MAX), default=5_000, show_default=True, help="Burst: units."
)
@click.option(
    "--connections", type=click.IntRange(1, 1_000), default=64, show_default=True, help="Burst: connections."
)
@click.option(
    "--show-seconds",
    type=click.FloatRange(SHOW_S_MIN, SHOW_S_MAX),
    default=SHOW_S,
    show_default=True,
    help="Show: how long it is; stock and outage keep their share.",
)
@click.option("--seed", type=click.IntRange(0), help="Play the same crowds again; any if not given.")
@click.option("--keep", is_flag=True, help="Keep the stores, and say where they are.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def demo(
    act: str,
    buyers: int,
    stock: int,
    connections: int,
    show_seconds: float,
    seed: int | None,
    keep: bool,
    as_json: bool,
) -> None:
    """Watch a rush on one item, then a show on three platforms and the shop. 演示：抢购、多平台直播与对账。

    Starts servers and platform simulators of its own in a temporary folder; exit 1 if a proof fails.
    """
    if seed is None:
        seed = random.randrange(SEED_MAX)  # noqa: S311 - a script, nothing secret
    acts = (BURST, SHOW) if act == "all" else (act,)
    options = Options(acts, Wishes(buyers, stock, connections, seed), Plan(seed, show_seconds))
    console = Console(stderr=as_json)
    folder = Path(tempfile.mkdtemp(prefix="holdfast-demo-"))
    try:
        outcome = _play(options, folder, console)
    except (DemoFailed, RequestFailed, ServerFailed, ServerUnreachableError, StageError) as error:
        click.echo(f"the demo broke off 演示中断 (seed {seed}): {error}", err=True)
        if as_json:
            click.echo(msgspec.json.encode({"ok": False, "seed": seed, "error": str(error)}).decode())
        raise SystemExit(EXIT_FAILED) from None
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    for each in acts if keep else ():
        console.print(
            f"kept 已保留: holdfast serve --store sqlite:///{folder / each / 'holdfast.db'}", soft_wrap=True
        )
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(outcome), indent=2).decode())
    raise SystemExit(EXIT_OK if outcome["ok"] else EXIT_FAILED)


def _play(options: Options, folder: Path, console: Console) -> dict[str, Any]:
    """One act after the other, each with a server and a store of its own; the outcome as for `--json`."""
    outcome: dict[str, Any] = {"ok": True, "seed": options.plan.seed}
    for act in options.acts:
        (folder / act).mkdir()
        if len(options.acts) > 1:
            _title(console, act)
        if act == BURST:
            burst = play_burst(options.wishes, folder / act, console)
            burst_report.show(console, burst)
            outcome |= burst_report.document(burst, options.wishes.seed, options.wishes.connections)
        else:
            show = play_show(options.plan, folder / act, console)
            show_report.show(console, show)
            document = show_report.document(show)
            outcome |= {"ok": outcome["ok"] and document["ok"], "show": document}
    return outcome


def _title(console: Console, act: str) -> None:
    words = {
        BURST: "Act one: the rush 第一幕：抢购",
        SHOW: "Act two: three platforms and the shop at once 第二幕：三个平台与自营店同时直播",
    }
    console.print(f"\n{words[act]}\n", style="bold")
