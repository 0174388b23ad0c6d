"""What the runtime knows of the listings while it runs: what they sell, and their rights as on file."""

from collections.abc import Iterable, Mapping

from holdfast.channels.orders import ListingRef
from holdfast.ledger.records import Channel, Sku
from holdfast.storage.records import ListingRow, RightChange, RightRow

from .inbound.plan import CLOCKS_APART_US, Draws, Mapped
from .messages import ListingId, Rule


class Listing:
    """A listing with its SKUs; `adopted` once its counter is taken over.

    `stored` says whether its right is kept on file: in our own shop the ledger's account is the right.
    `frozen`: a person stopped the sale of its item, of a part of it, or of its channel.
    """

    __slots__ = ("adopted", "debt", "draws", "frozen", "id", "ref", "right", "row", "since_us", "stored")

    def __init__(
        self, row: ListingRow, draws: Draws, right: int, *, adopted: bool, stored: bool = True
    ) -> None:
        self.id = ListingId(row.channel, row.listing)
        self.row = row
        self.draws = draws
        self.right = right
        self.debt = self.since_us = 0
        self.frozen = False
        self.adopted = adopted
        self.stored = stored
        self.ref = ListingRef(row.product, row.variant, row.warehouse)

    @property
    def rule(self) -> Rule:
        """A person's wishes for it."""
        row = self.row
        return Rule(row.weight, row.minimum, row.maximum, row.paused, row.fixed, self.frozen)


def draws_of(item: Sku | None) -> Draws:
    """The SKUs that one unit of an item draws on; empty where there is no such item."""
    if item is None:
        return ()
    if item.components:
        return tuple((part.sku, part.quantity) for part in item.components)
    return ((item.sku, 1),)


class Listings:
    """All listings by id. Rights change when a commit is handed in, so that the next builds on it."""

    def __init__(
        self,
        rows: Iterable[ListingRow],
        rights: Iterable[RightRow],
        items: Mapping[str, Sku],
        channels: Iterable[Channel] = (),
    ) -> None:
        self._frozen_skus: dict[str, bool] = {}
        self._frozen_channels: dict[str, bool] = {}
        self.learn(items.values(), channels)
        known = {ListingId(right.channel, right.listing): right for right in rights}
        self._all: dict[ListingId, Listing] = {}
        self._of_sku: dict[tuple[str, str], list[Listing]] = {}
        for row in rows:
            id = ListingId(row.channel, row.listing)
            right = known.get(id)
            units = right.right if right is not None else 0
            listing = Listing(row, draws_of(items.get(row.sku)), units, adopted=right is not None)
            if right is not None:
                listing.debt, listing.since_us = right.debt, right.since_us
            self.put(listing)

    def put(self, listing: Listing) -> None:
        """Add or replace a listing."""
        old = self._all.get(listing.id)
        if old is not None:
            for sku, _ in old.draws:
                self._of_sku[old.id.channel, sku].remove(old)
        self._all[listing.id] = listing
        listing.frozen = self._is_frozen(listing)
        for sku, _ in listing.draws:
            self._of_sku.setdefault((listing.id.channel, sku), []).append(listing)

    def learn(self, items: Iterable[Sku], channels: Iterable[Channel] = ()) -> None:
        """Take in items and channels as on file, where nothing newer was heard of them."""
        for item in items:
            self._frozen_skus.setdefault(item.sku, item.frozen)
        for channel in channels:
            self._frozen_channels.setdefault(channel.channel, channel.frozen)

    def hear(self, items: Iterable[Sku], channels: Iterable[Channel]) -> list[Listing]:
        """Take in items and channels as a commit left them; the listings that were stopped or freed by it."""
        self._frozen_skus.update((item.sku, item.frozen) for item in items)
        self._frozen_channels.update((channel.channel, channel.frozen) for channel in channels)
        turned = [listing for listing in self._all.values() if listing.frozen != self._is_frozen(listing)]
        for listing in turned:
            listing.frozen = not listing.frozen
        return turned

    def _is_frozen(self, listing: Listing) -> bool:
        skus = (listing.row.sku, *(sku for sku, _ in listing.draws))
        stopped = any(self._frozen_skus.get(sku, False) for sku in skus)
        return stopped or self._frozen_channels.get(listing.id.channel, False)

    def get(self, id: ListingId) -> Listing | None:
        """One listing."""
        return self._all.get(id)

    def all(self) -> list[Listing]:
        """All of them, the removed ones too."""
        return list(self._all.values())

    def mapped(self, channel: str, listing: str) -> Mapped | None:
        """What a listing of a channel sells; None while nobody has said."""
        found = self._all.get(ListingId(channel, listing))
        return Mapped(found.row.sku, found.draws) if found is not None and found.draws else None

    def take(self, id: ListingId, quantity: int, at_us: int) -> RightChange:
        """Take an order's units from a right; what it cannot cover becomes a debt.

        What left the counter before it was taken over was never part of the right. What may have left it
        before, such as all orders of that very second where a platform tells whole seconds, counts as such:
        a reading finds units of the right that are not on the counter, but none finds a right that is too
        small, and the platform would sell beyond it.
        """
        listing = self._all.get(id)
        ours = listing is not None and at_us >= listing.since_us
        covered = min(quantity, listing.right) if listing is not None and ours else 0
        return self.change(RightChange(*id, -covered, quantity - covered))

    def perhaps_ours(self, id: ListingId, at_us: int) -> bool:
        """Whether an order counts as older than the take-over, and may not be: only a reading can tell."""
        listing = self._all.get(id)
        return listing is not None and listing.since_us - CLOCKS_APART_US <= at_us < listing.since_us

    def give_back(self, id: ListingId, quantity: int) -> RightChange:
        """Take in units that are on the counter again: they repay a debt, and then add to the right.

        A unit that was given back and sold again may be heard of as sold again first.
        """
        listing = self._all.get(id)
        repaid = min(quantity, listing.debt) if listing is not None else 0
        return self.change(RightChange(*id, quantity - repaid, -repaid))

    def sellable(self, channel: str, sku: str) -> int:
        """Units of a SKU that all rights of a channel draw on."""
        return sum(
            listing.right * units
            for listing in self._of_sku.get((channel, sku), ())
            for name, units in listing.draws
            if name == sku
        )

    def change(self, change: RightChange) -> RightChange:
        """Add to a right and a debt, or take away; gives the change."""
        listing = self._all.get(ListingId(change.channel, change.listing))
        if listing is not None:
            listing.right += change.change
            listing.debt += change.debt
            listing.since_us = max(listing.since_us, change.since_us)
        return change

    def undo(self, change: RightChange) -> None:
        """Take a change back."""
        self.change(RightChange(change.channel, change.listing, -change.change, -change.debt))
