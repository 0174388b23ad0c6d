"""TOP's refusals, parameters and times."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
_FORMAT = "%Y-%m-%d %H:%M:%S"


class TopError(Exception):
    """One `error_response`."""

    def __init__(self, code: int, message: str, sub_code: str = "", sub_message: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.sub_code = sub_code
        self.sub_message = sub_message


def missing(name: str) -> TopError:
    """Argument not given."""
    return TopError(40, "Missing required arguments", f"isv.missing-parameter:{name}", f"缺少参数 {name}")


def invalid(name: str, why: str = "") -> TopError:
    """Argument wrong."""
    return TopError(41, "Invalid arguments", f"isv.invalid-parameter:{name}", why or f"参数 {name} 不合法")


def refused(sub_code: str, why: str) -> TopError:
    """The service behind the gateway refuses."""
    return TopError(15, "Remote service error", f"isv.{sub_code}", why)


def to_time(text: str) -> int:
    """A time of the platform's in microseconds UTC; raises ValueError."""
    return round(datetime.strptime(text, _FORMAT).replace(tzinfo=CHINA).timestamp() * 1_000_000)


def from_time(at_us: int) -> str:
    """A time as the platform writes it: China's, in whole seconds."""
    return datetime.fromtimestamp(at_us // 1_000_000, CHINA).strftime(_FORMAT)


def yuan(fen: int) -> str:
    """Money as the platform writes it."""
    return f"{fen // 100}.{fen % 100:02d}"


class Parameters:
    """The business parameters of a call: all of them text."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, *, default: str | None = None) -> str:
        """Required unless there is a default."""
        value = self._values.get(name, "")
        if value:
            return value
        if default is None:
            raise missing(name)
        return default

    def integer(self, name: str, low: int, high: int, *, default: int | None = None) -> int:
        """A whole number within bounds."""
        text = self.text(name, default=None if default is None else str(default))
        try:
            value = int(text)
        except ValueError:
            raise invalid(name) from None
        if not low <= value <= high:
            raise invalid(name, f"{name} 应在 {low} 到 {high} 之间")
        return value

    def flag(self, name: str) -> bool:
        """`true`, or not."""
        text = self.text(name, default="false")
        if text not in ("true", "false"):
            raise invalid(name)
        return text == "true"

    def time_us(self, name: str, *, default: int | None = None) -> int:
        """A time, in microseconds UTC."""
        if default is not None and not self._values.get(name):
            return default
        try:
            return to_time(self.text(name))
        except ValueError:
            raise invalid(name) from None

    def fields(self) -> set[str]:
        """What the caller wants to see: nothing else is told."""
        return {name.strip() for name in self.text("fields").split(",")} - {""}
