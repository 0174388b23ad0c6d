"""Douyin's front door: signature, time, token, envelope."""

import json
import time

import pytest

from holdfast.simulators.running import RunningSimulator
from tests.simulators.conftest import Refused
from tests.simulators.douyin.caller import PRODUCT, SKU, Caller

READ = {"sku_id": SKU}
FORGED = (40003, "isv.signature-invalid")


def test_a_well_signed_call_is_answered_in_the_envelope(douyin: Caller) -> None:
    told = douyin.call("sku.stockNum", READ)
    assert set(told) == {"code", "msg", "sub_code", "sub_msg", "log_id", "data"}
    assert (told["code"], told["msg"], told["data"]["stock_num"]) == (10000, "success", 10)


@pytest.mark.parametrize(
    "body",
    [
        f'{{"sku_id": {SKU}}}',
        f'{{"sku_id":{SKU},"code":"x"}}',
        f'{{"code":"\\u7ea2","sku_id":{SKU}}}',
        f'{{"code":"a\\/b","sku_id":{SKU}}}',
        f'{{"code":"x","code":"x","sku_id":{SKU}}}',
    ],
    ids=["spaced", "unsorted", "escaped", "slash", "doubled"],
)
def test_json_that_is_not_canonical_fails_by_its_signature(douyin: Caller, body: str) -> None:
    assert douyin.code("sku.stockNum", body=body) == FORGED


def test_wrong_signatures(douyin: Caller) -> None:
    assert douyin.code("sku.stockNum", READ, secret="wrong") == FORGED
    assert douyin.code("sku.stockNum", READ, query={"sign_method": "md5"}) == FORGED
    assert douyin.code("sku.stockNum", READ, query={"timestamp": str(int(time.time()) + 1)}) == FORGED
    assert douyin.code("sku.stockNum", READ, query={"sign": ""}) == (40001, "isv.signature-missing")


def test_the_method_in_the_query_is_the_one_of_the_path(douyin: Caller) -> None:
    assert douyin.code("sku.stockNum", READ, query={"method": "sku.list"})[0] == 40003
    assert douyin.code("sku.burn", READ)[0] == 40003


def test_time(douyin: Caller) -> None:
    stale = (40003, "isv.timestamp-invalid")
    assert douyin.code("sku.stockNum", READ, timestamp=int(time.time()) - 700) == stale
    assert douyin.code("sku.stockNum", READ, timestamp="soon") == stale
    in_china = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 8 * 3_600))
    assert douyin.code("sku.stockNum", READ, timestamp=in_china)[0] == 10000
    douyin.running.control("PUT", "/misbehave", {"timestamp_tolerance_s": 0})
    assert douyin.code("sku.stockNum", READ, timestamp=1)[0] == 10000


def test_tokens(douyin: Caller) -> None:
    douyin.running.control("POST", "/tokens/expire")
    assert douyin.code("sku.stockNum", READ) == (40003, "isv.access-token-expired")
    refresh = {"grant_type": "refresh_token", "refresh_token": douyin.credentials["refresh_token"]}
    pair = douyin.data("token.refresh", refresh)
    assert pair["expires_in"] in (604_799, 604_800)
    douyin.token = pair["access_token"]
    assert douyin.code("sku.stockNum", READ)[0] == 10000
    douyin.token = "nobody's"
    assert douyin.code("sku.stockNum", READ) == (40003, "isv.access-token-no-existed")
    douyin.token = ""
    assert douyin.code("sku.stockNum", READ) == (40001, "isv.access-token-missing")


def test_tokens_grow_old_by_themselves(douyin: Caller) -> None:
    douyin.running.control("PUT", "/misbehave", {"clock_skew_s": 7 * 86_400, "timestamp_tolerance_s": 0})
    assert douyin.code("sku.stockNum", READ) == (40003, "isv.access-token-expired")
    refresh = {"grant_type": "refresh_token", "refresh_token": douyin.credentials["refresh_token"]}
    douyin.running.control("PUT", "/misbehave", {"clock_skew_s": 14 * 86_400})
    refused = douyin.code("token.refresh", refresh)
    assert refused == (50001, "dop.token-generate-failed:token-expired")


def test_tokens_for_a_code_and_for_the_merchants_own_app(douyin: Caller) -> None:
    code = douyin.running.control("POST", "/authorizations")["code"]
    by_code = {"grant_type": "authorization_code", "code": code}
    assert "access_token" in douyin.data("token.create", by_code)
    assert douyin.code("token.create", by_code) == (50001, "dop.token-generate-failed:code-expired")
    own = {"grant_type": "authorization_self", "code": "", "shop_id": douyin.credentials["shop"]}
    assert "access_token" in douyin.data("token.create", own)
    assert douyin.code("token.create", {**own, "shop_id": "1"})[0] == 30001


def test_old_codes_without_the_header_for_the_new_ones(douyin: Caller) -> None:
    douyin.running.control("POST", "/tokens/expire")
    assert douyin.call("sku.stockNum", READ, headers={})["err_no"] == 30002
    assert douyin.call("sku.stockNum", READ, headers={}, secret="wrong")["err_no"] == 11


def test_too_many_calls_and_faults_of_its_own(douyin: Caller) -> None:
    douyin.running.control("PUT", "/misbehave", {"next": ["throttle", "error", "error"]})
    assert douyin.code("sku.stockNum", READ)[0] == 60000
    assert douyin.code("sku.stockNum", READ) == (20000, "isp.service-error:2010001")
    assert douyin.sync(-1, "a") == (50002, "isv.business-failed:2010401")
    assert douyin.stock() == 10


def test_a_planned_answer_can_be_any_code(douyin: Caller) -> None:
    planned = {"call": "sku.syncStock", "answer": {"code": 30002, "sub_code": "isv.invalid_ip", "msg": "x"}}
    douyin.running.control("PUT", "/misbehave", {"next": [planned]})
    assert douyin.sync(-1, "a") == (30002, "isv.invalid_ip")


def test_ids_are_numbers(douyin: Caller, refused: Refused) -> None:
    text_ids = {"product_id": str(PRODUCT), "sku_id": str(SKU), "stock_num": 1}
    assert douyin.code("sku.syncStock", text_ids)[0] == 40004
    assert refused(douyin.running, "PUT", "/listings", {"product": "p", "stock": 1}) == (422, "wrong_id")


def test_credentials_follow_from_the_seed(douyin: Caller) -> None:
    with RunningSimulator(douyin.running.simulator.kind, seed=2) as other:
        secrets = [json.dumps(each.control("GET", "/credentials")) for each in (douyin.running, other)]
    assert secrets[0] != secrets[1]
