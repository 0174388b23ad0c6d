"""Slack incoming webhook: blocks, and a text for where blocks are not shown; its address is the secret."""

from collections.abc import Mapping
from typing import Any

from .answers import OK, Answer, Verdict, by_status
from .notice import Notice, Post, cut, fitting, json_post

PER_MINUTE_MAX = 60
_HEADER_BYTES_MAX = 150
_SECTION_BYTES_MAX = 3_000
_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


def post(notice: Notice, url: str, secret: str | None, now_ms: int) -> Post:
    """The request to the webhook's address; there is nothing to sign."""
    title = cut(notice.title, _HEADER_BYTES_MAX)
    lines = "\n".join(fitting(notice.lines, _SECTION_BYTES_MAX))
    blocks: list[dict[str, Any]] = [{"type": "header", "text": {"type": "plain_text", "text": title}}]
    if lines:
        blocks.append({"type": "section", "text": {"type": "plain_text", "text": lines}})
    if notice.link is not None:
        link = f"<{notice.link}|{_escaped(notice.link_words)}>"
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": link}]})
    return json_post(url, {"text": _escaped(notice.title), "blocks": blocks})


def read(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """What it said: the word `ok`, and nothing else, is taken."""
    told = by_status(status, headers, body)
    if told is not None:
        return told
    text = body.decode(errors="replace").strip()
    return Answer(Verdict.TAKEN if text == "ok" else Verdict.UNKNOWN, str(OK), text[:200])


def _escaped(text: str) -> str:
    for mark, word in _ESCAPES:
        text = text.replace(mark, word)
    return text
