"""Listings from a file: which item each sells, row by row, or the mapping itself; and an empty file."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from holdfast.api.fields import ChannelId, Failed, check_path
from holdfast.api.operation import Operation, Parameter, Receive, Request, Send, read_body
from holdfast.api.routes.platforms.common import is_own_shop, save_each
from holdfast.api.routes.platforms.listings import ListingBody, document, row_of
from holdfast.ledger.records import Channel
from holdfast.live.keys import Role
from holdfast.operations.mapping import (
    ListingOnFile,
    Mapping,
    Obstacle,
    changes_of,
    listings_on_file,
    obstacle_to_mapping,
)
from holdfast.sheets import SheetProblem
from holdfast.sheets.listings import (
    Column,
    ListingPlan,
    ListingSheet,
    PutListing,
    plan,
    read_listings_bytes,
    template,
)
from holdfast.sheets.problems import problem
from holdfast.storage.contract import Reader
from holdfast.storage.records import ListingRow, Record

from .files import applies, asks, empty_file, tell
from .problems import RowProblem, row_problems

PAGE = 1_000
ASKED_AT_ONCE = 8
"""Platforms are asked for this many counters at a time."""


class ListingImportChange(msgspec.Struct):
    """A listing's item, seller code or part of its rule, before and after."""

    field: str
    old: str | int | float | bool | None
    new: str | int | float | bool | None


class ListingImportRow(msgspec.Struct):
    """What one row of the file changes."""

    row: int
    channel: str
    listing: str
    sku: str
    name: str
    new: bool
    changes: list[ListingImportChange]


class ListingImportDocument(msgspec.Struct):
    """What a file would map, or mapped; with any problem nothing is applied. `plan` names this plan."""

    plan: str
    applied: bool
    rows: list[ListingImportRow]
    unchanged: int
    problems: list[RowProblem]
    warnings: list[RowProblem]


@dataclass(frozen=True, slots=True)
class _Now:
    """What there is to compare with."""

    channels: dict[str, Channel]
    names: dict[str, str]
    on_file: dict[tuple[str, str], ListingOnFile]


async def receive(request: Request, incoming: Receive, send: Send) -> None:
    """Read the file and answer with the plan, or apply it."""
    apply, lower_counter = applies(request), asks(request, "lower_counter")
    channel = request.query.get("channel", "")
    if channel:
        check_path(ChannelId, channel, "channel")
    content = await read_body(request.scope, incoming)
    sheet = await asyncio.to_thread(read_listings_bytes, content, channel)
    if not apply:
        found = await _document(request, sheet, lower_counter=lower_counter)
    else:
        async with request.holdfast.mapping:
            found = await _document(request, sheet, lower_counter=lower_counter, apply=True)
    await tell(request, send, found)


async def _document(
    request: Request, sheet: ListingSheet, *, lower_counter: bool, apply: bool = False
) -> ListingImportDocument:
    now = await _now(request)
    found = _plan(sheet, now, lower_counter=lower_counter)
    rows = list(_rows(found, now))
    name = sha256(msgspec.json.encode(rows)).hexdigest()[:32]
    if apply and request.query.get("plan", name) != name:
        raise Failed("changed_meanwhile", "the listings or the items changed since; look again", field="plan")
    if not found.errors:
        found.errors = await _obstacles(request, sheet, found, now)
    ready = apply and not found.errors
    if ready and found.puts:
        await _save(request, found, now)
    return ListingImportDocument(
        name, ready, rows, found.unchanged, row_problems(found.errors), row_problems(found.warnings)
    )


async def _now(request: Request) -> _Now:
    def names(reader: Reader) -> tuple[list[Channel], dict[str, str]]:
        found: dict[str, str] = {}
        after = ""
        while page := reader.skus(after, PAGE):
            found |= {item.sku: item.name for item in page}
            after = page[-1].sku
        return reader.channels(), found

    channels, items = await request.holdfast.read(names)
    on_file = await request.holdfast.read_sync(listings_on_file)
    return _Now(
        {each.channel: each for each in channels},
        items,
        {(each.row.channel, each.row.listing): each for each in on_file},
    )


