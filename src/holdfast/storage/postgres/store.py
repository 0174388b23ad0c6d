"""The writing side on PostgreSQL: few statements a batch, each of them for all its rows at once."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import psycopg
from psycopg.pq import TransactionStatus

from holdfast.ledger.needs import BalanceNeeds, RecordNeeds
from holdfast.ledger.records import CountKey
from holdfast.ledger.state import KIND_HOLD, KIND_TRANSFER, State
from holdfast.storage.contract import Head, StoreError, StoreFenced
from holdfast.storage.records import Record
from holdfast.storage.rows import (
    Row,
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

from .arrays import columns, text_array, with_arrays
from .connection import Connection, connect, migrate
from .errors import FENCED, LOST, translated
from .news import news_row

_SQL = load_statements(__package__, "batch.sql", "sync.sql", "document.sql")
_CONFLICT = re.compile(r"ON CONFLICT \(([^)]+)\)")

Cursor = psycopg.Cursor[Row]


class PostgresStore:
    """One database; the row lock on `head` keeps other writers out of a batch.

    `writer` tells this process from others in the news of commits. What a batch sends at one time (its loads,
    its saves) goes in a pipeline: five round trips a batch.
    """

    waits = True

    def __init__(self, url: str, writer: int = 0) -> None:
        self._url = url
        self._writer = writer
        self._token: int | None = None
        self._connection: Connection | None = None
        self._counts = LoadedCounts()
        self._tallies = LoadedTallies()

    def fence(self, token: int | None) -> None:
        """From the next batch on, write only while `token` stands; None for whatever stands."""
        self._token = token

    def open(self) -> None:
        """Connect and migrate; raises StoreError with what to do."""
        self.close()
        connection = connect(self._url)
        try:
            migrate(connection)
        except BaseException:
            connection.close()
            raise
        self._connection = connection

    def begin(self) -> Head:
        """Lock the head; raises StoreBusy if another writer has it for longer than a lock is waited for.

        Raises StoreFenced if another server has the post that this one writes for. A connection that was lost
        since the last batch is opened anew: nothing was sent on it yet.
        """
        with translated():
            connection = self._connection
            if connection is not None and not connection.closed:
                if connection.info.transaction_status != TransactionStatus.IDLE:
                    raise StoreError("a batch is under way already")
                try:
                    return self._begin(connection)
                except psycopg.OperationalError:
                    if not connection.closed:
                        raise
            self.open()
            return self._begin(self._open)

    def _begin(self, connection: Connection) -> Head:
        try:
            with connection.pipeline():
                connection.execute(_SQL["begin"])
                found = connection.execute(_SQL["lock_head"])
            row = found.fetchone()
            if row is None:
                raise StoreError("the store has no head; restore a backup")
            number, recorded_at_us, token = row
            if self._token not in (None, token):
                raise StoreFenced(FENCED)
            return Head(number, recorded_at_us)
        except BaseException:
            # The caller has no batch to roll back yet, and the next one must be able to begin.
            self.rollback()
            raise

    def load_records(self, state: State, needs: RecordNeeds) -> None:
        """Load what the commands name."""
        with translated():
            with self._batch.pipeline():
                skus = self._in("load_skus", needs.skus)
                channels = self._in("load_channels", needs.channels)
                holds = self._in("load_holds", needs.holds | needs.placed)
                transfers = self._in("load_transfers", needs.transfers)
                refused = [
                    self._in("load_refusals", ids, kind)
                    for kind, ids in ((KIND_HOLD, needs.placed), (KIND_TRANSFER, needs.transfers))
                ]
            for row in _all(skus):
                state.skus[row[0]] = to_sku(row)
            for row in _all(channels):
                state.channels[row[0]] = to_channel(row)
            for row in _all(holds):
                state.holds[row[0]] = to_hold(row)
            for row in _all(transfers):
                state.transfers[row[0]] = to_transfer(row)
            for found in refused:
                for row in _all(found):
                    state.refusals[(row[0], row[1])] = to_refusal(row)

    def load_balances(self, state: State, needs: BalanceNeeds) -> None:
        """Load what the records lead to."""
        self._counts.clear()
        state.counts.update(dict.fromkeys(needs.counts, 0))
        state.balances_of |= needs.balances
        numbers = self._tallies.begin(state, needs.tallies)
        with translated():
            with self._batch.pipeline():
                skus = self._in("load_skus", needs.skus)
                accounts = self._in("load_accounts", needs.balances)
                counts = self._load_counts(needs.counts)
                tallies = self._load_tallies(numbers)
            for row in _all(skus):
                state.skus[row[0]] = to_sku(row)
            for row in _all(accounts):
                account = to_account(row)
                state.accounts[account.key] = account
            for sku, period, buyer, text in _all(counts):
                self._counts.load(state, sku, period, buyer, text)
            self._tallies.load(state, _all(tallies))

    def save(self, state: State) -> None:
        """Write the changes."""
        with translated(), self._batch.pipeline():
            for name, rows in changed_rows(state, self._counts, self._tallies):
                self._write(name, rows)
            self._open.execute(_SQL["add_news"], news_row(state, self._writer))
            self._open.execute(_SQL["move_head"], (state.commit_number, state.now_us))

    def save_records(self, records: Iterable[Record]) -> None:
        """Write what the sync and the operations remember, into the same commit."""
        with translated(), self._batch.pipeline():
            for name, rows in statements(records):
                for part in _apart(name, rows):
                    self._write(name, part)

    def commit(self) -> None:
        """Wait until the server has the batch on its disk, and on its standbys if it has synchronous ones."""
        with translated():
            connection = self._batch
            with connection.pipeline():
                connection.execute(_SQL["wait_for_commit"])
                done = connection.execute(_SQL["commit"])
            if done.statusmessage != "COMMIT":
                raise StoreError("PostgreSQL gave the batch up; nothing of it was written, repeat it")

    def rollback(self) -> None:
        """Forget the batch; a connection that cannot even do that is opened anew."""
        if self._connection is None:
            return
        try:
            if self._connection.closed:
                self.close()
            elif self._connection.info.transaction_status != TransactionStatus.IDLE:
                self._connection.execute(_SQL["rollback"])
        except psycopg.Error:
            self.close()

    def due_holds(self, now_us: int, limit: int) -> list[str]:
        """Ids of placed holds whose time is over."""
        with translated():
            return [row[0] for row in self._open.execute(_SQL["due_holds"], (now_us, limit)).fetchall()]

    def close(self) -> None:
        """Let go of the database; the server forgets a batch that was under way."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def _open(self) -> Connection:
        if self._connection is None:
            raise StoreError("the store is not open")
        return self._connection

    @property
    def _batch(self) -> Connection:
        """The connection within a batch; outside of one each statement would commit by itself."""
        connection = self._open
        if connection.closed:
            raise StoreError(LOST)
        if connection.info.transaction_status not in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            raise StoreError("no batch is under way")
        return connection

    def _in(self, name: str, values: set[str], *first: str) -> Cursor | None:
        if not values:
            return None
        return self._open.execute(_SQL[name], (*first, text_array(sorted(values))))

    def _load_counts(self, keys: set[CountKey]) -> Cursor | None:
        places = sorted({key[:3] for key in keys})
        if not places:
            return None
        statement = _SQL["load_counts"]
        return self._open.execute(with_arrays(statement), columns(statement, places))

    def _load_tallies(self, numbers: list[int]) -> Cursor | None:
        if not numbers:
            return None
        statement = _SQL["load_tallies"]
        places = [(number,) for number in numbers]
        return self._open.execute(with_arrays(statement), columns(statement, places))

    def _write(self, name: str, rows: Sequence[Row]) -> None:
        if rows:
            statement = _SQL[name]
            self._open.execute(with_arrays(statement), columns(statement, rows))


def _all(cursor: Cursor | None) -> list[Row]:
    return [] if cursor is None else cursor.fetchall()


@lru_cache(maxsize=64)
def _key_size(name: str) -> int:
    """How many of the first columns are the key on which a saved row meets the one on file; 0 for none."""
    found = _CONFLICT.search(_SQL[name])
    return len(found[1].split(",")) if found else 0


def _apart(name: str, rows: Sequence[Row]) -> Iterable[Sequence[Row]]:
    """Rows in parts that name no key twice, in order: one statement may not touch a row twice."""
    size = _key_size(name)
    if len(rows) < 2 or not size:
        yield rows
        return
    part: dict[Row, Row] = {}
    for row in rows:
        if row[:size] in part:
            yield list(part.values())
            part = {}
        part[row[:size]] = row
    yield list(part.values())
