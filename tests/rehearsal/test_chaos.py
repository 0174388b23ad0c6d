"""Hostile shows: nothing is sold twice, and after quiet both sides agree; `bench.chaos` plays thousands."""

import pytest

from holdfast.rehearsal.chaos import play_hostile
from holdfast.rehearsal.generate import generate
from tests.rehearsal.test_show import Forgets

SEEDS = range(36)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_hostile_show_oversells_nothing_and_ends_equal(seed: int) -> None:
    ordeal = play_hostile(seed)
    print(f"seed {seed}: {ordeal.figures.sold} sold, {ordeal.crash_count} crashes")
    assert ordeal.failures() == [], f"replay it: holdfast rehearse --chaos --seed {seed}"


def test_the_same_seed_is_the_same_show() -> None:
    assert play_hostile(5) == play_hostile(5)


def test_the_shows_are_hostile() -> None:
    ordeals = [play_hostile(seed) for seed in range(12)]
    assert sum(ordeal.crash_count for ordeal in ordeals) > 12
    assert sum(ordeal.figures.sold for ordeal in ordeals) > 500


def test_a_scenario_of_ones_own_can_be_made_hostile() -> None:
    assert play_hostile(2, generate("drop", 2)).failures() == []


def test_a_core_that_loses_its_grants_fails() -> None:
    failures = [failure for seed in range(4) for failure in play_hostile(seed, make_core=Forgets).failures()]
    assert any(failure.startswith("after quiet") for failure in failures)
