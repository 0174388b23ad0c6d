"""Polls: the net under the pushes. Spans overlap, so that what came late on the platform's side is found."""

import asyncio

from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.storage.contract import StoreError
from holdfast.storage.records import PollRow

from ..messages import Call, Operation, Outcome, Polled
from ..outbound import note_error, note_outcome, outcome_of
from ..world import US_PER_S, ConnectedChannel, World
from .desk import Desk, OrderRefusedError

OVERLAP_S = 10.0


class Polling:
    """Runs one page for each poll that the core asks for."""

    def __init__(self, world: World, desk: Desk) -> None:
        self._world = world
        self.desk = desk

    async def poll(self, channel: ConnectedChannel, call: Call) -> None:
        """Fetch one page, book its orders, tell the core."""
        world, sent_at_s = self._world, self._world.now_s()
        more = False
        try:
            more = await self._page(channel)
            outcome = Outcome.DONE
        except (StoreError, EngineFullError, EngineStoppedError, OrderRefusedError):
            # Not the platform's fault; the span is read again, and nothing is lost.
            channel.span_us = channel.cursor = None
            outcome = Outcome.LIMITED
        except Exception as error:  # noqa: BLE001 - the core has to be told of the end, whatever it was
            channel.span_us = channel.cursor = None
            outcome = outcome_of(error)
            if outcome is Outcome.BARRED:
                # A poll is about the whole channel, whatever the platform calls its refusal.
                outcome = Outcome.FAILED
            note_error(channel, error, world.now_us())
        note_outcome(channel, Operation.POLL, outcome)
        complete_to_s = channel.poll.complete_to_us / US_PER_S
        proved_to_s = channel.proved_to_us / US_PER_S
        world.tell(Polled(call.id, outcome, sent_at_s, complete_to_s, more, proved_to_s))

    async def _page(self, channel: ConnectedChannel) -> bool:
        """Book one page; whether there is more to fetch at once."""
        world, manifest = self._world, channel.manifest
        if channel.span_us is None:
            window_s = manifest.poll_window_max_s
            from_us = channel.poll.complete_to_us - int(min(OVERLAP_S, window_s / 4) * US_PER_S)
            until_us = min(world.now_us(), from_us + int(window_s * US_PER_S))
            channel.span_us = (from_us, until_us)
        span = channel.span_us
        from_us, until_us = span
        async with asyncio.timeout(manifest.timeout_s):
            page = await channel.adapter.orders_changed(from_us, until_us, channel.cursor)
        channel.measures.last_poll_at_us = world.now_us()
        await asyncio.gather(*(self.desk.take(channel, order, by_poll=True) for order in page.orders))
        if channel.span_us is not span:
            # The sync began anew meanwhile, and the span is read again.
            return False
        channel.cursor = page.cursor
        if page.cursor is not None:
            return True
        channel.span_us = None
        complete_to_us = max(channel.poll.complete_to_us, until_us - int(manifest.poll_lag_s * US_PER_S))
        _prove(channel, complete_to_us, world.now_us())
        channel.poll = channel.poll._replace(complete_to_us=complete_to_us)
        channel.measures.complete_to_us = complete_to_us
        await world.submit((), (PollRow(*channel.poll),))
        return until_us < world.now_us() - int(manifest.poll_lag_s * US_PER_S) - US_PER_S


def _prove(channel: ConnectedChannel, complete_to_us: int, now_us: int) -> None:
    """Note that a span was read to its end.

    An order that changes while its list is read leaves the span, and may be in none of its pages. The first
    span that covers the whole reading has it, so what one poll calls complete is proved by a later one.
    """
    if channel.unproved is None:
        channel.unproved = (complete_to_us, now_us)
    elif complete_to_us >= channel.unproved[1]:
        channel.proved_to_us = channel.unproved[0]
        channel.unproved = (complete_to_us, now_us)
