"""Kuaishou's pushes, decrypted as a receiver would."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulators.kuaishou.caller import Caller
from tests.simulators.receiver import Receiver, wait_until

ACKNOWLEDGED = b'{"result":1}'


@pytest.fixture
def receiver(kuaishou: Caller) -> Iterator[Receiver]:
    with Receiver(ACKNOWLEDGED) as receiver:
        kuaishou.running.control("PUT", "/push", {"url": receiver.url})
        yield receiver


def settle(kuaishou: Caller) -> dict[str, int]:
    def pushes() -> dict[str, int]:
        found: dict[str, int] = kuaishou.running.control("GET", "/state?orders=0")["pushes"]
        return found

    wait_until(lambda: pushes()["waiting"] == 0)
    return pushes()


def plain(kuaishou: Caller, receiver: Receiver) -> list[Any]:
    return [kuaishou.decrypt(got.body) for got in receiver.received]


def test_the_probe_comes_first(kuaishou: Caller, receiver: Receiver) -> None:
    assert plain(kuaishou, receiver) == [{"test": True}]
    assert receiver.received[0].headers["content-type"] == "text/plain;charset=utf-8"


def test_every_step_has_its_event(kuaishou: Caller, receiver: Receiver) -> None:
    order = kuaishou.buy(2)
    for step in ("pay", "ship", "complete"):
        kuaishou.running.control("POST", f"/orders/{order}/{step}")
    kuaishou.running.control("POST", f"/orders/{order}/refund", {"quantity": 1})
    kuaishou.running.control("POST", f"/orders/{order}/refund")
    settle(kuaishou)
    events = [message["event"] for message in plain(kuaishou, receiver)[1:]]
    assert events == [
        "kwaishop_order_addOrder",
        "kwaishop_order_paySuccess",
        "kwaishop_order_delivering",
        "kwaishop_order_deliverySuccess",
        "kwaishop_order_orderSuccess",
        "kwaishop_aftersales_addRefund",
        "kwaishop_aftersales_updateRefund",
        "kwaishop_aftersales_addRefund",
        "kwaishop_aftersales_updateRefund",
        "kwaishop_order_orderFail",
    ]


def test_info_is_text_that_names_the_order_and_tells_no_quantity(
    kuaishou: Caller, receiver: Receiver
) -> None:
    order = kuaishou.buy(2, pay=True)
    settle(kuaishou)
    message = plain(kuaishou, receiver)[-1]
    assert message["bizId"] == int(order)
    assert message["appKey"] == kuaishou.credentials["app_key"]
    info = json.loads(message["info"])
    assert (info["oid"], info["status"]) == (int(order), 30)
    assert set(info) == {"oid", "sellerId", "status", "updateTime"}


def test_a_message_is_tried_six_times_and_then_given_up(kuaishou: Caller, receiver: Receiver) -> None:
    kuaishou.running.control("PUT", "/misbehave", {"retry_scale": 0.00001})
    receiver.answer = lambda _: (200, b"ok")
    kuaishou.buy()
    counts = settle(kuaishou)
    assert (counts["sent"], counts["failed"], counts["given_up"]) == (6, 6, 1)
    assert kuaishou.running.simulator.kind.retry_ladder_s == (300, 600, 1_200, 1_800, 3_600)


def test_messages_get_lost_and_doubled(kuaishou: Caller, receiver: Receiver) -> None:
    kuaishou.running.control("PUT", "/misbehave", {"push_loss_rate": 0.5, "push_duplicate_rate": 0.5})
    kuaishou.put(100)
    for _ in range(40):
        kuaishou.buy()
    counts = settle(kuaishou)
    numbers = [message["eventId"] for message in plain(kuaishou, receiver)[1:]]
    assert counts["lost"] == 40 - len(set(numbers))
    assert 0 < counts["lost"] < 40
    assert len(numbers) > len(set(numbers))
