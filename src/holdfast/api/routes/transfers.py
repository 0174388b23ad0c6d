"""Transfers 流水: immutable moves of stock between two accounts."""

from datetime import datetime
from functools import partial

import msgspec

from holdfast.api.fields import (
    AccountText,
    CommandId,
    Failed,
    NameText,
    Quantity,
    ShortText,
    SkuId,
    Timestamp,
    check_path,
    to_time,
    to_us,
)
from holdfast.api.operation import REPLAYED, Answer, Operation, Parameter, Request
from holdfast.ledger.accounts import (
    MAIN_LOCATION,
    AccountKind,
    AccountNameError,
    account_name,
    parse_account,
)
from holdfast.ledger.commands import PostTransfer
from holdfast.ledger.records import Transfer
from holdfast.live.keys import Role
from holdfast.operations.mapping import is_synced
from holdfast.storage.contract import TransferFilter
from holdfast.storage.records import ListingRow
from holdfast.storage.sync_contract import SyncReader

from .pages import BEFORE, LIMIT, before_of, limit_of, next_of


class TransferBody(msgspec.Struct, forbid_unknown_fields=True, rename={"from_": "from"}):
    """A move of a whole quantity."""

    id: CommandId
    sku: SkuId
    from_: AccountText
    to: AccountText
    quantity: Quantity
    reason: NameText
    location: NameText = MAIN_LOCATION
    reference: ShortText = ""
    event_at: Timestamp | None = None


class TransferDocument(msgspec.Struct, rename={"from_": "from"}):
    """A transfer as recorded; `id` is null for the legs of a confirmed hold, which `reference` names."""

    id: str | None
    sku: str
    from_: str
    to: str
    quantity: int
    reason: str
    location: str
    reference: str
    actor: str
    event_at: datetime
    recorded_at: datetime
    pace: dict[str, float] | None
    """Why the allocation moved it: how fast each channel seemed to sell the item then, in units a minute."""


class TransferPage(msgspec.Struct):
    """A page of transfers, the newest first."""

    items: list[TransferDocument]
    next: str | None


def _document(transfer: Transfer) -> TransferDocument:
    return TransferDocument(
        id=transfer.id,
        sku=transfer.sku,
        from_=account_name(transfer.from_kind, transfer.from_scope),
        to=account_name(transfer.to_kind, transfer.to_scope),
        quantity=transfer.quantity,
        reason=transfer.reason,
        location=transfer.location,
        reference=transfer.reference,
        actor=transfer.actor,
        event_at=to_time(transfer.event_at_us),
        recorded_at=to_time(transfer.recorded_at_us),
        pace=transfer.pace,
    )


def _account(text: str, field: str) -> tuple[AccountKind, str]:
    try:
        return parse_account(text)
    except AccountNameError as error:
        raise Failed("invalid_request", str(error), field=field) from error


async def post(request: Request) -> Answer:
    """Move stock; what the sync moves for a platform, and what a drop set aside, people do not."""
    command = _command(request)
    ends = ((command.from_kind, command.from_scope), (command.to_kind, command.to_scope))
    for kind, scope in ends:
        if kind is AccountKind.DROP:
            _check_not_locked(request, scope)
    channels = {scope for kind, scope in ends if kind is AccountKind.CHANNEL}
    if channels.isdisjoint(request.holdfast.connected):
        decision = await request.decide(command)
    else:
        async with request.holdfast.mapping:
            await _check_not_synced(request, sorted(channels & request.holdfast.connected), command.sku)
            decision = await request.decide(command)
    assert isinstance(decision.record, Transfer)
    document = _document(decision.record)
    return Answer(document, 200, REPLAYED) if decision.replayed else Answer(document, 201)


def _check_not_locked(request: Request, id: str) -> None:
    drop = request.holdfast.drops.get(id)
    if drop is not None and not drop.ended:
        raise Failed(
            "drop_has_units",
            f"drop {id} is {drop.status}: only it moves its units; cancel or close it to get them back",
            facts={"drop": id, "status": drop.status},
        )


