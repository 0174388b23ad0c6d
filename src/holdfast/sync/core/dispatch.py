"""Which call each channel makes next, under its cap: settle what is open, then what saves most sales."""

import math
from collections import deque

from holdfast.channels.manifest import WriteMode

from ..messages import Operation, WriteStatus
from .calls import Calls
from .channel import PROBE_EVERY_S, ChannelState
from .review import Reviews, Want
from .rights import Rights
from .state import ListingState, State

PLAN_FRESH_S = 0.5
"""A plan older than this is made anew before it is acted on."""
READING_TOKENS_SHARE = 0.4
"""Readings leave this share of the burst for writes."""
AUDIT_AGAIN_S = 15.0


class Dispatch:
    """Spends the calls of the channels."""

    def __init__(self, state: State, rights: Rights, calls: Calls, reviews: Reviews) -> None:
        self._state = state
        self._rights = rights
        self._calls = calls
        self._reviews = reviews
        self._sweeps: dict[str, deque[ListingState]] = {}

    def add(self, listing: ListingState) -> None:
        """The listing is ours from now on."""
        self._sweeps.setdefault(listing.id.channel, deque()).append(listing)

    def remove(self, listing: ListingState) -> None:
        """The listing is no longer ours."""
        listing.channel.open.pop(listing.id, None)
        self._sweeps[listing.id.channel].remove(listing)

    def pump(self, channel: ChannelState, now_s: float) -> None:
        """Make what calls are worth making and allowed now; wake when the next one may be."""
        if not channel.counts:
            self._own_shop(channel, now_s)
            return
        if not channel.up and not self._probe(channel, now_s):
            return
        due_s = self._settle(channel, now_s)
        self._poll(channel, now_s)
        self._move(channel, now_s)
        self._read(channel, now_s)
        due_s = min(due_s, channel.next_poll_s, self._sweep(channel, now_s))
        if self._reviews.moves[channel.name] or self._reviews.readings[channel.name] or due_s <= now_s:
            due_s = channel.next_token_s(now_s)
        if due_s < math.inf:
            self._state.timers.at(due_s, ("channel", channel.name))

    def _own_shop(self, channel: ChannelState, now_s: float) -> None:
        moves = self._reviews.moves[channel.name]
        while moves:
            want = moves.pop(next(iter(moves)))
            listing = want.listing
            units = min(want.units, self._rights.affordable(listing)) if want.units > 0 else want.units
            units = max(units, -max(0, listing.right))
            if units:
                self._rights.move_only(listing, units, now_s)
                listing.belief.wrote(units, now_s, now_s)
        self._reviews.readings[channel.name].clear()

    def _probe(self, channel: ChannelState, now_s: float) -> bool:
        """One call now and then to a channel that fails: a write that waits for its answer, else a poll."""
        if now_s < channel.probe_at_s or channel.tokens(now_s) < 1:
            self._state.timers.at(
                max(channel.probe_at_s, channel.next_token_s(now_s)), ("channel", channel.name)
            )
            return False
        channel.probe_at_s = now_s + PROBE_EVERY_S
        self._state.timers.at(channel.probe_at_s, ("channel", channel.name))
        for listing in channel.open.values():
            for unsettled in listing.unsettled.values():
                if channel.manifest.idempotent and unsettled.write.status is WriteStatus.OPEN:
                    self._calls.repeat(listing, unsettled, now_s)
                    return False
        if channel.manifest.poll:
            self._calls.poll(channel, now_s)
        elif channel.manifest.read_back and self._sweeps.get(channel.name):
            self._calls.read(self._sweeps[channel.name][0], now_s)
        return False

    def _settle(self, channel: ChannelState, now_s: float) -> float:
        """Repeat, overtake, and audit; when the next of these is due."""
        next_s = math.inf
        for listing in list(channel.open.values()):
            if not listing.unsettled and listing.audit_at_s == math.inf:
                del channel.open[listing.id]
                continue
            for unsettled in list(listing.unsettled.values()):
                if unsettled.next_try_s <= now_s:
                    if not channel.manifest.idempotent:
                        self._calls.overtake(listing, unsettled)
                    elif channel.tokens(now_s) >= 1:
                        self._calls.repeat(listing, unsettled, now_s)
                next_s = min(next_s, unsettled.next_try_s)
            idle = listing.current is None and listing.reading is None
            if listing.audit_at_s <= now_s and idle and channel.tokens(now_s) >= 1:
                listing.audit_at_s = now_s + AUDIT_AGAIN_S
                if channel.manifest.read_back:
                    self._calls.read(listing, now_s)
            next_s = min(next_s, listing.audit_at_s)
        return next_s

    def _poll(self, channel: ChannelState, now_s: float) -> None:
        if now_s >= channel.next_poll_s and not channel.polling and channel.tokens(now_s) >= 1:
            self._calls.poll(channel, now_s)

    def _move(self, channel: ChannelState, now_s: float) -> None:
        moves = self._reviews.moves[channel.name]
        while moves and channel.tokens(now_s) >= 1:
            best = max(moves.values(), key=lambda want: want.score)
            if now_s - best.at_s > PLAN_FRESH_S:
                for sku, _ in best.listing.draws:
                    self._reviews.review(self._state.sku(sku), now_s)
                continue
            del moves[best.listing.id]
            self._begin(best, now_s)

    def _begin(self, want: Want, now_s: float) -> None:
        listing, units = want.listing, want.units
        if listing.current is not None:
            return
        if units > 0:
            units = min(units, self._rights.affordable(listing))
        if units == 0:
            return
        mode = listing.channel.manifest.write
        if listing.needs_reading and now_s > listing.fresh_until_s:
            if listing.reading is None:
                self._calls.read(listing, now_s)
        elif mode is WriteMode.ABSOLUTE:
            self._set(listing, units, now_s)
        else:
            operation = Operation.ADD if units > 0 else Operation.SUBTRACT
            expected = listing.belief.base if mode is WriteMode.COMPARE_AND_SET else None
            if expected is not None and units < 0:
                units = max(units, -expected)
            if units:
                self._calls.write(listing, operation, abs(units), units, now_s, expected)

    def _set(self, listing: ListingState, units: int, now_s: float) -> None:
        """Set the counter so that right ≥ shown + unheard sales + guard, whatever is sold meanwhile."""
        channel = listing.channel
        exposed_s = channel.manifest.read_stale_s + channel.patience_s + READ_TO_WRITE_S
        expected = listing.rate * exposed_s
        guard = math.ceil(expected + 4 * math.sqrt(expected + listing.unheard) + 1)
        unheard = math.ceil(listing.unheard)
        shown = max(0, listing.belief.counter - unheard + units)
        change = shown + unheard + guard - listing.right
        spare = change - self._rights.affordable(listing)
        if spare > 0:
            shown, change = shown - spare, change - spare
        if shown < 0 or (units < 0) != (change < 0):
            return
        listing.guard = guard
        self._calls.write(listing, Operation.SET, shown, change, now_s)

    def _read(self, channel: ChannelState, now_s: float) -> None:
        moves, readings = self._reviews.moves[channel.name], self._reviews.readings[channel.name]
        manifest = channel.manifest
        enough = max(1.0, READING_TOKENS_SHARE * channel.burst)
        # One poll refreshes all listings of the channel; a reading only one, but perhaps with fresher news.
        if (
            readings
            and manifest.poll
            and (len(readings) >= 3 or manifest.poll_lag_s < 0.5 * manifest.read_stale_s)
        ):
            rested = now_s - channel.polled_at_s > max(0.3, 0.5 * manifest.poll_lag_s)
            if not moves and rested and channel.tokens(now_s) >= enough and not channel.polling:
                readings.clear()
                self._calls.poll(channel, now_s)
        while readings and not moves and channel.tokens(now_s) >= enough:
            best = max(readings.values(), key=lambda want: want.score)
            del readings[best.listing.id]
            if best.listing.reading is None:
                self._calls.read(best.listing, now_s)

    def _sweep(self, channel: ChannelState, now_s: float) -> float:
        """With nothing else to do, read the counter that was not read for longest; when the next is due."""
        queue = self._sweeps.get(channel.name)
        if not queue or not channel.manifest.read_back or not channel.manifest.poll:
            return math.inf
        if now_s < channel.next_sweep_s:
            return channel.next_sweep_s
        channel.next_sweep_s = now_s + max(SWEEP_STEP_S, SWEEP_TOKENS / channel.manifest.rate.per_s)
        listing = queue[0]
        busy = self._reviews.moves[channel.name] or listing.current is not None or listing.reading is not None
        if now_s < max(listing.sweep_at_s, listing.barred_until_s):
            queue.rotate(-1)
        elif not busy and channel.tokens(now_s) >= max(1.0, READING_TOKENS_SHARE * channel.burst):
            queue.rotate(-1)
            listing.sweep_at_s = now_s + SWEEP_AGAIN_S
            self._calls.read(listing, now_s)
        return channel.next_sweep_s


SWEEP_STEP_S = 1.0
SWEEP_TOKENS = 10.0
"""A sweep takes at most one of so many calls."""
SWEEP_AGAIN_S = 5.0
"""A reading that was disturbed or lost is repeated after this."""
READ_TO_WRITE_S = 0.5
"""What may pass between a reading and the write that starts from it."""
