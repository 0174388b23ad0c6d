"""Standard Webhooks: the vector of the specification, the figures as JSON, two secrets during a change."""

import base64
import json

import pytest

from holdfast.operations.notices import Verdict, webhook
from holdfast.policies.warnings import Lines, State, StockWarning, View, evaluate

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + base64.b64encode(b"another secret of 32 bytes here!").decode()
URL = "https://erp.example/hooks"


def raised(sku: str, speed: float = 0.0) -> StockWarning:
    view = View(sku, 90, 1_000, name="可乐", reserve=70, taken_per_minute=speed)
    warning = evaluate(view, Lines(), State(), 1_614_265_330.0).warning
    assert warning is not None
    return warning


def test_the_signature_is_the_one_of_the_specification() -> None:
    body = b'{"test": 2432232314}'
    signature = webhook.sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_it_tells_the_figures() -> None:
    (post,) = webhook.posts([raised("A1")], URL, [SECRET], "msg_1", 1_614_265_331)
    assert json.loads(post.body) == {
        "type": "stock.warnings",
        "timestamp": "2021-02-25T15:02:11Z",
        "data": {
            "warnings": [
                {
                    "sku": "A1",
                    "name": "可乐",
                    "kind": "raised",
                    "code": "percentage_line",
                    "level": "warning",
                    "at": "2021-02-25T15:02:10Z",
                    "advice": ["open_reserve", "host_speech"],
                    "figures": {
                        "available": 90,
                        "reserve": 70,
                        "peak": 1000,
                        "debt": 0,
                        "line": 10,
                        "percent": 9.0,
                        "taken_per_minute": 0.0,
                        "empty_in_s": None,
                        "reserve_lasts_s": None,
                        "channels_empty": [],
                        "next_item": None,
                    },
                }
            ]
        },
    }


def test_the_headers_sign_the_very_bytes_with_each_secret() -> None:
    (post,) = webhook.posts([raised("A1")], URL, [SECRET, OTHER], "msg_1", 1_614_265_331)
    assert post.headers["webhook-id"] == "msg_1"
    assert post.headers["webhook-timestamp"] == "1614265331"
    assert post.headers["webhook-signature"].split(" ") == [
        webhook.sign(each, "msg_1", 1_614_265_331, post.body) for each in (SECRET, OTHER)
    ]


def test_a_storm_is_a_few_posts_with_ids_of_their_own() -> None:
    found = webhook.posts([raised(f"S{number}") for number in range(250)], URL, [SECRET], "msg_1", 9)
    assert [each.headers["webhook-id"] for each in found] == ["msg_1-0", "msg_1-1", "msg_1-2"]
    assert [len(json.loads(each.body)["data"]["warnings"]) for each in found] == [100, 100, 50]


@pytest.mark.parametrize("secret", ["whsec_not base64", "whsec_c2hvcnQ=", "", "whsec_" + "A" * 120])
def test_a_poor_secret_is_refused_without_being_told(secret: str) -> None:
    with pytest.raises(ValueError, match="a webhook's secret") as caught:
        webhook.sign(secret, "msg_1", 1, b"")
    assert not secret or secret not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.TAKEN),
        (204, Verdict.TAKEN),
        (301, Verdict.REFUSED),
        (410, Verdict.REFUSED),
        (429, Verdict.THROTTLED),
        (500, Verdict.UNKNOWN),
    ],
)
def test_any_2xx_is_taken(status: int, verdict: Verdict) -> None:
    assert webhook.read(status, {}, b"").verdict is verdict
