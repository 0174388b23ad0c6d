"""Health of a channel: what it may call, when it is down, and what it learns."""

import pytest

from holdfast.channels.manifest import RateCap
from holdfast.sync.core.channel import ChannelState
from holdfast.sync.messages import Outcome
from tests.fakes.manifests import manifest


def channel(per_s: float = 10.0, burst: float = 5.0) -> ChannelState:
    return ChannelState("c", manifest(rate=RateCap(per_s, burst), push_lag_s=1.0), 0.0)


def test_calls_come_back_at_a_little_less_than_the_cap() -> None:
    state = channel()
    for _ in range(4):
        state.spend(0.0)
    assert state.tokens(0.0) == 0
    assert state.next_token_s(0.0) == pytest.approx(1 / 9.5)
    assert state.tokens(0.1) == pytest.approx(0.95)


def test_too_many_calls_empty_the_bucket_and_then_hold_back_longer_and_longer() -> None:
    state = channel()
    state.answered(Outcome.LIMITED, None, 0.0)
    assert state.tokens(0.0) == 0
    state.answered(Outcome.LIMITED, None, 1.0)
    first = state.next_token_s(1.0)
    state.answered(Outcome.LIMITED, None, 1.0)
    assert state.next_token_s(1.0) > first > 1.3
    assert state.up, "it answers, so it is up"


@pytest.mark.parametrize(("failures", "up"), [(0, True), (1, True), (2, False), (9, False)])
def test_two_failures_in_a_row_open_the_circuit(failures: int, up: bool) -> None:
    state = channel()
    for step in range(failures):
        state.answered(Outcome.UNKNOWN, None, float(step))
    assert state.up is up
    assert up or state.probe_at_s > failures - 1


def test_a_refusal_of_one_listing_is_an_answer() -> None:
    state = channel()
    for step in range(9):
        state.answered(Outcome.BARRED, None, float(step))
    assert state.up


def test_one_answer_closes_the_circuit() -> None:
    state = channel()
    for outcome in (Outcome.FAILED, Outcome.UNKNOWN, Outcome.DONE):
        state.answered(outcome, None, 1.0)
    assert state.up


def test_the_round_trip_is_learned_from_answers() -> None:
    state = channel()
    for _ in range(100):
        state.answered(Outcome.DONE, 0.6, 0.0)
    assert state.round_trip_s == pytest.approx(0.6, abs=0.01)
    assert state.round_trip_high_s < 0.7


def test_the_lag_is_the_median_of_the_latest_messages() -> None:
    state = channel()
    for _ in range(40):
        state.heard(10.0, 13.0)
    assert state.lag_s == pytest.approx(3.0)


def test_it_is_blind_when_messages_that_should_come_do_not() -> None:
    state = channel()
    for step in range(100):
        state.heard(step / 10, step / 10)
    assert state.silent_from_s(10.2) is None
    assert state.silent_from_s(13.0) == pytest.approx(9.9)
