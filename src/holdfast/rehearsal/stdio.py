"""The referee's protocol on the core: one JSON event a line in, one JSON line with calls and wake times out.

Time is the referee's. A listing is named after its SKU; a repeated write carries the id of the first.
"""

import math
from collections import deque
from dataclasses import dataclass
from typing import IO, Any

import msgspec

from holdfast.sync.core import Core
from holdfast.sync.messages import (
    Answered,
    Call,
    ChannelSetup,
    Effects,
    Event,
    ListingId,
    ListingSetup,
    Operation,
    OrderHeard,
    OrderUndone,
    Outcome,
    Polled,
    PoolChanged,
    Started,
    Woke,
)

from .book import Book
from .manifests import manifest_of

SESSION = "s1"
OPERATIONS = {
    Operation.ADD: "inc",
    Operation.SUBTRACT: "dec",
    Operation.SET: "set",
    Operation.READ: "read",
    Operation.POLL: "poll",
}
OUTCOMES = {
    "ok": Outcome.DONE,
    "refused": Outcome.REFUSED,
    "limited": Outcome.LIMITED,
    # A scenario's "error" may have been applied all the same.
    "error": Outcome.UNKNOWN,
    "timeout": Outcome.UNKNOWN,
}


@dataclass(slots=True)
class _Sent:
    call: Call
    at_s: float


class Session:
    """One show: the core, its book, and the names that the referee knows."""

    def __init__(self, core: Core | None = None) -> None:
        self._core = core or Core()
        self.book = Book()
        self._sku_of: dict[ListingId, str] = {}
        self._returned_to_seller = False
        self._sent: dict[str, deque[_Sent]] = {}
        self._cursors: dict[str, int] = {}
        self._heard: set[tuple[str, str, Any]] = set()
        self._wake_s = math.inf

    def step(self, event: dict[str, Any]) -> dict[str, Any]:
        """Answer one event of the referee."""
        now_s = float(event["t"])
        if now_s >= self._wake_s:
            self._wake_s = math.inf
        answer: dict[str, Any] = {"calls": [], "wake": []}
        wake_s = None
        for translated in self._translate(event, now_s):
            effects = self._core.handle(translated, now_s)
            wake_s = effects.wake_at_s
            self._carry_out(effects, now_s, answer)
        if wake_s is not None and wake_s < self._wake_s:
            self._wake_s = wake_s
            answer["wake"].append(wake_s)
        return answer

    def _translate(self, event: dict[str, Any], now_s: float) -> list[Event]:
        match event["ev"]:
            case "start":
                return [self._started(event["info"])]
            case "order" | "cancel":
                return [self._news(event["ev"], event["platform"], event, by_poll=False)]
            case "ack":
                return self._answered(event)
            case "stock_found":
                self.book.found(event["sku"], event["units"], new=True)
                return [PoolChanged(event["sku"], event["units"])]
            case _:
                return [Woke()]

    def _started(self, info: dict[str, Any]) -> Started:
        returns_to = info.get("cancel_returns_to", "counter")
        self._returned_to_seller = returns_to == "seller"
        forecast = {(row["platform"], row["sku"]): row["forecast_units"] for row in info["forecast"]}
        channels = tuple(ChannelSetup(row["id"], manifest_of(row, returns_to)) for row in info["platforms"])
        listings, pools = [], {}
        for row in info["skus"]:
            sku, initial = row["id"], row["initial"]
            rights = {
                ListingId(channel.channel, sku): initial.get(channel.channel, 0) for channel in channels
            }
            self.book.open(sku, row["known_stock"], rights)
            pools[sku] = self.book.pools[sku]
            for listing, right in rights.items():
                self._sku_of[listing] = sku
                per_s = forecast.get((listing.channel, sku), 0.0) / info["horizon_s"]
                listings.append(ListingSetup(listing, ((sku, 1),), right, forecast_per_s=per_s))
        return Started(channels, tuple(listings), pools, SESSION)

    def _news(self, kind: str, platform: str, row: dict[str, Any], by_poll: bool) -> Event:
        key = (kind, platform, row["oid"])
        fresh = key not in self._heard
        self._heard.add(key)
        sku, quantity, at_s = row["sku"], row["qty"], row["ts"]
        listing = ListingId(platform, sku)
        if kind == "order":
            if fresh:
                self.book.order(listing, sku, quantity)
            return OrderHeard(listing, str(row["oid"]), quantity, at_s, by_poll, fresh)
        if self._returned_to_seller:
            if fresh:
                self.book.found(sku, quantity, new=False)
            return PoolChanged(sku, quantity if fresh else 0)
        if fresh:
            self.book.undone(listing, sku, quantity)
        return OrderUndone(listing, str(row["oid"]), quantity, at_s, by_poll, fresh)

    def _answered(self, event: dict[str, Any]) -> list[Event]:
        waiting = self._sent[event["rid"]]
        sent = waiting.popleft()
        if not waiting:
            del self._sent[event["rid"]]
        outcome, call = OUTCOMES[event["status"]], sent.call
        if call.operation is not Operation.POLL:
            applied = event["applied"] or 0
            return [Answered(call.id, outcome, sent.at_s, applied, event.get("stock"))]
        if outcome is not Outcome.DONE:
            return [Polled(call.id, outcome, sent.at_s)]
        news = [self._news(row["kind"], call.channel, row, by_poll=True) for row in event["events"]]
        self._cursors[call.channel] = event["cursor"]
        return [*news, Polled(call.id, outcome, sent.at_s, event["complete_to"], event["more"])]

    def _carry_out(self, effects: Effects, now_s: float, answer: dict[str, Any]) -> None:
        calls = list(effects.calls)
        for commit in effects.commits:
            self.book.commit(commit, self._sku_of)
            calls.extend(commit.calls)
        for call in calls:
            number = call.write.quantity if call.write is not None else 0
            if call.operation is Operation.POLL:
                number = self._cursors.get(call.channel, 0)
            request = call.write.id if call.write is not None else call.id
            self._sent.setdefault(request, deque()).append(_Sent(call, now_s))
            answer["calls"].append(
                {
                    "platform": call.channel,
                    "op": OPERATIONS[call.operation],
                    "sku": call.listing.listing if call.listing is not None else None,
                    "n": number,
                    "rid": request,
                }
            )


def serve(source: IO[str], sink: IO[str]) -> None:
    """Answer the referee until it closes the stream; a `start` begins a new show."""
    session = Session()
    for line in source:
        event = msgspec.json.decode(line)
        if event["ev"] == "start":
            session = Session()
        sink.write(msgspec.json.encode(session.step(event)).decode() + "\n")
        sink.flush()
