"""PostgreSQL's errors, told in the words of the contract and with what to do about them."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from holdfast.storage.contract import (
    DAMAGED,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreReadOnly,
)

NOT_A_STORE = "the database's schema is not a Holdfast store; name another database with --store"
BUSY = "another process writes to the store; it is waited for, or stop it"
NO_RIGHT = "the database user may not do this; give it the schema, as docs/guides/postgresql.md says"
FENCED = "another server has taken over the work in the background; this one ends and may be started again"
LOST = "the connection to PostgreSQL is lost or refused; nothing that was answered is lost, it is tried again"

_BY_STATE: dict[str, tuple[type[StoreError], str]] = {
    "55P03": (StoreBusy, BUSY),  # lock not available
    "40001": (StoreBusy, BUSY),  # serialization failure
    "40P01": (StoreBusy, BUSY),  # deadlock
    "57014": (StoreError, "PostgreSQL took longer than the time-out; look for what slows it down"),
    "53100": (StoreFull, "the disk of PostgreSQL is full; free some space, nothing was lost"),
    "53300": (StoreError, "PostgreSQL has no connection left; raise max_connections or stop a client"),
    "25006": (StoreReadOnly, "the server is a standby or read-only; name the primary with --store"),
    "42501": (StoreReadOnly, NO_RIGHT),
    "42P01": (StoreCorrupt, NOT_A_STORE),  # undefined table
    "42703": (StoreCorrupt, NOT_A_STORE),  # undefined column
    "3F000": (StoreCorrupt, "the schema in search_path does not exist; make it with CREATE SCHEMA"),
    "22P02": (StoreCorrupt, DAMAGED),  # text that is no JSON
    "22032": (StoreCorrupt, DAMAGED),
    "XX001": (StoreCorrupt, DAMAGED),
    "XX002": (StoreCorrupt, DAMAGED),
    "58030": (StoreError, "the disk of PostgreSQL failed to read or write; check it"),
}
_BY_CLASS: dict[str, tuple[type[StoreError], str]] = {
    "08": (StoreError, LOST),
    "57": (StoreError, LOST),  # shut down by its administrator, or starting up
    "53": (StoreError, "PostgreSQL has no memory or room left; look at its log"),
}


def translate(error: psycopg.Error) -> StoreError:
    """The contract's error for one of PostgreSQL's, the first of its own words included.

    Its further words may hold the values of a row, so they are left out.
    """
    state = error.sqlstate or ""
    kind, advice = _BY_STATE.get(state) or _BY_CLASS.get(state[:2]) or (StoreError, "the store failed")
    if not state and isinstance(error, psycopg.OperationalError):
        advice = LOST
    words = error.diag.message_primary or str(error).strip().partition("\n")[0]
    return kind(f"{advice} (PostgreSQL: {words})")


@contextmanager
def translated() -> Iterator[None]:
    """Raise StoreError for every psycopg.Error within."""
    try:
        yield
    except psycopg.Error as error:
        raise translate(error) from error
