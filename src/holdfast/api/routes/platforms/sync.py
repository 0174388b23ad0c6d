"""How the sync stands 同步状态: what is up, how far behind, what is open, what could not be booked."""

from datetime import datetime
from typing import Literal

import msgspec

from holdfast.api.fields import Failed, check_path, optional_time, to_time
from holdfast.api.operation import Answer, Operation, Parameter, Request
from holdfast.api.routes.pages import LIMIT, limit_of
from holdfast.live.keys import Role
from holdfast.operations.mapping import ListingOnFile, listings_on_file
from holdfast.storage.records import OrderRow, WriteRow
from holdfast.storage.sync_contract import SyncReader
from holdfast.sync.measures import ChannelSync, Lags

from .common import channel_of

QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
"""Which of the last thousand values of a lag are shown."""
WRITES_SHOWN_MAX = 100


class LagDocument(msgspec.Struct):
    """Seconds that half, 95 % and 99 % of the last thousand were at or under; null while there is none."""

    count: int
    p50: float | None
    p95: float | None
    p99: float | None


class CallsDocument(msgspec.Struct):
    """Calls of one kind since the start, by what they came to."""

    operation: str
    outcome: str
    count: int


class WriteDocument(msgspec.Struct):
    """A write whose end is not known yet; while it is so, its units are safe with the channel."""

    id: str
    listing: str
    operation: str
    quantity: int
    change: int
    status: str
    created_at: datetime


class RightDocument(msgspec.Struct):
    """What the platform may still sell of a listing."""

    listing: str
    sku: str
    right: int | None
    paused: bool
    fixed: int | None
    stop: str
    """Of a frozen item or channel: `stopping` while units are left on the counter, `stopped` when none is, or
    `cannot_stop` where the platform lets nobody take units back: stop it there by hand. Else empty."""
    problem: str
    """What the platform says if it refuses this one listing; empty when all is well."""
    mismatch_at: datetime | None
    """When its counter last had fewer units than its right, since the server started; null if never."""
    mismatch_units: int
    """How many were missing then; they went back to the unallocated units. 0 if none ever were."""


class DebtDocument(msgspec.Struct):
    """Units sold beyond the right, which nothing covers yet 超卖待补."""

    sku: str
    units: int


class PushesDocument(msgspec.Struct):
    """Pushes since the start; a repeated or echoed one is known as such and changes nothing."""

    by_kind: dict[str, int]
    refused: dict[str, int]
    repeated: int
    echoes: int
    failed: int


class RefusedOrderDocument(msgspec.Struct):
    """An order that the ledger does not book, with the result codes that say why 无法入账的订单."""

    order: str
    codes: str


class SyncDocument(msgspec.Struct):
    """How one channel stands; `orders` are tellings, `orders_by_…` are orders by who told of them first."""

    channel: str
    platform: str
    up: bool
    problem: str
    last_error: str
    last_error_at: datetime | None
    last_push_at: datetime | None
    last_poll_at: datetime | None
    orders_known_to: datetime | None
    access_expires_at: datetime | None
    refresh_expires_at: datetime | None
    message_lag: LagDocument
    send_lag: LagDocument
    round_trip: LagDocument
    calls: list[CallsDocument]
    pushes: PushesDocument
    orders: int
    orders_by_push: int
    orders_by_poll: int
    oversold_units: int
    debts: list[DebtDocument]
    unmapped_orders: int
    refused_orders: list[RefusedOrderDocument]
    open_writes: list[WriteDocument]
    listings: list[RightDocument]


class SyncPage(msgspec.Struct):
    """All connected channels; there is no second page."""

    items: list[SyncDocument]
    next: str | None


class LineDocument(msgspec.Struct):
    """A line of an order; `booked` is false while no listing maps it."""

    line: str
    listing: str
    quantity: int
    refunded: int
    merchant_code: str
    booked: bool


class OrderDocument(msgspec.Struct):
    """A platform's order as we know it."""

    channel: str
    order: str
    status: str
    buyer: str
    created_at: datetime
    updated_at: datetime
    lines: list[LineDocument]


class OrderPage(msgspec.Struct):
    """Orders, the oldest first."""

    items: list[OrderDocument]
    next: str | None


def _lag(lags: Lags) -> LagDocument:
    return LagDocument(len(lags), *(lags.quantile(share) for share in QUANTILES.values()))


def _write(row: WriteRow) -> WriteDocument:
    return WriteDocument(
        row.id, row.listing, row.operation, row.quantity, row.change, row.status, to_time(row.created_at_us)
    )


