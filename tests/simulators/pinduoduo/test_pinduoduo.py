"""The simulated Pinduoduo over real sockets; the tests sign by the facts, not with the simulator's code."""

import hashlib
import time
from collections.abc import Iterator
from typing import Any

import pytest

from holdfast.simulators.registry import platform_named
from holdfast.simulators.running import RunningSimulator
from tests.simulators.receiver import CLIENT

LISTING = {"product": "100", "variant": "200", "stock": 10, "merchant_code": "A-1"}
UPDATE = {"type": "pdd.goods.quantity.update", "goods_id": 100, "sku_id": 200}
CHANGED = "pdd.order.number.list.increment.get"


@pytest.fixture(scope="module")
def server() -> Iterator[RunningSimulator]:
    with RunningSimulator(platform_named("pinduoduo")) as running:
        yield running


@pytest.fixture
def shop(server: RunningSimulator) -> RunningSimulator:
    server.control("POST", "/reset")
    server.control("PUT", "/listings", LISTING)
    return server


def send(shop: RunningSimulator, **given: Any) -> Any:
    known = shop.control("GET", "/credentials")
    parameters = {
        "client_id": known["app_key"],
        "access_token": known["access_token"],
        "timestamp": int(time.time()),
        "data_type": "JSON",
        "version": "V1",
        **given,
    }
    joined = "".join(f"{name}{parameters[name]}" for name in sorted(parameters) if name != "sign")
    wrapped = known["app_secret"] + joined + known["app_secret"]
    parameters.setdefault("sign", hashlib.md5(wrapped.encode()).hexdigest().upper())
    return CLIENT.post(f"{shop.url}/api/router", json=parameters).json()


def code(shop: RunningSimulator, **given: Any) -> int:
    answer = send(shop, **given)
    return int(answer["error_response"]["error_code"]) if "error_response" in answer else 0


def call(shop: RunningSimulator, **given: Any) -> Any:
    answer = send(shop, **given)
    assert "error_response" not in answer, answer
    (told,) = answer.values()
    return told


def quantity(shop: RunningSimulator) -> int:
    goods = call(shop, type="pdd.goods.list.get", goods_id=100)["goods_list"]
    return int(goods[0]["sku_list"][0]["sku_quantity"])


def buy(shop: RunningSimulator, units: int = 1, **more: Any) -> str:
    line = {"product": "100", "variant": "200", "quantity": units}
    return str(shop.control("POST", "/orders", {"lines": [line], **more})["order"])


def changed(shop: RunningSimulator, page: int = 1, **more: Any) -> Any:
    now_s = int(time.time())
    wanted = {"start_updated_at": now_s - 1_790, "end_updated_at": now_s + 10, "page": page}
    return call(
        shop, type=CHANGED, **{**wanted, "order_status": 5, "refund_status": 5, "page_size": 2, **more}
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"sign": "0" * 32}, 20004),
        ({"late_s": 610}, 20004),
        ({"late_s": -620}, 20004),
        ({"timestamp": 1_700_000_000_000}, 20004),
        ({"client_id": "other"}, 20004),
        ({"access_token": "other"}, 10019),
        ({"data_type": "XML"}, 10000),
        ({"type": "pdd.goods.give"}, 20031),
        ({}, 0),
        ({"late_s": 590}, 0),
    ],
)
def test_what_a_request_needs(shop: RunningSimulator, given: Any, expected: int) -> None:
    if "late_s" in given:
        given = {"timestamp": str(int(time.time()) - given["late_s"])}
    assert code(shop, **{"type": "pdd.goods.list.get", **given}) == expected


def test_a_refresh_does_not_prolong_the_access_token(shop: RunningSimulator) -> None:
    known = shop.control("GET", "/credentials")
    refresh = {"type": "pdd.pop.auth.token.refresh", "refresh_token": known["refresh_token"]}
    told = call(shop, **refresh)
    assert told["access_token"] == known["access_token"]
    assert abs(told["expires_at"] - time.time() - 86_400) < 60
    shop.control("POST", "/tokens/expire")
    assert code(shop, type="pdd.goods.list.get") == 10019
    assert code(shop, **refresh) == 10019
    shop.control("PUT", "/misbehave", {"refresh_extends": True})
    assert call(shop, **refresh)["access_token"] != known["access_token"]


def test_a_new_authorization_voids_the_tokens_before_it(shop: RunningSimulator) -> None:
    old = shop.control("GET", "/credentials")["access_token"]
    given = shop.control("POST", "/authorizations")["code"]
    new = call(shop, type="pdd.pop.auth.token.create", code=given)["access_token"]
    assert code(shop, type="pdd.goods.list.get", access_token=old) == 10019
    assert code(shop, type="pdd.goods.list.get", access_token=new) == 0
    assert code(shop, type="pdd.pop.auth.token.create", code=given) == 10019


