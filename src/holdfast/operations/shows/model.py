"""A show 场次 and its rundown 排品 as they are kept: one document, replaced as a whole and never altered."""

import math
from enum import StrEnum

import msgspec

from holdfast.operations.limits.layers import Bounds

ITEMS_MAX = 300
STEPS_KEPT = 300
"""Of a show's history the newest; the audit trail has all of it."""
PERCENT_LEAST, PERCENT_MOST = 10, 20


class Status(StrEnum):
    """Where a show stands."""

    PLANNED = "planned"
    LIVE = "live"
    ENDED = "ended"


class Strategy(StrEnum):
    """How an item's stock is handled in a show."""

    SHARED = "shared"
    RESERVE = "reserve"
    DROPS = "drops"
    FLASH = "flash"


class Opening(StrEnum):
    """How a step of the reserve is opened once the main stock is out."""

    APPROVAL = "approval"
    AUTOMATIC = "automatic"


class ItemState(StrEnum):
    """Where an item of the rundown stands."""

    WAITING = "waiting"
    ON_AIR = "on_air"
    DONE = "done"
    SKIPPED = "skipped"


class ShowError(Exception):
    """A step that is not taken; `code` is stable, the words say what to do."""

    def __init__(
        self, code: str, words: str, *, field: str | None = None, facts: dict[str, str | int] | None = None
    ) -> None:
        super().__init__(words)
        self.code = code
        self.field = field
        self.facts = facts or {}


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """An item of the rundown; units are those of the SKU."""

    sku: str
    planned: int
    strategy: Strategy = Strategy.SHARED
    reserve_percent: int | None = None
    limits: Bounds | None = None
    script: str = ""
    minutes: int | None = None
    state: ItemState = ItemState.WAITING
    pushed_in: bool = False
    on_air_at_us: int | None = None
    done_at_us: int | None = None
    reserved: int = 0
    """Units that the show has put into the reserve."""
    opened: int = 0
    """Units of them that were opened."""
    opening: Opening = Opening.APPROVAL
    openings: int = 0
    """Steps that were opened or refused: part of the ids of the transfers."""

    def reserve_units(self, channels: int) -> int:
        """Units to keep back, rounded down."""
        if self.strategy is not Strategy.RESERVE:
            return 0
        percent = self.reserve_percent
        if percent is None:
            percent = proposed_percent(self.planned, channels)
        return self.planned * percent // 100


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that happened in a show; `id` is the request that caused it."""

    at_us: int
    actor: str
    action: str
    id: str = ""
    sku: str = ""
    detail: str = ""


class Overruled(msgspec.Struct, frozen=True):
    """An error of the preflight that a person took upon themselves."""

    code: str
    reason: str
    actor: str
    at_us: int


class Sold(msgspec.Struct, frozen=True):
    """Net units of one item that one channel sold in the show."""

    sku: str
    channel: str
    units: int


class Before(msgspec.Struct, frozen=True):
    """What an undo brings back."""

    action: str
    items: tuple[Item, ...]
    current: str | None
    spotlight: str | None


class Show(msgspec.Struct, frozen=True, omit_defaults=True):
    """A show; times are UTC in microseconds."""

    id: str
    name: str
    channels: tuple[str, ...]
    starts_at_us: int
    ends_at_us: int
    items: tuple[Item, ...] = ()
    status: Status = Status.PLANNED
    current: str | None = None
    """The SKU that is on air."""
    spotlight: str | None = None
    """The SKU that the screens show large; the one on air unless somebody chose another."""
    started_at_us: int | None = None
    started_by: str = ""
    ended_at_us: int | None = None
    ended_by: str = ""
    steps: tuple[Step, ...] = ()
    overruled: tuple[Overruled, ...] = ()
    limits_due: tuple[str, ...] = ()
    """Items whose limits are still to be set, or given back after the end."""
    attempt: int = 1
    """Part of the ids of its transfers: a refused id is refused for ever."""
    results: tuple[Sold, ...] | None = None
    """None until the end has been worked out."""
    undo: Before | None = None

    def item(self, sku: str) -> Item | None:
        """The item of the rundown with that SKU."""
        return next((item for item in self.items if item.sku == sku), None)

    def did(self, request: str, action: str) -> bool:
        """Whether the request was carried out before; raises ShowError if it was one for another step."""
        known = next((step for step in self.steps if step.id == request), None) if request else None
        if known is not None and known.action != action:
            words = f"id {request} was used for {known.action} of show {self.id}; choose a new one"
            raise ShowError("id_used_before", words, field="id")
        return known is not None


def proposed_percent(planned: int, channels: int) -> int:
    """10 to 20 % of the plan: the fewer units each channel has, the more does chance move its sales.

    Sales of n units deviate by √n, so the share that deviates is 1/√n.
    """
    each = max(1.0, planned / max(1, channels))
    return max(PERCENT_LEAST, min(PERCENT_MOST, PERCENT_LEAST + round(100 / math.sqrt(each))))
