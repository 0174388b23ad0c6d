"""Bodies of guards, signals and tickets, and the way between them and the ledger's records."""

from typing import Annotated

import msgspec
from msgspec import Meta

from holdfast.api.fields import TEXT, Failed, GateName, NameText, Quantity, Timestamp, to_us
from holdfast.api.operation import Request
from holdfast.ledger.guard.rules import Bound, Breaker, Guard, Outcome, Signals, Speed, Ticket
from holdfast.sealing import SealingError

WINDOW_MAX_S = 7 * 24 * 3600
AGE_MAX_S = 10 * 366 * 24 * 3600

TicketText = Annotated[str, Meta(max_length=2048, description="The entry ticket, as it was issued.")]
SignalText = Annotated[
    str, Meta(max_length=512, pattern=TEXT, description="Kept as a keyed hash only; empty for not known.")
]
Window = Annotated[int, Meta(ge=1, le=WINDOW_MAX_S, description="Seconds.")]
Count = Annotated[int, Meta(ge=1, le=10**6)]
Loss = Annotated[int, Meta(ge=1, le=10**15, description="Hundredths of the currency (分).")]


class SignalsBody(msgspec.Struct, forbid_unknown_fields=True):
    """What the shop's server knows of who asks 风控特征; a rule about what is left out does not apply."""

    device: SignalText = ""
    address: SignalText = ""
    payment: SignalText = ""
    account_created_at: Timestamp | None = None


class SpeedBody(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Most orders or units in a window aligned to the server's time; `orders` or `units` must be there."""

    window_s: Window
    orders: Count | None = None
    units: Quantity | None = None
    outcome: Outcome = Outcome.REFUSE


class BoundBody(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A number that must not be passed; `outcome` is refuse or review."""

    limit: Annotated[int, Meta(ge=1, le=AGE_MAX_S)]
    outcome: Outcome = Outcome.REFUSE


class BreakerBody(msgspec.Struct, forbid_unknown_fields=True):
    """Most units by anybody in a window 熔断."""

    window_s: Window
    units: Quantity


class GuardBody(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Rules against scalpers and endless sale 风控规则; counters start anew when `period` changes."""

    period: NameText
    ticket_gate: GateName | None = None
    per_buyer: SpeedBody | None = None
    per_device: SpeedBody | None = None
    per_address: SpeedBody | None = None
    per_payment: SpeedBody | None = None
    buyers_per_address: BoundBody | None = None
    account_age_min_s: BoundBody | None = None
    lists: bool = False
    units_max: Quantity | None = None
    loss_cents_max: Loss | None = None
    breaker: BreakerBody | None = None


def to_guard(body: GuardBody | None) -> Guard | None:
    """The ledger's guard; raises Failed for rules that make no sense."""
    if body is None:
        return None
    try:
        return Guard(
            body.period,
            body.ticket_gate or "",
            _speed(body.per_buyer),
            _speed(body.per_device),
            _speed(body.per_address),
            _speed(body.per_payment),
            _bound(body.buyers_per_address),
            _bound(body.account_age_min_s),
            body.lists,
            body.units_max,
            body.loss_cents_max,
            Breaker(body.breaker.window_s, body.breaker.units) if body.breaker else None,
        )
    except ValueError as error:
        raise Failed("invalid_request", str(error), field="guard") from error


def guard_body(guard: Guard | None) -> GuardBody | None:
    """A guard as the API shows it."""
    if guard is None:
        return None
    plain = {name: value for name, value in msgspec.to_builtins(guard).items() if value != ""}
    return msgspec.convert(plain, GuardBody)


def admission(
    request: Request, ticket: str, signals: SignalsBody | None
) -> tuple[Ticket | None, Signals | None]:
    """The ticket, its signature checked, and the signals, hashed."""
    office = request.holdfast.guards.office
    try:
        read = office.read(ticket) if ticket else None
        if signals is None:
            return read, None
        created_at_us = to_us(signals.account_created_at, "signals.account_created_at")
        return read, office.signals(signals.device, signals.address, signals.payment, created_at_us)
    except SealingError as error:
        raise Failed("secret_key_unusable", str(error)) from error


def _speed(body: SpeedBody | None) -> Speed | None:
    return Speed(body.window_s, body.orders, body.units, body.outcome) if body is not None else None


def _bound(body: BoundBody | None) -> Bound | None:
    return Bound(body.limit, body.outcome) if body is not None else None
