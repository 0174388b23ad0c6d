"""Drops kept, locked, opened at their time and closed. Each step is one commit, so a crash repeats none."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.codes import SUCCESSES
from holdfast.ledger.commands import PostTransfer
from holdfast.ledger.records import Detail
from holdfast.ledger.state import Decision
from holdfast.operations.shelf import Shelf
from holdfast.storage.contract import Reader, StoreError
from holdfast.sync.world import Readers, Submitter

from .drop import CANCELLED, CLOSED, LOCKED, OPEN, PLANNED, Drop

CLOCK_ACTOR = "system:drops"
CLOSE_TRIES = 20
"""Buyers take units while a drop is closed; so often it looks anew."""
AGAIN_S = 0.5
US_PER_S = 1_000_000
STUCK_US = 30 * US_PER_S
BUSY_US = US_PER_S // 10
Place = tuple[AccountKind, str]
POOL: Place = (AccountKind.UNALLOCATED, "")


class DropStatusError(Exception):
    """The drop is not where it must be for this; the message says where it is."""


class DropBusyError(DropStatusError):
    """Buyers were faster than the closing; it goes on by itself until nothing of the drop is left on sale."""


class DropRefusedError(Exception):
    """The ledger refused a step; `detail` has the facts."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.code.value)
        self.decision = decision


