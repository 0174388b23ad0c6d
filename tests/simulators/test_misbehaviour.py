"""A simulator told to misbehave does so on the wire, and counts it."""

import time
from collections.abc import Iterator

import httpx
import pytest

from holdfast.simulators.gate import TokenBucket
from holdfast.simulators.running import RunningSimulator
from tests.simulators.receiver import CLIENT, wait_until
from tests.simulators.toy import Toy


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSimulator]:
    with RunningSimulator(Toy) as running:
        yield running


@pytest.fixture
def toy(running: RunningSimulator) -> RunningSimulator:
    running.control("POST", "/reset")
    running.control("PUT", "/listings", {"product": "1", "variant": "2", "stock": 10})
    return running


def read(toy: RunningSimulator) -> httpx.Response:
    return CLIENT.get(f"{toy.url}/1/2")


def write(toy: RunningSimulator, change: int) -> httpx.Response:
    return CLIENT.post(f"{toy.url}/1/2?change={change}")


def sellable(toy: RunningSimulator) -> int:
    return int(toy.control("GET", "/state")["counters"]["1/2"]["sellable"])


def test_a_lost_request_is_not_applied_and_a_lost_response_is(toy: RunningSimulator) -> None:
    toy.control("PUT", "/misbehave", {"next": ["lost_request", "lost_response"]})
    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            write(toy, -1)
    assert sellable(toy) == 9
    assert write(toy, -1).status_code == 200
    assert toy.control("GET", "/state")["faults"] == {"lost_request": 1, "lost_response": 1}


def test_a_lost_call_can_hang_until_the_caller_gives_up(toy: RunningSimulator) -> None:
    toy.control("PUT", "/misbehave", {"lost_request_rate": 1, "lost_hang_s": 5})
    with pytest.raises(httpx.ReadTimeout):
        CLIENT.get(f"{toy.url}/1/2", timeout=0.1)


def test_a_zombie_is_applied_after_its_caller_gave_up(toy: RunningSimulator) -> None:
    toy.control("PUT", "/misbehave", {"next": ["zombie"], "zombie_delay_s": [0.1, 0.1]})
    with pytest.raises(httpx.TransportError):
        write(toy, -1)
    assert sellable(toy) == 10
    wait_until(lambda: sellable(toy) == 9)


def test_too_many_calls_are_refused_and_not_applied(toy: RunningSimulator) -> None:
    toy.control("PUT", "/misbehave", {"throttle_per_s": 0.001, "throttle_burst": 2})
    assert [write(toy, -1).status_code for _ in range(3)] == [200, 200, 429]
    assert sellable(toy) == 8


def test_a_bucket_fills_with_time_and_never_beyond_its_burst() -> None:
    now_s = 0.0
    bucket = TokenBucket(lambda: now_s)
    assert [bucket.take(2, 2) for _ in range(3)] == [True, True, False]
    now_s = 0.5
    assert [bucket.take(2, 2) for _ in range(2)] == [True, False]
    now_s = 60
    assert [bucket.take(2, 2) for _ in range(3)] == [True, True, False]


def test_an_error_is_the_platforms_own_and_nothing_is_done(toy: RunningSimulator) -> None:
    toy.control("PUT", "/misbehave", {"error_rate": 1})
    assert write(toy, -1).status_code == 503
    assert sellable(toy) == 10


def test_an_outage_ends_when_told(toy: RunningSimulator) -> None:
    toy.control("PUT", "/misbehave", {"outage": True})
    with pytest.raises(httpx.TransportError):
        read(toy)
    toy.control("PUT", "/misbehave", {"outage": False})
    assert read(toy).json()["sellable"] == 10


def test_a_planned_answer_goes_to_the_named_call_only(toy: RunningSimulator) -> None:
    planned = {"call": "write", "answer": {"done": "odd"}, "status": 418}
    toy.control("PUT", "/misbehave", {"next": [planned]})
    assert read(toy).status_code == 200
    odd = write(toy, -1)
    assert (odd.status_code, odd.json(), sellable(toy)) == (418, {"done": "odd"}, 10)


def test_latency_goes_both_ways(toy: RunningSimulator) -> None:
    toy.control("PUT", "/misbehave", {"latency_ms": [60, 60]})
    began_s = time.monotonic()
    read(toy)
    assert time.monotonic() - began_s >= 0.06


def test_a_reading_can_lag(toy: RunningSimulator) -> None:
    toy.control("PUT", "/misbehave", {"read_lag_s": 60})
    write(toy, -4)
    assert read(toy).json()["sellable"] == 10
    toy.control("PUT", "/misbehave", {"read_lag_s": 0})
    assert read(toy).json()["sellable"] == 6


def test_under_run_can_be_changed(toy: RunningSimulator) -> None:
    assert (write(toy, -11).status_code, sellable(toy)) == (409, 10)
    toy.control("PUT", "/misbehave", {"under_run": "clamp"})
    assert (write(toy, -11).json(), sellable(toy)) == ({"done": -10}, 0)
    toy.control("PUT", "/misbehave", {"under_run": "negative"})
    assert (write(toy, -3).json(), sellable(toy)) == ({"done": -3}, -3)


def test_chance_loses_no_call_about_tokens(toy: RunningSimulator) -> None:
    toy.control("PUT", "/misbehave", {"lost_response_rate": 1, "mood": "foul"})
    assert CLIENT.post(f"{toy.url}/token").status_code == 200


def test_the_same_seed_misbehaves_the_same() -> None:
    def run(seed: int) -> list[int]:
        with RunningSimulator(Toy, seed=seed) as toy:
            toy.control("PUT", "/listings", {"product": "1", "variant": "2", "stock": 10})
            toy.control("PUT", "/misbehave", {"error_rate": 0.5})
            return [read(toy).status_code for _ in range(24)]

    assert run(3) == run(3)
    assert run(3) != run(4)
