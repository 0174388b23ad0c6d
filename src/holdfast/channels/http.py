"""The HTTP client under every platform's client: it knows what may be repeated, and what is unknown.

An adapter brings a function that makes the signed request, and one that reads the answer; both run anew for
each attempt, so that a repeat has its own timestamp and token.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx

from .adapter import Connection, TokenBox, Tokens
from .errors import (
    CallRefused,
    ChannelError,
    NotAuthorized,
    Throttled,
    TokenExpired,
    Unavailable,
    UnknownOutcome,
)
from .manifest import Manifest
from .state import CallState

Answer = TypeVar("Answer")

_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_UNREADABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError)
_CONNECT_TIMEOUT_MAX_S = 2.0
_SECRET_LENGTH_MIN = 4  # anything shorter would blank out ordinary words


@dataclass(frozen=True, slots=True)
class Repeats:
    """How often a call that is safe to repeat is tried; the pauses between are half fixed, half drawn."""

    attempts_max: int = 3
    pause_s: float = 0.2
    pause_max_s: float = 2.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    draw: Callable[[], float] = random.random

    def pause_before(self, attempt: int) -> float:
        """Seconds to wait before attempt 2, 3, …."""
        full_s = min(self.pause_max_s, self.pause_s * 2.0 ** (attempt - 2))
        return full_s * (0.5 + self.draw() / 2)


class Caller:
    """Makes calls for one shop; `refresh` gets a new pair of tokens, with `plain` calls.

    Only what is told to be `repeatable` is tried again after an error. Every call may be made a second time
    when the first was refused for an expired token, for then it surely was not applied.
    """

    def __init__(
        self,
        manifest: Manifest,
        connection: Connection,
        tokens: TokenBox,
        http: httpx.AsyncClient,
        now_us: Callable[[], int],
        refresh: Callable[[Tokens], Awaitable[Tokens]],
        repeats: Repeats | None = None,
    ) -> None:
        self.state = CallState()
        self.now_us = now_us
        self._title = manifest.title
        self._timeout_s = manifest.timeout_s
        self._tokens = tokens
        self._http = http
        self._refresh = refresh
        self._repeats = repeats or Repeats()
        self._secrets = {connection.app_secret, *connection.secrets.values()}

    async def call(
        self,
        name: str,
        request: Callable[[Tokens], httpx.Request],
        read: Callable[[httpx.Response], Answer],
        *,
        repeatable: bool,
    ) -> Answer:
        """A call in the shop's name; never `repeatable` for a change of stock."""

        async def once() -> Answer:
            spent = await self._tokens.current()
            try:
                return await self._attempt(name, lambda: request(spent), read, (spent.access, spent.refresh))
            except TokenExpired:
                fresh = await self._fresh(spent)
            return await self._attempt(name, lambda: request(fresh), read, (fresh.access, fresh.refresh))

        return await self._repeated(once, repeatable=repeatable)

    async def plain(
        self,
        name: str,
        request: Callable[[], httpx.Request],
        read: Callable[[httpx.Response], Answer],
        *,
        secrets: Collection[str] = (),
    ) -> Answer:
        """A call without an access token, such as the one that gets it; it is safe to repeat."""

        async def once() -> Answer:
            return await self._attempt(name, request, read, secrets)

        return await self._repeated(once, repeatable=True)

    async def _repeated(self, once: Callable[[], Awaitable[Answer]], *, repeatable: bool) -> Answer:
        attempt = 1
        while True:
            try:
                return await once()
            except (Unavailable, UnknownOutcome):
                attempt += 1
                if not repeatable or attempt > self._repeats.attempts_max:
                    raise
            self.state.repeats += 1
            await self._repeats.sleep(self._repeats.pause_before(attempt))

    async def _fresh(self, spent: Tokens) -> Tokens:
        """A newer pair; its errors are turned into ones that say that the call itself was not applied."""

        async def refresh(tokens: Tokens) -> Tokens:
            pair = await self._refresh(tokens)
            self.state.refreshes += 1
            return pair

        try:
            return await self._tokens.refreshed(spent, refresh)
        except UnknownOutcome as error:
            told = f"The token was not refreshed: {error}"
            wrapped: ChannelError = Unavailable(told, vendor_code=error.vendor_code)
        except (TokenExpired, CallRefused) as error:
            told = f"The shop has to authorize again, the token cannot be refreshed: {error}"
            wrapped = NotAuthorized(told, vendor_code=error.vendor_code)
        # The attempt was counted already; people are told what it means.
        self.state.last_error = str(wrapped)
        raise wrapped from None

    async def _attempt(
        self,
        name: str,
        request: Callable[[], httpx.Request],
        read: Callable[[httpx.Response], Answer],
        secrets: Collection[str],
    ) -> Answer:
        try:
            answer = self._read(name, await self._send(name, request()), read)
        except ChannelError as error:
            error.args = (self._hidden(str(error), secrets),)
            self.state.failed(name, error.code, str(error), self.now_us())
            raise
        self.state.succeeded(name, self.now_us())
        return answer

    async def _send(self, name: str, request: httpx.Request) -> httpx.Response:
        connect_s = min(_CONNECT_TIMEOUT_MAX_S, self._timeout_s / 2)
        timeout = httpx.Timeout(self._timeout_s, connect=connect_s, pool=connect_s)
        request.extensions["timeout"] = timeout.as_dict()
        # `from None`: the causes hold the request, whose address and headers are secret.
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._http.send(request, follow_redirects=False)
        except _NOT_SENT as error:
            raise Unavailable(f"{self._title} was not reached for {name} ({type(error).__name__}).") from None
        except (httpx.HTTPError, TimeoutError) as error:
            raise UnknownOutcome(f"{self._title} did not answer {name} ({type(error).__name__}).") from None

    def _read(self, name: str, response: httpx.Response, read: Callable[[httpx.Response], Answer]) -> Answer:
        status = response.status_code
        if status == httpx.codes.TOO_MANY_REQUESTS:
            raise Throttled(
                f"{self._title} takes no more calls of {name} for now.",
                vendor_code=str(status),
                retry_after_s=retry_after_s(response.headers.get("retry-after"), self.now_us()),
            )
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise UnknownOutcome(f"{self._title} answered {name} with {status}.", vendor_code=str(status))
        try:
            return read(response)
        except _UNREADABLE as error:
            field = f" {error}" if isinstance(error, KeyError) else ""
            fault = f"{type(error).__name__}{field}, HTTP {status}"
            if httpx.codes.is_success(status):
                raise UnknownOutcome(
                    f"{self._title} answered {name} with what we cannot read ({fault})."
                ) from None
            raise CallRefused(f"{self._title} refused {name} ({fault}).", vendor_code=str(status)) from None

    def _hidden(self, text: str, secrets: Collection[str]) -> str:
        for secret in {*self._secrets, *secrets}:
            if len(secret) >= _SECRET_LENGTH_MIN:
                text = text.replace(secret, "…")
        return text


def retry_after_s(value: str | None, now_us: int) -> float | None:
    """Seconds that a `Retry-After` header asks for: a number or a date; None where it says neither."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now_us / 1e6)


class _WithoutQuery(logging.Filter):
    """httpx logs the address of every call, and several platforms want token and signature in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_bare(value) for value in record.args)
        return True


def _bare(value: Any) -> Any:
    return value.copy_with(query=None) if isinstance(value, httpx.URL) else value


logging.getLogger("httpx").addFilter(_WithoutQuery())
