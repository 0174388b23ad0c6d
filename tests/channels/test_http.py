"""What an error says about the call, what is repeated, and that nothing secret is told."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from holdfast.channels.adapter import Connection, Tokens
from holdfast.channels.errors import (
    CallRefused,
    ChannelError,
    NotAuthorized,
    Throttled,
    TokenExpired,
    Unavailable,
    UnknownOutcome,
)
from holdfast.channels.http import Caller, Repeats, retry_after_s
from holdfast.channels.manifest import (
    Deducts,
    GivesBack,
    Manifest,
    PushMode,
    RateCap,
    UnderRun,
    WriteMode,
)
from holdfast.channels.tokens import MemoryTokenBox
from tests.channels.fakes import NOW_US, Answer, FakeFile, FakePlatform, FakeSleep, box, now_us

MANIFEST = Manifest(
    platform="anywhere",
    title="Anywhere",
    title_zh="某处",
    write=WriteMode.RELATIVE,
    under_run=UnderRun.REFUSES,
    idempotent=True,
    can_shrink=True,
    read_back=True,
    write_tells_counter=False,
    lines_per_write_max=1,
    rate=RateCap(10, 10),
    deducts=Deducts.ON_ORDER,
    gives_back_on_cancel=GivesBack.YES,
    gives_back_on_refund=GivesBack.YES,
    push=PushMode.NONE,
    push_carries_order=False,
    poll=True,
)
CONNECTION = Connection(
    "http://platform.test", "key", "app-secret-text", secrets={"push": "push-secret-text"}
)
EXPIRED = httpx.Response(200, json={"code": "expired"})
DONE = httpx.Response(200, json={"code": "ok", "value": 7})


def read(response: httpx.Response) -> int:
    body = response.json()
    if body.get("code") == "expired":
        raise TokenExpired("The token is spent.", vendor_code="expired")
    return int(body["value"])


def request(tokens: Tokens) -> httpx.Request:
    return httpx.Request("POST", "http://platform.test/call", params={"access_token": tokens.access})


class Shop:
    """A caller of a fake platform, whose refresh gives `new-access-token-1`, `-2`, …."""

    def __init__(self, *answers: Answer, refresh_fails: ChannelError | None = None) -> None:
        self.platform = FakePlatform(list(answers))
        self.sleep = FakeSleep()
        self.refreshes = 0
        self.refresh_fails = refresh_fails
        self.caller = Caller(
            MANIFEST,
            CONNECTION,
            box(),
            self.platform.client(),
            now_us,
            self.refresh,
            Repeats(sleep=self.sleep, draw=lambda: 0.5),
        )

    async def refresh(self, tokens: Tokens) -> Tokens:
        self.refreshes += 1
        await asyncio.sleep(0)
        if self.refresh_fails is not None:
            raise self.refresh_fails
        return Tokens(f"new-access-token-{self.refreshes}", "new-refresh-token")

    async def write(self) -> int:
        return await self.caller.call("write", request, read, repeatable=False)

    async def look(self) -> int:
        return await self.caller.call("look", request, read, repeatable=True)


def failure(shop: Shop) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        asyncio.run(shop.write())
    return caught.value


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_what_was_not_sent_was_not_applied(error: type[httpx.TransportError]) -> None:
    found = failure(Shop(error("no route")))
    assert type(found) is Unavailable
    assert not found.may_be_applied


@pytest.mark.parametrize(
    "error", [httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.RemoteProtocolError]
)
def test_what_was_sent_and_not_answered_may_be_applied(error: type[httpx.TransportError]) -> None:
    found = failure(Shop(error("gone")))
    assert type(found) is UnknownOutcome
    assert found.may_be_applied


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_fault_of_the_server_leaves_the_outcome_open(status: int) -> None:
    found = failure(Shop(httpx.Response(status, text="sorry")))
    assert type(found) is UnknownOutcome
    assert found.vendor_code == str(status)


def test_a_success_that_cannot_be_read_leaves_the_outcome_open() -> None:
    assert type(failure(Shop(httpx.Response(200, json={"values": 7})))) is UnknownOutcome
    assert type(failure(Shop(httpx.Response(200, text="<html>")))) is UnknownOutcome


def test_a_refusal_that_cannot_be_read_is_a_refusal() -> None:
    found = failure(Shop(httpx.Response(404, text="<html>")))
    assert type(found) is CallRefused
    assert found.vendor_code == "404"


def test_too_many_calls_are_told_with_the_wait_and_not_repeated() -> None:
    shop = Shop(httpx.Response(429, headers={"retry-after": "7"}))
    with pytest.raises(Throttled) as caught:
        asyncio.run(shop.look())
    assert caught.value.retry_after_s == 7.0
    assert len(shop.platform.asked) == 1


@pytest.mark.parametrize(
    ("header", "wanted"),
    [(None, None), ("", None), ("soon", None), ("3", 3.0), ("Tue, 14 Nov 2023 22:13:30 GMT", 10.0)],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, wanted: float | None) -> None:
    assert retry_after_s(header, NOW_US) == wanted


def test_a_write_is_never_repeated_by_itself() -> None:
    for trouble in (httpx.ConnectError("no"), httpx.ReadTimeout("no"), httpx.Response(503)):
        shop = Shop(trouble, DONE)
        failure(shop)
        assert len(shop.platform.asked) == 1


def test_a_read_is_repeated_a_few_times_with_growing_pauses() -> None:
    shop = Shop(httpx.ReadTimeout("no"), httpx.Response(502), DONE)
    assert asyncio.run(shop.look()) == 7
    assert shop.sleep.slept_s == pytest.approx([0.15, 0.3])
    assert shop.caller.state.repeats == 2

    shop = Shop(*[httpx.Response(502)] * 4)
    with pytest.raises(UnknownOutcome):
        asyncio.run(shop.look())
    assert len(shop.platform.asked) == 3


def test_an_expired_token_is_refreshed_once_and_the_write_made_again() -> None:
    shop = Shop(EXPIRED, DONE)
    assert asyncio.run(shop.write()) == 7
    sent = [asked.url.params["access_token"] for asked in shop.platform.asked]
    assert sent == ["old-access-token", "new-access-token-1"]
    assert shop.caller.state.refreshes == 1


def test_a_new_token_that_is_refused_too_is_not_refreshed_again() -> None:
    shop = Shop(EXPIRED, EXPIRED)
    assert type(failure(shop)) is TokenExpired
    assert shop.refreshes == 1


def test_many_expired_calls_at_once_refresh_once() -> None:
    def by_token(asked: httpx.Request) -> httpx.Response:
        return EXPIRED if asked.url.params["access_token"] == "old-access-token" else DONE

    shop = Shop(*[by_token] * 40)

    async def run() -> list[int]:
        return await asyncio.gather(*(shop.write() for _ in range(20)))

    assert asyncio.run(run()) == [7] * 20
    assert shop.refreshes == 1


@pytest.mark.parametrize(
    ("trouble", "wanted"),
    [
        (UnknownOutcome("no answer"), Unavailable),
        (Unavailable("not reached"), Unavailable),
        (Throttled("slower"), Throttled),
        (CallRefused("void"), NotAuthorized),
        (TokenExpired("void"), NotAuthorized),
    ],
)
def test_a_write_whose_token_was_not_refreshed_was_not_applied(
    trouble: ChannelError, wanted: type[ChannelError]
) -> None:
    found = failure(Shop(EXPIRED, refresh_fails=trouble))
    assert type(found) is wanted
    assert not found.may_be_applied


def test_no_secret_is_told() -> None:
    def telltale(response: httpx.Response) -> int:
        raise CallRefused(f"You sent {response.request.url} with app-secret-text and push-secret-text.")

    shop = Shop(DONE)
    with pytest.raises(CallRefused) as caught:
        asyncio.run(shop.caller.call("write", request, telltale, repeatable=False))
    for text in (str(caught.value), repr(caught.value), shop.caller.state.last_error):
        assert "access_token=…" in text
        assert "secret-text" not in text
        assert "old-access-token" not in text


def test_the_log_of_httpx_shows_no_query(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        asyncio.run(Shop(DONE).write())
    assert "http://platform.test/call" in caplog.text
    assert "old-access-token" not in caplog.text


def test_what_calls_came_to_is_counted() -> None:
    shop = Shop(DONE, httpx.Response(503))
    asyncio.run(shop.write())
    assert shop.caller.state.last_success_at_us == NOW_US
    failure(shop)
    assert dict(shop.caller.state.results) == {("write", "ok"): 1, ("write", "channel_unknown_outcome"): 1}
    assert shop.caller.state.last_error == "Anywhere answered write with 503."
    assert shop.caller.state.last_error_at_us == NOW_US


def test_an_answer_that_drips_is_cut_off_at_the_time_out() -> None:
    async def drip(asked: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError("never")

    async def run(make: Callable[[httpx.AsyncClient], Caller]) -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(drip)) as http:
            with pytest.raises(UnknownOutcome):
                await make(http).call("write", request, read, repeatable=False)

    async def never(tokens: Tokens) -> Tokens:
        raise AssertionError("no refresh is due")

    hasty = replace(MANIFEST, timeout_s=0.02)
    asyncio.run(run(lambda http: Caller(hasty, CONNECTION, box(), http, now_us, never)))


def test_a_cancelled_caller_loses_no_new_token() -> None:
    file = FakeFile()

    async def run() -> Tokens:
        tokens = MemoryTokenBox(Tokens("a", "r"), file.save)
        answered = asyncio.Event()

        async def refresh(spent: Tokens) -> Tokens:
            await answered.wait()
            return Tokens("b", "s")

        waiting = asyncio.create_task(tokens.refreshed(Tokens("a"), refresh))
        await asyncio.sleep(0)
        waiting.cancel()
        answered.set()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return await tokens.refreshed(Tokens("a"), refresh)

    assert asyncio.run(run()).access == "b"
    assert [tokens.access for tokens in file.saved] == ["b"]


def test_a_token_that_was_not_saved_is_not_used_and_not_lost() -> None:
    file = FakeFile(trouble=OSError("disk full"))

    async def run() -> None:
        tokens = MemoryTokenBox(Tokens("a", "r"), file.save)
        refreshes = 0

        async def refresh(spent: Tokens) -> Tokens:
            nonlocal refreshes
            refreshes += 1
            return Tokens("b", "s")

        with pytest.raises(OSError, match="disk full"):
            await tokens.refreshed(Tokens("a"), refresh)
        assert (await tokens.current()).access == "a"
        assert (await tokens.refreshed(Tokens("a"), refresh)).access == "b"
        assert refreshes == 1

    asyncio.run(run())
    assert [tokens.access for tokens in file.saved] == ["b"]
