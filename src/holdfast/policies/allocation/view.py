"""What the allocation looks at and what it proposes; plain data, in units of each listing."""

from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tuning:
    """Numbers of the allocation, each with the measured effect of its neighbours in `docs/allocation.md`."""

    horizon_max_s: float = 360.0
    """Longest time that a listing is stocked for: an outage to ride out."""
    surplus_deviations_max: float = 3.0
    rate_spread: float = 0.3
    """Relative error of a rate ahead, beyond what counting explains."""
    long_share: float = 0.10
    """Weight of the long horizon in a unit's worth."""
    pool_share: float = 0.05
    pool_share_unsure: float = 0.4
    """Times the mean of 1/√sample: kept back while rates are poorly known."""
    pool_covers_s: float = 30.0
    """The pool is for the surprises of so many seconds: of stock that lasts longer, less is kept."""
    pool_fades_s: float = 3.0
    """The pool is given out when what is left lasts less than about this."""
    pool_units_min: int = 60
    """No pool is kept from fewer units."""
    window_share: float = 15.0
    """A horizon H is planned with rates learned over at least H / this."""
    hysteresis: float = 0.25
    watermark_deviations: float = 2.0
    move_share_min: float = 0.1
    """Smallest move, as a share of what the receiver has."""
    gain_min: float = 0.02
    """Smallest expected sales that a call must bring."""
    display_share_min: float = 0.02
    """Share of the SKU's demand that a quiet listing is stocked for."""
    blur_share: float = 0.15
    """A reading is wanted when unheard sales exceed this share of the counter."""


@dataclass(slots=True)
class Line:
    """One listing of the SKU as it seems now; times in seconds, rates in units of the listing per second."""

    key: Hashable
    have: float
    """Expected on the counter, with a grant that is under way."""
    rates: list[float]
    samples: list[float]
    unheard: float
    since_reading: int
    """Units heard of since the counter was last known exactly."""
    round_trip_s: float
    round_trip_high_s: float
    """A high quantile of it."""
    wait_s: float
    """Until the platform's rate cap lets a call pass."""
    draw: int = 1
    """Units of the SKU in one unit of the listing."""
    busy: bool = False
    """A write is under way: no other is made before it ends."""
    grantable: int = 0
    """Units that the pools of all its SKUs allow to grant now."""
    recallable: bool = False
    under_run_refused: bool = False
    """The platform refuses a recall of more than is there."""
    weight: float = 1.0
    minimum: int = 0
    ceiling: float = float("inf")
    """Most it may have: its rule, or another SKU of a bundle that runs short."""
    readable: bool = False
    reading_due: bool = False
    """Something happened that only a reading can clear up."""


@dataclass(slots=True)
class View:
    """All listings of one SKU that can be moved now, and the units not given out."""

    pool: int
    lines: list[Line]
    opened: bool
    """It has begun to sell; before, everything is dealt out without regard to the cost of calls."""
    crowd: bool = False
    """So many SKUs share the calls that reviews must be rare."""


@dataclass(slots=True)
class Proposal:
    """A move of `units` (negative: back to the pool), or a reading (0); `score` is sales saved per call."""

    key: Hashable
    units: int
    score: float


@dataclass(slots=True)
class Plan:
    """What to do, and when to look again if nothing happens."""

    moves: list[Proposal] = field(default_factory=list)
    readings: list[Proposal] = field(default_factory=list)
    targets: dict[Hashable, float] = field(default_factory=dict)
    review_in_s: float = 20.0
