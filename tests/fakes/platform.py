"""A platform in memory with an adapter on it: counters, orders, pushes, and bad manners on demand."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from holdfast.channels.adapter import Adapter
from holdfast.channels.errors import (
    ChannelError,
    ExpectationFailed,
    InsufficientStock,
    ListingRefused,
    PushRefused,
    UnknownOutcome,
)
from holdfast.channels.manifest import (
    Deducts,
    GivesBack,
    Manifest,
    RateCap,
)
from holdfast.channels.orders import (
    Acknowledgement,
    ListingRef,
    OrderLine,
    OrderPage,
    OrderStatus,
    PlatformOrder,
    Push,
    PushEvent,
    PushKind,
    StockReading,
    StockWrite,
    StockWritten,
)
from holdfast.channels.shop.manifest import MANIFEST as SHOP_MANIFEST
from holdfast.channels.state import CallState
from holdfast.ledger.records import Channel
from holdfast.storage.records import ConnectionRow, TokensRow
from tests.fakes.manifests import manifest

MANIFEST = manifest(
    platform="fake",
    title="Fake",
    title_zh="假",
    write_tells_counter=True,
    rate=RateCap(1_000, 200),
    push_carries_order=False,
    timeout_s=0.3,
    settles_within_s=0.3,
    round_trip_s=0.005,
    read_stale_s=0.0,
    push_lag_s=0.01,
    poll_lag_s=0.0,
    poll_every_s=0.1,
)
"""Everything quick, for tests that wait for it."""


def now_us() -> int:
    return time.time_ns() // 1000


@dataclass
class Platform:
    """Counters and orders; each list of errors is used up by the next calls, one each."""

    manifest: Manifest = MANIFEST
    counters: Counter[str] = field(default_factory=Counter)
    orders: dict[str, PlatformOrder] = field(default_factory=dict)
    written: dict[str, StockWritten] = field(default_factory=dict)
    calls: list[tuple[str, str, int]] = field(default_factory=list)
    errors: list[ChannelError] = field(default_factory=list)
    lost_answers: int = 0
    """Writes that are applied and whose answer never comes."""
    queue: list[PushEvent] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    latency_s: float = 0.0
    gate: asyncio.Event | None = None
    gated: tuple[str, ...] = ()
    """Calls that wait at the gate; all of them if none is named."""
    barred: set[str] = field(default_factory=set)
    """Listings that the platform refuses to change."""
    page: int = 100
    whole_seconds: bool = False
    """Orders are told with the second in which they happened."""
    _events: int = 0

    def checkout(self, order: str, *lines: tuple[str, int], paid: bool = True) -> bool:
        """A buyer's order; atomic on the counters."""
        on_order = self.manifest.deducts is Deducts.ON_ORDER
        if (on_order or paid) and not self._take(lines):
            return False
        at_us = now_us()
        at_us -= at_us % 1_000_000 if self.whole_seconds else 0
        self.orders[order] = PlatformOrder(
            order,
            OrderStatus.PAID if paid else OrderStatus.UNPAID,
            tuple(
                OrderLine(str(number), ListingRef(product), quantity)
                for number, (product, quantity) in enumerate(lines)
            ),
            at_us,
            at_us,
            at_us if paid else None,
            f"buyer of {order}",
        )
        return True

    def _take(self, lines: Sequence[tuple[str, int]]) -> bool:
        if any(self.counters[product] < quantity for product, quantity in lines):
            return False
        for product, quantity in lines:
            self.counters[product] -= quantity
        return True

    def change(self, order: str, status: OrderStatus, refunded: int = 0) -> None:
        """The order goes on; units that it gives back are on the counter again."""
        old = self.orders[order]
        lines = []
        for line in old.lines:
            total = line.quantity if status is OrderStatus.CLOSED_PAID else refunded
            cancelled = status is OrderStatus.CLOSED_UNPAID and self.manifest.deducts is Deducts.ON_ORDER
            back = line.quantity if cancelled else total - line.refunded
            rule = self.manifest.gives_back_on_cancel if cancelled else self.manifest.gives_back_on_refund
            if rule is not GivesBack.NO and old.status not in (OrderStatus.SHIPPED, OrderStatus.COMPLETED):
                self.counters[line.listing.product] += back
            lines.append(replace(line, refunded=total))
        paid_at_us = old.paid_at_us or (now_us() if status is OrderStatus.PAID else None)
        self.orders[order] = replace(
            old, status=status, lines=tuple(lines), updated_at_us=now_us(), paid_at_us=paid_at_us
        )

    def push(self, order: str, kind: PushKind = PushKind.ORDER) -> bytes:
        """The body of a push with an id of its own."""
        self._events += 1
        return json.dumps({"event": f"e{self._events}", "kind": kind.value, "order": order}).encode()


