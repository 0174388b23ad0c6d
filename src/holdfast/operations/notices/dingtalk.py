"""DingTalk 钉钉 custom robot: an action card where there is a link, Markdown where there is none."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from .answers import Answer, by_code
from .notice import Notice, Post, json_post, without_marks

PER_MINUTE_MAX = 20
THROTTLED_FOR_S = 600.0
_TOO_FAST = 130101


def sign(secret: str, timestamp_ms: int) -> str:
    """The signature in base64, before it is put into an address."""
    message = f"{timestamp_ms}\n{secret}".encode()
    return base64.b64encode(hmac.digest(secret.encode(), message, hashlib.sha256)).decode()


def post(notice: Notice, url: str, secret: str | None, now_ms: int) -> Post:
    """The request to the robot's address with its access token; without a secret it is not signed."""
    if secret:
        joint = "&" if "?" in url else "?"
        url = f"{url}{joint}timestamp={now_ms}&sign={quote_plus(sign(secret, now_ms))}"
    return json_post(url, _payload(notice))


def read(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """What it said."""
    return by_code(status, headers, body, ("errcode", "errmsg"), {_TOO_FAST}, THROTTLED_FOR_S)


def _payload(notice: Notice) -> dict[str, Any]:
    title = without_marks(notice.title)
    text = "\n\n".join([f"### {title}", *map(without_marks, notice.lines)])
    if notice.link is None:
        return {"msgtype": "markdown", "markdown": {"title": title, "text": text}}
    card = {"title": title, "text": text, "singleTitle": notice.link_words, "singleURL": notice.link}
    return {"msgtype": "actionCard", "actionCard": card}
