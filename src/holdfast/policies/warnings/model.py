"""What a warning is made of: the view of one SKU, the lines, what stands, and what is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How loudly a warning is told."""

    NOTICE = 1
    WARNING = 2
    CRITICAL = 3


class Tier(StrEnum):
    """The stable code of each rung, mildest first; lines of quantity are ordered by their units."""

    SAFETY_LINE = "safety_line"
    PERCENTAGE_LINE = "percentage_line"
    ABSOLUTE_LINE = "absolute_line"
    EMPTY_SOON = "empty_soon"
    EMPTY_NOW = "empty_now"
    SOLD_OUT = "sold_out"
    OVERSOLD = "oversold"


class Kind(StrEnum):
    """What happened to a warning."""

    RAISED = "raised"
    ESCALATED = "escalated"
    EASED = "eased"
    CLEARED = "cleared"


class Advice(StrEnum):
    """What could be done; a person decides."""

    OPEN_RESERVE = "open_reserve"
    HOST_SPEECH = "host_speech"
    NEXT_ITEM = "next_item"
    RESTOCK = "restock"


@dataclass(frozen=True, slots=True)
class Channel:
    """What one channel may still sell."""

    name: str
    right: int


@dataclass(frozen=True, slots=True)
class View:
    """One SKU as it is now; `peak` is what was planned, or the most it had in this show; 0 is unknown."""

    sku: str
    available: int
    peak: int
    name: str = ""
    reserve: int = 0
    taken_per_minute: float = 0.0
    debt: int = 0
    channels: tuple[Channel, ...] = ()
    next_item: str | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the lines lie, how far above a line it clears, and how patient the warnings are."""

    safety_percent: int = 20
    percentages: tuple[int, ...] = (10, 5)
    absolute: int | None = 20
    empty_soon_s: float = 600.0
    empty_now_s: float = 180.0
    clear_share: float = 0.25
    """A line of quantity clears this share of itself above itself, and at least `clear_units` above."""
    clear_units: int = 5
    clear_share_of_time: float = 0.5
    quiet_s: float = 60.0
    escalate_after_s: float = 120.0
    escalations_max: int = 2

    def __post_init__(self) -> None:
        percents = (self.safety_percent, *self.percentages)
        if not all(0 < percent < 100 for percent in percents):
            raise ValueError("a line is between 1 and 99 percent")
        if any(percent >= self.safety_percent for percent in self.percentages):
            raise ValueError("further lines lie below the safety line")
        if len(set(percents)) < len(percents):
            raise ValueError("a line is named once")
        if self.absolute is not None and self.absolute < 1:
            raise ValueError("the absolute line is at least 1 unit")
        if not 0 < self.empty_now_s < self.empty_soon_s:
            raise ValueError("empty_now_s lies between 0 and empty_soon_s")
        if self.clear_units < 1 or self.clear_share <= 0 or self.clear_share_of_time <= 0:
            raise ValueError("a warning clears above its line, not at it")
        if self.quiet_s < 0 or self.escalate_after_s <= 0 or self.escalations_max < 0:
            raise ValueError("times and counts are not negative, and an escalation waits")


@dataclass(frozen=True, slots=True)
class Standing:
    """The warning that stands for a SKU; `told_at_s` is None while quiet time holds it back."""

    tier: Tier
    line: float
    level: Level
    since_s: float
    told_at_s: float | None = None
    escalations: int = 0
    acknowledged_by: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered of a SKU between two looks; `told` maps a rung to when it was last told."""

    standing: Standing | None = None
    told: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers behind a warning; times are None while nothing sells, the percentage without a peak."""

    available: int
    reserve: int
    peak: int
    debt: int
    line: float
    percent: float | None
    taken_per_minute: float
    empty_in_s: float | None
    reserve_lasts_s: float | None
    channels_empty: tuple[str, ...]
    next_item: str | None


@dataclass(frozen=True, slots=True)
class StockWarning:
    """What is told: of a cleared or eased warning `tier` is what stood, or what stands now."""

    sku: str
    name: str
    kind: Kind
    tier: Tier
    level: Level
    at_s: float
    figures: Figures
    advice: tuple[Advice, ...] = ()
