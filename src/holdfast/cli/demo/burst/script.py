"""Who the buyers are and what each will do, all from one seed."""

import random
from enum import StrEnum

import msgspec


class Script(msgspec.Struct, frozen=True):
    """What the buyers' process must know; the key comes over standard input, never on a command line."""

    host: str
    port: int
    key: str
    channel: str
    sku: str
    limit: int
    stock: int
    buyers: int
    connections: int
    seed: int
    late_ttl_s: int = 3
    aftermath_s: float = 2.5


class Manner(StrEnum):
    """What becomes of an order once it is placed."""

    PAYS = "pays"
    PAYS_TWICE = "pays_twice"
    CANCELS = "cancels"
    PAYS_LATE = "pays_late"
    GREEDY = "greedy"


class Habit(StrEnum):
    """What else a buyer sends during the rush."""

    NONE = "none"
    DOUBLE_TAP = "double_tap"
    SENDS_AGAIN = "sends_again"
    CHANGES_BODY = "changes_body"
    ORDERS_MORE = "orders_more"


class Buyer(msgspec.Struct, frozen=True):
    """One of the crowd; `quantity` of a greedy one is beyond the limit."""

    number: int
    quantity: int
    manner: Manner
    habit: Habit

    @property
    def name(self) -> str:
        """Who buys, as the channel names them."""
        return f"buyer-{self.number:06d}"

    @property
    def hold_id(self) -> str:
        """The id of the first order."""
        return f"demo-{self.number:06d}"


_MANNERS = (
    (Manner.PAYS, 84),
    (Manner.PAYS_TWICE, 2),
    (Manner.CANCELS, 7),
    (Manner.PAYS_LATE, 4),
    (Manner.GREEDY, 3),
)
_HABITS = (
    (Habit.NONE, 930),
    (Habit.DOUBLE_TAP, 20),
    (Habit.SENDS_AGAIN, 20),
    (Habit.CHANGES_BODY, 15),
    (Habit.ORDERS_MORE, 15),
)
_TWO_UNITS_SHARE = 0.12


def cast(script: Script) -> list[Buyer]:
    """The crowd in the order in which it arrives."""
    chance = random.Random(script.seed)  # noqa: S311 - a script, nothing secret
    manners = chance.choices([m for m, _ in _MANNERS], [w for _, w in _MANNERS], k=script.buyers)
    habits = chance.choices([h for h, _ in _HABITS], [w for _, w in _HABITS], k=script.buyers)
    crowd = []
    for number, (manner, habit) in enumerate(zip(manners, habits, strict=True), start=1):
        quantity = min(script.limit, 2 if chance.random() < _TWO_UNITS_SHARE else 1)
        if manner is Manner.GREEDY:
            quantity = script.limit + chance.randint(1, 20)
        elif habit is Habit.ORDERS_MORE:
            # Only one who keeps the first order for sure is sure to be beyond the limit with a second one.
            manner = Manner.PAYS
        crowd.append(Buyer(number, quantity, manner, habit))
    return crowd
