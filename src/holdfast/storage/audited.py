"""Rows that people change one at a time: each change and its audit entry are one transaction."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from holdfast.ledger.records import AuditEntry

from .rows import Row

Statement = tuple[str, tuple[object, ...]]
"""The name of a statement and its values."""


class Audited(ABC):
    """Asks by the names of statements; a database says how they are run."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the store."""

    @abstractmethod
    def _rows(self, name: str) -> Sequence[Row]:
        """The rows of a statement; raises StoreError."""

    @abstractmethod
    def _change(self, statements: Sequence[Statement], entry: AuditEntry) -> int:
        """Run them and write the entry; returns how many rows changed. Raises StoreError."""
