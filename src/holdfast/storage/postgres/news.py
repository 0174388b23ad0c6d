"""Commits told to the other servers: a row with each, and from it the commit as its own server saw it."""

import msgspec

from holdfast.ledger.guard.counters import EXPOSURE
from holdfast.ledger.records import CountKey
from holdfast.ledger.state import KIND_HOLD, State
from holdfast.ledger.views import StockView
from holdfast.storage.contract import Followed
from holdfast.storage.reading import views
from holdfast.storage.rows import Row, decoder, json_text, to_account, to_hold, to_transfer
from holdfast.storage.sqltext import load_statements

from .reader import PostgresReader

_SQL = load_statements(__package__, "read.sql", "document.sql", "verify.sql", "replicas.sql")

FOLLOWED_MAX = 2_000
"""Commits read one by one; who is further behind reads the stock alone."""


class _Body(msgspec.Struct, omit_defaults=True):
    """What a commit changed, by key; of refusals and marks only those that guards may act on."""

    skus: list[str] = []
    transfers: int = 0
    holds: int = 0
    settled: list[str] = []
    items: list[str] = []
    channels: list[str] = []
    guarded: list[str] = []
    refused: list[str] = []
    marked: list[str] = []


_body_of = decoder(_Body)


def news_row(state: State, writer: int) -> Row:
    """Number, time, writer and body of a commit that is about to be saved."""
    changes = state.changes
    body = _Body(
        sorted({key.sku for key in changes.accounts}),
        len(changes.transfers),
        len(changes.new_holds),
        [hold.id for hold in changes.settled_holds],
        list(changes.skus),
        list(changes.channels),
    )
    if state.guarded:
        body.guarded = [item.sku for item in state.skus.values() if item.guard is not None]
        body.refused = [each.id for each in changes.refusals if each.kind == KIND_HOLD]
        body.marked = [hold.id for hold in changes.marked_holds]
    return state.commit_number, state.now_us, writer, json_text(body)


class PostgresNews(PostgresReader):
    """Reads what other servers committed; `writer` is who we are ourselves."""

    _sql = _SQL

    def __init__(self, url: str, writer: int) -> None:
        super().__init__(url)
        self._writer = writer

    def follow(self, after: int) -> Followed | None:
        """What is newer than a commit, as of one moment."""
        if self.head().commit_number <= after:
            return None
        with self._snapshot():
            head = self.head()
            if head.commit_number - after > FOLLOWED_MAX:
                return Followed(head.commit_number, None, self._all_stock_since(after))
            rows = self._rows("news", after)
            if len(rows) != head.commit_number - after:
                return Followed(head.commit_number, None, self._all_stock_since(after))
            bodies = [_body_of(row[-1]) for row in rows]
            skus = sorted({sku for body in bodies for sku in body.skus})
            commits = [
                self._commit(row, body)
                for row, body in zip(rows, bodies, strict=True)
                if row[2] != self._writer
            ]
            stocks = list(views(self._rows("stock_page", self._names(skus)))) if skus else []
        return Followed(head.commit_number, commits, _in_order(stocks))

    def _all_stock_since(self, after: int) -> list[StockView]:
        return _in_order(self.stock_since(after)[1])

    def _commit(self, row: Row, body: _Body) -> State:
        """A commit with what its followers look at; balances are those of now, not of then."""
        number, now_us, _, transfer_seq, hold_seq, _ = row
        state = State(number, now_us)
        changes = state.changes
        for account in self._rows("stock_page", self._names(body.skus)) if body.skus else ():
            loaded = to_account(account)
            state.accounts[loaded.key] = changes.accounts[loaded.key] = loaded
        if body.transfers:
            found = self._rows("news_transfers", transfer_seq, body.transfers)
            changes.transfers = [to_transfer(each) for each in reversed(found)]
        if body.holds:
            changes.new_holds = [
                to_hold(each) for each in reversed(self._rows("news_holds", hold_seq, body.holds))
            ]
        if body.settled:
            changes.settled_holds = [
                to_hold(each) for each in self._rows("holds_of_ids", self._names(body.settled))
            ]
        changes.skus = {name: item for name in body.items if (item := self.sku(name)) is not None}
        changes.channels = {
            name: channel for name in body.channels if (channel := self.channel(name)) is not None
        }
        if body.guarded:
            self._guards(state, body)
        return state

    def _guards(self, state: State, body: _Body) -> None:
        """What the watch over exposure reads of a commit with guarded items."""
        state.guarded = True
        state.changes.refusals = [
            found for id in body.refused if (found := self.refusal(KIND_HOLD, id)) is not None
        ]
        state.changes.marked_holds = [
            to_hold(row) for row in self._rows("holds_of_ids", self._names(body.marked))
        ]
        for name in body.guarded:
            item = self.sku(name)
            if item is None or item.guard is None:
                continue
            state.skus[name] = item
            for scope, units in self.counts(name, item.guard.period, EXPOSURE).items():
                state.changes.counts[CountKey(name, item.guard.period, EXPOSURE, scope)] = units


def _in_order(stocks: list[StockView]) -> list[StockView]:
    return sorted(stocks, key=lambda view: view.version)
