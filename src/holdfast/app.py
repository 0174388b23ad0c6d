"""The composition root: the only file that names concrete stores; it makes one running Holdfast."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import local
from typing import TypeVar

from holdfast.engine.auditor import Auditor
from holdfast.engine.clock import LedgerClock
from holdfast.engine.engine import Engine
from holdfast.engine.follower import Follower
from holdfast.engine.replica import Replica
from holdfast.ledger.state import State
from holdfast.ledger.views import StockView
from holdfast.live.feed import Feed
from holdfast.live.keys import FIRST_KEY, KeyRing, Role, hash_key
from holdfast.live.overlay.hub import OverlayHub
from holdfast.live.overlay.ring import OverlayRing
from holdfast.live.sessions import Sessions
from holdfast.operations.adapters import PlatformAdapters
from holdfast.operations.destinations.desk import Destinations
from holdfast.operations.destinations.outbox import Outbox
from holdfast.operations.drops.drops import Drops
from holdfast.operations.guard.desk import GuardDesk
from holdfast.operations.limits.office import LimitsOffice
from holdfast.operations.reserve.news import News
from holdfast.operations.reserve.runner import ReserveRunner
from holdfast.operations.shows.gather import Gather
from holdfast.operations.shows.shows import Shows
from holdfast.operations.warnings import LinesBook, WarningWatch
from holdfast.sealing import Sealer
from holdfast.settings import Settings, SettingsError, data_directory
from holdfast.storage.contract import (
    FencedStore,
    KeyStore,
    NewsReader,
    OverlayStore,
    Reader,
    Store,
    StoreError,
    WorkerPost,
)
from holdfast.storage.records import TokensRow
from holdfast.storage.sqlite import SqliteKeys, SqliteOverlays, SqliteReader, SqliteStore, SqliteSyncReader
from holdfast.storage.sync_contract import SyncReader
from holdfast.sync.runtime import SyncRuntime
from holdfast.sync.world import World

READ_THREADS = 2
SECRET_KEY_FILE = "secret.key"  # noqa: S105 - where it lies, not what it is
KEY_REFRESH_S = 2.0

T = TypeVar("T")
R = TypeVar("R", Reader, SyncReader)

_log = logging.getLogger("holdfast.app")


class StoreFactory:
    """Makes the parts of one store from its URL.

    `store` gives a writing side, `reader` and `sync_reader` a reading side for one thread, `keys` and
    `overlays` the rows that people change, for one short piece of work.
    """

    store: Callable[[], Store]
    reader: Callable[[], Reader]
    sync_reader: Callable[[], SyncReader]
    keys: Callable[[], KeyStore]
    overlays: Callable[[], OverlayStore]
    news: Callable[[], NewsReader] | None = None
    """Commits of other servers, where several may share the store; `post` says who of them works."""
    post: Callable[[], WorkerPost] | None = None

    def __init__(self, url: str) -> None:
        scheme, _, path = url.partition("://")
        if scheme == "sqlite" and path.startswith("/") and path != "/":
            # Three slashes or four: the path is absolute, as a URL says, and `sqlite:///` + "/tmp/x.db" too.
            self._use_file(Path("/" + path.lstrip("/")))
        elif scheme in ("postgresql", "postgres"):
            self._use_database(url)
        else:
            # The URL itself is not repeated: one that is mistyped may hold a password all the same.
            raise SettingsError(
                f"a store {scheme}://… is not known; write"
                " sqlite:///path/to/file.db or postgresql://user@host/database"
            )
        self.key_file = self.folder / SECRET_KEY_FILE

    def make_folder(self) -> None:
        """Make the folder of what lies in files, private to its owner: a first start needs no preparation."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise SettingsError(f"the store's folder {self.folder} cannot be made: {error}") from error

    def _use_file(self, path: Path) -> None:
        self.folder = path.parent
        self.store = partial(SqliteStore, path)
        self.reader = partial(SqliteReader, path)
        self.sync_reader = partial(SqliteSyncReader, path)
        self.keys = partial(SqliteKeys, path)
        self.overlays = partial(SqliteOverlays, path)

    def _use_database(self, url: str) -> None:
        try:
            from holdfast.storage import postgres
        except ImportError as error:
            raise SettingsError(
                f"a store on PostgreSQL needs psycopg; pip install 'holdfast[postgresql]' ({error})"
            ) from error
        try:
            postgres.check_url(url)
        except ValueError as error:
            raise SettingsError(str(error)) from error
        self.folder = data_directory()
        writer = secrets.randbits(62)
        self.store = partial(postgres.PostgresStore, url, writer)
        self.news = partial(postgres.PostgresNews, url, writer)
        self.post = partial(postgres.PostgresPost, url)
        self.reader = partial(postgres.PostgresReader, url)
        self.sync_reader = partial(postgres.PostgresSyncReader, url)
        self.keys = partial(postgres.PostgresKeys, url)
        self.overlays = partial(postgres.PostgresOverlays, url)


