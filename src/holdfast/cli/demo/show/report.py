"""What the show came to, for people and for programs, beside what the same buyers get otherwise."""

from collections import Counter
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..checks import print_checks, print_figures, print_verdict
from .counterfactual import Alternative, one_counter, split_by_forecast, static_split, units_by
from .plan import CHANNELS, NAMES, SILENT, VIRAL, cast
from .play import Outcome

_COLUMNS = (
    "channel 渠道",
    "sold 已售",
    "turned away 售罄",
    "by push 推送",
    "first by poll 轮询",
    "pushes lost 丢失",
)


class Comparison(msgspec.Struct, frozen=True):
    """Units sold in the end, and at the bell: when one shared counter would have sold its last unit."""

    bell_s: float
    sold: int
    sold_at_bell: int
    static: int
    static_at_bell: int
    shared: int
    shared_at_bell: int
    split: dict[str, int]


def compare(outcome: Outcome) -> Comparison:
    """Ours as it was, the others calculated from the same buyers at the same moments."""
    buyers, stock = cast(outcome.plan), outcome.plan.stock
    static, shared = static_split(buyers, stock), one_counter(buyers, stock)
    ours = Alternative([(at_s, units) for at_s, units in outcome.report["placed"]], None)
    bell_s = outcome.plan.show_s if shared.empty_at_s is None else shared.empty_at_s
    return Comparison(
        round(bell_s, 3),
        outcome.proof.sold,
        units_by(ours.placed, bell_s),
        static.sold,
        units_by(static.placed, bell_s),
        shared.sold,
        units_by(shared.placed, bell_s),
        split_by_forecast(stock),
    )


def document(outcome: Outcome) -> dict[str, Any]:
    """For `--json`."""
    look, report = outcome.look, outcome.report
    channels: dict[str, Any] = {}
    for name in CHANNELS:
        word, line = look.words.get(name), look.lines.get(name)
        channels[name] = {
            "right": look.books.rights[name],
            "ledger_sold": look.books.sold[name],
            "receipts": report["channels"][name],
            "platform": msgspec.to_builtins(word) if word is not None else None,
            "sync": msgspec.to_builtins(line) if line is not None else None,
        }
    return {
        "ok": outcome.proof.passed,
        "seed": outcome.plan.seed,
        "show_s": outcome.plan.show_s,
        "took_s": round(outcome.took_s, 3),
        "proof": outcome.proof.to_json(),
        "buyers": report["buyers"],
        "buyers_late_max_s": report["late_max_s"],
        "channels": channels,
        "viral": {"channel": VIRAL, "at_s": outcome.plan.viral_at_s},
        "outage": {"channel": SILENT, "at_s": outcome.outage_s},
        "quiet_after_s": round(outcome.quiet_after_s, 3),
        "moves": _moved(outcome),
        "comparison": msgspec.to_builtins(compare(outcome)),
        "surprises": report["surprises"],
        "verify": outcome.verify,
    }


def show(console: Console, outcome: Outcome) -> None:
    """The figures and the proof, for people."""
    console.print("\nThe proof of the show 直播证明", style="bold")
    _print_channels(console, outcome)
    console.print()
    print_figures(console, [*_totals(outcome), *_comparison(outcome)])
    console.print()
    print_checks(console, outcome.proof.checks)
    for surprise in outcome.report["surprises"]:
        console.print(Text(f"    {surprise}", style="red"), soft_wrap=True)
    if "error" in outcome.verify:
        console.print(Text(f"    verify: {outcome.verify['error']}", style="red"), soft_wrap=True)
    print_verdict(console, passed=outcome.proof.passed, took_s=outcome.took_s)


def _print_channels(console: Console, outcome: Outcome) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for number, column in enumerate(_COLUMNS):
        table.add_column(column, justify="right" if number else "left")
    for name in CHANNELS:
        word, line = outcome.look.words.get(name), outcome.look.lines.get(name)
        receipts = outcome.report["channels"][name]
        figures: list[int | None] = [word.sold if word else receipts["sold"], receipts["refused"]]
        figures += [line.by_push, line.by_poll] if line else [None, None]
        figures.append(word.pushes_lost if word else None)
        table.add_row(NAMES[name], *("–" if each is None else f"{each:,}" for each in figures))
    console.print(table)


def _totals(outcome: Outcome) -> list[tuple[str, str]]:
    proof, moved = outcome.proof, _moved(outcome)
    begins_s, ends_s = (*outcome.outage_s, 0.0, 0.0)[:2]
    return [
        ("all channels 合计", f"{proof.sold:,} of {proof.stock:,} sold 已售, {proof.left:,} left 剩余"),
        ("oversold 超卖", str(proof.oversold)),
        (
            "moved by itself 自动流转",
            f"{moved['granted_units']:,} units 件 given in {moved['grants']:,} moves 次, "
            f"{moved['recalled_units']:,} taken back in {moved['recalls']:,}",
        ),
        (
            f"{NAMES[SILENT]}: no webhooks 推送中断",
            f"{begins_s:.1f}–{ends_s:.1f} s ({ends_s - begins_s:.1f} s)",
        ),
        ("quiet after the show 收尾用时", f"{outcome.quiet_after_s:.1f} s"),
    ]


def _comparison(outcome: Outcome) -> list[tuple[str, str]]:
    found = compare(outcome)

    def words(at_bell: int, in_the_end: int) -> str:
        share = 100 * at_bell / found.shared_at_bell if found.shared_at_bell else 0.0
        return f"{at_bell:,} ({share:.1f} %), {in_the_end:,} in the end 最终"

    return [
        (f"same buyers, by {found.bell_s:.1f} s 同一批买家", words(found.sold_at_bell, found.sold)),
        ("  static split 固定分仓, calculated 推算", words(found.static_at_bell, found.static)),
        ("  one shared counter 理想单库存, calculated 推算", words(found.shared_at_bell, found.shared)),
    ]


def _moved(outcome: Outcome) -> dict[str, Any]:
    """What the autopilot moved, from the ledger's own transfers."""
    given = [move.units for move in outcome.moves if move.units > 0]
    taken = [-move.units for move in outcome.moves if move.units < 0]
    return {
        "grants": len(given),
        "granted_units": sum(given),
        "recalls": len(taken),
        "recalled_units": sum(taken),
        "reasons": dict(Counter(move.reason for move in outcome.moves)),
    }
