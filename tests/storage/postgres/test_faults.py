"""What can be wrong with a server or the way to it: told in the contract's words, mended with its cause."""

from contextlib import closing
from threading import Barrier, Thread

import psycopg
import pytest

from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.records import AuditEntry
from holdfast.storage.contract import (
    Head,
    KeyRow,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreReadOnly,
    StoreTooNew,
    TransferFilter,
)
from holdfast.storage.postgres import PostgresKeys, PostgresReader, PostgresStore, check_url
from holdfast.storage.postgres.connection import connect
from tests.conformance.trade import move, place
from tests.fakes.batches import US, decide, load

PASSWORD = "correct-horse"
ENTRY = AuditEntry(1, "root", "r", "key.create", "k", "saved")


def pid_of(store: PostgresStore | PostgresReader) -> int:
    return store._open.info.backend_pid


def end_connection(url: str, pid: int) -> None:
    """What a restart of the server or an administrator does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))


def test_every_commit_is_on_the_disk_whatever_the_role_says(url: str) -> None:
    """Two options in one URL: the schema of the test and what an administrator set for the role."""
    with closing(connect(f"{url}%20-csynchronous_commit%3Doff")) as connection:
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
    with closing(connect(f"{url}%20-csynchronous_commit%3Dremote_apply")) as connection:
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("remote_apply",)


def test_a_writer_is_told_soon_that_another_is_in_its_batch(store: PostgresStore, url: str) -> None:
    other = PostgresStore(url)
    other.open()
    store.begin()
    with pytest.raises(StoreBusy, match="another process"):
        other.begin()
    store.rollback()
    assert other.begin() == PostgresReader(url).head()
    other.close()


def test_a_connection_that_was_lost_between_batches_is_opened_anew(store: PostgresStore, url: str) -> None:
    end_connection(url, pid_of(store))
    assert decide(store, [place("new", ("A", 1))], 2_000)[0].code == ResultCode.PLACED


def test_a_connection_that_is_lost_in_a_batch_loses_the_batch_alone(store: PostgresStore, url: str) -> None:
    command = place("new", ("A", 1))
    state = load(store, [command], 2_000)
    end_connection(url, pid_of(store))
    with pytest.raises(StoreError, match="connection"):
        store.save(state)
    with pytest.raises(StoreError, match="connection"):
        store.commit()
    store.rollback()
    assert PostgresReader(url).hold("new") is None
    decision = decide(store, [command], 3_000)[0]
    assert (decision.code, decision.replayed) == (ResultCode.PLACED, False)


def test_a_reader_connects_anew(store: PostgresStore, url: str) -> None:
    reader = PostgresReader(url)
    head = reader.head()
    end_connection(url, pid_of(reader))
    with pytest.raises(StoreError, match="connection"):
        reader.head()
    assert reader.head() == head


def test_due_holds_are_asked_on_a_new_connection_after_the_next_batch(store: PostgresStore, url: str) -> None:
    end_connection(url, pid_of(store))
    with pytest.raises(StoreError):
        store.due_holds(2_000, 10)
    store.begin()
    store.rollback()
    assert store.due_holds(10**6 * US, 10) == ["open", "kit"]


def test_a_batch_cannot_be_begun_within_a_batch(store: PostgresStore) -> None:
    store.begin()
    with pytest.raises(StoreError, match="under way"):
        store.begin()
    store.rollback()


def test_nothing_is_written_outside_of_a_batch(store: PostgresStore, url: str) -> None:
    state = load(store, [place("new", ("A", 1))], 2_000)
    store.rollback()
    with pytest.raises(StoreError, match="no batch"):
        store.save(state)
    with pytest.raises(StoreError, match="no batch"):
        store.commit()


def test_a_batch_that_failed_is_never_told_as_committed(store: PostgresStore) -> None:
    state = load(store, [move("n", "A", "supplier", "reserve", 1)], 2_000)
    account = state.account("A", "main", AccountKind.UNALLOCATED, "")
    state.touch(account)
    account.posted = -1
    with pytest.raises(StoreError):
        store.save(state)
    with pytest.raises(StoreError):
        store.commit()
    store.rollback()


def test_many_start_on_a_new_schema_together(url: str) -> None:
    failed: list[Exception] = []
    barrier = Barrier(4)

    def start() -> None:
        barrier.wait()
        try:
            store = PostgresStore(url)
            store.open()
            store.close()
            PostgresKeys(url).close()
        except StoreError as error:
            failed.append(error)

    threads = [Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert PostgresReader(url).head() == Head(0, 0)


def test_a_store_of_a_newer_holdfast_is_refused(store: PostgresStore, url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO migration (number, name, sha256) VALUES (999, 'later', '')")
    for open_it in (PostgresStore(url).open, PostgresReader(url).head, lambda: PostgresKeys(url)):
        with pytest.raises(StoreTooNew, match="upgrade"):
            open_it()


def test_a_store_made_with_another_migration_is_refused(store: PostgresStore, url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE migration SET sha256 = 'x'")
    with pytest.raises(StoreCorrupt, match="not the one"):
        PostgresStore(url).open()


def test_another_program_s_schema_is_left_alone(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE photo (id bigint)")
    for open_it in (PostgresStore(url).open, PostgresReader(url).head, lambda: PostgresKeys(url)):
        with pytest.raises(StoreCorrupt, match="not a Holdfast store"):
            open_it()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT * FROM photo").fetchall() == []


def test_a_reader_makes_nothing_and_cannot_write(store: PostgresStore, url: str) -> None:
    reader = PostgresReader(url)
    reader.head()
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        reader._open.execute("UPDATE head SET commit_number = 0")


def test_a_server_that_takes_no_writes(store: PostgresStore, url: str) -> None:
    read_only = PostgresStore(f"{url}%20-cdefault_transaction_read_only%3Don")
    read_only.open()
    with pytest.raises(StoreReadOnly, match="standby or read-only"):
        decide(read_only, [place("new", ("A", 1))], 2_000)
    read_only.close()
    assert decide(store, [place("new", ("A", 1))], 2_000)[0].code == ResultCode.PLACED


def test_a_schema_that_is_not_there(url: str) -> None:
    with pytest.raises(StoreCorrupt, match="CREATE SCHEMA"):
        PostgresStore(f"{url}_nowhere").open()


def test_a_server_that_is_not_there_and_no_password_in_the_words(url: str) -> None:
    nowhere = f"postgresql://shop:{PASSWORD}@127.0.0.1:1/shop"
    for open_it in (PostgresStore(nowhere).open, PostgresReader(nowhere).head, lambda: PostgresKeys(nowhere)):
        with pytest.raises(StoreError, match="lost or refused") as caught:
            open_it()
        assert PASSWORD not in str(caught.value)


def test_a_url_that_cannot_be_read_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="cannot be read") as caught:
        check_url(f"postgresql://shop:{PASSWORD}%zz@127.0.0.1/shop")
    assert PASSWORD not in str(caught.value)


def test_a_constraint_tells_no_values_of_the_row(store: PostgresStore, url: str) -> None:
    keys = PostgresKeys(url)
    keys.add_key(KeyRow("k", "viewer", "secret-hash", 1, "root"), ENTRY)
    with pytest.raises(StoreError) as caught:
        keys.add_key(KeyRow("k", "viewer", "secret-hash", 1, "root"), ENTRY)
    assert "secret-hash" not in str(caught.value)


def test_a_nul_character_is_refused(store: PostgresStore, url: str) -> None:
    with pytest.raises(StoreError, match="NUL"):
        decide(store, [place("a\0b", ("A", 1))], 2_000)
    assert store.begin() == PostgresReader(url).head()
    store.rollback()


def test_what_has_a_nul_character_is_found_nowhere(store: PostgresStore, url: str) -> None:
    reader = PostgresReader(url)
    assert reader.hold("open\0") is None
    assert reader.transfers("A\0", 2**62, 10) == []
    assert reader.find_transfers(TransferFilter(sku="A\0"), 2**62, 10).rows == []
