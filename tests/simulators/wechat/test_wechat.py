"""The simulated WeChat Channels shop over real sockets."""

import base64
import hashlib
import json
import struct
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from holdfast.simulators.registry import platform_named
from holdfast.simulators.running import RunningSimulator
from tests.simulators.conftest import Refused
from tests.simulators.receiver import CLIENT, Received, Receiver, wait_until

LISTING = {"product": "10000001", "variant": "2001", "stock": 10, "merchant_code": "A-1"}
SKU = {"product_id": "10000001", "sku_id": "2001"}


@pytest.fixture(scope="module")
def server() -> Iterator[RunningSimulator]:
    with RunningSimulator(platform_named("wechat")) as running:
        yield running


@pytest.fixture
def shop(server: RunningSimulator) -> RunningSimulator:
    server.control("POST", "/reset")
    server.control("PUT", "/listings", LISTING)
    return server


def call(shop: RunningSimulator, path: str, body: object, token: str | None = None) -> Any:
    if token is None:
        token = shop.control("GET", "/credentials")["access_token"]
    query = {"access_token": token} if token else {}
    return CLIENT.post(f"{shop.url}/channels/ec/{path}", params=query, json=body).json()


def code(shop: RunningSimulator, path: str, body: object, token: str | None = None) -> int:
    return int(call(shop, path, body, token)["errcode"])


def update(shop: RunningSimulator, kind: int, num: int, **more: object) -> int:
    return code(shop, "product/stock/update", {**SKU, "diff_type": kind, "num": num, **more})


def normal(shop: RunningSimulator) -> int:
    return int(call(shop, "product/stock/get", SKU)["data"]["normal_stock_num"])


def buy(shop: RunningSimulator, quantity: int = 1, **more: Any) -> str:
    line = {"product": "10000001", "variant": "2001", "quantity": quantity}
    return str(shop.control("POST", "/orders", {"lines": [line], **more})["order"])


def stable_token(shop: RunningSimulator, **more: object) -> Any:
    known = shop.control("GET", "/credentials")
    body = {
        "grant_type": "client_credential",
        "appid": known["app_key"],
        "secret": known["app_secret"],
        **more,
    }
    return CLIENT.post(f"{shop.url}/cgi-bin/stable_token", json=body).json()


def test_the_stable_token_stays_until_it_ends_or_is_forced(shop: RunningSimulator) -> None:
    first = stable_token(shop)
    assert 7_190 <= first["expires_in"] <= 7_200
    assert stable_token(shop)["access_token"] == first["access_token"]
    forced = stable_token(shop, force_refresh=True)["access_token"]
    assert forced != first["access_token"]
    assert code(shop, "product/stock/get", SKU, first["access_token"]) == 40001
    shop.control("POST", "/tokens/expire")
    assert code(shop, "product/stock/get", SKU, forced) == 42001
    assert code(shop, "product/stock/get", SKU, stable_token(shop)["access_token"]) == 0


def test_the_older_token_call_voids_the_token_before(shop: RunningSimulator) -> None:
    known = shop.control("GET", "/credentials")
    query = {"grant_type": "client_credential", "appid": known["app_key"], "secret": known["app_secret"]}
    token = CLIENT.get(f"{shop.url}/cgi-bin/token", params=query).json()["access_token"]
    assert code(shop, "product/stock/get", SKU, known["access_token"]) == 40001
    assert code(shop, "product/stock/get", SKU, token) == 0


def test_wrong_credentials_are_refused(shop: RunningSimulator) -> None:
    assert stable_token(shop, secret="wrong")["errcode"] == 40001
    assert code(shop, "product/stock/get", SKU, "") == 41001
    assert code(shop, "product/stock/get", SKU, "wrong") == 40014


def test_the_three_kinds_of_change_and_the_refusal_below_zero(shop: RunningSimulator) -> None:
    assert (update(shop, 1, 5), normal(shop)) == (0, 15)
    assert (update(shop, 2, 4), normal(shop)) == (0, 11)
    assert (update(shop, 2, 12), normal(shop)) == (10020219, 11)
    assert (update(shop, 3, 7), normal(shop)) == (0, 7)
    assert (update(shop, 3, 0), normal(shop)) == (0, 0)


