"""How commands speak: people read standard error, programs read JSON on standard output."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, NoReturn, TypeVar

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from .client import URL_DEFAULT, ApiClient, RequestFailed
from .common import EXIT_FAILED

Language = Literal["zh", "en"]
F = TypeVar("F", bound=Callable[..., Any])
_SHOWN_ROWS_MAX = 40


def language_default() -> Language:
    """The language of the terminal; anything but Chinese is English."""
    for name in ("HOLDFAST_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


class Output:
    """One command's voice; in JSON mode standard output carries exactly one document."""

    def __init__(self, *, as_json: bool = False, language: Language | None = None) -> None:
        self.as_json = as_json
        self.language: Language = language or language_default()
        self._console = Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())

    def words(self, chinese: str, english: str) -> str:
        """The one of two that the user reads."""
        return chinese if self.language == "zh" else english

    def say(self, chinese: str, english: str, style: str | None = None) -> None:
        """A line for people, whatever characters it holds."""
        self._console.print(escape(_printable(self.words(chinese, english))), style=style)

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table for people, not in JSON mode; beyond the fortieth row they are counted, not shown."""
        if self.as_json:
            return
        shown = list(rows)
        table = Table(title=escape(title), title_justify="left", header_style="bold", show_edge=False)
        for column in columns:
            table.add_column(escape(column), overflow="fold")
        for row in shown[:_SHOWN_ROWS_MAX]:
            table.add_row(*(escape(_printable(cell)) for cell in row))
        self._console.print(table)
        if len(shown) > _SHOWN_ROWS_MAX:
            more = len(shown) - _SHOWN_ROWS_MAX
            self.say(f"… 另有 {more} 行（--json 可查看全部）", f"… and {more} more (--json shows all)", "dim")

    @contextmanager
    def progress(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        """A bar on a terminal, nothing elsewhere; call what it gives with the count done."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        hidden = self.as_json or not self._console.is_terminal
        with Progress(*columns, console=self._console, transient=True, disable=hidden) as progress:
            task = progress.add_task(escape(label), total=total)
            yield lambda count: progress.advance(task, count)

    def emit(self, document: Any) -> None:
        """The JSON document, when it was asked for."""
        if self.as_json:
            click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2))

    def fail(self, code: str, chinese: str, english: str, **facts: Any) -> NoReturn:
        """Say it and end with exit code 1."""
        self.say(chinese, english, "bold red")
        self.emit({"ok": False, "error": {"code": code, "detail": english, **facts}})
        raise SystemExit(EXIT_FAILED)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """What the server refuses, or a server that is not there, ends the command with exit code 1."""
        try:
            yield
        except RequestFailed as error:
            self.request_failed(error)

    def request_failed(self, error: RequestFailed, **facts: Any) -> NoReturn:
        """Say what went wrong with a call and what to do; exit code 1."""
        about = f" [{error.code}]" if error.code not in error.detail else ""
        self.say(f"失败：{error.detail}{about}", f"failed: {error.detail}{about}", "bold red")
        if any(error.hint):
            self.say(*error.hint)
        self.emit({"ok": False, "error": error.to_json(), **facts})
        raise SystemExit(EXIT_FAILED)


def _printable(text: str) -> str:
    """No escape sequence of somebody's data reaches the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)


def server_options(function: F) -> F:
    """`--url` and `--key`."""
    function = click.option(
        "--key", envvar="HOLDFAST_API_KEY", metavar="KEY", help="API key; HOLDFAST_API_KEY if not given."
    )(function)
    return click.option(
        "--url",
        envvar="HOLDFAST_URL",
        default=URL_DEFAULT,
        show_default=True,
        metavar="URL",
        help="Address of the server; HOLDFAST_URL if not given.",
    )(function)


def output_options(function: F) -> F:
    """`--json` and `--language`."""
    function = click.option(
        "--language",
        type=click.Choice(["zh", "en"]),
        help="Language of messages; the terminal's if not given.",
    )(function)
    return click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output.")(function)


def client_for(url: str, key: str | None) -> ApiClient:
    """A client; an address that is none is a usage error."""
    try:
        return ApiClient(url, key)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
