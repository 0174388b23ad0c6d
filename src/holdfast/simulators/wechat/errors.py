"""WeChat's error codes, as far as the facts name them (5.1, 5.2); one stands for what they leave open."""

from typing import Any


class Code:
    """`errcode` of an answer."""

    BUSY = -1
    OK = 0
    TOKEN_INVALID = 40001
    """Not the latest token, or a wrong secret."""
    TOKEN_UNKNOWN = 40014
    WRONG_ARGUMENT = 40097
    """Not in the facts: what the shop answers to a wrong argument is known from memory only."""
    TOKEN_MISSING = 41001
    TOKEN_EXPIRED = 42001
    LIMITED_PER_MINUTE = 45011
    NOT_PARSEABLE = 47001
    NO_PERMISSION = 48001
    PRODUCT_MISSING = 10020050
    SKU_MISSING = 10020051
    PRODUCT_DELETED = 10020052
    PRODUCT_STATE = 10020055
    SKU_TOO_OFTEN = 10020112
    IN_AUDIT = 10020217
    DELTA_IS_ZERO = 10020218
    NOT_ENOUGH = 10020219


class Refused(Exception):
    """An answer other than 0."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code

    @property
    def document(self) -> dict[str, Any]:
        """The answer."""
        return {"errcode": self.code, "errmsg": str(self)}


class Arguments:
    """The business fields of a call, with refusals for what is missing or of a wrong kind."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def has(self, name: str) -> bool:
        """Whether the field is there."""
        return self._values.get(name) not in (None, "", {}, [])

    def id(self, name: str) -> str:
        """An id, which may come as text or as a number."""
        value = self._values.get(name)
        if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).isdecimal():
            raise Refused(Code.WRONG_ARGUMENT, f"invalid args: {name}")
        return str(value)

    def ids(self, name: str, most: int) -> list[str]:
        """A list of ids, not empty and not too long."""
        values = self._values.get(name)
        if not isinstance(values, list) or not 1 <= len(values) <= most:
            raise Refused(Code.WRONG_ARGUMENT, f"invalid args: {name} has 1 to {most} entries")
        return [Arguments({name: value}).id(name) for value in values]

    def number(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number within bounds; numbers do not come as text."""
        value = self._values.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise Refused(Code.WRONG_ARGUMENT, f"invalid args: {name} is a number from {low} to {high}")
        return value

    def text(self, name: str) -> str:
        """Text, empty when it is not given."""
        value = self._values.get(name, "")
        if not isinstance(value, str):
            raise Refused(Code.WRONG_ARGUMENT, f"invalid args: {name}")
        return value

    def part(self, name: str) -> "Arguments":
        """A nested object."""
        value = self._values.get(name)
        if not isinstance(value, dict):
            raise Refused(Code.WRONG_ARGUMENT, f"invalid args: {name}")
        return Arguments(value)
