"""Items and stock from a file: what it would change row by row, or the change itself; and an empty file."""

import asyncio
from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from itertools import groupby
from operator import attrgetter

import msgspec

from holdfast.api.fields import Failed
from holdfast.api.operation import (
    Operation,
    Parameter,
    Receive,
    Request,
    Send,
    read_body,
)
from holdfast.api.routes.skus import SkuBody, command_of, document
from holdfast.ledger.accounts import parse_account
from holdfast.ledger.codes import SUCCESSES
from holdfast.ledger.commands import Command, PostTransfer
from holdfast.live.keys import Role
from holdfast.operations.mapping import is_synced
from holdfast.sheets import (
    CurrentState,
    MoveStock,
    Plan,
    PutItem,
    Sheet,
    plan,
    read_bytes,
    state_from_documents,
    template,
)
from holdfast.sheets.problems import problem
from holdfast.storage.contract import Reader
from holdfast.storage.records import ListingRow

from .files import applies, empty_file, tell
from .problems import RowProblem, row_problems
from .record import ImportDone, keep, new_id, rows_of

PAGE = 1_000
AT_ONCE = 256
"""Submissions that wait together: a share of the queue, so that holds are not refused for an import."""


class ImportChange(msgspec.Struct):
    """A field before and after; prices in cents."""

    field: str
    old: str | int | None
    new: str | int | None


class ImportMove(msgspec.Struct, rename={"from_": "from"}):
    """Units that move between two accounts."""

    from_: str
    to: str
    quantity: int


class ImportRow(msgspec.Struct):
    """What one row of the file changes."""

    row: int
    sku: str
    name: str
    new: bool
    changes: list[ImportChange]
    moves: list[ImportMove]


class ImportRefusal(msgspec.Struct):
    """A step that the ledger refused when it came to it."""

    row: int
    sku: str
    code: str


class ItemImportDocument(msgspec.Struct):
    """What a file would change, or changed; with any problem nothing is applied. `plan` names this plan.

    `import_id` names what was applied, to undo it.
    """

    plan: str
    applied: bool
    rows: list[ImportRow]
    unchanged: int
    problems: list[RowProblem]
    warnings: list[RowProblem]
    refused: list[ImportRefusal]
    import_id: str | None = None


async def receive(request: Request, incoming: Receive, send: Send) -> None:
    """Read the file and answer with the plan, or apply it."""
    apply = applies(request)
    content = await read_body(request.scope, incoming)
    sheet = await asyncio.to_thread(read_bytes, content)
    if not apply:
        found = await _document(request, sheet)
    else:
        async with request.holdfast.catalog, request.holdfast.mapping:
            found = await _document(request, sheet, apply=True)
    await tell(request, send, found)


async def _document(request: Request, sheet: Sheet, *, apply: bool = False) -> ItemImportDocument:
    holdfast = request.holdfast
    listings = await holdfast.read_sync(
        lambda reader: {channel: reader.listings(channel) for channel in holdfast.connected}
    )
    found, state = await holdfast.read(partial(_plan, sheet=sheet, listings=listings))
    rows = list(_rows(found, state))
    name = sha256(msgspec.json.encode(rows)).hexdigest()[:32]
    wanted = request.query.get("plan", name)
    if apply and wanted != name:
        raise Failed("changed_meanwhile", "the stock or the items changed since; look again", field="plan")
    ready = apply and not found.errors
    id = new_id(holdfast.clock.now_us(), name) if ready and rows else None
    if id is not None:
        # On file before it is done: what breaks off half-way can be undone, too.
        done = ImportDone(rows_of(found, state))
        await keep(request, id, done, "apply", {"rows": len(rows), "moves": len(found.moves)})
    return ItemImportDocument(
        name,
        ready,
        rows,
        len(found.unchanged),
        row_problems(found.errors),
        row_problems(found.warnings),
        await _apply(request, found) if ready else [],
        id,
    )


def _plan(reader: Reader, sheet: Sheet, listings: dict[str, list[ListingRow]]) -> tuple[Plan, CurrentState]:
    state = _state(reader)
    if not sheet.rows:
        return Plan(errors=list(sheet.errors), warnings=list(sheet.warnings)), state
    found = plan(sheet, state)
    synced = [
        problem("channel_is_synced", move.row, sheet.title(f"channel:{channel}"), name=channel)
        for move in found.moves
        for channel in _channels(move)
        if channel in listings and is_synced(reader, listings[channel], move.sku)
    ]
    return (Plan(errors=synced, warnings=found.warnings) if synced else found), state


