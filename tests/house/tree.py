"""The source tree as the house tests read it: files, text and syntax, never imported."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "holdfast"
PYTHON_FOLDERS = (SOURCE, ROOT / "tests", ROOT / "bench")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def modules(*folders: Path) -> list[Path]:
    """All Python files under the folders, in the order of their names; there is at least one."""
    found = sorted(path for folder in folders for path in folder.rglob("*.py"))
    assert found, f"no Python file under {', '.join(map(str, folders))}"
    return found


@cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def definitions(path: Path) -> Iterator[tuple[str, Definition]]:
    """Every class and function of a module with its dotted name, nested ones too."""
    yield from _definitions_in(syntax(path), "")


def _definitions_in(node: ast.AST, prefix: str) -> Iterator[tuple[str, Definition]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Definition):
            yield f"{prefix}{child.name}", child
            yield from _definitions_in(child, f"{prefix}{child.name}.")
        else:
            yield from _definitions_in(child, prefix)


def docstring_nodes(path: Path) -> set[ast.AST]:
    """The constants that are docstrings, so that a rule about strings can leave prose alone."""
    owners: list[ast.Module | Definition] = [syntax(path)]
    owners.extend(definition for _, definition in definitions(path))
    return {
        owner.body[0].value
        for owner in owners
        if owner.body
        and isinstance(owner.body[0], ast.Expr)
        and isinstance(owner.body[0].value, ast.Constant)
    }
