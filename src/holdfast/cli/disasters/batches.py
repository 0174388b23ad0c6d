"""A big promotion: everything on sale from the first minute, or in batches that open at their time.

In the middle of it the power goes: the server is killed just before a batch is due, and started again after.
"""

import math
import time
from datetime import UTC, datetime
from typing import Any

import msgspec

from holdfast.cli.client import path_of

from .disaster import Claim, Disaster, Figure, Outcome, Words
from .live import CHANNEL, Stage, Wish, stage

STOCK = 900
EARLY = 1_000
"""Scripts that take what they find in the first second."""
COMERS = (250, 350, 300)
"""Buyers who come for each window, one unit each."""
BATCH = STOCK // len(COMERS)
FIRST_AFTER_S, EVERY_S, OPEN_S = 1.5, 3.0, 1.6
"""Of a machine that starts a server within a second; a slower one is given windows as much longer."""
KILL_BEFORE_S = 0.2
EXACT_S = 0.5
"""Of a batch no power cut delays. The story tells the milliseconds; `bench.flash.opening` measures them."""

_GONE = Words("全部库存一开场就放出", "the whole stock on sale from the first minute")
_BATCHES = Words(
    "分三批锁货，到点准时开售，没卖完转下一批", "three locked batches that open at their time and carry over"
)


class Plan(msgspec.Struct, frozen=True):
    """When the windows open and close, in seconds since 1970."""

    began_s: float
    pace: float
    """How many times longer than usual everything is given."""

    def opens_s(self, window: int) -> float:
        """When it opens; the one after the last is when all is over."""
        return self.began_s + self.pace * (FIRST_AFTER_S + window * EVERY_S)

    def closes_s(self, window: int) -> float:
        """When it closes."""
        return self.opens_s(window) + self.pace * OPEN_S


def _play(seed: int) -> Outcome:
    with stage() as scene:
        scene.item("ALL-AT-ONCE", STOCK)
        scene.rush("ALL-AT-ONCE", _early("ALL-AT-ONCE"))
        without = [_served(scene, "ALL-AT-ONCE", window) for window in range(len(COMERS))]
        plan = Plan(time.time(), max(1.0, scene.start_s))
        _lock(scene, plan)
        scene.rush("BATCHES", _early("BATCHES"))
        served = [_window(scene, plan, window) for window in range(len(COMERS))]
        _sleep_until(plan.opens_s(len(COMERS)))
        drops = [scene.client.get(path_of("v1", "drops", f"batch-{n}")) for n in range(len(COMERS))]
        stock = scene.client.get(path_of("v1", "stock", "BATCHES"))
        verified = bool(scene.end()["ok"])
    return _outcome(without, served, drops, stock, verified)


def _outcome(
    without: list[int], served: list[int], drops: list[dict[str, Any]], stock: dict[str, Any], verified: bool
) -> Outcome:
    late = [_late_s(drop) for drop in drops]
    figures = [
        Figure(
            Words(
                f"第 {n + 1} 批的 {COMERS[n]} 位买家买到", f"of {COMERS[n]} buyers of window {n + 1} served"
            ),
            without[n],
            served[n],
        )
        for n in range(len(COMERS))
    ]
    held = int(stock["held"])
    return Outcome(
        tuple(figures),
        (
            Claim(
                Words(
                    "没有对策时，后面的买家一件也没有",
                    "without the remedy nothing was left for later windows",
                ),
                without[1] == without[2] == 0,
            ),
            Claim(
                Words(
                    "每批都有货，守约的买家都买到",
                    "every window had units, and all who came for it were served",
                ),
                served == list(COMERS),
            ),
            Claim(
                Words(
                    "第 1、3 批准时开售（半秒之内）", "batches 1 and 3 opened on time, within half a second"
                ),
                late[0] < EXACT_S and late[2] < EXACT_S,
            ),
            Claim(
                Words(
                    "断电错过的第 2 批重启后补开，且只开一次",
                    "the batch missed in the power cut opened once, after the restart",
                ),
                0 < late[1] < math.inf and [drop["status"] for drop in drops] == ["closed"] * len(drops),
            ),
            Claim(
                Words("件数分毫不差，账目核对一致", "no unit doubled or lost; verify agrees"),
                verified and held == sum(served) == STOCK and int(stock["on_hand"]) == STOCK,
            ),
        ),
        tuple(
            Words(
                f"第 {n + 1} 批：{drop['quantity']} 件，晚 {late[n] * 1000:.0f} 毫秒开售",
                f"batch {n + 1}: {drop['quantity']} units, opened {late[n] * 1000:.0f} ms after its time",
            )
            for n, drop in enumerate(drops)
        ),
    )


def _early(sku: str) -> list[Wish]:
    return [Wish(f"{sku}-early-{n}", f"script-{n}", 1) for n in range(EARLY)]


def _served(scene: Stage, sku: str, window: int) -> int:
    wishes = [Wish(f"{sku}-{window}-{n}", f"buyer-{window}-{n}", 1) for n in range(COMERS[window])]
    return sum(word == "placed" for word in scene.rush(sku, wishes).values())


def _lock(scene: Stage, plan: Plan) -> None:
    """Lock all batches, the last one first, so that each has one to carry over to."""
    scene.client.put(path_of("v1", "skus", "BATCHES"), {"name": "BATCHES"})
    scene.move("BATCHES", "supplier", "unallocated", STOCK)
    for window in reversed(range(len(COMERS))):
        body: dict[str, Any] = {
            "sku": "BATCHES",
            "channels": {CHANNEL: BATCH},
            "opens_at": _text(plan.opens_s(window)),
            "closes_at": _text(plan.closes_s(window)),
        }
        if window + 1 < len(COMERS):
            body |= {"leftover": "carry", "carry_to": f"batch-{window + 1}"}
        scene.client.put(path_of("v1", "drops", f"batch-{window}"), body)


def _window(scene: Stage, plan: Plan, window: int) -> int:
    opens_s = plan.opens_s(window)
    if window == 1:
        _sleep_until(opens_s - KILL_BEFORE_S)
        scene.kill_and_restart()
    _sleep_until(opens_s)
    scene.wait_for(path_of("v1", "drops", f"batch-{window}"), "status", "open")
    return _served(scene, "BATCHES", window)


def _late_s(drop: dict[str, Any]) -> float:
    """Seconds after its time that it opened; infinite if it never did."""
    if drop["opened_at"] is None:
        return math.inf
    opened, due = (datetime.fromisoformat(drop[name]) for name in ("opened_at", "opens_at"))
    return (opened - due).total_seconds()


def _text(at_s: float) -> str:
    return datetime.fromtimestamp(at_s, UTC).isoformat()


def _sleep_until(at_s: float) -> None:
    time.sleep(max(0.0, at_s - time.time()))


BATCHES = Disaster(
    "batches",
    Words("大促：一开场就被抢空，后面的场次没货", "a big promotion is gone in its first minute"),
    _GONE,
    _BATCHES,
    _play,
)
