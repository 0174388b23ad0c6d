"""Rows of a database to the records beside the ledger, and back; columns are in the order of the classes."""

from collections.abc import Callable, Iterable, Iterator

from holdfast.ledger.records import AuditEntry

from .records import (
    ConnectionGone,
    ConnectionRow,
    DocumentGone,
    DocumentRow,
    ListingRow,
    OrderLineRow,
    OrderRow,
    PollRow,
    PushGone,
    PushRow,
    Record,
    RightChange,
    TallyGone,
    TokensRow,
    WriteRow,
)
from .rows import Row, decoder, from_audit, json_text

_decode_settings = decoder(dict[str, str])
_decode_lines = decoder(tuple[OrderLineRow, ...])


def statements(records: Iterable[Record]) -> Iterator[tuple[str, list[Row]]]:
    """Names of statements, each with its rows, in the order in which they have to run."""
    rows: dict[str, list[Row]] = {}
    rights: dict[tuple[str, str], tuple[int, int, int]] = {}
    documents: dict[tuple[str, str], DocumentRow | DocumentGone] = {}
    entries: list[AuditEntry] = []
    for record in records:
        if isinstance(record, RightChange):
            key = (record.channel, record.listing)
            change, debt, since_us = rights.get(key, (0, 0, 0))
            since_us = max(since_us, record.since_us)
            rights[key] = (change + record.change, debt + record.debt, since_us)
        elif isinstance(record, (DocumentRow, DocumentGone)):
            documents[record.kind, record.id] = record
        elif isinstance(record, AuditEntry):
            entries.append(record)
        elif isinstance(record, ConnectionGone):
            for name in ("delete_connections", "delete_tokens"):
                rows.setdefault(name, []).append(tuple(record))
        else:
            name, columns = _SAVE[type(record)]
            rows.setdefault(name, []).append(columns(record))
    yield from rows.items()
    if rights:
        yield "begin_rights", list(rights)
        yield "change_rights", [(*key, *changes) for key, changes in rights.items()]
    kept = [row for row in documents.values() if isinstance(row, DocumentRow)]
    gone = [row for row in documents.values() if isinstance(row, DocumentGone)]
    if kept:
        yield "save_documents", [(row.kind, row.id, row.body, row.updated_at_us) for row in kept]
    if gone:
        yield "delete_documents", [tuple(row) for row in gone]
    if entries:
        yield "save_audit", [from_audit(entries[0].recorded_at_us, entries)]


def to_connection(row: Row) -> ConnectionRow:
    """A row of `connection`."""
    values = [*row[:4], _decode_settings(row[4]), *row[5:]]
    return ConnectionRow(*values)


def _from_connection(row: ConnectionRow) -> Row:
    settings = json_text(row.settings)
    return (row.channel, row.base_url, row.app_key, row.shop, settings, row.sealed, row.updated_at_us)


def _from_tokens(row: TokensRow) -> Row:
    return (row.channel, row.sealed, row.access_expires_at_us, row.refresh_expires_at_us)


def to_listing(row: Row) -> ListingRow:
    """A row of `listing`."""
    values = [*row[:10], bool(row[10]), row[11], bool(row[12])]
    return ListingRow(*values)


def _from_listing(row: ListingRow) -> Row:
    return (
        row.channel,
        row.listing,
        row.product,
        row.variant,
        row.warehouse,
        row.sku,
        row.merchant_code,
        float(row.weight),
        row.minimum,
        row.maximum,
        int(row.paused),
        row.fixed,
        int(row.removed),
    )


def _from_write(row: WriteRow) -> Row:
    return (
        row.id,
        row.channel,
        row.listing,
        row.operation,
        row.quantity,
        row.change,
        row.status,
        row.created_at_us,
        row.applied,
        row.expected,
        row.settled_at_us,
    )


def _from_push(row: PushRow) -> Row:
    return (
        row.channel,
        row.event,
        row.kind,
        row.order,
        row.received_at_us,
        row.body,
        row.status,
        row.tries,
    )


def to_order(row: Row) -> OrderRow:
    """A row of `platform_order` but for `seq`."""
    values = [*row[:7], _decode_lines(row[7]), bool(row[8])]
    return OrderRow(*values)


def _from_order(row: OrderRow) -> Row:
    return (
        row.channel,
        row.order,
        row.status,
        row.buyer,
        row.created_at_us,
        row.paid_at_us,
        row.updated_at_us,
        json_text(row.lines),
        int(row.unmapped),
    )


_SAVE: dict[type, tuple[str, Callable[..., Row]]] = {
    ConnectionRow: ("save_connections", _from_connection),
    TokensRow: ("save_tokens", _from_tokens),
    ListingRow: ("save_listings", _from_listing),
    WriteRow: ("save_writes", _from_write),
    PushGone: ("delete_pushes", tuple),
    TallyGone: ("delete_tallies", tuple),
    PushRow: ("save_pushes", _from_push),
    OrderRow: ("save_orders", _from_order),
    PollRow: ("save_polls", tuple),
}
