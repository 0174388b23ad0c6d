"""The statements that both acts' proofs consist of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text


@dataclass(frozen=True, slots=True)
class Check:
    """One statement of a proof."""

    name: str
    words: str
    expected: int
    found: int

    @property
    def passed(self) -> bool:
        """Whether it holds."""
        return self.expected == self.found

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "name": self.name,
            "expected": self.expected,
            "found": self.found,
            "passed": self.passed,
        }


def all_passed(checks: Iterable[Check]) -> bool:
    """Whether every statement holds."""
    return all(check.passed for check in checks)


def verified(verify: dict[str, Any]) -> Check:
    """That `holdfast verify` found nothing; -1 when it could not even look."""
    found = 0 if verify.get("ok") else len(verify.get("differences", ())) or -1
    return Check("verify", "verify: differences 核对差异", 0, found)


def print_figures(console: Console, figures: Iterable[tuple[str, str]]) -> None:
    """Names and values in two columns."""
    table = Table.grid(padding=(0, 3))
    for name, value in figures:
        table.add_row(Text(name, style="dim"), Text(value, style="bold"))
    console.print(table)


def print_checks(console: Console, checks: Iterable[Check]) -> None:
    """Each statement with its figure, or with both when they differ."""
    for check in checks:
        mark = Text("  ✓ ", style="green") if check.passed else Text("  ✗ ", style="bold red")
        detail = f"{check.found:,}" if check.passed else f"expected {check.expected:,}, found {check.found:,}"
        console.print(mark.append(f"{check.words}: {detail}", style="" if check.passed else "bold red"))


def print_verdict(console: Console, *, passed: bool, took_s: float) -> None:
    """One line in the end."""
    words = "The count is true 账实相符" if passed else "THE PROOF FAILED 证明不成立"
    console.print(f"\n{words}  ({took_s:.1f} s)", style="bold green" if passed else "bold red")
