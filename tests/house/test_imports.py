"""Imports run down only, and the ledger knows nothing but the standard library's pure part."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, SOURCE, modules, name_of, syntax

PURE_FLOORS = ("ledger", "policies")
# A clock, a die, a world: what comes in as an argument is not imported.
IMPURE = {
    "asyncio",
    "concurrent",
    "http",
    "io",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "queue",
    "random",
    "secrets",
    "select",
    "selectors",
    "socket",
    "sqlite3",
    "subprocess",
    "sys",
    "threading",
    "time",
    "urllib",
    "uuid",
}
CLOCK_CALLS = {"now", "today", "utcnow"}


def pure_modules() -> list[Path]:
    return modules(*(SOURCE / floor for floor in PURE_FLOORS if (SOURCE / floor).is_dir()))


def imported_packages(path: Path) -> set[str]:
    """The first part of every name the module imports, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("holdfast" if node.level else (node.module or "").partition(".")[0])
    return found


def test_import_contracts_are_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_ledger_is_there() -> None:
    assert SOURCE / "ledger" / "codes.py" in pure_modules()


@pytest.mark.parametrize("path", pure_modules(), ids=name_of)
def test_pure_floors_import_only_the_standard_library(path: Path) -> None:
    foreign = imported_packages(path) - sys.stdlib_module_names - {"holdfast"}
    assert not foreign, f"{name_of(path)} imports {sorted(foreign)}"


@pytest.mark.parametrize("path", pure_modules(), ids=name_of)
def test_pure_floors_read_no_clock_draw_no_number_and_know_no_async(path: Path) -> None:
    impure = imported_packages(path) & IMPURE
    assert not impure, f"{name_of(path)} imports {sorted(impure)}"
    for node in ast.walk(syntax(path)):
        assert not isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith), (
            f"{name_of(path)} is asynchronous"
        )
        if isinstance(node, ast.Attribute):
            assert node.attr not in CLOCK_CALLS, f"{name_of(path)}:{node.lineno} reads a clock"


@pytest.mark.parametrize("path", modules(*(SOURCE / floor for floor in ("ledger", "storage"))), ids=name_of)
def test_storage_and_ledger_are_synchronous(path: Path) -> None:
    assert "asyncio" not in imported_packages(path)
    for node in ast.walk(syntax(path)):
        assert not isinstance(node, ast.AsyncFunctionDef | ast.Await)
