"""The writing side on SQLite: few statements a batch, each of them for all its rows at once."""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from holdfast.ledger.needs import BalanceNeeds, RecordNeeds
from holdfast.ledger.records import CountKey
from holdfast.ledger.state import KIND_HOLD, KIND_TRANSFER, State
from holdfast.storage.contract import Head, StoreError
from holdfast.storage.records import Record
from holdfast.storage.rows import (
    Row,
    json_text,
    to_account,
    to_channel,
    to_hold,
    to_refusal,
    to_sku,
    to_transfer,
)
from holdfast.storage.saving import LoadedCounts, LoadedTallies, changed_rows
from holdfast.storage.sqltext import load_statements
from holdfast.storage.sync_rows import statements

from .connection import connect, migrate
from .errors import translated
from .sqltext import with_rows
from .tally_log import TallyLog

ROWS_PER_STATEMENT_MAX = 64
"""One statement writes many rows. Each number of rows is a text of its own, prepared once and kept: more
rows than this would only make more and longer texts to keep."""

GONE = (
    "the store's file or its -wal file was deleted or replaced while Holdfast was running; "
    "put it back, or stop Holdfast and restore a backup"
)

_SQL = load_statements(__package__, "batch.sql", "sync.sql", "document.sql")


class SqliteStore:
    """One file; `BEGIN IMMEDIATE` is the lock that keeps other writers out of a batch."""

    waits = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = path.with_name(f"{path.name}-wal")
        self._connection: sqlite3.Connection | None = None
        self._files: list[tuple[int, int] | None] = []
        self._counts = LoadedCounts()
        self._tallies = LoadedTallies()
        self._tally_log = TallyLog(_SQL)
        self._saved = False

    def open(self) -> None:
        """Connect and migrate; raises StoreError with what to do."""
        self.close()
        connection = connect(self._path)
        try:
            migrate(connection)
            # From here on the engine waits for other processes, not the file: it has other things to do.
            connection.execute("PRAGMA busy_timeout = 0")
        except StoreError:
            connection.close()
            raise
        self._connection = connection
        self._tally_log.forget()
        self._files = self._identities()

    def begin(self) -> Head:
        """Take the write lock; raises StoreBusy at once if another process has it."""
        with translated():
            if self._connection is None:
                if not self._path.exists():
                    raise StoreError(GONE)
                self.open()
            self._check_in_place()
            connection = self._open
            self._saved = False
            connection.execute("BEGIN IMMEDIATE")
            try:
                return Head(*connection.execute(_SQL["head"]).fetchone())
            except BaseException:
                # The caller has no batch to roll back yet, and the next one must be able to begin.
                self.rollback()
                raise

    def load_records(self, state: State, needs: RecordNeeds) -> None:
        """Load what the commands name."""
        with translated():
            for row in self._in("load_skus", needs.skus):
                state.skus[row[0]] = to_sku(row)
            for row in self._in("load_channels", needs.channels):
                state.channels[row[0]] = to_channel(row)
            for row in self._in("load_holds", needs.holds | needs.placed):
                state.holds[row[0]] = to_hold(row)
            for row in self._in("load_transfers", needs.transfers):
                state.transfers[row[0]] = to_transfer(row)
            for kind, ids in ((KIND_HOLD, needs.placed), (KIND_TRANSFER, needs.transfers)):
                if ids:
                    for row in self._open.execute(_SQL["load_refusals"], (kind, json_text(sorted(ids)))):
                        state.refusals[(kind, row[1])] = to_refusal(row)

    def load_balances(self, state: State, needs: BalanceNeeds) -> None:
        """Load what the records lead to."""
        with translated():
            for row in self._in("load_skus", needs.skus):
                state.skus[row[0]] = to_sku(row)
            state.balances_of |= needs.balances
            for row in self._in("load_accounts", needs.balances):
                account = to_account(row)
                state.accounts[account.key] = account
            self._load_counts(state, needs.counts)
            numbers = self._tallies.begin(state, needs.tallies)
            if numbers:
                rows = self._tally_log.load(self._open, state.commit_number - 1, numbers)
                self._tallies.load(state, rows)

    def save(self, state: State) -> None:
        """Write the changes."""
        self._saved = True
        with translated():
            for name, rows in changed_rows(state, self._counts, self._tallies):
                if name == "save_tallies":
                    self._tally_log.save(self._open, state.commit_number, rows, self._write)
                else:
                    self._write(name, rows)
            self._open.execute(_SQL["move_head"], (state.commit_number, state.now_us))

    def save_records(self, records: Iterable[Record]) -> None:
        """Write what the sync and the operations remember, into the same commit."""
        with translated():
            for name, rows in statements(records):
                self._write(name, rows)

    def commit(self) -> None:
        """Sync the write-ahead log to disk."""
        with translated():
            self._open.execute("COMMIT")
            self._check_in_place()

    def rollback(self) -> None:
        """Forget the batch; a connection that cannot even do that is opened anew."""
        if self._saved:
            self._tally_log.forget()
        if self._connection is None:
            return
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            self.close()

    def due_holds(self, now_us: int, limit: int) -> list[str]:
        """Ids of placed holds whose time is over."""
        with translated():
            return [row[0] for row in self._open.execute(_SQL["due_holds"], (now_us, limit))]

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _check_in_place(self) -> None:
        """A file that was deleted or replaced takes our commits all the same; no restart would find them."""
        if self._identities() != self._files:
            self.close()
            raise StoreError(GONE)

    def _identities(self) -> list[tuple[int, int] | None]:
        """Which files the store and its log are, by device and number."""
        found: list[tuple[int, int] | None] = []
        for path in (self._path, self._log):
            try:
                status = path.stat()
            except FileNotFoundError:
                found.append(None)
            else:
                found.append((status.st_dev, status.st_ino))
        return found

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreError("the store is not open")
        return self._connection

    def _in(self, name: str, values: set[str]) -> Sequence[Row]:
        if not values:
            return ()
        rows: Sequence[Row] = self._open.execute(_SQL[name], (json_text(sorted(values)),)).fetchall()
        return rows

    def _load_counts(self, state: State, keys: set[CountKey]) -> None:
        self._counts.clear()
        state.counts.update(dict.fromkeys(keys, 0))
        buyers: dict[tuple[str, str], set[str]] = {}
        for sku, period, buyer, _ in keys:
            buyers.setdefault((sku, period), set()).add(buyer)
        for (sku, period), names in buyers.items():
            values = (sku, period, json_text(sorted(names)))
            for buyer, text in self._open.execute(_SQL["load_counts"], values):
                self._counts.load(state, sku, period, buyer, text)

    def _write(self, name: str, rows: Sequence[Row]) -> None:
        for start in range(0, len(rows), ROWS_PER_STATEMENT_MAX):
            chunk = rows[start : start + ROWS_PER_STATEMENT_MAX]
            self._open.execute(with_rows(_SQL[name], len(chunk)), [value for row in chunk for value in row])
