"""How units are dealt: a row of listings in, targets and moves out."""

from typing import Any

import pytest

from holdfast.policies.allocation import Line, Plan, Tuning, View, propose
from holdfast.policies.demand import TIME_SCALES_S


def line(key: str, have: float = 0, rate: float = 1.0, **more: Any) -> Line:
    """A listing with a well known rate."""
    scales = len(TIME_SCALES_S)
    values: dict[str, Any] = {
        "unheard": 0.0,
        "since_reading": 0,
        "round_trip_s": 0.2,
        "round_trip_high_s": 0.3,
        "wait_s": 0.0,
        "grantable": 10**6,
        "recallable": True,
    }
    return Line(key, have, [rate] * scales, [500.0] * scales, **(values | more))


def plan(pool: int, *lines: Line, opened: bool = True) -> Plan:
    return propose(View(pool, list(lines), opened), TIME_SCALES_S, Tuning())


def moves(found: Plan) -> dict[Any, int]:
    return {move.key: move.units for move in found.moves}


def test_few_units_go_where_they_sell() -> None:
    found = plan(20, line("slow", rate=0.5), line("fast", rate=4.5), opened=False)
    assert moves(found)["fast"] > 4 * moves(found).get("slow", 0) > 0
    assert sum(moves(found).values()) == 20


def test_of_many_units_a_share_stays_in_the_pool() -> None:
    found = plan(1000, line("a", rate=5.0), line("b", rate=5.0), opened=False)
    assert 900 < sum(found.targets.values()) < 1000


def test_the_pool_is_given_out_when_stock_lasts_a_moment_only() -> None:
    found = plan(100, line("a", rate=50.0), line("b", rate=50.0), opened=False)
    assert sum(found.targets.values()) == pytest.approx(100, abs=1)


def test_a_minimum_is_filled_first_and_a_ceiling_never_exceeded() -> None:
    found = plan(10, line("quiet", rate=0.01, minimum=4), line("busy", rate=9.0, ceiling=5.0), opened=False)
    assert found.targets["quiet"] >= 4
    assert found.targets["busy"] == 5


@pytest.mark.parametrize("units", [30, 600])
def test_weight_is_worth_units(units: int) -> None:
    found = plan(units, line("a", rate=8.0, weight=4.0), line("b", rate=8.0), opened=False)
    assert found.targets["a"] > found.targets["b"] + 2


def test_a_recall_takes_from_the_surplus_when_the_pool_is_empty() -> None:
    found = plan(0, line("rich", have=30, rate=0.1), line("poor", have=0, rate=8.0))
    assert moves(found)["rich"] < -10
    assert "poor" not in moves(found)


@pytest.mark.parametrize("donor", [{"recallable": False}, {"busy": True, "recallable": False}])
def test_nothing_is_recalled_where_that_is_not_possible(donor: dict[str, Any]) -> None:
    assert moves(plan(0, line("rich", have=30, rate=0.1, **donor), line("poor", rate=8.0))) == {}


def test_where_too_much_is_refused_only_what_will_still_be_there_is_asked_for() -> None:
    rich = {"have": 30, "rate": 8.0, "unheard": 9.0}
    asked = moves(plan(0, line("rich", **rich, under_run_refused=True), line("poor", rate=60.0)))["rich"]
    taken = moves(plan(0, line("rich", **rich), line("poor", rate=60.0)))["rich"]
    assert taken <= asked <= -1
    assert asked >= -(30 - 8.0 * 0.2 - 3)


def test_a_move_that_gains_nothing_is_not_made() -> None:
    assert moves(plan(5, line("a", have=80, rate=0.1), line("b", have=80, rate=0.1))) == {}


def test_balanced_listings_are_left_alone_until_the_next_trigger() -> None:
    found = plan(0, line("a", have=50, rate=1.0), line("b", have=50, rate=1.0))
    assert moves(found) == {}
    assert 1.0 < found.review_in_s <= 20.0


def test_a_bundle_counts_with_all_its_units() -> None:
    found = plan(12, line("single", rate=2.0), line("three", rate=2.0, draw=3), opened=False)
    assert found.targets["single"] + 3 * found.targets["three"] <= 12
    assert moves(found)["single"] > moves(found).get("three", 0)


def test_a_reading_is_wanted_when_unheard_sales_blur_the_counter() -> None:
    clear = plan(0, line("a", have=40, readable=True), line("b", have=40, readable=True))
    blurred = plan(0, line("a", have=40, readable=True, unheard=9.0), line("b", have=40, unheard=9.0))
    assert clear.readings == []
    assert [reading.key for reading in blurred.readings] == ["a"]


def test_no_listing_no_plan() -> None:
    assert plan(10).moves == []
