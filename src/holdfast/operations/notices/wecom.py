"""WeCom 企业微信 group robot: Markdown with a coloured title; the key in its address is the secret."""

from collections.abc import Mapping

from .answers import Answer, by_code
from .notice import BETTER, CRITICAL, NOTICE, WARNING, Notice, Post, cut, fitting, json_post, without_marks

PER_MINUTE_MAX = 20
CONTENT_BYTES_MAX = 2_048
"""The limit of a text; Markdown may be longer by what is said, but that is not confirmed."""
THROTTLED_FOR_S = 60.0
_TOO_OFTEN = 45009  # the code of all interfaces of this family; not seen from a group robot by us
_COLOURS = {CRITICAL: "warning", WARNING: "warning", NOTICE: "comment", BETTER: "info"}
_TITLE_BYTES_MAX = 400


def post(notice: Notice, url: str, secret: str | None, now_ms: int) -> Post:
    """The request to the robot's address; there is nothing to sign."""
    title = cut(without_marks(notice.title), _TITLE_BYTES_MAX)
    head = f'<font color="{_COLOURS[notice.tone]}">**{title}**</font>'
    foot = [f"[{notice.link_words}]({notice.link})"] if notice.link is not None else []
    spent = sum(len(line.encode()) + 1 for line in (head, *foot))
    lines = fitting([without_marks(line) for line in notice.lines], CONTENT_BYTES_MAX - spent)
    return json_post(url, {"msgtype": "markdown", "markdown": {"content": "\n".join([head, *lines, *foot])}})


def read(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """What it said."""
    return by_code(status, headers, body, ("errcode", "errmsg"), {_TOO_OFTEN}, THROTTLED_FOR_S)
