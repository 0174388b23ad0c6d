"""What is kept of a destination 通知渠道, and how its delivery stands."""

from typing import Literal

import msgspec

from holdfast.operations.notices import Answer, dingtalk, feishu, slack, wecom
from holdfast.policies.warnings import Language, Level

from .outbox import Told

RobotKind = Literal["dingtalk", "feishu", "wecom", "slack", "webhook", "email"]
KINDS: tuple[RobotKind, ...] = ("dingtalk", "feishu", "wecom", "slack", "webhook", "email")
PER_MINUTE: dict[RobotKind, int] = {
    "dingtalk": dingtalk.PER_MINUTE_MAX,
    "feishu": feishu.PER_MINUTE_MAX,
    "wecom": wecom.PER_MINUTE_MAX,
    "slack": slack.PER_MINUTE_MAX,
    "webhook": 600,
    "email": 20,
}
"""Messages a minute: the robots' own limits; for programs and mailboxes, what is bearable."""


class DestinationError(ValueError):
    """A destination that cannot be used; the message says what to do and carries no secret."""

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field


class Destination(msgspec.Struct, frozen=True):
    """Where warnings go; addresses and passwords are in `sealed` alone. No SKUs means all of them."""

    name: str
    kind: RobotKind
    sealed: str
    host: str
    language: Language = "zh"
    level: Level = Level.NOTICE
    skus: tuple[str, ...] = ()
    enabled: bool = True

    def wants(self, told: Told) -> bool:
        """Whether it is to be told of that."""
        heard = self.enabled and told.loudest >= self.level
        return heard and (not self.skus or told.warning.sku in self.skus)


class Words(msgspec.Struct, frozen=True):
    """The same in both languages."""

    zh: str
    en: str


class Status(msgspec.Struct):
    """How a delivery stands since the process began; times are in µs."""

    last_success_us: int | None = None
    last_error_us: int | None = None
    last_error: Words | None = None
    paused_until_us: int | None = None
    given_up: int = 0


class Tested(msgspec.Struct, frozen=True):
    """What came of a test message."""

    answer: Answer
    words: Words
