"""A drop as it is kept: what is locked, when it opens and closes, and where it stands."""

from typing import Literal

import msgspec
from msgspec.structs import replace

from holdfast.operations.limits.layers import Bounds

PLANNED, LOCKED, OPEN, CLOSING, CLOSED, CANCELLED = (
    "planned",
    "locked",
    "open",
    "closing",
    "closed",
    "cancelled",
)
Leftover = Literal["return", "carry", "stay"]


class Drop(msgspec.Struct, frozen=True, kw_only=True):
    """`channels` are the units each gets; times in microseconds UTC. Its account is `drop:ID`.

    On a connected platform its units pass through `drop:ID@CHANNEL`: what is there was not granted yet.
    """

    id: str
    sku: str
    channels: dict[str, int]
    opens_at_us: int
    closes_at_us: int | None = None
    leftover: Leftover = "return"
    carry_to: str = ""
    """The locked drop that takes the rest if it is carried over."""
    show: str = ""
    limits: Bounds | None = None
    """Purchase limits for its window."""
    ticket_gate: str = ""
    """Gate whose ticket a buyer must show in its window; empty for none."""
    status: str = PLANNED
    lock_tries: int = 0
    """Refused locks: a refused id is spent, so each try has an id of its own."""
    open_tries: int = 0
    """Refused openings, for the same reason."""
    base: dict[str, int] = {}
    """What each channel could sell before it opened: only what is above it is given back."""
    counters: dict[str, str] = {}
    """Since it opened: the listing of each channel whose platform sells from a counter of its own."""
    done: list[str] = []
    """Channels that it has ended on."""
    locked_at_us: int | None = None
    opened_at_us: int | None = None
    closed_at_us: int | None = None
    returned: int = 0
    """Units that came back at the end."""
    kept: int = 0
    """Units that stayed with their channels at the end: by `leftover`, or since nobody can call them back."""
    sold: int = 0
    """Units that buyers had when it closed; until then `Drops.sold` counts them."""

    @property
    def quantity(self) -> int:
        """All units of it."""
        return sum(self.channels.values())

    @property
    def ended(self) -> bool:
        """Whether it is through: closed or cancelled."""
        return self.status in (CLOSED, CANCELLED)

    @property
    def on_sale(self) -> bool:
        """Whether channels may have units of it."""
        return self.status in (OPEN, CLOSING)

    def ending(self, channel: str, kept: int = 0) -> "Drop":
        """The same with nothing left to do on a channel, which kept some units."""
        return replace(self, done=[*self.done, channel], kept=self.kept + kept)

    def due_at_us(self) -> int | None:
        """When something has to be done with it; None for never."""
        if self.status == LOCKED:
            return self.opens_at_us
        if self.status == CLOSING:
            return 0
        return self.closes_at_us if self.status == OPEN else None
