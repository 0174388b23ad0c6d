"""The entrance: every event in, effects out. What an event changes is reviewed, then calls are dealt."""

from collections.abc import Iterable

from holdfast.policies.allocation import Tuning

from ..messages import (
    Answered,
    CommitRefused,
    CounterChanged,
    Effects,
    Event,
    ListingAdded,
    ListingRemoved,
    ListingSetup,
    OrderHeard,
    OrderUndone,
    Polled,
    PoolChanged,
    RuleChanged,
    Started,
    Woke,
)
from .audits import Audits
from .calls import Calls
from .channel import ChannelState
from .dispatch import Dispatch
from .review import OPENS_WITHIN_S, Reviews
from .rights import Rights
from .state import ListingState, State, WriteState

REVIEW_GAP_S = 0.03
"""A SKU is looked at again after this at the earliest, unless goods come in where none were."""
REFUSED_WAIT_S = 0.5
"""Until the ledger's reason for a refusal has reached us as an event of its own."""


class Core:
    """One run of the rights protocol over all channels. Begins with `Started`; unknown names are not ours."""

    def __init__(self, tuning: Tuning | None = None) -> None:
        self._tuning = tuning or Tuning()
        self._begin("")

    def handle(self, event: Event, now_s: float) -> Effects:
        """Take in one event; times never go back."""
        return self.handle_all((event,), now_s)

    def handle_all(self, events: Iterable[Event], now_s: float) -> Effects:
        """Take in what happened at once, so that the most urgent of it comes first and not the first told."""
        self._state.effects = effects = Effects()
        for event in events:
            self._take(event, now_s)
        self._run_due(now_s)
        effects.wake_at_s = self._state.timers.next_s()
        return effects

    def rights(self) -> dict[str, dict[str, int]]:
        """The right of each listing, by channel; for people and tests."""
        found: dict[str, dict[str, int]] = {}
        for listing_id, listing in self._state.listings.items():
            found.setdefault(listing_id.channel, {})[listing_id.listing] = listing.right
        return found

    def _begin(self, session: str) -> None:
        self._state = State(session)
        self._rights = Rights(self._state)
        self._audits = Audits(self._state, self._rights)
        self._calls = Calls(self._state, self._rights, self._audits)
        self._reviews = Reviews(self._state, self._rights, self._tuning)
        self._dispatch = Dispatch(self._state, self._rights, self._calls, self._reviews)

    def _take(self, event: Event, now_s: float) -> None:
        match event:
            case OrderHeard() | OrderUndone():
                self._order(event, now_s)
            case Woke():
                pass
            case Answered():
                listing = self._calls.answered(event, now_s)
                if listing is not None:
                    self._touched(listing, now_s)
            case Polled():
                self._polled(event, now_s)
            case PoolChanged():
                self._pool(event, now_s)
            case CommitRefused():
                self._refused(event, now_s)
            case RuleChanged():
                changed = self._state.listings.get(event.listing)
                if changed is not None:
                    changed.rule = event.rule
                    self._touched(changed, now_s)
            case CounterChanged():
                changed = self._state.listings.get(event.listing)
                if changed is not None:
                    self._audits.doubt(changed, now_s)
            case ListingAdded():
                self._add(event.setup, now_s)
            case ListingRemoved():
                self._remove(event, now_s)
            case Started():
                self._start(event, now_s)

    def _start(self, event: Started, now_s: float) -> None:
        effects = self._state.effects
        self._begin(event.session)
        self._state.effects = effects
        self._audits.started_at_s = now_s
        for channel in event.channels:
            self._state.channels[channel.channel] = ChannelState(channel.channel, channel.manifest, now_s)
            self._reviews.add_channel(channel.channel)
            self._state.timers.at(now_s, ("channel", channel.channel))
        for sku, pool in event.pools.items():
            self._state.sku(sku).pool = pool
        for setup in event.listings:
            self._add(setup, now_s)

    def _add(self, setup: ListingSetup, now_s: float) -> None:
        channel = self._state.channels[setup.id.channel]
        listing = ListingState(setup, channel, now_s)
        self._state.listings[setup.id] = listing
        self._dispatch.add(listing)
        self._audits.begin(listing, now_s)
        for sku, _ in setup.draws:
            self._state.sku(sku).listings.append(listing)
        for sku, _ in setup.draws:
            self._expect(sku)
        for write in setup.writes:
            self._calls.restored(listing, WriteState(write, now_s, now_s), now_s)
        self._touched(listing, now_s)

    def _remove(self, event: ListingRemoved, now_s: float) -> None:
        listing = self._state.listings.pop(event.listing, None)
        if listing is None:
            return
        self._dispatch.remove(listing)
        self._reviews.forget(listing.id)
        self._audits.forget(listing.id)
        for sku, _ in listing.draws:
            self._state.sku(sku).listings.remove(listing)
            self._dirty(sku, now_s)

    def _order(self, event: OrderHeard | OrderUndone, now_s: float) -> None:
        listing = self._state.listings.get(event.listing)
        if listing is None:
            return
        if not event.by_poll:
            listing.channel.heard(event.at_s, now_s)
        if not event.fresh:
            return
        if isinstance(event, OrderHeard):
            listing.right -= event.quantity
            self._audits.log(listing, event.at_s, event.quantity, now_s)
            listing.belief.order(event.quantity, event.at_s, now_s)
            for sku, _ in listing.draws:
                self._sold(sku, now_s)
        else:
            listing.right += event.quantity
            self._audits.log(listing, event.at_s, -event.quantity, now_s)
            listing.belief.returned(event.quantity, event.at_s, now_s)
        self._touched(listing, now_s)

    def _expect(self, sku: str) -> None:
        """Say the first word anew about those of its listings that have sold nothing."""
        for listing in self._state.sku(sku).listings:
            if listing.guessed and listing.belief.memory.blank:
                self._state.expect(listing)

    def _sold(self, sku: str, now_s: float) -> None:
        state = self._state.sku(sku)
        if state.first_sale_s is None:
            state.first_sale_s = now_s
            self._state.timers.at(now_s + OPENS_WITHIN_S, ("sku", sku))

    def _pool(self, event: PoolChanged, now_s: float) -> None:
        sku = self._state.sku(event.sku)
        was_out = sku.pool <= 0
        sku.pool += event.change
        if event.change > 0:
            self._expect(event.sku)
        if was_out and sku.pool > 0:
            # A plan made while nothing was there is none; meanwhile less urgent SKUs would take the calls.
            self._state.timers.at(now_s, ("sku", event.sku))
        else:
            self._dirty(event.sku, now_s)

    def _polled(self, event: Polled, now_s: float) -> None:
        name = self._calls.end_poll(event, now_s)
        if name is None:
            return
        for listing in self._audits.polled(self._state.channels[name], now_s):
            self._touched(listing, now_s)
        self._state.timers.at(now_s, ("channel", name))

    def _refused(self, event: CommitRefused, now_s: float) -> None:
        refused = self._rights.refused(event.commit)
        if refused is None:
            return
        commit, listings = refused
        self._calls.not_made(commit, now_s)
        for listing in listings:
            if any(move.reason == "reading" for move in commit.moves):
                self._audits.doubt(listing, now_s)
            listing.reading_due = True
            listing.blocked_until_s = max(listing.blocked_until_s, now_s + REFUSED_WAIT_S)
            for sku, _ in listing.draws:
                self._state.timers.at(now_s + REFUSED_WAIT_S, ("sku", sku))

    def _touched(self, listing: ListingState, now_s: float) -> None:
        for sku, _ in listing.draws:
            self._dirty(sku, now_s)
        self._state.timers.at(now_s, ("channel", listing.id.channel))

    def _dirty(self, sku: str, now_s: float) -> None:
        state = self._state.sku(sku)
        self._state.timers.at(max(now_s, state.reviewed_at_s + REVIEW_GAP_S), ("sku", sku))

    def _run_due(self, now_s: float) -> None:
        """Reviews first, then the calls of every channel that a review or an event touched."""
        pump: dict[str, None] = {}
        while (due := self._state.timers.pop(now_s)) is not None:
            kind, name = due
            if kind == "channel":
                pump[name] = None
                continue
            sku = self._state.sku(name)
            again_s = self._reviews.review(sku, now_s)
            self._state.timers.at(max(again_s, now_s + REVIEW_GAP_S), ("sku", name))
            for listing in sku.listings:
                pump[listing.id.channel] = None
        for name in pump:
            self._dispatch.pump(self._state.channels[name], now_s)