class FakeAdapter:
    """One shop on the platform."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.manifest = platform.manifest
        self.state = CallState()

    async def _call(self, name: str, about: str, quantity: int = 0) -> None:
        platform = self.platform
        platform.calls.append((name, about, quantity))
        if platform.gate is not None and (not platform.gated or name in platform.gated):
            await platform.gate.wait()
        if platform.latency_s:
            await asyncio.sleep(platform.latency_s)
        if platform.errors:
            raise platform.errors.pop(0)

    async def write_stock(self, write: StockWrite) -> StockWritten:
        await self._call(write.operation, write.listing.key, write.quantity)
        platform, product = self.platform, write.listing.product
        if product in platform.barred:
            raise ListingRefused(f"{product} is banned")
        before = platform.written.get(write.write_id)
        if before is not None and self.manifest.idempotent:
            return replace(before, repeated=True)
        counter = platform.counters[product]
        if write.expected is not None and write.expected != counter:
            raise ExpectationFailed("another value")
        change = {"add": write.quantity, "subtract": -write.quantity, "set": write.quantity - counter}[
            write.operation
        ]
        if counter + change < 0:
            raise InsufficientStock("not enough")
        platform.counters[product] += change
        done = StockWritten(abs(change), platform.counters[product])
        platform.written[write.write_id] = done
        if platform.lost_answers:
            platform.lost_answers -= 1
            raise UnknownOutcome("no answer")
        return done

    async def read_stock(self, listings: Sequence[ListingRef]) -> list[StockReading]:
        await self._call("read", ",".join(listing.key for listing in listings))
        return [StockReading(listing, self.platform.counters[listing.product]) for listing in listings]

    async def order(self, order: str) -> PlatformOrder:
        await self._call("order", order)
        return self.platform.orders[order]

    async def orders_changed(self, from_us: int, until_us: int, cursor: str | None) -> OrderPage:
        await self._call("poll", cursor or "")
        start = int(cursor or 0)
        found = [
            order for order in self.platform.orders.values() if from_us <= order.updated_at_us <= until_us
        ]
        end = start + self.platform.page
        return OrderPage(tuple(found[start:end]), str(end) if end < len(found) else None)

    def receive(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, now_us: int) -> Push:
        if headers.get("sign") != "good":
            raise PushRefused("signature", "forged")
        read = json.loads(body)
        order = read["order"]
        told = self.platform.orders[order] if self.manifest.push_carries_order and order else None
        event = PushEvent(
            read["event"],
            PushKind(read["kind"]),
            order,
            ListingRef(read["product"]) if "product" in read else None,
            ours=read.get("ours", False),
            order_told=told,
        )
        return Push((event,), Acknowledgement(b"ok"))

    def answer_check(self, query: Mapping[str, str]) -> Acknowledgement:
        return Acknowledgement(query["echo"].encode())

    async def pull(self) -> list[PushEvent]:
        await asyncio.sleep(0)
        return list(self.platform.queue)

    async def confirm(self, events: Sequence[str]) -> None:
        self.platform.confirmed += events
        self.platform.queue = [event for event in self.platform.queue if event.event not in events]


class FakeAdapters:
    """Knows the platforms of a test by channel."""

    def __init__(self, platforms: Mapping[str, Platform]) -> None:
        self.platforms = platforms
        self.made: list[str] = []
        self.make: Callable[[Platform], Adapter] = FakeAdapter

    def manifest(self, platform: str) -> Manifest | None:
        return {"fake": MANIFEST, "shop": SHOP_MANIFEST}.get(platform)

    def connect(self, channel: Channel, connection: ConnectionRow, tokens: TokensRow | None) -> Adapter:
        if connection.base_url == "wrong":
            raise ValueError("the address is wrong")
        self.made.append(channel.channel)
        return self.make(self.platforms[channel.channel])
