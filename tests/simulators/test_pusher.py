"""Pushes: acknowledged, tried again, lost, doubled, late and out of order, by a compressed ladder."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from holdfast.simulators.running import RunningSimulator
from tests.simulators.conftest import Refused
from tests.simulators.receiver import Received, Receiver, wait_until
from tests.simulators.toy import Toy


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def toy(receiver: Receiver) -> Iterator[RunningSimulator]:
    with RunningSimulator(Toy) as running:
        running.control("PUT", "/listings", {"product": "1", "stock": 1_000})
        running.control("PUT", "/misbehave", {"retry_scale": 0.02})
        running.control("PUT", "/push", {"url": receiver.url})
        assert [got.body for got in receiver.received] == [b"{}"]
        receiver.received.clear()
        yield running


def buy(toy: RunningSimulator, times: int = 1) -> list[str]:
    body = {"lines": [{"product": "1", "quantity": 1}], "pay": True}
    return [toy.control("POST", "/orders", body)["order"] for _ in range(times)]


def pushes(toy: RunningSimulator) -> dict[str, int]:
    wait_until(lambda: toy.control("GET", "/state?orders=0")["pushes"]["waiting"] == 0)
    found: dict[str, int] = toy.control("GET", "/state?orders=0")["pushes"]
    return found


def told(receiver: Receiver) -> list[tuple[str, str]]:
    bodies = [json.loads(got.body) for got in receiver.received]
    return [(body["order"], body["what"]) for body in bodies]


def test_each_order_is_told_once_and_in_order(toy: RunningSimulator, receiver: Receiver) -> None:
    orders = buy(toy, 10)
    assert pushes(toy)["acknowledged"] == 20
    for order in orders:
        assert [what for named, what in told(receiver) if named == order] == ["order_created", "order_paid"]


def test_a_push_that_is_not_acknowledged_is_tried_again(toy: RunningSimulator, receiver: Receiver) -> None:
    answers = iter([500, 500, 200])
    receiver.answer = lambda _: (next(answers, 200), b"")
    buy(toy)
    counts = pushes(toy)
    assert (counts["sent"], counts["failed"], counts["acknowledged"]) == (4, 2, 2)
    assert counts["given_up"] == 0


def test_after_the_last_try_it_is_given_up(toy: RunningSimulator, receiver: Receiver) -> None:
    receiver.answer = lambda got: (500 if b"created" in got.body else 200, b"")
    buy(toy)
    counts = pushes(toy)
    assert (counts["failed"], counts["given_up"], counts["acknowledged"]) == (3, 1, 1)


def test_an_answer_after_the_deadline_does_not_count(toy: RunningSimulator, receiver: Receiver) -> None:
    release = threading.Event()

    def late(got: Received) -> tuple[int, bytes]:
        if b"created" in got.body and not any(b"created" in other.body for other in receiver.received):
            release.wait(1)
        return 200, b""

    receiver.answer = late
    buy(toy)
    wait_until(lambda: toy.control("GET", "/state")["pushes"]["failed"] == 1)
    release.set()
    assert pushes(toy)["given_up"] == 0


@pytest.mark.parametrize(
    ("settings", "received"), [({"push_loss_rate": 1}, 0), ({"push_duplicate_rate": 1}, 4), ({}, 2)]
)
def test_loss_and_duplicates(
    toy: RunningSimulator, receiver: Receiver, settings: dict[str, Any], received: int
) -> None:
    toy.control("PUT", "/misbehave", settings)
    buy(toy)
    counts = pushes(toy)
    assert len(receiver.received) == counts["acknowledged"] == received
    assert counts["lost"] == (0 if received else 2)


def test_delay_keeps_the_order_of_each_order_and_shuffle_does_not(
    toy: RunningSimulator, receiver: Receiver
) -> None:
    toy.control("PUT", "/misbehave", {"push_delay_s": [0.0, 0.1]})
    orders = buy(toy, 10)
    pushes(toy)
    seen = told(receiver)
    assert all(seen.index((order, "order_created")) < seen.index((order, "order_paid")) for order in orders)
    receiver.received.clear()
    toy.control("PUT", "/misbehave", {"push_shuffle": True})
    orders = buy(toy, 10)
    pushes(toy)
    seen = told(receiver)
    assert any(seen.index((order, "order_created")) > seen.index((order, "order_paid")) for order in orders)


def test_an_address_that_does_not_answer_the_probe_is_not_set(
    toy: RunningSimulator, receiver: Receiver, refused: Refused
) -> None:
    receiver.answer = lambda _: (404, b"")
    assert refused(toy, "PUT", "/push", {"url": receiver.url + "/elsewhere"}) == (409, "probe_failed")
    assert toy.control("GET", "/state")["push_url"] == receiver.url
    assert toy.control("PUT", "/push", {"url": None}) == {"url": None}
    buy(toy)
    assert pushes(toy)["sent"] == 0
