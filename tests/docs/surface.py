"""What a user can meet (commands, codes, calls, metrics), read from the program itself."""

from collections.abc import Iterator
from pathlib import Path

import click

from holdfast.api.asgi import OPERATIONS
from holdfast.api.metrics import render_metrics
from holdfast.api.operation import Operation
from holdfast.api.problems import HTTP_CODES
from holdfast.app import Holdfast
from holdfast.cli.main import main
from holdfast.ledger.codes import ResultCode
from holdfast.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"


def reference(name: str) -> str:
    return REFERENCE.joinpath(name).read_text(encoding="utf-8")


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with the words that a user types for it, groups too."""
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
    """The longest spelling of every option of a command, and what turns it off."""
    found = []
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            found.append(max(parameter.opts, key=len))
            found.extend(parameter.secondary_opts)
    return found


def arguments(command: click.Command) -> list[str]:
    return [
        parameter.make_metavar(click.Context(command)).strip("[].")
        for parameter in command.params
        if isinstance(parameter, click.Argument)
    ]


def result_codes() -> list[str]:
    return [code.value for code in ResultCode]


def problem_codes() -> dict[str, int]:
    """The codes that no ledger gives, each with its HTTP status."""
    return {code: status for code, (status, _) in HTTP_CODES.items()}


def settings() -> list[str]:
    return list(Settings.__struct_fields__)


def operations() -> dict[str, Operation]:
    """Every call of the API by `METHOD /path`."""
    return {f"{operation.method} {operation.path}": operation for operation in OPERATIONS}


def metrics() -> dict[str, str]:
    """The metrics that a scrape shows, each with its type; an idle server shows them all."""
    scrape = render_metrics(Holdfast(Settings(store="sqlite:////nowhere/holdfast.db"))).decode()
    lines = [line.split() for line in scrape.splitlines() if line.startswith("# TYPE ")]
    return {name: kind for _, _, name, kind in lines}
