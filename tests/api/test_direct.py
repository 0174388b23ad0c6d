"""The short way of `POST /v1/holds` on a raw socket: whatever a client does to a connection."""

import json
import select
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from holdfast.ledger.codes import ResultCode
from tests.api.running import KEY, RunningServer, hold_body, unique, wait_for

MIB = 1024 * 1024


@pytest.fixture
def connection(server: RunningServer) -> Iterator[socket.socket]:
    with closing(connect(server)) as connection:
        yield connection


def connect(server: RunningServer) -> socket.socket:
    parts = urlsplit(server.url)
    return socket.create_connection((parts.hostname, parts.port), timeout=10)


def post(body: bytes, *headers: str, path: str = "/v1/holds", key: str = KEY, version: str = "1.1") -> bytes:
    lines = [f"POST {path} HTTP/{version}", "Host: test", f"Authorization: Bearer {key}", *headers]
    if not any(header.lower().startswith("transfer-encoding") for header in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Reader:
    """Answers from a socket, one after the other."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = b""

    def answer(self) -> tuple[int, dict[str, str], dict[str, object]]:
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        length = int(headers["content-length"])
        while len(self._buffer) < length:
            self._more()
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return int(status.split()[1]), headers, json.loads(body)

    def at_end(self) -> bool:
        return not self._buffer and not self._connection.recv(1)

    def _more(self) -> None:
        part = self._connection.recv(65_536)
        assert part, f"the connection ended after {self._buffer!r}"
        self._buffer += part


@pytest.fixture
def sku(server: RunningServer, channel: str) -> str:
    return server.stocked(channel, 50)


@pytest.fixture
def channel(server: RunningServer) -> str:
    return server.channel()


def body_of(channel: str, sku: str, quantity: int = 1, **more: object) -> bytes:
    return json.dumps(hold_body(channel, sku, quantity, **more)).encode()


def test_a_hold_is_answered_as_on_the_usual_way(
    server: RunningServer, connection: socket.socket, channel: str, sku: str
) -> None:
    body = body_of(channel, sku)
    connection.sendall(post(body))
    status, headers, document = Reader(connection).answer()
    assert (status, document["status"], headers["content-type"]) == (201, "placed", "application/json")
    assert headers["x-request-id"]
    # HTTP/1.0 goes the usual way, and is the same hold's replay.
    connection.sendall(post(body, "Connection: close", version="1.0"))
    status, headers, again = Reader(connection).answer()
    assert (status, headers["idempotency-replayed"], again) == (200, "true", document)


def test_requests_sent_together_are_answered_in_their_order(
    connection: socket.socket, channel: str, sku: str
) -> None:
    bodies = [body_of(channel, sku) for _ in range(8)]
    other = b"GET /v1/stock HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " + KEY.encode() + b"\r\n\r\n"
    connection.sendall(b"".join(post(body) + other for body in bodies))
    reader = Reader(connection)
    for body in bodies:
        status, _, document = reader.answer()
        assert (status, document["id"]) == (201, json.loads(body)["id"])
        status, _, document = reader.answer()
        assert (status, "items" in document) == (200, True)


def test_a_body_may_come_in_pieces_and_in_chunks(connection: socket.socket, channel: str, sku: str) -> None:
    body = body_of(channel, sku)
    message = post(body)
    for start in range(0, len(message), 7):
        connection.sendall(message[start : start + 7])
    assert Reader(connection).answer()[0] == 201
    body = body_of(channel, sku)
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:9], body[9:])) + b"0\r\n\r\n"
    connection.sendall(post(chunks, "Transfer-Encoding: chunked"))
    assert Reader(connection).answer()[0] == 201


def test_a_client_that_waits_to_be_told_to_go_on_is_told(
    connection: socket.socket, channel: str, sku: str
) -> None:
    body = body_of(channel, sku)
    message = post(body, "Expect: 100-continue")
    connection.sendall(message[: -len(body)])
    assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
    connection.sendall(body)
    assert Reader(connection).answer()[0] == 201


@pytest.mark.parametrize(
    ("body", "key", "status", "code"),
    [
        (b"{", KEY, 422, "invalid_request"),
        (b"", KEY, 422, "invalid_request"),
        (b'{"id": 1}', KEY, 422, "invalid_request"),
        (b"[" * 50_000, KEY, 422, "invalid_request"),
        (b"{}", "nobody's", 401, "unauthorized"),
        (b"x" * (MIB + 1), KEY, 413, "body_too_large"),
    ],
)
def test_what_is_wrong_is_told_and_the_connection_goes_on(
    connection: socket.socket, channel: str, sku: str, body: bytes, key: str, status: int, code: str
) -> None:
    connection.sendall(post(body, key=key))
    reader = Reader(connection)
    found, headers, problem = reader.answer()
    assert (found, problem["code"], headers["content-type"]) == (status, code, "application/problem+json")
    assert problem["request_id"] == headers["x-request-id"]
    assert ("www-authenticate" in headers) == (status == 401)
    connection.sendall(post(body_of(channel, sku)))
    assert reader.answer()[0] == 201


def test_a_body_of_just_one_mebibyte_is_read(connection: socket.socket, channel: str, sku: str) -> None:
    body = body_of(channel, sku)
    connection.sendall(post(body + b" " * (MIB - len(body))))
    assert Reader(connection).answer()[0] == 201


def test_a_refusal_is_a_problem_with_its_facts(connection: socket.socket, channel: str, sku: str) -> None:
    connection.sendall(post(body_of(channel, sku, 51)))
    status, _, problem = Reader(connection).answer()
    assert (status, problem["code"]) == (409, ResultCode.INSUFFICIENT_AVAILABLE)
    assert problem["facts"] == {"sku": sku, "available": 50, "asked": 51}


def test_a_client_that_asks_to_close_is_let_go(connection: socket.socket, channel: str, sku: str) -> None:
    connection.sendall(post(body_of(channel, sku), "Connection: close"))
    reader = Reader(connection)
    assert reader.answer()[0] == 201
    assert reader.at_end()


def test_a_client_that_hangs_up_at_once_still_has_its_hold(
    server: RunningServer, channel: str, sku: str
) -> None:
    id = unique("gone")
    with closing(connect(server)) as connection:
        # Zero linger: the connection is reset, not closed.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(post(body_of(channel, sku, id=id)))
        wait_for(lambda: server.client.get(f"/v1/holds/{id}").status_code == 200)
    with closing(connect(server)) as connection:
        connection.sendall(post(body_of(channel, sku)))
        assert Reader(connection).answer()[0] == 201


def test_a_body_that_never_ends_is_no_hold(server: RunningServer, channel: str, sku: str) -> None:
    id = unique("half")
    with closing(connect(server)) as connection:
        connection.sendall(post(body_of(channel, sku, id=id))[:-5])
    assert server.client.get(f"/v1/holds/{id}").status_code == 404
    assert server.client.get(f"/v1/stock/{sku}").json()["held"] == 0


def test_a_connection_is_closed_once_it_was_idle_for_all_of_its_time(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "store.db", keep_alive_s=0.6) as server:
        channel = server.channel()
        sku = server.stocked(channel, 50)
        with closing(connect(server)) as connection:
            reader = Reader(connection)
            # Twice as long as one idle time, and never idle for one: it stays.
            for _ in range(6):
                connection.sendall(post(body_of(channel, sku)))
                assert reader.answer()[0] == 201
                assert not select.select([connection], [], [], 0.2)[0]
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n")
            assert reader.answer()[0] == 200
            answered_s = time.monotonic()
            assert reader.at_end()
            assert 0.5 < time.monotonic() - answered_s < 5


def test_a_request_that_takes_longer_than_the_idle_time_is_answered(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "store.db", keep_alive_s=0.3) as server:
        channel = server.channel()
        sku = server.stocked(channel, 50)
        with closing(connect(server)) as connection:
            reader = Reader(connection)
            connection.sendall(post(body_of(channel, sku)))
            assert reader.answer()[0] == 201
            body = body_of(channel, sku)
            message = post(body)
            connection.sendall(message[:-5])
            assert not select.select([connection], [], [], 0.8)[0], "a body that comes slowly is waited for"
            connection.sendall(message[-5:])
            assert reader.answer()[0] == 201
            assert reader.at_end()
