"""Lists come in pages: `limit` items, and `next` to ask for the ones behind them."""

from typing import Annotated, Any

from msgspec import Meta

from holdfast.api.fields import check_path
from holdfast.api.operation import Parameter, Request

LIMIT_DEFAULT = 100
LIMIT_MAX = 1_000
SEQ_MAX = 2**62

_Limit = Annotated[int, Meta(ge=1, le=LIMIT_MAX)]
_Seq = Annotated[int, Meta(ge=0, le=SEQ_MAX)]

LIMIT = Parameter(
    "limit",
    f"Items of a page, {LIMIT_DEFAULT} if not given.",
    {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT_DEFAULT},
)
AFTER = Parameter("after", "`next` of the page before.", {"type": "string", "maxLength": 64})
BEFORE = Parameter(
    "before", "`next` of the page before (newer).", {"type": "integer", "minimum": 0, "maximum": SEQ_MAX}
)


def limit_of(request: Request) -> int:
    """The page size asked for."""
    return number_of(request, "limit", _Limit, LIMIT_DEFAULT)


def before_of(request: Request) -> int:
    """The place to read back from."""
    return number_of(request, "before", _Seq, SEQ_MAX)


def next_of(seq: int | None) -> str | None:
    """A place to read back from, as a page gives it."""
    return None if seq is None else str(seq)


def number_of(request: Request, name: str, kind: Any, default: int) -> int:
    """A whole number from the query."""
    text = request.query.get(name)
    if text is None:
        return default
    value: object = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else text
    checked: int = check_path(kind, value, name)
    return checked
