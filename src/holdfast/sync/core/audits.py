"""Readings against complete orders: what a listing's right holds and its counter does not have is nobody's.

A reading was true at some moment between `from_s` and `until_s`. Once all orders until then are known, so is
the right at each of these moments, less the orders before it. The least of these, less the reading, is proved
to be missing on the counter: units of a grant that never arrived, of a recall that was applied unseen, of
an order that was undone without giving them back. They go back to the pool.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from ..messages import ListingId, WriteStatus
from .channel import ChannelState
from .rights import Rights
from .state import ListingState, State, WriteState

CLOCK_SLACK_S = 1.0
"""How far the platform's clock may be off from ours, and how coarse its time stamps may be."""
AGAIN_AFTER_S = 4.0
"""An ambiguous audit is repeated, in the hope of a quieter moment."""
SWEEP_EVERY_S = 300.0
"""Every counter is read at least this often, if calls are to spare: it finds what nobody suspects."""
RECALL_SHOWS_S = 0.5
"""After this a recall is usually applied, if it is at all."""
LOG_KEPT_S = 600.0
LOG_ENTRIES_MAX = 2000


@dataclass(slots=True)
class Reading:
    """A reading that waits for the orders up to its end; `covered` is the right before all logged orders."""

    from_s: float
    until_s: float
    counter: int
    covered: int
    settles: int
    """Unknown writes that it can settle."""


class Audits:
    """Settles what only a reading can settle."""

    def __init__(self, state: State, rights: Rights) -> None:
        self._state = state
        self._rights = rights
        self._waiting: dict[ListingId, Reading] = {}
        self.started_at_s = -math.inf

    def log(self, listing: ListingState, at_s: float, quantity: int, now_s: float) -> None:
        """Note units that left the right by an order, or came back."""
        listing.log.add(at_s, quantity)
        if len(listing.log.entries) > LOG_ENTRIES_MAX and listing.id not in self._waiting:
            listing.log.forget(now_s - LOG_KEPT_S)

    def begin(self, listing: ListingState, now_s: float) -> None:
        """Sweep a listing that is new to this run as soon as a reading can prove something."""
        listing.sweep_at_s = now_s + listing.channel.manifest.read_stale_s + CLOCK_SLACK_S + 0.1

    def doubt(self, listing: ListingState, now_s: float, sent_at_s: float = -math.inf) -> None:
        """Audit it once its unknown writes and a call sent at `sent_at_s` can no longer be applied."""
        self._waiting.pop(listing.id, None)
        self._audit_at(listing, self._settled_s(listing, now_s, sent_at_s))

    def take(self, listing: ListingState, sent_at_s: float, counter: int, now_s: float) -> None:
        """Keep a reading that no write of ours disturbed, if it may prove something."""
        channel, log = listing.channel, listing.log
        manifest = channel.manifest
        from_s = sent_at_s - manifest.read_stale_s - CLOCK_SLACK_S
        if not manifest.poll or from_s < self.started_at_s or _answers_to_come(listing):
            self.disturbed(listing, now_s)
            return
        young = sum(
            max(0, write.write.change)
            for write in listing.unsettled.values()
            if write.sent_at_s + manifest.settles_within_s > from_s
        )
        until_s = now_s + CLOCK_SLACK_S
        listing.sweep_at_s = now_s + SWEEP_EVERY_S
        settles = _telling(listing, from_s)
        waiting = self._waiting.get(listing.id)
        if waiting is not None and settles <= waiting.settles:
            # Its orders are asked for already; a newer reading would have to wait for the next poll.
            return
        covered = listing.right + log.total - young - listing.guard
        self._waiting[listing.id] = Reading(from_s, until_s, counter, covered, settles)
        if settles or (not listing.unsettled and listing.audit_at_s < math.inf):
            self._ask_for_orders(channel, until_s)

    def disturbed(self, listing: ListingState, now_s: float) -> None:
        """A reading proved nothing: if an audit is due, read again, but not before that can tell anything."""
        if listing.audit_at_s < math.inf:
            telling_s = self._settled_s(listing, now_s) if listing.unsettled else now_s
            listing.audit_at_s = max(telling_s, now_s + listing.channel.manifest.read_stale_s + 1.0)

    def polled(self, channel: ChannelState, now_s: float) -> list[ListingState]:
        """Judge the readings that this poll completed; the listings whose right changed."""
        ready = [
            listing_id
            for listing_id, reading in self._waiting.items()
            if listing_id.channel == channel.name and reading.until_s <= channel.proved_to_s
        ]
        changed = []
        for listing_id in ready:
            reading = self._waiting.pop(listing_id)
            listing = self._state.listings.get(listing_id)
            if listing is not None and self._judge(listing, reading, now_s):
                changed.append(listing)
        for listing_id, reading in self._waiting.items():
            if listing_id.channel != channel.name:
                continue
            if reading.until_s <= channel.complete_to_s and self._urgent(listing_id, reading):
                # Only one more poll is missing, and it proves something once this one lies behind the lag.
                self._ask_for_orders(channel, now_s)
            elif reading.settles:
                self._ask_for_orders(channel, reading.until_s)
        return changed

    def _urgent(self, listing_id: ListingId, reading: Reading) -> bool:
        """Whether an unknown write or an audit that is due waits for this reading."""
        listing = self._state.listings.get(listing_id)
        return bool(reading.settles) or (
            listing is not None and not listing.unsettled and listing.audit_at_s < math.inf
        )

    def forget(self, listing: ListingId) -> None:
        """The listing is gone."""
        self._waiting.pop(listing, None)

    def _judge(self, listing: ListingState, reading: Reading, now_s: float) -> bool:
        level = reading.covered
        during = []
        for at_s, quantity in listing.log.entries:
            if at_s <= reading.from_s:
                level -= quantity
            elif at_s <= reading.until_s:
                during.append((at_s, quantity))
        # Within one time stamp, sales first is the least that the right can have been, returns first most.
        lowest = _levels(level, sorted(during, key=lambda entry: (entry[0], -entry[1])), min)
        highest = _levels(level, sorted(during), max)
        missing = max(0, lowest - reading.counter)
        perhaps = max(0, highest - reading.counter) - missing
        old = _settled_by(listing, reading.from_s)
        explained = _recalls_found(listing, reading.from_s, missing) or _explain(old, missing, perhaps)
        for write in old:
            write.partly_found = write.partly_found or missing > 0
        if missing or explained:
            self._rights.read(listing, missing, explained, now_s)
        listing.audit_at_s = math.inf
        if old and not explained:
            self._audit_at(listing, now_s + AGAIN_AFTER_S)
        elif listing.unsettled:
            self._audit_at(listing, self._settled_s(listing, now_s))
        return missing > 0

    def _ask_for_orders(self, channel: ChannelState, until_s: float) -> None:
        """Poll as soon as the answer can be complete up to then."""
        channel.next_poll_s = min(channel.next_poll_s, until_s + channel.manifest.poll_lag_s + 0.1)
        self._state.timers.at(channel.next_poll_s, ("channel", channel.name))

    def _audit_at(self, listing: ListingState, time_s: float) -> None:
        listing.audit_at_s = min(listing.audit_at_s, time_s)
        listing.channel.open[listing.id] = listing
        self._state.timers.at(listing.audit_at_s, ("channel", listing.id.channel))

    def _settled_s(self, listing: ListingState, now_s: float, sent_at_s: float = -math.inf) -> float:
        """From when on a reading can tell what became of an unknown write, the first of them."""
        manifest = listing.channel.manifest
        times_s = [_tells_from_s(listing, write) for write in listing.unsettled.values()]
        if sent_at_s > -math.inf or not times_s:
            times_s.append(sent_at_s + manifest.settles_within_s)
        return max(now_s, min(times_s)) + manifest.read_stale_s + CLOCK_SLACK_S + 0.1


