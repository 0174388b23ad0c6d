"""`holdfast disasters [NAME…]`: the field's known disasters, without and with what prevents them."""

from typing import Any

import click
import msgspec

from holdfast.cli.client import RequestFailed
from holdfast.cli.common import EXIT_FAILED
from holdfast.cli.demo.server_process import ServerFailed
from holdfast.cli.loadclient import ServerUnreachableError
from holdfast.cli.output import Language, Output, output_options

from .batches import BATCHES
from .disaster import Disaster, Outcome
from .rehearsed import REHEARSED
from .surge import SURGE
from .unlimited import UNLIMITED

DISASTERS = {disaster.name: disaster for disaster in (*REHEARSED, UNLIMITED, SURGE, BATCHES)}


@click.command()
@click.argument("name", nargs=-1, metavar="[NAME]...", type=click.Choice(list(DISASTERS)))
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="Play the same crowds again."
)
@output_options
def disasters(name: tuple[str, ...], seed: int, as_json: bool, language: Language | None) -> None:
    """Play the known disasters of live selling, each without and with its remedy. 事故重演。

    Exit 1 if one does not end well, or did not happen without the remedy.
    """
    output = Output(as_json=as_json, language=language)
    played: dict[str, Outcome] = {}
    wanted = [DISASTERS[each] for each in dict.fromkeys(name or DISASTERS)]
    with output.progress(output.words("事故重演", "Playing"), len(wanted)) as done:
        for disaster in wanted:
            try:
                played[disaster.name] = disaster.play(seed)
            except (RequestFailed, ServerFailed, ServerUnreachableError) as error:
                output.fail("stage_failed", f"{disaster.name}：{error}", f"{disaster.name}: {error}")
            done(1)
    for disaster in wanted:
        _show(output, disaster, played[disaster.name])
    ok = all(outcome.ok for outcome in played.values())
    output.emit({"ok": ok, "seed": seed, "disasters": {each: _document(played[each]) for each in played}})
    if not ok:
        raise SystemExit(EXIT_FAILED)


def _show(output: Output, disaster: Disaster, outcome: Outcome) -> None:
    headings = (
        "",
        output.words("没有：", "without: ") + output.words(*disaster.without),
        output.words("有：", "with: ") + output.words(*disaster.remedy),
    )
    rows = [
        (output.words(*each.name), _number(each.without), _number(each.remedied)) for each in outcome.figures
    ]
    output.table(f"{disaster.name} · {output.words(*disaster.title)}", headings, rows)
    for line in outcome.story:
        output.say(f"  {line.zh}", f"  {line.en}", "dim")
    for claim in outcome.claims:
        mark = "✓" if claim.holds else "✗"
        style = "green" if claim.holds else "bold red"
        output.say(f"  {mark} {claim.words.zh}", f"  {mark} {claim.words.en}", style)
    output.say("", "")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"


def _document(outcome: Outcome) -> dict[str, Any]:
    return {"ok": outcome.ok, **msgspec.to_builtins(outcome)}
