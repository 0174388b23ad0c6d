"""Named SQL: each statement stands in a `.sql` file under a `-- name:` line."""

import re
from importlib.resources import files

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


def load_statements(package: str, *file_names: str) -> dict[str, str]:
    """Read the statements of some files of a package, by name."""
    statements: dict[str, str] = {}
    for file_name in file_names:
        parts = _NAME.split(files(package).joinpath(file_name).read_text(encoding="utf-8"))
        for name, text in zip(parts[1::2], parts[2::2], strict=True):
            statements[name] = text.strip().rstrip(";")
    return statements


def load_migrations(package: str) -> list[tuple[int, str, str]]:
    """Number, name and text of every migration of a package, in order."""
    folder = files(package).joinpath("migrations")
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name[:4]), name, folder.joinpath(name).read_text(encoding="utf-8")) for name in found]
