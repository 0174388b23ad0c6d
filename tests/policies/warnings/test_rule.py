"""The ladder of warnings: which rung stands, what is told of it, and when it is told again."""

import pytest

from holdfast.policies.warnings import (
    Advice,
    Channel,
    Kind,
    Level,
    Lines,
    State,
    Tier,
    View,
    acknowledged,
    evaluate,
)
from tests.policies.warnings.shows import sku, watch

# available, a minute, debt → tier, line, level; of a peak of 1,000 units, first look.
FIRST_LOOK = [
    (1_000, 0, 0, None, None, None),
    (201, 0, 0, None, None, None),
    (200, 0, 0, Tier.SAFETY_LINE, 20, Level.NOTICE),
    (101, 0, 0, Tier.SAFETY_LINE, 20, Level.NOTICE),
    (100, 0, 0, Tier.PERCENTAGE_LINE, 10, Level.WARNING),
    (50, 0, 0, Tier.PERCENTAGE_LINE, 5, Level.WARNING),
    (20, 0, 0, Tier.ABSOLUTE_LINE, 20, Level.WARNING),
    (900, 89, 0, None, None, None),
    (900, 90, 0, Tier.EMPTY_SOON, 600, Level.WARNING),
    (900, 300, 0, Tier.EMPTY_NOW, 180, Level.CRITICAL),
    (20, 1, 0, Tier.ABSOLUTE_LINE, 20, Level.WARNING),
    (20, 2, 0, Tier.EMPTY_SOON, 600, Level.WARNING),
    (0, 0, 0, Tier.SOLD_OUT, 0, Level.CRITICAL),
    (0, 300, 0, Tier.SOLD_OUT, 0, Level.CRITICAL),
    (-3, 0, 0, Tier.SOLD_OUT, 0, Level.CRITICAL),
    (900, 0, 1, Tier.OVERSOLD, 0, Level.CRITICAL),
    (0, 300, 7, Tier.OVERSOLD, 0, Level.CRITICAL),
]


@pytest.mark.parametrize(("available", "speed", "debt", "tier", "line", "level"), FIRST_LOOK)
def test_the_worst_rung_that_holds_is_told(
    available: int, speed: float, debt: int, tier: Tier | None, line: float | None, level: Level | None
) -> None:
    warning = evaluate(sku(available, speed, debt=debt), Lines(absolute=20), State(), 0.0).warning
    if warning is None:
        assert tier is None
        return
    assert (warning.kind, warning.tier, warning.figures.line, warning.level) == (
        Kind.RAISED,
        tier,
        line,
        level,
    )


def test_a_sale_down_to_nothing_tells_each_rung_once() -> None:
    _, told = watch((float(step), sku(1_000 - step)) for step in range(1_001))
    assert [(each.tier, each.figures.available) for each in told] == [
        (Tier.SAFETY_LINE, 200),
        (Tier.PERCENTAGE_LINE, 100),
        (Tier.PERCENTAGE_LINE, 50),
        (Tier.ABSOLUTE_LINE, 20),
        (Tier.SOLD_OUT, 0),
    ]


def test_a_sku_that_never_had_anything_is_not_sold_out() -> None:
    assert evaluate(View("A1", 0, 0), Lines(), State(), 0.0) == evaluate(
        View("A1", 0, 0), Lines(), State(), 1.0
    )
    assert evaluate(View("A1", 0, 0), Lines(), State(), 0.0).warning is None


def test_without_a_known_peak_a_sold_out_sku_stays_so_when_its_sales_stop() -> None:
    looks = [(0.0, sku(10, 60, peak=0)), (10.0, sku(0, 60, peak=0)), (90.0, sku(0, 0, peak=0))]
    state, told = watch(looks)
    assert [each.tier for each in told] == [Tier.EMPTY_NOW, Tier.SOLD_OUT]
    assert state.standing is not None


def test_an_absolute_line_above_the_whole_quantity_says_nothing() -> None:
    assert evaluate(sku(30, peak=30), Lines(absolute=50), State(), 0.0).warning is None


def test_it_clears_well_above_the_line_only() -> None:
    looks = [(0.0, sku(200)), (1.0, sku(201)), (2.0, sku(250)), (3.0, sku(251))]
    _, told = watch(looks)
    assert [(each.kind, each.figures.available) for each in told] == [
        (Kind.RAISED, 200),
        (Kind.CLEARED, 251),
    ]


def test_a_small_sku_clears_when_it_is_full_again() -> None:
    for peak in range(1, 30):
        state, told = watch([(0.0, sku(0, peak=peak)), (1.0, sku(peak, peak=peak))])
        assert [each.kind for each in told] == [Kind.RAISED, Kind.CLEARED], peak
        assert state.standing is None


def test_a_restock_part_of_the_way_eases() -> None:
    _, told = watch([(0.0, sku(0)), (1.0, sku(90)), (2.0, sku(1_000))])
    assert [(each.kind, each.tier, each.level) for each in told] == [
        (Kind.RAISED, Tier.SOLD_OUT, Level.CRITICAL),
        (Kind.EASED, Tier.PERCENTAGE_LINE, Level.WARNING),
        (Kind.CLEARED, Tier.PERCENTAGE_LINE, Level.WARNING),
    ]


def test_when_sales_stop_a_rung_of_time_eases_to_the_milder_one_that_still_holds() -> None:
    lines = Lines()
    before = evaluate(sku(150, 90), lines, State(), 0.0)
    assert before.warning is not None
    assert before.warning.tier is Tier.EMPTY_NOW
    after = evaluate(sku(150, 0), lines, before.state, 100.0).warning
    assert after is not None
    assert (after.kind, after.tier, after.level) == (Kind.EASED, Tier.SAFETY_LINE, Level.NOTICE)


