"""The desk of the guards: tickets, gates, lists of buyers and the watch over exposure, as one part."""

import asyncio
from collections.abc import Callable

import msgspec

from holdfast.ledger.commands import ListBuyer
from holdfast.ledger.guard.rules import REVIEW_OPEN
from holdfast.ledger.state import State
from holdfast.operations.shelf import Shelf
from holdfast.sealing import Sealer
from holdfast.sync.world import Readers, Submitter

from .exposure import ExposureWatch
from .office import TicketOffice
from .sweep import TallySweep

SEQ_MAX = 2**62
REVIEWS_COUNTED_MAX = 1_000


class Gate(msgspec.Struct, frozen=True):
    """How many tickets of a gate were signed, repeats included."""

    gate: str
    issued: int


class Listed(msgspec.Struct, frozen=True):
    """A buyer on a list, by whom and why."""

    list: str
    buyer: str
    reason: str
    actor: str
    since_us: int


class GuardDesk:
    """For the event loop alone; `catalog` is held while an item is changed in part."""

    def __init__(
        self,
        engine: Submitter,
        readers: Readers,
        now_us: Callable[[], int],
        sealer: Sealer,
        catalog: asyncio.Lock,
        announce: Callable[[str, str], None],
    ) -> None:
        self.office = TicketOffice(sealer)
        self.gates = Shelf("gate", Gate, engine, readers, now_us, announce)
        self.lists = Shelf("buyer-list", Listed, engine, readers, now_us, announce)
        self.exposure = ExposureWatch(engine, readers, now_us, catalog, announce)
        self._sweep = TallySweep(engine, readers, now_us)
        self.on_commit: Callable[[State], None] = self.exposure.on_commit
        self.reviews_open = 0
        """As of the last count, at most `REVIEWS_COUNTED_MAX`."""
        self._readers = readers
        self._now_us = now_us

    async def start(self) -> None:
        """Read the documents, and freeze what a crash left selling; raises StoreError."""
        await self.gates.load()
        await self.lists.load()
        await self.exposure.start()
        self._sweep.start()

    async def stop(self) -> None:
        """End the watch."""
        await self._sweep.stop()
        await self.exposure.stop()

    async def count_reviews(self) -> None:
        """Count what waits for a person; raises StoreError."""
        page = await self._readers.read(
            lambda reader: reader.reviews(REVIEW_OPEN, SEQ_MAX, REVIEWS_COUNTED_MAX)
        )
        self.reviews_open = len(page.holds)

    async def issue(
        self, gate: str, buyers: list[str], number: int, expires_at_us: int, actor: str, request_id: str
    ) -> list[str]:
        """Sign a ticket for each buyer and count them; raises SealingError and what `Shelf.put` raises."""
        tickets = [self.office.issue(gate, buyer, number, expires_at_us) for buyer in buyers]
        async with self.gates.lock:
            before = self.gates.get(gate)
            issued = len(tickets) + (before.issued if before is not None else 0)
            entry = self.gates.entry(actor, request_id, "issue", gate, {"tickets": len(tickets)})
            await self.gates.put(gate, Gate(gate, issued), entry)
        return tickets

    async def list_buyer(self, name: str, buyer: str, reason: str, actor: str, request_id: str) -> Listed:
        """Put a buyer on a list."""
        listed = Listed(name, buyer, reason, actor, self._now_us())
        id = f"{name}:{buyer}"
        async with self.lists.lock:
            entry = self.lists.entry(actor, request_id, "put", id, {"reason": reason})
            command = ListBuyer(name, buyer, listed=True, actor=actor, reason=reason, request_id=request_id)
            await self.lists.put(id, listed, entry, (command,))
        return listed

    async def unlist_buyer(self, listed: Listed, actor: str, request_id: str) -> None:
        """Take a buyer off a list: first for the ledger, then from what people read."""
        name, buyer = listed.list, listed.buyer
        id = f"{name}:{buyer}"
        async with self.lists.lock:
            entry = self.lists.entry(actor, request_id, "remove", id, {})
            command = ListBuyer(name, buyer, listed=False, actor=actor, request_id=request_id)
            await self.lists.put(id, listed, entry, (command,))
            await self.lists.remove(id, entry)
