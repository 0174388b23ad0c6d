"""Records beside the ledger in memory: what of a batch's draft they are, and the reading side."""

from __future__ import annotations

import json
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

from holdfast.storage.contract import StoreError
from holdfast.storage.records import (
    PUSH_DONE,
    PUSH_NEW,
    WRITE_OPEN,
    WRITE_UNKNOWN,
    ConnectionGone,
    ConnectionRow,
    DocumentGone,
    DocumentRow,
    ListingRow,
    OrderRow,
    PollRow,
    PushGone,
    PushRow,
    Record,
    RightChange,
    RightRow,
    TokensRow,
    WriteRow,
)

if TYPE_CHECKING:
    from tests.fakes.memory_store import MemoryFile


@dataclass(slots=True)
class SyncRows:
    """All sync records as of one commit; dictionaries keep the order in which rows were made."""

    connections: dict[str, ConnectionRow] = field(default_factory=dict)
    tokens: dict[str, TokensRow] = field(default_factory=dict)
    listings: dict[tuple[str, str], ListingRow] = field(default_factory=dict)
    rights: dict[tuple[str, str], int] = field(default_factory=dict)
    debts: dict[tuple[str, str], int] = field(default_factory=dict)
    since_us: dict[tuple[str, str], int] = field(default_factory=dict)
    writes: dict[str, WriteRow] = field(default_factory=dict)
    pushes: dict[tuple[str, str], PushRow] = field(default_factory=dict)
    orders: dict[tuple[str, str], OrderRow] = field(default_factory=dict)
    polls: dict[str, PollRow] = field(default_factory=dict)
    documents: dict[tuple[str, str], DocumentRow] = field(default_factory=dict)

    def draft(self) -> SyncRows:
        """The same rows in dictionaries of their own."""
        return SyncRows(*(dict(getattr(self, each.name)) for each in fields(self)))

    def save(self, records: Iterable[Record]) -> None:
        """Take the records in, refusing what the constraints of a database would."""
        changed: set[tuple[str, str]] = set()
        for record in records:
            match record:
                case ConnectionRow():
                    self.connections[record.channel] = copy(record)
                case ConnectionGone():
                    self.connections.pop(record.channel, None)
                    self.tokens.pop(record.channel, None)
                case TokensRow():
                    self.tokens[record.channel] = copy(record)
                case ListingRow():
                    self.listings[record.channel, record.listing] = copy(record)
                case RightChange():
                    key = (record.channel, record.listing)
                    self.rights[key] = self.rights.get(key, 0) + record.change
                    self.debts[key] = self.debts.get(key, 0) + record.debt
                    self.since_us[key] = max(self.since_us.get(key, 0), record.since_us)
                    changed.add(key)
                case WriteRow():
                    self._save_write(record)
                case PushRow():
                    self._save_push(record)
                case PushGone():
                    kept = self.pushes.items()
                    self.pushes = {
                        key: row for key, row in kept if row.seq != record.seq or row.status == PUSH_NEW
                    }
                case OrderRow():
                    self.orders[record.channel, record.order] = copy(record)
                case PollRow():
                    self.polls[record.channel] = record
                case DocumentRow():
                    if not _is_json(record.body):
                        raise StoreError(f"document {record.id!r} is no JSON")
                    self.documents[record.kind, record.id] = copy(record)
                case DocumentGone():
                    self.documents.pop((record.kind, record.id), None)
        if any(self.rights[key] < 0 or self.debts[key] < 0 for key in changed):
            raise StoreError("a right would be below zero")

    def _save_write(self, record: WriteRow) -> None:
        if (record.status in (WRITE_OPEN, WRITE_UNKNOWN)) != (record.settled_at_us is None):
            raise StoreError(f"write {record.id!r} is {record.status} and settled at {record.settled_at_us}")
        old = self.writes.get(record.id, record)
        self.writes[record.id] = replace(
            old, status=record.status, applied=record.applied, settled_at_us=record.settled_at_us
        )

    def _save_push(self, record: PushRow) -> None:
        key = (record.channel, record.event)
        old = self.pushes.get(key)
        if old is None:
            self.pushes[key] = replace(
                record, seq=max((row.seq or 0 for row in self.pushes.values()), default=0) + 1
            )
        elif old.status != PUSH_DONE:
            self.pushes[key] = replace(old, status=record.status, tries=max(old.tries, record.tries))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


class MemorySyncReader:
    """Reads the rows of the last commit."""

    def __init__(self, file: MemoryFile) -> None:
        self._file = file

    @property
    def _rows(self) -> SyncRows:
        return self._file.rows.sync

    def connections(self) -> list[ConnectionRow]:
        return [copy(row) for _, row in sorted(self._rows.connections.items())]

    def tokens(self) -> list[TokensRow]:
        return [copy(row) for _, row in sorted(self._rows.tokens.items())]

    def listings(self, channel: str | None = None) -> list[ListingRow]:
        rows = sorted(self._rows.listings.items())
        return [copy(row) for _, row in rows if channel in (None, row.channel)]

    def rights(self, channel: str | None = None) -> list[RightRow]:
        rows = sorted(self._rows.rights.items())
        debts, since_us = self._rows.debts, self._rows.since_us
        return [
            RightRow(*key, units, debts[key], since_us[key])
            for key, units in rows
            if channel in (None, key[0])
        ]

    def open_writes(self) -> list[WriteRow]:
        return [copy(row) for row in self._rows.writes.values() if row.settled_at_us is None]

    def writes(self, channel: str, limit: int) -> list[WriteRow]:
        rows = [copy(row) for row in self._rows.writes.values() if row.channel == channel]
        return rows[::-1][:limit]

    def new_pushes(self, after_seq: int, limit: int) -> list[PushRow]:
        rows = [row for row in self._rows.pushes.values() if row.status == PUSH_NEW]
        return [copy(row) for row in rows if row.seq is not None and row.seq > after_seq][:limit]

    def pushes(self, channel: str, limit: int) -> list[PushRow]:
        rows = [copy(row) for row in self._rows.pushes.values() if row.channel == channel]
        return rows[::-1][:limit]

    def old_pushes(self, before_us: int, limit: int) -> list[int]:
        rows = [row for row in self._rows.pushes.values() if row.status != PUSH_NEW][:limit]
        return [row.seq for row in rows if row.seq is not None and row.received_at_us < before_us]

    def order(self, channel: str, order: str) -> OrderRow | None:
        row = self._rows.orders.get((channel, order))
        return None if row is None else copy(row)

    def unmapped_orders(self, channel: str | None, limit: int) -> list[OrderRow]:
        rows = [row for row in self._rows.orders.values() if row.unmapped]
        return [copy(row) for row in rows if channel in (None, row.channel)][:limit]

    def polls(self) -> list[PollRow]:
        return [row for _, row in sorted(self._rows.polls.items())]

    def close(self) -> None:
        """Nothing is open."""
