"""The TOP gateway: each public parameter and its code, ten minutes, sessions, shapes of answers."""

from typing import Any

import pytest

from tests.simulators.conftest import Refused
from tests.simulators.receiver import CLIENT
from tests.simulators.taobao.caller import ITEM, SKU, Caller, stamp

READ: dict[str, Any] = {"num_iid": ITEM, "sku_id": SKU, "fields": "quantity,outer_id"}
GET = "taobao.item.sku.get"


def test_the_answer_is_named_after_the_method_and_tells_what_was_asked_for(taobao: Caller) -> None:
    told = taobao.data(GET, **READ)
    assert told["sku"] == {"quantity": 10, "outer_id": "RED-1"}
    assert taobao.call(GET, path="/", **READ)["item_sku_get_response"]["sku"] == told["sku"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"method": None}, 21),
        ({"method": "taobao.item.burn"}, 22),
        ({"app_key": None}, 28),
        ({"app_key": "1"}, 29),
        ({"timestamp": None}, 30),
        ({"timestamp": "1700000000"}, 31),
        ({"late_s": 660}, 31),
        ({"late_s": -660}, 31),
        ({"late_s": 8 * 3_600}, 31),
        ({"sign": "0" * 32}, 25),
        ({"secret": "wrong"}, 25),
        ({"sign_method": "sha1"}, 25),
        ({"session": None}, 26),
        ({"session": "nobody's"}, 27),
        ({"v": "1.0"}, 41),
        ({"format": None}, 40),
        ({"fields": None}, 40),
        ({"num_iid": "x"}, 41),
    ],
)
def test_codes_of_wrong_calls(taobao: Caller, changes: dict[str, Any], code: int) -> None:
    if "late_s" in changes:
        # Made now: the tests may have been collected minutes ago.
        changes = {"timestamp": stamp(changes["late_s"])}
    assert taobao.call(GET, **{**READ, **changes})["error_response"]["code"] == code


def test_a_signature_in_small_letters_is_wrong(taobao: Caller) -> None:
    sent = {"app_key": taobao.credentials["app_key"], "timestamp": stamp(), "method": GET, "v": "2.0"}
    url = f"{taobao.running.url}/router/rest"
    assert CLIENT.post(url, data=sent).json()["error_response"]["code"] == 24
    assert CLIENT.get(url, params=sent).json()["error_response"]["code"] == 22


def test_simplify_takes_the_names_off_the_lists(taobao: Caller) -> None:
    plain = taobao.call("taobao.item.skus.get", num_iids=ITEM, fields="sku_id")
    assert plain["item_skus_get_response"]["skus"] == {"sku": [{"sku_id": SKU}]}
    simple = taobao.call("taobao.item.skus.get", num_iids=ITEM, fields="sku_id", simplify="true")
    assert simple["skus"] == [{"sku_id": SKU}]


def test_sessions_expire_and_are_renewed(taobao: Caller) -> None:
    taobao.running.control("POST", "/tokens/expire")
    assert taobao.code(GET, **READ)[0] == 27
    own = {
        "client_id": taobao.credentials["app_key"],
        "client_secret": taobao.credentials["app_secret"],
        "grant_type": "refresh_token",
        "refresh_token": taobao.credentials["refresh_token"],
    }
    url = taobao.credentials["settings"]["token_url"]
    told = CLIENT.post(url, data=own).json()
    taobao.session = told["access_token"]
    assert taobao.code(GET, **READ)[0] == 0
    assert told["expires_in"] in (86_399, 86_400)
    assert CLIENT.post(url, data={**own, "client_secret": "x"}).status_code == 400
    assert CLIENT.post(url, data={**own, "refresh_token": "x"}).json()["error"] == "invalid_grant"


def test_too_many_calls_and_faults_of_its_own(taobao: Caller) -> None:
    taobao.running.control("PUT", "/misbehave", {"next": ["throttle", "error"]})
    assert taobao.code(GET, **READ) == (7, "accesscontrol.limited-by-api-access-count")
    code, sub_code = taobao.code(GET, **READ)
    assert (code, sub_code.startswith("isp.")) == (15, True)


def test_ids_are_numbers_and_there_are_no_warehouses(taobao: Caller, refused: Refused) -> None:
    assert refused(taobao.running, "PUT", "/listings", {"product": "p"}) == (422, "wrong_id")
    body = {"product": "1", "warehouse": "north"}
    assert refused(taobao.running, "PUT", "/listings", body) == (422, "wrong_id")
