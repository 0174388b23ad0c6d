"""SQLite's errors, told in the words of the contract and with what to do about them."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from holdfast.storage.contract import (
    DAMAGED,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreReadOnly,
)

NOT_A_STORE = "the file is not a Holdfast store; name another one with --store"

_BY_CODE: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: (
        StoreBusy,
        "another process holds the store's write lock; stop it or wait",
    ),
    sqlite3.SQLITE_LOCKED: (
        StoreBusy,
        "another process holds the store's write lock; stop it or wait",
    ),
    sqlite3.SQLITE_FULL: (StoreFull, "the disk is full; free some space, nothing was lost"),
    sqlite3.SQLITE_READONLY: (
        StoreReadOnly,
        "the store's file or disk is read-only; make it writable",
    ),
    sqlite3.SQLITE_PERM: (
        StoreReadOnly,
        "no permission to write the store's file; change its owner or mode",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        StoreReadOnly,
        "the store's file cannot be opened; check that its folder exists and may be written",
    ),
    sqlite3.SQLITE_CORRUPT: (
        StoreCorrupt,
        DAMAGED,
    ),
    sqlite3.SQLITE_NOTADB: (
        StoreCorrupt,
        NOT_A_STORE,
    ),
    sqlite3.SQLITE_IOERR: (StoreError, "the disk failed to read or write; check it"),
}


def translate(error: sqlite3.Error) -> StoreError:
    """The contract's error for one of SQLite's, its own words included."""
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_ERROR and "malformed JSON" in str(error):
        code = sqlite3.SQLITE_CORRUPT
    kind, advice = _BY_CODE.get((code or 0) & 0xFF, (StoreError, "the store failed"))
    return kind(f"{advice} (SQLite: {error})")


@contextmanager
def translated() -> Iterator[None]:
    """Raise StoreError for every sqlite3.Error within."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error) from error
