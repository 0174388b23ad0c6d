"""Named SQL: every statement is prepared and used, and the write path reads no table from end to end."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import holdfast.storage.sqlite.connection as connection_module
from holdfast.storage.sqlite import SqliteStore
from holdfast.storage.sqlite.sqltext import with_rows
from holdfast.storage.sqltext import load_statements

FOLDER = Path(connection_module.__file__).parent
PACKAGE = connection_module.__package__
FILES = ("batch.sql", "document.sql", "read.sql", "sync.sql", "verify.sql")
STATEMENTS = [(file, name) for file in FILES for name in load_statements(PACKAGE, file)]
# What a batch names is small and stands in memory; everything else must be searched.
IN_MEMORY = re.compile(r"SCAN (json_each VIRTUAL TABLE .*|\d+ CONSTANT ROWS?|settled|s|CONSTANT ROW)$")
READ_BY_KEY = [
    "stock",
    "stock_page",
    "sku",
    "skus",
    "sku_names",
    "hold",
    "transfer",
    "transfers_of_sku",
    "find_transfers",
    "find_transfers_of_sku",
    "head",
]
PAGED = [
    "transfers",
    "audit",
    "find_transfers",
    "find_transfers_of_sku",
    "find_holds",
    "stretch",
    "stretch_of_sku",
    "hold_stretch",
]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("statements") / "store.db"
    store = SqliteStore(path)
    store.open()
    store.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def plan(file: sqlite3.Connection, statement: str, rows: int = 3) -> list[str]:
    text = with_rows(statement, rows)
    values = [None] * text.count("?")
    return [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {text}", values).fetchall()]


def test_every_sql_file_is_known() -> None:
    assert {path.name for path in FOLDER.glob("*.sql")} == {*FILES, "schema.sql"}


@pytest.mark.parametrize("name", FILES)
def test_statements_have_names_of_their_own(name: str) -> None:
    names = re.findall(r"^-- name: (.*)$", (FOLDER / name).read_text(encoding="utf-8"), re.MULTILINE)
    assert len(names) == len(set(names)) == len(load_statements(PACKAGE, name))


@pytest.mark.parametrize(("name", "statement"), STATEMENTS)
@pytest.mark.parametrize("rows", [1, 128])
def test_every_statement_prepares(file: sqlite3.Connection, name: str, statement: str, rows: int) -> None:
    text = load_statements(PACKAGE, name)[statement]
    assert text
    assert ";" not in text
    prepared = with_rows(text, rows)
    assert "{" not in prepared
    if not prepared.startswith("PRAGMA"):
        file.execute(f"EXPLAIN {prepared}", [None] * prepared.count("?"))


@pytest.mark.parametrize(("name", "statement"), STATEMENTS)
def test_every_statement_is_used(name: str, statement: str) -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for path in (*FOLDER.glob("*.py"), *FOLDER.parent.glob("*.py"))
    )
    assert f'"{statement}"' in code, f"{statement} of {name} is not used"


@pytest.mark.parametrize("name", load_statements(PACKAGE, "batch.sql"))
@pytest.mark.parametrize("rows", [1, 128])
def test_the_write_path_scans_no_table(file: sqlite3.Connection, name: str, rows: int) -> None:
    steps = plan(file, load_statements(PACKAGE, "batch.sql")[name], rows)
    scans = [step for step in steps if step.startswith("SCAN") and not IN_MEMORY.match(step)]
    assert not scans, steps
    assert not any("TEMP B-TREE" in step or "AUTOMATIC" in step for step in steps), steps


@pytest.mark.parametrize("name", READ_BY_KEY)
def test_reading_by_key_scans_no_table(file: sqlite3.Connection, name: str) -> None:
    steps = plan(file, load_statements(PACKAGE, "read.sql")[name])
    assert not [step for step in steps if step.startswith("SCAN") and not IN_MEMORY.match(step)], steps


@pytest.mark.parametrize("name", PAGED)
def test_pages_are_read_in_the_order_they_lie(file: sqlite3.Connection, name: str) -> None:
    steps = plan(file, load_statements(PACKAGE, "read.sql")[name])
    assert not any("TEMP B-TREE" in step for step in steps), steps


@pytest.mark.parametrize("name", ["audit_slice_end", "transfers_end"])
def test_the_audit_finds_its_place_by_number(file: sqlite3.Connection, name: str) -> None:
    steps = plan(file, load_statements(PACKAGE, "verify.sql")[name])
    assert any(step.startswith("SEARCH transfer") for step in steps), steps


def test_a_scan_would_be_seen(file: sqlite3.Connection) -> None:
    (step,) = plan(file, "SELECT id FROM hold WHERE buyer = ?")
    assert step.startswith("SCAN")
    assert not IN_MEMORY.match(step)


def test_rows_are_written_out() -> None:
    assert with_rows("VALUES {rows 2};", 3) == "VALUES (?, ?), (?, ?), (?, ?);"
    assert with_rows("VALUES {rows 2 'x' 1};", 2) == "VALUES (?, ?, 'x', ?), (?, ?, 'x', ?);"
    assert with_rows("SELECT 1", 3) == "SELECT 1"
