"""Named SQL: each statement stands in a `.sql` file under a `-- name:` line."""

import re
from functools import lru_cache
from importlib.resources import files

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_ROWS = re.compile(r"\{rows ([^}]+)\}")


def load_statements(file_name: str) -> dict[str, str]:
    """Read the statements of one file of this package, by name."""
    parts = _NAME.split(files(__package__).joinpath(file_name).read_text(encoding="utf-8"))
    return {name: text.strip().rstrip(";") for name, text in zip(parts[1::2], parts[2::2], strict=True)}


@lru_cache(maxsize=4096)
def with_rows(statement: str, count: int) -> str:
    """Write out `{rows N}` as `count` bracketed groups of N parameters; other words stay as they are."""

    def write_out(match: re.Match[str]) -> str:
        words = [", ".join("?" * int(word)) if word.isdigit() else word for word in match[1].split()]
        row = f"({', '.join(words)})"
        return ", ".join([row] * count)

    return _ROWS.sub(write_out, statement)