class Holdfast:
    """One process: engine, feed, keys, readers, auditor and the sync with platforms on one store."""

    def __init__(self, settings: Settings, clock: LedgerClock | None = None) -> None:
        self.settings = settings
        self.stores = StoreFactory(settings.store_url())
        self.feed = Feed()
        self.clock = clock or LedgerClock()
        store = self.stores.store()
        now_us = self.clock.now_us
        self.engine = Engine(store, self.clock, on_commit=self._committed, queue_max=settings.queue_max)
        self._share(store)
        self.sealer = Sealer(settings.secret_key, self.stores.key_file)
        self.adapters = PlatformAdapters(self.sealer, now_us, self._save_tokens)
        self.sync = SyncRuntime(
            World(self.engine, self, now_us),
            self.adapters,
            push_keep_days=settings.push_keep_days,
        )
        self.connected: set[str] = set()
        """Channels with a connection on file: their rights move by the sync alone."""
        self.mapping = asyncio.Lock()
        """Held while people change what the sync relies on, or move a connected channel's stock."""
        self.catalog = asyncio.Lock()
        """Held while an item is changed in part: read, altered and put as a whole."""
        limits = LimitsOffice(self.engine, self, now_us, self.catalog)
        self.drops = Drops(self.engine, self, now_us, limits, self._drop_changed, counters=self.sync)
        self.guards = GuardDesk(self.engine, self, now_us, self.sealer, self.catalog, self.feed.announce)
        self.shows = Shows(self.engine, self, now_us, limits, self.feed.announce)
        self.shows.on_end.append(self.drops.end_of_show)
        self.reserve = ReserveRunner(
            self.shows, self.engine, self, News(self.sync, self), now_us, self.feed.announce
        )
        self.shows.on_end.append(self.reserve.end_of_show)
        self.preflight = Gather(self, self.sync, self.adapters.manifest, now_us)
        self.keys = KeyRing(self.stores.keys, now_us)
        self.sessions = Sessions(self.keys, self.sealer, now_us)
        self.overlays = OverlayRing(self.stores.overlays, now_us)
        self.overlay_hub = OverlayHub(
            self.feed, self.overlays, self.read, settings.overlay_viewers_max, self.drops.next_drop
        )
        self.outbox = Outbox(self)
        self.warning_lines = LinesBook(self.engine, self, now_us, self.feed.announce)
        self.warnings = WarningWatch(
            self.engine, self, now_us, self.warning_lines, self.outbox, self.feed.announce
        )
        self.destinations = Destinations(
            self.engine,
            self,
            now_us,
            self.sealer,
            self.outbox,
            self.feed.announce,
            private=settings.private_destinations,
        )
        self.warnings.plan = self.shows.plan_of
        self.warnings.next_item = self.shows.next_of
        self.auditor = Auditor(self.stores.reader())
        self.first_key: str | None = None
        self._readers = local()
        self._open_readers: list[Reader | SyncReader] = []
        self._read_pool = ThreadPoolExecutor(READ_THREADS, thread_name_prefix="holdfast-read")
        self._refresh: asyncio.Task[None] | None = None

    @property
    def working(self) -> bool:
        """Whether this server does the work in the background, and keeps what it needs for that in memory."""
        return self.replica is None or self.replica.working

    async def start(self) -> None:
        """Open everything; `first_key` is set if this start made the first administrator key."""
        self.stores.make_folder()
        await self.engine.start()
        await asyncio.to_thread(self._prepare_keys)
        await self.read_connected()
        if self.replica is None or self.follower is None:
            await self._begin_work()
        else:
            self.replica.url = self.settings.replica_url
            await self.follower.start()
            await self.replica.start()
        self._refresh = asyncio.create_task(self._refresh_keys())

    async def _begin_work(self) -> None:
        """Start all that is done by one server: sync, drops, shows, warnings, expiry, audit."""
        if self.follower is not None:
            await self.follower.catch_up()
        self._hears = True
        await self.read_connected()
        await self.outbox.load()
        await self.destinations.start()
        await self.warning_lines.load()
        await self.warnings.start()
        # Drops first: the sync has to find their listings fenced.
        await self.drops.start()
        await self.sync.start()
        await self.guards.start()
        await self.shows.start()
        await self.reserve.start()
        self.engine.expires = True
        if self.settings.audit:
            self.auditor.start()

    async def stop(self) -> None:
        """Let watchers go, answer what was taken, close everything."""
        self.feed.close()
        if self._refresh is not None:
            self._refresh.cancel()
        if self.replica is not None:
            await self.replica.stop()
        await self.drops.stop()
        await self.reserve.stop()
        await self.guards.stop()
        await self.sync.stop()
        await self.warnings.stop()
        await self.destinations.stop()
        await self.adapters.close()
        await asyncio.to_thread(self.auditor.stop)
        if self.follower is not None:
            await self.follower.stop()
        await asyncio.to_thread(self._close_readers)
        # The writer goes last: the last one to leave the file puts its log away, and readers may not do that.
        await self.engine.stop()
        if self.replica is not None:
            await self.replica.leave()

    def _close_readers(self) -> None:
        self._read_pool.shutdown()
        for reader in self._open_readers:
            reader.close()

    async def _save_tokens(self, row: TokensRow) -> None:
        await self.sync.save_tokens(row)

    def _share(self, store: Store) -> None:
        """Be one of several servers, if the store is one that servers share."""
        self.replica: Replica | None = None
        """Among several servers on one database; None where there is but one, which does everything."""
        self.follower: Follower | None = None
        self._hears = True
        """Whether the parts that work are told of commits."""
        role = self.settings.role
        if isinstance(store, FencedStore):
            assert self.stores.news is not None
            assert self.stores.post is not None
            self.engine.expires = self._hears = False
            self.replica = Replica(self.stores.post(), store.fence, self._begin_work, wants=role != "api")
            self.follower = Follower(
                self.stores.news(), self._told_next, self._told_of_others, self._told_in_memory
            )
        elif role != "all":
            raise SettingsError(f"the role {role} needs a store that servers share, one on PostgreSQL")

    def _drop_changed(self, kind: str, id: str) -> None:
        self.feed.announce(kind, id)
        self.overlay_hub.planned()

    def _committed(self, state: State) -> None:
        if self.follower is None:
            self._told_next(state)
        else:
            self.follower.own(state)

    def _told_next(self, state: State) -> None:
        """Tell of the commit that comes next: to who watches, and to what works by it."""
        self.feed.publish(state)
        self._told_in_memory(state)

    def _told_of_others(self, commits: Sequence[State] | None, stocks: Sequence[StockView]) -> None:
        self.feed.publish_stocks(stocks)
        for state in commits or ():
            self._told_in_memory(state)
        if commits is None and self.replica is not None and self._hears:
            self.replica.give_up("the commits of other servers went by too fast to be followed")

    def _told_in_memory(self, state: State) -> None:
        if state.changes.skus:
            self.overlay_hub.renamed(state.changes.skus.values())
        if self._hears:
            self.sync.on_commit(state)
            self.warnings.note(state)
            self.guards.on_commit(state)
            self.reserve.on_commit(state)

    async def read(self, query: Callable[[Reader], T]) -> T:
        """Run a query on a reading thread; raises StoreError."""
        return await self._on_reading_thread("reader", self.stores.reader, query)

    async def read_sync(self, query: Callable[[SyncReader], T]) -> T:
        """The same for the records of the sync."""
        return await self._on_reading_thread("sync_reader", self.stores.sync_reader, query)

    async def read_connected(self) -> None:
        """Note which channels have a connection; called when that changed."""
        rows = await self.read_sync(lambda reader: reader.connections())
        self.connected = {row.channel for row in rows}

    async def _on_reading_thread(self, name: str, make: Callable[[], R], query: Callable[[R], T]) -> T:
        def run() -> T:
            reader: R | None = getattr(self._readers, name, None)
            if reader is None:
                reader = make()
                setattr(self._readers, name, reader)
                self._open_readers.append(reader)
            try:
                return query(reader)
            except StoreError:
                reader.close()
                raise

        return await asyncio.get_running_loop().run_in_executor(self._read_pool, run)

    def _prepare_keys(self) -> None:
        """Set the administrator key from the settings, or make the first one on a store without keys."""
        self.keys.refresh()
        self.overlays.refresh()
        given = self.settings.api_key
        known = {row.hash for row in self.keys.rows()}
        if given and hash_key(given) not in known:
            if any(row.name == FIRST_KEY and self.keys.is_live(row) for row in self.keys.rows()):
                self.keys.revoke(FIRST_KEY, "system:settings")
            self.keys.create(FIRST_KEY, Role.ADMINISTRATOR, "system:settings", key=given)
        elif not known:
            self.first_key = self.keys.create(FIRST_KEY, Role.ADMINISTRATOR, "system:first-start")

    async def _see_the_work(self) -> None:
        """Learn what the server that works changed: connections, and the drops that overlays announce."""
        await self.read_connected()
        await self.drops.look()
        self.overlay_hub.planned()

    async def _refresh_keys(self) -> None:
        told = ""
        while True:
            await asyncio.sleep(KEY_REFRESH_S)
            try:
                await asyncio.to_thread(self.keys.refresh)
                await asyncio.to_thread(self.overlays.refresh)
                self.overlay_hub.refreshed()
                if not self._hears:
                    await self._see_the_work()
                told = ""
            except StoreError as error:
                if str(error) != told:
                    told = str(error)
                    _log.warning("keys and overlays were not read anew: %s", told)
