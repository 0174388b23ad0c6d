"""Signed calls of Kuaishou's shop platform; the secret that signs is not the app secret."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import httpx

from ..adapter import Tokens
from ..base import Link
from ..errors import ChannelError, TokenExpired
from ..settings import SettingRefused, one_of
from ..values import json_of, number
from .mapping import DONE, error_of

Answer = TypeVar("Answer")


def signature(sign_secret: str, fields: Mapping[str, str], sign_method: str = "HMAC_SHA256") -> str:
    """The sign over the public parameters, `k=v` in the order of their names; base64, or hex for MD5."""
    text = "&".join(f"{name}={fields[name]}" for name in sorted(fields)) + f"&signSecret={sign_secret}"
    if sign_method == "MD5":
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return base64.b64encode(hmac.new(sign_secret.encode(), text.encode(), hashlib.sha256).digest()).decode()


class KuaishouClient:
    """Calls for one shop."""

    def __init__(self, link: Link) -> None:
        self._connection = link.connection
        self._title = link.manifest.title
        settings = link.connection.settings
        self._sign_secret = link.connection.secrets.get("sign_secret", "")
        if not self._sign_secret:
            raise SettingRefused(f"{self._title} signs with a secret of its own: set the secret sign_secret.")
        self._sign_method = one_of(settings, "sign_method", ("HMAC_SHA256", "MD5"), "HMAC_SHA256")
        self._expired = {int(code) for code in settings.get("expired_results", "21,24").split(",") if code}
        self._now_us = link.now_us
        self.caller = link.caller(self._refresh)

    async def get(self, method: str, parameters: Mapping[str, Any], read: Callable[[Any], Answer]) -> Answer:
        """A call that reads; `read` gets the `data` of the answer."""
        return await self._call("GET", method, parameters, read, repeatable=True)

    async def post(self, method: str, parameters: Mapping[str, Any], read: Callable[[Any], Answer]) -> Answer:
        """A call that changes stock."""
        return await self._call("POST", method, parameters, read, repeatable=False)

    async def _call(
        self,
        verb: str,
        method: str,
        parameters: Mapping[str, Any],
        read: Callable[[Any], Answer],
        *,
        repeatable: bool,
    ) -> Answer:
        return await self.caller.call(
            method,
            lambda tokens: self._request(verb, method, parameters, tokens.access),
            lambda response: read(self._body(response, self._expired, writes=not repeatable).get("data")),
            repeatable=repeatable,
        )

    def _request(self, verb: str, method: str, parameters: Mapping[str, Any], access: str) -> httpx.Request:
        fields = {
            "access_token": access,
            "appkey": self._connection.app_key,
            "method": method,
            "param": json.dumps(parameters, separators=(",", ":"), ensure_ascii=False),
            "signMethod": self._sign_method,
            "timestamp": str(self._now_us() // 1_000),
            "version": "1",
        }
        fields["sign"] = signature(self._sign_secret, fields, self._sign_method)
        address = self._address(method.replace(".", "/"))
        if verb == "GET":
            return httpx.Request("GET", address, params=fields)
        return httpx.Request("POST", address, data=fields)

    def _address(self, path: str) -> str:
        return f"{self._connection.base_url.rstrip('/')}/{path}"

    async def _refresh(self, spent: Tokens) -> Tokens:
        form = {
            "app_id": self._connection.app_key,
            "app_secret": self._connection.app_secret,
            "grant_type": "refresh_token",
            "refresh_token": spent.refresh,
        }
        return await self.caller.plain(
            "oauth2.refresh_token",
            lambda: httpx.Request("POST", self._address("oauth2/refresh_token"), data=form),
            lambda response: self._pair(self._body(response, set(), writes=False)),
            secrets=(spent.refresh,),
        )

    def _pair(self, body: Mapping[str, Any]) -> Tokens:
        expires_at_us = self._now_us() + number(body["expires_in"]) * 1_000_000
        return Tokens(str(body["access_token"]), str(body["refresh_token"]), expires_at_us)

    def _body(self, response: httpx.Response, expired: set[int], *, writes: bool) -> Mapping[str, Any]:
        body = json_of(response)
        result = number(body["result"])
        if result == DONE:
            return body
        said = dict.fromkeys(str(body[name]) for name in ("error_msg", "msg", "sub_msg") if body.get(name))
        text = " ".join(said)
        kind: type[ChannelError] = error_of(result, text, writes=writes)
        if result in expired and kind is error_of(result, "", writes=writes):
            kind = TokenExpired
        raise kind(f"{self._title} refused: {text or 'without a word'} ({result}).", vendor_code=str(result))
