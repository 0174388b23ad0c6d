"""How calls and messages travel."""

from random import Random

import msgspec

from holdfast.rehearsal.scenario import Lag, Outage, Platform
from holdfast.rehearsal.world.network import Network
from tests.rehearsal.shows import EXACT, PROMPT, platform

TRIES = 4_000


def network(spec: Platform) -> Network:
    return Network(spec, Random(11))


def test_a_good_call_arrives_within_its_round_trip() -> None:
    journey = network(platform()).call(10.0)
    assert journey.answer_at_s == 10.2
    assert journey.reaches_at_s is not None
    assert 10.07 <= journey.reaches_at_s <= 10.13


def test_a_fifth_of_the_lost_requests_comes_back_to_life_after_the_time_out() -> None:
    lossy = network(platform(api=msgspec.structs.replace(EXACT, p_lost_request=1.0)))
    journeys = [lossy.call(0.0) for _ in range(TRIES)]
    assert {(journey.answer_at_s, journey.timeout_at_s) for journey in journeys} == {(None, 1.5)}
    zombies = [journey.reaches_at_s for journey in journeys if journey.reaches_at_s is not None]
    assert 0.17 < len(zombies) / TRIES < 0.23
    assert 2.0 <= min(zombies) < max(zombies) <= 6.5


def test_a_lost_response_was_applied_and_an_error_may_have_been() -> None:
    lost = network(platform(api=msgspec.structs.replace(EXACT, p_lost_response=1.0))).call(0.0)
    assert (lost.reaches_at_s is not None, lost.answer_at_s, lost.timeout_at_s) == (True, None, 1.5)
    failing = network(platform(api=msgspec.structs.replace(EXACT, p_error=1.0)))
    journeys = [failing.call(0.0) for _ in range(TRIES)]
    assert {journey.error_at_s for journey in journeys} == {0.2}
    assert 0.17 < sum(journey.reaches_at_s is not None for journey in journeys) / TRIES < 0.23


def test_in_an_outage_calls_time_out_and_a_tenth_is_applied_unseen() -> None:
    down = network(platform(outages=(Outage(5.0, 9.0, api=True),)))
    journeys = [down.call(6.0) for _ in range(TRIES)]
    assert {journey.timeout_at_s for journey in journeys} == {7.5}
    assert 0.08 < sum(journey.reaches_at_s is not None for journey in journeys) / TRIES < 0.12
    assert down.call(9.0).answer_at_s is not None
    down.calm = True
    assert down.call(6.0).answer_at_s is not None


def test_messages_are_lost_doubled_and_late() -> None:
    assert network(platform(push=msgspec.structs.replace(PROMPT, p_lost=1.0))).push(0.0) == []
    doubled = network(platform(push=msgspec.structs.replace(PROMPT, p_dup=1.0))).push(0.0)
    assert doubled[0] == 0.5
    assert 0.6 <= doubled[1] <= 5.5
    (late,) = network(platform(lags=(Lag(0.0, 5.0, 10.0),))).push(1.0)
    assert 6.5 <= late <= 16.5


def test_an_outage_holds_messages_back_and_swallows_a_fifth() -> None:
    held = network(platform(outages=(Outage(0.0, 60.0, push=True),)))
    arrivals = [at_s for _ in range(TRIES) for at_s in held.push(1.0)]
    assert 0.77 < len(arrivals) / TRIES < 0.83
    assert 60.0 <= min(arrivals) < max(arrivals) <= 65.0
