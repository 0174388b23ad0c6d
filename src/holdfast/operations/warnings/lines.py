"""The lines that people set: one set for all SKUs, and others for some of them."""

from collections.abc import Callable

from holdfast.ledger.records import Detail
from holdfast.operations.shelf import Shelf
from holdfast.policies.warnings import Lines
from holdfast.sync.world import Readers, Submitter

from .records import DEFAULT_LINES, WARNING_LINES, LinesDocument

_SKU = "sku:"
"""Before a SKU's code in the document's id, since an item may well be called `default`."""


class LinesBook:
    """Lines by SKU; for the event loop alone. `changed` is told whose lines are others now: None for all."""

    def __init__(
        self,
        engine: Submitter,
        readers: Readers,
        now_us: Callable[[], int],
        announce: Callable[[str, str], None],
        changed: Callable[[str | None], None] = lambda sku: None,
    ) -> None:
        self._shelf = Shelf(WARNING_LINES, LinesDocument, engine, readers, now_us, announce)
        self.changed = changed

    async def load(self) -> None:
        """Read them from the file; raises StoreError."""
        await self._shelf.load()

    def of(self, sku: str) -> Lines:
        """The lines that hold for a SKU."""
        own = self._shelf.get(_SKU + sku)
        return own.lines if own is not None else self.default()

    def default(self) -> Lines:
        """The lines of every SKU without its own."""
        found = self._shelf.get(DEFAULT_LINES)
        return found.lines if found is not None else Lines()

    def own(self, sku: str | None) -> Lines | None:
        """What people set for a SKU (None: for all); None if nobody did."""
        found = self._shelf.get(_id(sku))
        return found.lines if found is not None else None

    def skus(self) -> list[str]:
        """SKUs with lines of their own, in order."""
        return [id.removeprefix(_SKU) for id in self._shelf.ids() if id.startswith(_SKU)]

    def revision(self, sku: str | None) -> int:
        """How often they were set; 0 for those that come with the program."""
        return self._shelf.revision(_id(sku))

    async def put(
        self, sku: str | None, lines: Lines, actor: str, request_id: str, expected: int | None = None
    ) -> None:
        """Set the lines of a SKU, or of all; raises as `Shelf.put` does."""
        async with self._shelf.lock:
            detail: Detail = {"safety_percent": lines.safety_percent}
            entry = self._shelf.entry(actor, request_id, "put", sku or DEFAULT_LINES, detail)
            await self._shelf.put(_id(sku), LinesDocument(lines), entry, expected=expected)
        self.changed(sku)

    async def remove(self, sku: str | None, actor: str, request_id: str) -> None:
        """Go back to the lines of all, or to those that come with the program."""
        async with self._shelf.lock:
            if self._shelf.get(_id(sku)) is not None:
                entry = self._shelf.entry(actor, request_id, "remove", sku or DEFAULT_LINES, {})
                await self._shelf.remove(_id(sku), entry)
        self.changed(sku)


def _id(sku: str | None) -> str:
    return DEFAULT_LINES if sku is None else _SKU + sku
