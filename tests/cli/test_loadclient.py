"""The load client against small real servers, polite and rude ones."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import cast

import pytest

from holdfast.cli.loadclient import (
    Answer,
    LoadOptions,
    LoadResult,
    OnAnswer,
    Request,
    RequestBuilder,
    ServerUnreachableError,
    run_blocking,
    run_load,
)

Reply = Callable[[bytes, int], list[bytes | None]]
QUICK = LoadOptions(timeout_s=5, attempts_max=3, backoff_s=0.001, reconnect_for_s=0.05)
BUILDER = RequestBuilder("127.0.0.1", 1, key="secret")


def ok(body: bytes = b"{}", extra: bytes = b"", status: bytes = b"200 OK") -> bytes:
    length = b"%d" % len(body)
    head = b"HTTP/1.1 " + status + b"\r\nContent-Length: " + length + b"\r\n"
    return head + extra + b"\r\n" + body


class RudeServer(asyncio.Protocol):
    """Answers what `reply` says, piece by piece; None closes the connection."""

    def __init__(self, reply: Reply, seen: list[bytes]) -> None:
        self._reply = reply
        self._seen = seen
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")),
            0,
        )
        if len(rest) < length:
            return
        assert len(rest) == length, "the client sent a second request before its answer"
        self._buffer = b""
        self._seen.append(head.split(b"\r\n")[0] + b" " + rest)
        self._send(self._reply(self._seen[-1], len(self._seen)))

    def _send(self, pieces: list[bytes | None]) -> None:
        assert self._transport is not None
        if not pieces:
            return
        if pieces[0] is None:
            self._transport.close()
            return
        self._transport.write(pieces[0])
        asyncio.get_running_loop().call_soon(self._send, pieces[1:])


def load(
    reply: Reply,
    requests: Iterable[Request],
    *,
    connections: int = 1,
    on_answer: OnAnswer | None = None,
    options: LoadOptions = QUICK,
) -> tuple[LoadResult, list[Answer], list[bytes]]:
    seen: list[bytes] = []
    answers: list[Answer] = []

    def note(answer: Answer) -> Iterable[Request] | None:
        answers.append(answer)
        return on_answer(answer) if on_answer else None

    async def main() -> LoadResult:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: RudeServer(reply, seen), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            return await run_load("127.0.0.1", port, connections, requests, note, options)
        finally:
            server.close()

    return run_blocking(main()), answers, seen


def posts(number: int) -> Iterator[Request]:
    for index in range(number):
        yield BUILDER.build("POST", "/v1/holds", b"%d" % index, token=index)


def test_every_request_is_sent_once_and_answered() -> None:
    result, answers, seen = load(lambda _, n: [ok(b"%d" % n)], posts(500), connections=8)
    assert (result.taken, result.answered, result.unanswered) == (500, 500, 0)
    assert Counter(seen) == Counter(b"POST /v1/holds HTTP/1.1 %d" % index for index in range(500))
    assert sorted(answer.request.token for answer in answers) == list(range(500))  # type: ignore[type-var]
    assert result.by_status == {200: 500}
    assert result.connections_opened == 8
    assert not result.transport_errors
    assert len(result.latencies_ns) == 500
    assert 0 < result.percentile_ns(50) <= result.percentile_ns(99) <= result.percentile_ns(100)
    assert result.rate == pytest.approx(500 / result.wall_s)


def test_an_answer_in_single_bytes_is_one_answer() -> None:
    whole = ok(b'{"id": 1}', b"Idempotency-Replayed: true\r\n", b"201 Created")
    result, answers, _ = load(
        lambda _, __: [whole[index : index + 1] for index in range(len(whole))], posts(2)
    )
    assert [(a.status, a.body, a.replayed) for a in answers] == [(201, b'{"id": 1}', True)] * 2
    assert result.replayed == 2


def test_a_chunked_body_is_put_together() -> None:
    pieces: list[bytes | None] = [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhold\r\n",
        b"4\r\nfa",
        b"st\r\n0\r\n\r\n",
    ]
    _, answers, _ = load(lambda _, __: list(pieces), posts(2))
    assert [answer.body for answer in answers] == [b"holdfast"] * 2


def test_connection_close_means_a_new_connection_and_no_error() -> None:
    result, _, _ = load(lambda _, __: [ok(b"1", b"Connection: close\r\n"), None], posts(5))
    assert result.by_status == {200: 5}
    assert result.connections_opened >= 5
    assert not result.transport_errors


def test_a_body_that_ends_with_the_connection_counts() -> None:
    result, answers, _ = load(lambda _, __: [b"HTTP/1.1 200 OK\r\n\r\nall of it", None], posts(2))
    assert [answer.body for answer in answers] == [b"all of it"] * 2
    assert not result.transport_errors


def test_an_interim_answer_is_not_the_answer() -> None:
    reply = b"HTTP/1.1 100 Continue\r\n\r\n" + ok(b"final")
    _, answers, _ = load(lambda _, __: [reply], posts(2))
    assert [(answer.status, answer.body) for answer in answers] == [(200, b"final")] * 2


def test_a_closed_connection_is_counted_and_the_same_bytes_are_sent_again() -> None:
    result, answers, seen = load(lambda _, n: [None] if n == 1 else [ok()], posts(1))
    assert result.by_status == {200: 1}
    assert result.transport_errors == {"the connection closed before the answer": 1}
    assert result.retries_transport == 1
    assert answers[0].attempts == 2
    assert seen[0] == seen[1]


def test_half_an_answer_is_not_an_answer() -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
    result, answers, seen = load(lambda _, __: [half, None], posts(1))
    assert len(seen) == QUICK.attempts_max
    assert (result.answered, result.unanswered) == (0, 1)
    assert answers[0].status == 0
    assert answers[0].error == "the connection closed in the middle of an answer"
    assert result.transport_errors == {answers[0].error: QUICK.attempts_max}


def test_garbage_is_named() -> None:
    result, answers, _ = load(lambda _, __: [b"SSH-2.0-OpenSSH_9.6\r\n"], posts(2))
    assert result.unanswered == 2
    assert "not HTTP/1.1" in answers[0].error
    assert "SSH-2.0" in answers[0].error


def test_two_answers_to_one_request_never_answer_the_next() -> None:
    result, answers, _ = load(lambda _, __: [ok(b"a") + ok(b"b")], posts(1))
    assert [answer.error for answer in answers] == ["the server sent two answers to one request"]
    assert result.answered == 0


def test_silence_is_given_up() -> None:
    options = LoadOptions(timeout_s=0.02, attempts_max=2, backoff_s=0.001)
    result, answers, _ = load(lambda _, __: [], posts(1), options=options)
    assert answers[0].error == "no answer within 0.02 s"
    assert result.unanswered == 1


def test_busy_is_tried_again_with_the_same_bytes() -> None:
    busy = ok(b"", b"Retry-After: 0\r\n", b"503 Service Unavailable")
    result, answers, seen = load(lambda _, n: [busy] if n < 3 else [ok()], posts(1))
    assert (result.by_status, result.retries_busy) == ({200: 1}, 2)
    assert answers[0].attempts == 3
    assert len(set(seen)) == 1


def test_busy_for_ever_is_the_answer() -> None:
    busy = ok(b"", b"", b"503 Service Unavailable")
    result, _, seen = load(lambda _, __: [busy], posts(1))
    assert result.by_status == {503: 1}
    assert len(seen) == QUICK.attempts_max


def test_retry_after_is_honoured_up_to_a_bound() -> None:
    options = LoadOptions(backoff_s=0.001, retry_after_max_s=5.0)
    second = 1_000_000_000
    assert second <= options.busy_pause_ns("1", 0) <= 1.2 * second
    assert options.busy_pause_ns("86400", 0) <= 6 * second
    assert options.busy_pause_ns("Wed, 21 Oct 2015 07:28:00 GMT", 0) < second


def test_a_follow_up_is_sent_after_its_answer_and_not_before_its_time() -> None:
    def pay_later(answer: Answer) -> Iterable[Request] | None:
        if answer.request.token == "pay":
            return None
        due_s = answer.at_s + 0.03
        return [BUILDER.build("POST", "/pay", b"", token="pay", not_before_s=due_s)]

    result, answers, seen = load(lambda _, __: [ok()], posts(3), connections=2, on_answer=pay_later)
    assert result.taken == result.answered == 6
    assert [line.split()[1] for line in seen] == [b"/v1/holds"] * 3 + [b"/pay"] * 3
    paid = [answer for answer in answers if answer.request.token == "pay"]
    assert all(answer.at_s >= answer.request.not_before_s for answer in paid)
    assert all(answer.late_ns >= 0 for answer in paid)


def test_a_late_request_does_not_block_those_behind_it() -> None:
    requests = [
        BUILDER.build("GET", "/late", not_before_s=0.03),
        BUILDER.build("GET", "/now"),
    ]
    _, _, seen = load(lambda _, __: [ok()], requests)
    assert [line.split()[1] for line in seen] == [b"/now", b"/late"]


def test_look_ahead_bounds_what_waits_in_memory() -> None:
    pulled: list[int] = []

    def endless() -> Iterator[Request]:
        for index in range(100):
            pulled.append(index)
            yield BUILDER.build("GET", f"/{index}", not_before_s=0.01)

    most_ahead = 0

    def watch(answer: Answer) -> None:
        nonlocal most_ahead
        most_ahead = max(most_ahead, len(pulled) - int(answer.request.wire.split()[1][1:]))

    options = LoadOptions(timeout_s=1, look_ahead=5)
    result, _, _ = load(lambda _, __: [ok()], endless(), on_answer=watch, options=options)
    assert result.answered == 100
    assert most_ahead <= 7


def test_nobody_there_says_so() -> None:
    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        await run_load("127.0.0.1", port, 2, posts(1), None, QUICK)

    with pytest.raises(ServerUnreachableError, match=r"nothing answers at 127\.0\.0\.1"):
        run_blocking(main())


def test_a_server_that_goes_away_ends_the_load_with_a_reason() -> None:
    async def main() -> LoadResult:
        loop = asyncio.get_running_loop()
        seen: list[bytes] = []
        server = await loop.create_server(lambda: RudeServer(reply, seen), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]

        def stop(answer: Answer) -> None:
            server.close()

        return await run_load("127.0.0.1", port, 1, posts(50), stop, QUICK)

    def reply(_: bytes, __: int) -> list[bytes | None]:
        return [ok(b"", b"Connection: close\r\n"), None]

    result = run_blocking(main())
    assert result.by_status == {200: 1}
    assert "nothing answers" in result.aborted


@pytest.mark.parametrize("where", ["iterator", "on_answer"])
def test_an_error_of_the_callers_own_code_comes_out(where: str) -> None:
    def broken() -> Iterator[Request]:
        yield from posts(1)
        raise RuntimeError("iterator")

    def on_answer(_: Answer) -> None:
        if where == "on_answer":
            raise RuntimeError("on_answer")

    with pytest.raises(RuntimeError, match=where):
        load(lambda _, __: [ok()], broken(), on_answer=on_answer)


def test_percentiles_are_values_that_were_measured() -> None:
    result = LoadResult()
    result.latencies_ns.extend(range(100, 0, -1))
    assert [result.percentile_ns(p) for p in (0, 50, 90, 99, 99.9, 100)] == [
        1,
        50,
        90,
        99,
        100,
        100,
    ]
    assert LoadResult().percentile_ns(99) == 0


def test_the_builder_refuses_what_would_break_the_wire() -> None:
    assert BUILDER.build("PUT", "/v1/skus/a%20b", b"{}").wire == (
        b"PUT /v1/skus/a%20b HTTP/1.1\r\nHost: 127.0.0.1:1\r\nUser-Agent: holdfast-load\r\n"
        b"Authorization: Bearer secret\r\nContent-Type: application/json\r\n"
        b"Content-Length: 2\r\n\r\n{}"
    )
    for target in ("/a b", "/a\r\nX: y", "relative", "/商品"):
        with pytest.raises(ValueError, match="percent-encode"):
            BUILDER.build("GET", target)
    with pytest.raises(ValueError, match="Authorization"):
        RequestBuilder("h", 1, key="a\r\nX-Evil: 1")
