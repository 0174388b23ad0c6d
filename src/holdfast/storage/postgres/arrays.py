"""Columns as PostgreSQL's array texts: a whole batch is a handful of parameters.

`{rows text bigint}` in a statement is written out as `unnest(%s::text[], %s::bigint[])`. Its text does not
depend on how many rows there are, so one prepared plan serves every batch, where a list of rows would be
parsed and planned anew for each size. The arrays are written here and not by the driver, which looks at each
value: three replacements in a whole column cost a tenth of that.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from holdfast.storage.contract import StoreError
from holdfast.storage.rows import Row

_ROWS = re.compile(r"\{rows ([^}]+)\}")
_NUL = "\0"
NO_NUL = "a text with a NUL character cannot be stored; leave it out"


@lru_cache(maxsize=256)
def with_arrays(statement: str) -> str:
    """Write out `{rows KIND …}`."""
    return _ROWS.sub(
        lambda match: f"unnest({', '.join(f'%s::{kind}[]' for kind in match[1].split())})", statement
    )


@lru_cache(maxsize=256)
def _kinds(statement: str) -> list[str]:
    (found,) = _ROWS.findall(statement)
    return str(found).split()


def columns(statement: str, rows: Sequence[Row]) -> list[str]:
    """The rows as one array a column, in the kinds that the statement names."""
    turned = zip(*rows, strict=True)
    return [_WRITE[kind](column) for kind, column in zip(_kinds(statement), turned, strict=True)]


def text_array(values: Sequence[str | None]) -> str:
    """Texts or NULLs; raises StoreError for a text that PostgreSQL cannot keep."""
    if None in values:
        return f"{{{','.join('NULL' if value is None else _quoted(value) for value in values)}}}"
    # No text may hold NUL, so it can stand between them until all of them are quoted at once.
    joined = _NUL.join(values)  # type: ignore[arg-type]  # None was ruled out above
    if joined.count(_NUL) != len(values) - 1:
        raise StoreError(NO_NUL)
    return '{"' + _escaped(joined).replace(_NUL, '","') + '"}'


def _quoted(text: str) -> str:
    if _NUL in text:
        raise StoreError(NO_NUL)
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _number_array(values: Sequence[float | None]) -> str:
    return "{" + ",".join(map(str, values)).replace("None", "NULL") + "}"


def _bytes_array(values: Sequence[bytes]) -> str:
    return text_array([f"\\x{value.hex()}" for value in values])


_WRITE: dict[str, Callable[[Sequence[object]], str]] = {
    "text": text_array,  # type: ignore[dict-item]  # the statement's kinds say what a column holds
    "bigint": _number_array,  # type: ignore[dict-item]
    "boolean": _number_array,  # type: ignore[dict-item]
    "float8": _number_array,  # type: ignore[dict-item]
    "bytea": _bytes_array,  # type: ignore[dict-item]
}