def test_the_same_rung_is_quiet_for_a_while_and_told_if_it_still_stands() -> None:
    low, full = sku(190), sku(900)
    looks = [(0.0, low), (10.0, full), (20.0, low), (59.0, low), (60.0, low), (61.0, low)]
    _, told = watch(looks, Lines(quiet_s=60))
    assert [(each.kind, each.at_s) for each in told] == [
        (Kind.RAISED, 0.0),
        (Kind.CLEARED, 10.0),
        (Kind.RAISED, 60.0),
    ]


def test_what_was_never_told_is_not_cleared_aloud() -> None:
    low, full = sku(190), sku(900)
    _, told = watch([(0.0, low), (10.0, full), (20.0, low), (30.0, full)], Lines(quiet_s=60))
    assert [each.at_s for each in told] == [0.0, 10.0]


def test_quiet_time_never_hides_sold_out() -> None:
    _, told = watch([(0.0, sku(0)), (1.0, sku(900)), (2.0, sku(0))], Lines(quiet_s=3_600))
    assert [each.kind for each in told] == [Kind.RAISED, Kind.CLEARED, Kind.RAISED]


def test_unseen_it_gets_louder_a_bounded_number_of_times() -> None:
    looks = [(float(now_s), sku(190)) for now_s in range(0, 3_600, 30)]
    _, told = watch(looks, Lines(escalate_after_s=120, escalations_max=2))
    assert [(each.kind, each.level, each.at_s) for each in told] == [
        (Kind.RAISED, Level.NOTICE, 0.0),
        (Kind.ESCALATED, Level.WARNING, 120.0),
        (Kind.ESCALATED, Level.CRITICAL, 240.0),
    ]


def test_acknowledged_it_stays_quiet_until_it_gets_worse() -> None:
    state, _ = watch([(0.0, sku(190))])
    state = acknowledged(state, "lin")
    state, told = watch([(float(now_s), sku(150)) for now_s in range(1, 3_600, 60)], state=state)
    assert told == []
    _, told = watch([(3_600.0, sku(99))], state=state)
    assert [(each.kind, each.tier) for each in told] == [(Kind.RAISED, Tier.PERCENTAGE_LINE)]


def test_an_acknowledgement_outlives_an_easing_but_not_a_second_sell_out() -> None:
    state, _ = watch([(0.0, sku(0))])
    _, told = watch([(1.0, sku(90)), (500.0, sku(90)), (501.0, sku(0))], state=acknowledged(state, "lin"))
    assert [each.kind for each in told] == [Kind.EASED, Kind.RAISED]


def test_nothing_stands_to_acknowledge() -> None:
    assert acknowledged(State(), "lin") == State()


def test_a_louder_warning_is_not_softened_by_a_worse_tier() -> None:
    _, told = watch([(0.0, sku(190)), (120.0, sku(190)), (240.0, sku(190)), (241.0, sku(90))])
    assert [each.level for each in told][-2:] == [Level.CRITICAL, Level.CRITICAL]


def test_a_line_taken_out_of_the_settings_clears() -> None:
    state, _ = watch([(0.0, sku(190))], Lines(safety_percent=20))
    _, told = watch([(1.0, sku(190))], Lines(safety_percent=15), state)
    assert [each.kind for each in told] == [Kind.CLEARED]


def test_the_figures_tell_how_long_stock_and_reserve_last() -> None:
    view = View("A1", 220, 1_000, reserve=70, taken_per_minute=60, channels=(Channel("douyin", 0),))
    warning = evaluate(view, Lines(), State(), 5.0).warning
    assert warning is not None
    assert warning.figures.empty_in_s == pytest.approx(220)
    assert warning.figures.reserve_lasts_s == pytest.approx(70)
    assert warning.figures.percent == pytest.approx(22)
    assert warning.figures.channels_empty == ("douyin",)


def test_a_speed_next_to_nothing_lasts_for_ever() -> None:
    warning = evaluate(sku(190, 5e-324, reserve=7), Lines(), State(), 0.0).warning
    assert warning is not None
    assert (warning.figures.empty_in_s, warning.figures.reserve_lasts_s) == (None, None)


ADVICE = [
    (190, 500, "B2", 0, (Advice.HOST_SPEECH, Advice.RESTOCK)),
    (90, 500, "B2", 0, (Advice.OPEN_RESERVE, Advice.HOST_SPEECH, Advice.NEXT_ITEM)),
    (90, 0, None, 0, (Advice.HOST_SPEECH, Advice.RESTOCK)),
    (0, 0, "B2", 0, (Advice.NEXT_ITEM, Advice.RESTOCK)),
    (0, 500, None, 0, (Advice.OPEN_RESERVE,)),
    (0, 500, "B2", 3, (Advice.OPEN_RESERVE, Advice.NEXT_ITEM, Advice.RESTOCK)),
]


@pytest.mark.parametrize(("available", "reserve", "next_item", "debt", "advice"), ADVICE)
def test_each_warning_says_what_could_be_done(
    available: int, reserve: int, next_item: str | None, debt: int, advice: tuple[Advice, ...]
) -> None:
    view = View("A1", available, 1_000, reserve=reserve, next_item=next_item, debt=debt)
    warning = evaluate(view, Lines(), State(), 0.0).warning
    assert warning is not None
    assert warning.advice == advice


@pytest.mark.parametrize(
    "wrong",
    [
        {"safety_percent": 0},
        {"percentages": (30,)},
        {"percentages": (10, 10)},
        {"absolute": 0},
        {"empty_now_s": 700.0},
        {"clear_units": 0},
        {"escalate_after_s": 0.0},
    ],
)
def test_lines_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        Lines(**wrong)  # type: ignore[arg-type]
