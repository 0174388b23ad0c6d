"""An item "without limit" at a wrong price, and the bargain hunters who strip it."""

import random

from holdfast.cli.client import path_of

from .disaster import Claim, Disaster, Figure, Outcome, Words
from .live import Stage, Wish, stage

ORDERS = 6_000
HUNTERS = 300
UNITS = 100_000
PRICE_CENTS = 990
"""9.90 where 99.00 was meant."""
COST_CENTS = 4_500
LOSS_CENTS_MAX = 500_000
"""What the guard lets the shop lose: 5,000 yuan."""
SIX_FIGURES_CENTS = 10_000_000


def _play(seed: int) -> Outcome:
    with stage() as scene:
        without_cents, without_units = _stripped(scene, "UNLIMITED", seed, None)
        guard = {"period": "tonight", "loss_cents_max": LOSS_CENTS_MAX}
        with_cents, with_units = _stripped(scene, "GUARDED", seed, guard)
        frozen_s = scene.wait_for(path_of("v1", "skus", "GUARDED"), "frozen", True)
    stopped = "–" if frozen_s is None else f"{frozen_s:.2f}"
    return Outcome(
        (
            Figure(Words("被买走件数", "units taken"), without_units, with_units),
            Figure(Words("亏损（元）", "lost (yuan)"), without_cents / 100, with_cents / 100),
        ),
        (
            Claim(
                Words("没有对策时亏损六位数", "without the remedy six figures were lost"),
                without_cents >= SIX_FIGURES_CENTS,
            ),
            Claim(
                Words(
                    f"亏损不超过设定的 {LOSS_CENTS_MAX / 100:,.0f} 元",
                    f"no more was lost than the {LOSS_CENTS_MAX / 100:,.0f} yuan that were allowed",
                ),
                0 < with_cents <= LOSS_CENTS_MAX,
            ),
            Claim(Words("商品已自动停售", "the item was frozen by itself"), frozen_s is not None),
        ),
        (
            Words(
                f"抢购结束后 {stopped} 秒内商品已冻结，所有平台一并停售",
                f"frozen {stopped} s after the rush at the latest, which stops it on every platform",
            ),
        ),
    )


def _stripped(scene: Stage, sku: str, seed: int, guard: dict[str, object] | None) -> tuple[int, int]:
    """Let the same hunters loose on an item; cents lost and units gone."""
    fields = {"price_cents": PRICE_CENTS, "cost_cents": COST_CENTS}
    scene.item(sku, UNITS, **fields, **({"guard": guard} if guard else {}))
    chance = random.Random(seed)  # noqa: S311 - a script, nothing secret
    wishes = [
        Wish(f"{sku}-{number}", f"hunter-{chance.randrange(HUNTERS)}", chance.randint(1, 4))
        for number in range(ORDERS)
    ]
    told = scene.rush(sku, wishes)
    units = sum(wish.quantity for wish in wishes if told[wish.id] == "placed")
    return units * (COST_CENTS - PRICE_CENTS), units


UNLIMITED = Disaster(
    "unlimited",
    Words("“不限量”商品标错价，被羊毛党搬空", 'an item "without limit" at a wrong price is stripped'),
    Words("不限量，没有兜底", "no limit, nobody looks"),
    Words("亏损上限，到线即停", "an exposure limit that stops the sale"),
    _play,
)
