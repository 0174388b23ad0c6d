"""Signed calls of Taobao's open platform (TOP)."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeVar

import httpx

from ..adapter import Tokens
from ..base import Link
from ..errors import ChannelError, InsufficientStock, NotAuthorized
from ..settings import one_of
from ..values import json_of, number
from .mapping import error_of

Answer = TypeVar("Answer")
_CHINA = timezone(timedelta(hours=8))
_SHORT_WORDS = "库存不足,不能小于0,小于零,不能为负,negative,insufficient"


def signature(secret: str, fields: Mapping[str, str], sign_method: str = "hmac-sha256") -> str:
    """The sign over all fields in the order of their names, in capital letters."""
    text = "".join(name + fields[name] for name in sorted(fields))
    if sign_method == "md5":
        wrapped = f"{secret}{text}{secret}".encode()
        return hashlib.md5(wrapped, usedforsecurity=False).hexdigest().upper()
    digest = hashlib.md5 if sign_method == "hmac" else hashlib.sha256
    return hmac.new(secret.encode(), text.encode(), digest).hexdigest().upper()


def china_time(at_us: int) -> str:
    """A moment as Taobao writes it, in whole seconds of China's time."""
    return datetime.fromtimestamp(at_us // 1_000_000, _CHINA).strftime("%Y-%m-%d %H:%M:%S")


def moment_us(value: object) -> int | None:
    """The moment that Taobao wrote; None where it wrote none."""
    if not value:
        return None
    at = datetime.strptime(str(value), "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CHINA)
    return int(at.astimezone(UTC).timestamp()) * 1_000_000


def rows(value: object, name: str) -> list[Mapping[str, Any]]:
    """A list, which this platform wraps into an object with the name of what is in it."""
    found = value.get(name) if isinstance(value, dict) else value
    return list(found) if isinstance(found, list) else []


class TaobaoClient:
    """Calls for one shop."""

    def __init__(self, link: Link) -> None:
        self._connection = link.connection
        self._title = link.manifest.title
        settings = link.connection.settings
        self._sign_method = one_of(settings, "sign_method", ("md5", "hmac", "hmac-sha256"), "hmac-sha256")
        self._token_url = settings.get("token_url", "https://oauth.taobao.com/token")
        self._short_words = [word for word in settings.get("short_words", _SHORT_WORDS).split(",") if word]
        self._now_us = link.now_us
        base_url = link.connection.base_url.rstrip("/").removesuffix("/router/rest")
        self._gateway = settings.get("gateway_url", f"{base_url}/router/rest")
        self.caller = link.caller(self._refresh)

    async def call(
        self,
        method: str,
        parameters: Mapping[str, object],
        read: Callable[[Any], Answer],
        *,
        repeatable: bool = True,
    ) -> Answer:
        """Call a method; `read` gets what the answer wraps. Objects among the parameters are sent as JSON."""
        return await self.caller.call(
            method,
            lambda tokens: self._request(method, parameters, tokens.access),
            lambda response: read(self._answer(method, response)),
            repeatable=repeatable,
        )

    def _request(self, method: str, parameters: Mapping[str, object], session: str) -> httpx.Request:
        fields = {name: _text(value) for name, value in parameters.items()} | {
            "method": method,
            "app_key": self._connection.app_key,
            "session": session,
            "timestamp": china_time(self._now_us()),
            "format": "json",
            "v": "2.0",
            "sign_method": self._sign_method,
        }
        fields["sign"] = signature(self._connection.app_secret, fields, self._sign_method)
        return httpx.Request("POST", self._gateway, data=fields)

    async def _refresh(self, spent: Tokens) -> Tokens:
        form = {
            "grant_type": "refresh_token",
            "client_id": self._connection.app_key,
            "client_secret": self._connection.app_secret,
            "refresh_token": spent.refresh,
        }

        def read(response: httpx.Response) -> Tokens:
            body = json_of(response)
            if "access_token" not in body:
                why = f"{body.get('error')} {body.get('error_description') or ''}".strip()
                raise NotAuthorized(
                    f"{self._title} gives no new token: {why}.", vendor_code=str(body.get("error"))
                )
            now_us = self._now_us()
            ends = [now_us + number(body.get(name)) * 1_000_000 for name in ("expires_in", "re_expires_in")]
            return Tokens(str(body["access_token"]), str(body["refresh_token"]), *ends)

        return await self.caller.plain(
            "oauth.token",
            lambda: httpx.Request("POST", self._token_url, data=form),
            read,
            secrets=(spent.refresh,),
        )

    def _answer(self, method: str, response: httpx.Response) -> Any:
        body = json_of(response)
        if "error_response" not in body:
            return body[method.removeprefix("taobao.").replace(".", "_") + "_response"]
        error = body["error_response"]
        code, sub_code = number(error["code"]), str(error.get("sub_code") or "")
        text = " ".join(str(error[name]) for name in ("msg", "sub_msg") if error.get(name))
        told = f"{code} {sub_code}".strip()
        raise self._kind(code, sub_code, text)(f"{self._title} refused: {text} ({told}).", vendor_code=told)

    def _kind(self, code: int, sub_code: str, text: str) -> type[ChannelError]:
        if sub_code.startswith("isv.") and any(word in text for word in self._short_words):
            return InsufficientStock
        return error_of(code, sub_code)


def _text(value: object) -> str:
    if isinstance(value, str | int):
        return str(value)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
