"""Who comes to a drop: scripts with many accounts on few devices, and honest buyers with one of each."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

SKU = "DROP"
CHANNEL = "shop"
GATE = "drop"
UNITS = 500
WINDOW_S = 604_800
"""Longer than any run: no window ends while buyers come."""

LIMITS = {"period": "drop", "per_order": 1, "per_buyer_across_channels": 1}
SPEED_RULES = {
    "per_device": {"window_s": WINDOW_S, "orders": 1},
    "per_address": {"window_s": WINDOW_S, "orders": 2},
    "per_payment": {"window_s": WINDOW_S, "orders": 2},
}


@dataclass(frozen=True)
class Buyer:
    """An account and what the shop sees of it."""

    name: str
    honest: bool
    device: str
    address: str
    payment: str

    def hold(self, id: str, ticket: str | None) -> dict[str, object]:
        """The body of one try."""
        body: dict[str, object] = {
            "id": id,
            "channel": CHANNEL,
            "buyer": self.name,
            "lines": [{"sku": SKU, "quantity": 1}],
            "signals": {"device": self.device, "address": self.address, "payment": self.payment},
        }
        return body if ticket is None else body | {"ticket": ticket}


@dataclass(frozen=True)
class Try:
    """One request: who, with what body, so many seconds after the opening."""

    buyer: Buyer
    body: dict[str, object]
    after_s: float


def scripted(accounts: int) -> list[Buyer]:
    """Five accounts a device; half as many addresses as devices, and three payments for four devices."""
    devices = max(1, accounts // 5)
    return [
        Buyer(
            f"script-{n}",
            False,
            f"device-{n % devices}",
            f"address-{n % devices % max(1, devices // 2)}",
            f"payment-{n % devices % max(1, devices * 3 // 4)}",
        )
        for n in range(accounts)
    ]


def honest(people: int) -> list[Buyer]:
    """Each with a device, an address and a payment of their own."""
    return [Buyer(f"honest-{n}", True, f"own-{n}", f"home-{n}", f"card-{n}") for n in range(people)]


def drawn_by_account(buyers: list[Buyer], tickets: int, chance: random.Random) -> list[Buyer]:
    """A draw that every account may enter once."""
    return chance.sample(buyers, min(tickets, len(buyers)))


def drawn_by_device(buyers: list[Buyer], tickets: int, chance: random.Random) -> list[Buyer]:
    """A draw that every device may enter once, whichever of its accounts came first."""
    entrants: dict[str, Buyer] = {}
    for buyer in buyers:
        entrants.setdefault(buyer.device, buyer)
    return drawn_by_account(list(entrants.values()), tickets, chance)


def tries(
    buyers: Iterable[Buyer], requests: int, tickets: dict[str, str], chance: random.Random
) -> list[Try]:
    """Scripts at once and over and over with new ids, honest buyers once within the first second.

    A script without a ticket forges one, borrows one of another account, or shows none.
    """
    everyone = list(buyers)
    scripts = [buyer for buyer in everyone if not buyer.honest]
    people = [buyer for buyer in everyone if buyer.honest]
    lent = list(tickets.values())
    found = []
    for number in range(requests - len(people)):
        buyer = scripts[number % len(scripts)]
        ticket = tickets.get(buyer.name)
        if ticket is None and lent:
            ticket = (None, "eyJ.forged", chance.choice(lent))[number % 3]
        found.append(Try(buyer, buyer.hold(f"s{number}", ticket), 0.0))
    for number, buyer in enumerate(people):
        body = buyer.hold(f"p{number}", tickets.get(buyer.name))
        found.append(Try(buyer, body, chance.random()))
    return found
