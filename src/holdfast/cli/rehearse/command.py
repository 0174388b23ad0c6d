"""`holdfast rehearse SCENARIO…`: whole shows in simulated time through the production sync core."""

import sys
from pathlib import Path

import click

from holdfast.cli.common import EXIT_FAILED
from holdfast.cli.output import Language, Output, output_options
from holdfast.rehearsal.baselines import BASELINES
from holdfast.rehearsal.chaos import Ordeal, play_hostile
from holdfast.rehearsal.data import evening_show
from holdfast.rehearsal.generate import FAMILIES, generate
from holdfast.rehearsal.plot import PlotError, write_plot
from holdfast.rehearsal.scenario import Scenario, ScenarioError, load_scenario
from holdfast.rehearsal.show import Played, Show
from holdfast.rehearsal.stdio import serve

from .report import OURS, Row, say_verdict, show_ordeals, show_rows

REPS_MAX = 1_000_000


@click.command()
@click.argument("scenario", nargs=-1, type=click.Path(path_type=Path))
@click.option("--family", type=click.Choice(sorted(FAMILIES)), help="Play a random show of that family.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of --family or --chaos.")
@click.option("--reps", type=click.IntRange(1, REPS_MAX), default=1, show_default=True, help="Times to play.")
@click.option(
    "--baseline", "baselines", multiple=True, type=click.Choice(list(BASELINES)), help="Compare with."
)
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Draw the first show.")
@click.option("--chaos", is_flag=True, help="Let everything go wrong, our own process too.")
@click.option("--stdio", is_flag=True, help="Answer a referee's JSON lines instead.")
@output_options
def rehearse(
    scenario: tuple[Path, ...],
    family: str | None,
    seed: int,
    reps: int,
    baselines: tuple[str, ...],
    plot: Path | None,
    chaos: bool,
    stdio: bool,
    as_json: bool,
    language: Language | None,
) -> None:
    """Play whole shows in simulated time, and see what would be sold. 彩排：模拟整场直播。

    Without SCENARIO or --family a show that comes with the program. Exit 1 if anything was oversold, or could
    have been.
    """
    if stdio:
        serve(sys.stdin, sys.stdout)
        return
    if chaos and (baselines or plot):
        raise click.UsageError("--chaos takes neither --baseline nor --plot: it only looks for what breaks")
    output = Output(as_json=as_json, language=language)
    shows = _shows(output, scenario, family, seed, may_be_none=chaos)
    if chaos:
        _chaos(output, shows, seed, reps)
    else:
        _rehearse(output, shows or [evening_show()], reps, tuple(dict.fromkeys(baselines)), plot)


def _shows(
    output: Output, paths: tuple[Path, ...], family: str | None, seed: int, *, may_be_none: bool
) -> list[Scenario]:
    """What to play; folders stand for the `.json` files in them."""
    if paths and family:
        raise click.UsageError("give either SCENARIO files or --family, not both")
    if family:
        return [generate(family, seed)]
    shows = []
    for path in paths:
        files = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not files:
            output.fail("no_scenario", f"{path} 中没有 .json 文件。", f"{path} holds no .json file.")
        for file in files:
            try:
                shows.append(load_scenario(file))
            except ScenarioError as error:
                output.fail("bad_scenario", str(error), str(error))
    return shows


def _rehearse(
    output: Output, shows: list[Scenario], reps: int, baselines: tuple[str, ...], plot: Path | None
) -> None:
    rows: list[Row] = []
    first: Played | None = None
    with output.progress(
        output.words("彩排", "Rehearsing"), len(shows) * reps * (1 + len(baselines))
    ) as done:
        for show in shows:
            for rep in range(reps):
                played = Show(show, rep, with_history=plot is not None and first is None).play()
                first = first or played
                rows.append(Row(show, rep, OURS, played.figures, played.problems))
                done(1)
                for name in baselines:
                    other = Show(show, rep, BASELINES[name], keeps_rights=name != "mirror").play()
                    # A baseline is judged by its figures; that it breaks our rules is no news.
                    rows.append(Row(show, rep, name, other.figures, []))
                    done(1)
    if plot is not None and first is not None:
        try:
            write_plot(first, plot)
        except PlotError as error:
            output.fail("plot_failed", str(error), str(error))
        output.say(f"图已写入 {plot}", f"picture written to {plot}")
    show_rows(output, rows)
    ok = say_verdict(output, [problem for row in rows for problem in row.failures()])
    output.emit({"ok": ok, "shows": [row.to_json() for row in rows]})
    if not ok:
        raise SystemExit(EXIT_FAILED)


def _chaos(output: Output, shows: list[Scenario], seed: int, reps: int) -> None:
    ordeals: list[Ordeal] = []
    with output.progress(output.words("混乱演练", "Breaking things"), reps * max(1, len(shows))) as done:
        several: list[Scenario | None] = [*shows] or [None]
        for show in several:
            for number in range(reps):
                ordeals.append(play_hostile(seed + number, show))
                done(1)
    show_ordeals(output, ordeals)
    ok = say_verdict(
        output, [f"seed {ordeal.seed}: {problem}" for ordeal in ordeals for problem in ordeal.failures()]
    )
    output.emit({"ok": ok, "shows": [ordeal.to_json() for ordeal in ordeals]})
    if not ok:
        raise SystemExit(EXIT_FAILED)
