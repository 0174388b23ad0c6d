"""Mapping a listing to a SKU: what stands against it, told before anything is changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from holdfast.channels.adapter import Adapter
from holdfast.channels.errors import ChannelError
from holdfast.channels.orders import ListingRef
from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.records import Detail, Sku
from holdfast.ledger.views import StockView
from holdfast.storage.contract import Reader
from holdfast.storage.records import ListingRow
from holdfast.storage.sync_contract import SyncReader
from holdfast.sync.listings import draws_of
from holdfast.sync.restore import balance, pools_of
from holdfast.sync.runtime import UnknownChannelError
from holdfast.sync.world import Readers


class ListingOnFile(NamedTuple):
    """A listing, its right (None before it was taken over), and its writes that are not settled."""

    row: ListingRow
    right: int | None
    open_writes: int

    @property
    def place(self) -> str:
        """Where it stands in lists; neither part can hold a space."""
        return f"{self.row.channel} {self.row.listing}"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why something is not done, with a stable code and the numbers behind it."""

    code: str
    message: str
    facts: Detail = field(default_factory=dict)
    field: str | None = None


class Lines(Protocol):
    """The sync, as far as it lends its adapters."""

    def adapter(self, channel: str) -> Adapter:
        """The adapter of a connected channel; raises UnknownChannelError."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a look at a mapping needs; our own `shop` has no counter."""

    readers: Readers
    lines: Lines
    shop: bool


def listings_on_file(reader: SyncReader, channel: str | None = None) -> list[ListingOnFile]:
    """Listings of one channel or all, the removed ones too, in the order of `place`."""
    rights = {(row.channel, row.listing): row.right for row in reader.rights(channel)}
    writes = [(write.channel, write.listing) for write in reader.open_writes()]
    found = [
        ListingOnFile(row, rights.get((row.channel, row.listing)), writes.count((row.channel, row.listing)))
        for row in reader.listings(channel)
    ]
    return sorted(found, key=lambda item: item.place)


def listing_of(reader: SyncReader, channel: str, listing: str) -> ListingOnFile | None:
    """One listing, a removed one too."""
    return next((item for item in listings_on_file(reader, channel) if item.row.listing == listing), None)


def changes_of(row: ListingRow, old: ListingOnFile | None) -> Detail:
    """What the trail tells of a change."""
    detail: Detail = {}
    for name in ("sku", "merchant_code", "weight", "minimum", "maximum", "paused", "fixed", "removed"):
        before, after = (getattr(old.row, name) if old is not None else None), getattr(row, name)
        if before != after:
            detail[name] = f"{before!r} -> {after!r}"
    return detail


def obstacle_to_removal(found: ListingOnFile) -> Obstacle | None:
    """A listing can go when the platform may sell nothing of it any more."""
    if not found.right and not found.open_writes:
        return None
    right = found.right or 0
    return Obstacle(
        "listing_has_right",
        f"the platform may still sell {right} units of {found.row.listing}, and {found.open_writes} writes "
        "are open; set `fixed` to 0 in its rule and wait until its right is 0",
        {"right": right, "open_writes": found.open_writes},
    )


async def obstacle_to_mapping(
    mapping: Mapping, row: ListingRow, old: ListingOnFile | None, *, lower_counter: bool
) -> Obstacle | None:
    """None if the listing can be mapped so; asks the platform for its counter where that is new to us."""
    item = await mapping.readers.read(lambda reader: reader.sku(row.sku))
    if item is None:
        return Obstacle("unknown_sku", f"there is no item {row.sku}: create it first", field="sku")
    if mapping.shop:
        return None
    same = old is not None and old.row.sku == row.sku
    if old is not None and same and not old.row.removed:
        return None
    if old is not None and not same and (old.right or old.open_writes):
        return obstacle_to_removal(old)
    try:
        adapter = mapping.lines.adapter(row.channel)
    except UnknownChannelError as error:
        return Obstacle("not_connected", f"connect the channel first: {error}", field="channel")
    if old is None:
        stray = await _stray(mapping, row, item)
        if stray is not None:
            return stray
    if not adapter.manifest.read_back:
        return None
    try:
        (reading,) = await adapter.read_stock([ListingRef(row.product, row.variant, row.warehouse)])
    except ChannelError as error:
        facts: Detail = {"platform_code": error.code, "vendor_code": error.vendor_code}
        return Obstacle("platform_failed", f"the counter was not read: {error}", facts, "listing")
    if old is not None:
        return _again(reading.sellable)
    return None if lower_counter else await _beyond(mapping, row, item, reading.sellable)


def _again(counter: int) -> Obstacle | None:
    """A listing that was ours before comes back with an empty counter only: nothing else is surely ours."""
    if counter <= 0:
        return None
    message = f"the platform shows {counter} units; set its counter to 0 there, then map it again"
    return Obstacle("counter_beyond_pool", message, {"counter": counter, "pool": 0, "missing": counter})


async def _beyond(mapping: Mapping, row: ListingRow, item: Sku, counter: int) -> Obstacle | None:
    draws = draws_of(item)
    views = await mapping.readers.read(lambda reader: _views(reader, [sku for sku, _ in draws]))
    pools = pools_of({view.sku: view for view in views})
    units = min(max(0, pools.get(sku, 0)) // each for sku, each in draws)
    missing = counter - units
    if missing <= 0:
        return None
    return Obstacle(
        "counter_beyond_pool",
        f"the platform shows {counter} units of {row.listing}, unallocated stock covers {units}: book "
        f"{missing} more, lower the counter on the platform, or send `lower_counter: true`",
        {"counter": counter, "pool": units, "missing": missing},
    )


async def _stray(mapping: Mapping, row: ListingRow, item: Sku) -> Obstacle | None:
    """Units that somebody moved to the channel before anything was mapped: nobody would ever sell them."""
    rows = await mapping.readers.read_sync(lambda reader: reader.listings(row.channel))

    def query(reader: Reader) -> list[StockView]:
        taken = _drawn(reader, [other for other in rows if not other.removed])
        return _views(reader, [sku for sku, _ in draws_of(item) if sku not in taken])

    for view in await mapping.readers.read(query):
        posted, held = balance(view, AccountKind.CHANNEL, row.channel)
        if posted - held > 0:
            return Obstacle(
                "channel_holds_units",
                f"channel:{row.channel} has {posted - held} units of {view.sku} that are on no counter; move "
                "them to `unallocated` first, and the listing takes over what its counter shows",
                {"sku": view.sku, "units": posted - held},
            )
    return None


def _drawn(reader: Reader, rows: Sequence[ListingRow]) -> set[str]:
    return {sku for row in rows for sku, _ in draws_of(reader.sku(row.sku))}


def _views(reader: Reader, skus: Sequence[str]) -> list[StockView]:
    return [view for sku in skus if (view := reader.stock(sku)) is not None]


def is_synced(reader: Reader, rows: Sequence[ListingRow], sku: str) -> bool:
    """Whether one of these listings draws on the SKU, so that its stock moves by the sync alone."""
    return sku in _drawn(reader, [row for row in rows if not row.removed])
