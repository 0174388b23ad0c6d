"""Options and settings that several commands share."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from holdfast.settings import Settings, SettingsError, load_settings

F = TypeVar("F", bound=Callable[..., Any])

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2


def store_option(function: F) -> F:
    """`--store URL`."""
    return click.option(
        "--store",
        metavar="URL",
        help="sqlite:///path/to/file.db or postgresql://user@host/database; by default a file in the data"
        " directory.",
    )(function)


def settings_from(**flags: object) -> Settings:
    """Settings from file, environment and flags; a wrong one ends the command with what would do."""
    try:
        return load_settings(flags, os.environ)
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
