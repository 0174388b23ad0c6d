"""Entry tickets 入场券: given before the opening, shown with the hold, used once."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from holdfast.api.fields import BuyerText, Failed, GateName, Timestamp, check_path, to_us
from holdfast.api.operation import Answer, Operation, Request
from holdfast.ledger.guard.counters import GATE, USED
from holdfast.ledger.guard.tallies import NO_SKU
from holdfast.live.keys import Role
from holdfast.operations.guard.desk import Gate
from holdfast.sealing import SealingError
from holdfast.storage.contract import Reader

TICKETS_MAX = 1_000
NUMBER_MAX = 100


class TicketsBody(msgspec.Struct, forbid_unknown_fields=True):
    """Tickets of a gate for up to 1,000 buyers; the same buyer and `number` get the same ticket again."""

    gate: GateName
    buyers: Annotated[list[BuyerText], Meta(min_length=1, max_length=TICKETS_MAX)]
    expires_at: Timestamp
    number: Annotated[
        int, Meta(ge=1, le=NUMBER_MAX, description="2 and more for a buyer who shall have another go.")
    ] = 1


class TicketDocument(msgspec.Struct):
    """A ticket: to be handed to this buyer alone."""

    buyer: str
    ticket: str


class TicketsDocument(msgspec.Struct):
    """Tickets in the order of the request."""

    gate: str
    expires_at: datetime
    tickets: list[TicketDocument]


class GateDocument(msgspec.Struct):
    """How many tickets of a gate were signed (repeats included) and how many were used."""

    gate: str
    issued: int
    used: int


class GatePage(msgspec.Struct):
    """All gates that tickets were ever issued of, in order of their names; there is no second page."""

    items: list[GateDocument]
    next: str | None


async def issue(request: Request) -> Answer:
    """Sign tickets; nothing but their number is kept."""
    body: TicketsBody = request.body
    expires_at_us = to_us(body.expires_at, "expires_at")
    assert expires_at_us is not None
    if expires_at_us <= request.holdfast.clock.now_us():
        raise Failed("invalid_request", "a ticket has to end in the future", field="expires_at")
    try:
        tickets = await request.holdfast.guards.issue(
            body.gate, body.buyers, body.number, expires_at_us, request.principal.actor, request.request_id
        )
    except SealingError as error:
        raise Failed("secret_key_unusable", str(error)) from error
    given = [TicketDocument(buyer, ticket) for buyer, ticket in zip(body.buyers, tickets, strict=True)]
    return Answer(TicketsDocument(body.gate, body.expires_at, given), 201)


async def show(request: Request) -> Answer:
    """The numbers of one gate."""
    gate: str = check_path(GateName, request.path["gate"], "gate")
    known = request.holdfast.guards.gates.get(gate)
    if known is None:
        raise Failed("not_found", f"no ticket of the gate {gate} was ever issued", field="gate")
    return Answer(await request.holdfast.read(lambda reader: _document(reader, known)))


async def list_all(request: Request) -> Answer:
    """The numbers of all gates."""
    gates = request.holdfast.guards.gates.all()
    found = await request.holdfast.read(lambda reader: [_document(reader, gate) for gate in gates])
    return Answer(GatePage(found, None))


def _document(reader: Reader, gate: Gate) -> GateDocument:
    used = reader.counts(NO_SKU, gate.gate, GATE).get(USED, 0)
    return GateDocument(gate.gate, gate.issued, used)


OPERATIONS = [
    Operation(
        "POST",
        "/v1/tickets",
        issue,
        summary="Issue entry tickets to up to 1,000 buyers",
        role=Role.INTEGRATION,
        takes=TicketsBody,
        gives=TicketsDocument,
        status=201,
        codes=("secret_key_unusable",),
    ),
    Operation(
        "GET",
        "/v1/gates",
        list_all,
        summary="List the gates with their tickets issued and used",
        role=Role.VIEWER,
        gives=GatePage,
    ),
    Operation(
        "GET",
        "/v1/gates/{gate}",
        show,
        summary="Show how many tickets of a gate were issued and used",
        role=Role.VIEWER,
        gives=GateDocument,
        codes=("not_found",),
    ),
]
"""Routes of this noun."""
