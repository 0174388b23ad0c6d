"""Kuaishou's front door: verb, signature, time, tokens that refresh once, published caps."""

import time
from typing import Any

import pytest

from tests.simulators.conftest import Refused
from tests.simulators.kuaishou.caller import ITEM, Caller
from tests.simulators.receiver import CLIENT

READ = {"kwaiItemId": ITEM, "skuStatus": 1}
LIST = "open.item.sku.list.get"


def oauth(kuaishou: Caller, verb: str, path: str, **sent: str) -> Any:
    own = {"app_id": kuaishou.credentials["app_key"], "app_secret": kuaishou.credentials["app_secret"]}
    url = f"{kuaishou.running.url}/oauth2/{path}"
    both = {**own, **sent}
    return (CLIENT.get(url, params=both) if verb == "GET" else CLIENT.post(url, data=both)).json()


def refresh(kuaishou: Caller, token: str, **more: str) -> Any:
    return oauth(kuaishou, "POST", "refresh_token", grant_type="refresh_token", refresh_token=token, **more)


def test_both_ways_to_sign_are_taken(kuaishou: Caller) -> None:
    told = kuaishou.call(LIST, READ)
    assert (told["result"], told["data"]["skuCount"]) == (1, 1)
    assert kuaishou.result(LIST, READ, signMethod="MD5") == 1


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({"secret": "wrong"}, 28),
        ({"sign": ""}, 27),
        ({"sign": "A" * 43 + "="}, 28),
        ({"signMethod": "SHA1"}, 28),
        ({"timestamp": str(int(time.time()))}, 28),
        ({"timestamp": str(int(time.time() - 700) * 1_000)}, 28),
        ({"version": "2"}, 13),
        ({"appkey": "ks1"}, 13),
    ],
)
def test_wrong_public_parameters(kuaishou: Caller, changes: dict[str, str], result: int) -> None:
    assert kuaishou.result(LIST, READ, **changes) == result


def test_param_is_an_object(kuaishou: Caller) -> None:
    assert kuaishou.result(LIST, ["x"]) == 13


def test_each_api_has_its_verb(kuaishou: Caller) -> None:
    assert kuaishou.result(LIST, READ, verb="POST") == 13
    assert kuaishou.result("open.item.sku.stock.update", {}, verb="GET") == 13
    assert kuaishou.result("open.item.burn", {}) == 13


def test_a_refresh_token_works_once(kuaishou: Caller) -> None:
    first = kuaishou.credentials["refresh_token"]
    pair = refresh(kuaishou, first)
    assert (pair["result"], pair["expires_in"] in (172_799, 172_800)) == (1, True)
    again = refresh(kuaishou, first)
    assert (again["result"], again["error_msg"]) == (100200102, "refreshToken.discarded")
    assert refresh(kuaishou, pair["refresh_token"])["result"] == 1
    assert refresh(kuaishou, "nobody's")["result"] == 100200102
    assert refresh(kuaishou, first, app_secret="wrong")["result"] == 100200101


def test_access_ends_after_two_days(kuaishou: Caller) -> None:
    kuaishou.running.control("PUT", "/misbehave", {"clock_skew_s": 172_800, "timestamp_tolerance_s": 0})
    assert kuaishou.result(LIST, READ) == 24
    kuaishou.running.control("PUT", "/misbehave", {"expired_result": 21})
    assert kuaishou.result(LIST, READ) == 21
    kuaishou.token = refresh(kuaishou, kuaishou.credentials["refresh_token"])["access_token"]
    assert kuaishou.result(LIST, READ) == 1
    kuaishou.token = "nobody's"
    assert kuaishou.result(LIST, READ) == 22


def test_the_old_access_token_ends_soon_after_a_refresh(kuaishou: Caller) -> None:
    assert refresh(kuaishou, kuaishou.credentials["refresh_token"])["result"] == 1
    assert kuaishou.result(LIST, READ) == 1
    kuaishou.running.control("PUT", "/misbehave", {"clock_skew_s": 301})
    assert kuaishou.result(LIST, READ) == 24


def test_a_code_is_good_once(kuaishou: Caller) -> None:
    code = kuaishou.running.control("POST", "/authorizations")["code"]
    assert oauth(kuaishou, "GET", "access_token", grant_type="code", code=code)["result"] == 1
    assert oauth(kuaishou, "GET", "access_token", grant_type="code", code=code)["result"] == 100200102
    assert oauth(kuaishou, "POST", "access_token", grant_type="code", code=code)["result"] == 100200100


def test_the_published_cap_holds_for_each_api(kuaishou: Caller) -> None:
    kuaishou.running.control("PUT", "/misbehave", {"calls_per_s": 0.001})
    assert kuaishou.result(LIST, READ) == 1
    limited = kuaishou.call(LIST, READ)
    assert limited["result"] == 802000
    assert "Exceed qps limit" in limited["error_msg"]
    assert kuaishou.write(-1) == 1
    kuaishou.running.control("PUT", "/misbehave", {"calls_per_s": 0})
    assert kuaishou.result(LIST, READ) == 1


def test_a_cap_of_ours_and_a_fault_of_its_own(kuaishou: Caller) -> None:
    kuaishou.running.control("PUT", "/misbehave", {"next": ["throttle", "error"]})
    assert kuaishou.result(LIST, READ) == 802000
    assert kuaishou.result(LIST, READ) == 0


def test_an_order_has_one_line(kuaishou: Caller, refused: Refused) -> None:
    line = {"product": str(ITEM), "variant": "1", "quantity": 1}
    told = refused(kuaishou.running, "POST", "/orders", {"lines": [line, line]})
    assert told == (422, "too_many_lines")
    assert refused(kuaishou.running, "PUT", "/listings", {"product": "1"}) == (422, "wrong_id")
