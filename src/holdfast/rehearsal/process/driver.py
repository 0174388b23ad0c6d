"""Between world and core: news is booked, the core is told, its commits become durable, its calls are made.

The order of these steps is the one that the runtime keeps in production; a crash can come between any two.
"""

from collections.abc import Callable
from typing import Protocol

from holdfast.rehearsal.world import News, NewsKind, Reply, ReplyStatus, Request, World
from holdfast.sync.messages import (
    Answered,
    Call,
    Commit,
    CommitRefused,
    Effects,
    Event,
    ListingId,
    Operation,
    OrderHeard,
    OrderUndone,
    Outcome,
    Polled,
    PoolChanged,
    Rule,
    RuleChanged,
    Woke,
)

from .book import Book
from .hazards import Crash, Hazards, Step

_OUTCOMES = {
    ReplyStatus.OK: Outcome.DONE,
    ReplyStatus.REFUSED: Outcome.REFUSED,
    ReplyStatus.LIMITED: Outcome.LIMITED,
    ReplyStatus.EXPIRED: Outcome.FAILED,
    # An error of the simulated platforms may hide a call that was applied.
    ReplyStatus.ERROR: Outcome.UNKNOWN,
    ReplyStatus.TIMEOUT: Outcome.UNKNOWN,
}
_NEVER = float("inf")


class Core(Protocol):
    """The production core, or a baseline that speaks its language."""

    def handle(self, event: Event, now_s: float) -> Effects:
        """Take in one event."""


