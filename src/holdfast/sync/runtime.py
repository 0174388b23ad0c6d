"""The sync while it runs: one core for all channels, fed by ledger, pushes, polls and answers."""

import asyncio
import logging
from collections.abc import Callable, Mapping

from holdfast.channels.adapter import Adapter
from holdfast.channels.errors import PushRefused
from holdfast.channels.manifest import PushMode
from holdfast.channels.orders import Acknowledgement
from holdfast.engine.engine import EngineFullError, EngineStoppedError
from holdfast.ledger.state import State
from holdfast.storage.contract import StoreError
from holdfast.storage.records import RightChange, TokensRow

from .adoption import adopt
from .connections import Connections
from .core import Core
from .debts import Debts
from .inbound.desk import Desk, OrderRefusedError
from .inbound.polling import Polling
from .inbound.pushes import Inbound
from .inbound.retention import Retention
from .ledger_news import news_of
from .listings import Listing, Listings, draws_of
from .measures import ChannelMeasures, ChannelSync, stop_of
from .messages import (
    Effects,
    Event,
    ListingAdded,
    ListingId,
    ListingRemoved,
    OrderHeard,
    OrderUndone,
    PoolChanged,
    RuleChanged,
    Woke,
)
from .outbound import Outbound, is_up
from .restore import (
    LedgerOnFile,
    SyncOnFile,
    debts_of,
    healing,
    is_shop,
    pools_of,
    read_ledger,
    read_sync,
    setup,
    shop_listings,
    started,
)
from .world import AdapterFactory, ConnectedChannel, World

AGAIN_S = 0.5
AGAIN_MAX_S = 10.0
NOT_SAVED = (StoreError, EngineFullError, EngineStoppedError, OrderRefusedError)

_log = logging.getLogger("holdfast.sync")


class UnknownChannelError(Exception):
    """There is no connection of that name that runs; the message says why."""


