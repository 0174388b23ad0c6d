"""Drops on platforms that sell from counters of their own: fences, and how far each platform is told.

The units of an open drop are in `drop:ID@CHANNEL` until the sync grants them, right first, platform then. The
sync gives that account back what it undoes, recalls or finds missing, so right and quota together change by
orders alone: that is what a drop counts from.
"""

from collections.abc import Callable, Container, Iterable
from typing import NamedTuple, Protocol

from holdfast.ledger.accounts import QUANTITY_MAX
from holdfast.sync.listings import NO_FENCE, Fence
from holdfast.sync.messages import Standing
from holdfast.sync.runtime import NoCounterError

from .drop import CLOSING, Drop
from .steps import DropBusyError


class Counters(Protocol):
    """The sync, as far as drops need it."""

    def counter_of(self, channel: str, sku: str) -> str | None:
        """The listing that sells an item on a platform, None on a channel of ours; raises NoCounterError."""

    def standing(self, channel: str, listing: str) -> Standing | None:
        """How it stands, None if it is under the sync no more; raises NoCounterError while nobody knows."""

    def recalls(self, channel: str) -> bool:
        """Whether units can be called back from it."""

    def fence(self, channel: str, listing: str, fence: Fence) -> None:
        """Let a listing move for one drop alone."""

    def begin_anew(self, why: str) -> None:
        """Take everything from the file again."""


class NoCounters:
    """Where no platform is connected."""

    def counter_of(self, channel: str, sku: str) -> str | None:
        """None."""

    def standing(self, channel: str, listing: str) -> Standing | None:
        """None."""

    def recalls(self, channel: str) -> bool:
        """True."""
        return True

    def fence(self, channel: str, listing: str, fence: Fence) -> None:
        """Nobody moves anything."""

    def begin_anew(self, why: str) -> None:
        """Nothing runs."""


News = tuple[int, int, int, bool]


class Telling(NamedTuple):
    """How far a platform has been told of a drop, in units.

    `waiting` are not granted yet, or came back; of `under_way` and `recalling` the platform's answer is
    awaited. `left` is what the channel has of it, told or not.
    """

    channel: str
    listing: str
    units: int
    waiting: int
    under_way: int
    recalling: int
    left: int
    recalls: bool
    up: bool

    @property
    def news(self) -> News:
        """What changes by the platform's answers alone."""
        return self.waiting, self.under_way, self.recalling, self.up

    @property
    def told(self) -> bool:
        """Whether the platform has confirmed everything."""
        return not any(self.news[:3])


def fences_of(drops: Iterable[Drop], recalling: Container[str]) -> dict[tuple[str, str], Fence]:
    """Which listings belong to which drop; the one that opened last has them.

    In a shop of our own under the sync, the listing is the item itself. A closing drop that does not recall
    yet keeps what is there: another that opens at that very moment may take it over.
    """
    found: dict[tuple[str, str], Fence] = {}
    for drop in sorted(drops, key=lambda each: (each.opened_at_us or 0, each.id)):
        for channel in drop.channels if drop.on_sale else ():
            if channel not in drop.done:
                keep = None
                if drop.status == CLOSING:
                    keep = max(0, drop.base[channel]) if drop.id in recalling else QUANTITY_MAX
                found[channel, drop.counters.get(channel, drop.sku)] = Fence(drop.id, keep)
    return found


def left_of(drop: Drop, channel: str, standing: Standing) -> int:
    """Units of it that a platform has not sold, those that wait to be granted included."""
    left = standing.right + standing.quota - drop.base[channel]
    return max(0, min(drop.channels[channel], left))


def has_ended(drop: Drop, channel: str, standing: Standing) -> bool:
    """Whether all is called back that can be.

    A right that is down to the channel's own has nothing of the drop, whatever an open write came to: the
    units of a grant of unknown end are part of the right until a reading finds them missing.
    """
    if standing.right - standing.guard <= max(0, drop.base[channel]):
        return True
    return not (standing.shrinks or standing.granting)


def telling_of(drop: Drop, channel: str, listing: str, standing: Standing) -> Telling:
    """What people see of one channel."""
    return Telling(
        channel,
        listing,
        drop.channels[channel],
        standing.quota,
        standing.granting,
        standing.recalling,
        left_of(drop, channel, standing),
        standing.shrinks,
        standing.up,
    )


class Ring:
    """The fences around the listings of `drops`, as they are set, and what is known of the counters."""

    def __init__(self, counters: Counters, drops: Callable[[], list[Drop]]) -> None:
        self.counters = counters
        self.recalling: set[str] = set()
        """Closing drops that have begun to call their units back."""
        self._drops = drops
        self._set: dict[tuple[str, str], Fence] = {}
        self._told: dict[str, list[Telling]] = {}

    def fence(self, *changed: Drop) -> bool:
        """Let the sync know which listings move for which drop, with these drops as they will be.

        Gives whether anything changed.
        """
        drops = {drop.id: drop for drop in (*self._drops(), *changed)}
        before, self._set = self._set, fences_of(drops.values(), self.recalling)
        for place in before.keys() | self._set.keys():
            fence = self._set.get(place, NO_FENCE)
            if fence != before.get(place, NO_FENCE):
                self.counters.fence(*place, fence)
        return self._set != before

    def tellings(self, drop: Drop) -> list[Telling]:
        """How far each platform has been told of it, the last that was known while the sync begins anew."""
        if not drop.on_sale:
            self._told.pop(drop.id, None)
            return []
        found = []
        for channel, listing in sorted(drop.counters.items()):
            try:
                standing = self.counters.standing(channel, listing)
            except NoCounterError:
                return self._told.get(drop.id, [])
            if standing is not None and channel not in drop.done:
                found.append(telling_of(drop, channel, listing, standing))
        self._told[drop.id] = found
        return found

    def one_way(self, drop: Drop) -> list[str]:
        """Its channels that no unit can be called back from."""
        return [name for name in sorted(drop.channels) if not self.counters.recalls(name)]

    def counters_of(self, drop: Drop) -> dict[str, str]:
        """The listings that it opens on, of channels whose platform has counters; raises DropBusyError."""
        try:
            found = {channel: self.counters.counter_of(channel, drop.sku) for channel in drop.channels}
        except NoCounterError as error:
            raise DropBusyError(str(error)) from error
        return {channel: listing for channel, listing in found.items() if listing is not None}

    def standing(self, drop: Drop, channel: str) -> Standing | None:
        """How its counter on a channel stands; raises DropBusyError while nobody knows."""
        try:
            return self.counters.standing(channel, drop.counters[channel])
        except NoCounterError as error:
            raise DropBusyError(str(error)) from error
