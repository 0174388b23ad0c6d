"""Kuaishou's refusals, and the parameters that they are about."""

from collections.abc import Mapping
from typing import Any

WRONG_PARAMETER = 13
"""Made up: the real code is not known."""


class KuaishouError(Exception):
    """One refusal: the `result` of the envelope, with its text."""

    def __init__(self, result: int, message: str) -> None:
        super().__init__(message)
        self.result = result


class Parameters:
    """The business parameters of `param`, read strictly."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) not in (None, "")

    def integer(self, name: str, low: int = 0, high: int = 2**63 - 1, *, default: int | None = None) -> int:
        """A whole number within bounds, required unless there is a default."""
        value = self._values.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise KuaishouError(WRONG_PARAMETER, f"参数错误: {name}")
        return value

    def text(self, name: str, *, default: str | None = None) -> str:
        """A string, required unless there is a default."""
        value = self._values.get(name, default)
        if not isinstance(value, str):
            raise KuaishouError(WRONG_PARAMETER, f"参数错误: {name}")
        return value
