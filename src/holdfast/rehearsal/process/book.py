"""The durable book of a rehearsal: what the ledger and its store keep in production, made of dictionaries.

It outlives every crash. A commit is made whole or not at all, as the store does it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from holdfast.sync.messages import (
    ChannelSetup,
    Commit,
    ListingId,
    ListingSetup,
    Rule,
    Started,
    Write,
    WriteStatus,
)

_UNSETTLED = (WriteStatus.OPEN, WriteStatus.UNKNOWN)


@dataclass(slots=True)
class Entry:
    """One listing; `heard` are the units of it that booked orders took, less those they gave back."""

    sku: str
    right: int
    forecast_per_s: float
    rule: Rule = field(default_factory=Rule)
    heard: int = 0
    debt: int = 0
    """Units that orders took beyond the right."""
    writes: dict[str, Write] = field(default_factory=dict)
    """Those not settled, in the order of their recording."""


class Book:
    """Rights, pools, orders and unsettled writes."""

    def __init__(
        self, channels: Iterable[ChannelSetup], entries: dict[ListingId, Entry], pools: dict[str, int]
    ) -> None:
        self.entries = entries
        self.pools = pools
        self.sold = dict.fromkeys(pools, 0)
        """Units of booked orders that were not undone."""
        self.cursors = {setup.channel: 0 for setup in channels}
        self.touched: set[str] = set()
        """SKUs that changed; whoever checks them empties it."""
        self._channels = {setup.channel: setup for setup in channels}
        self._of_sku: dict[str, list[Entry]] = {sku: [] for sku in pools}
        for entry in entries.values():
            self._of_sku[entry.sku].append(entry)
        self._orders: dict[tuple[str, str], bool] = {}
        self._commits: set[str] = set()

    def started(self, session: str) -> Started:
        """What the core is told when it begins, and when it begins again."""
        listings = tuple(
            ListingSetup(
                id=listing,
                draws=((entry.sku, 1),),
                right=entry.right,
                writes=tuple(entry.writes.values()),
                forecast_per_s=entry.forecast_per_s,
                rule=entry.rule,
            )
            for listing, entry in self.entries.items()
        )
        return Started(tuple(self._channels.values()), listings, dict(self.pools), session)

    def order(self, listing: ListingId, order: str, quantity: int) -> bool:
        """Book an order, whatever it takes; False for a repeat."""
        if (listing.channel, order) in self._orders:
            return False
        self._orders[listing.channel, order] = True
        entry = self.entries[listing]
        self.touched.add(entry.sku)
        covered = min(quantity, entry.right)
        entry.right -= covered
        entry.debt += quantity - covered
        entry.heard += quantity
        self.sold[entry.sku] += quantity
        return True

    def undo(self, listing: ListingId, order: str, quantity: int, to_counter: bool) -> bool:
        """Book that a booked order was undone; False for a repeat."""
        if not self._orders[listing.channel, order]:
            return False
        self._orders[listing.channel, order] = False
        entry = self.entries[listing]
        self.touched.add(entry.sku)
        self.sold[entry.sku] -= quantity
        if to_counter:
            repaid = min(quantity, entry.debt)
            entry.debt -= repaid
            entry.right += quantity - repaid
            entry.heard -= quantity
        else:
            self.pools[entry.sku] += quantity
        return True

    def change_pool(self, sku: str, change: int) -> int:
        """Units come to the pool, or leave it as far as they are there; says how many did."""
        change = max(change, -self.pools[sku])
        self.touched.add(sku)
        self.pools[sku] += change
        return change

    def commit(self, commit: Commit) -> bool:
        """Make a commit durable; False, and nothing done, where a pool or a right would fall below zero."""
        assert commit.id not in self._commits, f"the commit id {commit.id} was used before"
        rights: dict[ListingId, int] = {}
        pools: dict[str, int] = {}
        for move in commit.moves:
            entry = self.entries[move.listing]
            rights[move.listing] = rights.get(move.listing, entry.right) + move.change
            pools[entry.sku] = pools.get(entry.sku, self.pools[entry.sku]) - move.change
        if min((*rights.values(), *pools.values()), default=0) < 0:
            return False
        self._commits.add(commit.id)
        for listing, right in rights.items():
            self.entries[listing].right = right
        self.pools.update(pools)
        self.touched.update(pools)
        for write in commit.writes:
            writes = self.entries[write.listing].writes
            if write.status in _UNSETTLED:
                writes[write.id] = write
            else:
                writes.pop(write.id, None)
        return True

    def is_open(self, write: Write) -> bool:
        """Whether a write is on file and may be sent."""
        on_file = self.entries[write.listing].writes.get(write.id)
        return on_file is not None and on_file.status is WriteStatus.OPEN

    def accounted(self, sku: str) -> int:
        """All units of a SKU that the book knows of: given out, not given out, and sold."""
        rights = sum(entry.right - entry.debt for entry in self._of_sku[sku])
        return self.pools[sku] + rights + self.sold[sku]
