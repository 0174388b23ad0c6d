"""The runner of the reserve: it looks at the live shows' items, and opens or proposes what the rule says.

A step is saved in one commit with its show, and the show's history has the proposal's id: after a crash in
between, the next start sees from it what was decided.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from msgspec.structs import replace

from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.ledger.state import State
from holdfast.operations.shelf import Shelf
from holdfast.operations.shows.model import Item, Opening, Show, ShowError, Status, Strategy
from holdfast.operations.shows.rundown import Who, item_of, must_be
from holdfast.operations.shows.shows import Shows
from holdfast.policies.reserve import Memory, Tuning, View, decide
from holdfast.storage.contract import StoreError
from holdfast.sync.world import Readers, Submitter

from .news import News
from .proposal import SETTLED_KEPT, Proposal, ProposalStatus, ReserveFigures
from .sight import Sight, look
from .step import OPEN, refused, shares, step

SYSTEM = "system:reserve"
LOOK_EVERY_S = 0.2
TICK_S = 1.0
EXPIRES_S = 120
REJECTED_REST_S = 60
"""So long after a rejection nothing is proposed for the item."""
ATTEMPTS_MAX = 3
_US = 1_000_000
_TUNING = Tuning()

_log = logging.getLogger("holdfast.operations")


class ReserveRunner:
    """For the event loop alone; a show's lock is held while its reserve is moved."""

    def __init__(
        self,
        shows: Shows,
        engine: Submitter,
        readers: Readers,
        news: News,
        now_us: Callable[[], int],
        announce: Callable[[str, str], None] = lambda kind, id: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        tuning: Tuning = _TUNING,
    ) -> None:
        self.proposals = Shelf("proposal", Proposal, engine, readers, now_us, announce)
        self._shows = shows
        self._readers = readers
        self._news = news
        self._now_us = now_us
        self._sleep = sleep
        self._tuning = tuning
        self._memory: dict[tuple[str, str], Memory] = {}
        self._task: asyncio.Task[None] | None = None
        self._arrived = asyncio.Event()

    async def load(self) -> None:
        """Read the proposals, and settle what a crash left open; raises StoreError."""
        await self.proposals.load()
        for proposal in self._open():
            show = self._shows.shelf.get(proposal.show)
            done = next((s for s in show.steps if s.id == proposal.id), None) if show is not None else None
            if done is not None:
                await self._settle(proposal, ProposalStatus.APPROVED, Who(done.actor, "", done.at_us))
            elif show is None or show.status is not Status.LIVE:
                await self._settle(proposal, ProposalStatus.OVERTAKEN, self._system())

    async def start(self) -> None:
        """Load, and look from now on; raises StoreError."""
        await self.load()
        self._task = asyncio.create_task(self._run(), name="holdfast-reserve")

    async def stop(self) -> None:
        """End; the next start looks again."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def on_commit(self, state: State) -> None:
        """Something changed: look soon."""
        self._arrived.set()

    async def end_of_show(self, show: str, actor: str) -> None:
        """Nothing of an ended show is opened any more; the caller holds the shows' lock."""
        for proposal in self._open(show):
            await self._settle(proposal, ProposalStatus.OVERTAKEN, self._system())

    def get(self, id: str) -> Proposal:
        """A proposal; raises ShowError."""
        proposal = self.proposals.get(id)
        if proposal is None:
            raise ShowError("not_found", f"there is no proposal {id}", field="proposal")
        return proposal

    async def look(self) -> None:
        """Look at every item of a live show that has a reserve left."""
        for show in self._shows.live():
            for item in show.items:
                if item.strategy is Strategy.RESERVE and item.opened < item.reserved:
                    async with self._shows.shelf.lock:
                        await self._look_at(show.id, item.sku)

    async def approve(self, id: str, who: Who) -> Proposal:
        """Open what is proposed, or what is left of it; raises ShowError."""
        async with self._shows.shelf.lock:
            proposal = self.get(id)
            if proposal.status is ProposalStatus.APPROVED:
                return proposal
            self._must_be_open(proposal)
            by = Who(who.actor, proposal.id, who.now_us, who.request_id)
            units = await self._open_step(
                proposal.show, proposal.sku, proposal.units, by, proposal.words_en()
            )
            return await self._settle(replace(proposal, units=units), ProposalStatus.APPROVED, who)

    async def reject(self, id: str, who: Who) -> Proposal:
        """Leave the reserve shut for a while; raises ShowError."""
        async with self._shows.shelf.lock:
            proposal = self.get(id)
            if proposal.status is ProposalStatus.REJECTED:
                return proposal
            self._must_be_open(proposal)
            return await self._settle(proposal, ProposalStatus.REJECTED, who)

    async def open_by_hand(self, id: str, sku: str, units: int, who: Who) -> Show:
        """Open units because a person says so; an open proposal is overtaken. Raises ShowError."""
        async with self._shows.shelf.lock:
            show = self._shows.get(id)
            if show.did(who.id, OPEN):
                return show
            must_be(show, Status.LIVE)
            left = item_of(show, sku).reserved - item_of(show, sku).opened
            if units > left:
                words = f"the show has {left} units of {sku} left in reserve; open no more than that"
                raise ShowError("reserve_empty", words, field="units", facts={"left": left})
            await self._open_step(id, sku, units, who, f"{units} of {left} units in reserve, opened by hand")
            for proposal in self._open(id, sku):
                await self._settle(proposal, ProposalStatus.OVERTAKEN, self._system())
            return self._shows.get(id)

    def _must_be_open(self, proposal: Proposal) -> None:
        status = proposal.status
        if status is ProposalStatus.OPEN and self._now_us() >= proposal.expires_at_us:
            status = ProposalStatus.EXPIRED
        if status is not ProposalStatus.OPEN:
            words = f"proposal {proposal.id} is {status}; open the reserve by hand if it is still wanted"
            raise ShowError("proposal_settled", words, facts={"status": status.value})

    async def _look_at(self, id: str, sku: str) -> None:
        show = self._shows.get(id)
        item = show.item(sku)
        if show.status is not Status.LIVE or item is None or item.opened >= item.reserved:
            return
        sight = await self._sight(sku)
        if await self._waits(show, sku, sight):
            return
        now_us = self._now_us()
        memory = self._memory.get((id, sku), Memory())
        news_to_us = self._news.complete_to_us(show.channels, now_us)
        view = View(
            now_us / _US,
            max(0, sight.available),
            sight.unpaid,
            min(sight.reserve, item.reserved - item.opened),
            sight.sold_per_s,
            news_to_us / _US,
            item.planned,
        )
        verdict = decide(view, memory, self._tuning)
        self._memory[id, sku] = verdict.memory
        if verdict.units:
            out_since_s = memory.out_since_s if memory.out_since_s is not None else view.now_s
            await self._carry_out(show, item, verdict.units, view, view.now_s - out_since_s)

    async def _waits(self, show: Show, sku: str, sight: Sight) -> bool:
        """Whether a proposal stands, or somebody said no a moment ago, or the item may not sell at all."""
        now_us = self._now_us()
        for proposal in self._open(show.id, sku):
            if sight.available > 0 or sight.reserve <= 0:
                await self._settle(proposal, ProposalStatus.OVERTAKEN, self._system())
            elif now_us >= proposal.expires_at_us:
                await self._settle(proposal, ProposalStatus.EXPIRED, self._system())
            else:
                return True
        rejected = (
            (each.decided_at_us or 0) + REJECTED_REST_S * _US > now_us
            for each in self.proposals.all()
            if (each.show, each.sku, each.status) == (show.id, sku, ProposalStatus.REJECTED)
        )
        return sight.frozen or any(rejected)

    async def _carry_out(self, show: Show, item: Item, units: int, view: View, out_for_s: float) -> None:
        now_us = self._now_us()
        figures = ReserveFigures(
            round(out_for_s, 1), round(view.sold_per_s * 60, 1), view.unpaid, view.reserve
        )
        id = f"{show.id}:{item.sku}:{now_us // _US}"
        proposal = Proposal(id, show.id, item.sku, units, figures, now_us, now_us + EXPIRES_S * _US)
        system = self._system(id)
        if item.opening is Opening.AUTOMATIC:
            opened = await self._open_step(show.id, item.sku, units, system, proposal.words_en())
            await self._settle(replace(proposal, units=opened), ProposalStatus.APPROVED, system)
        else:
            await self._save(proposal, system, "propose")

    async def _open_step(self, id: str, sku: str, units: int, who: Who, why: str) -> int:
        """The units opened, at most those that are left; raises ShowError."""
        for _ in range(ATTEMPTS_MAX):
            show = self._shows.get(id)
            must_be(show, Status.LIVE)
            item, sight = item_of(show, sku), await self._sight(sku, sales=True)
            units = min(units, item.reserved - item.opened, sight.reserve)
            if units <= 0:
                raise ShowError("reserve_empty", f"nothing of {sku} is left in reserve", facts={"left": 0})
            sold = {name: count for name, count in sight.sold.items() if name in show.channels and count > 0}
            direct = shares(units, sold or dict.fromkeys(show.channels, 1), await self._news.dealt(sku))
            after, transfers = step(show, sku, units, direct, who, why)
            detail: dict[str, str | int] = {"sku": sku, "units": units, "why": why}
            if await self._shows.save_opening(after, transfers, who, OPEN, detail) is None:
                return units
            await self._shows.save_opening(refused(show, sku), (), who, "refused", {"sku": sku})
        raise ShowError("stock_moved_meanwhile", "the reserve was moved at the same time; try again")

    async def _sight(self, sku: str, *, sales: bool = False) -> Sight:
        now_us = self._now_us()
        return await self._readers.read(lambda reader: look(reader, sku, now_us, sales=sales))

    def _open(self, show: str | None = None, sku: str | None = None) -> list[Proposal]:
        return [
            each
            for each in self.proposals.all()
            if each.status is ProposalStatus.OPEN and show in (None, each.show) and sku in (None, each.sku)
        ]

    async def _settle(self, proposal: Proposal, status: ProposalStatus, who: Who) -> Proposal:
        settled = replace(proposal, status=status, decided_by=who.actor, decided_at_us=who.now_us)
        await self._save(settled, who, status.value)
        await self._forget_old()
        return settled

    async def _save(self, proposal: Proposal, who: Who, action: str) -> None:
        detail: dict[str, str | int] = {
            "sku": proposal.sku,
            "units": proposal.units,
            "why": proposal.words_en(),
        }
        entry = self.proposals.entry(who.actor, who.request_id, action, proposal.id, detail)
        await self.proposals.put(proposal.id, proposal, entry)

    async def _forget_old(self) -> None:
        settled = [each for each in self.proposals.all() if each.status is not ProposalStatus.OPEN]
        settled.sort(key=lambda each: each.made_at_us)
        for old in settled[:-SETTLED_KEPT]:
            await self.proposals.remove(old.id, self.proposals.entry(SYSTEM, "", "forget", old.id, {}))

    def _system(self, id: str = "") -> Who:
        return Who(SYSTEM, id, self._now_us())

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except EngineStoppedError:
                return
            except (StoreError, EngineFullError, ShowError) as error:
                _log.warning("the reserve could not be looked at, and is looked at again: %s", error)
            except Exception:  # noqa: BLE001 - a fault in one look must not end them all
                _log.exception("a look at the reserve failed")
            self._arrived.clear()
            await self._sleep(LOOK_EVERY_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_S):
                    await self._arrived.wait()
