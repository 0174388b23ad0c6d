"""The stores under test, each with a vandal that changes its rows behind its back."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from holdfast.ledger.accounts import Account, AccountKey, parse_account
from holdfast.ledger.records import CountKey
from holdfast.storage.contract import KeyStore, OverlayStore, Reader, Store
from holdfast.storage.sqlite import SqliteKeys, SqliteOverlays, SqliteReader, SqliteStore, SqliteSyncReader
from holdfast.storage.sync_contract import SyncReader
from tests.conformance.postgres import PostgresUnderTest
from tests.fakes.memory_reader import MemoryReader
from tests.fakes.memory_store import MemoryFile, MemoryKeys, MemoryOverlays, MemoryStore
from tests.fakes.memory_sync import MemorySyncReader


class StoreUnderTest(Protocol):
    """One database: every call opens another connection to it."""

    def store(self) -> Store: ...

    def reader(self) -> Reader: ...

    def keys(self) -> KeyStore: ...

    def overlays(self) -> OverlayStore: ...

    def sync_reader(self) -> SyncReader: ...

    # The vandal: what a bug or a hand on the database might do.

    def set_account(self, sku: str, account: str, posted: int, held: int) -> None: ...

    def delete_account(self, sku: str, account: str) -> None: ...

    def set_transfer_quantity(self, seq: int, quantity: int) -> None: ...

    def delete_transfer(self, seq: int) -> None: ...

    def set_count(self, key: CountKey, quantity: int) -> None: ...

    def delete_count(self, key: CountKey) -> None: ...

    def set_status(self, hold: str, status: str) -> None: ...

    def delete_hold(self, hold: str) -> None: ...


class MemoryUnderTest:
    """Rows in memory."""

    def __init__(self, folder: Path) -> None:
        self.file = MemoryFile()

    def store(self) -> Store:
        return MemoryStore(self.file)

    def reader(self) -> Reader:
        return MemoryReader(self.file)

    def keys(self) -> KeyStore:
        return MemoryKeys(self.file)

    def overlays(self) -> OverlayStore:
        return MemoryOverlays(self.file)

    def sync_reader(self) -> SyncReader:
        return MemorySyncReader(self.file)

    def set_account(self, sku: str, account: str, posted: int, held: int) -> None:
        key = AccountKey(sku, "main", *parse_account(account))
        self.file.rows.accounts[key] = Account(key, posted, held, 1)

    def delete_account(self, sku: str, account: str) -> None:
        del self.file.rows.accounts[AccountKey(sku, "main", *parse_account(account))]

    def set_transfer_quantity(self, seq: int, quantity: int) -> None:
        rows = self.file.rows
        rows.transfers[seq] = replace(rows.transfers[seq], quantity=quantity)

    def delete_transfer(self, seq: int) -> None:
        del self.file.rows.transfers[seq]

    def set_count(self, key: CountKey, quantity: int) -> None:
        self.file.rows.counts[key] = quantity

    def delete_count(self, key: CountKey) -> None:
        del self.file.rows.counts[key]

    def set_status(self, hold: str, status: str) -> None:
        rows = self.file.rows
        rows.holds[hold] = replace(rows.holds[hold], status=status)

    def delete_hold(self, hold: str) -> None:
        del self.file.rows.holds[hold]


class SqliteUnderTest:
    """A file of its own for each test."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "store.db"

    def store(self) -> Store:
        return SqliteStore(self.path)

    def reader(self) -> Reader:
        return SqliteReader(self.path)

    def keys(self) -> KeyStore:
        return SqliteKeys(self.path)

    def overlays(self) -> OverlayStore:
        return SqliteOverlays(self.path)

    def sync_reader(self) -> SyncReader:
        return SqliteSyncReader(self.path)

    def set_account(self, sku: str, account: str, posted: int, held: int) -> None:
        self._tamper(
            "INSERT INTO account VALUES (?, 'main', ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE"
            " SET posted = excluded.posted, held = excluded.held",
            sku,
            *parse_account(account),
            posted,
            held,
        )

    def delete_account(self, sku: str, account: str) -> None:
        self._tamper(
            "DELETE FROM account WHERE sku = ? AND kind = ? AND scope = ?", sku, *parse_account(account)
        )

    def set_transfer_quantity(self, seq: int, quantity: int) -> None:
        self._tamper("UPDATE transfer SET quantity = ? WHERE seq = ?", quantity, seq)

    def delete_transfer(self, seq: int) -> None:
        self._tamper("DELETE FROM transfer WHERE seq = ?", seq)

    def set_count(self, key: CountKey, quantity: int) -> None:
        self._tamper(
            "INSERT INTO purchase_count VALUES (?, ?, ?, json_object(?, ?)) ON CONFLICT DO UPDATE"
            " SET quantities = json_patch(quantities, excluded.quantities)",
            *key,
            quantity,
        )

    def delete_count(self, key: CountKey) -> None:
        self._tamper(
            "UPDATE purchase_count SET quantities = json_remove(quantities, '$.\"' || ?4 || '\"')"
            " WHERE sku = ?1 AND period = ?2 AND buyer = ?3",
            *key,
        )

    def set_status(self, hold: str, status: str) -> None:
        self._tamper("UPDATE hold SET status = ? WHERE id = ?", status, hold)

    def delete_hold(self, hold: str) -> None:
        self._tamper("DELETE FROM hold WHERE id = ?", hold)

    def _tamper(self, statement: str, *values: object) -> None:
        """Nothing in the file stops who means it: constraints are switched off, triggers dropped."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            triggers = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
            for (name,) in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            assert connection.execute(statement, values).rowcount == 1


STORES: dict[str, type[MemoryUnderTest] | type[SqliteUnderTest] | type[PostgresUnderTest]] = {
    "memory": MemoryUnderTest,
    "sqlite": SqliteUnderTest,
    "postgres": PostgresUnderTest,
}
