"""Everything as it is on file: what the core begins with, after a start or a commit of unknown end."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from holdfast.channels.manifest import Manifest, WriteMode
from holdfast.ledger.accounts import AccountKind, account_name
from holdfast.ledger.commands import Command
from holdfast.ledger.records import Channel, Sku
from holdfast.ledger.views import StockView
from holdfast.storage.contract import Reader
from holdfast.storage.records import (
    ConnectionRow,
    ListingRow,
    OrderRow,
    PollRow,
    PushRow,
    RightRow,
    TokensRow,
    WriteRow,
)
from holdfast.storage.sync_contract import SyncReader

from .inbound.plan import transfers
from .ledger_news import CORE_ACTOR
from .listings import Listing, Listings
from .messages import (
    ChannelSetup,
    ListingId,
    ListingSetup,
    Operation,
    Started,
    Write,
    WriteStatus,
)

PUSHES_MAX = 10_000
UNMAPPED_MAX = 10_000


@dataclass(slots=True)
class SyncOnFile:
    """The sync records that a start needs."""

    connections: dict[str, ConnectionRow]
    tokens: dict[str, TokensRow]
    listings: list[ListingRow]
    rights: list[RightRow]
    writes: list[WriteRow]
    polls: dict[str, PollRow]
    pushes: list[PushRow]
    unmapped: list[OrderRow]


@dataclass(slots=True)
class LedgerOnFile:
    """Stock as of one commit, and the items that listings sell, with their parts."""

    commit_number: int
    stocks: dict[str, StockView]
    items: dict[str, Sku]
    channels: dict[str, Channel]


def read_sync(reader: SyncReader) -> SyncOnFile:
    """Query the sync records."""
    return SyncOnFile(
        {row.channel: row for row in reader.connections()},
        {row.channel: row for row in reader.tokens()},
        reader.listings(),
        reader.rights(),
        reader.open_writes(),
        {row.channel: row for row in reader.polls()},
        reader.new_pushes(0, PUSHES_MAX),
        reader.unmapped_orders(None, UNMAPPED_MAX),
    )


def read_ledger(skus: Iterable[str]) -> Callable[[Reader], LedgerOnFile]:
    """A query for the stock of all items and for the items named."""
    wanted = sorted(set(skus))

    def query(reader: Reader) -> LedgerOnFile:
        found = {sku: reader.sku(sku) for sku in wanted}
        bundles = [item for item in found.values() if item is not None]
        parts = {part.sku for item in bundles for part in item.components}
        found.update((sku, reader.sku(sku)) for sku in sorted(parts))
        number, views = reader.stock_since(0)
        return LedgerOnFile(
            number,
            {view.sku: view for view in views},
            {sku: item for sku, item in found.items() if item is not None},
            {channel.channel: channel for channel in reader.channels()},
        )

    return query


def balance(view: StockView | None, kind: AccountKind, scope: str = "") -> tuple[int, int]:
    """Posted and held of one account; zero where there is none."""
    name = account_name(kind, scope)
    for account in view.accounts if view is not None else ():
        if account.account == name and account.location == "main":
            return account.posted, account.held
    return 0, 0


def pools_of(stocks: Mapping[str, StockView]) -> dict[str, int]:
    """Units that the core may give out: those of nobody, less all debts."""
    pools = {}
    for sku, view in stocks.items():
        debts = sum(
            account.posted
            for account in view.accounts
            if account.account.startswith(f"{AccountKind.OVERSOLD.value}:")
        )
        pools[sku] = balance(view, AccountKind.UNALLOCATED)[0] + debts
    return pools


def debts_of(stocks: Mapping[str, StockView]) -> Counter[tuple[str, str]]:
    """Units sold that nothing covers, by (channel, SKU)."""
    debts: Counter[tuple[str, str]] = Counter()
    for sku, view in stocks.items():
        for account in view.accounts:
            kind, _, channel = account.account.partition(":")
            if kind == AccountKind.OVERSOLD.value and account.posted:
                debts[channel, sku] = -account.posted
    return debts


def shop_listings(rows: Iterable[ListingRow], ledger: LedgerOnFile, channel: str) -> list[Listing]:
    """Our own shop's listings: one for each counted SKU that a row names; its account is its right."""
    found = []
    for row in rows:
        item = ledger.items.get(row.sku)
        if row.channel == channel and not row.removed and item is not None and not item.components:
            posted, held = balance(ledger.stocks.get(row.sku), AccountKind.CHANNEL, channel)
            listing = Listing(row, ((row.sku, 1),), posted - held, adopted=True, stored=False)
            listing.id = ListingId(channel, row.sku)
            found.append(listing)
    return found


def healing(listings: Listings, ledger: LedgerOnFile, session: str) -> list[Command]:
    """Debts for rights that an account does not cover, so that they are seen and made good."""
    commands: list[Command] = []
    pairs = {(listing.id.channel, sku) for listing in listings.all() for sku, _ in listing.draws}
    for channel, sku in sorted(pairs):
        posted, held = balance(ledger.stocks.get(sku), AccountKind.CHANNEL, channel)
        missing = listings.sellable(channel, sku) - (posted - held)
        if missing > 0:
            place = (AccountKind.OVERSOLD, channel), (AccountKind.CHANNEL, channel)
            id = f"healed:{session}:{channel}:{sku}"
            draws = ((sku, missing),)
            commands.append(transfers(id, draws, 1, *place, "rights_not_covered", CORE_ACTOR, session))
    return commands


def started(
    channels: Mapping[str, Manifest],
    known: Iterable[Listing],
    writes: Iterable[WriteRow],
    pools: dict[str, int],
    session: str,
) -> Started:
    """The core's first event."""
    open_writes: dict[ListingId, list[Write]] = {}
    for row in writes:
        write = to_write(row)
        open_writes.setdefault(write.listing, []).append(write)
    return Started(
        tuple(ChannelSetup(name, manifest) for name, manifest in channels.items()),
        tuple(setup(listing, open_writes.get(listing.id, ())) for listing in known),
        pools,
        session,
    )


def setup(listing: Listing, writes: Iterable[Write] = ()) -> ListingSetup:
    """A listing as the core takes it."""
    return ListingSetup(
        listing.id, listing.draws, listing.right - listing.debt, tuple(writes), rule=listing.rule
    )


def to_write(row: WriteRow) -> Write:
    """A write on file, as the core knows it."""
    return Write(
        row.id,
        ListingId(row.channel, row.listing),
        Operation(row.operation),
        row.quantity,
        row.change,
        WriteStatus(row.status),
        row.applied,
        row.expected,
    )


def is_shop(manifest: Manifest | None) -> bool:
    """Whether a platform is our own shop, which asks us for every hold."""
    return manifest is not None and manifest.write is WriteMode.NONE