def test_nothing_tells_a_repeat_from_a_second_change(shop: RunningSimulator) -> None:
    assert [update(shop, 2, 3), update(shop, 2, 3)] == [0, 0]
    assert normal(shop) == 4


@pytest.mark.parametrize(
    ("kind", "num", "more", "expected"),
    [
        (1, 0, {}, 10020218),
        (4, 1, {}, 40097),
        (1, -1, {}, 40097),
        (1, "1", {}, 40097),
        (1, 1, {"product_id": "5"}, 10020050),
        (1, 1, {"sku_id": "5"}, 10020051),
        (1, 1, {"sku_id": 2001}, 0),
    ],
)
def test_arguments_of_a_change(shop: RunningSimulator, kind: int, num: Any, more: Any, expected: int) -> None:
    assert update(shop, kind, num, **more) == expected


@pytest.mark.parametrize(
    ("condition", "expected"), [("in_audit", 10020217), ("banned", 10020055), ("deleted", 10020052)]
)
def test_a_product_that_may_not_be_written(shop: RunningSimulator, condition: str, expected: int) -> None:
    shop.control("PUT", "/listings", {"product": "10000001", "variant": "2001", "condition": condition})
    assert (update(shop, 1, 1), normal(shop)) == (expected, 10)


def test_one_sku_can_be_limited(shop: RunningSimulator) -> None:
    shop.control("PUT", "/listings", {**LISTING, "variant": "2002"})
    shop.control("PUT", "/misbehave", {"sku_writes_per_s": 0.001})
    assert [update(shop, 1, 1), update(shop, 1, 1), update(shop, 1, 1, sku_id="2002")] == [0, 10020112, 0]


def test_the_platforms_own_words_for_limits_and_faults(shop: RunningSimulator) -> None:
    shop.control("PUT", "/misbehave", {"next": ["throttle", "error"]})
    assert [update(shop, 1, 1), update(shop, 1, 1), normal(shop)] == [45011, -1, 10]


def test_set_aside_units_are_not_normal_ones(shop: RunningSimulator) -> None:
    shop.control("PUT", "/misbehave", {"set_aside": 4})
    told = call(shop, "product/stock/batchget", {"product_id": ["10000001"]})["data"]["spu_stock_list"][0]
    assert (told["sku_stock"][0]["normal_stock_num"], told["sku_stock"][0]["total_stock_num"]) == (10, 14)
    assert code(shop, "product/stock/batchget", {"product_id": [str(n) for n in range(1, 52)]}) == 40097


def test_a_regional_warehouse_has_its_own_counter(shop: RunningSimulator) -> None:
    shop.control("PUT", "/listings", {**LISTING, "warehouse": "east", "stock": 3})
    body = {**SKU, "out_warehouse_id": "east"}
    assert code(shop, "warehouse/stock/update", {**body, "diff_type": 2, "num": 4}) == 10020219
    assert code(shop, "warehouse/stock/update", {**body, "diff_type": 2, "num": 2}) == 0
    assert call(shop, "warehouse/stock/get", body)["num"] == 1
    assert normal(shop) == 10


def test_the_flow_tells_every_change(shop: RunningSimulator) -> None:
    order = buy(shop, 2)
    update(shop, 2, 1)
    shop.control("POST", f"/orders/{order}/cancel")
    body = {**SKU, "stock_type": 0, "begin_time": 0, "end_time": 2**35, "page_size": 3}
    assert code(shop, "product/stock/getflow", body) == 40097
    now_s = shop.simulator.world.changes[0].at_us // 1_000_000
    body |= {"begin_time": now_s - 60, "end_time": now_s + 60}
    first = call(shop, "product/stock/getflow", body)["data"]
    second = call(shop, "product/stock/getflow", {**body, "next_key": first["next_key"]})["data"]
    entries = first["stock_flow_info_list"] + second["stock_flow_info_list"]
    assert [entry["amount"] for entry in entries] == [10, -2, -1, 2]
    assert [entry["ending_amount"] for entry in entries] == [10, 8, 7, 9]
    assert (first["has_more"], second["has_more"]) == (True, False)


