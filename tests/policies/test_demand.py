"""What sales teach about rates: late news, empty shelves, silence and a shared pitch."""

import pytest

from holdfast.policies.demand import SalesMemory, Stream, estimate


def selling(rate: float, seconds: float, lag_s: float = 0.0, forecast: float = 1.0) -> Stream:
    """A listing that sold evenly for so long; orders come `lag_s` late."""
    memory = SalesMemory(forecast)
    memory.stocked(0.0)
    step = 1 / rate
    for number in range(1, int(rate * (seconds - lag_s)) + 1):
        memory.sold(1, number * step, number * step + lag_s)
    return Stream(memory, lag_s / 2 or 0.001, 0.0, None, 0.0)


def test_without_sales_the_forecast_holds() -> None:
    (demand,) = estimate([Stream(SalesMemory(0.7), 1.0, 0.0)], 0.0)
    assert demand.rates[-1] == pytest.approx(0.7, rel=0.05)
    assert demand.unheard == 0.0


@pytest.mark.parametrize("rate", [2.0, 20.0])
def test_all_time_scales_find_an_even_rate(rate: float) -> None:
    (demand,) = estimate([selling(rate, 120.0)], 120.0)
    assert demand.rates[1] == pytest.approx(rate, rel=0.15)
    assert demand.rates[2] == pytest.approx(rate, rel=0.1)


def test_late_news_is_not_taken_for_little_demand() -> None:
    (demand,) = estimate([selling(10.0, 60.0, lag_s=4.0)], 60.0)
    assert demand.rates[1] == pytest.approx(10.0, rel=0.3)
    assert demand.unheard > 5.0


def test_a_sold_out_listing_keeps_its_rate() -> None:
    stream = selling(10.0, 30.0)
    stream.memory.emptied(30.0)
    (demand,) = estimate([stream], 90.0)
    assert demand.rates[1] == pytest.approx(10.0, rel=0.15)


def test_with_stock_silence_means_little_demand() -> None:
    (demand,) = estimate([selling(10.0, 30.0)], 90.0)
    assert demand.rates[1] < 1.0


def test_a_blind_channel_is_judged_by_what_was_heard_before() -> None:
    stream = selling(10.0, 30.0)
    stream.silent_from_s = 30.0
    (demand,) = estimate([stream], 60.0)
    assert demand.rates[0] > 4.0
    assert demand.unheard > 100.0, "sales go on unheard"


def test_a_pitch_seen_on_one_listing_lifts_the_others() -> None:
    quiet = Stream(SalesMemory(1.0), 1.0, 0.0, None, 0.0)
    quiet.memory.stocked(59.0)
    _, alone = estimate([selling(1.0, 60.0), quiet], 60.0)
    _, lifted = estimate([selling(8.0, 60.0), quiet], 60.0)
    assert lifted.rates[1] > 2 * alone.rates[1]
