"""What a robot said: a robot that answers 200 may still have refused, and then the notice was not shown."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

OK, TOO_MANY, SERVER_ERROR = 200, 429, 500
_TEXT_MAX = 200


class Verdict(StrEnum):
    """What became of a notice; only `unknown` and `throttled` are worth another try."""

    TAKEN = "taken"
    THROTTLED = "throttled"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict with the robot's own code and words."""

    verdict: Verdict
    code: str = ""
    text: str = ""
    retry_after_s: float | None = None


def by_status(status: int, headers: Mapping[str, str], body: bytes) -> Answer | None:
    """The verdict where the status alone gives it; None for 200, where the body has the word."""
    text = body.decode(errors="replace")[:_TEXT_MAX]
    if status == OK:
        return None
    if status == TOO_MANY:
        return Answer(Verdict.THROTTLED, str(status), text, _seconds(headers.get("retry-after")))
    verdict = Verdict.UNKNOWN if status >= SERVER_ERROR else Verdict.REFUSED
    return Answer(verdict, str(status), text)


def by_code(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    fields: tuple[str, str],
    throttled: Collection[int],
    pause_s: float,
) -> Answer:
    """The verdict of a robot that tells a code and words in JSON; zero is taken."""
    plain = by_status(status, headers, body)
    if plain is not None:
        return plain
    try:
        told = json.loads(body)
        code, text = told[fields[0]], str(told.get(fields[1], ""))[:_TEXT_MAX]
    except (ValueError, KeyError, TypeError, AttributeError):
        return Answer(Verdict.UNKNOWN, str(status), body.decode(errors="replace")[:_TEXT_MAX])
    if code == 0:
        return Answer(Verdict.TAKEN, "0", text)
    if code in throttled:
        return Answer(Verdict.THROTTLED, str(code), text, pause_s)
    return Answer(Verdict.REFUSED, str(code), text)


def _seconds(value: str | None) -> float | None:
    return float(value) if value is not None and value.strip().isdecimal() else None
