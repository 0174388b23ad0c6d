"""The whole life of an order, told by the detail and by the poll alike."""

import pytest

from holdfast.channels.manifest import Deducts
from holdfast.channels.orders import OrderStatus, PlatformOrder
from tests.conformance.channels.stand import Stand, like, now_us, settled

MINUTE_US = 60_000_000


def told(stand: Stand, order: str) -> PlatformOrder:
    """The order by its detail, which the poll must tell in the same way."""
    detail = stand.order(order)
    polled = settled(stand.poll(now_us() - MINUTE_US, now_us() + 1_000_000))
    assert like(polled[order]) == like(detail)
    return detail


def test_an_order_is_told_with_its_lines(stand: Stand) -> None:
    before_us = now_us() - 1_000_000
    quantities = (2, 3)[: stand.case.lines_max]
    order = told(stand, stand.buy(*quantities, pay=True))
    assert order.status is OrderStatus.PAID
    assert [line.quantity for line in order.lines] == list(quantities)
    assert [line.listing for line in order.lines] == list(stand.case.listings[: stand.case.lines_max])
    assert [line.refunded for line in order.lines] == [0] * len(quantities)
    assert order.lines[0].merchant_code == stand.case.merchant_code(stand.listing)
    assert len({line.line for line in order.lines}) == len(order.lines)
    assert order.paid_at_us is not None
    for at_us in (order.created_at_us, order.paid_at_us, order.updated_at_us):
        assert before_us <= at_us <= now_us() + 1_000_000
    deducts = stand.case.manifest.deducts
    if deducts is Deducts.PER_LINE:
        assert order.lines[0].deducts in (Deducts.ON_ORDER, Deducts.ON_PAYMENT)


def test_an_unpaid_order_is_told_and_then_paid(stand: Stand) -> None:
    if not stand.case.shows_unpaid:
        pytest.skip("this platform hides unpaid orders")
    order = stand.buy(2)
    unpaid = told(stand, order)
    assert (unpaid.status, unpaid.paid_at_us) == (OrderStatus.UNPAID, None)
    stand.step(order, "pay")
    assert told(stand, order).status is OrderStatus.PAID


def test_an_order_that_was_never_paid_is_closed_unpaid(stand: Stand) -> None:
    if not stand.case.shows_unpaid:
        pytest.skip("this platform hides unpaid orders")
    order = stand.buy(2)
    stand.step(order, "cancel")
    closed = told(stand, order)
    assert (closed.status, closed.paid_at_us) == (OrderStatus.CLOSED_UNPAID, None)


@pytest.mark.parametrize("shipped", [False, True], ids=["before shipping", "after shipping"])
def test_an_order_that_is_wholly_refunded_is_closed_paid(stand: Stand, shipped: bool) -> None:
    order = stand.buy(2, pay=True)
    if shipped:
        stand.step(order, "ship")
    stand.step(order, "refund")
    assert told(stand, order).status is OrderStatus.CLOSED_PAID


def test_a_paid_order_that_is_cancelled_is_closed_paid(stand: Stand) -> None:
    order = stand.buy(2, pay=True)
    stand.step(order, "cancel")
    assert told(stand, order).status is OrderStatus.CLOSED_PAID


def test_a_part_of_a_line_that_is_refunded_is_told_in_units(stand: Stand) -> None:
    if not stand.case.part_of_line:
        pytest.skip("this platform tells no quantity of a refund")
    order = stand.buy(3, pay=True)
    stand.step(order, "refund", quantity=1)
    once = told(stand, order)
    assert (once.status, [line.refunded for line in once.lines]) == (OrderStatus.PAID, [1])
    stand.step(order, "refund", quantity=1)
    assert told(stand, order).lines[0].refunded == 2
    stand.step(order, "ship")
    stand.step(order, "refund", quantity=1)
    last = told(stand, order)
    assert last.status is OrderStatus.CLOSED_PAID


def test_a_line_that_is_refunded_leaves_the_others(stand: Stand) -> None:
    if stand.case.lines_max < 2:
        pytest.skip("an order of this platform has one line")
    order = stand.buy(2, 3, pay=True)
    line = stand.control("GET", "/state")["orders"][order]["lines"][1]["line"]
    stand.step(order, "refund", line=line)
    found = told(stand, order)
    assert found.status is OrderStatus.PAID
    assert [line.refunded for line in found.lines] == [0, 3]


def test_a_refund_that_is_only_asked_for_counts_once_it_is_granted(stand: Stand) -> None:
    order = stand.buy(2, pay=True)
    stand.step(order, "refund", pending=True)
    waiting = told(stand, order)
    assert (waiting.status, waiting.lines[0].refunded) == (OrderStatus.PAID, 0)
    (refund,) = stand.control("GET", "/state")["refunds"]
    stand.control("POST", f"/refunds/{refund}/close")
    assert told(stand, order).status is OrderStatus.PAID


def test_an_order_is_shipped_and_completed(stand: Stand) -> None:
    order = stand.buy(2, pay=True)
    stand.step(order, "ship")
    assert told(stand, order).status is OrderStatus.SHIPPED
    stand.step(order, "complete")
    completed = OrderStatus.COMPLETED if stand.case.tells_completed else OrderStatus.SHIPPED
    assert told(stand, order).status is completed


def test_a_poll_reads_every_page_while_orders_change(stand: Stand) -> None:
    """An order that changes meanwhile leaves the span, to be found by the next poll; no other is lost."""
    stand.put(100)
    stand.misbehave(clock_skew_s=-10.0)
    orders = [stand.buy(1, pay=True) for _ in range(11)]
    stand.misbehave(clock_skew_s=0.0)
    until_us = now_us() - 2_000_000

    changing = orders[1:4]

    def between(page: int) -> None:
        if page <= len(changing):
            stand.step(changing[page - 1], "ship")

    found = settled(stand.poll(now_us() - MINUTE_US, until_us, between, poll_page_max="3"))
    assert set(found) >= set(orders) - set(changing)
    following = settled(stand.poll(until_us, now_us() + 1_000_000, poll_page_max="3"))
    assert set(following) == set(changing)
    assert {order.status for order in following.values()} == {OrderStatus.SHIPPED}


def test_a_poll_tells_only_what_changed_in_its_span(stand: Stand) -> None:
    stand.buy(1, pay=True)
    assert stand.poll(now_us() - 10 * MINUTE_US, now_us() - 5 * MINUTE_US) == []


def test_the_longest_span_that_is_declared_is_taken(stand: Stand) -> None:
    order = stand.buy(1, pay=True)
    # Lists that only reach back so far are asked a little less.
    span_us = min(round(stand.case.manifest.poll_window_max_s), 89 * 86_400) * 1_000_000
    until_us = now_us() + 1_000_000
    assert set(settled(stand.poll(until_us - span_us, until_us))) == {order}
