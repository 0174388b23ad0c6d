"""Calls and their answers: what each outcome means for a write, a reading or a poll.

A platform that knows a write by its id is asked again, with the same id, until it answers. Elsewhere nothing
is repeated: a late answer is overtaken, an unknown one is left to a reading.
"""

from dataclasses import dataclass

from holdfast.channels.manifest import UnderRun, WriteMode

from ..messages import Answered, Commit, Operation, Outcome, Polled, WriteStatus
from .audits import Audits
from .channel import ChannelState
from .rights import Rights
from .state import ListingState, State, WriteState

REPEAT_WAIT_MAX_S = 3.0
READING_FRESH_S = 1.0
"""How long a write may start from a reading."""


@dataclass(slots=True)
class _Open:
    """A call that is under way."""

    listing: ListingState | None
    write: WriteState | None = None
    writes_made: int = 0
    disturbed: bool = False
    channel: ChannelState | None = None


class Calls:
    """Makes calls, repeats them, and takes in their answers."""

    def __init__(self, state: State, rights: Rights, audits: Audits) -> None:
        self._state = state
        self._rights = rights
        self._audits = audits
        self._open: dict[str, _Open] = {}

    def write(
        self,
        listing: ListingState,
        operation: Operation,
        quantity: int,
        change: int,
        now_s: float,
        expected: int | None = None,
    ) -> None:
        """Begin a write; one at a time for each listing."""
        channel = listing.channel
        channel.spend(now_s)
        unsettled = self._rights.write(listing, operation, quantity, change, expected, now_s)
        call = self._state.effects.commits[-1].calls[0]
        self._open[call.id] = _Open(listing, unsettled)
        self._try_at(listing, unsettled, now_s + channel.patience_s)

    def repeat(self, listing: ListingState, unsettled: WriteState, now_s: float) -> None:
        """Send the same write again under the same id."""
        channel = listing.channel
        channel.spend(now_s)
        unsettled.calls_open += 1
        unsettled.tries += 1
        unsettled.sent_at_s = now_s
        call = self._state.new_call(channel.name, unsettled.write.operation, listing.id, unsettled.write)
        self._open[call.id] = _Open(listing, unsettled)
        self._state.effects.calls.append(call)
        wait_s = min(REPEAT_WAIT_MAX_S, channel.patience_s * 2.0 ** min(8, unsettled.tries - 1))
        self._try_at(listing, unsettled, now_s + wait_s)

    def overtake(self, listing: ListingState, unsettled: WriteState) -> None:
        """Stop waiting for an answer; it still counts when it comes."""
        unsettled.overtaken = True
        unsettled.next_try_s = float("inf")
        if listing.current is unsettled:
            listing.current = None

    def read(self, listing: ListingState, now_s: float) -> None:
        """Read the counter."""
        listing.channel.spend(now_s)
        call = self._state.new_call(listing.channel.name, Operation.READ, listing.id)
        disturbed = any(write.calls_open > 0 for write in listing.unsettled.values())
        self._open[call.id] = _Open(listing, None, listing.writes_made, disturbed)
        listing.reading = call.id
        listing.reading_due = False
        listing.read_at_s = now_s
        self._state.effects.calls.append(call)

    def poll(self, channel: ChannelState, now_s: float) -> None:
        """Ask for the orders that changed."""
        channel.spend(now_s)
        channel.polling = True
        channel.polled_at_s = now_s
        channel.next_poll_s = now_s + channel.manifest.poll_every_s
        call = self._state.new_call(channel.name, Operation.POLL)
        self._open[call.id] = _Open(None, channel=channel)
        self._state.effects.calls.append(call)

    def restored(self, listing: ListingState, unsettled: WriteState, now_s: float) -> None:
        """A write found on file: it may have been sent, and may have been applied."""
        listing.keep(unsettled)
        unsettled.doubtful = True
        listing.reading_due = True
        if listing.channel.manifest.idempotent and unsettled.write.status is WriteStatus.OPEN:
            self._try_at(listing, unsettled, now_s)
        else:
            self._rights.doubted(listing, unsettled, now_s)
            self._audits.doubt(listing, now_s)

    def answered(self, event: Answered, now_s: float) -> ListingState | None:
        """Take in the end of a write or a reading; the listing it was about."""
        found = self._open.pop(event.call, None)
        if found is None or found.listing is None:
            return None
        listing = found.listing
        listing.answered(event.outcome, now_s)
        if found.write is None:
            listing.channel.answered(event.outcome, now_s - event.sent_at_s, now_s)
            self._reading(listing, found, event, now_s)
        else:
            took_s = now_s - event.sent_at_s if found.write.tries <= 1 else None
            listing.channel.answered(event.outcome, took_s, now_s)
            if self._state.listings.get(listing.id) is listing:
                self._written(listing, found.write, event, now_s)
        return listing

    def end_poll(self, event: Polled, now_s: float) -> str | None:
        """Take in the end of a poll; the channel it was of."""
        found = self._open.pop(event.call, None)
        if found is None or found.channel is None:
            return None
        channel = found.channel
        channel.polling = False
        channel.answered(event.outcome, now_s - event.sent_at_s, now_s)
        if event.outcome is Outcome.DONE:
            proved_to_s = event.complete_to_s if event.proved_to_s is None else event.proved_to_s
            channel.complete_to_s = max(channel.complete_to_s, event.complete_to_s)
            channel.proved_to_s = max(channel.proved_to_s, proved_to_s)
            channel.next_poll_s = now_s if event.more else now_s + channel.manifest.poll_every_s
        else:
            channel.next_poll_s = now_s + REPEAT_WAIT_MAX_S
        return channel.name

    def not_made(self, commit: Commit, now_s: float) -> None:
        """The ledger refused this commit: its calls are none, and writes it would have settled stay open."""
        for call in commit.calls:
            self._open.pop(call.id, None)
        for write in commit.writes:
            listing = self._state.listings.get(write.listing)
            unsettled = listing.unsettled.get(write.id) if listing is not None else None
            if listing is None or unsettled is None:
                continue
            if listing.channel.manifest.idempotent and unsettled.write.status is WriteStatus.OPEN:
                self._try_at(listing, unsettled, now_s + REPEAT_WAIT_MAX_S)
            else:
                self._audits.doubt(listing, now_s)

    def _try_at(self, listing: ListingState, unsettled: WriteState, time_s: float) -> None:
        unsettled.next_try_s = time_s
        self._state.timers.at(time_s, ("channel", listing.id.channel))

    def _written(self, listing: ListingState, unsettled: WriteState, event: Answered, now_s: float) -> None:
        unsettled.calls_open = max(0, unsettled.calls_open - 1)
        unsettled.sent_at_s = max(unsettled.sent_at_s, event.sent_at_s)
        if unsettled.write.id not in listing.unsettled:
            return
        outcome, grant = event.outcome, unsettled.write.change >= 0
        if outcome is Outcome.DONE:
            self._done(listing, unsettled, event, now_s)
        elif outcome is Outcome.REFUSED and grant and (unsettled.doubtful or unsettled.calls_open):
            self._doubt(listing, unsettled, now_s)
        elif outcome is Outcome.REFUSED:
            self._not_applied(listing, unsettled, now_s)
            self._refused(listing, unsettled, now_s)
        elif outcome is Outcome.UNKNOWN or unsettled.doubtful or unsettled.tries > 1:
            unsettled.doubtful = True
            self._unknown(listing, unsettled, now_s)
        else:
            self._not_applied(listing, unsettled, now_s)

    def _not_applied(self, listing: ListingState, unsettled: WriteState, now_s: float) -> None:
        whole = self._rights.not_applied(listing, unsettled, now_s)
        if not whole or unsettled.calls_open or unsettled.doubtful:
            # A call that is still on its way may be applied after all, where refusals are not remembered.
            self._audits.doubt(listing, now_s, unsettled.sent_at_s)

    def _unknown(self, listing: ListingState, unsettled: WriteState, now_s: float) -> None:
        if unsettled.write.status is WriteStatus.UNKNOWN:
            return
        if not listing.channel.manifest.idempotent:
            self._doubt(listing, unsettled, now_s)
        elif unsettled.calls_open == 0:
            wait_s = min(REPEAT_WAIT_MAX_S, 0.1 * 2.0 ** min(8, unsettled.tries - 1))
            self._try_at(listing, unsettled, max(now_s + wait_s, listing.barred_until_s))

    def _doubt(self, listing: ListingState, unsettled: WriteState, now_s: float) -> None:
        unsettled.next_try_s = float("inf")
        self._rights.doubted(listing, unsettled, now_s)
        listing.reading_due = True
        self._audits.doubt(listing, now_s)
        manifest = listing.channel.manifest
        if manifest.write is WriteMode.ABSOLUTE:
            # Applied late, this value would overwrite what a later write had set.
            listing.blocked_until_s = unsettled.sent_at_s + manifest.settles_within_s

    def _refused(self, listing: ListingState, unsettled: WriteState, now_s: float) -> None:
        listing.reading_due = True
        listing.fresh_until_s = now_s
        if unsettled.write.operation is Operation.SUBTRACT and unsettled.write.expected is None:
            listing.belief.fewer_than(unsettled.write.quantity, now_s)

    def _done(self, listing: ListingState, unsettled: WriteState, event: Answered, now_s: float) -> None:
        write, belief = unsettled.write, listing.belief
        first_sent_s, middle_s = unsettled.first_sent_at_s, (event.sent_at_s + now_s) / 2
        if unsettled.overtaken and belief.as_of_s > first_sent_s:
            listing.reading_due = True
        listing.fresh_until_s = now_s
        taken = -write.change if write.operation is Operation.SET else event.applied
        if not self._rights.applied(listing, unsettled, taken, now_s):
            self._audits.doubt(listing, now_s)
        if write.operation is Operation.SET:
            belief.exactly(write.quantity, middle_s, now_s)
            return
        belief.wrote(write.quantity if write.change > 0 else -event.applied, first_sent_s, now_s)
        clamped = listing.channel.manifest.under_run is UnderRun.CLAMPS and event.applied < write.quantity
        if write.change < 0 and clamped:
            belief.exactly(0, middle_s, now_s)
        undisturbed = not any(other.calls_open > 0 for other in listing.unsettled.values())
        if event.counter is not None and undisturbed and not unsettled.overtaken:
            belief.exactly(event.counter, middle_s, now_s)

    def _reading(self, listing: ListingState, found: _Open, event: Answered, now_s: float) -> None:
        if listing.reading == event.call:
            listing.reading = None
        if event.outcome is not Outcome.DONE or event.counter is None:
            return
        stale_s = listing.channel.manifest.read_stale_s
        clean = (
            not found.disturbed
            and found.writes_made == listing.writes_made
            and listing.settled_at_s < event.sent_at_s - stale_s - 0.05
        )
        if not clean:
            self._audits.disturbed(listing, now_s)
            return
        middle_s = (event.sent_at_s + now_s) / 2
        listing.belief.exactly(event.counter, middle_s - stale_s / 2, now_s)
        listing.fresh_until_s = now_s + READING_FRESH_S
        self._audits.take(listing, event.sent_at_s, event.counter, now_s)
