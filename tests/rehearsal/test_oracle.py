"""The all-knowing controller on shows small enough to compute by hand."""

from holdfast.rehearsal.oracle import all_knowing
from tests.rehearsal.shows import buyer, platform, scenario


def test_whoever_comes_first_is_served_on_whatever_platform() -> None:
    show = scenario(platform("douyin"), platform("taobao"), stock=5)
    everybody = [buyer(1), buyer(2, "taobao", 3), buyer(3, "douyin", 2), buyer(4, "taobao"), buyer(5)]
    best = all_knowing(show, everybody)["cup"]
    # 1 + 3 of 5; the third wants 2 where 1 is left; the fourth takes it; the fifth finds nothing.
    assert (best.served, best.sold, best.bell_s, best.bell_units, best.left) == (5, 5, 4, 5, 0)


def test_what_comes_back_is_sold_again_and_the_bell_rings_once() -> None:
    show = scenario(platform(), stock=2)
    everybody = [buyer(1, undone_after_s=4), buyer(2), buyer(3), buyer(5), buyer(6)]
    best = all_knowing(show, everybody)["cup"]
    # The third finds nothing; at 5 s the first unit is back, and the fourth buyer has it.
    assert (best.served, best.sold, best.bell_s, best.bell_units) == (2, 3, 2, 2)
    assert best.left_over_time == [(1, 1), (2, 0), (5, 1), (5, 0)]


def test_without_a_sell_out_the_bell_is_the_end() -> None:
    show = scenario(platform(), stock=9, horizon_s=30)
    best = all_knowing(show, [buyer(1), buyer(2, undone_after_s=100)])["cup"]
    assert (best.served, best.bell_s, best.bell_units) == (2, 30, 2)
