"""The watch over exposure: an item that reached its limit or tripped its breaker is frozen, once.

The ledger refuses our own holds by itself; platforms sell from counters of their own, so the item has to be
stopped there too. Freezing is what does it, and only a person ends it. Who unfreezes without a higher limit
or a new period sees it frozen again by the next sale or try: the limit is still reached.
"""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.ledger.catalog import described
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.guard.counters import EXPOSURE, LOSS, UNITS, exposure_keys
from holdfast.ledger.records import AuditEntry, Detail, Sku
from holdfast.ledger.state import State
from holdfast.storage.contract import StoreError
from holdfast.sync.world import Readers, Submitter

ACTOR = "system:exposure"
KIND = "exposure"
PAGE = 500
RETRY_S = 0.5
RETRY_MAX_S = 10.0
_TRIPS = (ResultCode.EXPOSURE_LIMIT_REACHED, ResultCode.SPEED_BREAKER_TRIPPED)

_log = logging.getLogger("holdfast.exposure")


class Trip(NamedTuple):
    """An item that has to stop, and why."""

    sku: str
    code: ResultCode
    facts: Detail


def trips(state: State) -> list[Trip]:
    """The items that a commit brought to their limit, each once."""
    found: dict[str, Trip] = {}
    for refusal in state.changes.refusals:
        if refusal.code in _TRIPS:
            sku = str(refusal.detail["sku"])
            found.setdefault(sku, Trip(sku, refusal.code, refusal.detail))
    for hold in state.changes.marked_holds:
        note = hold.guard
        if note is not None and note.cause in _TRIPS and note.facts is not None:
            sku = str(note.facts["sku"])
            found.setdefault(sku, Trip(sku, ResultCode(note.cause), note.facts))
    for item in state.skus.values():
        if item.guard is not None:
            units, loss = exposure_keys(item.sku, item.guard.period)
            changed = state.changes.counts
            trip = reached(item, changed.get(units, 0), changed.get(loss, 0))
            if trip is not None:
                found.setdefault(item.sku, trip)
    return [trip for sku, trip in found.items() if sku in state.skus and not state.skus[sku].frozen]


def reached(item: Sku, units: int, loss_cents: int) -> Trip | None:
    """Whether so much is all that may be sold of an item, or all that may be lost."""
    guard = item.guard
    if guard is None:
        return None
    for limit, allowed, taken in (
        ("units_max", guard.units_max, units),
        ("loss_cents_max", guard.loss_cents_max, loss_cents),
    ):
        if allowed is not None and taken and taken >= allowed:
            facts: Detail = {"sku": item.sku, "limit": limit, "allowed": allowed, "taken": taken}
            return Trip(item.sku, ResultCode.EXPOSURE_LIMIT_REACHED, facts)
    return None


class ExposureWatch:
    """Told of every commit; freezes in the background and goes on until it is done or told to stop."""

    def __init__(
        self,
        engine: Submitter,
        readers: Readers,
        now_us: Callable[[], int],
        catalog: asyncio.Lock,
        announce: Callable[[str, str], None],
    ) -> None:
        self._engine = engine
        self._readers = readers
        self._now_us = now_us
        self._catalog = catalog
        self._announce = announce
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.refused: Counter[tuple[str, str]] = Counter()
        """Refusals of batches with guarded items, by code and by the rule or limit that said no."""
        self.frozen = 0
        """Items frozen since the start of the process."""

    async def start(self) -> None:
        """Freeze what reached its limit before a crash and was not frozen; raises StoreError."""
        after = ""
        while items := await self._readers.read(lambda reader, after=after: reader.skus(after, PAGE)):  # type: ignore[misc]
            for item in items:
                guard = item.guard
                if guard is not None and not item.frozen:
                    row = await self._readers.read(
                        lambda reader, sku=item.sku, period=guard.period: reader.counts(sku, period, EXPOSURE)  # type: ignore[misc]
                    )
                    trip = reached(item, row.get(UNITS, 0), row.get(LOSS, 0))
                    if trip is not None:
                        self._freeze_soon(trip)
            after = items[-1].sku

    def on_commit(self, state: State) -> None:
        """Look at a commit; one without guarded items costs a look at a flag."""
        if state.guarded:
            for refusal in state.changes.refusals:
                self.refused[refusal.code.value, str(refusal.detail.get("limit", ""))] += 1
            for trip in trips(state):
                self._freeze_soon(trip)

    async def settled(self) -> None:
        """Wait until nothing is left to freeze."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def stop(self) -> None:
        """Stop trying; what is not frozen is found by the next start."""
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _freeze_soon(self, trip: Trip) -> None:
        if trip.sku in self._tasks:
            return
        task = asyncio.get_running_loop().create_task(self._freeze(trip))
        self._tasks[trip.sku] = task
        task.add_done_callback(lambda _: self._tasks.pop(trip.sku, None))

    async def _freeze(self, trip: Trip) -> None:
        wait_s = RETRY_S
        while True:
            try:
                async with self._catalog:
                    await self._freeze_once(trip)
                return
            except EngineStoppedError:
                return
            except (StoreError, EngineFullError) as error:
                _log.warning("could not freeze %s yet: %s", trip.sku, error)
            await asyncio.sleep(wait_s * (1 + random.random()))  # noqa: S311 - jitter
            wait_s = min(RETRY_MAX_S, wait_s * 2)

    async def _freeze_once(self, trip: Trip) -> None:
        item = await self._readers.read(lambda reader: reader.sku(trip.sku))
        if item is None or item.frozen:
            return
        command = described(item, ACTOR)
        command.frozen = True
        entry = AuditEntry(
            self._now_us(), ACTOR, "", "exposure.freeze", trip.sku, trip.code.value, trip.facts
        )
        await self._engine.submit((command,), (entry,))
        self.frozen += 1
        _log.warning("froze %s: %s", trip.sku, trip.code.value)
        self._announce(KIND, trip.sku)
