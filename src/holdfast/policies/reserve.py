"""The reserve 弹性库存 is opened in steps, and only when the main stock is truly out.

Truly out means: nothing available for `confirm_s`, every channel's news complete up to when it ran out, and
the unpaid holds that may come back do not cover what sells meanwhile. A step covers `cover_s` of sales.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum


class Cause(StrEnum):
    """Why a step is opened, or why not."""

    OPEN = "open"
    MAIN_STOCK_LEFT = "main_stock_left"
    RESERVE_EMPTY = "reserve_empty"
    NOT_CONFIRMED = "not_confirmed"
    NEWS_LATE = "news_late"
    NOTHING_SELLS = "nothing_sells"
    HOLDS_MAY_COME_BACK = "holds_may_come_back"
    RESTING = "resting"


@dataclass(frozen=True, slots=True)
class Tuning:
    """Times in seconds, shares from 0 to 1."""

    confirm_s: float = 3.0
    rest_s: float = 10.0
    """So long after a step no other one is opened: the allocation has to deal it out first."""
    cover_s: float = 30.0
    step_share_min: float = 0.02
    """Smallest step, of the plan."""
    comes_back_share: float = 0.2
    """Of the units in unpaid holds, those expected to come back."""


@dataclass(frozen=True, slots=True)
class View:
    """One SKU as it is now, in units; `news_to_s` is up to when every channel's orders are known."""

    now_s: float
    available: int
    """In all channels and unallocated, not held."""
    unpaid: int
    reserve: int
    sold_per_s: float
    news_to_s: float
    planned: int


@dataclass(frozen=True, slots=True)
class Memory:
    """What the rule has to remember of a SKU from look to look."""

    out_since_s: float | None = None
    opened_at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do: open `units` (0: nothing), why, and what to remember."""

    units: int
    cause: Cause
    memory: Memory


def decide(view: View, memory: Memory, tuning: Tuning = Tuning()) -> Verdict:
    """Propose a step of the reserve, never more than is left of it."""
    if view.available > 0:
        return Verdict(0, Cause.MAIN_STOCK_LEFT, replace(memory, out_since_s=None))
    since_s = view.now_s if memory.out_since_s is None else memory.out_since_s
    out = replace(memory, out_since_s=since_s)
    cause = _against(view, out, since_s, tuning)
    if cause is not None:
        return Verdict(0, cause, out)
    back = int(view.unpaid * tuning.comes_back_share)
    wanted = math.ceil(view.sold_per_s * tuning.cover_s) - back
    if wanted <= 0:
        return Verdict(0, Cause.HOLDS_MAY_COME_BACK, out)
    units = min(view.reserve, max(wanted, math.ceil(view.planned * tuning.step_share_min)))
    return Verdict(units, Cause.OPEN, Memory(None, view.now_s))


def _against(view: View, memory: Memory, since_s: float, tuning: Tuning) -> Cause | None:
    if view.reserve <= 0:
        return Cause.RESERVE_EMPTY
    if memory.opened_at_s is not None and view.now_s - memory.opened_at_s < tuning.rest_s:
        return Cause.RESTING
    if view.now_s - since_s < tuning.confirm_s:
        return Cause.NOT_CONFIRMED
    if view.news_to_s < since_s:
        return Cause.NEWS_LATE
    if view.sold_per_s <= 0:
        return Cause.NOTHING_SELLS
    return None
