"""One request to one robot: made by its file in `notices`, sent, and its answer read."""

import asyncio
import contextvars
import logging
import smtplib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from email.message import EmailMessage

import httpx

from holdfast.operations.notices import (
    Answer,
    Post,
    Verdict,
    dingtalk,
    feishu,
    notice_of,
    slack,
    webhook,
    wecom,
)
from holdfast.operations.notices import Notice as Message
from holdfast.policies.warnings import Digest, StockWarning

from . import mail
from .address import place_of, resolve
from .model import Destination, DestinationError

CONNECT_TIMEOUT_S, TOTAL_TIMEOUT_S = 3.0, 10.0
ANSWER_BYTES_MAX = 64 * 1024
_ROBOTS = {"dingtalk": dingtalk, "feishu": feishu, "wecom": wecom, "slack": slack}
_quiet = contextvars.ContextVar("quiet", default=False)


class _WithoutOurs(logging.Filter):
    """httpx logs the address of each request, and a robot's address is its secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not _quiet.get()


logging.getLogger("httpx").addFilter(_WithoutOurs())


class Sender:
    """Sends; never raises but when it is cancelled, and what it answers holds no secret."""

    def __init__(self, now_us: Callable[[], int], *, private: bool) -> None:
        self._now_us = now_us
        self._private = private
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(TOTAL_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
            # No connection is kept: one to an address must not serve another name at the same address.
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,
        )

    async def close(self) -> None:
        """Let the connections go."""
        await self._http.aclose()

    async def digest(self, to: Destination, secrets: Mapping[str, str], found: Digest, id: str) -> Answer:
        """Tell people of a digest."""
        return await self.message(to, secrets, notice_of(found, to.language), id)

    async def message(self, to: Destination, secrets: Mapping[str, str], message: Message, id: str) -> Answer:
        """Tell people something."""
        if to.kind == "email":
            letter = mail.message_of(message, secrets, id)
            return await self._guarded(secrets, self._letter(letter, secrets))
        robot = _ROBOTS[to.kind]
        post = robot.post(message, secrets["address"], secrets.get("secret"), self._now_us() // 1000)
        return await self._guarded(secrets, self._post(post, robot.read))

    async def warnings(self, secrets: Mapping[str, str], warnings: Sequence[StockWarning], id: str) -> Answer:
        """Tell a program; the first part that is not taken ends it, and a repeat tells all parts anew."""
        answer = Answer(Verdict.TAKEN)
        for post in webhook.posts(
            warnings, secrets["address"], _keys(secrets), id, self._now_us() // 1_000_000
        ):
            answer = await self._guarded(secrets, self._post(post, webhook.read))
            if answer.verdict is not Verdict.TAKEN:
                break
        return answer

    async def ping(self, secrets: Mapping[str, str], id: str) -> Answer:
        """Tell a program nothing, signed, to see that it listens."""
        post = webhook.ping(secrets["address"], _keys(secrets), id, self._now_us() // 1_000_000)
        return await self._guarded(secrets, self._post(post, webhook.read))

    async def _letter(self, letter: EmailMessage, secrets: Mapping[str, str]) -> Answer:
        return await asyncio.to_thread(mail.send, letter, secrets, private=self._private)

    async def _post(self, post: Post, read: Callable[[int, Mapping[str, str], bytes], Answer]) -> Answer:
        place = place_of(post.url, private=self._private)
        url = httpx.URL(post.url)
        address = await asyncio.to_thread(resolve, place, private=self._private)
        request = self._http.build_request(
            "POST",
            url.copy_with(host=address),
            content=post.body,
            headers={**post.headers, "host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": place.host},
        )
        body = b""
        response = await self._http.send(request, stream=True)
        try:
            async for part in response.aiter_bytes():
                body += part
                if len(body) >= ANSWER_BYTES_MAX:
                    break
        finally:
            await response.aclose()
        return read(response.status_code, response.headers, body)

    async def _guarded(self, secrets: Mapping[str, str], work: Awaitable[Answer]) -> Answer:
        token = _quiet.set(True)
        try:
            async with asyncio.timeout(TOTAL_TIMEOUT_S * (2 if "host" in secrets else 1)):
                answer = await work
        except DestinationError as error:
            return Answer(Verdict.REFUSED, "address", str(error))
        except smtplib.SMTPException as error:
            return mail.refusal(error)
        except (TimeoutError, httpx.TimeoutException):
            return Answer(Verdict.UNKNOWN, "timeout")
        except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
            # Its text may repeat the address, so only its name is told.
            return Answer(Verdict.UNKNOWN, "unreachable", type(error).__name__)
        finally:
            _quiet.reset(token)
        return Answer(answer.verdict, answer.code, _scrubbed(answer.text, secrets), answer.retry_after_s)


def _keys(secrets: Mapping[str, str]) -> list[str]:
    return [secrets[name] for name in ("secret", "old_secret") if secrets.get(name)]


def _scrubbed(text: str, secrets: Mapping[str, str]) -> str:
    """What a robot said, without secrets of ours that it repeats."""
    for name in ("address", "secret", "old_secret", "password"):
        value = secrets.get(name)
        if value:
            text = text.replace(value, "…")
    address = secrets.get("address", "")
    # Tokens are the last part of the path, or what a question mark is followed by.
    for part in (address.rpartition("/")[2], address.rpartition("=")[2], address.partition("?")[2]):
        if len(part) >= 8:
            text = text.replace(part, "…")
    return text
