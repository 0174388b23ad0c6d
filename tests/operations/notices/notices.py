"""Notices and answers for the tests of the robots."""

import json
from typing import Any

from holdfast.operations.notices import Notice, Post
from holdfast.operations.notices.notice import CRITICAL

LOUD = Notice(
    "【紧急】可乐：还能卖 1分40秒",
    ("可售 100 件", "建议：打开弹性库存 70 件"),
    CRITICAL,
    "https://h.example/warnings",
)
LONG = Notice("【紧急】1000 个商品", tuple(f"商品{number:04}：已售罄" for number in range(1_000)), CRITICAL)


def sent(post: Post) -> Any:
    """The body of a request, read again."""
    assert post.headers["content-type"].startswith("application/json")
    return json.loads(post.body)
