"""The store for scale: one schema of a PostgreSQL database, every commit on its disk."""

from .audited import PostgresKeys, PostgresOverlays
from .connection import check_url
from .news import PostgresNews
from .post import PostgresPost
from .reader import PostgresReader, PostgresSyncReader
from .store import PostgresStore

__all__ = [
    "PostgresKeys",
    "PostgresNews",
    "PostgresOverlays",
    "PostgresPost",
    "PostgresReader",
    "PostgresStore",
    "PostgresSyncReader",
    "check_url",
]
