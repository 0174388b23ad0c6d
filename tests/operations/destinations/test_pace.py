"""The pace never passes a robot's limit in any minute."""

from holdfast.operations.destinations.pace import Pace


def test_no_minute_holds_more_than_the_limit() -> None:
    for limit in (20, 60, 100, 600):
        pace, now_s, sent = Pace(limit), 0.0, list[float]()
        while now_s < 300:
            wait_s = pace.wait_s(now_s)
            if wait_s > 0:
                now_s += wait_s + 1e-6
                continue
            pace.take(now_s)
            sent.append(now_s)
        for start in sent:
            assert sum(start <= at < start + 60 for at in sent) <= limit + 1e-9, limit
        assert len(sent) > 4 * limit * 0.7


def test_a_quiet_robot_gets_a_burst_at_once() -> None:
    pace = Pace(20)
    for _ in range(5):
        assert pace.wait_s(0.0) == 0
        pace.take(0.0)
    assert 0 < pace.wait_s(0.0) <= 4