class SyncRuntime:
    """For the event loop alone. Without a connection on file nothing of it runs."""

    def __init__(
        self,
        world: World,
        adapters: AdapterFactory,
        make_core: Callable[[], Core] = Core,
        *,
        push_keep_days: int = 0,
    ) -> None:
        self._world = world
        self._adapters = adapters
        self._make_core = make_core
        self._core: Core | None = None
        self._listings = Listings((), (), {})
        self._desk = Desk(world, self._listings)
        self._inbound = Inbound(world, self._desk)
        self._outbound = Outbound(world, self._listings, Polling(world, self._desk).poll)
        self._connections = Connections(world, adapters, self._connected)
        self._debts = Debts(world)
        self._retention = Retention(world, push_keep_days)
        self._shops: set[str] = set()
        self._on_file: SyncOnFile | None = None
        self._committed: list[State] = []
        """Commits since the rebuild under way began."""
        self._known_to = 0
        """The commit up to which the file was read that the core began from."""
        self._loading = asyncio.Lock()
        self._wanted = asyncio.Event()
        self._alarm: asyncio.TimerHandle | None = None
        self._session = ""
        self._stopping = False
        world.tell = self.tell
        world.broken = self._broken

    async def start(self) -> None:
        """Take up what is on file; a store in trouble is waited for."""
        self._world.spawn(self._rebuild_when_wanted())
        self._world.spawn(self._retention.run())
        self._wanted.set()
        await self._rebuild_once()

    async def stop(self) -> None:
        """End all tasks; what was handed to the engine is decided there."""
        self._stopping = True
        self._pause()
        await self._world.stop()

    async def refresh(self) -> None:
        """Take up changed connections and listings; returns when that is done. Raises StoreError."""
        async with self._loading:
            sync = await self._world.readers.read_sync(read_sync)
            if self._core is None or self._needs_rebuild(sync):
                self._wanted.set()
            else:
                await self._take_up(sync)
        if self._wanted.is_set():
            await self._rebuild_once()

    def on_commit(self, state: State) -> None:
        """Called for every commit, in order; one that was read with the file is known already."""
        if state.commit_number <= self._known_to:
            return
        if self._core is not None:
            self._take(state)
        elif self._loading.locked():
            self._committed.append(state)

    async def receive(
        self, channel: str, headers: Mapping[str, str], query: Mapping[str, str], body: bytes
    ) -> Acknowledgement:
        """Take a push in; raises PushRefused, UnknownChannelError, StoreError or EngineFullError."""
        return await self._inbound.receive(self._running(channel), headers, query, body)

    def answer_check(self, channel: str, query: Mapping[str, str]) -> Acknowledgement:
        """Answer the platform's GET that checks our address; raises PushRefused, UnknownChannelError."""
        running = self._running(channel)
        try:
            return running.adapter.answer_check(query)
        except PushRefused as refused:
            running.measures.pushes_refused[refused.reason] += 1
            raise

    def adapter(self, channel: str) -> Adapter:
        """The adapter of a connected channel; raises UnknownChannelError."""
        return self._running(channel).adapter

    async def save_tokens(self, row: TokensRow) -> None:
        """Put tokens on file that a platform gave for the old ones; this is no new connection."""
        await self._world.submit((), (row,))
        channel = self._world.channels.get(row.channel)
        if channel is not None:
            channel.tokens = row

    def channel(self, name: str) -> ChannelSync | None:
        """How a channel stands; None if it has no connection."""
        channel = self._world.channels.get(name)
        problem = self._connections.problems.get(name, "")
        if channel is None:
            down = ChannelSync(name, "", False, problem, ChannelMeasures(), {}, {}, None, None)
            return down if problem else None
        measures, tokens = channel.measures, channel.tokens
        listings = [
            listing
            for listing in self._listings.all()
            if listing.id.channel == name and not listing.row.removed
        ]
        rights = {listing.id.listing: listing.right for listing in listings}
        up = is_up(channel) and self._core is not None
        return ChannelSync(
            name,
            channel.platform,
            up,
            "" if up else measures.last_error,
            measures,
            rights,
            {
                listing.id.listing: stop_of(listing.right, channel.manifest)
                for listing in listings
                if listing.frozen
            },
            tokens.access_expires_at_us if tokens is not None else None,
            tokens.refresh_expires_at_us if tokens is not None else None,
        )

    def channels(self) -> list[ChannelSync]:
        """All channels with a connection."""
        names = sorted({*self._world.channels, *self._connections.problems})
        return [found for name in names if (found := self.channel(name)) is not None]

    def debts(self) -> dict[tuple[str, str], int]:
        """Units sold that nothing covers yet, by (channel, SKU)."""
        return self._debts.open()

    def tell(self, event: Event) -> None:
        """Give the core an event, and carry out what it asks for."""
        if self._core is not None:
            self._perform(self._core.handle(event, self._world.now_s()))

    def _running(self, name: str) -> ConnectedChannel:
        channel = self._world.channels.get(name)
        if channel is None:
            problem = self._connections.problems.get(name, f"channel {name} has no connection")
            raise UnknownChannelError(problem)
        return channel

    def _connected(self, channel: ConnectedChannel) -> None:
        if channel.manifest.push is PushMode.PULL:
            self._world.spawn(self._inbound.pull(channel))

    def _perform(self, effects: Effects) -> None:
        for commit in effects.commits:
            self._outbound.commit(commit)
        for call in effects.calls:
            self._outbound.call(call)
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if effects.wake_at_s is not None:
            loop = asyncio.get_running_loop()
            wait_s = max(0.0, effects.wake_at_s - self._world.now_s())
            self._alarm = loop.call_at(loop.time() + wait_s, self.tell, Woke())

    def _take(self, state: State) -> None:
        """Tell the core what a commit means for it."""
        news = news_of(state, self._shops.__contains__)
        events: list[Event] = [PoolChanged(sku, change) for sku, change in news.pools.items() if change]
        items, channels = state.changes.skus, state.changes.channels
        if items or channels:
            turned = self._listings.hear(items.values(), channels.values())
            events += [RuleChanged(listing.id, listing.rule) for listing in turned]
        now_s = self._world.now_s()
        for (channel, sku), change in news.shop.items():
            id = ListingId(channel, sku)
            self._listings.change(RightChange(*id, change))
            if change < 0:
                events.append(OrderHeard(id, "", -change, now_s, by_poll=True))
            elif change > 0:
                events.append(OrderUndone(id, "", change, now_s, by_poll=True))
        if events and self._core is not None:
            self._perform(self._core.handle_all(events, now_s))
        self._debts.take(news)
        if items and self._sells_otherwise(state):
            self._broken("an item that a listing sells was changed")

    def _sells_otherwise(self, state: State) -> bool:
        items = state.changes.skus
        return any(
            listing.row.sku in items and draws_of(items[listing.row.sku]) != listing.draws
            for listing in self._listings.all()
            if listing.stored
        )

    def _pause(self) -> None:
        self._world.ready.clear()
        self._core = None
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _broken(self, why: str) -> None:
        """What is in memory may not be what is on file: stop, and begin anew from the file."""
        if self._core is not None and not self._stopping:
            _log.warning("the sync begins anew from what is on file: %s", why)
            self._pause()
            self._wanted.set()

    async def _rebuild_when_wanted(self) -> None:
        while True:
            await self._wanted.wait()
            await self._rebuild_once()

    async def _rebuild_once(self) -> None:
        pause_s = AGAIN_S
        while not self._stopping:
            try:
                async with self._loading:
                    if self._wanted.is_set():
                        self._wanted.clear()
                        await self._rebuild()
                return
            except NOT_SAVED as error:
                self._wanted.set()
                _log.warning("the sync waits: %s", error)
                await self._world.sleep(pause_s)
                pause_s = min(AGAIN_MAX_S, pause_s * 2)

    async def _rebuild(self) -> None:
        world = self._world
        self._pause()
        await world.settled()
        self._committed.clear()
        sync = await world.readers.read_sync(read_sync)
        self._on_file = sync
        if not sync.connections:
            self._connections.clear()
            self._shops = set()
            return
        ledger = await world.readers.read(read_ledger(row.sku for row in sync.listings))
        self._session = f"s{world.now_us():x}"
        self._set_listings(sync, ledger)
        heal = healing(self._listings, ledger, self._session)
        if heal:
            _log.error("rights that no account covers, now debts: %s", heal)
            await world.submit(heal, ())
            ledger = await world.readers.read(read_ledger(row.sku for row in sync.listings))
        await self._connections.take_up(sync, ledger)
        self._begin(sync, ledger)

    def _set_listings(self, sync: SyncOnFile, ledger: LedgerOnFile) -> None:
        shops = {
            name
            for name, channel in ledger.channels.items()
            if is_shop(self._adapters.manifest(channel.platform))
        }
        self._shops = shops & {row.channel for row in sync.listings if not row.removed}
        rows = [row for row in sync.listings if row.channel not in shops]
        self._listings = Listings(rows, sync.rights, ledger.items, ledger.channels.values())
        self._desk.listings = self._outbound.listings = self._listings

    def _begin(self, sync: SyncOnFile, ledger: LedgerOnFile) -> None:
        """Start the core; nothing here waits, so no commit falls between the file and its first event."""
        world = self._world
        active = [
            listing
            for listing in self._listings.all()
            if listing.draws and not listing.row.removed and listing.id.channel in world.channels
        ]
        manifests = {name: channel.manifest for name, channel in world.channels.items()}
        known = [listing for listing in active if listing.adopted]
        for name in sorted(self._shops):
            manifest = self._adapters.manifest(ledger.channels[name].platform)
            assert manifest is not None
            manifests[name] = manifest
            for listing in shop_listings(sync.listings, ledger, name):
                self._listings.put(listing)
                known.append(listing)
        for name, channel in world.channels.items():
            channel.measures.open_writes = {row.id for row in sync.writes if row.channel == name}
            channel.measures.unmapped_orders = {row.order for row in sync.unmapped if row.channel == name}
        pools = pools_of(ledger.stocks)
        self._core = self._make_core()
        self.tell(started(manifests, known, sync.writes, pools, self._session))
        self._debts.begin(debts_of(ledger.stocks), self._listings, self._session)
        self._known_to = ledger.commit_number
        for state in self._committed:
            if state.commit_number > ledger.commit_number:
                self._take(state)
        self._committed.clear()
        world.ready.set()
        for name, channel in world.channels.items():
            self._inbound.resume(channel, [row for row in sync.pushes if row.channel == name])
        for listing in active:
            if not listing.adopted:
                self._adopt(listing)
        world.spawn(self._book_mapped(sync))

    def _adopt(self, listing: Listing) -> None:
        listings = self._listings
        channel = self._world.channels[listing.id.channel]

        def wanted() -> bool:
            current = self._listings is listings and self._world.channels.get(channel.channel) is channel
            return current and not listing.row.removed

        self._world.spawn(adopt(self._world, channel, listings, listing, wanted))

    async def _book_mapped(self, sync: SyncOnFile) -> None:
        """Book orders whose listings were not mapped when they came."""
        for row in sync.unmapped:
            channel = self._world.channels.get(row.channel)
            if channel is None or not any(
                self._listings.mapped(row.channel, line.listing) for line in row.lines if not line.hold
            ):
                continue
            try:
                await self._desk.again(channel, row)
            except NOT_SAVED as error:
                _log.warning("%s: order %s waits to be booked: %s", row.channel, row.order, error)

    def _needs_rebuild(self, sync: SyncOnFile) -> bool:
        """Whether more changed than listings that can be added, removed and ruled while all goes on."""
        before = self._on_file
        if before is None or before.connections != sync.connections:
            return True
        channels = self._world.channels
        if any(channel.tokens != sync.tokens.get(name) for name, channel in channels.items()):
            return True
        known = {(row.channel, row.listing): row for row in before.listings}
        for row in sync.listings:
            old = known.get((row.channel, row.listing))
            if old != row and (row.channel not in channels or (old is not None and old.sku != row.sku)):
                return True
        return False

    async def _take_up(self, sync: SyncOnFile) -> None:
        """Add, remove and rule listings while all goes on."""
        before = self._on_file
        assert before is not None
        known = {(row.channel, row.listing): row for row in before.listings}
        changed = [row for row in sync.listings if known.get((row.channel, row.listing)) != row]
        ledger = await self._world.readers.read(read_ledger(row.sku for row in changed))
        self._listings.learn(ledger.items.values())
        for row in changed:
            id = ListingId(row.channel, row.listing)
            listing = self._listings.get(id)
            if listing is None:
                listing = Listing(row, draws_of(ledger.items.get(row.sku)), 0, adopted=False)
                self._listings.put(listing)
                was_removed = True
            else:
                was_removed, listing.row = listing.row.removed, row
            if row.removed and not was_removed:
                self.tell(ListingRemoved(id))
            elif not row.removed and listing.draws and was_removed:
                if listing.adopted:
                    self.tell(ListingAdded(setup(listing)))
                else:
                    self._adopt(listing)
            elif not row.removed:
                self.tell(RuleChanged(id, listing.rule))
        self._on_file = sync
        await self._book_mapped(sync)
