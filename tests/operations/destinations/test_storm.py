"""A storm of a thousand items through the whole path: commits, watch, outbox, worker, robot."""

import asyncio

from holdfast.ledger.commands import PlaceHold, PutChannel, PutSku
from tests.fakes.memory_store import MemoryFile
from tests.operations.destinations import robots
from tests.operations.destinations.office import Time, office
from tests.operations.destinations.robots import serving
from tests.sync.trade import move

ITEMS = 1_000


def test_a_thousand_items_that_run_out_at_once_are_a_handful_of_messages() -> None:
    async def run() -> None:
        with serving(robots.dingtalk) as robot:
            async with office(MemoryFile(), Time()) as found:
                await found.engine.submit((PutChannel("douyin", "shop", "抖音", "ann"),))
                skus = [f"S{number:04}" for number in range(ITEMS)]
                await found.engine.submit([PutSku(sku, f"商品 {sku}", actor="ann") for sku in skus])
                await found.engine.submit(
                    [move(f"in-{sku}", sku, "supplier", "channel:douyin", 100) for sku in skus]
                )
                await found.watch.look()
                await found.add("dingtalk", robot)
                await found.engine.submit(
                    [PlaceHold(f"h-{sku}", "douyin", f"b-{sku}", ((sku, 100),), "ann") for sku in skus]
                )
                await found.watch.look()
                await found.delivered("dingtalk")
                assert 1 <= len(robot.taken) <= 5
                told = "".join(call.body.decode() for call in robot.taken)
                assert "个商品" in told
                assert found.watch.measures.told["raised", "critical"] == ITEMS

    asyncio.run(run())
