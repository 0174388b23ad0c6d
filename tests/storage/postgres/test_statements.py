"""Named SQL: every statement is prepared and used, and the write path finds its rows by index for ever."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path

import psycopg
import pytest

import holdfast.storage.postgres.connection as connection_module
from holdfast.ledger.commands import Command, ConfirmHold
from holdfast.storage.postgres import PostgresStore, PostgresSyncReader
from holdfast.storage.postgres.arrays import text_array, with_arrays
from holdfast.storage.postgres.connection import connect, migrate
from holdfast.storage.records import PUSH_DONE, PushRow
from holdfast.storage.sqlite import SqliteStore
from holdfast.storage.sqltext import load_statements
from tests.conformance.postgres import new_schema
from tests.conformance.trade import ACTOR, place
from tests.fakes.batches import decide, load

PACKAGE = connection_module.__package__
FOLDER = Path(connection_module.__file__).parent
FILES = ("batch.sql", "connection.sql", "document.sql", "read.sql", "replicas.sql", "sync.sql", "verify.sql")
STATEMENTS = [(file, name) for file in FILES for name in load_statements(PACKAGE, file)]
FOR_REPLICAS = [("head", "worker_token")]
PLANNED = re.compile(r"\s*(--.*\n)*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
WRITE_PATH = [
    name
    for name, text in load_statements(PACKAGE, "batch.sql").items()
    if PLANNED.match(text) and name != "wait_for_commit"
]


@pytest.fixture(scope="module")
def database() -> Iterator[connection_module.Connection]:
    """Empty tables, of which no planner knows what will be in them."""
    with closing(connect(new_schema())) as connection:
        migrate(connection)
        yield connection


def plan(database: connection_module.Connection, text: str) -> str:
    numbers = count(1)
    numbered = re.sub("%s", lambda match: f"${next(numbers)}", with_arrays(text))
    steps = database.execute(f"EXPLAIN (GENERIC_PLAN) {numbered}", prepare=False).fetchall()
    return "\n".join(row[0] for row in steps)


def test_every_sql_file_is_known() -> None:
    assert {path.name for path in FOLDER.glob("*.sql")} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_statements_have_names_of_their_own(name: str) -> None:
    names = re.findall(r"^-- name: (.*)$", (FOLDER / name).read_text(encoding="utf-8"), re.MULTILINE)
    assert len(names) == len(set(names)) == len(load_statements(PACKAGE, name))


@pytest.mark.parametrize(("name", "statement"), STATEMENTS)
def test_every_statement_can_be_planned(
    database: connection_module.Connection, name: str, statement: str
) -> None:
    text = load_statements(PACKAGE, name)[statement]
    assert text
    assert ";" not in text
    if PLANNED.match(text):
        assert plan(database, text)


@pytest.mark.parametrize(("name", "statement"), STATEMENTS)
def test_every_statement_is_used(name: str, statement: str) -> None:
    paths = (*FOLDER.glob("*.py"), *FOLDER.parent.glob("*.py"))
    code = "".join(path.read_text(encoding="utf-8") for path in paths)
    assert f'"{statement}"' in code, f"{statement} of {name} is not used"


@pytest.mark.parametrize("name", WRITE_PATH)
def test_the_write_path_scans_no_table(database: connection_module.Connection, name: str) -> None:
    steps = plan(database, load_statements(PACKAGE, "batch.sql")[name])
    assert "Seq Scan" not in steps, steps
    assert "Hash" not in steps, steps
    assert "Sort" not in steps, steps


def test_a_scan_would_be_seen(database: connection_module.Connection) -> None:
    assert "Seq Scan" in plan(database, "SELECT id FROM hold WHERE buyer = %s")


def test_one_plan_serves_every_size_of_batch(store: PostgresStore) -> None:
    def prepared() -> int:
        rows = store._open.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()
        assert rows is not None
        return int(rows[0])

    def batch(size: int) -> None:
        commands: list[Command] = [place(f"b{size}-{number}", ("A", 1)) for number in range(size)]
        decide(store, [*commands, ConfirmHold(f"b{size}-0", ACTOR)], 2_000)

    batch(2)
    before = prepared()
    for size in (3, 5, 9):
        batch(size)
    assert prepared() == before


def test_a_row_that_is_saved_twice_in_one_batch_is_as_it_was_saved_last(
    store: PostgresStore, url: str
) -> None:
    """The server refuses one statement that touches a row twice, so it becomes two."""
    push = PushRow("douyin", "e1", "order", "o1", 5, b"{}")
    load(store, (), 2_000)
    store.save_records([push, replace(push, status=PUSH_DONE, tries=2), replace(push, tries=3)])
    store.commit()
    (found,) = PostgresSyncReader(url).pushes("douyin", 10)
    assert (found.status, found.tries) == (PUSH_DONE, 2)


def test_texts_are_quoted(database: connection_module.Connection) -> None:
    texts = ["", "a", "NULL", "null", 'q"uote', "back\\slash", "{,}", " ", "双11", "x\ny", "'", "\\", '"']
    for values in (texts, [*texts, None]):
        found = database.execute("SELECT %s::text[]", (text_array(values),)).fetchone()
        assert found == (values,)


def test_both_stores_have_the_same_columns(database: connection_module.Connection, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    store.open()
    store.close()
    with closing(sqlite3.connect(tmp_path / "store.db")) as file:
        ours = file.execute(
            "SELECT m.name, c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c"
            " WHERE m.type = 'table' ORDER BY m.name, c.cid"
        ).fetchall()
    theirs = database.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        ' WHERE table_schema = current_schema() ORDER BY table_name COLLATE "C", ordinal_position'
    ).fetchall()
    # What several servers tell each other has no place in a file, which only one has; a file alone puts off
    # tallies.
    alone = [row for row in theirs if row not in FOR_REPLICAS and row[0] not in ("news", "worker")]
    assert alone == [row for row in ours if row[0] != "tally_log"]


def test_what_is_kept_cannot_be_changed(store: PostgresStore, url: str) -> None:
    for table in ("transfer", "audit"):
        for statement in (f"UPDATE {table} SET seq = DEFAULT", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.RaiseException):
                connection.execute(statement)
