"""A store in memory that keeps the whole contract: what ledger and engine tests run on."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import count
from threading import Lock
from typing import TypeVar

from holdfast.ledger.accounts import INSIDE, Account, AccountKey, AccountKind
from holdfast.ledger.guard.tallies import NOTHING, Tally, TallyKey, period_of
from holdfast.ledger.needs import BalanceNeeds, RecordNeeds
from holdfast.ledger.records import AuditEntry, Channel, CountKey, Hold, Refusal, Sku, Transfer
from holdfast.ledger.state import KIND_HOLD, KIND_TRANSFER, Changes, State
from holdfast.storage.contract import Head, KeyRow, OverlayRow, StoreBusy, StoreError
from holdfast.storage.records import Record, TallyGone
from holdfast.storage.saving import number_of
from tests.fakes.memory_sync import SyncRows

KeyT = TypeVar("KeyT")
RowT = TypeVar("RowT")


@dataclass(slots=True)
class Rows:
    """All rows as of one commit. Once committed they are never changed, so a reader may hold on to them."""

    head: Head = Head(0, 0)  # noqa: RUF009 - a tuple
    skus: dict[str, Sku] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    transfers: dict[int, Transfer] = field(default_factory=dict)
    transfer_ids: dict[str, int] = field(default_factory=dict)
    refusals: dict[tuple[str, str], Refusal] = field(default_factory=dict)
    accounts: dict[AccountKey, Account] = field(default_factory=dict)
    counts: dict[CountKey, int] = field(default_factory=dict)
    tallies: dict[TallyKey, Tally] = field(default_factory=dict)
    periods_over: dict[str, int] = field(default_factory=dict)
    audit: dict[int, AuditEntry] = field(default_factory=dict)
    keys: dict[str, KeyRow] = field(default_factory=dict)
    overlays: dict[str, OverlayRow] = field(default_factory=dict)
    sync: SyncRows = field(default_factory=SyncRows)

    def draft(self) -> "Rows":
        """The same rows in dictionaries of their own, to be changed by replacing whole rows."""
        return Rows(
            self.head,
            dict(self.skus),
            dict(self.channels),
            dict(self.holds),
            dict(self.transfers),
            dict(self.transfer_ids),
            dict(self.refusals),
            dict(self.accounts),
            dict(self.counts),
            dict(self.tallies),
            dict(self.periods_over),
            dict(self.audit),
            dict(self.keys),
            dict(self.overlays),
            self.sync.draft(),
        )

    def drop_tally(self, gone: TallyGone) -> None:
        """Forget a tally, if it is still as it was seen and still spent."""
        for key, tally in list(self.tallies.items()):
            spent = 0 < tally.until_s <= gone.before_s or period_of(key) in self.periods_over
            if number_of(key) == gone.number and tally.until_s == gone.until_s and spent:
                del self.tallies[key]

    def add_audit(self, entry: AuditEntry) -> None:
        """Put an entry at the end of the trail."""
        self.audit[max(self.audit, default=0) + 1] = copy(entry)


class MemoryFile:
    """What a file is to a real store: several stores and readers are opened on one."""

    def __init__(self) -> None:
        self.rows = Rows()
        self.lock = Lock()
        self.commits_to_fail: list[StoreError] = []
        """Errors that the next commits raise, one each, for tests of what happens then."""


class MemoryStore:
    """The writing side; keeps nothing of its own but the draft of the batch it is in."""

    waits = False

    def __init__(self, file: MemoryFile) -> None:
        self._file = file
        self._draft: Rows | None = None
        self._is_open = False

    def open(self) -> None:
        """Begin to work; again does nothing."""
        self.rollback()
        self._is_open = True

    def begin(self) -> Head:
        """Take the lock, or raise StoreBusy."""
        if not self._is_open:
            self.open()
        if self._draft is not None:
            raise StoreError("a batch was begun in a batch")
        if not self._file.lock.acquire(blocking=False):
            raise StoreBusy("another store is in a batch")
        self._draft = self._file.rows.draft()
        return self._draft.head

    def load_records(self, state: State, needs: RecordNeeds) -> None:
        """Copy what is named, and nothing else."""
        rows = self._rows
        state.skus |= _chosen(rows.skus, needs.skus)
        state.channels |= _chosen(rows.channels, needs.channels)
        state.holds |= _chosen(rows.holds, needs.holds | needs.placed)
        for id in needs.transfers & rows.transfer_ids.keys():
            state.transfers[id] = copy(rows.transfers[rows.transfer_ids[id]])
        for kind, ids in ((KIND_HOLD, needs.placed), (KIND_TRANSFER, needs.transfers)):
            state.refusals |= _chosen(rows.refusals, ((kind, id) for id in ids))

    def load_balances(self, state: State, needs: BalanceNeeds) -> None:
        """Copy what is named, and nothing else; counters that are not there are zero."""
        rows = self._rows
        state.skus |= _chosen(rows.skus, needs.skus)
        state.balances_of |= needs.balances
        for key, account in rows.accounts.items():
            if key.sku in needs.balances:
                state.accounts[key] = copy(account)
        state.counts.update({key: rows.counts.get(key, 0) for key in needs.counts})
        state.tallies.update({key: rows.tallies.get(key, NOTHING) for key in needs.tallies})

    def save(self, state: State) -> None:
        """Write the changes to the draft, refusing what the constraints of a database would."""
        rows, changes = self._rows, state.changes
        _check(rows, changes)
        rows.skus |= changes.skus
        rows.channels |= changes.channels
        for account in changes.accounts.values():
            rows.accounts[account.key] = copy(account)
        for hold in changes.new_holds:
            rows.holds[hold.id] = copy(hold)
        for hold in changes.marked_holds:
            rows.holds[hold.id] = replace(rows.holds[hold.id], guard=hold.guard, review=hold.review)
        for hold in changes.settled_holds:
            old = rows.holds[hold.id]
            if old.status == "placed":
                rows.holds[hold.id] = replace(
                    old,
                    status=hold.status,
                    settled_at_us=hold.settled_at_us,
                    settled_by=hold.settled_by,
                )
        numbers = count(max(rows.transfers, default=0) + 1)
        for seq, transfer in zip(numbers, changes.transfers, strict=False):
            rows.transfers[seq] = replace(transfer, seq=seq)
            if transfer.id is not None:
                rows.transfer_ids[transfer.id] = seq
        for refusal in changes.refusals:
            rows.refusals[refusal.kind, refusal.id] = copy(refusal)
        rows.counts |= {CountKey(*key): quantity for key, quantity in changes.counts.items()}
        rows.tallies |= changes.tallies
        for (sku, period), came in changes.periods.items():
            rows.periods_over.pop(f"{sku}\0{period}", None)
            if not came:
                rows.periods_over[f"{sku}\0{period}"] = state.now_us // 1_000_000
        for entry in changes.audit:
            rows.add_audit(entry)
        rows.head = Head(state.commit_number, state.now_us)

    def save_records(self, records: Iterable[Record]) -> None:
        """Write them to the draft."""
        records = list(records)
        self._rows.sync.save(records)
        for record in records:
            if isinstance(record, AuditEntry):
                self._rows.add_audit(record)
            elif isinstance(record, TallyGone):
                self._rows.drop_tally(record)

    def commit(self) -> None:
        """Let everybody see the draft."""
        rows = self._rows
        if self._file.commits_to_fail:
            raise self._file.commits_to_fail.pop(0)
        self._file.rows = rows
        self.rollback()

    def rollback(self) -> None:
        """Forget the draft and let go of the lock."""
        if self._draft is not None:
            self._draft = None
            self._file.lock.release()

    def due_holds(self, now_us: int, limit: int) -> list[str]:
        """Ids of placed holds whose time is over, the oldest first."""
        holds = self._file.rows.holds.values() if self._draft is None else self._draft.holds.values()
        due = [hold for hold in holds if hold.status == "placed" and hold.expires_at_us <= now_us]
        return [hold.id for hold in sorted(due, key=lambda hold: hold.expires_at_us)[:limit]]

    def close(self) -> None:
        """Let go of the file; may be called twice."""
        self.rollback()
        self._is_open = False

    @property
    def _rows(self) -> Rows:
        if self._draft is None:
            raise StoreError("no batch was begun")
        return self._draft


class MemoryKeys:
    """API keys in memory."""

    def __init__(self, file: MemoryFile) -> None:
        self._file = file

    def keys(self) -> list[KeyRow]:
        """All keys ever made."""
        rows = self._file.rows.keys.values()
        return [copy(row) for row in sorted(rows, key=lambda row: (row.name, row.created_at_us))]

    def add_key(self, row: KeyRow, entry: AuditEntry) -> None:
        """Store a key's hash."""
        with self._file.lock:
            rows = self._file.rows.draft()
            if row.hash in rows.keys:
                raise StoreError("this key is there already")
            rows.keys[row.hash] = copy(row)
            rows.add_audit(entry)
            self._file.rows = rows

    def end_keys(self, name: str, at_us: int, except_hash: str, entry: AuditEntry) -> int:
        """Let all keys of a name end at a time, but for one; returns how many it ended."""
        with self._file.lock:
            rows = self._file.rows.draft()
            ended = [
                replace(row, revoked_at_us=at_us)
                for row in rows.keys.values()
                if row.name == name
                and row.hash != except_hash
                and (row.revoked_at_us is None or row.revoked_at_us > at_us)
            ]
            rows.keys |= {row.hash: row for row in ended}
            rows.add_audit(entry)
            self._file.rows = rows
        return len(ended)

    def close(self) -> None:
        """Nothing is open."""


