"""What a simulated platform does with a call that reached it."""

from random import Random

import pytest

from holdfast.rehearsal.scenario import Platform, PollNews, RateLimit
from holdfast.rehearsal.world import News, NewsKind, ReplyStatus, Request
from holdfast.rehearsal.world.platform import SimulatedPlatform
from holdfast.sync.messages import Operation
from tests.rehearsal.shows import platform


def simulated(spec: Platform, counter: int = 5) -> SimulatedPlatform:
    return SimulatedPlatform(spec, {"cup": counter}, 0.0, Random(7), lambda *_: None)


def write(operation: Operation, quantity: int, repeat_id: str = "w1", expected: int | None = None) -> Request:
    return Request("c1", "douyin", operation, "cup", quantity, repeat_id, expected)


def order(number: int, at_s: float) -> News:
    return News(NewsKind.ORDERED, "douyin", "cup", str(number), 1, at_s, at_s)


@pytest.mark.parametrize(
    ("dec", "status", "applied", "counter"),
    [
        ("refuse", ReplyStatus.REFUSED, 0, 5),
        ("partial", ReplyStatus.OK, 5, 0),
        ("negative", ReplyStatus.OK, 8, -3),
    ],
)
def test_an_under_run_goes_as_the_platform_says(dec: str, status: str, applied: int, counter: int) -> None:
    one = simulated(platform(dec=dec))
    reply = one.serve(write(Operation.SUBTRACT, 8), 0.0, 0.1)
    assert (reply.status, reply.applied, one.counters["cup"]) == (status, applied, counter)


def test_a_repeat_hears_the_first_result_and_changes_nothing() -> None:
    one = simulated(platform(dec="partial", idempotent=True))
    first = one.serve(write(Operation.SUBTRACT, 8), 0.0, 0.1)
    one.put("cup", 4, 0.2)
    again = one.serve(write(Operation.SUBTRACT, 8), 0.3, 0.4)
    assert (first.applied, again.applied, one.counters["cup"]) == (5, 5, 4)


def test_a_repeat_counts_twice_where_the_platform_knows_no_ids() -> None:
    one = simulated(platform(idempotent=False))
    for _ in range(2):
        one.serve(write(Operation.ADD, 3), 0.0, 0.1)
    assert one.counters["cup"] == 11


def test_a_write_with_another_expected_value_is_refused() -> None:
    one = simulated(platform())
    assert one.serve(write(Operation.SET, 9, "w1", expected=4), 0.0, 0.1).status is ReplyStatus.REFUSED
    assert one.serve(write(Operation.SET, 9, "w2", expected=5), 0.0, 0.1).status is ReplyStatus.OK
    assert one.counters["cup"] == 9


def test_calls_beyond_the_cap_are_refused_until_tokens_grow() -> None:
    one = simulated(platform(rate_limit=RateLimit(2, 2)))
    statuses = [one.serve(write(Operation.READ, 0), 0.0, at_s).status for at_s in (0.0, 0.1, 0.2, 0.6)]
    assert statuses == ["ok", "ok", "limited", "ok"]
    assert one.limited_count == 1


def test_an_expired_token_lets_nothing_through() -> None:
    one = simulated(platform())
    one.token_expired = True
    assert one.serve(write(Operation.ADD, 3), 0.0, 0.1).status is ReplyStatus.EXPIRED
    assert one.counters["cup"] == 5


def test_the_counter_is_told_only_where_the_platform_tells() -> None:
    assert simulated(platform()).serve(write(Operation.ADD, 1), 0.0, 0.1).counter is None
    assert simulated(platform(ack_stock=True)).serve(write(Operation.ADD, 1), 0.0, 0.1).counter == 6


def test_a_stale_reading_shows_a_value_of_the_last_seconds() -> None:
    one = simulated(platform(read_stale_s=2.0, rate_limit=RateLimit(1000, 1000)))
    for second in range(1, 10):
        one.put("cup", 100 + second, float(second))
    seen = {one.serve(write(Operation.READ, 0), 9.0, 9.5).counter for _ in range(200)}
    assert seen == {107, 108, 109}
    assert simulated(platform(), 3).serve(write(Operation.READ, 0), 0.0, 0.1).counter == 3


def test_a_poll_pages_and_leaves_out_what_is_too_new() -> None:
    one = simulated(platform(poll=PollNews(max=2, index_lag_s=1.0)))
    for number in range(4):
        one.record(order(number, float(number)))
    page = one.serve(write(Operation.POLL, 0), 3.5, 3.5)
    assert ([news.order for news in page.news], page.cursor, page.more) == (["0", "1"], 2, True)
    assert page.complete_to_s == 1.0
    rest = one.serve(write(Operation.POLL, page.cursor), 3.5, 3.5)
    assert ([news.order for news in rest.news], rest.more, rest.complete_to_s) == (["2"], False, 2.5)
