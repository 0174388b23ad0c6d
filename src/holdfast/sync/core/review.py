"""Looks at one SKU through the policies: what is believed goes in, what is worth doing comes out."""

import math
from collections.abc import Hashable
from dataclasses import dataclass

from holdfast.channels.manifest import UnderRun
from holdfast.policies.allocation import Line, Tuning, View, propose
from holdfast.policies.demand import TIME_SCALES_S, Demand, Stream, estimate

from ..messages import ListingId
from .rights import Rights
from .state import ListingState, SkuState, State

CROWD_SKUS = 20
STOP_SCORE = 1e9
"""A stop goes before every move that saves sales."""
DROP_SCORE = 1e6
"""What a drop grants or calls back goes before them too: it has a time to keep."""
DROP_AGAIN_S = 0.25
"""A drop that is not where it should be is looked at so often."""
OPENS_WITHIN_S = 5.0
"""So long after the first sale of a SKU anywhere, a listing without a sale counts as on sale too."""


@dataclass(slots=True)
class Want:
    """A move or a reading that waits for a call; `units` is 0 for a reading."""

    listing: ListingState
    units: int
    score: float
    at_s: float
    sku: str
    """The SKU whose review asked for it: a bundle has several."""


class Reviews:
    """Keeps the newest plan of every listing."""

    def __init__(self, state: State, rights: Rights, tuning: Tuning) -> None:
        self._state = state
        self._rights = rights
        self._tuning = tuning
        self.moves: dict[str, dict[ListingId, Want]] = {}
        self.readings: dict[str, dict[ListingId, Want]] = {}

    def add_channel(self, channel: str) -> None:
        """Begin a queue for the channel."""
        self.moves[channel] = {}
        self.readings[channel] = {}

    def forget(self, listing: ListingId) -> None:
        """Drop its plan."""
        self.moves[listing.channel].pop(listing, None)
        self.readings[listing.channel].pop(listing, None)

    def review(self, sku: SkuState, now_s: float) -> float:
        """Plan anew; when to look again."""
        sku.reviewed_at_s = now_s
        self._open_all(sku, now_s)
        demands = self._demands(sku, now_s)
        lines: list[Line] = []
        listings: dict[Hashable, ListingState] = {}
        pool, fenced = sku.pool, False
        for listing, demand in zip(sku.listings, demands, strict=True):
            self._replan(listing, sku)
            listing.rate, listing.unheard = demand.rates[0], demand.unheard
            if not listing.channel.up:
                continue
            if listing.rule.frozen:
                self._lower(sku, listing, 0, STOP_SCORE, now_s)
                continue
            if listing.rule.drop:
                fenced = self._drop(sku, listing, now_s) or fenced
                continue
            if listing.rule.paused:
                continue
            if listing.rule.fixed is not None:
                pool -= self._hold(sku, listing, listing.rule.fixed, 1.0, now_s)
                continue
            lines.append(self._line(sku, listing, demand, now_s))
            listings[listing.id] = listing
        view = View(max(0, pool), lines, sku.first_sale_s is not None, len(self._state.skus) >= CROWD_SKUS)
        plan = propose(view, TIME_SCALES_S, self._tuning)
        for move in plan.moves:
            self._want(Want(listings[move.key], move.units, move.score, now_s, sku.sku))
        for reading in plan.readings:
            listing = listings[reading.key]
            self.readings[listing.id.channel][listing.id] = Want(listing, 0, reading.score, now_s, sku.sku)
        for key, target in plan.targets.items():
            if len(listings[key].draws) > 1:
                sku.ceilings[listings[key].id] = target
        again_s = plan.review_in_s if lines else 1.0
        return now_s + (min(again_s, DROP_AGAIN_S) if fenced else again_s)

    def _replan(self, listing: ListingState, sku: SkuState) -> None:
        """Drop what this SKU's last review wanted of the listing."""
        moves = self.moves[listing.id.channel]
        planned = moves.get(listing.id)
        if planned is not None and planned.sku == sku.sku:
            del moves[listing.id]
        self.readings[listing.id.channel].pop(listing.id, None)

    def _want(self, want: Want) -> None:
        """Of two wishes for a bundle the recall wins: one of its SKUs is worth more elsewhere."""
        moves = self.moves[want.listing.id.channel]
        other = moves.get(want.listing.id)
        if other is None or want.units < 0 <= other.units or want.score > other.score:
            moves[want.listing.id] = want

    def _open_all(self, sku: SkuState, now_s: float) -> None:
        if sku.first_sale_s is not None and now_s >= sku.first_sale_s + OPENS_WITHIN_S:
            for listing in sku.listings:
                listing.belief.open(now_s)

    def _demands(self, sku: SkuState, now_s: float) -> list[Demand]:
        streams = []
        for listing in sku.listings:
            channel, belief = listing.channel, listing.belief
            certain_s = max(belief.as_of_s, channel.complete_to_s)
            silent_s = channel.silent_from_s(now_s)
            streams.append(Stream(belief.memory, channel.lag_s, certain_s, silent_s, belief.opened_at_s))
        demands = estimate(streams, now_s)
        for listing, demand in zip(sku.listings, demands, strict=True):
            if listing.belief.counter <= 0:
                demand.unheard = 0.0
        return demands

    def _line(self, sku: SkuState, listing: ListingState, demand: Demand, now_s: float) -> Line:
        channel, rule = listing.channel, listing.rule
        manifest = channel.manifest
        barred = now_s < listing.barred_until_s
        free = listing.current is None and now_s >= listing.blocked_until_s and not barred
        ceiling = math.inf if rule.maximum is None else float(rule.maximum)
        room = math.inf if rule.maximum is None else rule.maximum - listing.right
        if len(listing.draws) > 1:
            others = (self._state.sku(name) for name, _ in listing.draws if name != sku.sku)
            ceiling = min(ceiling, *(other.ceilings.get(listing.id, math.inf) for other in others))
        return Line(
            key=listing.id,
            have=max(0.0, listing.belief.counter - demand.unheard) + listing.under_way,
            rates=demand.rates,
            samples=demand.samples,
            unheard=demand.unheard,
            since_reading=max(0, listing.belief.since),
            round_trip_s=channel.round_trip_s,
            round_trip_high_s=channel.round_trip_high_s,
            wait_s=channel.wait_s(len(self.moves[channel.name]), now_s),
            draw=listing.draw(sku.sku),
            busy=not free,
            grantable=int(max(0, min(room, self._rights.affordable(listing)))),
            recallable=free and listing.shrinks,
            under_run_refused=manifest.under_run is not UnderRun.CLAMPS,
            weight=rule.weight,
            minimum=rule.minimum,
            ceiling=ceiling,
            readable=sku.first_sale_s is not None and self._readable(listing, now_s),
            reading_due=listing.reading_due,
        )

    def _readable(self, listing: ListingState, now_s: float) -> bool:
        """Whether a reading now would tell something, and is not asked too soon after the last one."""
        channel, manifest = listing.channel, listing.channel.manifest
        gap_s = max(0.1, 1.5 * channel.round_trip_s, 0.5 * manifest.read_stale_s)
        return (
            manifest.read_back
            and listing.reading is None
            and listing.current is None
            and now_s >= listing.barred_until_s
            and now_s - listing.read_at_s > gap_s
            and now_s - listing.settled_at_s > manifest.read_stale_s + 0.05
        )

    def _drop(self, sku: SkuState, listing: ListingState, now_s: float) -> bool:
        """Grant what the drop has, or call back what is its own no more; whether some of it is still to do.

        The drop's units are in no pool that others draw on, and the policies never see the listing.
        """
        right, keep = listing.right, listing.rule.keep
        if keep is None:
            self._hold(sku, listing, right + max(0, listing.quota), DROP_SCORE, now_s)
            return listing.quota > 0
        self._lower(sku, listing, keep, DROP_SCORE, now_s)
        return right > keep

    def _lower(self, sku: SkuState, listing: ListingState, keep: int, score: float, now_s: float) -> None:
        """Take all but `keep` off the counter."""
        if listing.right <= keep:
            return
        self._hold(sku, listing, keep, score, now_s)
        planned = self.moves[listing.id.channel].get(listing.id)
        if (planned is None or listing.reading_due) and self._readable(listing, now_s):
            # What we believe is not what is there: units are left that nobody asks for.
            self.readings[listing.id.channel][listing.id] = Want(listing, 0, score, now_s, sku.sku)

    def _hold(self, sku: SkuState, listing: ListingState, units: int, score: float, now_s: float) -> int:
        """Move the right towards `units`; the pool's units that this may need."""
        taken = sum(min(0, unsettled.write.change) for unsettled in listing.unsettled.values())
        missing = units - (listing.right + taken)
        blocked_until_s = max(listing.blocked_until_s, listing.barred_until_s)
        if missing == 0 or listing.current is not None or now_s < blocked_until_s:
            return max(0, missing) * listing.draw(sku.sku)
        change = min(missing, self._rights.affordable(listing))
        if missing < 0:
            # Rounded, or the last unit would stay for ever: a little is always thought to be unheard of.
            there = int(listing.belief.counter - listing.unheard + 0.5)
            change = max(missing, -there) if listing.shrinks else 0
        if change:
            self._want(Want(listing, change, score, now_s, sku.sku))
        return max(0, missing) * listing.draw(sku.sku)