class MemoryOverlays:
    """Viewer overlays in memory."""

    def __init__(self, file: MemoryFile) -> None:
        self._file = file

    def overlays(self) -> list[OverlayRow]:
        """All overlays ever made."""
        rows = self._file.rows.overlays.values()
        return [copy(row) for row in sorted(rows, key=lambda row: (row.name, row.created_at_us, row.hash))]

    def put_overlay(self, row: OverlayRow, entry: AuditEntry) -> None:
        """Store an overlay; all others of its name end."""
        with self._file.lock:
            rows = self._file.rows.draft()
            if row.hash in rows.overlays:
                raise StoreError("this overlay is there already")
            _end_overlays(rows, row.name, row.created_at_us)
            rows.overlays[row.hash] = copy(row)
            rows.add_audit(entry)
            self._file.rows = rows

    def change_overlay(self, row: OverlayRow, entry: AuditEntry) -> int:
        """Store what an overlay shows and how."""
        with self._file.lock:
            rows = self._file.rows.draft()
            old = rows.overlays.get(row.hash)
            live = old is not None and old.revoked_at_us is None
            if live and old is not None:
                rows.overlays[row.hash] = replace(
                    old,
                    skus=row.skus,
                    theme=row.theme,
                    layout=row.layout,
                    place=row.place,
                    language=row.language,
                )
            rows.add_audit(entry)
            self._file.rows = rows
        return int(live)

    def end_overlays(self, name: str, at_us: int, entry: AuditEntry) -> int:
        """Let all overlays of a name end."""
        with self._file.lock:
            rows = self._file.rows.draft()
            ended = _end_overlays(rows, name, at_us)
            rows.add_audit(entry)
            self._file.rows = rows
        return ended

    def close(self) -> None:
        """Nothing is open."""


