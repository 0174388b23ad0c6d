"""The simulated shop over its control API: counters, orders and refunds, each with what it must not do."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from holdfast.simulators.running import RunningSimulator
from tests.simulators.conftest import Refused
from tests.simulators.receiver import CLIENT
from tests.simulators.toy import Toy

LISTING = {"product": "1", "variant": "2", "stock": 10}


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSimulator]:
    with RunningSimulator(Toy) as running:
        yield running


@pytest.fixture
def toy(running: RunningSimulator) -> RunningSimulator:
    running.control("POST", "/reset")
    running.control("PUT", "/listings", {"product": "1", "variant": "2", "stock": 10})
    return running


def order(toy: RunningSimulator, quantity: int = 3, **more: Any) -> str:
    line = {"product": "1", "variant": "2", "quantity": quantity}
    made = toy.control("POST", "/orders", {"lines": [line], **more})
    return str(made["order"])


def counter(toy: RunningSimulator) -> tuple[int, int, int]:
    state = toy.control("GET", "/state")
    found = state["counters"]["1/2"]
    return found["sellable"], found["occupied"], state["sold"]["1/2"]


def status(toy: RunningSimulator, order: str) -> str:
    return str(toy.control("GET", "/state")["orders"][order]["status"])


def test_an_order_takes_its_units_when_placed_and_gives_them_back_when_cancelled(
    toy: RunningSimulator,
) -> None:
    placed = order(toy)
    assert counter(toy) == (7, 3, 0)
    toy.control("POST", f"/orders/{placed}/cancel")
    assert (counter(toy), status(toy, placed)) == ((10, 0, 0), "closed_unpaid")


def test_an_order_can_take_its_units_only_when_paid(toy: RunningSimulator, refused: Refused) -> None:
    toy.control("PUT", "/listings", {**LISTING, "deducts": "on_payment"})
    first, second = order(toy, 6), order(toy, 6)
    assert counter(toy) == (10, 12, 0)
    toy.control("POST", f"/orders/{first}/pay")
    assert counter(toy) == (4, 6, 6)
    assert refused(toy, "POST", f"/orders/{second}/pay") == (409, "sold_out")
    toy.control("POST", f"/orders/{second}/cancel")
    assert counter(toy) == (4, 0, 6)


def test_a_refund_restocks_only_before_shipping_unless_told_otherwise(toy: RunningSimulator) -> None:
    paid = order(toy, pay=True)
    toy.control("POST", f"/orders/{paid}/refund", {"quantity": 1})
    assert (counter(toy), status(toy, paid)) == ((8, 0, 2), "paid")
    toy.control("POST", f"/orders/{paid}/ship")
    toy.control("POST", f"/orders/{paid}/refund")
    assert (counter(toy), status(toy, paid)) == ((8, 0, 0), "closed_paid")
    toy.control("PUT", "/misbehave", {"gives_back_on_refund": "never"})
    never = order(toy, pay=True)
    toy.control("POST", f"/orders/{never}/cancel")
    assert (counter(toy), status(toy, never)) == ((5, 0, 0), "closed_paid")


def test_a_pending_refund_changes_nothing_until_it_succeeds(toy: RunningSimulator, refused: Refused) -> None:
    paid = order(toy, pay=True)
    (pending,) = toy.control("POST", f"/orders/{paid}/refund", {"pending": True})["refunds"]
    assert counter(toy) == (7, 0, 3)
    assert refused(toy, "POST", f"/orders/{paid}/refund", {"quantity": 1}) == (409, "too_many")
    toy.control("POST", f"/refunds/{pending}/succeed")
    assert counter(toy) == (10, 0, 0)
    assert refused(toy, "POST", f"/refunds/{pending}/close") == (409, "wrong_status")


def test_lines_of_one_listing_are_summed_and_refused_whole(toy: RunningSimulator, refused: Refused) -> None:
    toy.control("PUT", "/listings", {"product": "9", "stock": 5})
    lines = [{"product": "9", "quantity": 1}, *[{"product": "1", "variant": "2", "quantity": 6}] * 2]
    assert refused(toy, "POST", "/orders", {"lines": lines}) == (409, "sold_out")
    state = toy.control("GET", "/state")
    assert (state["counters"]["9"]["sellable"], counter(toy), state["orders"]) == (5, (10, 0, 0), {})


def test_a_crowd_buys_exactly_what_there_is(toy: RunningSimulator) -> None:
    def buy(_: int) -> int:
        line = {"product": "1", "variant": "2", "quantity": 1}
        return CLIENT.post(f"{toy.url}/_sim/orders", json={"lines": [line]}).status_code

    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(buy, range(40)))
    assert (answers.count(201), answers.count(409)) == (10, 30)
    assert counter(toy) == (0, 10, 0)


def test_the_changes_add_up_to_the_counter(toy: RunningSimulator) -> None:
    paid = order(toy, 2, pay=True)
    toy.control("POST", f"/orders/{paid}/refund", {"quantity": 1})
    CLIENT.post(f"{toy.url}/1/2?change=-4")
    changes = toy.control("GET", "/changes")["changes"]
    assert [change["difference"] for change in changes] == [10, -2, 1, -4]
    assert changes[-1]["sellable"] == counter(toy)[0] == 5
    assert toy.control("GET", "/changes?after=3")["changes"] == changes[3:]


def test_part_of_an_order_can_be_shipped(toy: RunningSimulator, refused: Refused) -> None:
    lines = [{"product": "1", "variant": "2", "quantity": 1}] * 2
    made = toy.control("POST", "/orders", {"lines": lines, "pay": True})
    one, two = (line["line"] for line in made["lines"])
    shipped = toy.control("POST", f"/orders/{made['order']}/ship", {"line": one})
    assert shipped["status"] == "partly_shipped"
    assert refused(toy, "POST", f"/orders/{made['order']}/refund", {"quantity": 1}) == (409, "line_needed")
    assert refused(toy, "POST", f"/orders/{made['order']}/complete") == (409, "wrong_status")
    toy.control("POST", f"/orders/{made['order']}/ship", {"line": two})
    assert toy.control("POST", f"/orders/{made['order']}/complete")["status"] == "completed"


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("POST", "/orders/7/pay", None, (404, "unknown_order")),
        ("POST", "/refunds/7/succeed", None, (404, "unknown_refund")),
        ("POST", "/orders", {"lines": []}, (422, "wrong_body")),
        ("POST", "/orders", {"lines": [{"product": "5", "quantity": 1}]}, (404, "unknown_listing")),
        ("PUT", "/listings", {"product": "1", "stock": -1}, (422, "wrong_body")),
        ("PUT", "/misbehave", {"manners": 1}, (422, "wrong_body")),
        ("PUT", "/misbehave", {"error_rate": 1.5}, (422, "wrong_body")),
        ("PUT", "/misbehave", {"mood": "odd"}, (422, "wrong_body")),
        ("PUT", "/misbehave", {"next": ["nothing"]}, (422, "wrong_body")),
    ],
)
def test_what_is_wrong_is_refused_and_named(
    toy: RunningSimulator, refused: Refused, method: str, path: str, body: Any, expected: tuple[int, str]
) -> None:
    assert refused(toy, method, path, body) == expected


def test_reset_begins_again_with_the_same_credentials() -> None:
    with RunningSimulator(Toy, seed=5) as toy, RunningSimulator(Toy, seed=6) as other:
        before = toy.control("GET", "/credentials")
        toy.control("PUT", "/listings", LISTING)
        toy.control("PUT", "/misbehave", {"outage": True})
        assert toy.control("POST", "/reset") == {"seed": 5}
        assert toy.control("GET", "/state")["counters"] == {}
        assert toy.control("GET", "/credentials") == before
        assert before["base_url"] == toy.url
        assert other.control("GET", "/credentials")["app_secret"] != before["app_secret"]
