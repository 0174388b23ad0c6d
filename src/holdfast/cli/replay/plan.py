"""What an order file means for the stock: pure, and worked out without any answer of a server."""

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import msgspec

from holdfast.cli.orders import Cancellation, Line, Order, OrderFile
from holdfast.ledger.commands import LINES_MAX

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Return:
    """Units that come back: `ours` were bought earlier in this file, the others before it began."""

    sku: str
    ours: int
    others: int


class Owned:
    """What each buyer has bought so far and not given back."""

    def __init__(self) -> None:
        self._units: Counter[tuple[str, str]] = Counter()

    def buy(self, order: Order) -> None:
        """An order is confirmed."""
        for line in order.lines:
            self._units[order.buyer, line.sku] += line.quantity

    def give_back(self, cancellation: Cancellation) -> list[Return]:
        """Only what the same buyer bought here can be ours."""
        found = []
        for line in cancellation.lines:
            ours = min(line.quantity, self._units[cancellation.buyer, line.sku])
            self._units[cancellation.buyer, line.sku] -= ours
            found.append(Return(line.sku, ours, line.quantity - ours))
        return found


@dataclass(slots=True)
class Expected:
    """Units of one item after the whole file."""

    sold: int = 0
    returned_ours: int = 0
    returned_others: int = 0


class Playbook:
    """The events with ids that depend on the file alone, so that a second run repeats the first."""

    def __init__(self, file: OrderFile) -> None:
        content = msgspec.json.encode([(type(event).__name__, event) for event in file.events])
        self.prefix = f"replay-{sha256(content).hexdigest()[:16]}"
        self.events = [part for event in file.events for part in _parts(event)]
        self.needed: Counter[str] = Counter()
        self.skus: list[str] = []
        known: set[str] = set()
        for event in self.events:
            for line in event.lines:
                if line.sku not in known:
                    known.add(line.sku)
                    self.skus.append(line.sku)
                if isinstance(event, Order):
                    # An unpaid order counts too: it holds its units for a moment, while others order.
                    self.needed[line.sku] += line.quantity
        self._unpaid = {e.id for e in file.events if isinstance(e, Order) and not e.paid}

    def by_buyer(self) -> Iterator[list[int]]:
        """Event numbers: those of one buyer in their order, buyers by their first event."""
        found: dict[str, list[int]] = {}
        for number, event in enumerate(self.events):
            found.setdefault(event.buyer, []).append(number)
        yield from found.values()

    def moves_nothing(self, event: Order | Cancellation) -> bool:
        """The cancellation of an order that was never paid: its hold was released already."""
        return isinstance(event, Cancellation) and event.id in self._unpaid

    def expected(self, refused: Container[int]) -> dict[str, Expected]:
        """What the file says of each item, without the orders that were refused."""
        found = {sku: Expected() for sku in self.skus}
        owned = Owned()
        for number, event in enumerate(self.events):
            if isinstance(event, Order):
                if event.paid and number not in refused:
                    owned.buy(event)
                    for line in event.lines:
                        found[line.sku].sold += line.quantity
            elif not self.moves_nothing(event):
                for given in owned.give_back(event):
                    found[given.sku].returned_ours += given.ours
                    found[given.sku].returned_others += given.others
        return found

    def id(self, number: int, suffix: str = "") -> str:
        """The id of the command that plays an event."""
        return f"{self.prefix}-{number}{suffix}"


def _parts(event: Order | Cancellation) -> list[Order | Cancellation]:
    """An order of more lines than a hold takes becomes several of the same number."""
    if isinstance(event, Cancellation) or len(event.lines) <= LINES_MAX:
        return [event]
    return [
        replace(event, lines=event.lines[start : start + LINES_MAX])
        for start in range(0, len(event.lines), LINES_MAX)
    ]


def time_text(at_us: int) -> str:
    """RFC 3339."""
    return (_EPOCH + timedelta(microseconds=at_us)).isoformat()


def line_bodies(lines: list[Line]) -> list[dict[str, str | int]]:
    """Lines as the API takes them."""
    return [{"sku": line.sku, "quantity": line.quantity} for line in lines]
