"""An adapter and its simulator on a real socket, and what a test does with the two."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qsl

import httpx

from holdfast.channels.adapter import Adapter, Connection, Tokens
from holdfast.channels.http import Repeats
from holdfast.channels.manifest import WriteMode
from holdfast.channels.orders import ListingRef, PlatformOrder, Push, StockWrite, StockWritten
from holdfast.channels.tokens import MemoryTokenBox
from holdfast.simulators.running import RunningSimulator
from tests.channels.fakes import FakeFile
from tests.conformance.channels.platforms import Arrived, Case

T = TypeVar("T")
_SILENT = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(500)))
_QUICK = Repeats(pause_s=0.001, pause_max_s=0.002)


class Control(Protocol):
    def __call__(self, method: str, path: str, json: object = None) -> Any: ...


def now_us() -> int:
    return time.time_ns() // 1_000


@dataclass
class Stand:
    """One shop; every `run` connects anew, with the tokens that were saved last."""

    case: Case
    simulator: RunningSimulator
    file: FakeFile = field(default_factory=FakeFile)
    exits: ExitStack = field(default_factory=ExitStack)

    @property
    def control(self) -> Control:
        return self.simulator.control

    def connection(self, **settings: str) -> Connection:
        told = self.control("GET", "/credentials")
        return Connection(
            told["base_url"],
            told["app_key"],
            told["app_secret"],
            told["shop"],
            told["secrets"],
            told["settings"] | self.case.settings | settings,
        )

    def run(
        self,
        work: Callable[[Any], Awaitable[T]],
        changed: Callable[[Connection], Connection] | None = None,
        settings: dict[str, str] | None = None,
    ) -> T:
        """Connect an adapter over a real socket, and let it work."""
        connection = self.connection(**(settings or {}))
        connection = changed(connection) if changed else connection
        told = self.control("GET", "/credentials")
        tokens = Tokens(told["access_token"], told["refresh_token"])

        async def main() -> T:
            async with httpx.AsyncClient(trust_env=False, verify=False) as http:
                box = MemoryTokenBox(tokens, self.file.save)
                return await work(self.case.connect(connection, box, http, now_us, _QUICK))

        return asyncio.run(main())

    def deaf(self) -> Adapter:
        """An adapter that makes no calls: enough for pushes, which are read without any."""
        box = MemoryTokenBox(Tokens("access", "refresh"), self.file.save)
        adapter: Adapter = self.case.connect(self.connection(), box, _SILENT, now_us, _QUICK)
        return adapter

    # The shop

    @property
    def listing(self) -> ListingRef:
        return self.case.listings[0]

    def put(self, stock: int, listing: ListingRef | None = None) -> None:
        body = self._named(listing or self.listing)
        code = self.case.merchant_code(listing or self.listing)
        self.control("PUT", "/listings", body | {"stock": stock, "merchant_code": code})

    def counter(self, listing: ListingRef | None = None) -> int:
        """What the platform itself has on its counter."""
        counters = self.control("GET", "/state?orders=0")["counters"]
        sellable: int = counters[self.case.on_shelf(listing or self.listing).key]["sellable"]
        return sellable

    def _named(self, listing: ListingRef) -> dict[str, Any]:
        name = self.case.on_shelf(listing)
        warehouse = {"warehouse": name.warehouse} if name.warehouse else {}
        return {"product": name.product, "variant": name.variant} | warehouse

    def calls(self, name: str) -> int:
        """How many calls of this kind the platform has seen."""
        calls = self.control("GET", "/state?orders=0")["calls"]
        return sum(count for call, count in calls.items() if name in call)

    def buy(self, *quantities: int, pay: bool = False) -> str:
        """A buyer orders so much of the first listing, so much of the second."""
        lines = [
            self._named(each) | {"quantity": quantity}
            for each, quantity in zip(self.case.listings, quantities, strict=False)
        ]
        order: str = self.control("POST", "/orders", {"lines": lines, "pay": pay})["order"]
        return order

    def step(self, order: str, step: str, **body: object) -> None:
        self.control("POST", f"/orders/{order}/{step}", body)

    def misbehave(self, **settings: object) -> None:
        self.control("PUT", "/misbehave", settings)

    def plan(self, fault: str, call: str) -> None:
        """This happens to the next call of that name."""
        self.misbehave(next=[{"fault": fault, "call": call}])

    # The adapter

    def order(self, order: str) -> PlatformOrder:
        async def work(adapter: Adapter) -> PlatformOrder:
            return await adapter.order(order)

        return self.run(work)

    def change(self, units: int, *, write_id: str = "write-1", **settings: str) -> StockWritten:
        """Change the first counter by so many units, in whatever way the platform is written."""

        async def work(adapter: Adapter) -> StockWritten:
            return await adapter.write_stock(self.write(adapter, units, write_id))

        return self.run(work, settings=settings)

    def write(self, adapter: Adapter, units: int, write_id: str = "write-1") -> StockWrite:
        mode, counter = adapter.manifest.write, self.counter()
        expected = counter if mode is WriteMode.COMPARE_AND_SET else None
        if mode is WriteMode.RELATIVE or (mode is WriteMode.COMPARE_AND_SET and units != 0):
            operation = "add" if units > 0 else "subtract"
            return StockWrite(self.listing, operation, abs(units), write_id, expected)
        return StockWrite(self.listing, "set", counter + units, write_id, expected)

    def poll(
        self, from_us: int, until_us: int, between: Callable[[int], None] = lambda page: None, **settings: str
    ) -> list[PlatformOrder]:
        """All orders that changed in a span; `between` is told the number of each page after it was read."""

        async def work(adapter: Adapter) -> list[PlatformOrder]:
            found: list[PlatformOrder] = []
            cursor, page = None, 0
            while True:
                told = await adapter.orders_changed(from_us, until_us, cursor)
                found += told.orders
                cursor, page = told.cursor, page + 1
                between(page)
                if cursor is None:
                    return found
                assert page < 200, "the cursor never ends"

        return self.run(work, settings=settings)


def arrived(method: str, path: str, headers: dict[str, str], body: bytes) -> Arrived:
    query = dict(parse_qsl(path.partition("?")[2], keep_blank_values=True))
    return Arrived(headers, query, body)


def receive(adapter: Adapter, push: Arrived, age_s: float = 0.0) -> Push:
    """The push, as if it came so many seconds later."""
    return adapter.receive(push.headers, push.query, push.body, now_us() + round(age_s * 1_000_000))


def settled(orders: list[PlatformOrder]) -> dict[str, PlatformOrder]:
    """The last telling of each order."""
    return {order.order: order for order in orders}


def like(order: PlatformOrder) -> PlatformOrder:
    """An order without what may differ between two tellings of one state: when it was told."""
    return replace(order, updated_at_us=0)
