"""The running audit: all the time, in slices, it adds up the transfers and compares the balances."""

import logging
import threading
from collections import defaultdict
from time import perf_counter

from holdfast.storage.contract import Difference, Reader, StoreError

SLICE_ROWS = 20_000
SLICE_EVERY_S = 1.0
HELD_EVERY_S = 10.0
HELD_DUTY = 50
"""The check of open holds reads them all, so it rests at least this many times as long as it took."""

_log = logging.getLogger("holdfast.auditor")


class Auditor:
    """A thread of its own with a reader of its own; it starts from the first transfer after each start."""

    def __init__(self, reader: Reader, every_s: float = SLICE_EVERY_S) -> None:
        self._reader = reader
        self._every_s = every_s
        self._sums: defaultdict[tuple[str, str, str, str], int] = defaultdict(int)
        self._seq = 0
        self._next_held = 0.0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.checked_transfers = 0
        self.rounds = 0
        self.differences: list[Difference] = []

    def start(self) -> None:
        """Begin to look."""
        self._thread = threading.Thread(target=self._run, name="holdfast-auditor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End within one slice."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._reader.close()

    def step(self) -> None:
        """Look at one slice; differences are kept until a later round finds none."""
        part = self._reader.audit_slice(self._seq, SLICE_ROWS)
        for key, quantity in part.sums.items():
            self._sums[key] += quantity
        self._seq = self.checked_transfers = part.last_seq
        if part.balances is None:
            return
        self.rounds += 1
        found = [
            Difference("posted", " ".join(key), str(self._sums.get(key, 0)), str(part.balances.get(key, 0)))
            for key in sorted(self._sums.keys() | part.balances.keys())
            if self._sums.get(key, 0) != part.balances.get(key, 0)
        ]
        started = perf_counter()
        if started >= self._next_held:
            held = self._reader.held_differences()
            took = perf_counter() - started
            self._next_held = started + max(HELD_EVERY_S, HELD_DUTY * took)
        else:
            held = [difference for difference in self.differences if difference.check == "held"]
        self._tell(found + held)

    def _tell(self, found: list[Difference]) -> None:
        if found and found != self.differences:
            for difference in found:
                _log.error("audit: %s", difference)
        self.differences = found

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            try:
                self.step()
            except StoreError as error:
                _log.warning("audit waits: %s", error)