def _tells_from_s(listing: ListingState, write: WriteState) -> float:
    """From when on the counter shows what became of a write.

    A recall that is missed at once was applied; only that it never was takes the whole time to know. A grant
    may still arrive until that time is over.
    """
    if write.write.change < 0:
        return write.sent_at_s + RECALL_SHOWS_S
    return write.sent_at_s + listing.channel.manifest.settles_within_s


def _telling(listing: ListingState, from_s: float) -> int:
    """How many unknown writes a reading from that time on can tell about."""
    return sum(
        _tells_from_s(listing, write) <= from_s and _unanswered(listing, write)
        for write in listing.unsettled.values()
    )


def _settled_by(listing: ListingState, from_s: float) -> list[WriteState]:
    """Unknown writes that could no longer be applied at that time."""
    settles_s = listing.channel.manifest.settles_within_s
    return [
        write
        for write in listing.unsettled.values()
        if write.sent_at_s + settles_s <= from_s and _unanswered(listing, write)
    ]


def _unanswered(listing: ListingState, write: WriteState) -> bool:
    """Whether no answer will come any more, and nobody repeats it: only a reading can settle it."""
    repeated = listing.channel.manifest.idempotent and write.write.status is WriteStatus.OPEN
    return write is not listing.current and write.calls_open == 0 and not repeated


def _levels(level: int, events: list[tuple[float, int]], extreme: Callable[[int, int], int]) -> int:
    """The least or the most of a level on its way through events."""
    found = level
    for _, quantity in events:
        level -= quantity
        found = extreme(found, level)
    return found


def _recalls_found(listing: ListingState, from_s: float, missing: int) -> dict[str, int]:
    """Unknown recalls all of whose units are missing: they were applied."""
    found = {}
    for write in listing.unsettled.values():
        size = -write.write.change
        if 0 < size <= missing and write.sent_at_s <= from_s and _unanswered(listing, write):
            missing -= size
            found[write.write.id] = size
    return found


def _explain(old: list[WriteState], missing: int, perhaps: int) -> dict[str, int]:
    """What became of each unknown write, by what is missing; empty while it is ambiguous.

    With nothing missing for sure, and perhaps fewer than the smallest, all grants arrived and no recall did.
    """
    if not old:
        return {}
    smallest = min(abs(write.write.change) for write in old)
    if perhaps and (perhaps >= smallest or any(write.partly_found for write in old)):
        return {}
    explained = {}
    for write in old:
        size = abs(write.write.change)
        mine = min(size, missing)
        missing -= mine
        explained[write.write.id] = size - mine if write.write.change > 0 else mine
    return explained


def _answers_to_come(listing: ListingState) -> bool:
    """Whether a write may still be answered: a reading would count its units a second time."""
    return not all(_unanswered(listing, write) for write in listing.unsettled.values())