def _end_overlays(rows: Rows, name: str, at_us: int) -> int:
    ended = [row for row in rows.overlays.values() if row.name == name and row.revoked_at_us is None]
    rows.overlays |= {row.hash: replace(row, revoked_at_us=at_us) for row in ended}
    return len(ended)


def _chosen(rows: dict[KeyT, RowT], keys: Iterable[KeyT]) -> dict[KeyT, RowT]:
    return {key: copy(rows[key]) for key in keys if key in rows}


def _check(rows: Rows, changes: Changes) -> None:
    for key, account in changes.accounts.items():
        short = key.kind in INSIDE and account.held > account.posted
        if account.held < 0 or short or (account.held and key.kind is not AccountKind.CHANNEL):
            raise StoreError(f"{key} would be {account.posted} with {account.held} held")
    for hold in changes.new_holds:
        if hold.id in rows.holds:
            raise StoreError(f"hold {hold.id!r} is there already")
    for transfer in changes.transfers:
        if transfer.id in rows.transfer_ids or transfer.quantity <= 0:
            raise StoreError(f"transfer {transfer.id!r} is there already or moves nothing")
    for refusal in changes.refusals:
        if (refusal.kind, refusal.id) in rows.refusals:
            raise StoreError(f"refusal of {refusal.id!r} is there already")
    for count_key, quantity in changes.counts.items():
        if quantity < 0:
            raise StoreError(f"{count_key} would be {quantity}")