def _state(reader: Reader) -> CurrentState:
    items, after = [], ""
    while page := reader.skus(after, PAGE):
        items += [msgspec.to_builtins(document(item)) for item in page]
        after = page[-1].sku
    stocks, after = [], ""
    while views := reader.stocks(after, PAGE):
        stocks += [msgspec.to_builtins(view) for view in views]
        after = views[-1].sku
    return state_from_documents(items, stocks, [msgspec.to_builtins(each) for each in reader.channels()])


def _channels(move: MoveStock) -> list[str]:
    ends = (move.source.partition(":"), move.target.partition(":"))
    return [scope for kind, _, scope in ends if kind == "channel"]


def _rows(found: Plan, state: CurrentState) -> Iterator[ImportRow]:
    """One for every row that changes something, in the order of the file."""
    puts = {item.row: item for item in found.items}
    moves = {row: list(each) for row, each in groupby(found.moves, attrgetter("row"))}
    for row in sorted(puts.keys() | moves.keys()):
        put, moved = puts.get(row), moves.get(row, [])
        sku = put.sku if put else moved[0].sku
        yield ImportRow(
            row,
            sku,
            put.document["name"] if put else state.items[sku].document["name"],
            put is not None and put.is_new,
            [ImportChange(each.field, each.old, each.new) for each in put.changes] if put else [],
            [ImportMove(each.source, each.target, each.quantity) for each in moved],
        )


async def _apply(request: Request, found: Plan) -> list[ImportRefusal]:
    """All items, then all moves, those of one row in one submission; the rows that were refused, if any.

    What was done stays, and a repeat of the file does only what is missing.
    """
    refused = await _submit(request, [[item] for item in found.items])
    lost = {each.sku for each in refused}
    by_row = [list(moves) for _, moves in groupby(found.moves, attrgetter("row"))]
    return refused + await _submit(request, [moves for moves in by_row if moves[0].sku not in lost])


async def _submit(request: Request, groups: Sequence[Sequence[PutItem | MoveStock]]) -> list[ImportRefusal]:
    refused: list[ImportRefusal] = []
    for start in range(0, len(groups), AT_ONCE):
        part = groups[start : start + AT_ONCE]
        waiting = [
            request.holdfast.engine.submit([_command(request, step) for step in group]) for group in part
        ]
        for group, decisions in zip(part, await asyncio.gather(*waiting), strict=True):
            refused += [
                ImportRefusal(step.row, step.sku, decision.code)
                for step, decision in zip(group, decisions, strict=True)
                if decision.code not in SUCCESSES
            ]
    return refused


def _command(request: Request, step: PutItem | MoveStock) -> Command:
    if isinstance(step, PutItem):
        return command_of(step.sku, msgspec.convert(step.document, SkuBody), request)
    from_kind, from_scope = parse_account(step.source)
    to_kind, to_scope = parse_account(step.target)
    return PostTransfer(
        id=step.id,
        sku=step.sku,
        from_kind=from_kind,
        from_scope=from_scope,
        to_kind=to_kind,
        to_scope=to_scope,
        quantity=step.quantity,
        reason=step.reason,
        actor=request.principal.actor,
        request_id=request.request_id,
    )


OPERATIONS = [
    Operation(
        "POST",
        "/v1/imports/items",
        None,
        stream=receive,
        summary="Read items and stock from a file, and apply it if asked",
        role=Role.OPERATOR,
        gives=ItemImportDocument,
        codes=("invalid_request", "body_too_large", "changed_meanwhile"),
        query=(
            Parameter(
                "apply", "`true` changes items and stock.", {"type": "string", "enum": ["true", "false"]}
            ),
            Parameter("plan", "Apply only if this is still the plan.", {"type": "string", "maxLength": 64}),
        ),
    ),
    Operation(
        "GET",
        "/v1/items-template.csv",
        empty_file("items-template.csv", template),
        summary="An empty file of items to fill in",
        role=Role.VIEWER,
        media_type="text/csv",
    ),
]
