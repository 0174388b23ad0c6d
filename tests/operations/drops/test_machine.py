"""Any order of steps, sales, lost answers, restarts and kills: a drop is granted once and returned once."""

import asyncio
import contextlib
import copy
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.operations.drops.steps import DropStatusError
from tests.fakes.memory_store import MemoryFile
from tests.fakes.platform import MANIFEST, Platform
from tests.operations.drops.market import ONE, Market, market
from tests.sync.trade import until

OWN, UNITS = 4, 20
STEPS = st.lists(
    st.sampled_from(["open", "close", "sell", "sell", "unheard", "lost", "restart", "kill", "pause"]),
    min_size=3,
    max_size=14,
)


def killed(trade: Market) -> MemoryFile:
    """What is on file at this moment; the process that is killed reaches nobody any more."""
    file = MemoryFile()
    with trade.file.lock:
        file.rows = copy.deepcopy(trade.file.rows)
    for channel in trade.world.channels.values():
        channel.adapter.platform = Platform(MANIFEST)  # type: ignore[attr-defined]
    return file


async def step(trade: Market, name: str, platform: Platform, orders: list[int]) -> None:
    if name in ("open", "close"):
        with contextlib.suppress(DropStatusError):
            await getattr(trade.drops, name)("d", "ann")
    elif name in ("sell", "unheard"):
        order, units = f"o{len(orders)}", 1 + len(orders) % 3
        if platform.checkout(order, ("p", units)):
            orders.append(units)
            if name == "sell":
                await trade.push("one", order)
    elif name == "lost":
        platform.lost_answers += 1
    elif name == "pause":
        await asyncio.sleep(0.005)


async def ended(trade: Market, platform: Platform, orders: list[int]) -> None:
    """Bring it to its end from wherever it is, and count."""
    if trade.at().status == "locked":
        await trade.drops.cancel("d", "ann")
    elif trade.at().status == "open":
        await trade.drops.close("d", "ann")
    await until(lambda: trade.at().ended)
    sold = sum(orders)
    await until(lambda: trade.account("A", "committed:one") == sold)
    await trade.settled()
    await until(lambda: platform.counters["p"] == trade.rights("one")["p"])
    done = trade.at()
    assert trade.drop_units() == 0
    if done.opened_at_us is not None:
        assert done.returned + done.sold + done.kept == UNITS
        assert 0 <= done.sold <= sold
    assert trade.account("A", "unallocated") == 100 - sold - trade.rights("one")["p"]


@settings(max_examples=12, deadline=None)
@given(STEPS, st.booleans())
def test_any_order_of_steps_grants_once_and_returns_once(steps: list[str], idempotent: bool) -> None:
    async def run() -> None:
        manifest = replace(MANIFEST, idempotent=idempotent, settles_within_s=0.05, poll_every_s=0.02)
        platform, orders = Platform(manifest), list[int]()
        file: MemoryFile | None = None
        parts = " ".join([*steps, "end"]).replace("kill", "kill |").replace("restart", "|").split("|")
        for number, part in enumerate(parts):
            async with market({"one": platform}, [replace(ONE, fixed=OWN)], file) as trade:
                if number == 0:
                    await trade.opened()
                    await trade.lock(trade.drop(units=UNITS))
                file = trade.file
                for name in part.split():
                    if name == "kill":
                        file = killed(trade)
                    elif name == "end":
                        await ended(trade, platform, orders)
                    else:
                        await step(trade, name, platform, orders)

    asyncio.run(run())
