"""What a user can meet (commands, codes, calls, metrics), read from the program itself."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import click

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
SOURCE = ROOT / "src" / "holdfast"
HTTP_METHODS = {"get", "put", "post", "delete", "patch", "head", "options"}
METRIC_CLASSES = {"Counter", "Gauge", "Histogram", "Summary", "Info", "Enum"}
METRIC_FAMILIES = METRIC_CLASSES | {f"{name}MetricFamily" for name in METRIC_CLASSES}


def reference(name: str) -> str:
    return REFERENCE.joinpath(name).read_text(encoding="utf-8")


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with the words that a user types for it, groups too."""
    from holdfast.cli.main import main

    yield from _commands_under("holdfast", main, None)


def _commands_under(
    words: str, command: click.Command, parent: click.Context | None
) -> Iterator[tuple[str, click.Command]]:
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command, parent=parent, info_name=words.rpartition(" ")[2])
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None, f"{words} lists {name} and does not have it"
            if not child.hidden:
                yield from _commands_under(f"{words} {name}", child, context)


def options(command: click.Command) -> list[str]:
    """The longest spelling of every option of a command, without those that click adds to all."""
    return [
        max(parameter.opts, key=len)
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
    ]


def result_codes() -> list[str]:
    from holdfast.ledger.codes import ResultCode

    return [code.value for code in ResultCode]


def metric_names() -> list[str]:
    """The names of all metrics made anywhere in the source, as a scrape shows them."""
    found: set[str] = set()
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in METRIC_FAMILIES:
                found.add(_metric_name(path, node))
    return sorted(found)


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _metric_name(path: Path, node: ast.Call) -> str:
    first = node.args[0] if node.args else None
    assert isinstance(first, ast.Constant), f"{path.name}:{node.lineno}: a metric's name is a literal"
    name = str(first.value)
    is_counter = _called(node).startswith("Counter")
    return f"{name}_total" if is_counter and not name.endswith("_total") else name


def operations() -> list[str]:
    """Every call of the API as `METHOD /path`, from the document that the server gives out."""
    from holdfast.api.openapi import openapi_document

    paths = cast("dict[str, dict[str, object]]", openapi_document()["paths"])
    return [
        f"{method.upper()} {path}"
        for path, item in paths.items()
        for method in item
        if method in HTTP_METHODS
    ]
