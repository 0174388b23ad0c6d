"""The buyers' own book: what the answers they got add up to, without asking the server again."""

from collections import Counter
from enum import StrEnum
from typing import Any

import msgspec

from holdfast.cli.loadclient import Answer

SURPRISES_SHOWN_MAX = 20


class Step(StrEnum):
    """What a request was meant to do, which decides the answers it may get."""

    PLACE = "place"
    GREEDY = "greedy"
    REPEAT = "repeat"
    CHANGED = "changed"
    MORE = "more"
    PAY = "pay"
    PAY_AGAIN = "pay_again"
    CANCEL = "cancel"
    PAY_LATE = "pay_late"
    LEFTOVER = "leftover"


_EXPECTED: dict[Step, frozenset[str]] = {
    Step.PLACE: frozenset({"placed", "insufficient_available"}),
    Step.GREEDY: frozenset({"purchase_limit_exceeded"}),
    Step.REPEAT: frozenset({"placed", "insufficient_available", "purchase_limit_exceeded"}),
    Step.CHANGED: frozenset({"exists_with_different_quantity"}),
    Step.MORE: frozenset({"purchase_limit_exceeded"}),
    Step.PAY: frozenset({"confirmed"}),
    Step.PAY_AGAIN: frozenset({"confirmed"}),
    Step.CANCEL: frozenset({"released"}),
    Step.PAY_LATE: frozenset({"hold_expired"}),
    Step.LEFTOVER: frozenset({"placed", "insufficient_available"}),
}
_PLACING = frozenset({Step.PLACE, Step.GREEDY, Step.REPEAT, Step.MORE, Step.LEFTOVER})
_SETTLING = frozenset({"confirmed", "released", "hold_expired"})


class Line(msgspec.Struct):
    """One line of an answer."""

    sku: str
    quantity: int


class _Said(msgspec.Struct):
    """The parts of a hold, or of a refusal, that a buyer reads."""

    status: str | int = ""
    code: str = ""
    lines: list[Line] = []


_decode = msgspec.json.Decoder(_Said).decode


class Order:
    """One order id as its buyer knows it."""

    __slots__ = ("first_said", "settled", "times_made", "units")

    def __init__(self, first_said: str) -> None:
        self.first_said = first_said
        self.settled = ""
        self.times_made = 0
        self.units = 0


class Book:
    """Every order by its id, from the answers alone."""

    def __init__(self) -> None:
        self.orders: dict[str, Order] = {}
        self.answers: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.held = 0
        self.sold = 0
        self.replayed = 0
        self.mismatched = 0
        self.unanswered = 0
        self.surprise_count = 0
        self.surprises: list[str] = []

    def note(self, step: Step, hold_id: str, answer: Answer) -> str:
        """Write one answer down; gives back its status or code, empty if there was none to read."""
        if answer.status == 0:
            self.unanswered += 1
            return self._surprise(step, hold_id, answer.error)
        try:
            said = _decode(answer.body)
        except msgspec.DecodeError:
            return self._surprise(step, hold_id, f"status {answer.status}, not readable")
        word = said.code or str(said.status)
        self.answers[f"{step}: {word}"] += 1
        self.replayed += answer.replayed
        if word not in _EXPECTED[step]:
            self._surprise(step, hold_id, f"{answer.status} {word}")
        if step in _PLACING:
            self._placing(hold_id, word, said, answer.status == 201)
        else:
            if said.code:
                self.refused[word] += 1
            if word in _SETTLING:
                self._settle(hold_id, word)
        return word

    def doubled(self) -> int:
        """Orders that were made more than once: repeats of an id must never be."""
        return sum(order.times_made > 1 for order in self.orders.values())

    def count(self, word: str) -> int:
        """Orders that ended so."""
        return sum(order.settled == word for order in self.orders.values())

    def to_json(self) -> dict[str, Any]:
        """What the book comes to."""
        return {
            "orders": len(self.orders),
            "sold_units": sum(o.units for o in self.orders.values() if o.settled == "confirmed"),
            "held_units": self.held,
            "confirmed": self.count("confirmed"),
            "released": self.count("released"),
            "expired": self.count("hold_expired"),
            "refused": dict(sorted(self.refused.items())),
            "answers": dict(sorted(self.answers.items())),
            "replayed": self.replayed,
            "mismatched": self.mismatched,
            "doubled": self.doubled(),
            "unanswered": self.unanswered,
            "surprise_count": self.surprise_count,
            "surprises": self.surprises,
        }

    def _placing(self, hold_id: str, word: str, said: _Said, made: bool) -> None:
        order = self.orders.get(hold_id)
        if order is None:
            order = self.orders[hold_id] = Order(word)
            if said.code:
                self.refused[word] += 1
        elif order.first_said != word:
            self.mismatched += 1
        order.times_made += made
        if word == "placed" and not order.units:
            order.units = sum(line.quantity for line in said.lines)
            self.held += order.units

    def _settle(self, hold_id: str, word: str) -> None:
        order = self.orders.get(hold_id)
        if order is None or not order.units:
            self._surprise(Step.PAY, hold_id, f"{word}, but it was never placed")
        elif not order.settled:
            order.settled = word
            self.held -= order.units
            self.sold += order.units if word == "confirmed" else 0
        elif order.settled != word:
            self.mismatched += 1

    def _surprise(self, step: Step, hold_id: str, what: str) -> str:
        self.surprise_count += 1
        if len(self.surprises) < SURPRISES_SHOWN_MAX:
            self.surprises.append(f"{step} {hold_id}: {what}")
        return ""
