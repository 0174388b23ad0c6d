"""A notice as every robot gets it, and the request that a robot's file makes of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ...policies.warnings import Digest, Language, Level, digest_message

CRITICAL, WARNING, NOTICE, BETTER = "critical", "warning", "notice", "better"
_COLOURS = {Level.CRITICAL: CRITICAL, Level.WARNING: WARNING, Level.NOTICE: NOTICE}
_MARKS = str.maketrans({"<": "＜", ">": "＞", "*": "＊", "`": "｀", "~": "～"})


@dataclass(frozen=True, slots=True)
class Notice:
    """One message for people; `tone` picks the colour, `link` leads to the console."""

    title: str
    lines: tuple[str, ...]
    tone: str
    link: str | None = None
    link_words: str = "打开控制台"


@dataclass(frozen=True, slots=True)
class Post:
    """A request that is ready to go; its address and headers hold secrets, so they are not shown."""

    url: str = field(repr=False)
    body: bytes
    headers: dict[str, str] = field(default_factory=dict, repr=False)


def notice_of(digest: Digest, language: Language, link: str | None = None) -> Notice:
    """The words and the tone of one digest."""
    message = digest_message(digest, language)
    tone = BETTER if digest.better else _COLOURS[digest.level]
    words = "打开控制台" if language == "zh" else "Open the console"
    return Notice(message.title, message.lines, tone, link, words)


def json_post(url: str, payload: dict[str, Any], headers: dict[str, str] | None = None) -> Post:
    """A post of compact JSON in UTF-8."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    return Post(url, body, {"content-type": "application/json; charset=utf-8", **(headers or {})})


def without_marks(text: str) -> str:
    """Text that a robot's Markdown shows as it is: a name of an item must not become a link or a mention."""
    return " ".join(text.translate(_MARKS).replace("](", "] (").split())


def cut(text: str, bytes_max: int) -> str:
    """The text, or its beginning with … within so many bytes of UTF-8, never half a character."""
    raw = text.encode()
    if len(raw) <= bytes_max:
        return text
    return raw[: bytes_max - len("…".encode())].decode(errors="ignore") + "…"


def fitting(lines: Sequence[str], bytes_max: int) -> list[str]:
    """The first lines that fit into so many bytes with their line ends; … stands for the others."""
    found: list[str] = []
    left = bytes_max - len("…\n".encode())
    for line in lines:
        left -= len(line.encode()) + 1
        if left < 0:
            return [*found, "…"]
        found.append(line)
    return found
