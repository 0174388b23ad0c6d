"""Where orders are booked: whoever brings one, push, poll or a new mapping, it goes the same way, once."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from holdfast.channels.orders import PlatformOrder
from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.codes import SUCCESSES
from holdfast.ledger.commands import Command
from holdfast.ledger.state import Decision
from holdfast.storage.contract import StoreError
from holdfast.storage.records import PUSH_FAILED, OrderRow, PushRow, Record, RightChange

from ..listings import Listings
from ..messages import CounterChanged, ListingId, OrderHeard, OrderUndone, PoolChanged
from ..world import US_PER_S, ConnectedChannel, World, succeeded
from .locks import Locks
from .plan import ORDER_ACTOR, OVERSOLD, REPAID, Plan, Step, plan_order, telling, transfers

REFUSED_KEPT = 1_000

_log = logging.getLogger("holdfast.sync")


class OrderRefusedError(Exception):
    """The ledger did not book an order; told the same again, it is left alone and shown to people."""


class Desk:
    """Books orders; everything of one order is one commit, and one telling of it at a time."""

    def __init__(self, world: World, listings: Listings) -> None:
        self._world = world
        self.listings = listings
        self._locks = Locks()
        self._refused: OrderedDict[tuple[str, str], OrderRow] = OrderedDict()
        """What the ledger refused, as it was to be booked."""

    async def take(
        self,
        channel: ConnectedChannel,
        order: PlatformOrder,
        records: Sequence[Record] = (),
        *,
        by_poll: bool,
    ) -> None:
        """Book a telling of an order together with `records`; returns when it is on file.

        It has to be told again after StoreError, EngineFullError, EngineStoppedError and OrderRefusedError.
        """
        told = telling(channel.channel, order)
        first = await self._settle(channel, told, records, by_poll=by_poll)
        if first is None:
            return
        channel.measures.orders += 1
        if first and by_poll:
            channel.measures.orders_by_poll += 1
        elif first:
            channel.measures.orders_by_push += 1
        if not by_poll:
            late_us = max(0, self._world.now_us() - order.updated_at_us)
            channel.measures.message_lag.add(late_us / US_PER_S)

    async def again(self, channel: ConnectedChannel, row: OrderRow) -> None:
        """Look at an order on file again, since more of its listings are mapped now."""
        await self._settle(channel, row, (), by_poll=True)

    async def _settle(
        self, channel: ConnectedChannel, told: OrderRow, records: Sequence[Record], *, by_poll: bool
    ) -> bool | None:
        """Whether the order is new on file; None where the ledger refused the very same before."""
        world = self._world
        async with self._locks.of((channel.channel, told.order)):
            while True:
                await world.ready.wait()
                stored = await world.readers.read_sync(
                    lambda reader: reader.order(channel.channel, told.order)
                )
                # From here to the commit's place in the queue nothing waits, so the rights are those on file.
                if world.ready.is_set():
                    break
            plan = plan_order(
                stored,
                told,
                channel.manifest,
                lambda listing: self.listings.mapped(channel.channel, listing),
                channel.poll.since_us,
            )
            if plan.row is not None and self._refused.get((channel.channel, told.order)) == plan.row:
                await self._leave(records)
                return None
            changed = plan.row is not None and plan.row != stored
            answer = self._hand_in(channel, plan, records) if changed or records else None
            self._tell(channel, told, plan, by_poll=by_poll)
            if answer is not None:
                await self._end(channel, plan, answer)
            if plan.row is not None:
                _note_unmapped(channel, plan.row)
            return stored is None and plan.row is not None

    async def _leave(self, records: Sequence[Record]) -> None:
        """Let the pushes and polls go on; each try would begin the whole sync anew, and change nothing.

        Another telling of the order is tried, and so is the same one after a start of the process.
        """
        failed = [replace(row, status=PUSH_FAILED) for row in records if isinstance(row, PushRow)]
        if failed:
            await self._world.submit((), failed)

    def _hand_in(
        self, channel: ConnectedChannel, plan: Plan, records: Sequence[Record]
    ) -> asyncio.Future[list[Decision]]:
        credits, repaid, changes = self._rights(channel, plan)
        rows = [] if plan.row is None else [plan.row]
        try:
            return self._world.submit([*credits, *plan.commands, *repaid], [*rows, *changes, *records])
        except (EngineFullError, EngineStoppedError):
            for change in changes:
                self.listings.undo(change)
            raise

    async def _end(
        self, channel: ConnectedChannel, plan: Plan, answer: asyncio.Future[list[Decision]]
    ) -> None:
        try:
            decisions = await answer
        except StoreError:
            self._world.broken("an order was not saved")
            raise
        if plan.row is None:
            return
        key = (channel.channel, plan.row.order)
        if succeeded(decisions):
            self._refused.pop(key, None)
            channel.measures.refused_orders.pop(plan.row.order, None)
            return
        codes = ", ".join(sorted({each.code.value for each in decisions if each.code not in SUCCESSES}))
        self._refused[key] = plan.row
        channel.measures.refused_orders[plan.row.order] = codes
        if len(self._refused) > REFUSED_KEPT:
            self._refused.popitem(last=False)
        _log.error("%s: the ledger does not book order %s: %s", *key, codes)
        # The steps were told, and some of the commands may have been done: what is on file decides.
        self._world.broken(f"an order was not booked: {codes}")
        raise OrderRefusedError(f"order {plan.row.order}: {codes}")

    def _rights(
        self, channel: ConnectedChannel, plan: Plan
    ) -> tuple[list[Command], list[Command], list[RightChange]]:
        """What the steps do to the rights, with what is brought in on credit and what is repaid of it.

        Listings of a channel share an account: units beyond the right of one are not to be another's.
        """
        credits: list[Command] = []
        repaid: list[Command] = []
        changes: list[RightChange] = []
        for step in plan.steps:
            id = ListingId(channel.channel, step.listing)
            change = (
                self.listings.take(id, step.quantity, step.at_us)
                if step.taken
                else self.listings.give_back(id, step.quantity)
            )
            step.debt = change.debt
            changes.append(change)
            if step.debt > 0:
                credits.append(_on_credit(channel.channel, plan, step))
            elif step.debt < 0:
                repaid.append(_on_credit(channel.channel, plan, step))
        return credits, repaid, changes

    def _tell(self, channel: ConnectedChannel, told: OrderRow, plan: Plan, *, by_poll: bool) -> None:
        tell, name = self._world.tell, channel.channel
        for step in (*plan.steps, *plan.passed):
            kind = OrderHeard if step.taken else OrderUndone
            id, at_s = ListingId(name, step.listing), step.at_us / US_PER_S
            # The debt first, or the core would give out again what has to cover it.
            for sku, units in step.draws if step.debt else ():
                tell(PoolChanged(sku, -step.debt * units))
            tell(kind(id, told.order, step.quantity, at_s, by_poll=by_poll))
            if step.taken and self.listings.perhaps_ours(id, step.at_us):
                tell(CounterChanged(id))
        if not plan.steps and not plan.passed and not by_poll and told.lines:
            id = ListingId(name, told.lines[0].listing)
            at_s = told.updated_at_us / US_PER_S
            tell(OrderHeard(id, told.order, told.lines[0].quantity, at_s, fresh=False))


def _note_unmapped(channel: ConnectedChannel, row: OrderRow) -> None:
    unmapped = channel.measures.unmapped_orders
    if not row.unmapped:
        unmapped.discard(row.order)
    elif row.order not in unmapped:
        unmapped.add(row.order)
        items = ", ".join(line.listing for line in row.lines if not line.hold)
        _log.warning("%s: order %s has items that no listing maps: %s", row.channel, row.order, items)


def _on_credit(channel: str, plan: Plan, step: Step) -> Command:
    """Units of a debt into the channel's account, or out of it again."""
    order = plan.row.order if plan.row is not None else ""
    verb, reason = ("oversold", OVERSOLD) if step.debt > 0 else ("repaid", REPAID)
    debt, right = (AccountKind.OVERSOLD, channel), (AccountKind.CHANNEL, channel)
    return transfers(
        f"{verb}:{channel}:{order}:{step.line}:{step.total}",
        step.draws,
        abs(step.debt),
        *((debt, right) if step.debt > 0 else (right, debt)),
        reason,
        ORDER_ACTOR,
        f"order:{channel}:{order}",
    )
