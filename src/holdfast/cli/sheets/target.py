"""The file that an export writes: its options, what is refused before, and how a failure is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from holdfast.cli.output import Output

F = TypeVar("F", bound=Callable[..., Any])

FILE = click.Path(dir_okay=False, path_type=Path)
SUFFIXES = (".xlsx", ".csv")


def target_options(function: F) -> F:
    """`--encoding` and `--force`."""
    encoding = click.option(
        "--encoding",
        type=click.Choice(["utf-8-sig", "utf-8", "gb18030"]),
        default="utf-8-sig",
        show_default=True,
        help="Encoding of a CSV.",
    )
    force = click.option("--force", is_flag=True, help="Replace a file that is there.")
    return encoding(force(function))


def check_target(output: Output, file: Path, force: bool) -> None:
    """Refuse to replace a file unasked, and names that tell no format we write; raises UsageError."""
    if file.exists() and not force:
        raise click.UsageError(f"{file} is there already; give --force to replace it")
    if file.suffix.lower() not in SUFFIXES:
        raise click.UsageError(output.words("请写成 .xlsx 或 .csv 文件名", "name a .xlsx or a .csv file"))


@contextmanager
def writing(output: Output, file: Path) -> Iterator[None]:
    """End the command with what stood against writing the file."""
    try:
        yield
    except OSError as error:
        output.fail("cannot_write", f"无法写入 {file}：{error}", f"{file} cannot be written: {error}")
