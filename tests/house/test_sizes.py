"""Hard stops for sizes of modules, functions and folders; a waiver gives its reason."""

import re
from collections import Counter
from pathlib import Path

from tests.house.tree import PYTHON_FOLDERS, Function, definitions, modules, name_of

MODULE_LINES_MAX = 500
FUNCTION_LINES_MAX = 60
FOLDER_MODULES_MAX = 12
WAIVERS = Path(__file__).with_name("waivers.txt")


def too_large() -> dict[str, str]:
    """What stands beyond a stop, with its measure."""
    found: dict[str, str] = {}
    paths = modules(*(folder for folder in PYTHON_FOLDERS if folder.is_dir()))
    for path in paths:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MODULE_LINES_MAX:
            found[name_of(path)] = f"{lines} lines, at most {MODULE_LINES_MAX}"
        for name, definition in definitions(path):
            length = (definition.end_lineno or definition.lineno) - definition.lineno + 1
            if isinstance(definition, Function) and length > FUNCTION_LINES_MAX:
                found[f"{name_of(path)}::{name}"] = f"{length} lines, at most {FUNCTION_LINES_MAX}"
    folders = Counter(name_of(path.parent) for path in paths if path.name != "__init__.py")
    for folder, count in folders.items():
        if count > FOLDER_MODULES_MAX:
            found[folder] = f"{count} modules, at most {FOLDER_MODULES_MAX}"
    return found


def waivers() -> dict[str, str]:
    """What may be too large, with the reason that somebody gave."""
    found: dict[str, str] = {}
    for line in WAIVERS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            what, _, reason = line.partition("  ")
            found[what] = reason.strip()
    return found


def test_nothing_is_beyond_a_hard_stop_without_a_waiver() -> None:
    waived = waivers()
    beyond = {what: measure for what, measure in too_large().items() if what not in waived}
    assert not beyond, f"split these, or waive them with a reason: {beyond}"


def test_every_waiver_has_a_reason_and_is_still_needed() -> None:
    large = too_large()
    for what, reason in waivers().items():
        assert re.search(r"\w+ \w+", reason), f"the waiver for {what} gives no reason"
        assert what in large, f"{what} is within its stop again: remove its waiver"
