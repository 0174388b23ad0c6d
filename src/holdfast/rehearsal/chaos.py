"""Hostile shows: everything that can go wrong goes wrong, from a seed, and nothing may be sold twice.

Calls are lost, late, doubled or applied after they timed out; messages likewise; tokens expire, the store
refuses, people change rules and take units away; and our process dies at any step. Then comes a quiet time,
after which every counter must be the right on file.
"""

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import msgspec

from holdfast.sync.core import Core
from holdfast.sync.messages import ListingId, Rule

from . import process
from .generate import generate
from .measures import Figures
from .process import Crash, Hazards
from .process.hazards import Step
from .scenario import Lag, Outage, Platform, Scenario
from .show import Show

QUIET_S = 450.0
"""Longer than the core takes to sweep over counters that nothing happens on."""
LAST_MOVES_S = 20
"""A move may be on its way at any moment; the books need be equal only once in so long."""
_CRASHES_MAX = 12


class Ordeal(NamedTuple):
    """How a hostile show went; `problems` empty means that all held."""

    seed: int
    figures: Figures
    crash_count: int
    problems: list[str]

    def failures(self) -> list[str]:
        """What must not happen and did."""
        figures = self.figures
        beyond = [f"{figures.oversold} oversold, {figures.violations} violations"]
        return [*(beyond if figures.oversold or figures.violations else []), *self.problems]

    def to_json(self) -> dict[str, Any]:
        """The seed, the figures, and what failed."""
        return {
            "seed": self.seed,
            **msgspec.to_builtins(self.figures),
            "crashes": self.crash_count,
            "problems": self.problems,
        }


class HostileHazards(Hazards):
    """Kills the process at random steps and lets the store refuse now and then, until `calm`."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._crashes_left = random.randrange(_CRASHES_MAX + 1)
        self._p_refused = random.choice((0.0, 0.01, 0.1))
        # Deciding and calling are rarer than hearing, and more dangerous.
        self._p_crash = {
            Step.HEARD: random.choice((0.0, 0.002, 0.02)),
            Step.DECIDED: random.choice((0.0, 0.02, 0.1)),
            Step.COMMITTED: random.choice((0.0, 0.02, 0.1)),
            Step.CALLED: random.choice((0.0, 0.02, 0.1)),
        }
        self.calm = False

    def step(self, step: Step) -> None:
        """Dies here, perhaps."""
        if not self.calm and self._crashes_left and self._random.random() < self._p_crash[step]:
            self._crashes_left -= 1
            self.restart_after_s = self._random.choice((0.0, 0.2, 2.0, 15.0))
            raise Crash

    def refuses_commit(self) -> bool:
        """Busy, perhaps."""
        return not self.calm and self._random.random() < self._p_refused


def play_hostile(
    seed: int, scenario: Scenario | None = None, make_core: Callable[[], process.Core] = Core
) -> Ordeal:
    """One hostile show; without a scenario a small random one. The same seed gives the same show."""
    random = Random(f"chaos/{seed}")  # noqa: S311 - a simulation, nothing secret
    scenario = worsened(scenario or generate("small", seed), random)
    hazards = HostileHazards(random)
    show = Show(scenario, seed, make_core, hazards)
    _plan(show, random)
    played = show.play()
    hazards.calm = True
    for platform in show.world.platforms.values():
        platform.token_expired = False
    show.world.settle(QUIET_S)
    for _ in range(LAST_MOVES_S):
        if show.unequal():
            show.world.settle(1.0)
    problems = [*played.problems, *(f"after quiet: {line}" for line in show.unequal())]
    return Ordeal(seed, played.figures, show.driver.crash_count, problems)


def worsened(scenario: Scenario, random: Random) -> Scenario:
    """The same customers, before platforms at their worst."""
    platforms = tuple(_worse(platform, scenario.horizon_s, random) for platform in scenario.platforms)
    return msgspec.structs.replace(scenario, platforms=platforms)


def _worse(platform: Platform, horizon_s: float, random: Random) -> Platform:
    api = msgspec.structs.replace(
        platform.api,
        rtt_sigma=random.choice((0.3, 0.6, 1.0)),
        rtt_max_s=random.choice((0.8, 1.4)),
        p_lost_request=random.choice((0.0, 0.05, 0.2)),
        p_lost_response=random.choice((0.0, 0.05, 0.2)),
        p_error=random.choice((0.0, 0.05, 0.2)),
    )
    push = msgspec.structs.replace(
        platform.push,
        median_s=random.choice((0.3, 1.0, 5.0)),
        sigma=random.choice((0.5, 1.0, 1.5)),
        p_lost=random.choice((0.0, 0.1, 0.5, 1.0)),
        p_dup=random.choice((0.0, 0.1, 0.5)),
    )
    begin_s = random.uniform(0, horizon_s)
    outage = Outage(begin_s, begin_s + random.uniform(3, 30), random.random() < 0.8, random.random() < 0.8)
    lag = Lag(random.uniform(0, horizon_s / 2), horizon_s, random.uniform(0, 20))
    return msgspec.structs.replace(
        platform,
        api=api,
        push=push,
        read_stale_s=random.choice((0.0, 0.3, 3.0)),
        poll=msgspec.structs.replace(platform.poll, max=random.choice((3, 20, 200))),
        dec=random.choice(("refuse", "partial", "refuse", "partial", "negative")),
        write=random.choice(("relative", "relative", "compare_and_set")),
        idempotent=random.random() < 0.6,
        ack_stock=random.random() < 0.5,
        outages=(outage,) if random.random() < 0.4 else (),
        lags=(lag,) if random.random() < 0.3 else (),
    )


def _plan(show: Show, random: Random) -> None:
    """What people and tokens do to us during the show."""
    timeline, horizon_s = show.world.timeline, show.scenario.horizon_s
    for platform in show.scenario.platforms:
        for _ in range(random.choice((0, 0, 1, 3))):
            timeline.at(random.uniform(0, horizon_s), show.world.expire_token, platform.id)
        for sku in show.scenario.skus:
            if random.random() < 0.2:
                rule = random.choice((Rule(paused=True), Rule(minimum=3), Rule(maximum=5), Rule(fixed=4)))
                listing = ListingId(platform.id, sku.id)
                timeline.at(random.uniform(0, horizon_s), show.driver.change_rule, listing, rule)
    for sku in show.scenario.skus:
        if random.random() < 0.3:
            timeline.at(random.uniform(0, horizon_s), _take_away, show, sku.id, random.randrange(1, 20))


def _take_away(show: Show, sku: str, units: int) -> None:
    show.world.take_away(sku, -show.driver.change_pool(sku, -units))
