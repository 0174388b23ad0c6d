"""Counters of guards: rows of the purchase counters, told apart by a colon in the scope.

No channel has a colon in its name, so no purchase counter is ever taken for one of these. Each subject
(a device, say) has one row for all time, because a window that is over makes room for the next one.
"""

from collections.abc import Iterable, Iterator

from holdfast.ledger.records import CountKey, Hold, Sku

from .rules import ALLOW, BLOCK, Guard, Signals, Speed, Ticket

NO_SKU = ""
"""Counters of tickets and lists belong to no item."""

EXPOSURE = "exposure"
UNITS = ":units"
LOSS = ":loss_cents"
BREAKER_WINDOW = ":breaker.window"
BREAKER_UNITS = ":breaker.units"
WINDOW = ":window"
WINDOW_ORDERS = ":window.orders"
WINDOW_UNITS = ":window.units"
BUYERS = ":buyers"
SERVED = ":served"
USED = ":used"
GATE = "gate"
LISTS = "lists"
BUYER = "buyer"


def ticket_key(gate: str, id: str) -> CountKey:
    """Whether a ticket was used: 0 or 1."""
    return CountKey(NO_SKU, gate, f"ticket:{id}", USED)


def gate_key(gate: str) -> CountKey:
    """How many tickets of a gate were used."""
    return CountKey(NO_SKU, gate, GATE, USED)


def list_key(name: str, value: str, kind: str = BUYER) -> CountKey:
    """Whether a buyer, or the hash of a device, address or payment, stands on a list: 0 or 1."""
    return CountKey(NO_SKU, LISTS, f"{kind}:{value}", f":{name}")


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


def served_key(sku: str, period: str, address: str, person: str) -> CountKey:
    """Whether an address has served a buyer: 0 or 1."""
    return CountKey(sku, period, f"address:{address} buyer:{person}", SERVED)


def exposure_keys(sku: str, period: str) -> tuple[CountKey, CountKey]:
    """Units sold in the period, and what they lost in cents."""
    return CountKey(sku, period, EXPOSURE, UNITS), CountKey(sku, period, EXPOSURE, LOSS)


def subjects(guard: Guard, buyer: str, signals: Signals | None) -> Iterator[tuple[str, str, Speed]]:
    """The speed rules that apply: name of the rule, row of the subject, rule."""
    if guard.per_buyer is not None:
        yield "per_buyer", f"buyer:{buyer}", guard.per_buyer
    if signals is None:
        return
    if guard.per_device is not None and signals.device:
        yield "per_device", f"device:{signals.device}", guard.per_device
    if guard.per_address is not None and signals.address:
        yield "per_address", f"address:{signals.address}", guard.per_address
    if guard.per_payment is not None and signals.payment:
        yield "per_payment", f"payment:{signals.payment}", guard.per_payment


def needed(
    item: Sku, buyer: str, person: str, ticket: Ticket | None, signals: Signals | None
) -> set[CountKey]:
    """All counters that a decision about this item may look at or change."""
    guard = item.guard
    assert guard is not None
    sku, period = item.sku, guard.period
    keys = set(exposure_keys(sku, period))
    if guard.breaker is not None:
        keys |= _of(sku, period, EXPOSURE, (BREAKER_WINDOW, BREAKER_UNITS))
    for _, row, _ in subjects(guard, buyer, signals):
        keys |= _of(sku, period, row, (WINDOW, WINDOW_ORDERS, WINDOW_UNITS))
    if guard.buyers_per_address is not None and signals is not None and signals.address:
        keys.add(CountKey(sku, period, f"address:{signals.address}", BUYERS))
        keys.add(served_key(sku, period, signals.address, person))
    if guard.lists:
        for kind, value in listable(person, signals):
            keys |= {list_key(BLOCK, value, kind), list_key(ALLOW, value, kind)}
    if guard.ticket_gate and ticket is not None:
        keys |= {ticket_key(ticket.gate, ticket.id), gate_key(ticket.gate)}
    return keys


def needed_to_give_back(hold: Hold) -> Iterator[CountKey]:
    """The counters that change when this hold is given back."""
    if hold.guard is not None:
        for counted in hold.guard.counted:
            yield from exposure_keys(counted.sku, counted.period)


def _of(sku: str, period: str, row: str, scopes: Iterable[str]) -> set[CountKey]:
    return {CountKey(sku, period, row, scope) for scope in scopes}
