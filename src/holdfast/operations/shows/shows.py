"""The shows of this server: planned, started, run and ended, each step saved with what it does to the stock.

A start keeps the reserves back in the commit that makes the show live; limits follow in a commit of their
own, because a change of an item is a batch alone. The document says which are due, so a restart sets them.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence

from msgspec.structs import replace

from holdfast.ledger.codes import SUCCESSES, ResultCode
from holdfast.ledger.commands import Command, PostTransfers
from holdfast.ledger.records import Detail
from holdfast.operations.limits.office import LimitsOffice
from holdfast.operations.shelf import Shelf
from holdfast.sync.world import Readers, Submitter

from .model import Item, ItemState, Overruled, Show, ShowError, Status, Strategy
from .rundown import Who, changed, must_be, next_item, noted, push, skip, spotlight, undo
from .stock import Facts, conflict, give_back, layers, owner, reserve, short, sold

ATTEMPTS_MAX = 3
SYSTEM = "system:shows"
Ended = Callable[[str, str], Awaitable[None]]
Change = Callable[[Show], Show]

_log = logging.getLogger("holdfast.operations")


class Shows:
    """For the event loop alone."""

    def __init__(
        self,
        engine: Submitter,
        readers: Readers,
        now_us: Callable[[], int],
        limits: LimitsOffice,
        announce: Callable[[str, str], None] = lambda kind, id: None,
    ) -> None:
        self.shelf = Shelf("show", Show, engine, readers, now_us, announce)
        self.on_end: list[Ended] = []
        """Called with the show's id and who ended it; after a crash perhaps twice."""
        self._engine = engine
        self._readers = readers
        self._now_us = now_us
        self._limits = limits

    async def start(self) -> None:
        """Read the shows, and finish what a crash left half done; raises StoreError."""
        await self.shelf.load()
        for show in self.shelf.all():
            who = Who(SYSTEM, "", self._now_us())
            if show.limits_due:
                await self._settle_limits(show.id, who)
            if show.status is Status.ENDED and show.results is None:
                await self._finish(show.id, who)

    def get(self, id: str) -> Show:
        """A show; raises ShowError."""
        show = self.shelf.get(id)
        if show is None:
            raise ShowError("not_found", f"there is no show {id}", field="show")
        return show

    def live(self) -> list[Show]:
        """Shows that are live now."""
        return [show for show in self.shelf.all() if show.status is Status.LIVE]

    def live_of(self, sku: str) -> str | None:
        """The live show that sells the SKU."""
        found = self._live_with(sku)
        return found[0].id if found is not None else None

    def plan_of(self, sku: str) -> int | None:
        """Units planned for it in its live show."""
        found = self._live_with(sku)
        return found[1].planned if found is not None else None

    def next_of(self, sku: str) -> str | None:
        """The SKU that comes next in its live show."""
        found = self._live_with(sku)
        items = found[0].items if found is not None else ()
        waiting = (item.sku for item in items if item.state is ItemState.WAITING and item.sku != sku)
        return next(waiting, None)

    def _live_with(self, sku: str) -> tuple[Show, Item] | None:
        for show in self.live():
            item = show.item(sku)
            if item is not None:
                return show, item
        return None

    async def put(self, new: Show, who: Who, expected: int | None = None) -> Show:
        """Plan a show, or change what may be changed; raises ShowError, RevisionError."""
        async with self.shelf.lock:
            old = self.shelf.get(new.id)
            await self._check(new)
            show = noted(new, who, "planned") if old is None else changed(old, new, who)
            await self._save(show, who, "planned" if old is None else "changed", expected=expected)
            return show

    async def remove(self, id: str, who: Who) -> None:
        """Forget a planned show; raises ShowError."""
        async with self.shelf.lock:
            must_be(self.get(id), Status.PLANNED)
            await self.shelf.remove(id, self.shelf.entry(who.actor, who.request_id, "remove", id, {}))

    async def go_live(self, id: str, who: Who, overruled: Sequence[Overruled] = ()) -> Show:
        """Start a planned show: its reserves are kept back, its limits set; raises ShowError."""
        async with self.shelf.lock:
            show = self.get(id)
            if show.did(who.id, "start"):
                return show
            must_be(show, Status.PLANNED)
            refused = conflict(show, show.items, self.live())
            if refused is not None:
                raise refused

            def started(show: Show) -> Show:
                live = replace(
                    show,
                    status=Status.LIVE,
                    started_at_us=who.now_us,
                    started_by=who.actor,
                    overruled=(*show.overruled, *overruled),
                    limits_due=_limited(show.items),
                )
                return noted(live, who, "start", detail="; ".join(f"{o.code}: {o.reason}" for o in overruled))

            await self._keep_back(show, show.items, started, who, "start")
            return await self._settle_limits(id, who)

    async def push(self, id: str, item: Item, who: Who, *, now: bool) -> Show:
        """Put an item into a live show, with its reserve and limits; raises ShowError."""
        async with self.shelf.lock:
            show = self.get(id)
            if show.did(who.id, "push"):
                return show
            after = push(show, item, who, now=now)
            await self._check(after)
            refused = conflict(after, [item], self.live())
            if refused is not None:
                raise refused

            def pushed(show: Show) -> Show:
                return replace(push(show, item, who, now=now), limits_due=_limited([item]))

            await self._keep_back(show, [item], pushed, who, "push")
            return await self._settle_limits(id, who)

    async def next(self, id: str, who: Who) -> Show:
        """Go on to the next item; raises ShowError."""
        return await self._step(id, who, "next", lambda show: next_item(show, who))

    async def skip(self, id: str, sku: str | None, who: Who) -> Show:
        """Leave an item out, by default the one on air; raises ShowError."""
        return await self._step(id, who, "skip", lambda show: skip(show, sku, who))

    async def spotlight(self, id: str, sku: str, who: Who) -> Show:
        """Show an item large; raises ShowError."""
        return await self._step(id, who, "spotlight", lambda show: spotlight(show, sku, who))

    async def undo(self, id: str, who: Who) -> Show:
        """Take the last step back; raises ShowError."""
        return await self._step(id, who, "undo", lambda show: undo(show, who))

    async def end(self, id: str, who: Who) -> Show:
        """End a live show: the rest of its reserve and the old limits go back; raises ShowError."""
        async with self.shelf.lock:
            show = self.get(id)
            if show.did(who.id, "end"):
                return show
            must_be(show, Status.LIVE)

            def ended(show: Show) -> Show:
                over = replace(
                    show,
                    status=Status.ENDED,
                    ended_at_us=who.now_us,
                    ended_by=who.actor,
                    limits_due=_limited(show.items),
                    undo=None,
                )
                return noted(over, who, "end")

            for _ in range(ATTEMPTS_MAX):
                facts = await self._facts(item.sku for item in show.items)
                if await self._moved(ended(show), show, give_back(show, facts, who), who, "end"):
                    break
                show = self.get(id)
            else:
                raise ShowError("stock_moved_meanwhile", "the reserve was moved at the same time; try again")
            await self._settle_limits(id, who)
            return await self._finish(id, who)

    async def save_opening(
        self, show: Show, commands: Sequence[Command], who: Who, action: str, detail: Detail
    ) -> ResultCode | None:
        """Save a show with the opening of a step of its reserve; the cause if the ledger refused it.

        The caller holds `shelf.lock`.
        """
        entry = self.shelf.entry(who.actor, who.request_id, action, show.id, detail)
        decisions = await self.shelf.put(show.id, show, entry, commands)
        return next((d.code for d in decisions if d.code not in SUCCESSES), None)

    async def _step(self, id: str, who: Who, action: str, change: Change) -> Show:
        async with self.shelf.lock:
            show = self.get(id)
            if show.did(who.id, action):
                return show
            after = change(show)
            await self._save(after, who, action)
            return after

    async def _save(self, show: Show, who: Who, action: str, *, expected: int | None = None) -> None:
        detail: Detail = {"id": who.id, "current": show.current or "", "spotlight": show.spotlight or ""}
        entry = self.shelf.entry(who.actor, who.request_id, action, show.id, detail)
        await self.shelf.put(show.id, show, entry, expected=expected)

    async def _check(self, show: Show) -> None:
        """Raises ShowError for what is wrong in the document itself."""
        if show.ends_at_us <= show.starts_at_us:
            raise ShowError("invalid_request", "a show ends after it starts", field="ends_at")
        seen: set[str] = set()
        for item in show.items:
            if item.sku in seen:
                raise ShowError(
                    "invalid_request", f"{item.sku} stands in the rundown twice; write it once", field="items"
                )
            seen.add(item.sku)
        facts, channels = await self._readers.read(
            lambda reader: (
                Facts.read(reader, seen),
                {channel for channel in show.channels if reader.channel(channel) is None},
            )
        )
        if channels:
            raise ShowError("unknown_channel", f"there is no channel {min(channels)}", field="channels")
        for item in show.items:
            known = facts.items.get(item.sku)
            if known is None:
                raise ShowError(
                    "unknown_sku", f"there is no item {item.sku}", field="items", facts={"sku": item.sku}
                )
            if known.components and item.strategy is Strategy.RESERVE:
                words = f"{item.sku} is a bundle, which has no stock of its own: reserve its parts"
                raise ShowError("sku_is_bundle", words, field="items", facts={"sku": item.sku})

    async def _keep_back(
        self, show: Show, items: Sequence[Item], change: Change, who: Who, action: str
    ) -> None:
        for _ in range(ATTEMPTS_MAX):
            facts = await self._facts(item.sku for item in items)
            missing = short(items, len(show.channels), facts)
            if missing:
                words = ", ".join(f"{sku} lacks {units}" for sku, units in missing.items())
                raise ShowError(
                    "reserve_short",
                    f"the unallocated stock does not cover the reserve: {words}; receive goods, take rights "
                    "back, or lower the plan or the reserve",
                    facts=dict(missing),
                )
            after, transfers = reserve(change(show), items, who)
            if await self._moved(after, show, transfers, who, action):
                return
            show = self.get(show.id)
        raise ShowError("stock_moved_meanwhile", "the stock was moved at the same time; try again")

    async def _moved(
        self, after: Show, before: Show, transfers: Sequence[PostTransfers], who: Who, action: str
    ) -> bool:
        """Save with the transfers; False if the ledger refused them, and the next try has other ids."""
        units = sum(leg.quantity for each in transfers for leg in each.transfers)
        told: Detail = {"id": who.id, "units": units}
        if after.steps[-1].detail:
            told["detail"] = after.steps[-1].detail
        entry = self.shelf.entry(who.actor, who.request_id, action, after.id, told)
        decisions = await self.shelf.put(after.id, after, entry, transfers)
        if all(decision.code in SUCCESSES for decision in decisions):
            return True
        again = replace(before, attempt=before.attempt + 1)
        detail: Detail = {"cause": decisions[0].code.value, "action": action}
        entry = self.shelf.entry(who.actor, who.request_id, "refused", after.id, detail)
        await self.shelf.put(after.id, again, entry)
        return False

    async def _settle_limits(self, id: str, who: Who) -> Show:
        show = self.get(id)
        if not show.limits_due:
            return show
        if show.status is Status.LIVE:
            await self._limits.stand(layers(show), who.actor, who.request_id)
        else:
            await self._limits.leave(show.limits_due, owner(show), who.actor, who.request_id)
        entry = self.shelf.entry(
            who.actor, who.request_id, "limits", id, {"items": ", ".join(show.limits_due)}
        )
        await self.shelf.put(id, replace(show, limits_due=()), entry)
        return self.get(id)

    async def _finish(self, id: str, who: Who) -> Show:
        for ended in self.on_end:
            try:
                await ended(id, who.actor)
            except Exception:  # noqa: BLE001 - the show has ended, whatever else goes wrong
                _log.error("show %s: something that follows its end went wrong", id, exc_info=True)
        show = self.get(id)
        results = await self._readers.read(lambda reader: sold(reader, show))
        after = replace(show, results=results)
        units = sum(each.units for each in results)
        entry = self.shelf.entry(who.actor, who.request_id, "results", id, {"units": units})
        await self.shelf.put(id, after, entry)
        return after

    async def _facts(self, skus: Iterable[str]) -> Facts:
        names = list(skus)
        return await self._readers.read(lambda reader: Facts.read(reader, names))


def _limited(items: Iterable[Item]) -> tuple[str, ...]:
    return tuple(item.sku for item in items if item.limits is not None and item.limits.any())
