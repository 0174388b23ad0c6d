"""A durable book in small: the pools, rights and writes that a ledger would have on file."""

from dataclasses import dataclass, field

from holdfast.sync.messages import Commit, ListingId, Write, WriteStatus


class BookBroken(AssertionError):
    """The core asked for something that no ledger would do."""


@dataclass(slots=True)
class Book:
    """Units of each SKU: given out, not given out, sold. Together they change only by stock that is found."""

    pools: dict[str, int] = field(default_factory=dict)
    rights: dict[ListingId, int] = field(default_factory=dict)
    sold: dict[str, int] = field(default_factory=dict)
    writes: dict[str, Write] = field(default_factory=dict)
    debts: dict[ListingId, int] = field(default_factory=dict)
    """Sold beyond the right: by a resale whose returned unit we have not heard of, or by an oversell."""
    _units: dict[str, int] = field(default_factory=dict)

    def open(self, sku: str, units: int, rights: dict[ListingId, int]) -> None:
        """Begin a SKU with units, part of them on counters already."""
        self._units[sku] = units
        self.pools[sku] = units - sum(rights.values())
        self.sold[sku] = 0
        self.rights.update(rights)

    def commit(self, commit: Commit, sku_of: dict[ListingId, str]) -> None:
        """Make it durable; raises `BookBroken` on a move that the accounts do not cover."""
        for write in commit.writes:
            before = self.writes.get(write.id)
            if before is not None and before.status not in (WriteStatus.OPEN, WriteStatus.UNKNOWN):
                raise BookBroken(f"{write.id} was settled before")
            self.writes[write.id] = write
        for move in commit.moves:
            sku = sku_of[move.listing]
            self.rights[move.listing] += move.change
            self.pools[sku] -= move.change
            self._check(sku, move.listing)

    def order(self, listing: ListingId, sku: str, quantity: int) -> None:
        """An order takes from the right; the rest is a debt."""
        covered = min(quantity, self.rights[listing])
        self.debts[listing] = self.debts.get(listing, 0) + quantity - covered
        self.rights[listing] -= covered
        self.sold[sku] += covered

    def undone(self, listing: ListingId, sku: str, quantity: int) -> None:
        """The platform put the units back on its counter; they pay a debt before they are a right again."""
        paid = min(quantity, self.debts.get(listing, 0))
        self.debts[listing] = self.debts.get(listing, 0) - paid
        self.rights[listing] += quantity - paid
        self.sold[sku] -= quantity - paid

    def found(self, sku: str, units: int, new: bool) -> None:
        """Units join the pool: new ones, or of an order that was undone."""
        self.pools[sku] += units
        if new:
            self._units[sku] += units
        else:
            self.sold[sku] -= units

    def _check(self, sku: str, listing: ListingId) -> None:
        if self.pools[sku] < 0 or self.rights[listing] < 0:
            raise BookBroken(f"below zero: pool {self.pools[sku]}, right {self.rights[listing]}")
        given = sum(right for other, right in self.rights.items() if other.listing == sku)
        if self.pools[sku] + given + self.sold[sku] != self._units[sku]:
            raise BookBroken(f"{sku}: units appeared or vanished")
