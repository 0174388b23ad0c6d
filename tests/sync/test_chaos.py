"""A short rough show: lost answers, errors, lost pushes, failing commits, restarts; nothing is sold twice."""

import asyncio
import random
from dataclasses import replace

import pytest

from holdfast.channels.errors import ChannelError, Throttled, Unavailable, UnknownOutcome
from holdfast.channels.manifest import Deducts
from holdfast.channels.orders import OrderStatus
from holdfast.storage.contract import StoreFull
from holdfast.storage.records import Record
from tests.fakes.memory_store import MemoryFile
from tests.fakes.platform import MANIFEST, Platform
from tests.sync.trade import Trade, goods, listing, trading, until

S = OrderStatus
STOCK = 60
ERRORS: tuple[type[ChannelError], ...] = (Unavailable, UnknownOutcome, Throttled)
NEXT = {
    S.UNPAID: (S.PAID, S.PAID, S.CLOSED_UNPAID),
    S.PAID: (S.SHIPPED, S.CLOSED_PAID),
}


class Show:
    """Buyers on two platforms, and everything that can go wrong."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        quick = replace(MANIFEST, timeout_s=0.1, settles_within_s=0.15, poll_every_s=0.05)
        self.platforms = {
            "one": Platform(quick),
            "two": Platform(replace(quick, idempotent=False, deducts=Deducts.ON_PAYMENT)),
        }
        self.orders = 0

    async def step(self, trade: Trade) -> None:
        """One thing happens."""
        name = self.chance.choice(tuple(self.platforms))
        platform = self.platforms[name]
        luck = self.chance.random()
        if luck < 0.45:
            self.orders += 1
            order = f"o{self.orders}"
            bought = platform.checkout(order, ("p", self.chance.randint(1, 3)), paid=name == "two")
            if bought and self.chance.random() < 0.7:
                await self.push(trade, name, order)
        elif luck < 0.75 and platform.orders:
            order = self.chance.choice(tuple(platform.orders))
            now = platform.orders[order].status
            if now in NEXT:
                platform.change(order, self.chance.choice(NEXT[now]))
                if self.chance.random() < 0.7:
                    await self.push(trade, name, order)
        elif luck < 0.85:
            platform.errors.append(self.chance.choice(ERRORS)("planned"))
        elif luck < 0.92:
            platform.lost_answers += 1
        elif luck < 0.95:
            trade.file.commits_to_fail.append(StoreFull("planned"))
        await asyncio.sleep(self.chance.random() * 0.004)

    async def push(self, trade: Trade, name: str, order: str) -> None:
        """A push that the platform does not repeat when it is refused: the poll has to find the order."""
        try:
            await trade.push(name, order)
        except StoreFull:
            return


@pytest.mark.parametrize("number", range(2))
def test_a_rough_show_ends_even(number: int) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    show = Show(chance)

    async def run() -> None:
        file: MemoryFile | None = None
        rows: list[Record] = [listing("one", "p", "A"), listing("two", "p", "A")]
        for _ in range(4):
            async with trading(show.platforms, goods(quantity=STOCK), rows, file) as trade:
                file = trade.file
                for _ in range(80):
                    await show.step(trade)
                # A restart in the middle of it all; what was still to go wrong is forgotten.
                trade.file.commits_to_fail.clear()
        async with trading(show.platforms, file=file) as trade:
            await until(lambda: is_even(trade, show), 20)
            trade.check()
            assert trade.sync.debts() == {}

    asyncio.run(run())


def is_even(trade: Trade, show: Show) -> bool:
    """Both sides agree on every counter and every order, and all units are accounted for."""
    sold = 0
    for name, platform in show.platforms.items():
        platform.errors.clear()
        platform.lost_answers = 0
        if platform.counters["p"] != trade.rights(name).get("p", 0):
            return False
        for order in platform.orders.values():
            row = trade.records.order(name, order.order)
            if row is None or row.status != order.status:
                return False
            unpaid = order.status is S.UNPAID and name == "two"
            closed = order.status in (S.CLOSED_PAID, S.CLOSED_UNPAID)
            sold += 0 if unpaid or closed else sum(line.quantity for line in order.lines)
    there = trade.account("A", "unallocated") + sum(trade.rights(name).get("p", 0) for name in show.platforms)
    return not trade.records.open_writes() and there + sold == STOCK
