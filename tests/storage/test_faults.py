"""What can be wrong with a file or its disk: told in the contract's words, and mended with its cause."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Barrier, Thread

import pytest

from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import ConfirmHold
from holdfast.ledger.needs import RecordNeeds
from holdfast.ledger.records import AuditEntry
from holdfast.ledger.state import State
from holdfast.storage.contract import (
    Head,
    KeyRow,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreReadOnly,
)
from holdfast.storage.sqlite import SqliteKeys, SqliteReader, SqliteStore
from holdfast.storage.sqlite import connection as connection_module
from holdfast.storage.sqlite.connection import connect
from holdfast.storage.sqlite.errors import translate
from tests.conformance.trade import ACTOR, move, open_shop, place
from tests.fakes.batches import decide
from tests.storage.conftest import as_nobody

ENTRY = AuditEntry(1, "root", "r", "key.create", "k", "saved", {"note": "x" * 9_000})


def opened(path: Path) -> list[Callable[[], object]]:
    """The three ways in which a file is opened."""
    return [SqliteStore(path).open, SqliteReader(path).head, lambda: SqliteKeys(path)]


def pragma(store: SqliteStore, name: str) -> object:
    connection = store._connection
    assert connection is not None
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_every_commit_is_synced(store: SqliteStore) -> None:
    assert pragma(store, "journal_mode") == "wal"
    assert pragma(store, "synchronous") == 2, "FULL"
    with closing(connect(store._path)) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_the_reader_cannot_write(store: SqliteStore, path: Path) -> None:
    reader = SqliteReader(path)
    reader.head()
    assert reader._connection is not None
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._connection.execute("UPDATE head SET commit_number = 0")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_locked_file_is_busy_until_it_is_let_go(store: SqliteStore, path: Path) -> None:
    with locked(path):
        with pytest.raises(StoreBusy, match="another process"):
            store.begin()
        store.rollback()
        assert SqliteReader(path).head().commit_number > 0, "readers do not wait for writers"
    assert decide(store, [place("new", ("A", 1))], 2_000)[0].code == ResultCode.PLACED


def test_opening_waits_for_a_lock_for_a_while(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "BUSY_TIMEOUT_MS", 20)
    with locked(path), pytest.raises(StoreBusy):
        SqliteStore(path).open()
    SqliteStore(path).open()


def test_keys_wait_for_a_batch_for_a_while(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "BUSY_TIMEOUT_MS", 20)
    keys = SqliteKeys(path)
    with locked(path), pytest.raises(StoreBusy):
        keys.add_key(KeyRow("k", "viewer", "h", 1, "root"), ENTRY)
    keys.add_key(KeyRow("k", "viewer", "h", 1, "root"), ENTRY)


def test_many_open_a_new_file_together(tmp_path: Path) -> None:
    failed: list[Exception] = []

    def start(path: Path, barrier: Barrier) -> None:
        barrier.wait()
        try:
            store = SqliteStore(path)
            store.open()
            store.close()
            SqliteKeys(path).close()
        except StoreError as error:
            failed.append(error)

    for number in range(10):
        barrier = Barrier(4)
        path = tmp_path / f"{number}.db"
        threads = [Thread(target=start, args=(path, barrier)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert SqliteReader(path).head() == Head(0, 0)
    assert failed == []


def test_a_file_that_may_not_be_written(open_folder: Path) -> None:
    path = open_folder / "store.db"
    store = SqliteStore(path)
    store.open()
    open_shop(store)
    store.close()
    path.chmod(0o444)
    open_folder.chmod(0o555)
    with as_nobody():
        for open_it in (SqliteStore(path).open, lambda: SqliteKeys(path)):
            with pytest.raises(StoreReadOnly):
                open_it()
    open_folder.chmod(0o755)
    path.chmod(0o644)
    store.open()
    assert decide(store, [place("new", ("A", 1))], 2_000)[0].code == ResultCode.PLACED
    store.close()


def test_a_folder_that_may_not_be_written(open_folder: Path) -> None:
    open_folder.chmod(0o555)
    with as_nobody(), pytest.raises(StoreReadOnly, match="folder"):
        SqliteStore(open_folder / "store.db").open()


def test_a_file_that_cannot_be_there(tmp_path: Path) -> None:
    for open_it in opened(tmp_path / "missing" / "store.db"):
        with pytest.raises(StoreReadOnly, match="cannot be opened"):
            open_it()
    for open_it in opened(tmp_path):
        with pytest.raises(StoreError):
            open_it()


def test_a_reader_makes_no_file(path: Path) -> None:
    reader = SqliteReader(path)
    with pytest.raises(StoreReadOnly):
        reader.head()
    assert not path.exists()
    SqliteStore(path).open()
    assert reader.head() == Head(0, 0)


@pytest.mark.parametrize("content", [b"not a database, but longer than its head\n" * 30, b"\x00" * 8192])
def test_a_file_that_is_no_database(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for open_it in opened(path):
        with pytest.raises(StoreCorrupt, match="not a Holdfast store"):
            open_it()
    assert path.read_bytes() == content


def test_another_program_s_database_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photo (id)")
    for open_it in opened(path):
        with pytest.raises(StoreCorrupt, match="not a Holdfast store"):
            open_it()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("photo",)]


def test_a_truncated_file(store: SqliteStore, path: Path) -> None:
    store.close()
    whole = path.read_bytes()
    for length in (50, 512, 4096, len(whole) // 2, len(whole) - 4096):
        path.write_bytes(whole[:length])
        for open_it in opened(path):
            with pytest.raises(StoreCorrupt):
                open_it()
    path.write_bytes(whole)
    store.open()
    assert SqliteReader(path).verify(lambda name: None) == []


def test_a_page_that_was_overwritten_is_found(store: SqliteStore, path: Path) -> None:
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'transfer_sku'"
        ).fetchone()
    content = bytearray(path.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(bytes(content))
    try:
        found = {difference.check for difference in SqliteReader(path).verify(lambda name: None)}
    except StoreCorrupt:
        return
    assert found == {"integrity"}


@pytest.mark.parametrize("column", ["lines", "draws"])
def test_text_that_we_never_wrote_is_damage(store: SqliteStore, path: Path, column: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE hold SET {column} = '[[' WHERE id = 'open'")
        connection.commit()
    reader = SqliteReader(path)
    for use in (
        lambda: reader.hold("open"),
        reader.held_differences,
        lambda: reader.verify(lambda name: None),
    ):
        with pytest.raises(StoreCorrupt, match="damaged"):
            use()
    with pytest.raises(StoreCorrupt, match="damaged"):
        decide(store, [ConfirmHold("open", ACTOR)], 2_000)
    assert decide(store, [place("new", ("A", 1))], 2_000)[0].code == ResultCode.PLACED


def test_a_full_disk_loses_nothing_and_heals(store: SqliteStore, path: Path) -> None:
    reader = SqliteReader(path)
    before = reader.head(), reader.stocks("", 100)
    pages = pragma(store, "page_count")
    pragma(store, f"max_page_count = {pages}")
    many = [place(f"h{number}-{'x' * 100}", ("A", 1), buyer=f"b{number}") for number in range(200)]
    with pytest.raises(StoreFull, match="free some space"):
        decide(store, many, 2_000)
    assert (reader.head(), reader.stocks("", 100)) == before
    pragma(store, "max_page_count = 1000000")
    codes = [decision.code for decision in decide(store, many, 3_000)]
    assert codes.count(ResultCode.PLACED) == 47
    assert reader.verify(lambda name: None) == []


def test_a_full_disk_is_told_by_keys_too(store: SqliteStore, path: Path) -> None:
    keys = SqliteKeys(path)
    pages = keys._connection.execute("PRAGMA page_count").fetchone()[0]
    keys._connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()
    with pytest.raises(StoreFull):
        keys.add_key(KeyRow("k", "viewer", "h", 1, "root"), ENTRY)
    assert keys.keys() == []
    keys._connection.execute("PRAGMA max_page_count = 1000000").fetchone()
    keys.add_key(KeyRow("k", "viewer", "h", 1, "root"), ENTRY)


def test_a_batch_that_could_not_begin_leaves_the_next_one_free(store: SqliteStore, path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("ALTER TABLE head RENAME TO elsewhere")
    with pytest.raises(StoreError):
        store.begin()
    with closing(sqlite3.connect(path)) as other:
        other.execute("ALTER TABLE elsewhere RENAME TO head")
    store.begin()
    store.rollback()


def test_a_closed_connection_is_opened_anew(store: SqliteStore) -> None:
    assert store._connection is not None
    store._connection.close()
    with pytest.raises(StoreError):
        store.begin()
    store.rollback()
    store.open()
    assert decide(store, [place("new", ("A", 1))], 2_000)[0].code == ResultCode.PLACED


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("SQLITE_BUSY", StoreBusy),
        ("SQLITE_BUSY_SNAPSHOT", StoreBusy),
        ("SQLITE_LOCKED", StoreBusy),
        ("SQLITE_FULL", StoreFull),
        ("SQLITE_READONLY", StoreReadOnly),
        ("SQLITE_READONLY_DBMOVED", StoreReadOnly),
        ("SQLITE_PERM", StoreReadOnly),
        ("SQLITE_CANTOPEN", StoreReadOnly),
        ("SQLITE_CORRUPT", StoreCorrupt),
        ("SQLITE_CORRUPT_INDEX", StoreCorrupt),
        ("SQLITE_NOTADB", StoreCorrupt),
        ("SQLITE_IOERR", StoreError),
        ("SQLITE_IOERR_FSYNC", StoreError),
        ("SQLITE_CONSTRAINT_CHECK", StoreError),
    ],
)
def test_errors_are_told_in_the_contract_s_words(name: str, kind: type[StoreError]) -> None:
    error = sqlite3.OperationalError("its own words")
    error.sqlite_errorcode = getattr(sqlite3, name)
    told = translate(error)
    assert type(told) is kind
    assert "its own words" in str(told)
    assert told.code == kind.code


def test_codes_of_faults_are_told_apart() -> None:
    kinds: list[type[StoreError]] = [StoreError, *StoreError.__subclasses__()]
    assert len({kind.code for kind in kinds}) == len(kinds)


class InterruptedReader(SqliteReader):
    """Lets a writer commit between any two statements of one call."""

    def __init__(self, path: Path, writer: Callable[[], None]) -> None:
        super().__init__(path)
        self.writer = writer

    def _rows(self, name: str, *values: object, **options: dict[str, str]) -> object:  # type: ignore[override]
        rows = super()._rows(name, *values, **options)
        self.writer()
        return rows


@pytest.mark.parametrize("call", ["stocks", "stock_since", "verify", "audit_slice"])
def test_a_call_of_several_statements_sees_one_state(store: SqliteStore, path: Path, call: str) -> None:
    ids = iter(range(1_000))

    def write() -> None:
        number = next(ids)
        decide(store, [move(f"n{number}", "B", "supplier", "reserve", 1)], 2_000)

    quiet, reader = SqliteReader(path), InterruptedReader(path, write)
    if call == "stocks":
        before = quiet.stocks("", 100)
        assert reader.stocks("", 100) == before
    elif call == "stock_since":
        expected = quiet.stock_since(0)
        assert reader.stock_since(0) == expected
    elif call == "verify":
        assert reader.verify(lambda name: None) == []
    else:
        part = reader.audit_slice(0, 1_000)
        assert part.balances is not None
        assert part.last_seq == 6
        assert part.sums["B", "main", "supplier", ""] == part.balances["B", "main", "supplier", ""] == -40
    assert next(ids) > 1, "the writer came between"


def test_what_a_failed_call_began_is_ended(store: SqliteStore, path: Path) -> None:
    """A snapshot that stayed open would show yesterday for ever, and keep the log from being cleared."""

    def fail() -> None:
        raise RuntimeError("in the middle")

    reader = InterruptedReader(path, fail)
    with pytest.raises(RuntimeError):
        reader.stocks("", 100)
    reader.writer = lambda: None
    decide(store, [place("new", ("A", 1))], 2_000)
    view = reader.stock("A")
    assert view is not None
    assert view.held == 9


def test_loading_needs_a_batch(path: Path) -> None:
    with pytest.raises(StoreError, match="not open"):
        SqliteStore(path).load_records(State(1, 0), RecordNeeds(holds={"h"}))
