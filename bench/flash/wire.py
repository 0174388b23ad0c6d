"""A crowd on the wire: many kept connections, each with one request on its way, everything from one loop."""

import asyncio
import json
import time
from collections import deque
from dataclasses import dataclass, field

from .crowd import Try

PATIENCE_S = 120.0


@dataclass
class Told:
    """What was answered: tries that were placed, all codes, and how long after the opening the last was."""

    placed: list[Try] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    took_s: float = 0.0
    first_at_s: float | None = None
    """When the first try was placed, in Unix time."""


class _Line(asyncio.Protocol):
    """One connection; `ask` sends a request and waits for its answer."""

    def __init__(self) -> None:
        self._seen = b""
        self._answer: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        self._seen += data
        head, gap, body = self._seen.partition(b"\r\n\r\n")
        if gap and self._answer is not None and not self._answer.done():
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            if len(body) >= length:
                self._seen = b""
                self._answer.set_result(body)

    async def ask(self, request: bytes) -> bytes:
        """Send, and wait for the body of the answer; raises OSError when the connection is lost."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


def storm(port: int, key: str, crowd: list[Try], opens_at_s: float, lines: int) -> Told:
    """Send every try at its time after `opens_at_s` (Unix time); a refused honest buyer comes back once.

    The scripts share `lines` connections and begin at the opening; each honest buyer has a connection.
    """
    return asyncio.run(asyncio.wait_for(_storm(port, key, crowd, opens_at_s, lines), PATIENCE_S))


async def _storm(port: int, key: str, crowd: list[Try], opens_at_s: float, lines: int) -> Told:
    loop = asyncio.get_running_loop()
    told = Told()
    queue = deque((each, _request(key, each.body)) for each in crowd if not each.buyer.honest)
    people = [(each, _request(key, each.body)) for each in crowd if each.buyer.honest]

    async def line() -> _Line:
        return (await loop.create_connection(_Line, "127.0.0.1", port))[1]

    async def script(wire: _Line) -> None:
        await asyncio.sleep(max(0.0, opens_at_s - time.time()))
        while queue:
            each, request = queue.popleft()
            _note(told, each, await wire.ask(request))

    async def person(wire: _Line, each: Try, request: bytes) -> None:
        await asyncio.sleep(max(0.0, opens_at_s + each.after_s - time.time()))
        if not _note(told, each, await wire.ask(request)):
            again = {**each.body, "id": f"{each.body['id']}-again"}
            _note(told, each, await wire.ask(_request(key, again)))

    wires = [await line() for _ in range(lines + len(people))]
    work = [script(wire) for wire in wires[:lines]]
    work += [person(wire, *each) for wire, each in zip(wires[lines:], people, strict=True)]
    await asyncio.gather(*work)
    told.took_s = time.time() - opens_at_s
    for wire in wires:
        wire.close()
    return told


def _note(told: Told, each: Try, body: bytes) -> bool:
    answer = json.loads(body)
    placed: bool = answer.get("status") == "placed"
    code = "placed" if placed else str(answer.get("code"))
    told.codes[code] = told.codes.get(code, 0) + 1
    if placed:
        told.first_at_s = told.first_at_s or time.time()
        told.placed.append(each)
    return placed


def _request(key: str, body: dict[str, object]) -> bytes:
    raw = json.dumps(body).encode()
    head = (
        f"POST /v1/holds HTTP/1.1\r\nHost: drop\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
    )
    return head.encode() + raw
