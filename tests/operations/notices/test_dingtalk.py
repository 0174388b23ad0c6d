"""DingTalk: the signature over time and secret, the card, and what its codes mean."""

import pytest

from holdfast.operations.notices import Notice, Verdict, dingtalk
from tests.operations.notices.notices import LOUD, sent

URL = "https://oapi.dingtalk.com/robot/send?access_token=abc"


def test_the_signature_is_the_known_one() -> None:
    assert dingtalk.sign("this is secret", 1577262236757) == "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="


def test_the_address_carries_time_and_signature() -> None:
    post = dingtalk.post(LOUD, URL, "this is secret", 1577262236757)
    assert post.url == (
        f"{URL}&timestamp=1577262236757&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D"
    )


def test_without_a_secret_it_is_not_signed() -> None:
    assert dingtalk.post(LOUD, URL, None, 1).url == URL


def test_with_a_link_it_is_a_card() -> None:
    assert sent(dingtalk.post(LOUD, URL, None, 1)) == {
        "msgtype": "actionCard",
        "actionCard": {
            "title": "【紧急】可乐：还能卖 1分40秒",
            "text": "### 【紧急】可乐：还能卖 1分40秒\n\n可售 100 件\n\n建议：打开弹性库存 70 件",
            "singleTitle": "打开控制台",
            "singleURL": "https://h.example/warnings",
        },
    }


def test_without_a_link_it_is_markdown() -> None:
    assert sent(dingtalk.post(Notice("a<b", ("c",), "notice"), URL, None, 1)) == {
        "msgtype": "markdown",
        "markdown": {"title": "a＜b", "text": "### a＜b\n\nc"},
    }


@pytest.mark.parametrize(
    ("status", "body", "verdict", "code", "pause_s"),
    [
        (200, b'{"errcode":0,"errmsg":"ok"}', Verdict.TAKEN, "0", None),
        (200, b'{"errcode":310000,"errmsg":"sign not match"}', Verdict.REFUSED, "310000", None),
        (200, b'{"errcode":130101,"errmsg":"send too fast"}', Verdict.THROTTLED, "130101", 600.0),
        (200, b"<html>", Verdict.UNKNOWN, "200", None),
        (200, b"[]", Verdict.UNKNOWN, "200", None),
        (429, b"", Verdict.THROTTLED, "429", None),
        (404, b"", Verdict.REFUSED, "404", None),
        (502, b"", Verdict.UNKNOWN, "502", None),
    ],
)
def test_a_200_may_be_a_refusal(
    status: int, body: bytes, verdict: Verdict, code: str, pause_s: float | None
) -> None:
    answer = dingtalk.read(status, {}, body)
    assert (answer.verdict, answer.code, answer.retry_after_s) == (verdict, code, pause_s)
