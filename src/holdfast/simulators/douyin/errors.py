"""Douyin's refusals, and the parameters that they are about."""

from collections.abc import Mapping
from typing import Any

LEGACY_CODES = {
    "isp.traffic-limited": 9,
    "isv.signature-invalid": 11,
    "isv.access-token-expired": 30002,
    "isv.access-token-no-existed": 30005,
}
"""What a caller gets that does not send `x-open-no-old-err-code: 1`."""


class DouyinError(Exception):
    """One refusal in the platform's envelope; `data` where it says more."""

    def __init__(self, code: int, sub_code: str, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.sub_code = sub_code
        self.data = {} if data is None else data


def missing(name: str) -> DouyinError:
    """A business parameter is not there."""
    return DouyinError(40002, "isv.missing-parameter:2010004", f"缺少参数 {name}")


def invalid(name: str, why: str, number: int = 1) -> DouyinError:
    """A business parameter is wrong."""
    return DouyinError(40004, f"isv.parameter-invalid:{number}", f"参数 {name} 不合法: {why}")


class Parameters:
    """Business parameters, read strictly: an id is an integer, not its text."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) is not None

    def raw(self, name: str) -> Any:
        """As it came, of whatever type."""
        return self._values.get(name)

    def integer(self, name: str, *, default: int | None = None, low: int | None = None) -> int:
        """A whole number, required unless there is a default."""
        value = self._values.get(name)
        if value is None:
            if default is None:
                raise missing(name)
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            raise invalid(name, "int64")
        if low is not None and value < low:
            raise invalid(name, f">= {low}")
        return value

    def text(self, name: str, *, default: str | None = None) -> str:
        """A string, required unless there is a default."""
        value = self._values.get(name)
        if value is None:
            if default is None:
                raise missing(name)
            return default
        if not isinstance(value, str):
            raise invalid(name, "string")
        return value

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        """A boolean, required unless there is a default."""
        value = self._values.get(name, default)
        if value is None:
            raise missing(name)
        if not isinstance(value, bool):
            raise invalid(name, "bool")
        return value

    def parts(self, name: str, *, most: int | None = None) -> list["Parameters"]:
        """A list of objects that has at least one and at most so many."""
        value = self._values.get(name)
        if value is None:
            raise missing(name)
        if not isinstance(value, list) or not value or not all(isinstance(each, dict) for each in value):
            raise invalid(name, "a list of objects")
        if most is not None and len(value) > most:
            raise invalid(name, f"at most {most}")
        return [Parameters(each) for each in value]

    def values(self, name: str) -> list[Any]:
        """A list of anything, empty when absent."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, list):
            raise invalid(name, "list")
        return value or []
