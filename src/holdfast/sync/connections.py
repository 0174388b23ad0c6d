"""Connections on file turned into adapters; those that did not change go on as they are."""

import logging
from collections.abc import Callable

from holdfast.ledger.records import Channel
from holdfast.storage.records import ConnectionRow, PollRow, TokensRow

from .restore import LedgerOnFile, SyncOnFile, is_shop
from .world import AdapterFactory, ConnectedChannel, World

_log = logging.getLogger("holdfast.sync")


class Connections:
    """Makes adapters, and remembers why one could not be made."""

    def __init__(
        self, world: World, adapters: AdapterFactory, connected: Callable[[ConnectedChannel], None]
    ) -> None:
        self._world = world
        self._adapters = adapters
        self._connected = connected
        self.problems: dict[str, str] = {}

    def clear(self) -> None:
        """There is no connection any more."""
        self._world.channels = {}
        self.problems = {}

    async def take_up(self, sync: SyncOnFile, ledger: LedgerOnFile) -> None:
        """Connect what is on file; raises StoreError."""
        world, old = self._world, self._world.channels
        self.problems = {}
        found: dict[str, ConnectedChannel] = {}
        for name, connection in sync.connections.items():
            poll = sync.polls.get(name)
            if poll is None:
                now_us = world.now_us()
                poll = PollRow(name, now_us, now_us)
                await world.submit((), (poll,))
            tokens, before = sync.tokens.get(name), old.get(name)
            if before is not None and (before.connection, before.tokens) == (connection, tokens):
                before.poll, before.cursor, before.span_us = poll, None, None
                found[name] = before
                continue
            connected = self._connect(ledger.channels.get(name), connection, tokens, poll)
            if connected is not None:
                found[name] = connected
        world.channels = found
        for name, channel in found.items():
            if old.get(name) is not channel:
                self._connected(channel)

    def _connect(
        self, channel: Channel | None, connection: ConnectionRow, tokens: TokensRow | None, poll: PollRow
    ) -> ConnectedChannel | None:
        name = connection.channel
        if channel is None:
            self.problems[name] = f"there is no channel {name}: create it first"
            return None
        try:
            adapter = self._adapters.connect(channel, connection, tokens)
        except ValueError as error:
            self.problems[name] = str(error)
            _log.error("%s is not connected: %s", name, error)
            return None
        if is_shop(adapter.manifest):
            return None
        return ConnectedChannel(name, channel.platform, adapter, connection, tokens, poll)
