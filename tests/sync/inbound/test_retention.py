"""Raw pushes end: what is done with and old enough, a bounded number of rows in each commit."""

import asyncio

from holdfast.storage.records import PushRow
from holdfast.sync.inbound.retention import DAY_US, FORGOTTEN_AT_ONCE_MAX, Retention
from tests.sync.trade import trading


def test_a_pass_deletes_no_more_than_its_bound_and_only_what_is_old() -> None:
    async def run() -> None:
        async with trading({}) as trade:
            now_us, count = trade.world.now_us(), FORGOTTEN_AT_ONCE_MAX + 5
            old = [
                PushRow("one", f"o{n}", "order", "x", now_us - 8 * DAY_US, b"", "done") for n in range(count)
            ]
            young = PushRow("one", "young", "order", "x", now_us - 6 * DAY_US, b"", "done")
            await trade.save(*old, young)
            kept = Retention(trade.world, 7)
            assert [await kept.once() for _ in range(3)] == [FORGOTTEN_AT_ONCE_MAX, 5, 0]
            assert [row.event for row in trade.records.pushes("one", 9)] == ["young"]

    asyncio.run(run())


def test_it_goes_on_until_nothing_is_old_and_zero_days_keep_all() -> None:
    async def run() -> None:
        async with trading({}) as trade:
            at_us = trade.world.now_us() - 8 * DAY_US
            pauses: list[float] = []

            async def sleep(seconds: float) -> None:
                pauses.append(seconds)
                if seconds > 1:
                    raise asyncio.CancelledError

            trade.world.sleep = sleep
            rows = [PushRow("one", f"o{n}", "order", "x", at_us, b"", "done") for n in range(450)]
            await trade.save(*rows)
            await Retention(trade.world, 0).run()
            assert len(trade.records.pushes("one", 999)) == 450
            await asyncio.gather(Retention(trade.world, 7).run(), return_exceptions=True)
            assert trade.records.pushes("one", 9) == []
            assert len(pauses) == 3

    asyncio.run(run())
