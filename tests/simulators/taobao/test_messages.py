"""Taobao's message queue: handed out, confirmed, handed out again, and full of our own echoes."""

import json
from typing import Any

import pytest

from tests.simulators.receiver import wait_until
from tests.simulators.taobao.caller import ITEM, SKU, Caller


def topics(messages: list[Any]) -> list[str]:
    return [message["topic"].rpartition("_")[2] for message in messages]


def test_every_step_has_its_topic_and_names_the_trade(taobao: Caller) -> None:
    order = taobao.buy(2)
    for step in ("pay", "ship", "complete"):
        taobao.running.control("POST", f"/orders/{order}/{step}")
    taobao.running.control("POST", f"/orders/{order}/refund")
    messages = taobao.consume()
    assert topics(messages) == [
        "TradeCreate",
        "ItemStockChanged",
        "TradeBuyerPay",
        "TradeChanged",
        "TradeSuccess",
        "RefundCreated",
        "RefundSuccess",
    ]
    assert set(messages[0]) == {
        "id", "topic", "content", "user_id", "user_nick", "pub_time", "pub_app_key",
    }  # fmt: skip
    content = json.loads(messages[0]["content"])
    assert (content["tid"], content["status"]) == (int(order), "WAIT_BUYER_PAY")
    assert not {"num", "sku_id"} & set(content)


def test_our_own_writes_come_back(taobao: Caller) -> None:
    taobao.data("taobao.item.quantity.update", num_iid=ITEM, sku_id=SKU, quantity=-3, type=2)
    (message,) = taobao.consume()
    content = json.loads(message["content"])
    assert message["topic"] == "taobao_item_ItemStockChanged"
    told = (content["num_iid"], content["sku_id"], content["increment"], content["sku_num"], content["num"])
    assert told == (ITEM, SKU, -3, 7, 7)


def test_what_is_not_confirmed_comes_again(taobao: Caller) -> None:
    taobao.buy()
    messages = taobao.consume()
    assert len(messages) == 2
    assert taobao.consume() == []
    taobao.confirm(messages[:1])
    taobao.running.control("PUT", "/misbehave", {"clock_skew_s": 331})
    assert taobao.consume() == messages[1:]
    taobao.confirm(messages[1:])
    taobao.running.control("PUT", "/misbehave", {"clock_skew_s": 599})
    assert taobao.consume() == []
    counts = taobao.running.control("GET", "/state")["pushes"]
    assert (counts["failed"], counts["waiting"]) == (1, 0)


def test_redelivery_can_be_hastened(taobao: Caller) -> None:
    taobao.running.control("PUT", "/misbehave", {"retry_scale": 0.0001})
    taobao.buy()
    first = taobao.consume()
    again: list[Any] = []

    def both_came_again() -> bool:
        again.extend(taobao.consume())
        return len(again) >= 2

    wait_until(both_came_again)
    assert again[:2] == first


def test_quantities_and_numbers_are_checked(taobao: Caller) -> None:
    for quantity in (9, 201):
        assert taobao.code("taobao.tmc.messages.consume", quantity=quantity)[0] == 41
    for ids in ("x", ",".join(["1"] * 201)):
        assert taobao.code("taobao.tmc.messages.confirm", s_message_ids=ids)[0] == 41
    assert taobao.code("taobao.tmc.messages.confirm")[0] == 40
    assert taobao.code("taobao.tmc.messages.consume", group_name="other")[0] == 41
    for _ in range(8):
        taobao.buy()
    assert len(taobao.consume(10)) == 10
    assert len(taobao.consume(10)) == 6


def test_permitting_topics_replaces_the_ones_before(taobao: Caller) -> None:
    taobao.data("taobao.tmc.user.permit", topics="taobao_trade_TradeCreate")
    taobao.buy(pay=True)
    assert topics(taobao.consume()) == ["TradeCreate"]
    told = taobao.data("taobao.tmc.user.get", fields="topics")["tmc_user"]["topics"]["string"]
    assert told == ["taobao_trade_TradeCreate"]
    taobao.data("taobao.tmc.user.cancel")
    taobao.buy()
    assert taobao.consume() == []
    assert taobao.code("taobao.tmc.user.permit", topics="taobao_trade_Nothing")[0] == 41


@pytest.mark.parametrize(
    ("settings", "count"), [({"push_loss_rate": 1}, 0), ({"push_duplicate_rate": 1}, 4), ({}, 2)]
)
def test_loss_and_copies(taobao: Caller, settings: dict[str, Any], count: int) -> None:
    taobao.running.control("PUT", "/misbehave", settings)
    taobao.buy()
    messages = taobao.consume()
    assert len(messages) == len({message["id"] for message in messages}) == count
    assert len({message["content"] for message in messages}) == min(count, 2)


def test_delay(taobao: Caller) -> None:
    taobao.running.control("PUT", "/misbehave", {"push_delay_s": [60, 60]})
    taobao.buy()
    assert taobao.consume() == []
    taobao.running.control("PUT", "/misbehave", {"clock_skew_s": 61})
    assert topics(taobao.consume()) == ["TradeCreate", "ItemStockChanged"]


def test_shuffle(taobao: Caller) -> None:
    taobao.put(100)
    taobao.running.control("PUT", "/misbehave", {"push_shuffle": True, "clock_skew_s": -5})
    orders = [taobao.buy() for _ in range(10)]
    taobao.running.control("PUT", "/misbehave", {"clock_skew_s": 5})
    messages = [json.loads(message["content"]) for message in taobao.consume()]
    told = [str(content["tid"]) for content in messages if "tid" in content]
    assert sorted(told) == orders
    assert told != orders