def test_the_life_of_an_order(shop: RunningSimulator) -> None:
    order = buy(shop, 3)

    def told() -> Any:
        return call(shop, "order/get", {"order_id": order})["order"]

    assert (told()["status"], normal(shop)) == (10, 7)
    assert "pay_info" not in told()["order_detail"]
    shop.control("POST", f"/orders/{order}/pay")
    assert told()["order_detail"]["pay_info"]["pay_time"] >= told()["create_time"]
    line = told()["order_detail"]["product_infos"][0]
    assert (told()["status"], line["sku_cnt"], line["sku_code"]) == (20, 3, "A-1")
    (refund,) = shop.control("POST", f"/orders/{order}/refund", {"quantity": 1})["refunds"]
    assert told()["order_detail"]["product_infos"][0]["finish_aftersale_sku_cnt"] == 1
    after_sale = call(shop, "aftersale/getaftersaleorder", {"after_sale_order_id": refund})[
        "after_sale_order"
    ]
    assert (after_sale["status"], after_sale["product_info"]["count"]) == ("MERCHANT_REFUND_SUCCESS", 1)
    span = {"begin_create_time": told()["create_time"] - 5, "end_create_time": told()["create_time"] + 60}
    assert call(shop, "aftersale/getaftersalelist", span)["after_sale_order_id_list"] == [refund]
    shop.control("POST", f"/orders/{order}/ship")
    assert told()["status"] == 30
    shop.control("POST", f"/orders/{order}/refund")
    assert (told()["status"], normal(shop)) == (200, 7), "a refund after payment does not restock"


def test_an_unpaid_order_that_is_cancelled_gives_its_units_back(shop: RunningSimulator) -> None:
    order = buy(shop, 3)
    shop.control("POST", f"/orders/{order}/cancel")
    assert (call(shop, "order/get", {"order_id": order})["order"]["status"], normal(shop)) == (250, 10)


def test_the_order_list_in_pages(shop: RunningSimulator) -> None:
    orders = [buy(shop) for _ in range(5)]
    shop.control("POST", f"/orders/{orders[0]}/pay")
    now_s = shop.simulator.platform.clock.now_s()
    span = {"start_time": now_s - 60, "end_time": now_s + 1}
    found: list[str] = []
    body: dict[str, Any] = {"update_time_range": span, "page_size": 2}
    while True:
        page = call(shop, "order/list/get", body)
        found += page["order_id_list"]
        if not page["has_more"]:
            break
        body["next_key"] = page["next_key"]
    assert found == [*orders[1:], orders[0]]
    paid = call(shop, "order/list/get", {"create_time_range": span, "page_size": 100, "status": 20})
    assert paid["order_id_list"] == orders[:1]


@pytest.mark.parametrize(
    "body",
    [
        {"page_size": 10},
        {"update_time_range": {"start_time": 0, "end_time": 7 * 86_400 + 1}},
        {"update_time_range": {"start_time": 5, "end_time": 4}},
        {"update_time_range": {"start_time": 0, "end_time": 9}, "page_size": 101},
    ],
)
def test_lists_that_are_refused(shop: RunningSimulator, body: dict[str, Any]) -> None:
    assert code(shop, "order/list/get", body) == 40097


def test_what_is_no_json_and_no_call(shop: RunningSimulator) -> None:
    token = shop.control("GET", "/credentials")["access_token"]
    url = f"{shop.url}/channels/ec/product/stock/get?access_token={token}"
    assert CLIENT.post(url, content=b"{").json()["errcode"] == 47001
    assert code(shop, "product/stock/give", SKU) == 48001


