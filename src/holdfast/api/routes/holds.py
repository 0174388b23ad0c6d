"""Holds 预占: placed, then confirmed, released or expired."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from holdfast.api.fields import (
    BuyerKeyText,
    BuyerText,
    ChannelId,
    CommandId,
    Failed,
    Quantity,
    SkuId,
    Timestamp,
    check_path,
    optional_time,
    to_time,
    to_us,
)
from holdfast.api.operation import REPLAYED, Answer, OneCommand, Operation, Parameter, Request, facts_of
from holdfast.app import Holdfast
from holdfast.ledger.codes import SUCCESSES, ResultCode
from holdfast.ledger.commands import (
    LINES_MAX,
    TTL_DEFAULT_S,
    TTL_MAX_S,
    ConfirmHold,
    PlaceHold,
    ReleaseHold,
)
from holdfast.ledger.records import HOLD_CONFIRMED, HOLD_EXPIRED, HOLD_PLACED, HOLD_RELEASED, Hold
from holdfast.ledger.state import Decision
from holdfast.live.keys import Role
from holdfast.storage.contract import HoldFilter

from .guard_fields import SignalsBody, TicketText, admission
from .pages import BEFORE, LIMIT, before_of, limit_of, next_of

HOLDS_PER_BATCH_MAX = 1_000
HOLD_STATUSES = (HOLD_PLACED, HOLD_CONFIRMED, HOLD_RELEASED, HOLD_EXPIRED)


class LineBody(msgspec.Struct, forbid_unknown_fields=True):
    """One line of an order; lines of the same SKU are summed."""

    sku: SkuId
    quantity: Quantity


class HoldBody(msgspec.Struct, forbid_unknown_fields=True):
    """A hold to place; all its lines or none."""

    id: CommandId
    channel: ChannelId
    buyer: BuyerText
    lines: Annotated[list[LineBody], Meta(min_length=1, max_length=LINES_MAX)]
    buyer_key: BuyerKeyText = ""
    ttl_s: Annotated[int, Meta(ge=1, le=TTL_MAX_S, description="Seconds until it expires.")] = TTL_DEFAULT_S
    event_at: Timestamp | None = None
    ticket: TicketText = ""
    signals: SignalsBody | None = None


class BatchBody(msgspec.Struct, forbid_unknown_fields=True):
    """Many holds at once; each is decided on its own, in order."""

    holds: Annotated[list[HoldBody], Meta(min_length=1, max_length=HOLDS_PER_BATCH_MAX)]


class HoldLine(msgspec.Struct):
    """One SKU of a hold."""

    sku: str
    quantity: int


class HoldDocument(msgspec.Struct):
    """A hold; `status` is placed, confirmed, released or expired; `review` open, accepted or rejected."""

    id: str
    status: str
    channel: str
    buyer: str
    lines: list[HoldLine]
    expires_at: datetime
    placed_at: datetime
    settled_at: datetime | None = None
    review: str | None = None


class HoldPage(msgspec.Struct):
    """A page of holds, the newest first."""

    items: list[HoldDocument]
    next: str | None


class BatchItem(msgspec.Struct, omit_defaults=True):
    """What one hold of a batch came to: a status, or the code it was refused with."""

    id: str
    status: str | None = None
    code: str | None = None
    expires_at: datetime | None = None
    replayed: bool = False
    facts: dict[str, str | int] = {}


class BatchDocument(msgspec.Struct):
    """Results in the order of the request."""

    results: list[BatchItem]


def hold_document(hold: Hold, status: str) -> HoldDocument:
    """A hold as the API shows it; `status` is the one the answer speaks of."""
    return HoldDocument(
        hold.id,
        status,
        hold.channel,
        hold.buyer,
        [HoldLine(line.sku, line.quantity) for line in hold.lines],
        to_time(hold.expires_at_us),
        to_time(hold.recorded_at_us),
        None if status == HOLD_PLACED else optional_time(hold.settled_at_us),
        hold.review,
    )


def _synced(channel: str) -> Failed:
    return Failed(
        "channel_is_synced",
        f"{channel} sells from its platform's own counter, and its orders come from there",
        field="channel",
        facts={"channel": channel},
    )


def _command(request: Request, body: HoldBody) -> PlaceHold:
    if body.channel in request.holdfast.connected:
        raise _synced(body.channel)
    ticket = signals = None
    if body.ticket or body.signals is not None:
        ticket, signals = admission(request, body.ticket, body.signals)
    return PlaceHold(
        body.id,
        body.channel,
        body.buyer,
        tuple([(line.sku, line.quantity) for line in body.lines]),
        request.principal.actor,
        body.buyer_key,
        body.ttl_s,
        to_us(body.event_at, "event_at"),
        request.request_id,
        ticket,
        signals,
    )


def _answer(decision: Decision, created: int = 200) -> Answer:
    assert isinstance(decision.record, Hold)
    document = hold_document(decision.record, decision.code.value)
    if decision.replayed:
        return Answer(document, 200, REPLAYED)
    return Answer(document, created)


place = OneCommand(lambda request: _command(request, request.body), lambda decision: _answer(decision, 201))
"""Place one hold."""


async def place_batch(request: Request) -> Answer:
    """Place many; the answer is 200 whatever each came to."""
    connected = request.holdfast.connected
    bodies: list[HoldBody] = request.body.holds
    commands = [_command(request, body) for body in bodies if body.channel not in connected]
    decisions = iter(await request.holdfast.engine.submit(commands) if commands else [])
    results = [
        _refused_item(body)
        if body.channel in connected
        else _item(request.holdfast, body.id, next(decisions))
        for body in bodies
    ]
    return Answer(BatchDocument(results))


def _refused_item(body: HoldBody) -> BatchItem:
    failed = _synced(body.channel)
    return BatchItem(body.id, None, failed.code, None, False, failed.facts)


def _item(holdfast: Holdfast, id: str, decision: Decision) -> BatchItem:
    if decision.code in SUCCESSES:
        assert isinstance(decision.record, Hold)
        expires_at = to_time(decision.record.expires_at_us)
        return BatchItem(id, decision.code.value, None, expires_at, decision.replayed)
    facts = facts_of(holdfast, decision)
    return BatchItem(id, None, decision.code.value, None, decision.replayed, facts)


async def confirm(request: Request) -> Answer:
    """The order is paid."""
    id = check_path(CommandId, request.path["id"], "id")
    return _answer(await request.decide(ConfirmHold(id, request.principal.actor, request.request_id)))


async def release(request: Request) -> Answer:
    """The order is cancelled before it is paid."""
    id = check_path(CommandId, request.path["id"], "id")
    return _answer(await request.decide(ReleaseHold(id, request.principal.actor, request.request_id)))


async def show(request: Request) -> Answer:
    """One hold as it is now."""
    id = check_path(CommandId, request.path["id"], "id")
    hold = await request.holdfast.read(lambda reader: reader.hold(id))
    if hold is None:
        raise Failed(ResultCode.UNKNOWN_HOLD.value, f"there is no hold {id}")
    return Answer(hold_document(hold, hold.status))


async def list_all(request: Request) -> Answer:
    """A page of holds, of all or of those that fit; it may be short and yet have a next one."""
    limit, before, query = limit_of(request), before_of(request), request.query
    status = query.get("status")
    if status is not None and status not in HOLD_STATUSES:
        raise Failed("invalid_request", f"a status is one of {', '.join(HOLD_STATUSES)}", field="status")
    wanted = HoldFilter(query.get("sku"), query.get("channel"), status)
    found = await request.holdfast.read(lambda reader: reader.find_holds(wanted, before, limit))
    page = [hold_document(hold, hold.status) for hold in found.holds]
    return Answer(HoldPage(page, next_of(found.next_seq)))


_PLACING = (
    "exists_with_different_channel", "exists_with_different_buyer", "exists_with_different_lines",
    "exists_with_different_quantity", "exists_with_different_ttl", "unknown_channel", "unknown_sku",
    "channel_frozen", "sku_frozen", "sale_not_open", "sale_closed", "buyer_blocked", "ticket_required",
    "ticket_invalid", "ticket_expired", "ticket_used", "account_too_new", "too_fast", "address_shared",
    "purchase_limit_exceeded", "exposure_limit_reached", "speed_breaker_tripped",
    "insufficient_available", "queued", "channel_is_synced", "secret_key_unusable",
)  # fmt: skip

OPERATIONS = [
    Operation(
        "POST",
        "/v1/holds",
        place,
        summary="Place a hold",
        role=Role.INTEGRATION,
        takes=HoldBody,
        gives=HoldDocument,
        status=201,
        codes=_PLACING,
    ),
    Operation(
        "POST",
        "/v1/holds/batch",
        place_batch,
        summary="Place up to 1,000 holds at once",
        role=Role.INTEGRATION,
        takes=BatchBody,
        gives=BatchDocument,
    ),
    Operation(
        "POST",
        "/v1/holds/{id}/confirm",
        confirm,
        summary="Confirm a hold: the order is paid",
        role=Role.INTEGRATION,
        gives=HoldDocument,
        codes=("unknown_hold", "hold_already_released", "hold_expired", "balance_limit_exceeded"),
    ),
    Operation(
        "POST",
        "/v1/holds/{id}/release",
        release,
        summary="Release a hold: the order is cancelled",
        role=Role.INTEGRATION,
        gives=HoldDocument,
        codes=("unknown_hold", "hold_already_confirmed", "hold_expired"),
    ),
    Operation(
        "GET",
        "/v1/holds",
        list_all,
        summary="List holds, the newest first",
        role=Role.VIEWER,
        gives=HoldPage,
        query=(
            Parameter("sku", "Only with this item, or drawing on it.", {"type": "string", "maxLength": 64}),
            Parameter("channel", "Only of this channel.", {"type": "string", "maxLength": 32}),
            Parameter("status", "Only in this state.", {"type": "string", "enum": list(HOLD_STATUSES)}),
            BEFORE,
            LIMIT,
        ),
    ),
    Operation(
        "GET",
        "/v1/holds/{id}",
        show,
        summary="Show a hold",
        role=Role.VIEWER,
        gives=HoldDocument,
        codes=("unknown_hold",),
    ),
]
"""Routes of this noun."""
