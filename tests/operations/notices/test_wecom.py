"""WeCom: Markdown with a coloured title, within its bytes, and what its codes mean."""

import pytest

from holdfast.operations.notices import Verdict, wecom
from tests.operations.notices.notices import LONG, LOUD, sent

URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc"


def test_it_is_markdown_with_a_coloured_title() -> None:
    post = wecom.post(LOUD, URL, None, 1)
    assert post.url == URL
    assert sent(post) == {
        "msgtype": "markdown",
        "markdown": {
            "content": '<font color="warning">**【紧急】可乐：还能卖 1分40秒**</font>\n'
            "可售 100 件\n建议：打开弹性库存 70 件\n[打开控制台](https://h.example/warnings)"
        },
    }


def test_a_long_notice_stays_within_the_limit() -> None:
    content = sent(wecom.post(LONG, URL, None, 1))["markdown"]["content"]
    assert len(content.encode()) <= wecom.CONTENT_BYTES_MAX
    assert content.endswith("\n…")


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        (b'{"errcode":0,"errmsg":"ok"}', Verdict.TAKEN),
        (b'{"errcode":93000,"errmsg":"invalid webhook url"}', Verdict.REFUSED),
        (b'{"errcode":45009,"errmsg":"api freq out of limit"}', Verdict.THROTTLED),
    ],
)
def test_a_200_may_be_a_refusal(body: bytes, verdict: Verdict) -> None:
    assert wecom.read(200, {}, body).verdict is verdict