def _plan(sheet: ListingSheet, now: _Now, *, lower_counter: bool) -> ListingPlan:
    if not sheet.lines:
        return ListingPlan(errors=list(sheet.errors), warnings=list(sheet.warnings))
    known = {
        key: msgspec.to_builtins(document(each)) for key, each in now.on_file.items() if not each.row.removed
    }
    names = {code: each.name for code, each in now.channels.items()}
    found = plan(sheet, names, now.names.keys(), known, lower_counter=lower_counter)
    found.errors.sort(key=lambda error: error.row)
    return found


def _rows(found: ListingPlan, now: _Now) -> Iterator[ListingImportRow]:
    for put in found.puts:
        sku = put.body["sku"]
        changes = [ListingImportChange(name, old, new) for name, (old, new) in put.changes.items()]
        yield ListingImportRow(put.row, put.channel, put.listing, sku, now.names[sku], put.is_new, changes)


async def _obstacles(
    request: Request, sheet: ListingSheet, found: ListingPlan, now: _Now
) -> list[SheetProblem]:
    """What stands against each, in the order of the file; platforms are asked for counters new to us."""
    limit = asyncio.Semaphore(ASKED_AT_ONCE)

    async def one(put: PutListing) -> SheetProblem | None:
        async with limit:
            mapping = Mapping(
                request.holdfast,
                request.holdfast.sync,
                shop=is_own_shop(request, now.channels[put.channel]),
            )
            old = now.on_file.get((put.channel, put.listing))
            obstacle = await obstacle_to_mapping(
                mapping, _row(put), old, lower_counter=put.body["lower_counter"]
            )
        return _problem(sheet, put, obstacle) if obstacle is not None else None

    return [each for each in await asyncio.gather(*map(one, found.puts)) if each is not None]


def _problem(sheet: ListingSheet, put: PutListing, obstacle: Obstacle) -> SheetProblem:
    column = {"sku": Column.SKU, "channel": Column.CHANNEL}.get(obstacle.field or "", Column.PRODUCT)
    return problem(obstacle.code, put.row, sheet.title(column), put.listing, **obstacle.facts)


def _row(put: PutListing) -> ListingRow:
    return row_of(put.channel, put.listing, msgspec.convert(put.body, ListingBody))


async def _save(request: Request, found: ListingPlan, now: _Now) -> None:
    """All of them in one commit, each with its entry in the trail."""
    saved: list[tuple[str, Record, dict[str, str | int]]] = []
    for put in found.puts:
        row = _row(put)
        detail = changes_of(row, now.on_file.get((put.channel, put.listing)))
        saved.append((f"{put.channel}/{put.listing}", row, detail))
    await save_each(request, "listing.put", saved)


OPERATIONS = [
    Operation(
        "POST",
        "/v1/imports/listings",
        None,
        stream=receive,
        summary="Read listings from a file, and map them if asked",
        role=Role.OPERATOR,
        gives=ListingImportDocument,
        codes=("invalid_request", "body_too_large", "changed_meanwhile"),
        query=(
            Parameter("apply", "`true` maps them.", {"type": "string", "enum": ["true", "false"]}),
            Parameter("plan", "Apply only if this is still the plan.", {"type": "string", "maxLength": 64}),
            Parameter(
                "channel", "What rows that name no channel are of.", {"type": "string", "maxLength": 32}
            ),
            Parameter(
                "lower_counter",
                "`true` takes off the counters what no stock covers.",
                {"type": "string", "enum": ["true", "false"]},
            ),
        ),
    ),
    Operation(
        "GET",
        "/v1/listings-template.csv",
        empty_file("listings-template.csv", template),
        summary="An empty file of listings to fill in",
        role=Role.VIEWER,
        media_type="text/csv",
    ),
]
