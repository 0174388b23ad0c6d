"""Files that come with the program."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path


@contextmanager
def demo_items() -> Iterator[Path]:
    """The demo's item file; every item and every price in it is invented."""
    with as_file(files(__name__) / "items.csv") as path:
        yield path