def test_ids_are_numbers(shop: RunningSimulator, refused: Refused) -> None:
    assert refused(shop, "PUT", "/listings", {"product": "p", "variant": "1"}) == (422, "wrong_id")


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def opened(got: Received, known: Any) -> Any:
    """Verify and decrypt, as written in the facts rather than as in the simulator."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(got.path).query).items()}
    token, sealed = known["secrets"]["callback_token"], json.loads(got.body)["Encrypt"]
    assert query["encrypt_type"] == "aes"
    assert query["msg_signature"] == signature(token, query["timestamp"], query["nonce"], sealed)
    key = base64.b64decode(known["secrets"]["encoding_aes_key"] + "=")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
    plain = plain[: -plain[-1]]
    (length,) = struct.unpack(">I", plain[16:20])
    assert plain[20 + length :].decode() == known["app_key"]
    return json.loads(plain[20 : 20 + length])


@pytest.fixture
def receiver(shop: RunningSimulator) -> Iterator[Receiver]:
    def answer(got: Received) -> tuple[int, bytes]:
        query = parse_qs(urlsplit(got.path).query)
        return 200, query["echostr"][0].encode() if got.method == "GET" else b"success"

    with Receiver() as receiver:
        receiver.answer = answer
        shop.control("PUT", "/misbehave", {"retry_scale": 0.00001})
        shop.control("PUT", "/push", {"url": receiver.url})
        yield receiver


def settled(shop: RunningSimulator) -> dict[str, int]:
    wait_until(lambda: shop.control("GET", "/state?orders=0")["pushes"]["waiting"] == 0)
    counts: dict[str, int] = shop.control("GET", "/state?orders=0")["pushes"]
    return counts


def test_the_address_is_checked_with_a_signed_text_to_echo(
    shop: RunningSimulator, receiver: Receiver, refused: Refused
) -> None:
    (got,) = receiver.received
    query = {name: values[0] for name, values in parse_qs(urlsplit(got.path).query).items()}
    token = shop.control("GET", "/credentials")["secrets"]["callback_token"]
    assert got.method == "GET"
    assert query["signature"] == signature(token, query["timestamp"], query["nonce"])
    receiver.answer = lambda _: (200, b"something else")
    assert refused(shop, "PUT", "/push", {"url": receiver.url}) == (409, "probe_failed")


def test_events_are_encrypted_and_name_the_order_only(shop: RunningSimulator, receiver: Receiver) -> None:
    receiver.received.clear()
    order = buy(shop, 2, pay=True)
    shop.control("POST", f"/orders/{order}/refund", {"quantity": 1})
    shop.control("POST", f"/orders/{order}/cancel")
    unpaid = buy(shop)
    shop.control("POST", f"/orders/{unpaid}/cancel")
    settled(shop)
    known = shop.control("GET", "/credentials")
    events = [opened(got, known) for got in receiver.received]
    of_order = [e for e in events if str(e.get("order_info", {}).get("order_id", order)) == order]
    assert [event["Event"].removeprefix("channels_ec_") for event in of_order] == [
        "order_new",
        "order_pay",
        *["aftersale_update"] * 4,
        "order_cancel",
    ]
    assert of_order[1]["order_info"].keys() == {"order_id", "pay_time"}
    assert of_order[-1]["order_info"]["cancel_type"] == 3
    assert of_order[3]["finder_shop_aftersale_status_update"]["status"] == "MERCHANT_REFUND_SUCCESS"
    assert events[0]["ToUserName"] == known["shop"]
    assert [e["order_info"]["cancel_type"] for e in events if e["Event"].endswith("order_cancel")] == [
        3,
        1,
    ] or [e["order_info"]["cancel_type"] for e in events if e["Event"].endswith("order_cancel")] == [1, 3]


def test_an_event_is_pushed_ten_times_at_most(shop: RunningSimulator, receiver: Receiver) -> None:
    assert platform_named("wechat").retry_ladder_s == (0, 0, 10, 60, 300, 1800, 3600, 3600, 3600)
    receiver.answer = lambda _: (200, b"later")
    buy(shop)
    counts = settled(shop)
    assert (counts["sent"], counts["given_up"]) == (10, 1)


def test_plain_events(shop: RunningSimulator, receiver: Receiver) -> None:
    receiver.received.clear()
    shop.control("PUT", "/misbehave", {"events": "plain"})
    order = buy(shop)
    settled(shop)
    (got,) = receiver.received
    assert json.loads(got.body)["order_info"]["order_id"] == int(order)
