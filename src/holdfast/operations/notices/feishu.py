"""Feishu 飞书 (Lark) custom bot: a card with a coloured head; its words are plain text."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from .answers import Answer, by_code
from .notice import BETTER, CRITICAL, NOTICE, WARNING, Notice, Post, cut, fitting, json_post

PER_MINUTE_MAX = 100
BODY_BYTES_MAX = 20_000
THROTTLED_FOR_S = 5.0
_THROTTLED = 11232
_COLOURS = {CRITICAL: "red", WARNING: "orange", NOTICE: "blue", BETTER: "green"}
_TEXT_BYTES_MAX = 8_000
_TITLE_BYTES_MAX = 500


def sign(secret: str, timestamp_s: int) -> str:
    """The signature: time and secret are the key, and the message is empty."""
    key = f"{timestamp_s}\n{secret}".encode()
    return base64.b64encode(hmac.digest(key, b"", hashlib.sha256)).decode()


def post(notice: Notice, url: str, secret: str | None, now_ms: int) -> Post:
    """The request to the bot's address; without a secret it is not signed."""
    signed = {}
    if secret:
        now_s = now_ms // 1000
        signed = {"timestamp": str(now_s), "sign": sign(secret, now_s)}
    return json_post(url, {**signed, "msg_type": "interactive", "card": _card(notice)})


def read(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """What it said."""
    return by_code(status, headers, body, ("code", "msg"), {_THROTTLED}, THROTTLED_FOR_S)


def _card(notice: Notice) -> dict[str, Any]:
    elements: list[dict[str, Any]] = [
        {"tag": "div", "text": _plain("\n".join(fitting(notice.lines, _TEXT_BYTES_MAX)))}
    ]
    if notice.link is not None:
        button = {
            "tag": "button",
            "type": "primary",
            "text": _plain(notice.link_words),
            "url": notice.link,
        }
        elements.append({"tag": "action", "actions": [button]})
    header = {"template": _COLOURS[notice.tone], "title": _plain(cut(notice.title, _TITLE_BYTES_MAX))}
    return {"config": {"wide_screen_mode": True}, "header": header, "elements": elements}


def _plain(text: str) -> dict[str, str]:
    return {"tag": "plain_text", "content": text}
