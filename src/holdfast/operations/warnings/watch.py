"""The watch: it notes what commits changed, looks at those SKUs, and tells what the rule says.

A commit costs it one append. What is told is saved in one commit with what stands and with the notices that
have to be delivered, so that a crash loses nothing; the states of the rule are then as they were before.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import msgspec

from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.ledger.records import AuditEntry
from holdfast.ledger.state import State as Commit
from holdfast.operations.destinations.outbox import Notice, Told
from holdfast.policies.warnings import (
    Kind,
    Level,
    Outcome,
    State,
    StockWarning,
    View,
    acknowledged,
    describe,
    evaluate,
)
from holdfast.policies.warnings import Standing as RuleStanding
from holdfast.storage.contract import StoreError
from holdfast.storage.records import DocumentGone, DocumentRow, Record
from holdfast.sync.world import Readers, Submitter

from .lines import LinesBook
from .measures import WarningMeasures
from .memory import Memory
from .records import WARNING, Peak, WarningDocument

LOOK_EVERY_S = 0.2
TICK_S = 1.0
PART = 200
"""SKUs looked at in one go: the loop serves others in between."""

_log = logging.getLogger("holdfast.warnings")


class NotStandingError(Exception):
    """Nothing stands for the SKU, so there is nothing to acknowledge."""


class Telling(Protocol):
    """Where notices go."""

    def prepare(self, told: Sequence[Told], at_us: int) -> list[Notice]:
        """The notices that these make, for every destination that wants them."""

    def records(self, notices: Sequence[Notice]) -> list[Record]:
        """What has to be saved of them."""

    def keep(self, notices: Sequence[Notice]) -> None:
        """They are saved: deliver them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A warning that stands, with the figures of now."""

    warning: StockWarning
    standing: RuleStanding


class WarningWatch:
    """All SKUs of one process; for the event loop alone."""

    def __init__(
        self,
        engine: Submitter,
        readers: Readers,
        now_us: Callable[[], int],
        lines: LinesBook,
        outbox: Telling,
        announce: Callable[[str, str], None] = lambda kind, id: None,
    ) -> None:
        self.plan: Callable[[str], int | None] = lambda sku: None
        """What a show planned to sell of a SKU; it stands in for the peak."""
        self.next_item: Callable[[str], str | None] = lambda sku: None
        """The item that a show goes on to."""
        self.measures = WarningMeasures()
        self._engine = engine
        self._now_us = now_us
        self._lines = lines
        self._outbox = outbox
        self._announce = announce
        self._memory = Memory(engine, readers, now_us)
        self._states: dict[str, State] = {}
        self._on_file: set[str] = set()
        self._again: set[str] = set()
        self._arrived = asyncio.Event()
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._trouble = ""
        lines.changed = self._lines_changed

    def note(self, commit: Commit) -> None:
        """Take note of a commit; the look comes later."""
        self._memory.note(commit)
        self._arrived.set()

    async def load(self) -> None:
        """Read what stands, what there is and how fast it sells, to be looked at anew; raises StoreError."""
        until_us = self._now_us()
        await self._load_standing()
        await self._memory.load_speeds(until_us)

    async def _load_standing(self) -> None:
        documents = await self._memory.load()
        decode = msgspec.json.Decoder(WarningDocument).decode
        self._states = {row.id: decode(row.body).state for row in documents}
        self._on_file = set(self._states)
        self._again.update(self._memory.stocks)

    async def start(self) -> None:
        """Load what stands, and look from now on; raises StoreError.

        A burst leaves hundreds of thousands of holds behind, which no start waits for: the speeds are read
        before the first look, beside everything else.
        """
        until_us = self._now_us()
        await self._load_standing()
        self._task = asyncio.create_task(self._run(until_us), name="holdfast-warnings")

    async def stop(self) -> None:
        """End; what was not looked at is looked at on the next start."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        # A server that goes down in trouble has said why already.
        with suppress(StoreError, EngineFullError, EngineStoppedError):
            await self._memory.save_peaks()

    def standing(self) -> list[Standing]:
        """What stands now, the worst first; nothing of a frozen item."""
        now_s = self._now_us() / 1e6
        found = [
            Standing(describe(self._view(sku, now_s), state.standing, now_s), state.standing)
            for sku, state in self._states.items()
            if state.standing is not None and self._memory.may_warn(sku)
        ]
        return sorted(found, key=_urgency)

    async def acknowledge(self, sku: str, actor: str, request_id: str) -> Standing:
        """Somebody has seen it: quiet until it gets worse.

        Raises NotStandingError, and StoreError or EngineFullError: then nothing changed.
        """
        async with self._lock:
            state = self._states.get(sku)
            if state is None or state.standing is None:
                raise NotStandingError(sku)
            now_us = self._now_us()
            after = acknowledged(state, actor)
            assert after.standing is not None
            shown = Standing(
                describe(self._view(sku, now_us / 1e6), after.standing, now_us / 1e6), after.standing
            )
            entry = AuditEntry(
                now_us,
                actor,
                request_id,
                "warning.acknowledge",
                sku,
                "saved",
                {"tier": after.standing.tier.value},
            )
            await self._engine.submit((), (_document(sku, after, shown.warning, now_us), entry))
            self._states[sku] = after
            self._on_file.add(sku)
        self._announce(WARNING, sku)
        return shown

    async def look(self, *, tick: bool = False) -> None:
        """Look at what changed; with `tick` also at what changes by time alone."""
        async with self._lock:
            news = self._memory.take()
            for sku in news.refrozen:
                self._announce(WARNING, sku)
            again, self._again = self._again, set()
            due = news.changed | again
            if tick:
                due.update(self._memory.speeds.moving(), self._standing_skus())
            self.measures.looks += 1
            skus = sorted(due)
            for start in range(0, len(skus), PART):
                await self._look_at(skus[start : start + PART], news.oldest_us)
            if tick:
                await self._memory.save_peaks_now_and_then()

    def _standing_skus(self) -> Iterable[str]:
        return [sku for sku, state in self._states.items() if state.standing is not None]

    async def _look_at(self, skus: Sequence[str], oldest_us: int | None) -> None:
        now_us = self._now_us()
        now_s = now_us / 1e6
        outcomes: dict[str, Outcome] = {}
        for sku in skus:
            if not self._memory.may_warn(sku):
                continue
            before = self._states.get(sku, State())
            outcome = evaluate(self._view(sku, now_s), self._lines.of(sku), before, now_s)
            if outcome.warning is not None or (outcome.state.standing is None and sku in self._on_file):
                outcomes[sku] = outcome
            elif outcome.state != before:
                self._states[sku] = outcome.state
                self._announce(WARNING, sku)
        try:
            await self._save(outcomes, now_us)
        except (StoreError, EngineFullError) as error:
            # Nothing was told, and the states are as before: the same looks again say the same.
            self._again.update(outcomes)
            if str(error) != self._trouble:
                self._trouble = str(error)
                _log.warning(
                    "warnings could not be saved, and are tried again: %s", str(error) or "queue full"
                )
            return
        self._trouble = ""
        if oldest_us is not None and outcomes:
            self.measures.lag_s.observe(max(0, self._now_us() - oldest_us) / 1e6)

    async def _save(self, outcomes: dict[str, Outcome], now_us: int) -> None:
        if not outcomes:
            return
        told = [
            Told(outcome.warning, self._loudest(sku, outcome.warning))
            for sku, outcome in outcomes.items()
            if outcome.warning is not None
        ]
        notices = self._outbox.prepare(told, now_us)
        documents: list[Record] = [
            _document(sku, outcome.state, outcome.warning, now_us)
            if outcome.state.standing is not None
            else DocumentGone(WARNING, sku)
            for sku, outcome in outcomes.items()
        ]
        await self._engine.submit((), (*documents, *self._outbox.records(notices)))
        for sku, outcome in outcomes.items():
            self._states[sku] = outcome.state
            if outcome.state.standing is not None:
                self._on_file.add(sku)
            else:
                self._on_file.discard(sku)
            self._announce(WARNING, sku)
        for each in told:
            self.measures.told[each.warning.kind.value, each.warning.level.name.lower()] += 1
        self._outbox.keep(notices)

    def peak(self, sku: str) -> Peak | None:
        """The most of it that was on sale, and since when; None if there never was anything."""
        return self._memory.peak(sku)

    def _loudest(self, sku: str, warning: StockWarning) -> Level:
        """Who was told that it is bad is told that it is better."""
        before = self._states[sku].standing if sku in self._states else None
        if warning.kind in (Kind.EASED, Kind.CLEARED) and before is not None:
            return max(before.level, warning.level)
        return warning.level

    def _view(self, sku: str, now_s: float) -> View:
        memory = self._memory
        stock = memory.stocks[sku]
        planned = self.plan(sku)
        return View(
            sku,
            stock.available,
            planned if planned is not None else memory.peak_units(sku),
            memory.names.get(sku, sku),
            stock.reserve,
            memory.speeds.per_minute(sku, now_s),
            stock.debt,
            stock.channels(memory.channels),
            self.next_item(sku),
        )

    def _lines_changed(self, sku: str | None) -> None:
        self._again.update(self._memory.stocks if sku is None else [sku])
        self._arrived.set()

    async def _load_speeds(self, until_us: int) -> None:
        while True:
            try:
                return await self._memory.load_speeds(until_us)
            except StoreError as error:
                _log.warning("the speeds of sales are read again: %s", error)
                await asyncio.sleep(TICK_S)

    async def _run(self, until_us: int) -> None:
        loop = asyncio.get_running_loop()
        await self._load_speeds(until_us)
        next_tick = loop.time()
        while True:
            self._arrived.clear()
            tick = loop.time() >= next_tick
            if tick:
                next_tick = loop.time() + TICK_S
            try:
                await self.look(tick=tick)
            except EngineStoppedError:
                return
            except Exception:  # noqa: BLE001 - a fault in one look must not end all warnings
                _log.exception("a look at the warnings failed")
            await asyncio.sleep(LOOK_EVERY_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, next_tick - loop.time())):
                    await self._arrived.wait()


def _document(sku: str, state: State, told: StockWarning | None, now_us: int) -> DocumentRow:
    body = msgspec.json.encode(WarningDocument(state, told)).decode()
    return DocumentRow(WARNING, sku, body, now_us)


def _urgency(found: Standing) -> tuple[bool, int, float, float, str]:
    """Unseen before seen, then by level, the least time left, the oldest."""
    left_s = found.warning.figures.empty_in_s
    return (
        found.standing.acknowledged_by is not None,
        -found.standing.level,
        left_s if left_s is not None else float("inf"),
        found.standing.since_s,
        found.warning.sku,
    )
