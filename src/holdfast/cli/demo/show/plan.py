"""What happens in the show and when, all from one seed: who comes where, what goes viral, what fails."""

import math
import random
from collections.abc import Iterator

import msgspec

SHOW_S = 75.0
SKU = "LIVE-001"
SHOP = "shop"
VIRAL = "douyin"
SILENT = "kuaishou"
PLATFORMS = ("douyin", "kuaishou", "taobao")
CHANNELS = (*PLATFORMS, SHOP)
NAMES = {
    "douyin": "Douyin 抖音",
    "kuaishou": "Kuaishou 快手",
    "taobao": "Taobao 淘宝",
    "shop": "own shop 自营",
}

ORDERS_PER_S = {"douyin": 7.0, "kuaishou": 7.0, "taobao": 6.0, "shop": 5.0}
"""What each channel is known to sell; a split made before the show can know no more."""
VIRAL_FACTOR = 4.0
_UNITS_PER_S = 35.0
"""Stock for each second of the show: less than what the buyers want in it."""
_OUTAGE_FROM, _OUTAGE_SHARE = 0.1, 0.8
_VIRAL_FROM, _RAMP_SHARE = 0.35, 0.05
_TWO_UNITS_SHARE = 0.12
_ABANDONS_SHARE, _PAYS_LATER_SHARE = 0.05, 0.2
_THINKS_S = (0.5, 3.0)


class Plan(msgspec.Struct, frozen=True):
    """The show's times in seconds from its start; the webhooks are gone for a minute of the usual 75 s."""

    seed: int
    show_s: float = SHOW_S

    @property
    def stock(self) -> int:
        """Units for all channels together."""
        return round(_UNITS_PER_S * self.show_s)

    @property
    def poll_every_s(self) -> float:
        """Between two looks at a platform's order list, where orders are found whose push was lost."""
        return max(1.0, min(5.0, self.show_s / 15))

    @property
    def viral_at_s(self) -> float:
        """From when on one platform sells several times as fast as anybody knew."""
        return _VIRAL_FROM * self.show_s

    @property
    def outage_s(self) -> tuple[float, float]:
        """From when until when one platform loses every push."""
        return _OUTAGE_FROM * self.show_s, (_OUTAGE_FROM + _OUTAGE_SHARE) * self.show_s

    def orders_per_s(self, channel: str, at_s: float) -> float:
        """How fast buyers come at that moment."""
        rate = ORDERS_PER_S[channel]
        if channel != VIRAL:
            return rate
        risen = (at_s - self.viral_at_s) / (_RAMP_SHARE * self.show_s)
        return rate * (1 + (VIRAL_FACTOR - 1) * min(1.0, max(0.0, risen)))


class Buyer(msgspec.Struct, frozen=True):
    """One who comes once; `thinks_s` passes before paying, or before the order is abandoned."""

    number: int
    at_s: float
    channel: str
    quantity: int
    abandons: bool
    thinks_s: float

    @property
    def name(self) -> str:
        """Who buys, as the channel names them."""
        return f"viewer-{self.number:06d}"

    @property
    def hold_id(self) -> str:
        """The id of an order in the shop."""
        return f"show-{self.number:06d}"


def cast(plan: Plan) -> list[Buyer]:
    """All buyers in the order in which they come; the same ones for the same plan."""
    chance = random.Random(plan.seed)  # noqa: S311 - a script, nothing secret
    arrivals = sorted((at_s, channel) for channel in CHANNELS for at_s in _arrivals(plan, channel, chance))
    buyers = []
    for number, (at_s, channel) in enumerate(arrivals, start=1):
        quantity = 2 if chance.random() < _TWO_UNITS_SHARE else 1
        draw, thinks_s = chance.random(), chance.uniform(*_THINKS_S)
        abandons = draw < _ABANDONS_SHARE
        thinks = abandons or draw < _ABANDONS_SHARE + _PAYS_LATER_SHARE
        buyers.append(Buyer(number, at_s, channel, quantity, abandons, thinks_s if thinks else 0.0))
    return buyers


def _arrivals(plan: Plan, channel: str, chance: random.Random) -> Iterator[float]:
    """Moments of a Poisson process: drawn at the highest rate, and kept by the rate's share of it."""
    highest = max(plan.orders_per_s(channel, at_s) for at_s in (0.0, plan.show_s))
    at_s = 0.0
    while True:
        at_s -= math.log(1.0 - chance.random()) / highest
        if at_s >= plan.show_s:
            return
        if chance.random() * highest < plan.orders_per_s(channel, at_s):
            yield at_s
