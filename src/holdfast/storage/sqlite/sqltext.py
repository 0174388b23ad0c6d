"""Statements of many rows in SQLite's words."""

import re
from functools import lru_cache

_ROWS = re.compile(r"\{rows ([^}]+)\}")


@lru_cache(maxsize=4096)
def with_rows(statement: str, count: int) -> str:
    """Write out `{rows N}` as `count` bracketed groups of N parameters; other words stay as they are."""

    def write_out(match: re.Match[str]) -> str:
        words = [", ".join("?" * int(word)) if word.isdigit() else word for word in match[1].split()]
        row = f"({', '.join(words)})"
        return ", ".join([row] * count)

    return _ROWS.sub(write_out, statement)
