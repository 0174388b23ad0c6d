"""Tallies 计次: what one subject of a guard (a device, say) did, and whether a ticket was used.

A subject has one tally an item and period, because a window that is over makes room for the next one. Each
hold changes several, of people never seen before: so they are apart from the purchase counters, and small.
"""

from collections.abc import Sequence
from typing import NamedTuple

from .rules import Guard, Signals, Speed, Ticket

NO_SKU = ""
"""Tickets belong to no item."""

TallyKey = str
"""Item, period and subject, with a NUL between them: no item and no period has one in its name."""

Ruled = list[tuple[str, TallyKey, Speed]]
"""Speed rules that apply: name of the rule, whose tally, rule."""


class Tally(NamedTuple):
    """Orders and units in the window from `start_s`, and the different buyers an address has served."""

    start_s: int = 0
    orders: int = 0
    units: int = 0
    buyers: int = 0
    until_s: int = 0
    """When nobody asks for it any more, in ledger time; 0 is as long as its period is the item's."""


NOTHING = Tally()


def tally_key(sku: str, period: str, subject: str) -> TallyKey:
    """The tally of a subject."""
    return f"{sku}\0{period}\0{subject}"


def period_of(key: TallyKey) -> str:
    """Item and period of a tally, with a NUL between them."""
    return key[: key.index("\0", key.index("\0") + 1)]


def ticket_key(gate: str, id: str) -> TallyKey:
    """A ticket; its tally has one order once it was used."""
    return f"{NO_SKU}\0{gate}\0ticket:{id}"


def address_key(sku: str, period: str, address: str) -> TallyKey:
    """An address: its window, and how many buyers it has served."""
    return f"{sku}\0{period}\0address:{address}"


def served_key(sku: str, period: str, address: str, person: str) -> TallyKey:
    """A buyer at an address; the tally has one order once the address has served them."""
    return f"{sku}\0{period}\0address:{address} buyer:{person}"


def ruled(sku: str, guard: Guard, buyer: str, signals: Signals | None) -> Ruled:
    """The speed rules that apply to who asks."""
    period = guard.period
    found: Ruled = []
    if guard.per_buyer is not None:
        found.append(("per_buyer", f"{sku}\0{period}\0buyer:{buyer}", guard.per_buyer))
    if signals is None:
        return found
    if guard.per_device is not None and signals.device:
        found.append(("per_device", f"{sku}\0{period}\0device:{signals.device}", guard.per_device))
    if guard.per_address is not None and signals.address:
        found.append(("per_address", address_key(sku, period, signals.address), guard.per_address))
    if guard.per_payment is not None and signals.payment:
        found.append(("per_payment", f"{sku}\0{period}\0payment:{signals.payment}", guard.per_payment))
    return found


def needed(
    sku: str, guard: Guard, who: tuple[str, str], ticket: Ticket | None, signals: Signals | None
) -> Sequence[TallyKey]:
    """All tallies that a decision may look at or change; `who` are the buyer and the person behind."""
    buyer, person = who
    keys = [key for _, key, _ in ruled(sku, guard, buyer, signals)]
    if guard.buyers_per_address is not None and signals is not None and signals.address:
        keys.append(address_key(sku, guard.period, signals.address))
        keys.append(served_key(sku, guard.period, signals.address, person))
    if guard.ticket_gate and ticket is not None:
        keys.append(ticket_key(ticket.gate, ticket.id))
    return keys
