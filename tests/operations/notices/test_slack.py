"""Slack: blocks and a text beside them, marks escaped, and `ok` as the only good answer."""

import pytest

from holdfast.operations.notices import Notice, Verdict, slack
from tests.operations.notices.notices import LONG, LOUD, sent

URL = "https://hooks.slack.com/services/T/B/X"


def test_it_is_a_header_the_lines_and_a_link() -> None:
    assert sent(slack.post(LOUD, URL, None, 1)) == {
        "text": "【紧急】可乐：还能卖 1分40秒",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "【紧急】可乐：还能卖 1分40秒"}},
            {
                "type": "section",
                "text": {"type": "plain_text", "text": "可售 100 件\n建议：打开弹性库存 70 件"},
            },
            {
                "type": "context",
                "elements": [{"type": "mrkdwn", "text": "<https://h.example/warnings|打开控制台>"}],
            },
        ],
    }


def test_a_name_cannot_call_a_whole_channel() -> None:
    assert sent(slack.post(Notice("<!channel> & co", (), "notice"), URL, None, 1)) == {
        "text": "&lt;!channel&gt; &amp; co",
        "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "<!channel> & co"}}],
    }


def test_a_long_notice_stays_within_the_limits() -> None:
    header, section = sent(slack.post(LONG, URL, None, 1))["blocks"]
    assert len(header["text"]["text"]) <= 150
    assert len(section["text"]["text"]) <= 3_000


@pytest.mark.parametrize(
    ("status", "headers", "body", "verdict", "pause_s"),
    [
        (200, {}, b"ok", Verdict.TAKEN, None),
        (200, {}, b"<html>", Verdict.UNKNOWN, None),
        (400, {}, b"invalid_blocks", Verdict.REFUSED, None),
        (404, {}, b"no_service", Verdict.REFUSED, None),
        (429, {"retry-after": "30"}, b"", Verdict.THROTTLED, 30.0),
        (429, {"retry-after": "soon"}, b"", Verdict.THROTTLED, None),
        (503, {}, b"", Verdict.UNKNOWN, None),
    ],
)
def test_only_ok_is_taken(
    status: int, headers: dict[str, str], body: bytes, verdict: Verdict, pause_s: float | None
) -> None:
    answer = slack.read(status, headers, body)
    assert (answer.verdict, answer.retry_after_s) == (verdict, pause_s)
