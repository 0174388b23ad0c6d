"""What is kept of an import so that it can be undone: each touched item before and after, and its moves."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import msgspec

from holdfast.api.operation import Request
from holdfast.api.routes.skus import SkuBody
from holdfast.ledger.records import AuditEntry, Detail
from holdfast.sheets import CurrentState, MoveStock, Plan
from holdfast.storage.contract import Reader
from holdfast.storage.records import DocumentGone, DocumentRow, Record

KIND = "item_import"
KEPT_MAX = 10
"""Imports that can be undone; older ones are forgotten, for one may be as large as its file."""

Told = dict[str, Any]
"""Parts of an item as JSON values, by their name in `SkuBody`."""


class MoveDone(msgspec.Struct):
    """A transfer of the import, by its id."""

    id: str
    source: str
    target: str
    quantity: int


class RowDone(msgspec.Struct):
    """What one row did; `before` is None for an item that it created."""

    row: int
    sku: str
    before: Told | None
    after: Told
    moves: list[MoveDone]
    undone: bool = False


class ImportDone(msgspec.Struct):
    """An import as it is on file."""

    rows: list[RowDone]


def told(document: Any) -> Told:
    """An item's description in the one form in which two states are compared."""
    parts: Told = msgspec.to_builtins(msgspec.convert(document, SkuBody))
    return parts


def rows_of(found: Plan, state: CurrentState) -> list[RowDone]:
    """What a plan does by row, in the order of the file."""
    puts = {item.row: item for item in found.items}
    moves = {row: list(each) for row, each in groupby(found.moves, attrgetter("row"))}
    return [_row(row, puts.get(row), moves.get(row, []), state) for row in sorted(puts.keys() | moves.keys())]


def _row(row: int, put: Any, moves: Sequence[MoveStock], state: CurrentState) -> RowDone:
    done = [MoveDone(each.id, each.source, each.target, each.quantity) for each in moves]
    if put is None:
        return RowDone(row, moves[0].sku, {}, {}, done)
    if put.is_new:
        return RowDone(row, put.sku, None, {}, done)
    after = told(put.document)
    before = told(state.items[put.sku].document)
    changed = [key for key in after if before[key] != after[key]]
    return RowDone(
        row,
        put.sku,
        {key: before[key] for key in changed},
        {key: after[key] for key in changed},
        done,
    )


def read(reader: Reader, id: str) -> ImportDone | None:
    """An import on file; None if there is none, or no longer."""
    row = reader.document(KIND, id)
    return msgspec.json.decode(row.body, type=ImportDone) if row is not None else None


async def keep(request: Request, id: str, done: ImportDone, action: str, detail: Detail) -> None:
    """Put an import on file with its entry in the trail, and forget the oldest."""
    holdfast = request.holdfast
    now_us = holdfast.clock.now_us()
    kept = await holdfast.read(lambda reader: [row.id for row in reader.documents(KIND, "", KEPT_MAX + 1)])
    others = [each for each in kept if each != id]
    gone: list[Record] = [DocumentGone(KIND, each) for each in others[: max(0, len(others) + 1 - KEPT_MAX)]]
    entry = AuditEntry(
        now_us, request.principal.actor, request.request_id, f"{KIND}.{action}", id, "saved", detail
    )
    body = msgspec.json.encode(done).decode()
    await holdfast.engine.submit((), (DocumentRow(KIND, id, body, now_us), *gone, entry))


def new_id(now_us: int, plan: str) -> str:
    """A name for an import; the names sort by time."""
    return f"{now_us:017d}-{plan[:8]}"
