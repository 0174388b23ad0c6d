"""Taking an import of items back: fields as they were, stock by the opposite transfers, row by row."""

import asyncio
from collections import Counter
from functools import partial
from itertools import count
from typing import Any, NamedTuple

import msgspec

from holdfast.api.fields import Failed, ImportId, check_path
from holdfast.api.operation import Answer, Operation, Parameter, Request
from holdfast.api.routes.skus import SkuBody, command_of, document
from holdfast.ledger.accounts import MAIN_LOCATION, parse_account
from holdfast.ledger.codes import SUCCESSES, ResultCode
from holdfast.ledger.commands import Command, PostTransfer
from holdfast.ledger.state import KIND_TRANSFER
from holdfast.live.keys import Role
from holdfast.operations.mapping import is_synced
from holdfast.storage.contract import Reader
from holdfast.storage.records import ListingRow

from .files import applies
from .record import ImportDone, MoveDone, RowDone, keep, read, told

AT_ONCE = 256
REASON = "undo import"
Listings = dict[str, list[ListingRow]]


class UndoRefusal(msgspec.Struct):
    """A row that stays as it is, and why; `field` is what was changed since, if that is it."""

    row: int
    sku: str
    code: str
    field: str | None = None


class ItemUndoDocument(msgspec.Struct):
    """What undoing an import would do, or did: rows, transfers, items that stay, rows that are left alone."""

    applied: bool
    restored: int
    moves: int
    kept: list[str]
    done_before: int
    refused: list[UndoRefusal]


class Way(NamedTuple):
    """How one row is undone: transfers first, which may be refused, then the item."""

    row: RowDone
    moves: list[tuple[str, MoveDone]]
    body: SkuBody | None


async def undo(request: Request) -> Answer:
    """Say what undoing an import would do, or do it."""
    id: str = check_path(ImportId, request.path["import"], "import")
    if not applies(request):
        _, ways, found = await _look(request, id)
        return Answer(_document(ways, found, applied=False))
    async with request.holdfast.catalog, request.holdfast.mapping:
        done, ways, found = await _look(request, id)
        refused: list[UndoRefusal] = []
        for start in range(0, len(ways), AT_ONCE):
            part = ways[start : start + AT_ONCE]
            answers = await asyncio.gather(*(_go(request, id, way) for way in part))
            refused += [answer for answer in answers if answer is not None]
        lost = {each.row for each in refused}
        went = [way for way in ways if way.row.row not in lost]
        found.refused = sorted([*found.refused, *refused], key=lambda each: each.row)
        answer = _document(went, found, applied=True)
        if went:
            for way in went:
                way.row.undone = True
            detail: dict[str, str | int] = {
                "restored": answer.restored,
                "moves": answer.moves,
                "refused": len(answer.refused),
            }
            await keep(request, id, done, "undo", detail)
    return Answer(answer)


class _Found(msgspec.Struct):
    """Rows that need nothing or cannot be undone."""

    done_before: int
    refused: list[UndoRefusal]


async def _look(request: Request, id: str) -> tuple[ImportDone, list[Way], _Found]:
    holdfast = request.holdfast
    listings: Listings = await holdfast.read_sync(
        lambda reader: {channel: reader.listings(channel) for channel in holdfast.connected}
    )
    looked = await holdfast.read(partial(_ways, id=id, listings=listings))
    if looked is None:
        raise Failed("not_found", f"there is no import {id}, or it is too old to be undone", field="import")
    return looked


def _ways(reader: Reader, id: str, listings: Listings) -> tuple[ImportDone, list[Way], _Found] | None:
    done = read(reader, id)
    if done is None:
        return None
    ways, found = [], _Found(sum(row.undone for row in done.rows), [])
    for row in done.rows:
        if row.undone:
            continue
        way = _way(reader, row, listings)
        if isinstance(way, Way):
            ways.append(way)
        else:
            found.refused.append(way)
    return done, ways, found


