"""Signed calls of Douyin's shop platform: what is signed is what is sent, byte for byte."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import httpx

from ..adapter import Tokens
from ..base import Link
from ..settings import one_of
from ..values import json_of, number
from .mapping import ALREADY_APPLIED, DONE, OLD_CODE, error_of

Answer = TypeVar("Answer")


REPEATED: Final[dict[str, Any]] = {}
"""The data of an answer that says that the idempotency id was used before: the write is in effect."""


def canonical(parameters: Mapping[str, Any]) -> str:
    """The JSON that is signed and sent: keys sorted by code point at every depth, nothing escaped."""
    return json.dumps(parameters, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def signature(secret: str, fields: Mapping[str, str], sign_method: str = "hmac-sha256") -> str:
    """The sign over the fields in the order of their names, the secret at both ends."""
    text = secret + "".join(name + fields[name] for name in sorted(fields)) + secret
    if sign_method == "md5":
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


class DouyinClient:
    """Calls for one shop."""

    def __init__(self, link: Link) -> None:
        self._connection = link.connection
        self._title = link.manifest.title
        self._sign_method = one_of(
            link.connection.settings, "sign_method", ("hmac-sha256", "md5"), "hmac-sha256"
        )
        self._now_us = link.now_us
        self.caller = link.caller(self._refresh)

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any],
        read: Callable[[Any], Answer],
        *,
        repeatable: bool = True,
    ) -> Answer:
        """Call `group.name`; `read` gets the `data` of the answer."""
        return await self.caller.call(
            method,
            lambda tokens: self._request(method, parameters, tokens.access),
            lambda response: read(self._data(response)),
            repeatable=repeatable,
        )

    async def _refresh(self, spent: Tokens) -> Tokens:
        parameters = {"grant_type": "refresh_token", "refresh_token": spent.refresh}
        return await self.caller.plain(
            "token.refresh",
            lambda: self._request("token.refresh", parameters, ""),
            lambda response: self._pair(self._data(response)),
            secrets=(spent.refresh,),
        )

    def _pair(self, data: Mapping[str, Any]) -> Tokens:
        expires_at_us = self._now_us() + number(data["expires_in"]) * 1_000_000
        return Tokens(str(data["access_token"]), str(data["refresh_token"]), expires_at_us)

    def _request(self, method: str, parameters: Mapping[str, Any], access_token: str) -> httpx.Request:
        body = canonical(parameters)
        signed = {
            "app_key": self._connection.app_key,
            "method": method,
            "param_json": body,
            "timestamp": str(self._now_us() // 1_000_000),
            "v": "2",
        }
        query = {name: value for name, value in signed.items() if name != "param_json"}
        query["sign"] = signature(self._connection.app_secret, signed, self._sign_method)
        query["sign_method"] = self._sign_method
        if access_token:
            query["access_token"] = access_token
        return httpx.Request(
            "POST",
            f"{self._connection.base_url.rstrip('/')}/{method.replace('.', '/')}",
            params=query,
            content=body.encode(),
            headers={"content-type": "application/json", "x-open-no-old-err-code": "1"},
        )

    def _data(self, response: httpx.Response) -> Any:
        body = json_of(response)
        old = "code" not in body
        code, sub_code = number(body["err_no" if old else "code"]), str(body.get("sub_code") or "")
        data = body.get("data")
        if code == DONE or (old and code == 0):
            return data
        if isinstance(data, dict) and data.get("results"):  # each line has a code of its own
            return data
        if sub_code in ALREADY_APPLIED:
            return REPEATED
        text = " ".join(str(body[name]) for name in ("message", "msg", "sub_msg") if body.get(name))
        kind = OLD_CODE.get(code) if old else None
        told = f"{code} {sub_code}".strip()
        raise (kind or error_of(code, sub_code, text))(
            f"{self._title} refused: {text or 'without a word'} ({told}).", vendor_code=told
        )
