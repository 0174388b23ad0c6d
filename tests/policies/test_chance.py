"""The probabilities against sums done the slow way."""

import math

import pytest

from holdfast.policies.chance import Reach, expected_sales, extra_sales


def poisson(mean: float, count: int) -> float:
    return math.exp(-mean + count * math.log(mean) - math.lgamma(count + 1))


@pytest.mark.parametrize("mean", [0.1, 1.0, 7.5, 40.0, 90.0])
@pytest.mark.parametrize("stock", [0, 1, 5, 30, 95, 300])
def test_expected_sales_is_the_mean_of_the_smaller_of_demand_and_stock(mean: float, stock: int) -> None:
    slow = sum(min(count, stock) * poisson(mean, count) for count in range(600))
    assert expected_sales(mean, stock) == pytest.approx(slow, rel=0.005, abs=0.02)


def test_extra_sales_fall_with_every_unit() -> None:
    gains = [extra_sales(6.0, stock, 1) for stock in range(15)]
    assert gains == sorted(gains, reverse=True)
    assert sum(gains) == pytest.approx(expected_sales(6.0, 15))


def test_a_well_known_mean_reaches_like_poisson() -> None:
    reach, left = Reach(4.0, 1e7), 1.0
    for count in range(10):
        left -= poisson(4.0, count)
        assert reach.chance == pytest.approx(left, abs=1e-5)
        reach.step()


def test_the_less_is_known_the_farther_demand_may_reach() -> None:
    known, unknown = Reach(4.0, 1000.0), Reach(4.0, 3.0)
    for _ in range(12):
        known.step()
        unknown.step()
    assert unknown.chance > 10 * known.chance