def _document(
    found: ChannelSync,
    writes: list[WriteRow],
    listings: list[ListingOnFile],
    debts: dict[tuple[str, str], int],
) -> SyncDocument:
    name, measures = found.channel, found.measures
    calls = sorted(measures.calls.items())
    return SyncDocument(
        channel=name,
        platform=found.platform,
        up=found.up,
        problem=found.problem,
        last_error=measures.last_error,
        last_error_at=optional_time(measures.last_error_at_us),
        last_push_at=optional_time(measures.last_push_at_us),
        last_poll_at=optional_time(measures.last_poll_at_us),
        orders_known_to=optional_time(measures.complete_to_us),
        access_expires_at=optional_time(found.access_expires_at_us),
        refresh_expires_at=optional_time(found.refresh_expires_at_us),
        message_lag=_lag(measures.message_lag),
        send_lag=_lag(measures.send_lag),
        round_trip=_lag(measures.round_trip),
        calls=[CallsDocument(operation, outcome, count) for (operation, outcome), count in calls],
        pushes=PushesDocument(
            dict(measures.pushes),
            dict(measures.pushes_refused),
            measures.pushes_repeated,
            measures.echoes,
            measures.pushes_failed,
        ),
        orders=measures.orders,
        orders_by_push=measures.orders_by_push,
        orders_by_poll=measures.orders_by_poll,
        oversold_units=measures.oversold_units,
        debts=[
            DebtDocument(sku, units) for (channel, sku), units in sorted(debts.items()) if channel == name
        ],
        unmapped_orders=len(measures.unmapped_orders),
        refused_orders=[
            RefusedOrderDocument(order, codes) for order, codes in sorted(measures.refused_orders.items())
        ],
        open_writes=[_write(row) for row in writes if row.channel == name][:WRITES_SHOWN_MAX],
        listings=[
            _right(item, found) for item in listings if item.row.channel == name and not item.row.removed
        ],
    )


def _right(item: ListingOnFile, found: ChannelSync) -> RightDocument:
    listing, measures = item.row.listing, found.measures
    mismatch_at_us, units = measures.mismatches.get(listing, (None, 0))
    return RightDocument(
        listing,
        item.row.sku,
        item.right,
        item.row.paused,
        item.row.fixed,
        found.stops.get(listing, ""),
        measures.barred.get(listing, ""),
        optional_time(mismatch_at_us),
        units,
    )


def _on_file(reader: SyncReader) -> tuple[list[WriteRow], list[ListingOnFile]]:
    return reader.open_writes(), listings_on_file(reader)


async def show(request: Request) -> Answer:
    """One channel's sync."""
    channel = await channel_of(request)
    sync = request.holdfast.sync
    found = sync.channel(channel.channel)
    if found is None:
        raise Failed("not_found", f"channel {channel.channel} has no connection", field="channel")
    writes, listings = await request.holdfast.read_sync(_on_file)
    return Answer(_document(found, writes, listings, sync.debts()))


async def list_all(request: Request) -> Answer:
    """All channels' sync."""
    sync = request.holdfast.sync
    writes, listings = await request.holdfast.read_sync(_on_file)
    debts = sync.debts()
    return Answer(SyncPage([_document(each, writes, listings, debts) for each in sync.channels()], None))


async def orders(request: Request) -> Answer:
    """Orders with lines that no listing maps."""
    channel, limit = await channel_of(request), limit_of(request)
    check_path(Literal["unmapped"], request.query.get("status", "unmapped"), "status")
    rows = await request.holdfast.read_sync(lambda reader: reader.unmapped_orders(channel.channel, limit))
    return Answer(OrderPage([_order(row) for row in rows], None))


def _order(row: OrderRow) -> OrderDocument:
    return OrderDocument(
        row.channel,
        row.order,
        row.status,
        row.buyer,
        to_time(row.created_at_us),
        to_time(row.updated_at_us),
        [
            LineDocument(
                line.line, line.listing, line.quantity, line.refunded, line.merchant_code, bool(line.hold)
            )
            for line in row.lines
        ],
    )


OPERATIONS = [
    Operation(
        "GET",
        "/v1/channels/{channel}/sync",
        show,
        summary="Show how the sync of a channel stands",
        role=Role.VIEWER,
        gives=SyncDocument,
        codes=("not_found",),
    ),
    Operation(
        "GET",
        "/v1/sync",
        list_all,
        summary="Show how the sync of all channels stands",
        role=Role.VIEWER,
        gives=SyncPage,
    ),
    Operation(
        "GET",
        "/v1/channels/{channel}/orders",
        orders,
        summary="List a platform's orders that could not be booked yet",
        role=Role.OPERATOR,
        gives=OrderPage,
        query=(
            Parameter(
                "status",
                "`unmapped`: a line is of no listing we know.",
                {"type": "string", "const": "unmapped"},
            ),
            LIMIT,
        ),
        codes=("not_found",),
    ),
]
"""Routes of this noun."""
