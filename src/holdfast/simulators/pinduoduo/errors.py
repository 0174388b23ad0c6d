"""Pinduoduo's error codes, as far as the facts name them (8), and how parameters are read."""

from collections.abc import Mapping


class Code:
    """`error_code` of an answer; those marked as ours are in no source, so an adapter must not know them."""

    TOKEN_EXPIRED = 10019
    SIGN = 20004
    """Also for a timestamp that is too far off and a client id that is not known (both ours)."""
    NO_PERMISSION = 20031
    INTERNAL = 52001
    LIMITED = (52101, 70031)
    WRONG_ARGUMENT = 10000
    """Ours."""
    NOT_FOUND = 51000
    """Ours."""
    NOT_ENOUGH = 51001
    """Ours: that it is refused is in the facts, but no code for it. The text says 库存不足."""
    CANNOT_LOWER = 51002
    """Ours: goods on promotion slots."""


class Refused(Exception):
    """An error response."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def text(parameters: Mapping[str, object], name: str, default: str | None = None) -> str:
    """A parameter as text, whether it came as text or as a number."""
    value = parameters.get(name)
    if value in (None, "") and default is not None:
        return default
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise Refused(Code.WRONG_ARGUMENT, f"参数错误: {name}")
    return str(value)


def number(
    parameters: Mapping[str, object], name: str, low: int, high: int, default: int | None = None
) -> int:
    """A parameter as a whole number within bounds."""
    found = text(parameters, name, None if default is None else str(default))
    if not found.removeprefix("-").isdecimal() or not low <= int(found) <= high:
        raise Refused(Code.WRONG_ARGUMENT, f"参数错误: {name} is from {low} to {high}")
    return int(found)
