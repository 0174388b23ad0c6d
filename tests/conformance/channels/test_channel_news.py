"""News: a genuine push is taken, anything else is refused; a queue is emptied and confirmed."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from holdfast.channels.adapter import Adapter
from holdfast.channels.errors import PushRefused
from holdfast.channels.manifest import PushMode
from holdfast.channels.orders import PushEvent, PushKind
from tests.conformance.channels.platforms import Arrived
from tests.conformance.channels.stand import Stand, arrived, receive
from tests.simulators.receiver import Received, Receiver, wait_until


class Post:
    """Our address: everything that comes is read by the adapter, and answered as it says."""

    def __init__(self, stand: Stand, receiver: Receiver) -> None:
        self.adapter = stand.deaf()
        self.pushes: list[Arrived] = []
        self.events: list[PushEvent] = []
        self.url = receiver.url
        self.refuse_next = False
        receiver.answer = self.answer

    def answer(self, got: Received) -> tuple[int, bytes]:
        push = arrived(got.method, got.path, got.headers, got.body)
        try:
            if got.method == "GET":
                told = self.adapter.answer_check(push.query)
            else:
                taken = receive(self.adapter, push)
                self.pushes.append(push)
                self.events += taken.events
                told = taken.acknowledgement
        except PushRefused as refusal:
            return 403, refusal.reason.encode()
        if self.refuse_next:
            self.refuse_next = False
            return 500, b""
        return told.status, told.body

    def about(self, order: str) -> list[PushEvent]:
        return [event for event in list(self.events) if event.order == order]


def all_told(stand: Stand) -> bool:
    """Whether nothing is on its way any more."""
    waiting: int = stand.control("GET", "/state?orders=0")["pushes"]["waiting"]
    return waiting == 0


@contextmanager
def post(stand: Stand) -> Iterator[Post]:
    if stand.case.manifest.push is not PushMode.WEBHOOK:
        pytest.skip("this platform does not push")
    with Receiver() as receiver:
        found = Post(stand, receiver)
        stand.control("PUT", "/push", {"url": found.url})
        yield found
        stand.control("PUT", "/push", {"url": None})


def pushes_unpaid(stand: Stand) -> bool:
    return stand.case.shows_unpaid and stand.case.pushes_unpaid


def test_the_address_is_checked_and_orders_are_told(stand: Stand) -> None:
    with post(stand) as box:
        order = stand.buy(2)
        stand.step(order, "pay")
        wait_until(lambda: len(box.about(order)) >= (2 if pushes_unpaid(stand) else 1))
        kinds = {event.kind for event in box.about(order)}
        assert kinds == {PushKind.ORDER}
        stand.step(order, "refund")
        wait_until(lambda: any(event.kind is PushKind.REFUND for event in box.about(order)))
        wait_until(lambda: all_told(stand))
        counts = stand.control("GET", "/state?orders=0")["pushes"]
        assert counts["acknowledged"] == counts["sent"] > 0


def test_an_unpaid_order_that_is_closed_is_told(stand: Stand) -> None:
    if not pushes_unpaid(stand):
        pytest.skip("this platform pushes nothing of unpaid orders")
    with post(stand) as box:
        order = stand.buy(1)
        wait_until(lambda: bool(box.about(order)) and all_told(stand))
        before = len(box.about(order))
        stand.step(order, "cancel")
        # One platform tells it in several messages.
        wait_until(lambda: len(box.about(order)) > before)


def test_a_message_that_comes_twice_has_one_id(stand: Stand) -> None:
    with post(stand) as box:
        stand.misbehave(push_duplicate_rate=1.0)
        order = stand.buy(1, pay=True)
        wait_until(lambda: bool(box.about(order)) and all_told(stand))
        counts = Counter(event.event for event in box.about(order))
        assert set(counts.values()) == {2}


def test_a_message_that_was_not_acknowledged_comes_again_under_its_id(stand: Stand) -> None:
    with post(stand) as box:
        stand.misbehave(retry_scale=0.00001)
        box.refuse_next = stand.simulator.simulator.kind.retry_ladder_s != ()
        order = stand.buy(1, pay=True)
        wait_until(lambda: bool(box.about(order)) and all_told(stand))
        # The message that was refused may be any of those that a purchase leads to.
        counts = Counter(event.event for event in box.events)
        assert max(counts.values()) == (2 if stand.simulator.simulator.kind.retry_ladder_s else 1)


def test_a_push_of_stock_tells_the_counter_and_whose_write_it_was(stand: Stand) -> None:
    if not stand.case.pushes_stock:
        pytest.skip("this platform pushes no stock")

    def told(box: Post) -> list[PushEvent]:
        found = [event for event in list(box.events) if event.kind is PushKind.STOCK]
        return sorted(found, key=lambda event: event.counter or 0)

    with post(stand) as box:
        stand.change(-2)
        wait_until(lambda: len(told(box)) == 1)
        stand.buy(3)
        wait_until(lambda: len(told(box)) == 2)
        sold, ours = told(box)
        assert [event.listing for event in (sold, ours)] == [stand.listing] * 2
        assert (sold.counter, sold.ours) == (5, False)
        assert (ours.counter, ours.ours) == (8, stand.case.knows_echo)


def test_a_push_that_nothing_vouches_for_is_only_a_hint(stand: Stand) -> None:
    if stand.case.signs_pushes:
        pytest.skip("this platform signs its pushes")
    with post(stand) as box:
        order = stand.buy(1, pay=True)
        wait_until(lambda: bool(box.about(order)))
        for event in box.events:
            assert (event.counter, event.listing, event.order_told, event.ours) == (None, None, None, False)


def test_forged_pushes_are_refused(stand: Stand) -> None:
    if not stand.case.signs_pushes:
        pytest.skip("this platform does not sign its pushes")
    with post(stand) as box:
        order = stand.buy(1, pay=True)
        wait_until(lambda: bool(box.about(order)))
        genuine = box.pushes[-1]
        receive(box.adapter, genuine)
        forgeries = list(stand.case.forgeries(genuine))
        assert forgeries
        for forged in forgeries:
            with pytest.raises(PushRefused) as caught:
                receive(box.adapter, forged)
            assert caught.value.reason == "signature"


def test_a_replay_has_the_same_id_and_a_stale_one_is_refused(stand: Stand) -> None:
    with post(stand) as box:
        order = stand.buy(1, pay=True)
        wait_until(lambda: bool(box.about(order)))
        genuine = box.pushes[-1]
        first, second = (receive(box.adapter, genuine).events for _ in range(2))
        assert [event.event for event in first] == [event.event for event in second]
        if stand.case.stale_after_s is not None:
            receive(box.adapter, genuine, stand.case.stale_after_s - 60)
            with pytest.raises(PushRefused) as caught:
                receive(box.adapter, genuine, stand.case.stale_after_s + 60)
            assert caught.value.reason == "stale"


def pulled(stand: Stand) -> list[PushEvent]:
    async def work(adapter: Adapter) -> list[PushEvent]:
        return await adapter.pull()

    return stand.run(work)


def confirmed(stand: Stand, events: list[PushEvent]) -> None:
    async def work(adapter: Adapter) -> None:
        await adapter.confirm([event.event for event in events])

    stand.run(work)


def test_a_queue_is_emptied_and_confirmed(stand: Stand) -> None:
    if stand.case.manifest.push is not PushMode.PULL:
        pytest.skip("this platform has no queue")
    confirmed(stand, pulled(stand))
    order = stand.buy(2)
    stand.step(order, "pay")
    events = pulled(stand)
    assert [event.kind for event in events if event.order == order] == [PushKind.ORDER] * 2
    assert len({event.event for event in events}) == len(events)
    confirmed(stand, events)
    stand.step(order, "refund")
    kinds = {event.kind for event in pulled(stand) if event.order == order}
    assert PushKind.REFUND in kinds


def test_what_is_not_confirmed_comes_again_under_its_id(stand: Stand) -> None:
    if stand.case.manifest.push is not PushMode.PULL:
        pytest.skip("this platform has no queue")
    stand.misbehave(redeliver_s=0.0)
    stand.buy(2)
    first = pulled(stand)
    assert {event.event for event in first} <= {event.event for event in pulled(stand)}
    confirmed(stand, first)
    assert not {event.event for event in first} & {event.event for event in pulled(stand)}


def test_an_echo_of_our_own_write_is_recognised(stand: Stand) -> None:
    if stand.case.manifest.push is not PushMode.PULL:
        pytest.skip("this platform has no queue")
    confirmed(stand, pulled(stand))

    async def work(adapter: Adapter) -> list[PushEvent]:
        await adapter.write_stock(stand.write(adapter, -2))
        stand.buy(1, pay=True)
        return [event for event in await adapter.pull() if event.kind is PushKind.STOCK]

    events = stand.run(work)
    assert [(event.listing, event.ours) for event in events][:1] == [(stand.listing, True)]
    assert events[0].counter == 8
    assert not any(event.ours for event in events[1:])
