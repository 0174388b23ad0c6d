"""The embedded store: one SQLite file in WAL mode, every commit synced to disk."""

from .audited import SqliteKeys, SqliteOverlays
from .reader import SqliteReader, SqliteSyncReader
from .store import SqliteStore

__all__ = ["SqliteKeys", "SqliteOverlays", "SqliteReader", "SqliteStore", "SqliteSyncReader"]
