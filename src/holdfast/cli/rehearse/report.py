"""How a rehearsal is told: a row a show for each way of running it, with English and Chinese side by side."""

import statistics
from dataclasses import dataclass
from typing import Any

import msgspec

from holdfast.cli.output import Output
from holdfast.rehearsal.chaos import Ordeal
from holdfast.rehearsal.measures import Figures
from holdfast.rehearsal.scenario import Scenario

OURS = "holdfast"
_PROBLEMS_SHOWN_MAX = 10
_HEADINGS = (
    "show 场次",
    "run by 控制",
    "oversold 超卖",
    "sold 售出",
    "ratio 比全知",
    "bell 钟响时",
    "stranded 滞留",
    "phantom 假缺货 s",
    "calls 调用",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One show run in one way."""

    show: Scenario
    rep: int
    run_by: str
    figures: Figures
    problems: list[str]

    def failures(self) -> list[str]:
        """What must not happen and did; a baseline has none, whatever it oversold."""
        if self.run_by != OURS:
            return []
        name = f"{self.show.id}, rep {self.rep}"
        return [f"{name}: {problem}" for problem in (*beyond(self.figures), *self.problems)]

    def to_json(self) -> dict[str, Any]:
        """The row with every figure."""
        return {
            "id": self.show.id,
            "family": self.show.family,
            "seed": self.show.seed,
            "rep": self.rep,
            "run_by": self.run_by,
            **msgspec.to_builtins(self.figures),
            "problems": self.problems,
        }


def beyond(figures: Figures) -> list[str]:
    """Oversold units and violations in words; empty when there were none."""
    found = []
    if figures.oversold:
        found.append(f"{figures.oversold} units oversold")
    if figures.violations:
        found.append(f"{figures.violations} times more was shown than there is")
    return found


def show_rows(output: Output, rows: list[Row]) -> None:
    """The table, and one of the means of each way when there were several shows."""
    cells = [(f"{row.show.id} #{row.rep}" if row.rep else row.show.id, row) for row in rows]
    table = [(name, row.run_by, *_figures(row.figures)) for name, row in cells]
    output.table(output.words("彩排", "Rehearsal"), _HEADINGS, table)
    ways = list(dict.fromkeys(row.run_by for row in rows))
    if len(rows) > len(ways):
        means = [("mean 平均", way, *_means([r.figures for r in rows if r.run_by == way])) for way in ways]
        output.table(output.words("平均", "Means"), _HEADINGS, means)


def show_ordeals(output: Output, ordeals: list[Ordeal]) -> None:
    """What a hostile run came to, over all its seeds."""
    seeds = [ordeal.seed for ordeal in ordeals]
    failed = [str(ordeal.seed) for ordeal in ordeals if ordeal.failures()]
    facts = [
        ("seeds 种子", f"{min(seeds)} – {max(seeds)}"),
        ("shows 场次", f"{len(ordeals):,}"),
        ("oversold 超卖", f"{sum(ordeal.figures.oversold for ordeal in ordeals):,}"),
        ("violations 违例", f"{sum(ordeal.figures.violations for ordeal in ordeals):,}"),
        ("sold 售出", f"{sum(ordeal.figures.sold for ordeal in ordeals):,}"),
        ("crashes 崩溃", f"{sum(ordeal.crash_count for ordeal in ordeals):,}"),
        ("calls 调用", f"{sum(ordeal.figures.calls for ordeal in ordeals):,}"),
        ("failed seeds 失败种子", ", ".join(failed) or "–"),
    ]
    output.table(output.words("混乱演练", "Chaos"), ("", ""), facts)


def say_verdict(output: Output, failures: list[str]) -> bool:
    """Say whether all held, and the first of what did not."""
    for failure in failures[:_PROBLEMS_SHOWN_MAX]:
        output.say(failure, failure, "red")
    if len(failures) > _PROBLEMS_SHOWN_MAX:
        more = len(failures) - _PROBLEMS_SHOWN_MAX
        output.say(f"… 另有 {more} 条", f"… and {more} more", "dim")
    if failures:
        output.say("检查未通过。", "the checks failed.", "bold red")
    else:
        output.say("没有超卖，也不可能超卖。", "nothing was oversold, nor could have been.", "bold green")
    return not failures


def _figures(figures: Figures) -> tuple[str, ...]:
    return (
        f"{figures.oversold:,}",
        f"{figures.served:,} / {figures.all_knowing:,}",
        f"{figures.ratio:.4f}",
        f"{figures.bell:.4f}",
        f"{figures.stranded:,}",
        f"{figures.phantom_s:,.1f}",
        f"{figures.calls:,}",
    )


def _means(several: list[Figures]) -> tuple[str, ...]:
    def mean(field: str) -> float:
        return statistics.fmean(float(getattr(figures, field)) for figures in several)

    return (
        f"{mean('oversold'):,.1f}",
        f"{mean('served'):,.0f} / {mean('all_knowing'):,.0f}",
        f"{mean('ratio'):.4f}",
        f"{mean('bell'):.4f}",
        f"{mean('stranded'):,.1f}",
        f"{mean('phantom_s'):,.1f}",
        f"{mean('calls'):,.0f}",
    )
