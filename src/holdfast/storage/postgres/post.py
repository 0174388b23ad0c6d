"""The post of the one server that works in the background: an advisory lock, and a number that fences it."""

from contextlib import suppress

import psycopg

from holdfast.storage.contract import Post
from holdfast.storage.rows import Row
from holdfast.storage.sqltext import load_statements

from .connection import Connection, connect
from .errors import translated

STALE_S = 5.0
"""Who has the post and says nothing for so long is cut off; it says a word every second."""
NEWS_KEPT = 20_000
"""Commits that a server may be behind and still hear of one by one."""
TRIM_EVERY = 30

_SQL = load_statements(__package__, "replicas.sql")


class PostgresPost:
    """One session that has the lock or asks for it; opened anew when it is lost."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None
        self._locked = False
        self._token: int | None = None
        self._beats = 0

    def look(self, url: str, *, wants: bool) -> Post:
        """Take the post if it is free and wanted; say that we live if we have it."""
        try:
            with translated():
                return self._look(url, wants)
        except BaseException:
            self._close()
            raise

    def leave(self) -> None:
        """Give the post up; the next look of another takes it."""
        if self._locked:
            with suppress(psycopg.Error):
                self._one("leave")
        self._token = None
        self._close()

    def _look(self, url: str, wants: bool) -> Post:
        if wants and not self._locked:
            self._one("end_stale", STALE_S)
            self._locked = bool(self._value("try_post"))
        if self._token is not None and self._value("token") != self._token:
            self._token = None
            self._close()
            return Post(None, "", lost=True)
        if self._locked:
            # Said first, so that nobody takes the one before, who fell silent, for the one who has it now.
            self._one("beat", url)
            if self._token is None:
                self._token = self._value("next_token")
            self._beats += 1
            if self._beats % TRIM_EVERY == 0:
                self._one("trim_news", NEWS_KEPT)
        if self._token is not None:
            return Post(self._token, url)
        found = self._one("worker", STALE_S)
        return Post(None, found[0] if found else "")

    def _one(self, name: str, *values: object) -> Row | None:
        if self._connection is None or self._connection.closed:
            self._close()
            self._connection = connect(self._url)
        cursor = self._connection.execute(_SQL[name], values)
        return cursor.fetchone() if cursor.description else None

    def _value(self, name: str) -> int:
        row = self._one(name)
        assert row is not None
        return row[0]  # type: ignore[no-any-return]

    def _close(self) -> None:
        self._locked = False
        if self._connection is not None:
            self._connection.close()
            self._connection = None
