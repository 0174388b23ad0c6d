"""What is sent and what comes back, as cheap values."""

import re
from collections.abc import Mapping

import msgspec

_SAFE_TARGET = re.compile(r"/[!-~]*")
_SAFE_HEADER = re.compile(r"[\t -~]*")


class Request(msgspec.Struct, frozen=True):
    """One request, ready for the wire; `token` comes back untouched with the answer.

    `not_before_s` counts from the start of the load: the request is not sent before then.
    """

    wire: bytes
    token: object = None
    not_before_s: float = 0.0


class Answer(msgspec.Struct, frozen=True):
    """The final answer to one request; status 0 means that none came, and `error` says why.

    `latency_ns` runs from the first attempt to this answer, waits between attempts included.
    `late_ns` is how long a request with `not_before_s` was due before a connection was free.
    `at_s` is the moment of the answer, counted from the start of the load.
    """

    request: Request
    status: int
    body: bytes
    replayed: bool
    latency_ns: int
    late_ns: int
    attempts: int
    at_s: float
    error: str = ""


class RequestBuilder:
    """Builds request bytes by concatenation: the constant head is rendered once."""

    def __init__(
        self, host: str, port: int, key: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        bracketed = f"[{host}]" if ":" in host else host
        fields = {"Host": f"{bracketed}:{port}", "User-Agent": "holdfast-load"}
        if key is not None:
            fields["Authorization"] = f"Bearer {key}"
        fields.update(headers or {})
        for name, value in fields.items():
            if not _SAFE_HEADER.fullmatch(name + value):
                raise ValueError(f"header {name} has characters that HTTP does not allow")
        head = " HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self._head = head.encode("ascii")
        self._head_json = self._head + b"Content-Type: application/json\r\nContent-Length: "

    def build(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        *,
        token: object = None,
        not_before_s: float = 0.0,
    ) -> Request:
        """`target` is already percent-encoded; a body is sent as JSON."""
        if not _SAFE_TARGET.fullmatch(target):
            raise ValueError(f"not a request target (percent-encode it): {target!r}")
        start = f"{method} {target}".encode("ascii")
        if body is None:
            return Request(start + self._head + b"\r\n", token, not_before_s)
        return Request(start + self._head_json + b"%d\r\n\r\n" % len(body) + body, token, not_before_s)