class Drops:
    """For the event loop alone. `tell` is called after each change."""

    def __init__(
        self,
        engine: Submitter,
        readers: Readers,
        now_us: Callable[[], int],
        announce: Callable[[str, str], None] = lambda kind, id: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._shelf = Shelf("drop", Drop, engine, readers, now_us, announce)
        self._readers = readers
        self._now_us = now_us
        self._sleep = sleep
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stuck: dict[str, int] = {}
        """When to try those again that the ledger refused."""

    async def start(self) -> None:
        """Read all drops, and do at once what came due while nobody ran; raises StoreError."""
        await self._shelf.load()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End the clock."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def get(self, id: str) -> Drop | None:
        """One drop."""
        return self._shelf.get(id)

    def all(self) -> list[Drop]:
        """All drops, the next to open first."""
        return sorted(self._shelf.all(), key=lambda drop: (drop.opens_at_us, drop.id))

    def next_drop(self, sku: str) -> tuple[int, int] | None:
        """When the next drop of an item opens, and its units; None if none is locked."""
        for drop in self.all():
            if drop.sku == sku and drop.status == LOCKED:
                return drop.opens_at_us, drop.quantity
        return None

    async def sold(self, drop: Drop) -> int:
        """Units of it that buyers have, holds included; raises StoreError."""
        if drop.status != OPEN:
            return drop.sold
        left = 0
        for name, units in drop.channels.items():
            there = await self._readers.read(_available(drop.sku, f"channel:{name}"))
            left += max(0, min(units, there - drop.base[name]))
        return max(0, drop.quantity - drop.returned - left)

    async def end_of_show(self, show: str, actor: str) -> None:
        """Cancel what has not opened and close what is open of a show."""
        for drop in self.all():
            if drop.show == show and drop.status == OPEN:
                with contextlib.suppress(DropBusyError):
                    await self.close(drop.id, actor)
            elif drop.show == show and drop.status in (PLANNED, LOCKED):
                await self.cancel(drop.id, actor)

    async def plan(self, drop: Drop, actor: str, request_id: str = "") -> Drop:
        """Put a drop on file, or change one that is not locked yet."""
        async with self._shelf.lock:
            if self.get(drop.id) is not None:
                before = self._at(drop.id, PLANNED)
                drop = _with(drop, lock_tries=before.lock_tries, open_tries=before.open_tries)
            return await self._put(drop, actor, "put", request_id=request_id)

    async def lock(self, id: str, actor: str, request_id: str = "") -> Drop:
        """Set its units aside; raises DropRefusedError with how many there are."""
        async with self._shelf.lock:
            drop = self._at(id, PLANNED)
            tries = f":{drop.lock_tries}" if drop.lock_tries else ""
            move = _move(drop, f"lock{tries}", POOL, _account(drop), drop.quantity, actor, request_id)
            locked = _with(drop, status=LOCKED, locked_at_us=self._now_us())
            try:
                return await self._put(locked, actor, "lock", move, request_id=request_id)
            except DropRefusedError:
                await self._put(_with(drop, lock_tries=drop.lock_tries + 1), actor, "lock_refused")
                raise

    async def postpone(self, id: str, opens_at_us: int, actor: str, request_id: str = "") -> Drop:
        """Open later, or sooner; raises DropStatusError once it is open, or if it would close before."""
        async with self._shelf.lock:
            drop = self._at(id, PLANNED, LOCKED)
            if drop.closes_at_us is not None and opens_at_us >= drop.closes_at_us:
                raise DropStatusError(f"drop {id} would open after it closes")
            return await self._put(
                _with(drop, opens_at_us=opens_at_us), actor, "postpone", request_id=request_id
            )

    async def open(self, id: str, actor: str, request_id: str = "") -> Drop:
        """Give its units to its channels, now."""
        async with self._shelf.lock:
            drop = self._at(id, LOCKED)
            base = {}
            for name in drop.channels:
                base[name] = await self._readers.read(_available(drop.sku, f"channel:{name}"))
            opened = _with(drop, status=OPEN, opened_at_us=self._now_us(), base=base)
            try:
                moves = _opening(drop, actor, request_id)
                return await self._put(opened, actor, "open", *moves, request_id=request_id)
            except DropRefusedError:
                again = _with(drop, open_tries=drop.open_tries + 1)
                await self._put(again, actor, "open_refused", request_id=request_id)
                raise

    async def cancel(self, id: str, actor: str, request_id: str = "") -> Drop:
        """Give a drop up that has not opened; its units come back."""
        return await self._give_up(id, CANCELLED, actor, request_id)

    async def close(self, id: str, actor: str, request_id: str = "") -> Drop:
        """End it; what is left above the channels' own units goes where the drop says.

        Raises DropBusyError if sales kept it from that: it is due from now on, and the clock closes it.
        """
        async with self._shelf.lock:
            drop = self._at(id, OPEN)
            for name, units in sorted(drop.channels.items()):
                if drop.leftover != "stay":
                    drop = await self._take_back(drop, name, units, actor, request_id)
            sold = await self.sold(drop)
            closed = _with(drop, status=CLOSED, closed_at_us=self._now_us(), sold=sold)
            return await self._put(closed, actor, "close", request_id=request_id)

    async def run_due(self) -> None:
        """Do what is due now."""
        now_us = self._now_us()
        for drop in self.all():
            due_us = self._due_at_us(drop)
            if due_us is None or due_us > now_us:
                continue
            try:
                if drop.status == OPEN:
                    await self.close(drop.id, CLOCK_ACTOR)
                elif drop.closes_at_us is not None and drop.closes_at_us <= now_us:
                    await self._give_up(drop.id, CLOSED, CLOCK_ACTOR, "")
                else:
                    await self.open(drop.id, CLOCK_ACTOR)
            except DropBusyError as error:
                _log.warning("drop %s: %s", drop.id, error)
                self._stuck[drop.id] = now_us + BUSY_US
            except DropStatusError:
                continue  # a person was faster
            except DropRefusedError as error:
                # Its units are not where they should be; the other drops go on.
                _log.error("drop %s: %s, %s", drop.id, error, error.decision.detail)
                self._stuck[drop.id] = now_us + STUCK_US

    def _due_at_us(self, drop: Drop) -> int | None:
        due_us = drop.due_at_us()
        return None if due_us is None else max(due_us, self._stuck.get(drop.id, 0))

    async def _give_up(self, id: str, status: str, actor: str, request_id: str) -> Drop:
        async with self._shelf.lock:
            drop = self._at(id, PLANNED, LOCKED)
            done = _with(drop, status=status, closed_at_us=self._now_us())
            if drop.status == PLANNED:
                return await self._put(done, actor, "cancel", request_id=request_id)
            # What is there, not what should be: a drop that lost units must still give back the others.
            left = await self._readers.read(_available(drop.sku, f"drop:{id}"))
            moves = [_move(drop, "cancel", _account(drop), POOL, left, actor, request_id)] if left else []
            given_up = _with(done, returned=left)
            return await self._put(given_up, actor, "cancel", *moves, request_id=request_id)

    async def _take_back(self, drop: Drop, channel: str, units: int, actor: str, request_id: str) -> Drop:
        """Take what a channel did not sell; buyers go on meanwhile, so it may take a few looks."""
        for number in range(CLOSE_TRIES):
            there = await self._readers.read(_available(drop.sku, f"channel:{channel}"))
            left = min(units, there - drop.base[channel])
            if left <= 0:
                return drop
            after = self.get(drop.carry_to) if drop.leftover == "carry" else None
            target, also = POOL, []
            if after is not None and after.status == LOCKED and after.sku == drop.sku:
                target = _account(after)
                shares = {**after.channels, channel: after.channels.get(channel, 0) + left}
                also = [_with(after, channels=shares)]
            step = f"close:{channel}:{self._now_us()}:{number}"
            move = _move(drop, step, (AccountKind.CHANNEL, channel), target, left, actor, request_id)
            more = _with(drop, returned=drop.returned + left)
            with contextlib.suppress(DropRefusedError):
                return await self._put(more, actor, "take_back", move, request_id=request_id, also=also)
        now_us = self._now_us()
        await self._put(_with(drop, closes_at_us=now_us), actor, "close_waits", request_id=request_id)
        raise DropBusyError(f"drop {drop.id} is still open: buyers took units meanwhile, it goes on closing")

    def _at(self, id: str, *wanted: str) -> Drop:
        drop = self._shelf.get(id)
        if drop is None:
            raise KeyError(id)
        if drop.status not in wanted:
            raise DropStatusError(f"drop {id} is {drop.status}; this needs {' or '.join(wanted)}")
        return drop

    async def _put(
        self,
        drop: Drop,
        actor: str,
        action: str,
        *moves: PostTransfer,
        request_id: str = "",
        also: Sequence[Drop] = (),
    ) -> Drop:
        detail: Detail = {"sku": drop.sku, "quantity": drop.quantity, "status": drop.status}
        entry = self._shelf.entry(actor, request_id, action, drop.id, detail)
        decisions = await self._shelf.put(
            drop.id, drop, entry, moves, also=[(each.id, each) for each in also]
        )
        for decision in decisions:
            if decision.code not in SUCCESSES:
                raise DropRefusedError(decision)
        self._changed.set()
        return drop

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            try:
                await self.run_due()
            except (StoreError, EngineFullError, EngineStoppedError) as error:
                _log.warning("a drop waits: %s", error)
                await self._sleep(AGAIN_S)
                await self._reload()
                continue
            due = [at_us for drop in self._shelf.all() if (at_us := self._due_at_us(drop)) is not None]
            wait_s = max(0.0, (min(due) - self._now_us()) / US_PER_S) if due else None
            try:
                await asyncio.wait_for(self._changed.wait(), wait_s)
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Read all drops anew, as another server left them on file; raises StoreError."""
        async with self._shelf.lock:
            await self._shelf.load()

    async def _reload(self) -> None:
        """After a commit of unknown end only the file knows how the drops stand."""
        try:
            await self.look()
        except StoreError as error:
            _log.warning("drops were not read: %s", error)


def _with(drop: Drop, **changes: object) -> Drop:
    return msgspec.structs.replace(drop, **changes)


def _account(drop: Drop) -> Place:
    return AccountKind.DROP, drop.id


def _opening(drop: Drop, actor: str, request_id: str) -> list[PostTransfer]:
    """Its units to its channels."""
    tries = f":{drop.open_tries}" if drop.open_tries else ""
    return [
        _move(
            drop, f"open:{name}{tries}", _account(drop), (AccountKind.CHANNEL, name), units, actor, request_id
        )
        for name, units in sorted(drop.channels.items())
        if units
    ]


def _available(sku: str, account: str) -> Callable[[Reader], int]:
    def query(reader: Reader) -> int:
        view = reader.stock(sku)
        accounts = view.accounts if view is not None else ()
        return next((each.posted - each.held for each in accounts if each.account == account), 0)

    return query


def _move(
    drop: Drop, step: str, source: Place, target: Place, quantity: int, actor: str, request_id: str
) -> PostTransfer:
    id, reason = f"drop:{drop.id}:{step}", f"drop_{step.partition(':')[0]}"
    return PostTransfer(
        id, drop.sku, *source, *target, quantity, reason, actor, reference=drop.id, request_id=request_id
    )


_log = logging.getLogger("holdfast.drops")