def _way(reader: Reader, row: RowDone, listings: Listings) -> Way | UndoRefusal:
    """How a row is undone as things are now, or why it is not."""
    body = None
    if row.before:
        item = reader.sku(row.sku)
        assert item is not None, "an item is never deleted"
        shown = msgspec.to_builtins(document(item))
        now = {key: shown[key] for key in SkuBody.__struct_fields__}
        parts = told(now)
        for key, after in row.after.items():
            if parts[key] not in (after, row.before[key]):
                return UndoRefusal(row.row, row.sku, "changed_meanwhile", key)
        if any(parts[key] != before for key, before in row.before.items()):
            body = msgspec.convert(now | row.before, SkuBody)
    moves = [(name, move) for move in reversed(row.moves) if (name := _opposite(reader, move.id))]
    code = _obstacle(reader, row.sku, [move for _, move in moves], listings)
    return UndoRefusal(row.row, row.sku, code) if code else Way(row, moves, body)


def _opposite(reader: Reader, id: str) -> str | None:
    """The id of the transfer that takes another back; None if there is nothing to take back, or no more.

    A refusal is kept for ever, so after one the next try has another id.
    """
    if reader.transfer(id) is None:
        return None
    for tried in count():
        name = f"undo-{tried}-{id}"
        if reader.transfer(name) is not None:
            return None
        if reader.refusal(KIND_TRANSFER, name) is None:
            return name
    raise AssertionError("count() does not end")


def _obstacle(reader: Reader, sku: str, moves: list[MoveDone], listings: Listings) -> str | None:
    """Why the opposite of these moves, the last one first, cannot be made; None if it can."""
    stock = reader.stock(sku)
    free: Counter[str] = Counter()
    for account in stock.accounts if stock is not None else ():
        if account.location == MAIN_LOCATION:
            free[account.account] += account.posted - account.held
    for move in moves:
        for end in (move.source, move.target):
            kind, _, channel = end.partition(":")
            if kind == "channel" and is_synced(reader, listings.get(channel, []), sku):
                return "channel_is_synced"
        # What was counted away comes back from the adjustment, which has no bottom.
        if move.target != "adjustment" and free[move.target] < move.quantity:
            return ResultCode.INSUFFICIENT_AVAILABLE.value
        free[move.target] -= move.quantity
        free[move.source] += move.quantity
    return None


async def _go(request: Request, id: str, way: Way) -> UndoRefusal | None:
    """One step after the other, so that what is refused in between, say by a sale, stops the rest."""
    steps: list[Command] = [_transfer(request, id, way.row.sku, name, move) for name, move in way.moves]
    if way.body is not None:
        steps.append(command_of(way.row.sku, way.body, request))
    for step in steps:
        (decision,) = await request.holdfast.engine.submit([step])
        if decision.code not in SUCCESSES:
            return UndoRefusal(way.row.row, way.row.sku, decision.code.value)
    return None


def _transfer(request: Request, id: str, sku: str, name: str, move: MoveDone) -> PostTransfer:
    from_kind, from_scope = parse_account(move.target)
    to_kind, to_scope = parse_account(move.source)
    return PostTransfer(
        id=name,
        sku=sku,
        from_kind=from_kind,
        from_scope=from_scope,
        to_kind=to_kind,
        to_scope=to_scope,
        quantity=move.quantity,
        reason=REASON,
        actor=request.principal.actor,
        reference=id,
        request_id=request.request_id,
    )


def _document(ways: list[Way], found: Any, *, applied: bool) -> ItemUndoDocument:
    return ItemUndoDocument(
        applied,
        sum(way.body is not None for way in ways),
        sum(len(way.moves) for way in ways),
        [way.row.sku for way in ways if way.row.before is None],
        found.done_before,
        found.refused,
    )


OPERATIONS = [
    Operation(
        "POST",
        "/v1/imports/items/{import}/undo",
        undo,
        summary="Say what undoing an import of items would do, and do it if asked",
        role=Role.OPERATOR,
        gives=ItemUndoDocument,
        codes=("invalid_request", "not_found"),
        query=(Parameter("apply", "`true` takes it back.", {"type": "string", "enum": ["true", "false"]}),),
    ),
]