class Driver:
    """Drives one show; after a crash a new core begins with what the book has."""

    def __init__(
        self, world: World, book: Book, make_core: Callable[[], Core], hazards: Hazards | None = None
    ) -> None:
        self.breaches: list[str] = []
        """What the core asked for against the rules of the border."""
        self.crash_count = 0
        self._world = world
        self._book = book
        self._make_core = make_core
        self._hazards = hazards or Hazards()
        self._to_counter = world.scenario.cancel.returns_to == "counter"
        self._core: Core | None = None
        self._session = 0
        self._wake_s = _NEVER
        self._calls: dict[str, Call] = {}
        self._refreshing: dict[str, list[Request]] = {}

    def start(self) -> None:
        """The process begins, or begins again."""
        self._session += 1
        self._core = self._make_core()
        self._wake_s = _NEVER
        self._calls.clear()
        self._refreshing.clear()
        self._guarded(lambda now_s: self._tell(self._book.started(f"s{self._session}"), now_s))

    def on_news(self, news: News, now_s: float) -> None:
        """A push message; while we are down nobody hears it."""
        self._guarded(lambda at_s: self._news(news, at_s, by_poll=False))

    def on_reply(self, reply: Reply, now_s: float) -> None:
        """A call ended; answers to a process that died are lost."""
        if reply.request.call in self._calls:
            self._guarded(lambda at_s: self._replied(reply, at_s))

    def on_found(self, sku: str, units: int, now_s: float) -> None:
        """A person books units; the ledger runs whether or not the core does."""
        self.change_pool(sku, units)

    def change_pool(self, sku: str, change: int) -> int:
        """A person adds to the pool or takes from it; says what changed."""
        changed = self._book.change_pool(sku, change)
        self._guarded(lambda now_s: self._tell(PoolChanged(sku, changed), now_s))
        return changed

    def change_rule(self, listing: ListingId, rule: Rule) -> None:
        """A person changes the rule of a listing."""
        self._book.entries[listing].rule = rule
        self._guarded(lambda now_s: self._tell(RuleChanged(listing, rule), now_s))

    def crash(self) -> None:
        """The process dies now, and begins again after a while."""
        self.crash_count += 1
        self._core = None
        self._world.timeline.at(self._world.timeline.now_s + self._hazards.restart_after_s, self.start)

    def _guarded(self, action: Callable[[float], None]) -> None:
        if self._core is None:
            return
        try:
            action(self._world.timeline.now_s)
        except Crash:
            self.crash()

    def _news(self, news: News, now_s: float, by_poll: bool) -> None:
        """Book it and tell it; an order first heard of when undone is booked and undone."""
        listing = ListingId(news.platform, news.sku)
        told = (listing, news.order, news.quantity)
        fresh = self._book.order(*told)
        if fresh or news.kind is NewsKind.ORDERED:
            self._hazards.step(Step.HEARD)
            self._tell(OrderHeard(*told, news.ordered_at_s, by_poll, fresh), now_s)
        if news.kind is NewsKind.ORDERED:
            return
        fresh = self._book.undo(*told, self._to_counter)
        self._hazards.step(Step.HEARD)
        if self._to_counter:
            self._tell(OrderUndone(*told, news.at_s, by_poll, fresh), now_s)
        elif fresh:
            self._tell(PoolChanged(news.sku, news.quantity), now_s)

    def _replied(self, reply: Reply, now_s: float) -> None:
        request = reply.request
        if reply.status is ReplyStatus.EXPIRED:
            self._refresh(request)
            return
        call, outcome = self._calls.pop(request.call), _OUTCOMES[reply.status]
        if call.operation is not Operation.POLL:
            self._tell(Answered(call.id, outcome, reply.sent_at_s, reply.applied, reply.counter), now_s)
            return
        for news in reply.news:
            self._news(news, now_s, by_poll=True)
        if outcome is Outcome.DONE:
            self._book.cursors[call.channel] = max(self._book.cursors[call.channel], reply.cursor)
        self._tell(Polled(call.id, outcome, reply.sent_at_s, reply.complete_to_s, reply.more), now_s)

    def _refresh(self, request: Request) -> None:
        """One refresh at a time; the calls that met the spent token wait for it and are repeated once."""
        waiting = self._refreshing.setdefault(request.platform, [])
        waiting.append(request)
        if len(waiting) == 1:
            session = self._session
            self._world.refresh_token(
                request.platform, lambda renewed: self._refreshed(request.platform, session, renewed)
            )

    def _refreshed(self, platform: str, session: int, renewed: bool) -> None:
        if session != self._session or self._core is None:
            return
        for request in self._refreshing.pop(platform, []):
            if renewed:
                self._world.send(request)
            else:
                call = self._calls.pop(request.call)
                self._guarded(lambda now_s, call=call: self._failed(call, now_s))  # type: ignore[misc]

    def _failed(self, call: Call, now_s: float) -> None:
        if call.operation is Operation.POLL:
            self._tell(Polled(call.id, Outcome.FAILED, now_s), now_s)
        else:
            self._tell(Answered(call.id, Outcome.FAILED, now_s), now_s)

    def _woke(self, session: int, at_s: float) -> None:
        if session == self._session and at_s == self._wake_s:
            self._wake_s = _NEVER
            self._guarded(lambda now_s: self._tell(Woke(), now_s))

    def _tell(self, event: Event, now_s: float) -> None:
        assert self._core is not None
        waiting = [event]
        while waiting:
            effects = self._core.handle(waiting.pop(0), now_s)
            if effects.commits:
                self._hazards.step(Step.DECIDED)
                refused = [commit.id for commit in effects.commits if not self._make(commit)]
                waiting.extend(CommitRefused(commit) for commit in refused)
            for call in effects.calls:
                self._send(call)
            if effects.wake_at_s is not None and effects.wake_at_s < self._wake_s:
                self._wake_s = max(effects.wake_at_s, now_s)
                self._world.timeline.at(self._wake_s, self._woke, self._session, self._wake_s)

    def _make(self, commit: Commit) -> bool:
        """Durable first, calls after; False when the ledger refuses."""
        if self._hazards.refuses_commit() or not self._book.commit(commit):
            return False
        self._hazards.step(Step.COMMITTED)
        for call in commit.calls:
            self._send(call)
        return True

    def _send(self, call: Call) -> None:
        write = call.write
        if write is not None and not self._book.is_open(write):
            self.breaches.append(f"{call.operation} {write.id} was sent without being open on file")
        quantity = self._book.cursors[call.channel] if call.operation is Operation.POLL else 0
        self._calls[call.id] = call
        self._world.send(
            Request(
                call=call.id,
                platform=call.channel,
                operation=call.operation,
                sku=call.listing.listing if call.listing is not None else "",
                quantity=write.quantity if write is not None else quantity,
                repeat_id=write.id if write is not None else "",
                expected=write.expected if write is not None else None,
            )
        )
        self._hazards.step(Step.CALLED)
