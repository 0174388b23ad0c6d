"""Counters of guards: rows of the purchase counters, told apart by a colon in the scope.

No channel has a colon in its name, so no purchase counter is ever taken for one of these. They are what holds
share (an item's exposure, a gate) or people write (lists); what each buyer has alone stands in `tallies`.
"""

from collections.abc import Iterator
from functools import lru_cache

from holdfast.ledger.records import CountKey, Hold, Sku

from .rules import ALLOW, BLOCK, Signals, Ticket
from .tallies import NO_SKU

EXPOSURE = "exposure"
UNITS = ":units"
LOSS = ":loss_cents"
BREAKER_WINDOW = ":breaker.window"
BREAKER_UNITS = ":breaker.units"
USED = ":used"
GATE = "gate"
LISTS = "lists"
BUYER = "buyer"

_LIST_SCOPES = {BLOCK: ":block", ALLOW: ":allow"}

KEYS_KEPT_MAX = 4_096
"""Every hold of an item asks for the same few keys."""


@lru_cache(KEYS_KEPT_MAX)
def gate_key(gate: str) -> CountKey:
    """How many tickets of a gate were used."""
    return CountKey(NO_SKU, gate, GATE, USED)


def list_key(name: str, value: str, kind: str = BUYER) -> CountKey:
    """Whether a buyer, or the hash of a device, address or payment, stands on a list: 0 or 1."""
    # A plain tuple is equal to the key it stands for, and made much faster.
    return (NO_SKU, LISTS, f"{kind}:{value}", _LIST_SCOPES[name])  # type: ignore[return-value]


def listable(person: str, signals: Signals | None) -> Iterator[tuple[str, str]]:
    """Kind and value of all that a list may name of who asks, the buyer first."""
    yield BUYER, person
    if signals is not None:
        for kind, value in (
            ("device", signals.device),
            ("address", signals.address),
            ("payment", signals.payment),
        ):
            if value:
                yield kind, value


@lru_cache(KEYS_KEPT_MAX)
def exposure_keys(sku: str, period: str) -> tuple[CountKey, CountKey]:
    """Units sold in the period, and what they lost in cents."""
    return CountKey(sku, period, EXPOSURE, UNITS), CountKey(sku, period, EXPOSURE, LOSS)


@lru_cache(KEYS_KEPT_MAX)
def breaker_keys(sku: str, period: str) -> tuple[CountKey, CountKey]:
    """When the breaker's window began, and the units sold in it."""
    return (
        CountKey(sku, period, EXPOSURE, BREAKER_WINDOW),
        CountKey(sku, period, EXPOSURE, BREAKER_UNITS),
    )


def need(keys: set[CountKey], item: Sku, person: str, ticket: Ticket | None, signals: Signals | None) -> None:
    """Add all counters that a decision about this item may look at or change."""
    guard = item.guard
    assert guard is not None
    keys.update(exposure_keys(item.sku, guard.period))
    if guard.breaker is not None:
        keys.update(breaker_keys(item.sku, guard.period))
    if guard.lists:
        for kind, value in listable(person, signals):
            keys.add(list_key(BLOCK, value, kind))
            keys.add(list_key(ALLOW, value, kind))
    if guard.ticket_gate and ticket is not None:
        keys.add(gate_key(ticket.gate))


def needed_to_give_back(hold: Hold) -> Iterator[CountKey]:
    """The counters that change when this hold is given back."""
    if hold.guard is not None:
        for counted in hold.guard.counted:
            yield from exposure_keys(counted.sku, counted.period)
