"""The whole ledger on every store: its tables, and random traffic against the naive model."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from holdfast.storage.contract import Reader, Store
from holdfast.storage.postgres import PostgresReader, PostgresStore
from holdfast.storage.sqlite import SqliteReader, SqliteStore
from tests.conformance.postgres import new_schema
from tests.conformance.stores import StoreUnderTest
from tests.ledger.machine import LedgerMachine
from tests.ledger.table import Case, cases, run


@pytest.mark.parametrize("case", cases(), ids=repr)
def test_each_row_of_the_tables_gets_its_code(under_test: StoreUnderTest, case: Case) -> None:
    store, reader = under_test.store(), under_test.reader()
    store.open()
    run(case, store, reader, together=True)
    reader.close()
    store.close()


class SqliteMachine(LedgerMachine):
    """A file of its own for each example; a restart opens it anew."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        super().__init__()

    def open_store(self) -> Store:
        store = SqliteStore(self.folder / "store.db")
        store.open()
        return store

    def open_reader(self) -> Reader:
        return SqliteReader(self.folder / "store.db")

    def teardown(self) -> None:
        super().teardown()
        shutil.rmtree(self.folder)

    def counters(self) -> dict[Any, int]:
        with closing(sqlite3.connect(self.folder / "store.db")) as connection:
            rows = connection.execute(
                "SELECT sku, period, buyer, each.key, each.value"
                " FROM purchase_count, json_each(quantities) AS each WHERE each.value <> 0"
            ).fetchall()
        return {row[:4]: row[4] for row in rows}


class PostgresMachine(LedgerMachine):
    """A schema of its own for each example; a restart connects anew."""

    def __init__(self) -> None:
        self.url = new_schema()
        super().__init__()

    def open_store(self) -> Store:
        store = PostgresStore(self.url)
        store.open()
        return store

    def open_reader(self) -> Reader:
        return PostgresReader(self.url)

    def counters(self) -> dict[Any, int]:
        with psycopg.connect(self.url) as connection:
            rows = connection.execute(
                "SELECT sku, period, buyer, each.key, each.value::bigint"
                " FROM purchase_count, json_each_text(quantities::json) AS each WHERE each.value <> '0'"
            ).fetchall()
        return {row[:4]: row[4] for row in rows}


TRAFFIC = settings(
    max_examples=20,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestSqliteAgainstModel = SqliteMachine.TestCase
TestSqliteAgainstModel.settings = TRAFFIC
TestPostgresAgainstModel = PostgresMachine.TestCase
TestPostgresAgainstModel.settings = settings(TRAFFIC, max_examples=10)
