"""A shelf: all documents of one kind, read once, kept in memory, written with the commands they belong to.

Documents are few (shows, drops, rules), so all of a kind are kept; who asks reads no disk.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from holdfast.ledger.codes import SUCCESSES
from holdfast.ledger.commands import Command
from holdfast.ledger.records import AuditEntry, Detail
from holdfast.ledger.state import Decision
from holdfast.storage.records import DocumentGone, DocumentRow, Record
from holdfast.sync.world import Readers, Submitter

D = TypeVar("D", bound=msgspec.Struct)
PAGE = 500


class RevisionError(Exception):
    """Somebody else changed the document since it was read; `revision` is what it has now."""

    def __init__(self, revision: int) -> None:
        super().__init__(f"it was changed in the meantime and is at revision {revision} now")
        self.revision = revision


class Shelf(Generic[D]):
    """Documents of `kind`, each a `form`; for the event loop alone.

    Who reads a document and writes it back holds `lock` in between.
    """

    def __init__(
        self,
        kind: str,
        form: type[D],
        engine: Submitter,
        readers: Readers,
        now_us: Callable[[], int],
        announce: Callable[[str, str], None] = lambda kind, id: None,
    ) -> None:
        self.kind = kind
        self.lock = asyncio.Lock()
        self._engine = engine
        self._readers = readers
        self._now_us = now_us
        self._announce = announce
        self._decode = msgspec.json.Decoder(tuple[int, form]).decode  # type: ignore[valid-type]
        self._kept: dict[str, tuple[int, D]] = {}

    async def load(self) -> None:
        """Read all from the file; raises StoreError."""
        kept: dict[str, tuple[int, D]] = {}
        after = ""
        while rows := await self._readers.read(
            lambda reader, after=after: reader.documents(self.kind, after, PAGE)  # type: ignore[misc]
        ):
            kept.update((row.id, self._decode(row.body)) for row in rows)
            after = rows[-1].id
        self._kept = kept

    def get(self, id: str) -> D | None:
        """One document; it is shared, so it is replaced and never altered."""
        found = self._kept.get(id)
        return found[1] if found is not None else None

    def revision(self, id: str) -> int:
        """How often it was written; 0 if it is not there."""
        return self._kept[id][0] if id in self._kept else 0

    def ids(self) -> list[str]:
        """Ids of all documents, in order."""
        return sorted(self._kept)

    def all(self) -> list[D]:
        """All documents, in order of their ids."""
        return [self._kept[id][1] for id in sorted(self._kept)]

    async def put(
        self,
        id: str,
        document: D,
        entry: AuditEntry,
        commands: Sequence[Command] = (),
        records: Sequence[Record] = (),
        *,
        expected: int | None = None,
        also: Sequence[tuple[str, D]] = (),
    ) -> list[Decision]:
        """Write a document and its entry in the trail in one commit with the commands, if all succeed.

        If one is refused nothing of it is written but the refusal, and the decisions say why. `expected`
        is the revision that the writer read: raises RevisionError if it has another one now. `also` are
        further documents of this shelf that change in the same commit. Also raises StoreError,
        EngineFullError and EngineStoppedError; then all stands as before.
        """
        revision = self.revision(id)
        if expected is not None and expected != revision:
            raise RevisionError(revision)
        kept = {name: (self.revision(name) + 1, each) for name, each in ((id, document), *also)}
        rows = [
            DocumentRow(self.kind, name, msgspec.json.encode(each).decode(), self._now_us())
            for name, each in kept.items()
        ]
        decisions = await self._engine.submit(commands, (*rows, *records, entry))
        if all(decision.code in SUCCESSES for decision in decisions):
            self._kept.update(kept)
            for name in kept:
                self._announce(self.kind, name)
        return decisions

    async def remove(
        self, id: str, entry: AuditEntry, commands: Sequence[Command] = (), *, also: Sequence[str] = ()
    ) -> None:
        """Forget documents in one commit with commands that are never refused; raises as `put` does."""
        ids = (id, *also)
        await self._engine.submit(commands, (*(DocumentGone(self.kind, each) for each in ids), entry))
        for each in ids:
            self._kept.pop(each, None)
            self._announce(self.kind, each)

    def entry(self, actor: str, request_id: str, action: str, target: str, detail: Detail) -> AuditEntry:
        """An entry of the trail for a write that is about to be saved."""
        return AuditEntry(self._now_us(), actor, request_id, f"{self.kind}.{action}", target, "saved", detail)
