"""Feishu: the signature with an empty message, the card, and what its codes mean."""

import pytest

from holdfast.operations.notices import Verdict, feishu
from tests.operations.notices.notices import LONG, LOUD, sent

URL = "https://open.feishu.cn/open-apis/bot/v2/hook/abc"


def test_the_signature_is_the_known_one() -> None:
    assert feishu.sign("demo-secret", 1599360473) == "3/MaVZ8JLIy4TUG+7KSFJqvUkTKd+HWY8g+56DZWq8s="


def test_the_body_carries_time_and_signature() -> None:
    body = sent(feishu.post(LOUD, URL, "demo-secret", 1599360473999))
    assert body["timestamp"] == "1599360473"
    assert body["sign"] == "3/MaVZ8JLIy4TUG+7KSFJqvUkTKd+HWY8g+56DZWq8s="


def test_it_is_a_card_with_a_coloured_head_and_a_button() -> None:
    assert sent(feishu.post(LOUD, URL, None, 1)) == {
        "msg_type": "interactive",
        "card": {
            "config": {"wide_screen_mode": True},
            "header": {
                "template": "red",
                "title": {"tag": "plain_text", "content": "【紧急】可乐：还能卖 1分40秒"},
            },
            "elements": [
                {
                    "tag": "div",
                    "text": {"tag": "plain_text", "content": "可售 100 件\n建议：打开弹性库存 70 件"},
                },
                {
                    "tag": "action",
                    "actions": [
                        {
                            "tag": "button",
                            "type": "primary",
                            "text": {"tag": "plain_text", "content": "打开控制台"},
                            "url": "https://h.example/warnings",
                        }
                    ],
                },
            ],
        },
    }


def test_a_long_notice_stays_within_the_limit() -> None:
    assert len(feishu.post(LONG, URL, "demo-secret", 1).body) < feishu.BODY_BYTES_MAX


@pytest.mark.parametrize(
    ("body", "verdict", "code"),
    [
        (b'{"code":0,"msg":"success"}', Verdict.TAKEN, "0"),
        (b'{"code":19021,"msg":"sign match fail"}', Verdict.REFUSED, "19021"),
        (b'{"code":9499,"msg":"Bad Request"}', Verdict.REFUSED, "9499"),
        (b'{"code":11232,"msg":"frequency limited"}', Verdict.THROTTLED, "11232"),
    ],
)
def test_a_200_may_be_a_refusal(body: bytes, verdict: Verdict, code: str) -> None:
    answer = feishu.read(200, {}, body)
    assert (answer.verdict, answer.code) == (verdict, code)