def _listings(reader: SyncReader, channel: str) -> list[ListingRow]:
    return reader.listings(channel)


async def _check_not_synced(request: Request, channels: list[str], sku: str) -> None:
    holdfast = request.holdfast
    for channel in channels:
        rows = await holdfast.read_sync(partial(_listings, channel=channel))
        if await holdfast.read(partial(is_synced, rows=rows, sku=sku)):
            raise Failed(
                "channel_is_synced",
                f"{channel} sells {sku} from its own counter, so its right moves when the platform has "
                "said so; set a rule on the listing instead (`fixed` holds the right at a quantity)",
                facts={"channel": channel, "sku": sku},
            )


def _command(request: Request) -> PostTransfer:
    body: TransferBody = request.body
    from_kind, from_scope = _account(body.from_, "from")
    to_kind, to_scope = _account(body.to, "to")
    return PostTransfer(
        id=body.id,
        sku=body.sku,
        from_kind=from_kind,
        from_scope=from_scope,
        to_kind=to_kind,
        to_scope=to_scope,
        quantity=body.quantity,
        reason=body.reason,
        actor=request.principal.actor,
        location=body.location,
        reference=body.reference,
        event_at_us=to_us(body.event_at, "event_at"),
        request_id=request.request_id,
    )


async def show(request: Request) -> Answer:
    """One transfer."""
    id = check_path(CommandId, request.path["id"], "id")
    row = await request.holdfast.read(lambda reader: reader.transfer(id))
    if row is None:
        raise Failed("not_found", f"there is no transfer {id}", field="id")
    return Answer(_document(row.transfer))


async def list_all(request: Request) -> Answer:
    """A page of transfers, of all or of those that fit; it may be short and yet have a next one."""
    limit, before, query = limit_of(request), before_of(request), request.query
    account = query.get("account")
    wanted = TransferFilter(
        sku=query.get("sku"),
        account=None if account is None else _account(account, "account"),
        reason=query.get("reason"),
        actor=query.get("actor"),
        reference=query.get("reference"),
    )
    found = await request.holdfast.read(lambda reader: reader.find_transfers(wanted, before, limit))
    page = [_document(row.transfer) for row in found.rows]
    return Answer(TransferPage(page, next_of(found.next_seq)))


OPERATIONS = [
    Operation(
        "POST",
        "/v1/transfers",
        post,
        summary="Move stock between two accounts",
        role=Role.OPERATOR,
        takes=TransferBody,
        gives=TransferDocument,
        status=201,
        codes=(
            "exists_with_different_sku",
            "exists_with_different_location",
            "exists_with_different_from",
            "exists_with_different_to",
            "exists_with_different_quantity",
            "exists_with_different_reason",
            "unknown_channel",
            "unknown_sku",
            "accounts_must_differ",
            "transfer_not_allowed",
            "sku_is_bundle",
            "insufficient_available",
            "balance_limit_exceeded",
            "channel_is_synced",
            "drop_has_units",
        ),
    ),
    Operation(
        "GET",
        "/v1/transfers/{id}",
        show,
        summary="Show a transfer",
        role=Role.VIEWER,
        gives=TransferDocument,
        codes=("not_found",),
    ),
    Operation(
        "GET",
        "/v1/transfers",
        list_all,
        summary="List transfers, the newest first",
        role=Role.VIEWER,
        gives=TransferPage,
        query=(
            Parameter("sku", "Only this item's.", {"type": "string", "maxLength": 64}),
            Parameter(
                "account",
                "Only those from or to this account, such as `channel:shop`.",
                {"type": "string", "maxLength": 64},
            ),
            Parameter("reason", "Only those for this reason.", {"type": "string", "maxLength": 200}),
            Parameter("actor", "Only those of this actor.", {"type": "string", "maxLength": 200}),
            Parameter(
                "reference",
                "Only those with this reference, such as a hold's id.",
                {"type": "string", "maxLength": 200},
            ),
            BEFORE,
            LIMIT,
        ),
    ),
]
"""Routes of this noun."""
