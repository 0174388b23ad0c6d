"""Every public thing says what it is, and nothing is left for later."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import PYTHON_FOLDERS, ROOT, SOURCE, Definition, modules, name_of, syntax

# Put together, so that this file may name what it forbids.
_LEFT_FOR_LATER = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")


def written_files() -> list[Path]:
    """All that people wrote: code, SQL, documents and the files in the root."""
    code = modules(*(folder for folder in PYTHON_FOLDERS if folder.is_dir()))
    documents = [*ROOT.glob("*.md"), *ROOT.joinpath("docs").rglob("*.md"), *SOURCE.rglob("*.sql")]
    return [*code, *documents, ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / ".ci" / "run"]


def without_docstring(path: Path) -> list[str]:
    """The public module, classes and functions that say nothing of themselves."""
    tree = syntax(path)
    silent = [] if ast.get_docstring(tree) else [name_of(path)]
    return silent + [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for node in tree.body
        if isinstance(node, Definition) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]


@pytest.mark.parametrize("path", modules(SOURCE), ids=name_of)
def test_every_public_thing_has_a_docstring(path: Path) -> None:
    assert not without_docstring(path)


def test_nothing_is_left_for_later() -> None:
    found = [
        f"{name_of(path)}:{number} {line.strip()}"
        for path in written_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if _LEFT_FOR_LATER.search(line)
    ]
    assert not found, "open an issue instead: " + "\n".join(found)
