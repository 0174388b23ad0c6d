"""Every kind of trouble has its name, and says truly whether the call may have been applied."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import replace

import pytest

from holdfast.channels.adapter import Adapter, Connection
from holdfast.channels.errors import (
    ChannelError,
    NotAuthorized,
    SignatureRefused,
    Throttled,
    Unavailable,
    UnknownOutcome,
)
from holdfast.channels.orders import StockReading
from tests.conformance.channels.stand import Stand
from tests.simulators.receiver import wait_until


def refused(
    stand: Stand, changed: Callable[[Connection], Connection] | None = None, **settings: str
) -> ChannelError:
    """What a write of one unit more comes to; the counter is told by the test."""

    async def work(adapter: Adapter) -> None:
        write = stand.write(adapter, 1)
        with pytest.raises(ChannelError) as caught:
            await adapter.write_stock(write)
        assert sum(count for (_, code), count in adapter.state.results.items() if code != "ok") >= 1
        assert adapter.state.last_error == str(caught.value)
        raise caught.value

    with pytest.raises(ChannelError) as caught:
        stand.run(work, changed, settings)
    secrets = stand.control("GET", "/credentials")
    for name in ("app_secret", "access_token", "refresh_token"):
        assert secrets[name] not in str(caught.value)
    return caught.value


def look(stand: Stand) -> list[StockReading]:
    async def work(adapter: Adapter) -> list[StockReading]:
        return await adapter.read_stock([stand.listing])

    return stand.run(work)


def test_too_many_calls(stand: Stand) -> None:
    stand.plan("throttle", stand.case.write_call)
    assert type(refused(stand)) is Throttled
    assert stand.counter() == 10
    stand.plan("throttle", stand.case.read_call)
    with pytest.raises(Throttled):
        look(stand)
    assert stand.calls(stand.case.read_call) == 1


def test_an_answer_that_is_lost(stand: Stand) -> None:
    stand.plan("lost_response", stand.case.write_call)
    found = refused(stand)
    assert (type(found), found.may_be_applied) == (UnknownOutcome, True)
    assert stand.counter() == 11
    assert stand.calls(stand.case.write_call) == 1


def test_a_request_that_is_lost(stand: Stand) -> None:
    stand.plan("lost_request", stand.case.write_call)
    assert type(refused(stand)) is UnknownOutcome
    assert stand.counter() == 10
    assert stand.calls(stand.case.write_call) == 1


def test_a_request_that_is_applied_later(stand: Stand) -> None:
    stand.misbehave(zombie_delay_s=[0.05, 0.05])
    stand.plan("zombie", stand.case.write_call)
    assert type(refused(stand)) is UnknownOutcome
    wait_until(lambda: stand.counter() == 11)


def test_an_answer_that_does_not_come_in_time(stand: Stand) -> None:
    stand.misbehave(lost_hang_s=5.0)
    stand.plan("lost_response", stand.case.write_call)
    assert type(refused(stand, timeout_s="0.15")) is UnknownOutcome
    assert stand.counter() == 11


@pytest.mark.parametrize("fault", ["lost_response", "lost_request"])
def test_a_reading_is_tried_again(stand: Stand, fault: str) -> None:
    stand.plan(fault, stand.case.read_call)
    (reading,) = look(stand)
    assert reading.sellable == 10
    assert stand.calls(stand.case.read_call) == 2


def test_a_platform_that_is_busy_has_changed_nothing_or_may_have(stand: Stand) -> None:
    stand.plan("error", stand.case.write_call)
    assert isinstance(refused(stand), Unavailable | UnknownOutcome)
    assert stand.calls(stand.case.write_call) == 1
    stand.plan("error", stand.case.read_call)
    assert look(stand)[0].sellable == 10


def test_an_outage_and_the_time_after_it(stand: Stand) -> None:
    stand.misbehave(outage=True)
    assert isinstance(refused(stand), Unavailable | UnknownOutcome)
    with pytest.raises((Unavailable, UnknownOutcome)):
        look(stand)
    stand.misbehave(outage=False)
    assert look(stand)[0].sellable == 10


def test_a_platform_that_nobody_answers_for_was_not_reached(stand: Stand) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"

        def elsewhere(connection: Connection) -> Connection:
            settings = {
                name: value.replace(connection.base_url, nobody)
                for name, value in connection.settings.items()
            }
            return replace(connection, base_url=nobody, settings=settings)

        found = refused(stand, elsewhere)
    assert (type(found), found.may_be_applied) == (Unavailable, False)


def test_a_wrong_signature(stand: Stand) -> None:
    if stand.case.wrong_secret is None:
        pytest.skip("this platform does not sign calls")
    assert type(refused(stand, stand.case.wrong_secret)) is SignatureRefused
    assert stand.counter() == 10


def test_a_clock_that_is_off(stand: Stand) -> None:
    """Where the platform checks the time, it says so; where it does not, the call is simply done."""
    stand.misbehave(clock_skew_s=-7_200.0)
    try:
        stand.change(1)
    except SignatureRefused:
        assert stand.counter() == 10
    else:
        assert stand.counter() == 11


def test_expired_tokens_are_refreshed_once_for_all_who_wait(stand: Stand) -> None:
    stand.control("POST", "/tokens/expire")
    written = 0

    async def work(adapter: Adapter) -> int:
        nonlocal written
        write = stand.write(adapter, 1)
        await asyncio.gather(
            adapter.write_stock(write), *(adapter.read_stock([stand.listing]) for _ in range(12))
        )
        return adapter.state.refreshes

    refreshes = stand.run(work)
    assert stand.counter() == 11
    assert refreshes == len(stand.file.saved) == 1
    told = stand.control("GET", "/credentials")
    saved = stand.file.saved[0]
    assert saved.access == told["access_token"]
    assert saved.refresh == (told["refresh_token"] if stand.case.needs_refresh_token else "")
    assert saved.access_expires_at_us is not None


def test_a_refresh_token_that_is_spent_needs_a_person(stand: Stand) -> None:
    if not stand.case.needs_refresh_token:
        pytest.skip("this platform gives tokens for the app's secret")
    stand.control("POST", "/tokens/expire", {"refresh": True})
    found = refused(stand)
    assert (type(found), found.may_be_applied) == (NotAuthorized, False)
    assert stand.counter() == 10
