"""The store for scale: one schema of a PostgreSQL database, every commit on its disk."""

from .audited import PostgresKeys, PostgresOverlays
from .connection import check_url
from .reader import PostgresReader, PostgresSyncReader
from .store import PostgresStore

__all__ = [
    "PostgresKeys",
    "PostgresOverlays",
    "PostgresReader",
    "PostgresStore",
    "PostgresSyncReader",
    "check_url",
]
