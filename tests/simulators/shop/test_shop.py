"""The storefront against a real Holdfast: every hold is asked for, and nothing is sold without one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from holdfast.simulators.registry import platform_named
from holdfast.simulators.running import RunningSimulator
from tests.api.running import KEY, RunningServer
from tests.simulators.conftest import Refused
from tests.simulators.receiver import CLIENT, Receiver


@pytest.fixture(scope="module")
def holdfast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("store") / "holdfast.db") as running:
        yield running


@pytest.fixture(scope="module")
def server() -> Iterator[RunningSimulator]:
    with RunningSimulator(platform_named("shop")) as running:
        yield running


@pytest.fixture
def shop(server: RunningSimulator) -> RunningSimulator:
    server.control("POST", "/reset")
    return server


@pytest.fixture
def sku(shop: RunningSimulator, holdfast: RunningServer) -> str:
    channel = holdfast.channel()
    sku = holdfast.stocked(channel, 10)
    shop.control("PUT", "/holdfast", {"base_url": holdfast.url, "key": KEY, "channel": channel})
    shop.control("PUT", "/listings", {"product": "1", "merchant_code": sku})
    return sku


def buy(shop: RunningSimulator, quantity: int = 1, **more: Any) -> str:
    lines = [{"product": "1", "quantity": quantity}]
    return str(shop.control("POST", "/orders", {"lines": lines, **more})["order"])


def stock(holdfast: RunningServer, sku: str) -> tuple[int, int, int]:
    told = holdfast.client.get(f"/v1/stock/{sku}").json()
    return told["available"], told["held"], told["committed"]


def test_placed_paid_and_cancelled_orders_are_holds(
    shop: RunningSimulator, holdfast: RunningServer, sku: str
) -> None:
    first, second = buy(shop, 2), buy(shop, 3)
    assert stock(holdfast, sku) == (5, 5, 0)
    shop.control("POST", f"/orders/{first}/pay")
    shop.control("POST", f"/orders/{second}/cancel")
    assert stock(holdfast, sku) == (8, 0, 2)
    state = shop.control("GET", "/state")
    assert (state["counters"]["1"]["sellable"], state["sold"]["1"]) == (0, 2)
    hold = CLIENT.get(f"{shop.url}/orders/{first}").json()["hold"]
    assert holdfast.client.get(f"/v1/holds/{hold}").json()["status"] == "confirmed"


def test_a_crowd_gets_what_holdfast_has_and_no_more(
    shop: RunningSimulator, holdfast: RunningServer, sku: str
) -> None:
    def one(_: int) -> int:
        body = {"lines": [{"product": "1", "quantity": 1}], "pay": True}
        return CLIENT.post(f"{shop.url}/_sim/orders", json=body).status_code

    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(one, range(24)))
    assert (answers.count(201), answers.count(409)) == (10, 14)
    assert stock(holdfast, sku) == (0, 0, 10)


def test_an_order_that_is_refused_leaves_nothing_behind(
    shop: RunningSimulator, holdfast: RunningServer, sku: str, refused: Refused
) -> None:
    body = {"lines": [{"product": "1", "quantity": 11}]}
    assert refused(shop, "POST", "/orders", body) == (409, "sold_out")
    unknown = {"lines": [{"product": "1", "quantity": 1}, {"product": "7", "quantity": 1}]}
    assert refused(shop, "POST", "/orders", unknown) == (404, "unknown_listing")
    assert (stock(holdfast, sku), shop.control("GET", "/state")["orders"]) == ((10, 0, 0), {})


def test_a_hold_that_holdfast_let_go_cannot_be_paid(
    shop: RunningSimulator, holdfast: RunningServer, sku: str, refused: Refused
) -> None:
    order = buy(shop)
    hold = CLIENT.get(f"{shop.url}/orders/{order}").json()["hold"]
    holdfast.client.post(f"/v1/holds/{hold}/release")
    assert refused(shop, "POST", f"/orders/{order}/pay") == (409, "hold_already_released")
    assert shop.control("GET", "/state")["orders"][order]["status"] == "unpaid"


def test_without_holdfast_nothing_is_sold(shop: RunningSimulator, refused: Refused) -> None:
    shop.control("PUT", "/listings", {"product": "1"})
    body = {"lines": [{"product": "1", "quantity": 1}]}
    assert refused(shop, "POST", "/orders", body) == (409, "no_holdfast")
    shop.control("PUT", "/holdfast", {"base_url": "http://127.0.0.1:9", "key": "k", "channel": "c"})
    assert refused(shop, "POST", "/orders", body) == (409, "holdfast_unreachable")
    assert refused(shop, "PUT", "/holdfast", {"base_url": "x"}) == (422, "wrong_body")
    assert refused(shop, "PUT", "/elsewhere", {}) == (404, "unknown_control")


def test_a_question_without_an_answer_is_repeated_under_its_id(shop: RunningSimulator) -> None:
    with Receiver() as stub:
        answers = iter([503, 500, 201])
        stub.answer = lambda _: (next(answers), b"{}")
        base_url = stub.url.removesuffix("/push")
        shop.control("PUT", "/holdfast", {"base_url": base_url, "key": "k", "channel": "c"})
        shop.control("PUT", "/listings", {"product": "1"})
        buy(shop)
        assert len({got.body for got in stub.received}) == 1
        assert [got.path for got in stub.received] == ["/v1/holds"] * 3
        assert stub.received[0].headers["authorization"] == "Bearer k"


def test_visitors_see_products(shop: RunningSimulator, sku: str) -> None:
    assert CLIENT.get(f"{shop.url}/products").json() == {"products": [{"product": "1", "sku": sku}]}
    shop.control("PUT", "/misbehave", {"next": ["throttle", "error"]})
    answers = [CLIENT.get(f"{shop.url}/products").status_code for _ in range(2)]
    assert [*answers, CLIENT.get(f"{shop.url}/x").status_code] == [429, 503, 404]
    shop.control("PUT", "/misbehave", {"next": ["lost_request"]})
    with pytest.raises(httpx.TransportError):
        CLIENT.get(f"{shop.url}/products")
