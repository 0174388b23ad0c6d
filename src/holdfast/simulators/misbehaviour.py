"""How far a simulator departs from good manners; everything is well-behaved unless asked for."""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from .records import Deducts, GivesBack, UnderRun

Rate = Annotated[float, msgspec.Meta(ge=0, le=1)]
Seconds = Annotated[float, msgspec.Meta(ge=0)]
Span = tuple[Seconds, Seconds]


class PlannedFault(msgspec.Struct, forbid_unknown_fields=True):
    """What happens to the next call whose name contains `call`, instead of chance.

    `fault` is `lost_request`, `lost_response`, `zombie`, `throttle` or `error`; or `answer` is given.
    """

    fault: str = ""
    call: str = ""
    answer: dict[str, Any] | None = None
    status: int = 200


class Misbehaviour(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The settings of `PUT /_sim/misbehave`. Rates are chances for each call or message."""

    latency_ms: float | Span = 0.0
    """Half of it passes before a call is applied, half before its answer leaves."""
    error_rate: Rate = 0.0
    lost_request_rate: Rate = 0.0
    lost_response_rate: Rate = 0.0
    lost_hang_s: Seconds = 0.0
    """How long a lost call is left without a word before its connection breaks."""
    zombie_rate: Rate = 0.0
    """Calls whose connection breaks at once and which are applied later all the same."""
    zombie_delay_s: Span = (0.5, 3.0)
    throttle_per_s: Seconds = 0.0
    """Calls a second; 0 is no cap."""
    throttle_burst: Seconds | None = None
    """Calls that may come at once; a second's worth unless given."""
    outage: bool = False
    read_lag_s: Seconds = 0.0
    order_lag_s: Seconds = 0.0
    clock_skew_s: float = 0.0
    """How far the platform's clock is ahead of ours."""
    push_loss_rate: Rate = 0.0
    push_duplicate_rate: Rate = 0.0
    push_delay_s: Span = (0.0, 0.0)
    push_shuffle: bool = False
    retry_scale: Seconds = 1.0
    """Factor on the waits between pushes, so that tests need not wait for hours."""
    under_run: UnderRun | None = None
    """Instead of what each stock method does by itself."""
    deducts: Deducts | None = None
    """For listings made from now on, instead of the platform's own."""
    gives_back_on_cancel: bool | None = None
    gives_back_on_refund: GivesBack | None = None
    next: list[str | PlannedFault] = []
    options: dict[str, Any] = {}
    """The platform's own settings, by the names that it declares."""


FAULTS = ("lost_request", "lost_response", "zombie", "throttle", "error")


@dataclass(frozen=True, slots=True)
class Option:
    """A setting of one platform only; `allowed` of None takes any value of the default's type."""

    default: Any
    allowed: tuple[Any, ...] | None = None


class Settings:
    """The settings in force, with the platform's own; changed as a whole or not at all."""

    def __init__(self, options: Mapping[str, Option]) -> None:
        self._options = options
        self.now = Misbehaviour(options=_defaults(options))

    def change(self, wanted: Mapping[str, Any]) -> None:
        """Take over what is given, or raise `msgspec.ValidationError` and change nothing."""
        known = Misbehaviour.__struct_fields__
        common = {name: value for name, value in wanted.items() if name in known and name != "options"}
        own = {name: value for name, value in wanted.items() if name not in known}
        changed = msgspec.convert({**msgspec.to_builtins(self.now), **common}, Misbehaviour)
        changed.next = [_planned(entry) for entry in changed.next]
        changed.options = {**self.now.options, **self._checked({**wanted.get("options", {}), **own})}
        self.now = changed

    def take_planned(self, call: str) -> PlannedFault | None:
        """What was planned for this call, once."""
        for index, planned in enumerate(self.now.next):
            assert isinstance(planned, PlannedFault)
            if planned.call in call:
                del self.now.next[index]
                return planned
        return None

    def copies(self, chance: random.Random) -> list[float]:
        """The delays in seconds of the copies of one message: none when it gets lost, two when doubled."""
        now = self.now
        if chance.random() < now.push_loss_rate:
            return []
        count = 2 if chance.random() < now.push_duplicate_rate else 1
        return [chance.uniform(*now.push_delay_s) for _ in range(count)]

    def _checked(self, own: Mapping[str, Any]) -> dict[str, Any]:
        for name, value in own.items():
            option = self._options.get(name)
            if option is None:
                known = ", ".join(sorted((*Misbehaviour.__struct_fields__, *self._options)))
                raise msgspec.ValidationError(f"there is no setting {name!r}; known: {known}")
            if option.allowed is not None and value not in option.allowed:
                raise msgspec.ValidationError(f"{name} is one of {', '.join(map(str, option.allowed))}")
            if option.allowed is None:
                msgspec.convert(value, type(option.default))
        return dict(own)


class Clock:
    """Microseconds UTC as this platform sees them; a skew forward also lets tokens grow old."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def now_us(self) -> int:
        """Now."""
        return time.time_ns() // 1_000 + round(self._settings.now.clock_skew_s * 1_000_000)

    def now_s(self) -> int:
        """Now, in whole seconds."""
        return self.now_us() // 1_000_000


def _defaults(options: Mapping[str, Option]) -> dict[str, Any]:
    return {name: option.default for name, option in options.items()}


def _planned(entry: str | PlannedFault) -> PlannedFault:
    planned = PlannedFault(fault=entry) if isinstance(entry, str) else entry
    if (planned.fault in FAULTS) == (planned.answer is not None):
        raise msgspec.ValidationError(f"a planned fault is one of {', '.join(FAULTS)}, or an answer")
    return planned
