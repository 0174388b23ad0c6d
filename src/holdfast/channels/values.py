"""Reading what platforms send: text that is bytes or JSON, ids that must stay text, times of three units."""

import hashlib
import hmac
import json
from typing import Any

import httpx

from .errors import CallRefused


def json_of(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer; whole numbers stay exact. Raises ValueError where it is none."""
    return json_object(response.content)


def json_object(text: bytes | str) -> dict[str, Any]:
    """A JSON object; whole numbers stay exact. Raises ValueError where it is none."""
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def identity(value: object) -> str:
    """An id as text; nothing, null and 0 are none. Raises ValueError for a float: it may have lost digits."""
    if isinstance(value, float | bool):
        raise ValueError(f"an id cannot be {type(value).__name__}")
    return "" if value in (None, "", 0, "0") else str(value)


def number(value: object) -> int:
    """A whole number that may come as text; nothing is 0. Raises ValueError for anything else."""
    if value is None or value == "":
        return 0
    if isinstance(value, int | str):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise ValueError(f"not a whole number: {type(value).__name__}")


def id_number(name: str, value: str) -> int:
    """An id as the whole number that a platform wants; raises `CallRefused` where it is none."""
    if not (value.isascii() and value.isdecimal()):
        raise CallRefused(f"{name} {value!r} is not a number, as this platform's ids are.")
    return int(value)


def seconds_us(value: object) -> int | None:
    """Microseconds from whole seconds; None where there is no time."""
    return number(value) * 1_000_000 or None


def milliseconds_us(value: object) -> int | None:
    """Microseconds from whole milliseconds; None where there is no time."""
    return number(value) * 1_000 or None


def same_text(left: str, right: str) -> bool:
    """Whether two signatures are equal, in a time that tells nothing of where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())


def digest(*parts: object) -> str:
    """A name for a message that has none, by which an exact repeat is known."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
