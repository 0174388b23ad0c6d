"""The desk of the guards: tickets, gates, lists of buyers and the watch over exposure, as one part."""

import asyncio
from collections.abc import Callable, Sequence

import msgspec

from holdfast.ledger.commands import ListBuyer
from holdfast.ledger.guard.counters import BUYER
from holdfast.ledger.guard.rules import REVIEW_OPEN
from holdfast.ledger.records import Detail
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
    """A buyer on a list, by whom and why; of another `kind`, `buyer` is the hash of what is listed."""

    list: str
    buyer: str
    reason: str
    actor: str
    since_us: int
    kind: str = BUYER

    @property
    def id(self) -> str:
        """Under which it is kept; a buyer may be called anything, so the others have another separator."""
        return listed_id(self.list, self.kind, self.buyer)


def listed_id(name: str, kind: str, value: str) -> str:
    """The id of what stands on a list."""
    return f"{name}:{value}" if kind == BUYER else f"{name}/{kind}:{value}"


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
        async with self.lists.lock:
            await self._put([listed], request_id)
        return listed

    async def add(
        self, name: str, entries: Sequence[tuple[str, str]], reason: str, actor: str, request_id: str
    ) -> list[Listed]:
        """Put each kind and value on a list, in one commit; returns those that did not stand there."""
        async with self.lists.lock:
            fresh = [
                Listed(name, value, reason, actor, self._now_us(), kind)
                for kind, value in dict.fromkeys(entries)
                if self.lists.get(listed_id(name, kind, value)) is None
            ]
            if fresh:
                await self._put(fresh, request_id)
        return fresh

    async def take_off(
        self, name: str, entries: Sequence[tuple[str, str]], actor: str, request_id: str
    ) -> list[Listed]:
        """Take each kind and value off a list, in one commit; returns those that stood there."""
        async with self.lists.lock:
            ids = dict.fromkeys(listed_id(name, kind, value) for kind, value in entries)
            found = [listed for id in ids if (listed := self.lists.get(id)) is not None]
            if found:
                first, *rest = [listed.id for listed in found]
                entry = self.lists.entry(actor, request_id, "remove", first, {"entries": len(found)})
                commands = [_command(each, actor, request_id, listed_now=False) for each in found]
                await self.lists.remove(first, entry, commands, also=rest)
        return found

    async def _put(self, fresh: Sequence[Listed], request_id: str) -> None:
        first, *rest = fresh
        detail: Detail = {"reason": first.reason, "entries": len(fresh)}
        entry = self.lists.entry(first.actor, request_id, "put", first.id, detail)
        commands = [_command(each, first.actor, request_id, listed_now=True) for each in fresh]
        await self.lists.put(first.id, first, entry, commands, also=[(each.id, each) for each in rest])


def _command(listed: Listed, actor: str, request_id: str, *, listed_now: bool) -> ListBuyer:
    reason = listed.reason if listed_now else ""
    return ListBuyer(listed.list, listed.buyer, listed_now, actor, reason, request_id, listed.kind)
