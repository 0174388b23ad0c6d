"""Delivery to real servers that answer like the vendors: they take, throttle, refuse, break, die."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial

import pytest

from holdfast.operations.destinations.model import RobotKind
from holdfast.operations.destinations.worker import GIVE_UP_S
from holdfast.policies.warnings import Level
from tests.fakes.memory_store import MemoryFile
from tests.operations.destinations import robots
from tests.operations.destinations.office import Office, Time, office, warning
from tests.operations.destinations.robots import SECRET, TOKEN, Call, Reply, serving

USUAL: dict[RobotKind, Callable[[Call], Reply]] = {
    "dingtalk": robots.dingtalk,
    "feishu": robots.feishu,
    "wecom": robots.wecom,
    "slack": robots.slack,
    "webhook": robots.webhook,
}


@pytest.mark.parametrize("kind", USUAL)
def test_each_kind_takes_what_is_signed_as_it_wants(kind: RobotKind) -> None:
    async def run() -> None:
        with serving(USUAL[kind]) as robot:
            async with office(MemoryFile(), Time()) as found:
                await found.add(kind, robot)
                tested = await found.desk.test(kind, "ann", "r2")
                assert (tested.answer.verdict, tested.words.zh) == ("taken", "对方已收下")
                await found.tell(warning("COLA", found.time()))
                await found.delivered(kind)
                assert "商品 COLA" in robot.taken[-1].body.decode()
                assert len(robot.calls) == 2
                status = found.found(kind).status
                assert status.last_success_us is not None
                assert (status.last_error, status.given_up) == (None, 0)
                assert found.desk.measures.outcomes == {(kind, "taken"): 1}

    asyncio.run(run())


THROTTLED: dict[RobotKind, Reply] = {
    "dingtalk": (200, {}, '{"errcode":130101,"errmsg":"send too fast"}'),
    "feishu": (200, {}, '{"code":11232,"msg":"too many request"}'),
    "wecom": (200, {}, '{"errcode":45009,"errmsg":"api freq out of limit"}'),
    "slack": (429, {"retry-after": "30"}, "rate limited"),
    "webhook": (429, {"retry-after": "30"}, ""),
}


WAITS: dict[RobotKind, int] = {"dingtalk": 600, "feishu": 5, "wecom": 60, "slack": 30, "webhook": 30}


@pytest.mark.parametrize(("kind", "wait_s"), list(WAITS.items()))
def test_a_robot_that_throttles_is_left_alone_as_long_as_it_wants(kind: RobotKind, wait_s: int) -> None:
    async def run() -> None:
        with serving(USUAL[kind]) as robot:
            robot.script = [THROTTLED[kind]]
            async with office(MemoryFile(), Time()) as found:
                await found.add(kind, robot)
                await found.tell(warning("COLA", found.time()))
                await found.delivered(kind)
                assert max(found.time.slept) == wait_s
                assert (len(robot.calls), len(robot.taken)) == (2, 1)
                error = found.found(kind).status.last_error
                assert error is not None
                assert "太频繁" in error.zh

    asyncio.run(run())


def test_what_comes_while_a_robot_throttles_is_told_in_the_next_message() -> None:
    async def run() -> None:
        with serving(robots.dingtalk) as robot:
            async with office(MemoryFile(), Time()) as found:
                await found.add("dingtalk", robot)

                def more(call: Call) -> Reply:
                    if len(robot.calls) == 1:
                        meanwhile = [warning(f"M{number}", found.time()) for number in range(20)]
                        asyncio.run_coroutine_threadsafe(found.tell(*meanwhile), loop).result(5)
                        return THROTTLED["dingtalk"]
                    return robots.dingtalk(call)

                loop = asyncio.get_running_loop()
                robot.usual = more
                await found.tell(warning("COLA", found.time()))
                await found.delivered("dingtalk")
                (only,) = robot.taken
                assert "21 个商品" in only.body.decode()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("kind", "secret", "words"),
    [("dingtalk", "SEC-wrong", "加签密钥、关键词"), ("feishu", "SEC-wrong", "签名校验失败")],
)
def test_a_wrong_secret_is_told_in_plain_words_and_mending_it_delivers_at_once(
    kind: RobotKind, secret: str, words: str
) -> None:
    async def run() -> None:
        with serving(USUAL[kind]) as robot:
            async with office(MemoryFile(), Time()) as found:
                await found.add(kind, robot, secret)
                tested = await found.desk.test(kind, "ann", "r2")
                assert words in tested.words.zh
                await found.tell(warning("COLA", found.time()))
                await found.until(lambda: found.found(kind).status.last_error is not None)
                await found.add(kind, robot)
                await found.delivered(kind)
                assert len(robot.taken) == 1
                assert found.found(kind).status.last_success_us is not None

    asyncio.run(run())


def test_a_missing_keyword_is_a_refusal_though_the_status_is_200() -> None:
    async def run() -> None:
        keywords: Reply = (200, {}, '{"errcode":310000,"errmsg":"keywords not in content"}')
        with serving(lambda call: keywords) as robot:
            async with office(MemoryFile(), Time()) as found:
                await found.add("dingtalk", robot)
                tested = await found.desk.test("dingtalk", "ann", "r2")
                assert tested.answer.verdict == "refused"
                assert "keywords not in content" in tested.words.en

    asyncio.run(run())


def test_a_server_in_trouble_gets_the_same_message_under_the_same_id() -> None:
    async def run() -> None:
        with serving(robots.webhook) as robot:
            robot.script = [(503, {}, "busy"), (500, {}, "oops")]
            async with office(MemoryFile(), Time()) as found:
                await found.add("webhook", robot)
                await found.tell(warning("COLA", found.time()))
                await found.delivered("webhook")
                assert len({call.headers["webhook-id"] for call in robot.calls}) == 1
                assert (len(robot.calls), len(robot.taken)) == (3, 1)
                assert found.desk.measures.outcomes["webhook", "unknown"] == 2

    asyncio.run(run())


def test_a_dead_server_is_tried_again_until_it_lives() -> None:
    async def run() -> None:
        with serving(robots.slack) as robot:
            path = f"/services/T0/B0/{TOKEN}"
        # It is gone now: nobody listens at its port.
        async with office(MemoryFile(), Time()) as found:
            await found.add("slack", robot.url(path))
            await found.tell(warning("COLA", found.time()))
            await found.until(lambda: found.found("slack").status.last_error is not None)
            error = found.found("slack").status.last_error
            assert error is not None
            assert "连不上" in error.zh
            with serving(robots.slack) as again:
                await found.add("slack", again)
                await found.delivered("slack")
                assert len(again.taken) == 1

    asyncio.run(run())


def test_a_notice_that_nobody_took_for_half_an_hour_is_given_up_and_that_is_on_file() -> None:
    async def run() -> None:
        file, time = MemoryFile(), Time()
        with serving(lambda call: (500, {}, "")) as robot:
            async with office(file, time) as found:
                await found.add("slack", robot)
                started_us = time()
                await found.tell(warning("COLA", time()))
                await found.delivered("slack")
                assert found.found("slack").status.given_up == 1
                assert (time() - started_us) / 1e6 >= GIVE_UP_S
                assert len(robot.calls) < 80
            async with office(file, time) as again:
                trail = await again.readers.read(lambda reader: reader.audit("slack", 2**62, 10))
                assert [row.entry.action for row in trail] == ["destination.give_up", "destination.put"]

    asyncio.run(run())


def test_a_restart_between_commit_and_delivery_loses_nothing_and_tells_nothing_twice() -> None:
    async def run() -> None:
        file, time = MemoryFile(), Time()
        with serving(robots.webhook) as robot:
            robot.script = [(500, {}, "")] * 1_000_000
            async with office(file, time) as first:
                await first.add("webhook", robot)
                await first.tell(warning("COLA", time()))
                await first.until(lambda: len(robot.calls) == 1)
            robot.script = []
            async with office(file, time) as second:
                await second.delivered("webhook")
            assert len(robot.taken) == 1
            assert {call.headers["webhook-id"] for call in robot.calls} == {
                robot.taken[0].headers["webhook-id"]
            }
            async with office(file, time) as third:
                assert third.outbox.waiting("webhook") == []
            assert len(robot.taken) == 1

    asyncio.run(run())


def test_a_destination_hears_its_level_and_its_items_alone_and_takes_its_notices_with_it() -> None:
    async def run() -> None:
        with serving(robots.slack) as robot:
            async with office(MemoryFile(), Time()) as found:
                await found.add("slack", robot, level=Level.CRITICAL, skus=("COLA", "TEA"))
                await found.tell(
                    warning("COLA", found.time()),
                    warning("TEA", found.time(), available=15),
                    warning("RICE", found.time()),
                )
                await found.delivered("slack")
                assert [call.json["text"] for call in robot.taken] == ["【紧急】商品 COLA：已售罄"]
                robot.usual = lambda call: (500, {}, "")
                await found.tell(warning("COLA", found.time()))
                await found.desk.remove("slack", "ann", "r3")
                assert found.outbox.destinations() == []
                assert found.desk.all() == []

    asyncio.run(run())


def failed(found: Office, kind: RobotKind) -> bool:
    return found.found(kind).status.last_error is not None


def test_no_secret_is_logged_or_answered(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        with serving(lambda call: (400, {}, f"no hook at {call.path}")) as robot:
            async with office(MemoryFile(), Time()) as found:
                for kind in USUAL:
                    await found.add(kind, robot)
                    tested = await found.desk.test(kind, "ann", "r2")
                    await found.tell(warning("COLA", found.time()))
                    await found.until(partial(failed, found, kind))
                    for text in (repr(tested), repr(found.found(kind))):
                        assert TOKEN not in text, kind
                        assert SECRET not in text, kind
        async with office(MemoryFile(), Time()) as found:
            await found.add("slack", f"http://127.0.0.1:1/services/{TOKEN}")
            assert TOKEN not in repr(await found.desk.test("slack", "ann", "r2"))
            await found.add("slack", f"http://no-such-host.invalid/services/{TOKEN}")
            assert TOKEN not in repr(await found.desk.test("slack", "ann", "r3"))

    caplog.set_level(logging.DEBUG)
    asyncio.run(run())
    assert caplog.records
    assert TOKEN not in caplog.text
    assert SECRET not in caplog.text
