"""The crowd, as a process of its own: `python -m holdfast.cli.demo.burst.buyers`, a script on standard input.

Standard output carries one JSON document a line: ten times a second how it stands, at last the outcome.
"""

import sys
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from time import perf_counter
from typing import Any

import msgspec

from holdfast.cli.loadclient import Answer, LoadResult, Request, RequestBuilder, run_blocking, run_load

from .book import Book, Step
from .script import Buyer, Habit, Manner, Script, cast

TELL_EVERY_S = 0.1
PAY_LATE_BY_S = 0.4
HOLD_TTL_S = 900
RECENT = 2_000


class Token(msgspec.Struct, frozen=True):
    """What a request was about."""

    step: Step
    hold_id: str
    buyer: Buyer


class Crowd:
    """Builds the requests, writes the answers down, and knows who still waits."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.book = Book()
        self.buyers = cast(script)
        self.waiting: deque[Buyer] = deque()
        self.placed: list[tuple[Buyer, float]] = []
        self.phase = "rush"
        self._builder = RequestBuilder(script.host, script.port, script.key)
        self._recent: deque[int] = deque(maxlen=RECENT)
        self._answered = 0
        self._started = self._told = perf_counter()

    # --- the rush

    def rush(self) -> list[Request]:
        """One order of every buyer, impatient double taps right behind; made before the clock runs."""
        requests: list[Request] = []
        for buyer in self.buyers:
            step = Step.GREEDY if buyer.manner is Manner.GREEDY else Step.PLACE
            requests.append(self._place(step, buyer, buyer.hold_id))
            if buyer.habit is Habit.DOUBLE_TAP:
                requests.append(self._place(Step.REPEAT, buyer, buyer.hold_id))
        return requests

    def on_rush(self, answer: Answer) -> Iterable[Request]:
        """Write it down; some buyers send more at once."""
        token = answer.request.token
        assert isinstance(token, Token)
        word = self._note(token, answer)
        if token.step not in (Step.PLACE, Step.GREEDY):
            return ()
        buyer = token.buyer
        if word == "placed":
            self.placed.append((buyer, perf_counter()))
        elif word == "insufficient_available":
            self.waiting.append(buyer)
        if buyer.habit is Habit.SENDS_AGAIN:
            return (self._place(Step.REPEAT, buyer, buyer.hold_id),)
        if buyer.habit is Habit.CHANGES_BODY:
            return (self._place(Step.CHANGED, buyer, buyer.hold_id, buyer.quantity + 1),)
        if buyer.habit is Habit.ORDERS_MORE and word == "placed":
            return (self._place(Step.MORE, buyer, f"{buyer.hold_id}-more", self.script.limit),)
        return ()

    # --- what comes after

    def aftermath(self) -> Iterator[Request]:
        """Payments and cancellations, spread over a while; late payments when it is too late."""
        now = perf_counter()
        count = max(1, len(self.placed))
        for index, (buyer, placed_at) in enumerate(self.placed):
            due_s = self.script.aftermath_s * index / count
            if buyer.manner is Manner.PAYS_LATE:
                due_s = max(0.0, placed_at + self.script.late_ttl_s + PAY_LATE_BY_S - now)
                yield self._settle(Step.PAY_LATE, buyer, buyer.hold_id, due_s)
            elif buyer.manner is Manner.CANCELS:
                yield self._settle(Step.CANCEL, buyer, buyer.hold_id, due_s)
            else:
                yield self._settle(Step.PAY, buyer, buyer.hold_id, due_s)

    def leftovers(self) -> list[Request]:
        """Orders of waiting buyers for all that this book says is unsold."""
        return self._call_waiting(self.script.stock - self.book.sold - self.book.held)

    def on_aftermath(self, answer: Answer) -> Iterable[Request]:
        """Write it down; units that came back go to those who wait."""
        token = answer.request.token
        assert isinstance(token, Token)
        word, buyer = self._note(token, answer), token.buyer
        if token.step in (Step.CANCEL, Step.PAY_LATE) and word in ("released", "hold_expired"):
            return self._call_waiting(buyer.quantity)
        if token.step is Step.PAY and buyer.manner is Manner.PAYS_TWICE:
            return (self._settle(Step.PAY_AGAIN, buyer, token.hold_id),)
        if token.step is Step.LEFTOVER and word == "placed":
            return (self._settle(Step.PAY, buyer, token.hold_id),)
        if token.step is Step.LEFTOVER:
            self.waiting.append(buyer)
        return ()

    def _call_waiting(self, units: int) -> list[Request]:
        called = [self.waiting.popleft() for _ in range(min(units, len(self.waiting)))]
        round_number = Counter[str]()
        for buyer in called:
            while f"{buyer.hold_id}-wait{round_number[buyer.name]}" in self.book.orders:
                round_number[buyer.name] += 1
        return [
            self._place(Step.LEFTOVER, buyer, f"{buyer.hold_id}-wait{round_number[buyer.name]}", 1)
            for buyer in called
        ]

    # --- requests and answers

    def _place(self, step: Step, buyer: Buyer, hold_id: str, quantity: int | None = None) -> Request:
        late = buyer.manner is Manner.PAYS_LATE and step is not Step.LEFTOVER
        body = {
            "id": hold_id,
            "channel": self.script.channel,
            "buyer": buyer.name,
            "lines": [{"sku": self.script.sku, "quantity": quantity or buyer.quantity}],
            "ttl_s": self.script.late_ttl_s if late else HOLD_TTL_S,
        }
        token = Token(step, hold_id, buyer)
        return self._builder.build("POST", "/v1/holds", msgspec.json.encode(body), token=token)

    def _settle(self, step: Step, buyer: Buyer, hold_id: str, due_s: float = 0.0) -> Request:
        action = "release" if step is Step.CANCEL else "confirm"
        token = Token(step, hold_id, buyer)
        target = f"/v1/holds/{hold_id}/{action}"
        return self._builder.build("POST", target, token=token, not_before_s=due_s)

    def _note(self, token: Token, answer: Answer) -> str:
        word = self.book.note(token.step, token.hold_id, answer)
        self._answered += 1
        self._recent.append(answer.latency_ns)
        now = perf_counter()
        if now - self._told >= TELL_EVERY_S:
            self._told = now
            self.tell()
        return word

    def begin(self, phase: str) -> None:
        """A new phase, with a clock of its own."""
        self.phase = phase
        self._answered = 0
        self._started = perf_counter()
        self.tell()

    def tell(self) -> None:
        """How it stands, as one line."""
        recent = sorted(self._recent)
        elapsed_s = perf_counter() - self._started
        _write(
            {
                "phase": self.phase,
                "answered": self._answered,
                "elapsed_s": elapsed_s,
                "refused": dict(self.book.refused),
                "replayed": self.book.replayed,
                "p50_ms": recent[len(recent) // 2] / 1e6 if recent else 0.0,
                "p99_ms": recent[len(recent) * 99 // 100] / 1e6 if recent else 0.0,
                "waiting": len(self.waiting),
            }
        )


def _write(document: dict[str, Any]) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(document) + b"\n")
    sys.stdout.buffer.flush()


async def play(script: Script) -> dict[str, Any]:
    """The rush, measured on its own, then everything that comes after."""
    crowd = Crowd(script)
    orders = crowd.rush()
    where = script.host, script.port, script.connections
    crowd.begin("rush")
    rush = await run_load(*where, orders, crowd.on_rush)
    crowd.begin("aftermath")
    later = [await run_load(*where, crowd.aftermath(), crowd.on_aftermath)]
    while leftovers := crowd.leftovers():
        crowd.begin("leftovers")
        sold = crowd.book.sold
        later.append(await run_load(*where, leftovers, crowd.on_aftermath))
        if crowd.book.sold == sold:
            break
    crowd.tell()
    return {
        "phase": "done",
        "report": {
            "buyers": len(crowd.buyers),
            "first_orders_decided": sum(buyer.hold_id in crowd.book.orders for buyer in crowd.buyers),
            "unserved": len(crowd.waiting),
            "rush": rush.to_json(),
            "aftermath": _sum(later),
            "book": crowd.book.to_json(),
        },
    }


def _sum(results: list[LoadResult]) -> dict[str, Any]:
    return {
        "answered": sum(result.answered for result in results),
        "unanswered": sum(result.unanswered for result in results),
        "aborted": "; ".join(result.aborted for result in results if result.aborted),
        "wall_s": round(sum(result.wall_s for result in results), 6),
    }


def main() -> None:
    """Read the script, play it, say what it came to."""
    script = msgspec.json.decode(sys.stdin.buffer.read(), type=Script)
    _write(run_blocking(play(script)))


if __name__ == "__main__":
    main()
