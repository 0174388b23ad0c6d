"""The feed: committed stock in order, the newest value per SKU, one encoding for all who watch."""

import asyncio
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from time import perf_counter

import msgspec

from holdfast.engine.measures import SECONDS, Histogram
from holdfast.ledger.accounts import Account, AccountKind
from holdfast.ledger.state import State
from holdfast.ledger.views import StockView, stock_view

_encode = msgspec.json.Encoder().encode


class Change:
    """A SKU's stock as of `version`, and its JSON, made once however many watch."""

    __slots__ = ("_json", "committed_at", "version", "view")

    def __init__(self, view: StockView, committed_at: float | None = None) -> None:
        self.view = view
        self.version = view.version
        self.committed_at = committed_at
        self._json: bytes | None = None

    def json(self) -> bytes:
        """The stock document, as `GET /v1/stock/{sku}` gives it."""
        if self._json is None:
            self._json = _encode(self.view)
        return self._json


class Subscription:
    """One watcher: at most one waiting change per SKU, so a slow one costs nobody anything."""

    def __init__(
        self,
        sku: str | None,
        channel: str | None,
        skus: AbstractSet[str] | None,
        documents: bool,
    ) -> None:
        self._sku = sku
        self._skus = skus
        self._channel = channel
        self._documents = documents
        self._waiting: dict[str, Change] = {}
        self._announced: dict[tuple[str, str], None] = {}
        self._arrived = asyncio.Event()
        self.closed = False

    def wants(self, view: StockView) -> bool:
        """Whether the filters let this SKU through."""
        if self._sku is not None and view.sku != self._sku:
            return False
        if self._skus is not None and view.sku not in self._skus:
            return False
        if self._channel is None:
            return True
        name = f"{AccountKind.CHANNEL.value}:{self._channel}"
        return any(account.account == name for account in view.accounts)

    def offer(self, change: Change) -> None:
        """Put a change in the place of an older one of the same SKU."""
        if self.wants(change.view):
            # Taken out and put in again: the order of changes is the order of their latest commits.
            self._waiting.pop(change.view.sku, None)
            self._waiting[change.view.sku] = change
            self._arrived.set()

    def announce(self, kind: str, id: str) -> None:
        """Tell that a document changed, once however often it did."""
        if self._documents:
            self._announced[kind, id] = None
            self._arrived.set()

    def announced(self) -> list[tuple[str, str]]:
        """Kinds and ids of the documents that changed since the last call."""
        announced, self._announced = list(self._announced), {}
        return announced

    async def next(self, timeout_s: float) -> list[Change]:
        """All that waits, in order of version.

        Empty after `timeout_s` of quiet, when a document changed, or when the feed ends.
        """
        if not self._waiting and not self._announced and not self.closed:
            try:
                async with asyncio.timeout(timeout_s):
                    await self._arrived.wait()
            except TimeoutError:
                return []
        self._arrived.clear()
        changes, self._waiting = list(self._waiting.values()), {}
        return changes

    def close(self) -> None:
        """Wake the watcher for the last time."""
        self.closed = True
        self._arrived.set()


class Feed:
    """All watchers of one process."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()
        self.lag_s = Histogram(SECONDS)
        self.closed = False

    @property
    def watchers(self) -> int:
        """How many watch now."""
        return len(self._subscriptions)

    def subscribe(
        self,
        sku: str | None = None,
        channel: str | None = None,
        *,
        skus: AbstractSet[str] | None = None,
        documents: bool = False,
    ) -> Subscription:
        """Watch from now on; what came before is read from the store, by version.

        `skus` is looked at with each change, so its owner may alter it. With `documents` the watcher is also
        told which documents of the operations changed.
        """
        subscription = Subscription(sku, channel, skus, documents)
        if self.closed:
            subscription.close()
        self._subscriptions.add(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Stop to watch."""
        self._subscriptions.discard(subscription)

    def publish(self, state: State) -> None:
        """Tell every watcher what a commit changed; costs nothing when nobody watches."""
        if not self._subscriptions:
            return
        now = perf_counter()
        for view in _changed_views(state):
            change = Change(view, now)
            for subscription in self._subscriptions:
                subscription.offer(change)

    def publish_stocks(self, stocks: Iterable[StockView]) -> None:
        """The same for what other servers changed: stock in order of version, with nothing older left out."""
        now = perf_counter()
        for view in stocks if self._subscriptions else ():
            change = Change(view, now)
            for subscription in self._subscriptions:
                subscription.offer(change)

    def announce(self, kind: str, id: str) -> None:
        """Tell who wants to know that a document (a show, a drop, a warning) changed or is gone."""
        for subscription in self._subscriptions:
            subscription.announce(kind, id)

    def sent(self, changes: Iterable[Change]) -> None:
        """Measure how long changes took from the commit to the watcher's socket."""
        now = perf_counter()
        for change in changes:
            if change.committed_at is not None:
                self.lag_s.observe(now - change.committed_at)

    def close(self) -> None:
        """Let every watcher go."""
        self.closed = True
        for subscription in self._subscriptions:
            subscription.close()


def _changed_views(state: State) -> list[StockView]:
    changed = {key.sku for key in state.changes.accounts}
    by_sku: dict[str, list[Account]] = {sku: [] for sku in changed}
    for key, account in state.accounts.items():
        # Version 0: a refused command looked at an account that does not exist, and none was made.
        if key.sku in by_sku and account.version:
            by_sku[key.sku].append(account)
    return [stock_view(sku, accounts) for sku, accounts in by_sku.items()]
