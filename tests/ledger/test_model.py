"""The ledger against the naive model, on the store in memory."""

from typing import Any

from hypothesis import HealthCheck, settings

from tests.fakes.memory_reader import MemoryReader
from tests.fakes.memory_store import MemoryFile, MemoryStore
from tests.ledger.machine import LedgerMachine


class MemoryMachine(LedgerMachine):
    """Restarts open a new store on the same rows."""

    def __init__(self) -> None:
        self.file = MemoryFile()
        super().__init__()

    def open_store(self) -> MemoryStore:
        return MemoryStore(self.file)

    def open_reader(self) -> MemoryReader:
        return MemoryReader(self.file)

    def counters(self) -> dict[Any, int]:
        return {key: number for key, number in self.file.rows.counts.items() if number}


TestLedgerAgainstModel = MemoryMachine.TestCase
TestLedgerAgainstModel.settings = settings(
    max_examples=150,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
