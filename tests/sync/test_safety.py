"""Whatever is lost, repeated, late or refused, wherever it crashes: nothing is sold twice, and all heals."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.sync.hostile import ACTIONS, World


class Hostile(RuleBasedStateMachine):
    """Hypothesis plays the enemy, and finds the shortest way to a broken promise."""

    world: World

    @initialize(units=st.integers(5, 60), kind=st.booleans())
    def begin(self, units: int, kind: bool) -> None:
        self.draws: list[int] = []
        self.world = World(self.pick, {"a": units, "b": units // 2})
        self.world.kind = kind

    def pick(self, count: int) -> int:
        return self.draws.pop() % count if self.draws else 0

    @rule(action=st.sampled_from(list(ACTIONS)), draws=st.lists(st.integers(0, 59), min_size=2, max_size=6))
    def act(self, action: str, draws: list[int]) -> None:
        self.draws = draws
        ACTIONS[action](self.world)

    @invariant()
    def nothing_is_sold_twice(self) -> None:
        if hasattr(self, "world"):
            self.world.check()


TestHostile: Any = Hostile.TestCase
TestHostile.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize("seed", range(30))
def test_a_long_hostile_run_stays_safe_and_heals(seed: int) -> None:
    dice = random.Random(seed)
    world = World(dice.randrange, {"a": dice.randint(10, 120), "b": dice.randint(5, 40)})
    world.kind = dice.random() < 0.3
    weights = {name: dice.choice((0.2, 1, 1, 3)) for name in ACTIONS}
    for name in ("crash", "crash before the calls", "crash at an answer", "wait long"):
        weights[name] *= 0.2
    for step in range(250):
        name = dice.choices(list(weights), list(weights.values()))[0]
        ACTIONS[name](world)
        try:
            world.check()
        except AssertionError as broken:
            raise AssertionError(f"seed {seed}, step {step}, {name}: {broken}") from broken
    world.heal()
    world.check()
    assert not world.stranded(), f"seed {seed}"
    assert not any(listing.current for listing in world.core._state.listings.values()), f"seed {seed}: stuck"
    assert not any(world.open_writes(listing) for listing in world.counters), f"seed {seed}"
