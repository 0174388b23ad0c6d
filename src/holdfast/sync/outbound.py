"""The core's wishes carried out: what it moves is one item of the engine, and then its calls are made."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from time import perf_counter

from holdfast.channels.errors import (
    CallRefused,
    ChannelError,
    ExpectationFailed,
    InsufficientStock,
    ListingRefused,
    Throttled,
    Unsupported,
)
from holdfast.channels.orders import StockWrite
from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.commands import Command, PostTransfer, PostTransfers
from holdfast.ledger.state import Decision
from holdfast.storage.records import Record, RightChange, WriteRow

from .inbound.plan import transfers
from .ledger_news import CORE_ACTOR
from .listings import Listing, Listings
from .messages import (
    Answered,
    Call,
    Commit,
    CommitRefused,
    Move,
    Operation,
    Outcome,
    Write,
    WriteStatus,
)
from .world import ConnectedChannel, World, succeeded

_UNSETTLED = (WriteStatus.OPEN, WriteStatus.UNKNOWN)
_FAILURES_TO_OPEN = 2

_log = logging.getLogger("holdfast.sync")


class Outbound:
    """Commits and calls; `poll` runs a call of that kind."""

    def __init__(
        self,
        world: World,
        listings: Listings,
        poll: Callable[[ConnectedChannel, Call], Awaitable[None]],
    ) -> None:
        self._world = world
        self.listings = listings
        self._poll = poll

    def commit(self, commit: Commit) -> None:
        """Hand a commit to the engine; its calls are made the moment it is durable."""
        commands = self._commands(commit.moves)
        records: list[Record] = [self._write_row(write) for write in commit.writes]
        for move in commit.moves:
            listing = self.listings.get(move.listing)
            if listing is not None:
                change = self.listings.change(RightChange(*move.listing, move.change))
                if listing.stored:
                    records.append(change)
        try:
            answer = self._world.submit(commands, records)
        except (EngineFullError, EngineStoppedError):
            # The core must not be told of the end before it has ended its own step.
            asyncio.get_running_loop().call_soon(self._refused, commit)
            return
        answer.add_done_callback(partial(self._ended, commit))

    def call(self, call: Call) -> None:
        """Make a call now, beside all others."""
        channel = self._world.channels.get(call.channel)
        if channel is None:
            return
        if call.operation is Operation.POLL:
            self._world.spawn(self._poll(channel, call))  # type: ignore[arg-type]
        elif call.listing is not None:
            listing = self.listings.get(call.listing)
            if listing is not None:
                self._world.spawn(self._make(channel, listing, call, perf_counter()))

    def _commands(self, moves: tuple[Move, ...]) -> list[Command]:
        legs: list[PostTransfer] = []
        for move in moves:
            listing = self.listings.get(move.listing)
            if listing is None:
                continue
            pool = (AccountKind.UNALLOCATED, "")
            right = (AccountKind.CHANNEL, move.listing.channel)
            source, target = (pool, right) if move.change > 0 else (right, pool)
            done = transfers(
                move.id,
                listing.draws,
                abs(move.change),
                source,
                target,
                move.reason,
                CORE_ACTOR,
                move.listing.listing,
            )
            made = done.transfers if isinstance(done, PostTransfers) else (done,)
            legs += [replace(leg, pace=dict(move.paces.get(leg.sku, {})) or None) for leg in made]
        if len(legs) < 2:
            return list(legs)
        return [PostTransfers(tuple(legs))]

    def _write_row(self, write: Write) -> WriteRow:
        now_us = self._world.now_us()
        settled = write.status not in _UNSETTLED
        channel = self._world.channels.get(write.listing.channel)
        if channel is not None:
            change = set.discard if settled else set.add
            change(channel.measures.open_writes, write.id)
        return WriteRow(
            write.id,
            *write.listing,
            write.operation.value,
            write.quantity,
            write.change,
            write.status.value,
            now_us,
            write.applied,
            write.expected,
            now_us if settled else None,
        )

    def _ended(self, commit: Commit, answer: asyncio.Future[list[Decision]]) -> None:
        if answer.cancelled() or answer.exception() is not None:
            # Whether it is on file nobody knows: what is on file decides.
            self._world.broken(f"a commit of the sync was not saved: {answer}")
        elif not succeeded(answer.result()):
            self._refused(commit)
            if any(move.change < 0 for move in commit.moves):
                codes = ", ".join(decision.code.value for decision in answer.result())
                self._world.broken(f"the ledger does not have what a right should have: {codes}")
        else:
            self._note_mismatches(commit)
            for call in commit.calls:
                self.call(call)

    def _note_mismatches(self, commit: Commit) -> None:
        for move in commit.moves:
            channel = self._world.channels.get(move.listing.channel)
            if move.reason == "reading" and channel is not None:
                channel.measures.mismatches[move.listing.listing] = (self._world.now_us(), -move.change)

    def _refused(self, commit: Commit) -> None:
        for move in commit.moves:
            self.listings.undo(RightChange(*move.listing, move.change))
        for write in commit.writes:
            channel = self._world.channels.get(write.listing.channel)
            if channel is not None and write.status is WriteStatus.OPEN:
                channel.measures.open_writes.discard(write.id)
        self._world.tell(CommitRefused(commit.id))

    async def _make(
        self, channel: ConnectedChannel, listing: Listing, call: Call, committed_at: float
    ) -> None:
        world, measures = self._world, channel.measures
        sent_at_s, started = world.now_s(), perf_counter()
        if call.write is not None:
            measures.send_lag.add(started - committed_at)
        applied, counter = 0, None
        try:
            async with asyncio.timeout(channel.manifest.timeout_s):
                if call.write is None:
                    (reading,) = await channel.adapter.read_stock([listing.ref])
                    counter = reading.sellable
                else:
                    written = await channel.adapter.write_stock(_stock_write(listing, call.write))
                    applied, counter = written.applied, written.counter
            outcome = Outcome.DONE
            measures.round_trip.add(perf_counter() - started)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the core has to be told what may have happened
            outcome = outcome_of(error)
            note_error(channel, error, world.now_us())
        note_outcome(channel, call.operation, outcome)
        _note_barred(channel, listing, outcome)
        world.tell(Answered(call.id, outcome, sent_at_s, applied, counter))


def _stock_write(listing: Listing, write: Write) -> StockWrite:
    return StockWrite(listing.ref, write.operation.value, write.quantity, write.id, write.expected)


def outcome_of(error: Exception) -> Outcome:
    """What an error says of the call: surely not applied, or nobody knows."""
    if isinstance(error, Throttled):
        return Outcome.LIMITED
    if isinstance(error, (InsufficientStock, ExpectationFailed)):
        return Outcome.REFUSED
    if isinstance(error, (ListingRefused, CallRefused, Unsupported)):
        return Outcome.BARRED
    if isinstance(error, ChannelError) and not error.may_be_applied:
        return Outcome.FAILED
    return Outcome.UNKNOWN


def note_outcome(channel: ConnectedChannel, operation: Operation, outcome: Outcome) -> None:
    """Count the end of a call, and see whether the channel answers."""
    measures = channel.measures
    measures.calls[operation.value, outcome.value] += 1
    if outcome in (Outcome.FAILED, Outcome.UNKNOWN):
        measures.failures_in_a_row += 1
        if measures.failures_in_a_row == _FAILURES_TO_OPEN:
            _log.warning("%s gets no new units: %s", channel.channel, measures.last_error)
    else:
        if measures.failures_in_a_row >= _FAILURES_TO_OPEN:
            _log.warning("%s answers again", channel.channel)
        measures.failures_in_a_row = 0


def _note_barred(channel: ConnectedChannel, listing: Listing, outcome: Outcome) -> None:
    """Keep which listings the platform refuses, and say it once."""
    barred, name = channel.measures.barred, listing.id.listing
    if outcome is Outcome.BARRED:
        if name not in barred:
            _log.warning("%s: listing %s is refused: %s", channel.channel, name, channel.measures.last_error)
        barred[name] = channel.measures.last_error
    elif outcome in (Outcome.DONE, Outcome.REFUSED) and barred.pop(name, None) is not None:
        _log.warning("%s: listing %s is taken again", channel.channel, name)


def note_error(channel: ConnectedChannel, error: Exception, now_us: int) -> None:
    """Keep what went wrong last, for people; a fault of our own goes to the log whole."""
    measures = channel.measures
    told = isinstance(error, (ChannelError, TimeoutError))
    if not told:
        _log.error("%s: a call went wrong", channel.channel, exc_info=error)
    measures.last_error = (
        str(error)
        if isinstance(error, ChannelError)
        else "no answer in time"
        if told
        else type(error).__name__
    )
    measures.last_error_at_us = now_us


def is_up(channel: ConnectedChannel) -> bool:
    """Whether its calls come through."""
    return channel.measures.failures_in_a_row < _FAILURES_TO_OPEN
