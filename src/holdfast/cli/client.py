"""Calls to a running server, for every command: bounded retry, pages, and errors that say what to do."""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

URL_DEFAULT = "http://127.0.0.1:8080"
PAGE_SIZE = 500
TIMEOUT_S = 30.0
ATTEMPTS_MAX = 6
BACKOFF_S = 0.2
RETRY_AFTER_MAX_S = 10.0


class RequestFailed(Exception):
    """The server refused, could not be reached, or answered something that is not Holdfast's.

    `status` is 0 when there was no answer; `hint` says what to do, in Chinese and English.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        status: int = 0,
        field: str = "",
        request_id: str = "",
        hint: tuple[str, str] = ("", ""),
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.status = status
        self.field = field
        self.request_id = request_id
        self.hint = hint

    def to_json(self) -> dict[str, str | int]:
        """For `--json`."""
        return {
            "code": self.code,
            "detail": self.detail,
            "status": self.status,
            "field": self.field,
            "request_id": self.request_id,
            "hint": self.hint[1],
            "hint_zh": self.hint[0],
        }


class Answer(msgspec.Struct, frozen=True):
    """A success."""

    status: int
    body: Any
    replayed: bool


class _Problem(msgspec.Struct):
    code: str = ""
    detail: str = ""
    field: str | None = None
    request_id: str = ""


_STATUS_HINTS = {
    401: (
        "请用 --key 或环境变量 HOLDFAST_API_KEY 提供有效密钥（holdfast key create 可新建）",
        "give a valid key with --key or HOLDFAST_API_KEY (`holdfast key create` makes one)",
    ),
    403: (
        "此密钥权限不足，需要更高角色的密钥",
        "this key may not do that; use one with a higher role",
    ),
}


class ApiClient:
    """One server; may be used from several threads.

    Every call is repeated on 503, on a broken connection and on a time-out. That is safe because
    whatever moves stock carries its own id; a caller must not post anything without one.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        attempts_max: int = ATTEMPTS_MAX,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._attempts_max = attempts_max
        self._sleep = sleep
        headers = {"Accept": "application/json", "User-Agent": "holdfast-cli"}
        try:
            if key:
                headers["Authorization"] = f"Bearer {key}"
                key.encode("ascii")
            self._http = httpx.Client(
                base_url=self.url, headers=headers, timeout=TIMEOUT_S, transport=transport, trust_env=False
            )
            if any(c.isspace() for c in url) or (self._http.base_url.port or 0) > 65_535:
                raise ValueError("a space or a port beyond 65535 is in it")
            if self._http.base_url.scheme not in ("http", "https") or not self._http.base_url.host:
                raise ValueError("it must begin with http:// or https://")
        except UnicodeEncodeError:
            raise ValueError("the key has characters that no key has") from None
        except (httpx.InvalidURL, ValueError) as error:
            raise ValueError(f"{url!r} is no address of a server: {error}") from error

    def __enter__(self) -> "ApiClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def get(self, path: str, **query: str | int) -> Any:
        """The document at a path."""
        return self.call("GET", path, query=query).body

    def put(self, path: str, body: Any) -> Answer:
        """Create or replace."""
        return self.call("PUT", path, body)

    def post(self, path: str, body: Any) -> Answer:
        """Do something once, however often it is sent; the body carries its id."""
        return self.call("POST", path, body)

    def upload(self, path: str, content: bytes, **query: str | int) -> Answer:
        """Send a file as it is; the server does the same once or often."""
        return self.call("POST", path, content, query=query)

    def pages(self, path: str) -> Iterator[Any]:
        """Every item of a paged list."""
        cursor: str | None = None
        while True:
            query: dict[str, str | int] = (
                {"limit": PAGE_SIZE} if cursor is None else {"limit": PAGE_SIZE, "after": cursor}
            )
            page = self.call("GET", path, query=query).body
            if not isinstance(page, dict) or not isinstance(page.get("items"), list):
                raise self._foreign(200)
            yield from page["items"]
            following = page.get("next")
            if following is None:
                return
            if following == cursor:
                raise RequestFailed("no_progress", f"the list {path} does not go on behind {cursor}")
            cursor = following

    def call(
        self, method: str, path: str, body: Any = None, *, query: dict[str, str | int] | None = None
    ) -> Answer:
        """One call, with bytes as they are and anything else as JSON; raises RequestFailed."""
        raw = isinstance(body, bytes)
        content = body if raw or body is None else msgspec.json.encode(body)
        kind = "application/octet-stream" if raw else "application/json"
        headers = {} if body is None else {"Content-Type": kind}
        for attempt in range(self._attempts_max):
            last = attempt + 1 == self._attempts_max
            try:
                response = self._http.request(
                    method, path, content=content, headers=headers, params=query or None
                )
            except httpx.HTTPError as error:
                # A refused connection at first means that no server runs: nobody wants to wait to hear that.
                if last or (isinstance(error, httpx.ConnectError) and attempt >= 2):
                    raise self._unreachable(error) from error
                self._sleep(_pause_s(attempt, ""))
                continue
            if response.status_code == 503 and not last:
                self._sleep(_pause_s(attempt, response.headers.get("Retry-After", "")))
                continue
            return self._answer(response)
        raise AssertionError("the last attempt answers or raises")

    def _answer(self, response: httpx.Response) -> Answer:
        replayed = response.headers.get("Idempotency-Replayed", "") == "true"
        is_problem = response.headers.get("Content-Type", "").startswith("application/problem+json")
        try:
            if not is_problem and response.is_success:
                body = msgspec.json.decode(response.content) if response.content else None
                return Answer(response.status_code, body, replayed)
            found = msgspec.json.decode(response.content, type=_Problem) if is_problem else _Problem()
        except msgspec.DecodeError:
            raise self._foreign(response.status_code) from None
        if not found.code:
            raise self._foreign(response.status_code)
        raise RequestFailed(
            found.code,
            found.detail or found.code,
            status=response.status_code,
            field=found.field or "",
            request_id=found.request_id,
            hint=_STATUS_HINTS.get(response.status_code, ("", "")),
        )

    def _foreign(self, status: int) -> RequestFailed:
        return RequestFailed(
            "not_holdfast",
            f"{self.url} answered {status}, but not as a Holdfast server does",
            status=status,
            hint=("请检查 --url 是否指向 Holdfast 服务", "check that --url names a Holdfast server"),
        )

    def _unreachable(self, error: httpx.HTTPError) -> RequestFailed:
        cause = str(error) or type(error).__name__
        return RequestFailed(
            "unreachable",
            f"no answer from {self.url}: {cause}",
            hint=(
                "请先用 holdfast serve 启动服务，或用 --url / HOLDFAST_URL 指定地址",
                "start it with `holdfast serve`, or name another address with --url or HOLDFAST_URL",
            ),
        )


def path_of(*parts: str) -> str:
    """A path whose parts may hold any character, dots alone too."""
    return "/" + "/".join(
        quote(part, safe="").replace(".", "%2E") if part.strip(".") == "" else quote(part, safe="")
        for part in parts
    )


def _pause_s(attempt: int, retry_after: str) -> float:
    """What the server asked for, up to a bound, otherwise doubling; jitter spreads the crowd."""
    asked_s = float(retry_after) if retry_after.strip().isdecimal() else 0.0
    if asked_s > 0:
        return min(asked_s, RETRY_AFTER_MAX_S) * (1 + 0.2 * random.random())  # noqa: S311 - nothing secret
    return BACKOFF_S * 2.0**attempt * (0.5 + random.random())  # noqa: S311 - nothing secret
