"""The office that lays limits over items and takes them off, each change in one commit with its document."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping

from holdfast.ledger.codes import SUCCESSES
from holdfast.ledger.commands import PutSku
from holdfast.ledger.records import Detail, Sku
from holdfast.operations.shelf import Shelf
from holdfast.storage.contract import Reader
from holdfast.sync.world import Readers, Submitter

from .layers import Layer, Terms, laid, overruled, seen

Layers = tuple[Layer, ...]

_log = logging.getLogger("holdfast.operations")


class LimitsOffice:
    """For the event loop alone. `catalog` is held while an item is read, altered and put."""

    def __init__(
        self, engine: Submitter, readers: Readers, now_us: Callable[[], int], catalog: asyncio.Lock
    ) -> None:
        self._shelf = Shelf("limits", Terms, engine, readers, now_us)
        self._readers = readers
        self._catalog = catalog
        self._known = False

    def forget(self) -> None:
        """Another server may have written meanwhile: read the documents anew before they are needed."""
        self._known = False

    async def standing(self) -> list[tuple[str, Layer]]:
        """All layers that stand, with their SKU; raises StoreError."""
        await self._know()
        found = ((sku, self._shelf.get(sku)) for sku in self._shelf.ids())
        return [(sku, layer) for sku, terms in found if terms is not None for layer in terms.layers]

    async def stand(self, layers: Mapping[str, Layer], actor: str, request_id: str = "") -> None:
        """Lay one on each SKU, in one commit; raises what `Shelf.put` raises. One that is there stays."""

        def with_it(sku: str, there: Layers) -> Layers:
            owners = {layer.owner for layer in there}
            return there if layers[sku].owner in owners else (*there, layers[sku])

        await self._change(layers, with_it, actor, request_id)

    async def leave(self, skus: Collection[str], owner: str, actor: str, request_id: str = "") -> None:
        """Take an owner's layers off, in one commit; raises as `stand`."""
        await self._change(
            skus,
            lambda sku, there: tuple(layer for layer in there if layer.owner != owner),
            actor,
            request_id,
        )

    async def overruled(self, sku: str, owner: str) -> bool:
        """Whether a person set something else since; raises StoreError."""
        await self._know()
        item = await self._readers.read(lambda reader: reader.sku(sku))
        return item is not None and overruled(self._shelf.get(sku), owner, item)

    async def _know(self) -> None:
        if not self._known:
            await self._shelf.load()
            self._known = True

    async def _change(
        self, skus: Collection[str], change: Callable[[str, Layers], Layers], actor: str, request_id: str
    ) -> None:
        async with self._catalog:
            await self._know()
            names = sorted(skus)
            items = await self._readers.read(lambda reader: _items(reader, names))
            puts: list[PutSku] = []
            documents: list[tuple[str, Terms]] = []
            for sku, item in items.items():
                terms = seen(self._shelf.get(sku) or Terms(), item)
                after = change(sku, terms.layers)
                if after != terms.layers:
                    terms, put = laid(terms, item, after, actor, request_id)
                    puts.append(put)
                    documents.append((sku, terms))
            if puts:
                await self._save(puts, documents, actor, request_id)

    async def _save(
        self, puts: list[PutSku], documents: list[tuple[str, Terms]], actor: str, request_id: str
    ) -> None:
        (first, terms), *rest = documents
        owners = sorted({layer.owner for _, each in documents for layer in each.layers})
        detail: Detail = {"items": ", ".join(put.sku for put in puts), "for": ", ".join(owners)}
        entry = self._shelf.entry(actor, request_id, "lay", first, detail)
        try:
            decisions = await self._shelf.put(first, terms, entry, puts, also=rest)
        except BaseException:
            # Saved or not: only the file knows.
            self._known = False
            raise
        refused = [decision.code.value for decision in decisions if decision.code not in SUCCESSES]
        if refused:
            _log.error("limits were refused: %s", ", ".join(refused))


def _items(reader: Reader, skus: list[str]) -> dict[str, Sku]:
    found = {sku: reader.sku(sku) for sku in skus}
    return {sku: item for sku, item in found.items() if item is not None}
