"""What passes between the simulated platforms and whoever drives them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from holdfast.sync.messages import Operation


class NewsKind(StrEnum):
    """What happened to an order."""

    ORDERED = "ordered"
    UNDONE = "undone"


class News(NamedTuple):
    """An order was made or undone at `at_s`; every message tells when it was made."""

    kind: NewsKind
    platform: str
    sku: str
    order: str
    quantity: int
    at_s: float
    ordered_at_s: float


@dataclass(frozen=True, slots=True)
class Request:
    """A call to a platform; `repeat_id` marks repeats of one write, `quantity` is the cursor of a poll."""

    call: str
    platform: str
    operation: Operation
    sku: str = ""
    quantity: int = 0
    repeat_id: str = ""
    expected: int | None = None


class ReplyStatus(StrEnum):
    """How a call ended for the caller; after `error` and `timeout` it may have been applied."""

    OK = "ok"
    REFUSED = "refused"
    LIMITED = "limited"
    EXPIRED = "expired"
    """The token is no longer taken; nothing was done."""
    ERROR = "error"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Reply:
    """The end of a call; `counter` after a write where the platform tells, or the reading."""

    request: Request
    status: ReplyStatus
    sent_at_s: float
    applied: int = 0
    counter: int | None = None
    news: tuple[News, ...] = ()
    cursor: int = 0
    more: bool = False
    complete_to_s: float = float("-inf")


class Controller(Protocol):
    """Whoever is told by the world; times are the world's."""

    def on_news(self, news: News, now_s: float) -> None:
        """A push message; it may be late, doubled or out of order."""

    def on_reply(self, reply: Reply, now_s: float) -> None:
        """A call ended."""

    def on_found(self, sku: str, units: int, now_s: float) -> None:
        """Units turned up that nobody had counted."""
