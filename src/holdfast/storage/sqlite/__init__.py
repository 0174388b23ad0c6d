"""The embedded store: one SQLite file in WAL mode, every commit synced to disk."""

from .reader import SqliteReader
from .store import SqliteStore

__all__ = ["SqliteReader", "SqliteStore"]