def test_full_and_delta_and_the_refusal_below_zero(shop: RunningSimulator) -> None:
    assert call(shop, **UPDATE, quantity=7)["is_success"] is True
    assert quantity(shop) == 7
    assert [code(shop, **UPDATE, quantity=-3, update_type=2) for _ in range(3)] == [0, 0, 51001]
    assert quantity(shop) == 1
    assert code(shop, **UPDATE, quantity=-1) == 10000
    by_code = {"type": UPDATE["type"], "goods_id": 100, "outer_id": "A-1"}
    assert (code(shop, **by_code, quantity=2, update_type=2), quantity(shop)) == (0, 3)
    assert code(shop, **{**UPDATE, "sku_id": 7}, quantity=1) == 51000
    assert code(shop, type=UPDATE["type"], goods_id=100, quantity=1) == 10000


def test_goods_on_promotion_cannot_be_lowered(shop: RunningSimulator) -> None:
    shop.control("PUT", "/misbehave", {"on_promotion": True})
    assert code(shop, **UPDATE, quantity=-1, update_type=2) == code(shop, **UPDATE, quantity=9) == 51002
    assert (code(shop, **UPDATE, quantity=11), quantity(shop)) == (0, 11)


def test_the_platforms_own_words_for_limits_and_faults(shop: RunningSimulator) -> None:
    shop.control("PUT", "/misbehave", {"next": ["throttle", "error"]})
    assert [code(shop, **UPDATE, quantity=1) for _ in range(2)] == [52101, 52001]
    shop.control("PUT", "/misbehave", {"next": ["throttle"], "limit_code": 70031})
    assert (code(shop, **UPDATE, quantity=1), quantity(shop)) == (70031, 10)


def test_unpaid_orders_are_hidden(shop: RunningSimulator) -> None:
    order = buy(shop, 2)
    assert (changed(shop)["total_count"], quantity(shop)) == (0, 8)
    assert code(shop, type="pdd.order.information.get", order_sn=order) == 51000
    shop.control("POST", f"/orders/{order}/cancel")
    assert (changed(shop)["total_count"], quantity(shop)) == (0, 10)
    paid = buy(shop, pay=True)
    assert [row["order_sn"] for row in changed(shop)["order_sn_list"]] == [paid]


def test_the_life_of_a_paid_order(shop: RunningSimulator) -> None:
    order = buy(shop, 3, pay=True)

    def told() -> Any:
        row = call(shop, type="pdd.order.information.get", order_sn=order)["order_info"]
        return row["order_status"], row["refund_status"], row["after_sales_status"]

    assert told() == (1, 1, 0)
    (refund,) = shop.control("POST", f"/orders/{order}/refund", {"quantity": 1, "pending": True})["refunds"]
    assert told() == (1, 2, 2)
    shop.control("POST", f"/refunds/{refund}/succeed")
    assert (told(), quantity(shop)) == ((1, 1, 0), 8)
    now_s = int(time.time())
    span = {"start_updated_at": now_s - 60, "end_updated_at": now_s + 10}
    (row,) = call(shop, type="pdd.refund.list.increment.get", **span)["refund_list"]
    assert (row["order_sn"], row["goods_number"], row["after_sales_status"]) == (order, 1, 10)
    shop.control("POST", f"/orders/{order}/ship")
    assert told() == (2, 1, 0)
    shop.control("POST", f"/orders/{order}/complete")
    assert told() == (3, 1, 0)
    shop.control("POST", f"/orders/{order}/refund")
    assert (told(), quantity(shop)) == ((3, 4, 10), 8)


def test_the_list_is_newest_first_so_that_it_is_read_from_the_back(shop: RunningSimulator) -> None:
    orders = [buy(shop, pay=True) for _ in range(5)]
    assert [row["order_sn"] for row in changed(shop, 3)["order_sn_list"]] == orders[:1]
    shop.control("POST", f"/orders/{orders[0]}/ship")
    pages = [[row["order_sn"] for row in changed(shop, page)["order_sn_list"]] for page in (3, 2, 1)]
    assert pages == [[orders[1]], [orders[3], orders[2]], [orders[0], orders[4]]]
    assert changed(shop, 4)["order_sn_list"] == []
    row = changed(shop, order_status=2)["order_sn_list"][0]
    assert (row["order_sn"], row["pay_amount"], row["item_list"][0]["goods_count"]) == (orders[0], "99.00", 1)


@pytest.mark.parametrize(
    "given",
    [
        {"start_updated_at": 1_700_000_000},
        {"page_size": 101},
        {"page": 0},
        {"order_status": 7},
        {"refund_status": ""},
    ],
)
def test_lists_that_are_refused(shop: RunningSimulator, given: Any) -> None:
    now_s = int(time.time())
    wanted = {"start_updated_at": now_s - 60, "end_updated_at": now_s, "order_status": 5, "refund_status": 5}
    assert code(shop, type=CHANGED, **wanted) == 0
    assert code(shop, type=CHANGED, **{**wanted, **given}) == 10000


def test_concluded_orders_of_a_day(shop: RunningSimulator) -> None:
    order = buy(shop, pay=True)
    now_s = int(time.time())
    wanted = {
        "start_confirm_at": now_s - 86_000,
        "end_confirm_at": now_s + 10,
        "order_status": 1,
        "refund_status": 5,
    }
    assert [row["order_sn"] for row in call(shop, type="pdd.order.list.get", **wanted)["order_list"]] == [
        order
    ]
