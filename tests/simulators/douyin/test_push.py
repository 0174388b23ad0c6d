"""Douyin's pushes, as a receiver sees them."""

import hashlib
import json
from collections.abc import Iterator

import pytest

from tests.simulators.conftest import Refused
from tests.simulators.douyin.caller import Caller
from tests.simulators.receiver import Received, Receiver, wait_until

ACKNOWLEDGED = b'{"code":0,"msg":"success"}'


@pytest.fixture
def receiver(douyin: Caller) -> Iterator[Receiver]:
    with Receiver(ACKNOWLEDGED) as receiver:
        douyin.running.control("PUT", "/push", {"url": receiver.url})
        yield receiver


def settle(douyin: Caller) -> dict[str, int]:
    def pushes() -> dict[str, int]:
        found: dict[str, int] = douyin.running.control("GET", "/state?orders=0")["pushes"]
        return found

    wait_until(lambda: pushes()["waiting"] == 0)
    return pushes()


def tags(received: list[Received]) -> list[list[str]]:
    return [[entry["tag"] for entry in json.loads(got.body)] for got in received]


def test_the_address_is_tried_with_tag_zero(douyin: Caller, receiver: Receiver, refused: Refused) -> None:
    (probe,) = receiver.received
    assert [entry["tag"] for entry in json.loads(probe.body)] == ["0"]
    receiver.answer = lambda _: (200, b'{"code":1}')
    assert refused(douyin.running, "PUT", "/push", {"url": receiver.url}) == (409, "probe_failed")


def test_pushes_are_signed_arrays_that_name_the_order(douyin: Caller, receiver: Receiver) -> None:
    order = douyin.buy(2)
    settle(douyin)
    got = receiver.received[-1]
    key, secret = douyin.credentials["app_key"], douyin.credentials["app_secret"]
    assert got.headers["app-id"] == key
    signed = hashlib.md5(key.encode() + got.body + secret.encode()).hexdigest()
    assert got.headers["event-sign"] == signed
    (entry,) = json.loads(got.body)
    assert (entry["tag"], set(entry)) == ("100", {"tag", "msg_id", "data"})
    data = json.loads(entry["data"])
    assert data["p_id"] == int(order)
    assert {"s_ids", "shop_id", "order_status", "order_type", "create_time", "biz"} <= set(data)


def test_every_step_has_its_tag(douyin: Caller, receiver: Receiver) -> None:
    order = douyin.buy(3)
    for step in ("pay", "ship"):
        douyin.running.control("POST", f"/orders/{order}/{step}")
    douyin.running.control("POST", f"/orders/{order}/refund", {"quantity": 1})
    douyin.running.control("POST", f"/orders/{order}/complete")
    cancelled = douyin.buy()
    settle(douyin)
    douyin.running.control("POST", f"/orders/{cancelled}/cancel")
    settle(douyin)
    expected = [["0"], ["100"], ["101", "110"], ["102"], ["200"], ["201", "206"], ["103"], ["100"], ["106"]]
    assert sorted(tags(receiver.received)) == sorted(expected)


def test_data_comes_as_an_object_when_told(douyin: Caller, receiver: Receiver) -> None:
    douyin.running.control("PUT", "/misbehave", {"push_data": "object"})
    order = douyin.buy()
    settle(douyin)
    (entry,) = json.loads(receiver.received[-1].body)
    assert (set(entry), entry["data"]["p_id"]) == ({"tag", "msgId", "data"}, int(order))


def test_a_duplicate_has_the_same_number(douyin: Caller, receiver: Receiver) -> None:
    douyin.running.control("PUT", "/misbehave", {"push_duplicate_rate": 1})
    douyin.buy()
    settle(douyin)
    first, second = receiver.received[1:]
    assert first.body == second.body


def test_a_push_is_tried_again_until_it_hears_success(douyin: Caller, receiver: Receiver) -> None:
    douyin.running.control("PUT", "/misbehave", {"retry_scale": 0.001})
    answers = iter([b"", b'{"code":-1,"msg":"x"}'])
    receiver.answer = lambda _: (200, next(answers, ACKNOWLEDGED))
    douyin.buy()
    counts = settle(douyin)
    assert (counts["failed"], counts["acknowledged"], counts["given_up"]) == (2, 1, 0)


def test_stock_changes_are_not_pushed(douyin: Caller, receiver: Receiver) -> None:
    assert douyin.sync(-1, "a")[0] == 10000
    assert settle(douyin)["sent"] == 0
