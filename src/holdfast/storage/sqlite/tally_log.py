"""Tallies on SQLite: written to a log first, and to their places later, many that lie side by side at once.

A guarded hold changes a handful of tallies at random places. Written there at once, each costs a page of the
file: read, changed, put into the write-ahead log whole, synced, copied back. So a batch puts its tallies into
one row at the end of `tally_log`, durable with its commit, and they wait in memory. When many wait, the next
slices of all numbers in turn are written to `tally`: their rows share pages.

Memory holds nothing that is not in the log, and is believed only while the store's head is where our own last
commit left it. After a crash, a batch that was rolled back, or another process's commit it is read anew.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence

from holdfast.storage.rows import Row, decoder, json_text

SLICES = 256
WAITING_MAX = 32_768
"""Tallies that wait before slices are written out; so many are read again at a start."""

_SHIFT = 56
_decode = decoder(list[tuple[int, int, int, int, int, int, int]])
Write = Callable[[str, Sequence[Row]], None]


class TallyLog:
    """What waits of the tallies, by slice; `turned` counts the slices that were ever written out."""

    def __init__(self, sql: dict[str, str]) -> None:
        self._sql = sql
        self._slices: list[dict[int, Row]] = []
        self._waiting = 0
        self._turned = 0
        self._seq = 0
        self._logged: deque[tuple[int, int]] = deque()
        """The rows of the log: place, and how many slices had been written out before."""
        self._head: int | None = None

    def forget(self) -> None:
        """Believe nothing: a batch was rolled back, or the file was opened anew."""
        self._head = None

    def load(self, connection: sqlite3.Connection, head: int, numbers: list[int]) -> list[Row]:
        """The rows of these numbers that are on file, as of the commit `head`."""
        self._read(connection, head)
        slices = self._slices
        waiting = [slices[(number >> _SHIFT) % SLICES].get(number) for number in numbers]
        found = [row for row in waiting if row is not None]
        absent = [number for number, row in zip(numbers, waiting, strict=True) if row is None]
        if absent:
            found += connection.execute(self._sql["load_tallies"], (json_text(absent),)).fetchall()
        return found

    def save(self, connection: sqlite3.Connection, head: int, rows: Sequence[Row], write: Write) -> None:
        """Log the rows that the commit `head` changes, and write out what has waited long enough."""
        if not rows:
            if self._head == head - 1:
                self._head = head
            return
        self._read(connection, head - 1)
        self._head = head
        before = self._turned
        for row in rows:
            waiting = self._slices[_slice(row[0])]
            self._waiting += row[0] not in waiting
            waiting[row[0]] = row
        while self._waiting > WAITING_MAX:
            number = self._turned % SLICES
            waiting, self._slices[number] = self._slices[number], {}
            write("save_tallies", [waiting[key] for key in sorted(waiting)])
            self._waiting -= len(waiting)
            self._turned += 1
        self._seq += 1
        self._logged.append((self._seq, before))
        write("log_tallies", [(self._seq, before, self._turned, json_text(rows))])
        self._trim(connection)

    def _trim(self, connection: sqlite3.Connection) -> None:
        """What was logged before all slices were written out in turn has been written."""
        done = 0
        while len(self._logged) > 1 and self._logged[0][1] + SLICES <= self._turned:
            done, _ = self._logged.popleft()
        if done:
            connection.execute(self._sql["trim_tally_log"], (done,))

    def _read(self, connection: sqlite3.Connection, head: int) -> None:
        """Read the log, unless what is in memory is what is there."""
        if self._head == head:
            return
        self._slices = [{} for _ in range(SLICES)]
        logged = connection.execute(self._sql["tally_log"]).fetchall()
        self._seq, _, self._turned, _ = logged[-1] if logged else (0, 0, 0, "")
        self._logged = deque((row[0], row[1]) for row in logged)
        for _, before, _, text in logged:
            written = self._turned - before
            for row in _decode(text):
                number = _slice(row[0])
                if (number - before) % SLICES >= written:
                    self._slices[number][row[0]] = row
        self._waiting = sum(map(len, self._slices))
        self._head = head


def _slice(number: int) -> int:
    """Numbers that lie side by side are of one slice."""
    return (number >> _SHIFT) % SLICES
