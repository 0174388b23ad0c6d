"""Drops kept, locked, opened at their time and closed. Each step is one commit, so a crash repeats none."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.ledger.accounts import AccountKind, account_name
from holdfast.ledger.codes import SUCCESSES
from holdfast.ledger.commands import PostTransfer
from holdfast.ledger.records import Detail
from holdfast.ledger.state import Decision
from holdfast.operations.limits.office import LimitsOffice
from holdfast.operations.shelf import Shelf
from holdfast.storage.contract import Reader, StoreError
from holdfast.sync.world import Readers, Submitter

from .counters import Counters, News, NoCounters, Ring, has_ended, left_of
from .drop import CANCELLED, CLOSED, CLOSING, LOCKED, OPEN, PLANNED, Drop
from .steps import POOL, Desk, DropBusyError, DropStatusError, Names, Place, account, quota
from .terms import DropTerms, check_gate

CLOCK_ACTOR = "system:drops"
CLOSE_TRIES = 20
"""Buyers take units while a drop is closed; so often it looks anew."""
AGAIN_S = 0.5
US_PER_S = 1_000_000
STUCK_US = 30 * US_PER_S
BUSY_US = US_PER_S // 10


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
        limits: LimitsOffice,
        announce: Callable[[str, str], None] = lambda kind, id: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        counters: Counters | None = None,
    ) -> None:
        self._shelf = Shelf("drop", Drop, engine, readers, now_us, announce)
        self.ring = Ring(counters or NoCounters(), self._shelf.all)
        self.terms = DropTerms(limits)
        self._announce = announce
        self._readers = readers
        self._now_us = now_us
        self._sleep = sleep
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stuck: dict[str, int] = {}
        """When to try those again that could not be done."""
        self._waits: dict[str, str] = {}
        self._announced: dict[str, list[News]] = {}

    async def start(self) -> None:
        """Read all drops, and do at once what came due while nobody ran; raises StoreError.

        Before the sync begins, so that it finds all fences.
        """
        await self.load()
        self._task = asyncio.create_task(self._run())

    async def load(self) -> None:
        """Read all drops, and fence their listings; raises StoreError."""
        self.terms.forget()
        await self._shelf.load()
        if self.ring.fence():
            self.ring.counters.begin_anew("drops stand otherwise on file")

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
        """Units of it that buyers have, holds included, less those that came back; raises StoreError."""
        if not drop.on_sale:
            return drop.sold
        left = 0
        for name, units in drop.channels.items():
            if name not in drop.counters and name not in drop.done:
                there = await self._readers.read(_available(drop.sku, f"channel:{name}"))
                left += max(0, min(units, there - drop.base[name]))
        left += sum(each.left for each in self.ring.tellings(drop))
        return max(0, drop.quantity - drop.returned - drop.kept - left)

    def on_sale(self, channel: str, sku: str) -> Drop | None:
        """A drop that is open for an item on a channel; None if none is."""
        for drop in self._shelf.all():
            if drop.on_sale and drop.sku == sku and channel in drop.channels and channel not in drop.done:
                return drop
        return None

    def waits(self, drop: Drop) -> str:
        """Why it is not where its times say; empty if nothing is in its way."""
        return self._waits.get(drop.id, "")

    async def end_of_show(self, show: str, actor: str) -> None:
        """Cancel what has not opened and close what is open of a show."""
        for drop in self.all():
            if drop.show == show and drop.status == OPEN:
                with contextlib.suppress(DropBusyError):
                    await self.close(drop.id, actor)
            elif drop.show == show and drop.status in (PLANNED, LOCKED):
                await self.cancel(drop.id, actor)

    async def plan(self, drop: Drop, actor: str, request_id: str = "") -> Drop:
        """Put a drop on file, or change one that is not locked yet; raises GateOverlapError."""
        async with self._shelf.lock:
            check_gate(drop, self._shelf.all())
            if self.get(drop.id) is not None:
                before = self._at(drop.id, PLANNED)
                drop = _with(drop, lock_tries=before.lock_tries, open_tries=before.open_tries)
            return await self._put(drop, actor, "put", request_id=request_id)

    async def lock(self, id: str, actor: str, request_id: str = "") -> Drop:
        """Set its units aside; raises DropRefusedError with how many there are."""
        async with self._shelf.lock:
            drop = self._at(id, PLANNED)
            tries = f":{drop.lock_tries}" if drop.lock_tries else ""
            names = Names(actor, request_id, tries)
            move = names.move(drop, "lock", POOL, account(drop), drop.quantity)
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
            later = _with(drop, opens_at_us=opens_at_us)
            check_gate(later, self._shelf.all())
            return await self._put(later, actor, "postpone", request_id=request_id)

    async def open(self, id: str, actor: str, request_id: str = "") -> Drop:
        """Give its units to its channels, now."""
        async with self._shelf.lock:
            drop = self._at(id, LOCKED)
            opened = _with(
                drop, status=OPEN, opened_at_us=self._now_us(), counters=self.ring.counters_of(drop)
            )
            # Our own shop moves for nobody else from here on; platforms do from the commit on.
            self.ring.fence(_with(opened, done=list(opened.counters)))
            try:
                # One that has to wait yet raises here, so that its limits wait with it.
                self._opening(_with(opened, base={}), actor, request_id)
                await self.terms.stand(drop, actor, request_id)
                base = {}
                for name in drop.channels.keys() - opened.counters.keys():
                    base[name] = await self._readers.read(_available(drop.sku, f"channel:{name}"))
                return await self._put_open(_with(opened, base=base), actor, request_id)
            except BaseException as error:
                # What moved meanwhile is on file, and nowhere else.
                self.ring.fence()
                if opened.counters and not isinstance(error, DropBusyError):
                    self.ring.counters.begin_anew(f"drop {id} did not open")
                if isinstance(error, DropRefusedError):
                    again = _with(drop, open_tries=drop.open_tries + 1)
                    await self._put(again, actor, "open_refused", request_id=request_id)
                    await self.terms.leave(drop, actor, request_id)
                self._changed.set()
                raise

    async def cancel(self, id: str, actor: str, request_id: str = "") -> Drop:
        """Give a drop up that has not opened; its units come back."""
        return await self._give_up(id, CANCELLED, actor, request_id)

    async def close(self, id: str, actor: str, request_id: str = "") -> Drop:
        """End it; what is left above the channels' own units goes where the drop says.

        Raises DropBusyError if sales kept it from that: it is due from now on, and the clock closes it.
        """
        drop = await self._close(id, actor, request_id)
        if drop.status != CLOSING:
            return drop
        try:
            return await self._go_on_closing(id, actor, request_id)
        except DropBusyError as error:
            self._wait(drop, str(error), self._now_us() + BUSY_US)
            return self.get(id) or drop

    async def run_due(self) -> None:
        """Do what is due now."""
        now_us = self._now_us()
        # What closes comes first: one that opens at that moment takes over what is left there. Only then is
        # called back what nobody took.
        for step in (self._close_due, self._open_due, self._recall_due):
            for drop in self.all():
                due_us = self._due_at_us(drop)
                if due_us is None or due_us > now_us:
                    continue
                try:
                    await step(drop, now_us)
                except DropBusyError as error:
                    self._wait(drop, str(error), now_us + BUSY_US)
                except DropStatusError:
                    continue  # a person was faster
                except DropRefusedError as error:
                    # Its units are not where they should be; the other drops go on.
                    self._wait(drop, f"{error}, {error.decision.detail}", now_us + STUCK_US)
        async with self._shelf.lock:
            await self.terms.settle(self._shelf.get, CLOCK_ACTOR)

    async def _close_due(self, drop: Drop, now_us: int) -> None:
        if drop.status == OPEN:
            await self._close(drop.id, CLOCK_ACTOR, "")
        elif drop.status == LOCKED and drop.closes_at_us is not None and drop.closes_at_us <= now_us:
            await self._give_up(drop.id, CLOSED, CLOCK_ACTOR, "")

    async def _open_due(self, drop: Drop, now_us: int) -> None:
        if drop.status == LOCKED:
            await self.open(drop.id, CLOCK_ACTOR)

    async def _recall_due(self, drop: Drop, now_us: int) -> None:
        if drop.status == CLOSING:
            drop = await self._go_on_closing(drop.id, CLOCK_ACTOR, "")
            self._stuck[drop.id] = now_us + BUSY_US

    def _wait(self, drop: Drop, why: str, until_us: int) -> None:
        if self._waits.get(drop.id) != why:
            _log.warning("drop %s waits: %s", drop.id, why)
        self._waits[drop.id], self._stuck[drop.id] = why, until_us

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
            names = Names(actor, request_id)
            moves = [names.move(drop, "cancel", account(drop), POOL, left)] if left else []
            given_up = _with(done, returned=left)
            return await self._put(given_up, actor, "cancel", *moves, request_id=request_id)

    async def _close(self, id: str, actor: str, request_id: str) -> Drop:
        """End it on our own channels; on platforms, it is closing until their units are called back."""
        async with self._shelf.lock:
            drop = self._at(id, OPEN)
            for name in sorted(drop.channels.keys() - drop.counters.keys()):
                if name not in drop.done and drop.leftover != "stay":
                    drop = await self._take_back(drop, name, actor, request_id)
                elif name not in drop.done:
                    there = await self._readers.read(_available(drop.sku, f"channel:{name}"))
                    left = there - drop.base[name]
                    drop = drop.ending(name, max(0, min(drop.channels[name], left)))
            if drop.counters.keys() <= set(drop.done):
                return await self._put_closed(drop, actor, request_id)
            now_us = self._now_us()
            closing = _with(drop, status=CLOSING, closes_at_us=min(now_us, drop.closes_at_us or now_us))
            return await self._put_fenced(closing, actor, "closing", request_id)

    async def _go_on_closing(self, id: str, actor: str, request_id: str) -> Drop:
        """Take in what came back from platforms; it is closed once nothing more can come."""
        async with self._shelf.lock:
            drop = self._at(id, CLOSING)
            if drop.leftover != "stay":
                self.ring.recalling.add(id)
                self.ring.fence()
            for channel in sorted(drop.counters.keys() - set(drop.done)):
                drop = await self._end_on_counter(drop, channel, actor, request_id)
            if drop.counters.keys() <= set(drop.done):
                return await self._put_closed(drop, actor, request_id)
            return drop

    async def _end_on_counter(self, drop: Drop, channel: str, actor: str, request_id: str) -> Drop:
        standing = self.ring.standing(drop, channel)
        place = quota(drop, channel)
        back = (
            await self._readers.read(_available(drop.sku, account_name(*place)))
            if standing is None
            else standing.quota
        )
        if back > 0:
            drop = await self._give_back(drop, channel, place, back, 0, actor, request_id)
            standing = self.ring.standing(drop, channel)
        if standing is None:
            return await self._put_fenced(drop.ending(channel), actor, "channel_closed", request_id)
        if standing.quota or (drop.leftover != "stay" and not has_ended(drop, channel, standing)):
            return drop
        # From here to the commit nothing waits: what the listing does after it is for the pool again.
        ending = drop.ending(channel, left_of(drop, channel, standing))
        # Units of the channel's own that came back with the drop's, or were sold in its time, count as sold.
        own = min(0, standing.right - drop.base[channel])
        ending = _with(ending, returned=max(0, ending.returned + own))
        return await self._put_fenced(ending, actor, "channel_closed", request_id)

    async def _put_closed(self, drop: Drop, actor: str, request_id: str) -> Drop:
        sold = max(0, drop.quantity - drop.returned - drop.kept)
        closed = _with(drop, status=CLOSED, closed_at_us=self._now_us(), sold=sold)
        closed = await self._put_fenced(closed, actor, "close", request_id)
        await self.terms.leave(closed, actor, request_id)
        return closed

    async def _put_fenced(self, drop: Drop, actor: str, action: str, request_id: str) -> Drop:
        """Save a step that changes who moves the listings; they change with its commit, not after it."""
        self.ring.fence(drop)
        try:
            return await self._put(drop, actor, action, request_id=request_id)
        except BaseException:
            self.ring.fence()
            if drop.counters:
                self.ring.counters.begin_anew(f"a step of drop {drop.id} was not saved")
            raise

    async def _put_open(self, drop: Drop, actor: str, request_id: str) -> Drop:
        """Open it in one commit; nothing waits between the look at its counters and that commit."""
        drop, desk = self._opening(drop, actor, request_id)
        also = list(desk.changed.values())
        self.ring.fence(drop, *also)
        return await self._put(drop, actor, "open", *desk.moves, request_id=request_id, also=also)

    def _opening(self, drop: Drop, actor: str, request_id: str) -> tuple[Drop, Desk]:
        """The drop and all that changes with it once it is open; raises DropBusyError."""
        desk = Desk(self.get, self._shelf.all)
        names = Names(actor, request_id, f":{drop.open_tries}" if drop.open_tries else "")
        for channel in sorted(drop.channels):
            if channel not in drop.counters:
                desk.open_on_shop(drop, channel, names)
                continue
            standing = self.ring.standing(drop, channel)
            if standing is None:
                raise DropBusyError(f"{channel} does not sell {drop.sku} any more")
            drop = desk.open_on_counter(drop, channel, standing, names)
        return drop, desk

    async def _take_back(self, drop: Drop, channel: str, actor: str, request_id: str) -> Drop:
        """Take what a channel of ours did not sell; buyers go on meanwhile, so it may take a few looks."""
        for number in range(CLOSE_TRIES):
            there = await self._readers.read(_available(drop.sku, f"channel:{channel}"))
            left = min(drop.channels[channel], there - drop.base[channel])
            if left <= 0:
                return drop.ending(channel)
            place = (AccountKind.CHANNEL, channel)
            with contextlib.suppress(DropRefusedError):
                taken = await self._give_back(drop, channel, place, left, number, actor, request_id)
                return taken.ending(channel)
        now_us = self._now_us()
        await self._put(_with(drop, closes_at_us=now_us), actor, "close_waits", request_id=request_id)
        raise DropBusyError(f"drop {drop.id} is still open: buyers took units meanwhile, it goes on closing")

    async def _give_back(
        self, drop: Drop, channel: str, place: Place, units: int, number: int, actor: str, request_id: str
    ) -> Drop:
        """Move units that were not sold to where the drop says, in one commit."""
        desk = Desk(self.get, self._shelf.all)
        target = desk.rest_of(drop, channel, units)
        for other in desk.all():
            # Those that opened later on the same channel count from a stock that had these units.
            if self._is_above(other, drop, channel, place):
                desk.put(_with(other, base={**other.base, channel: other.base[channel] - units}))
        names = Names(actor, request_id)
        move = names.move(drop, f"close:{channel}:{self._now_us()}:{number}", place, target, units)
        more, also = _with(drop, returned=drop.returned + units), list(desk.changed.values())
        return await self._put(more, actor, "take_back", move, request_id=request_id, also=also)

    @staticmethod
    def _is_above(other: Drop, drop: Drop, channel: str, place: Place) -> bool:
        later = (other.opened_at_us or 0, other.id) > (drop.opened_at_us or 0, drop.id)
        shares = other.sku == drop.sku and channel in other.base and place[0] is AccountKind.CHANNEL
        return other.status == OPEN and shares and later and other.id != drop.id

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
        if drop.counters and any(decision.replayed for decision in decisions):
            self.ring.counters.begin_anew(f"a step of drop {drop.id} was on file already")
        self._waits.pop(drop.id, None)
        self._stuck.pop(drop.id, None)
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
            if self._announce_told():
                due.append(self._now_us() + BUSY_US)
            wait_s = max(0.0, (min(due) - self._now_us()) / US_PER_S) if due else None
            try:
                # Not `wait_for`: in Python 3.11 it loses a stop that comes together with a change.
                async with asyncio.timeout(wait_s):
                    await self._changed.wait()
            except TimeoutError:
                continue

    def _announce_told(self) -> bool:
        """Say when platforms know more of a drop than before; whether some do not know all of it yet."""
        tellings = {drop.id: self.ring.tellings(drop) for drop in self._shelf.all()}
        news = {id: [each.news for each in found] for id, found in tellings.items() if found}
        for id in news.keys() | self._announced.keys():
            if news.get(id) != self._announced.get(id):
                self._announce("drop", id)
        self._announced = news
        return not all(each.told for found in tellings.values() for each in found)

    async def look(self) -> None:
        """Read all drops anew, as another server left them on file; raises StoreError."""
        async with self._shelf.lock:
            await self._shelf.load()

    async def _reload(self) -> None:
        """After a commit of unknown end only the file knows how the drops stand."""
        try:
            async with self._shelf.lock:
                await self.load()
        except StoreError as error:
            _log.warning("drops were not read: %s", error)


def _with(drop: Drop, **changes: object) -> Drop:
    return msgspec.structs.replace(drop, **changes)


def _available(sku: str, account: str) -> Callable[[Reader], int]:
    def query(reader: Reader) -> int:
        view = reader.stock(sku)
        accounts = view.accounts if view is not None else ()
        return next((each.posted - each.held for each in accounts if each.account == account), 0)

    return query


_log = logging.getLogger("holdfast.drops")
