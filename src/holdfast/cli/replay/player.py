"""Plays events over HTTP: each buyer's in their order, all buyers at once."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from holdfast.cli.client import path_of
from holdfast.cli.loadclient import Answer, Request, RequestBuilder
from holdfast.cli.orders import Order

from .plan import Owned, Playbook, Return, line_bodies, time_text

HOLD_TTL_S = 86_400
FAILURES_SHOWN_MAX = 20
US_PER_S = 1_000_000


class _Problem(msgspec.Struct):
    code: str = ""
    detail: str = ""


class Token(msgspec.Struct, frozen=True):
    """What a request was about: a step, and the number of the event or of the item."""

    step: str
    number: int
    returned: Return | None = None
    chain: int = 0


class Player:
    """Builds the requests and writes down what came of them."""

    def __init__(
        self, book: Playbook, builder: RequestBuilder, channel: str, on_event: Callable[[int], None]
    ) -> None:
        self.book = book
        self.channel = channel
        self.refused: dict[int, str] = {}
        self.returned_fresh: Counter[tuple[str, str]] = Counter()
        self.fresh = 0
        self.replayed = 0
        self.failure_count = 0
        self.failures: list[str] = []
        self._builder = builder
        self._on_event = on_event
        self._owned = Owned()
        self._chains: list[deque[int]] = [deque(numbers) for numbers in book.by_buyer()]
        self._transfers_left: Counter[int] = Counter()
        self._speed: float | None = None

    # --- the stage

    def stage(self, missing: set[str], stock: int | None) -> Iterator[Request]:
        """Items that are not there yet, and their units, straight into the channel."""
        for number, sku in enumerate(self.book.skus):
            quantity = self.book.needed[sku] if stock is None else stock
            if sku in missing:
                token = Token("item", number if quantity else -1)
                yield self._send("PUT", path_of("v1", "skus", sku), {"name": sku, "variant": "replay"}, token)
            elif quantity:
                yield self.supply(number, quantity)

    def supply(self, number: int, quantity: int) -> Request:
        """One item's units."""
        body = {
            "id": f"{self.book.prefix}-stock-{number}",
            "sku": self.book.skus[number],
            "from": "supplier",
            "to": f"channel:{self.channel}",
            "quantity": quantity,
            "reason": "replay",
        }
        return self._send("POST", "/v1/transfers", body, Token("supply", number))

    def on_stage(self, stock: int | None) -> Callable[[Answer], Iterable[Request]]:
        """The handler for the stage's answers."""

        def handle(answer: Answer) -> Iterable[Request]:
            token = answer.request.token
            assert isinstance(token, Token)
            if not self._went_well(answer, token):
                return ()
            if token.step == "supply":
                self._count(answer)
            elif token.number >= 0:
                quantity = self.book.needed[self.book.skus[token.number]] if stock is None else stock
                return (self.supply(token.number, quantity),)
            return ()

        return handle

    # --- the events

    def events(self, speed: float | None) -> Iterator[Request]:
        """The first event of every buyer; the next follows the answer. None plays as fast as it can."""
        self._speed = speed
        for chain in range(len(self._chains)):
            yield from self._next(chain)

    def on_event(self, answer: Answer) -> Iterable[Request]:
        """An order is placed, then paid (or given up); a cancellation is done when all its units are back."""
        token = answer.request.token
        assert isinstance(token, Token)
        event = self.book.events[token.number]
        if isinstance(event, Order):
            return self._order_answered(event, token, answer)
        if self._went_well(answer, token):
            self._count(answer)
            assert token.returned is not None
            if answer.status == 201 or answer.attempts > 1:
                kind = "unallocated" if token.step == "back" else "unsellable"
                units = token.returned.ours if token.step == "back" else token.returned.others
                self.returned_fresh[token.returned.sku, kind] += units
        self._transfers_left[token.number] -= 1
        return () if self._transfers_left[token.number] else self._finish(token)

    def _order_answered(self, order: Order, token: Token, answer: Answer) -> Iterable[Request]:
        if token.step != "place":
            if self._went_well(answer, token):
                self._count(answer)
                if token.step == "confirm":
                    self._owned.buy(order)
            return self._finish(token)
        if answer.status == 409:
            self.refused[token.number] = msgspec.json.decode(answer.body, type=_Problem).code
            return self._finish(token)
        if not self._went_well(answer, token):
            return self._finish(token)
        self._count(answer)
        step = "confirm" if order.paid else "release"
        target = path_of("v1", "holds", self.book.id(token.number), step)
        return (self._send("POST", target, None, Token(step, token.number, None, token.chain)),)

    def _finish(self, token: Token) -> Iterable[Request]:
        self._on_event(1)
        return self._next(token.chain)

    def _next(self, chain: int) -> list[Request]:
        while self._chains[chain]:
            requests = self._requests(self._chains[chain].popleft(), chain)
            if requests:
                return requests
            self._on_event(1)
        return []

    def _requests(self, number: int, chain: int) -> list[Request]:
        event = self.book.events[number]
        if isinstance(event, Order):
            body = {
                "id": self.book.id(number),
                "channel": self.channel,
                "buyer": event.buyer,
                "lines": line_bodies(event.lines),
                "ttl_s": HOLD_TTL_S,
                "event_at": time_text(event.at_us),
            }
            token = Token("place", number, None, chain)
            return [self._send("POST", "/v1/holds", body, token, self._due_s(number))]
        if self.book.moves_nothing(event):
            return []
        requests = []
        for index, given in enumerate(self._owned.give_back(event)):
            if given.ours:
                requests.append(self._back(number, index, given, chain, "back"))
            if given.others:
                requests.append(self._back(number, index, given, chain, "foreign"))
        self._transfers_left[number] = len(requests)
        return requests

    def _back(self, number: int, index: int, given: Return, chain: int, step: str) -> Request:
        ours = step == "back"
        event = self.book.events[number]
        body = {
            "id": self.book.id(number, f"-{index}-{step}"),
            "sku": given.sku,
            "from": f"committed:{self.channel}" if ours else "customer",
            "to": "unallocated" if ours else "unsellable",
            "quantity": given.ours if ours else given.others,
            "reason": "cancellation",
            "reference": event.id,
            "event_at": time_text(event.at_us),
        }
        token = Token(step, number, given, chain)
        return self._send("POST", "/v1/transfers", body, token, self._due_s(number))

    # --- requests and answers

    def _due_s(self, number: int) -> float:
        if self._speed is None:
            return 0.0
        return (self.book.events[number].at_us - self.book.events[0].at_us) / US_PER_S / self._speed

    def _send(self, method: str, target: str, body: Any, token: Token, due_s: float = 0.0) -> Request:
        content = None if body is None else msgspec.json.encode(body)
        return self._builder.build(method, target, content, token=token, not_before_s=due_s)

    def _count(self, answer: Answer) -> None:
        self.replayed += answer.replayed
        self.fresh += not answer.replayed

    def _went_well(self, answer: Answer, token: Token) -> bool:
        if answer.status in (200, 201):
            return True
        self.failure_count += 1
        if len(self.failures) < FAILURES_SHOWN_MAX:
            said = answer.error or answer.body.decode(errors="replace")[:300]
            self.failures.append(f"{token.step} {token.number}: {answer.status} {said}")
        return False
