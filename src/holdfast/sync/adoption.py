"""A listing that is new to us has a counter already: what the pool can cover of it becomes its right."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from holdfast.channels.manifest import WriteMode
from holdfast.channels.orders import StockWrite
from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.views import StockView
from holdfast.storage.contract import StoreError
from holdfast.storage.records import RightChange

from .inbound.plan import transfers
from .listings import Listing, Listings
from .messages import ListingAdded, Operation
from .outbound import note_error
from .restore import balance, pools_of, setup
from .world import ConnectedChannel, World, succeeded

ADOPTION_ACTOR = "sync:adoption"
PAUSE_S = 1.0
PAUSE_MAX_S = 30.0

_log = logging.getLogger("holdfast.sync")


async def adopt(
    world: World,
    channel: ConnectedChannel,
    listings: Listings,
    listing: Listing,
    wanted: Callable[[], bool],
) -> None:
    """Read the counter, take it over, and hand the listing to the core; goes on while that is wanted.

    What the pool cannot cover is taken off the counter, or it would be sold without a right.
    """
    pause_s = PAUSE_S
    while wanted():
        try:
            if await _take_over(world, channel, listings, listing, wanted):
                listing.adopted = True
                world.tell(ListingAdded(setup(listing)))
                return
        except (StoreError, EngineFullError, EngineStoppedError) as error:
            _log.warning("%s: listing %s waits: %s", *listing.id, error)
        except Exception as error:  # noqa: BLE001 - it is tried again, and the channel shows why
            note_error(channel, error, world.now_us())
        await world.sleep(pause_s)
        pause_s = min(PAUSE_MAX_S, pause_s * 2)


async def _take_over(
    world: World,
    channel: ConnectedChannel,
    listings: Listings,
    listing: Listing,
    wanted: Callable[[], bool],
) -> bool:
    """Whether it is done; otherwise it has to be tried again."""
    session = f"a{world.now_us():x}"
    counter = await _counter(channel, listing)
    since_us = world.now_us()
    await world.ready.wait()
    skus = [sku for sku, _ in listing.draws]
    views = await world.readers.read(lambda reader: [reader.stock(sku) for sku in skus])
    stocks = {view.sku: view for view in views if view is not None}
    pools, spare = pools_of(stocks), _spare(channel.channel, listings, stocks)
    free = {sku: max(0, pools.get(sku, 0)) + spare.get(sku, 0) for sku in skus}
    units = min([counter, *(free[sku] // each for sku, each in listing.draws)])
    # Off the counter first: if it fails, nothing has happened; a right without a counter would be lost stock.
    if counter > units:
        await _lower(channel, listing, counter, units, session)
    name = f"adopted:{session}:{listing.id.channel}:{listing.id.listing}"
    source, target = (AccountKind.UNALLOCATED, ""), (AccountKind.CHANNEL, channel.channel)
    wanting = [(sku, units * each - spare.get(sku, 0)) for sku, each in listing.draws]
    draws = tuple((sku, missing) for sku, missing in wanting if missing > 0)
    commands = (
        [transfers(name, draws, 1, source, target, "adopted", ADOPTION_ACTOR, listing.id.listing)]
        if draws
        else []
    )
    if not world.ready.is_set() or not wanted():
        return False
    change = listings.change(RightChange(*listing.id, units, since_us=since_us))
    answer = world.submit(commands, [change])
    try:
        done = succeeded(await answer)
    except StoreError:
        world.broken("a listing was not taken over")
        raise
    if not done:
        listings.undo(change)
    return done


def _spare(channel: str, listings: Listings, stocks: dict[str, StockView]) -> dict[str, int]:
    """Units that a channel has by hand and no right draws on yet."""
    found = {}
    for sku, view in stocks.items():
        posted, held = balance(view, AccountKind.CHANNEL, channel)
        found[sku] = max(0, posted - held - listings.sellable(channel, sku))
    return found


async def _counter(channel: ConnectedChannel, listing: Listing) -> int:
    """What is on the counter; 0 where it cannot be read."""
    if not channel.manifest.read_back:
        return 0
    async with asyncio.timeout(channel.manifest.timeout_s):
        (reading,) = await channel.adapter.read_stock([listing.ref])
    return max(0, reading.sellable)


async def _lower(channel: ConnectedChannel, listing: Listing, counter: int, units: int, session: str) -> None:
    """Take off the counter what nothing covers; a platform that cannot shrink keeps it, and that is said."""
    manifest = channel.manifest
    if not manifest.can_shrink:
        _log.warning("%s: listing %s shows %d units without a right", *listing.id, counter - units)
        return
    write = StockWrite(
        listing.ref,
        Operation.SUBTRACT.value,
        counter - units,
        f"{session}-a-{listing.id.listing}"[:60],
        None,
    )
    if manifest.write is not WriteMode.RELATIVE:
        write = replace(write, operation=Operation.SET.value, quantity=units, expected=counter)
    async with asyncio.timeout(manifest.timeout_s):
        await channel.adapter.write_stock(write)
