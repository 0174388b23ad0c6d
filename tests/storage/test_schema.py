"""The schema: the sum of its migrations, and constraints that say the kernel's rules a second time."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from holdfast.ledger.accounts import INSIDE, AccountKind
from holdfast.ledger.records import IMAGE_URL_CHARACTERS_MAX
from holdfast.storage.contract import StoreCorrupt, StoreTooNew
from holdfast.storage.sqlite import SqliteKeys, SqliteReader, SqliteStore
from holdfast.storage.sqlite import connection as connection_module
from holdfast.storage.sqlite.connection import connect, migrate, migrations
from tests.storage.schema import SCHEMA, of_file, of_migrations


@pytest.fixture
def file(store: SqliteStore, path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def normal(statement: str) -> str:
    """Without comments, and with every run of blanks as one."""
    return re.sub(r"\s+", " ", re.sub(r"--.*", "", statement)).strip()


def test_the_schema_is_the_sum_of_its_migrations() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == of_migrations(), "python -m tests.storage.schema"


def test_a_file_made_from_the_schema_is_like_a_migrated_one(
    store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "direct.db")) as connection:
        connection.executescript(SCHEMA.read_text(encoding="utf-8"))
    assert list(map(normal, of_file(tmp_path / "direct.db"))) == list(map(normal, of_file(path)))


def test_migrations_are_numbered_without_gaps() -> None:
    assert [number for number, _, _ in migrations()] == list(range(1, len(migrations()) + 1))
    for number, name, _ in migrations():
        assert re.fullmatch(rf"{number:04}_[a-z_]+\.sql", name)


def test_migrations_are_applied_once(path: Path) -> None:
    with closing(connect(path)) as connection:
        assert migrate(connection) == [name for _, name, _ in migrations()]
        assert migrate(connection) == []


def test_every_table_is_strict(file: sqlite3.Connection) -> None:
    tables = file.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").fetchall()
    assert {name for name, strict in tables if not strict} == {"sqlite_schema"}


def test_a_newer_store_is_left_alone(file: sqlite3.Connection, store: SqliteStore, path: Path) -> None:
    store.close()
    file.execute("INSERT INTO migration (number, name, sha256) VALUES (9999, '9999_future.sql', 'x')")
    for use in (SqliteStore(path).open, SqliteReader(path).head, lambda: SqliteKeys(path)):
        with pytest.raises(StoreTooNew, match=r"9999.*upgrade"):
            use()


def test_a_store_made_by_another_migration_is_told(
    file: sqlite3.Connection, store: SqliteStore, path: Path
) -> None:
    store.close()
    file.execute("UPDATE migration SET sha256 = 'x' WHERE number = 1")
    with pytest.raises(StoreCorrupt, match="0001_initial"):
        SqliteStore(path).open()


def test_a_migration_that_fails_leaves_nothing_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = migrations()
    bad = [*good, (len(good) + 1, "bad.sql", "CREATE TABLE half (x);\nCREATE TABLE head (again);\n")]
    monkeypatch.setattr(connection_module, "migrations", lambda: bad)
    store = SqliteStore(path)
    with pytest.raises(Exception, match="head already exists"):
        store.open()
    monkeypatch.undo()
    store.open()
    store.close()
    assert not any("half" in statement for statement in of_file(path))


OUTSIDE = sorted(set(AccountKind) - INSIDE)
ACCOUNT = "INSERT INTO account (sku, location, kind, scope, posted, held, version) VALUES"
TRANSFER = "INSERT INTO transfer VALUES (NULL, {id}, 'A', 'main', {ends}, {quantity}, '', '', '', 0, 0, NULL)"
HOLD = (
    "INSERT INTO hold VALUES"
    " (NULL, '{id}', 'c', 'b', '', '[]', NULL, 1, '{status}', 0, 0, 0, 'a', {at}, NULL, NULL, NULL)"
)


@pytest.mark.parametrize(
    "statement",
    [
        *(f"{ACCOUNT} ('A', 'x', '{kind}', '', -1, 0, 1)" for kind in sorted(INSIDE)),
        *(f"{ACCOUNT} ('A', 'x', '{kind}', '', 5, 1, 1)" for kind in AccountKind if kind != "channel"),
        f"{ACCOUNT} ('A', 'x', 'channel', 'c', 5, 6, 1)",
        f"{ACCOUNT} ('A', 'x', 'channel', 'c', 5, -1, 1)",
        f"{ACCOUNT} ('A', 'x', 'channel', 'c', 5.5, 0, 1)",
        f"{ACCOUNT} ('A', 'x', 'channel', 'c', NULL, 0, 1)",
        f"{ACCOUNT} ('A', 'main', 'channel', 'douyin', 1, 0, 1)",
        "UPDATE account SET posted = -1 WHERE kind = 'unallocated'",
        "UPDATE account SET held = posted + 1 WHERE kind = 'channel'",
        TRANSFER.format(id="'n'", ends="'supplier', '', 'reserve', ''", quantity=0),
        TRANSFER.format(id="'n'", ends="'supplier', '', 'reserve', ''", quantity=-1),
        TRANSFER.format(id="'n'", ends="'reserve', '', 'reserve', ''", quantity=1),
        TRANSFER.format(id="'t1'", ends="'supplier', '', 'reserve', ''", quantity=1),
        "UPDATE transfer SET quantity = quantity + 1 WHERE seq = 1",
        "UPDATE transfer SET reason = 'better' WHERE seq = 1",
        "DELETE FROM transfer WHERE seq = 1",
        "DELETE FROM transfer",
        "UPDATE audit SET entries = '[]'",
        "DELETE FROM audit WHERE seq = 1",
        HOLD.format(id="open", status="placed", at="NULL"),
        HOLD.format(id="new", status="lost", at="NULL"),
        HOLD.format(id="new", status="placed", at="1"),
        HOLD.format(id="new", status="confirmed", at="NULL"),
        "UPDATE hold SET status = 'released' WHERE id = 'open'",
        'UPDATE purchase_count SET quantities = \'{"douyin":-1,"*":1}\'',
        "INSERT INTO refusal VALUES ('hold', 'refused', 'x', '{}', '{}', 'a', 0)",
        "INSERT INTO refusal VALUES ('wish', 'new', 'x', '{}', '{}', 'a', 0)",
        "INSERT INTO head VALUES (2, 0, 0)",
        "UPDATE sku SET frozen = 2",
        "UPDATE sku SET price_cents = -1",
        "UPDATE sku SET image_url = ''",
        f"UPDATE sku SET image_url = '{'x' * (IMAGE_URL_CHARACTERS_MAX + 1)}'",
        "UPDATE channel SET frozen = 2",
    ],
)
def test_the_file_refuses_what_the_kernel_refuses(file: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        file.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        *(f"{ACCOUNT} ('A', 'x', '{kind}', '', -1, 0, 1)" for kind in OUTSIDE),
        f"{ACCOUNT} ('A', 'x', 'channel', 'c', 5, 5, 1)",
        TRANSFER.format(id="'n'", ends="'supplier', '', 'reserve', ''", quantity=1),
        TRANSFER.format(id="NULL", ends="'channel', 'a', 'channel', 'b'", quantity=1),
        HOLD.format(id="new", status="placed", at="NULL"),
        HOLD.format(id="new", status="expired", at="1"),
        f"UPDATE sku SET image_url = '{'图' * IMAGE_URL_CHARACTERS_MAX}' WHERE sku = 'A'",
        "UPDATE hold SET status = 'released', settled_at_us = 1 WHERE id = 'open'",
    ],
)
def test_the_file_takes_what_the_kernel_writes(file: sqlite3.Connection, statement: str) -> None:
    assert file.execute(statement).rowcount == 1
