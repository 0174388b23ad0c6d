"""Xiaohongshu's error codes, of which the facts know one, and how business fields are read."""

from typing import Any


class Code:
    """`error_code` of an answer. All but the last are ours, so an adapter must not know them."""

    OK = 0
    WRONG_ARGUMENT = -9000
    SIGN = -9001
    TOKEN = -9002
    NOT_FOUND = -9003
    STATE = -9004
    NOT_ENOUGH = -9005
    LIMITED = -9006
    INTERNAL = -9007
    OCCUPIED_NOT_COVERED = -9028
    """Applied, but the total is less than the units in unpaid orders and set aside."""


class Refused(Exception):
    """An answer without success; one of code -9028 was applied and has data."""

    def __init__(self, code: int, message: str, data: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.data = data


def text(fields: dict[str, Any], name: str) -> str:
    """A field that is text and not empty."""
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(Code.WRONG_ARGUMENT, f"{name} is text and needed")
    return value


def number(fields: dict[str, Any], name: str, low: int, high: int, default: int | None = None) -> int:
    """A field that is a whole number within bounds."""
    value = fields.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Refused(Code.WRONG_ARGUMENT, f"{name} is a whole number from {low} to {high}")
    return value
