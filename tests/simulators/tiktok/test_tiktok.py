"""The simulated TikTok Shop over real sockets; the tests sign by the facts, not with the simulator's code."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from holdfast.simulators.registry import platform_named
from holdfast.simulators.running import RunningSimulator
from tests.simulators.receiver import CLIENT, Receiver, wait_until

PRODUCT, SKU = "1729592969712207008", "1729592969712207123"
LISTING = {"product": PRODUCT, "variant": SKU, "stock": 10, "merchant_code": "A-1"}
UPDATE = f"/product/202309/products/{PRODUCT}/inventory/update"
SEARCH = "/order/202309/orders/search"


@pytest.fixture(scope="module")
def server() -> Iterator[RunningSimulator]:
    with RunningSimulator(platform_named("tiktok")) as running:
        yield running


@pytest.fixture
def shop(server: RunningSimulator) -> RunningSimulator:
    server.control("POST", "/reset")
    server.control("PUT", "/listings", LISTING)
    return server


def send(
    shop: RunningSimulator, method: str, path: str, body: Any = None, off_s: int = 0, **query: str
) -> httpx.Response:
    known = shop.control("GET", "/credentials")
    secret = known["app_secret"]
    query = {
        "app_key": known["app_key"],
        "shop_cipher": known["secrets"]["shop_cipher"],
        "timestamp": str(int(time.time()) + off_s),
        **query,
    }
    query = {name: value for name, value in query.items() if value}
    raw = json.dumps(body).encode() if body is not None else b""
    pairs = "".join(name + query[name] for name in sorted(query) if name != "sign")
    signed = secret + path + pairs + (raw.decode() if method == "POST" else "") + secret
    query.setdefault("sign", hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest())
    headers = {"x-tts-access-token": known["access_token"]}
    return CLIENT.request(method, f"{shop.url}{path}", params=query, content=raw, headers=headers)


def call(shop: RunningSimulator, method: str, path: str, body: Any = None, **query: Any) -> Any:
    answer = send(shop, method, path, body, **query).json()
    assert answer["code"] == 0, answer
    return answer["data"]


def row(shop: RunningSimulator, quantity: Any, sku: str = SKU, warehouse: str = "") -> dict[str, Any]:
    warehouse = warehouse or shop.control("GET", "/credentials")["settings"]["warehouse_id"]
    return {"id": sku, "inventory": [{"warehouse_id": warehouse, "quantity": quantity}]}


def quantities(shop: RunningSimulator) -> Any:
    data = call(shop, "POST", "/product/202309/inventory/search", {"sku_ids": [SKU]})
    return data["inventory"][0]["skus"][0]


def available(shop: RunningSimulator) -> int:
    return int(quantities(shop)["total_available_quantity"])


def buy(shop: RunningSimulator, quantity: int = 1, **more: Any) -> str:
    line = {"product": PRODUCT, "variant": SKU, "quantity": quantity}
    return str(shop.control("POST", "/orders", {"lines": [line], **more})["order"])


def order(shop: RunningSimulator, id: str) -> Any:
    return call(shop, "GET", "/order/202309/orders", ids=id)["orders"][0]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"sign": "0" * 64}, (401, 106001)),
        ({"off_s": -310}, (401, 36009004)),
        ({"off_s": 40}, (401, 36009004)),
        ({"app_key": "other"}, (401, 106001)),
        ({"shop_cipher": ""}, (400, 106013)),
        ({"shop_cipher": "other"}, (401, 101000)),
        ({}, (200, 0)),
        ({"off_s": -290}, (200, 0)),
        ({"off_s": 25}, (200, 0)),
    ],
)
def test_what_a_request_needs(shop: RunningSimulator, query: Any, expected: tuple[int, int]) -> None:
    answer = send(shop, "GET", "/order/202309/orders", ids="1", **query)
    assert (answer.status_code, answer.json()["code"]) == expected


def test_the_body_is_signed_as_it_is_sent(shop: RunningSimulator) -> None:
    good = send(shop, "POST", UPDATE, {"skus": [row(shop, 7)]})
    assert good.json()["code"] == 0
    token = good.request.headers["x-tts-access-token"]
    changed = good.request.content.replace(b"7}", b"8}")
    forged = CLIENT.post(good.request.url, content=changed, headers={"x-tts-access-token": token})
    assert (forged.json()["code"], available(shop)) == (106001, 7)


def test_tokens_end_at_absolute_times_and_are_refreshed(shop: RunningSimulator) -> None:
    known = shop.control("GET", "/credentials")
    base = {"app_key": known["app_key"], "app_secret": known["app_secret"]}

    def token(name: str, **query: str) -> Any:
        return CLIENT.get(f"{shop.url}/api/v2/token/{name}", params={**base, **query}).json()

    shop.control("POST", "/tokens/expire")
    assert send(shop, "GET", "/order/202309/orders", ids="1").json()["code"] == 105002
    new = token("refresh", grant_type="refresh_token", refresh_token=known["refresh_token"])["data"]
    assert abs(new["access_token_expire_in"] - time.time() - 7 * 86_400) < 60
    assert send(shop, "GET", "/order/202309/orders", ids="1").json()["code"] == 0
    code = shop.control("POST", "/authorizations")["code"]
    assert token("get", grant_type="authorized_code", auth_code=code)["code"] == 0
    assert token("get", grant_type="authorized_code", auth_code=code)["code"] == 105002
    assert token("get", grant_type="refresh_token", auth_code=code)["code"] == 36009004
    assert token("refresh", grant_type="refresh_token", app_secret="wrong")["code"] == 106001


def test_the_cipher_comes_from_the_list_of_shops(shop: RunningSimulator) -> None:
    known = shop.control("GET", "/credentials")
    data = call(shop, "GET", "/authorization/202309/shops", shop_cipher="")
    assert data["shops"][0]["cipher"] == known["secrets"]["shop_cipher"]


def test_set_only_and_errors_of_single_skus_under_code_0(shop: RunningSimulator) -> None:
    shop.control("PUT", "/listings", {**LISTING, "variant": "9", "condition": "banned"})
    skus = [row(shop, 4), row(shop, 5, "77"), row(shop, 6, SKU, "123"), row(shop, 7, "9")]
    errors = call(shop, "POST", UPDATE, {"skus": skus})["errors"]
    assert [(error["detail"]["sku_id"], error["code"]) for error in errors] == [
        ("77", 12052049),
        (SKU, 12052097),
        ("9", 12052050),
    ]
    assert available(shop) == 4
    assert call(shop, "POST", UPDATE, {"skus": [row(shop, 0)]}) == {}
    assert available(shop) == 0


@pytest.mark.parametrize("quantity", [-1, "5", None, 1.5])
def test_quantities_that_are_refused(shop: RunningSimulator, quantity: Any) -> None:
    assert send(shop, "POST", UPDATE, {"skus": [row(shop, quantity)]}).json()["code"] == 36009004
    assert available(shop) == 10


def test_a_set_overwrites_a_sale_that_happened_in_between(shop: RunningSimulator) -> None:
    seen = available(shop)
    buy(shop, 3)
    call(shop, "POST", UPDATE, {"skus": [row(shop, seen + 5)]})
    assert available(shop) == 15


def test_the_identities_of_the_quantities(shop: RunningSimulator) -> None:
    shop.control("PUT", "/misbehave", {"campaign_locked": 2, "creator_locked": 1})
    paid = buy(shop, 3, pay=True)
    told = quantities(shop)
    assert (told["total_quantity"], told["total_committed_quantity"], told["in_shop_quantity"]) == (10, 3, 4)
    shop.control("POST", f"/orders/{paid}/ship")
    told = quantities(shop)
    assert (told["total_quantity"], told["total_committed_quantity"]) == (7, 0)


def test_the_platforms_own_words_for_limits_and_faults(shop: RunningSimulator) -> None:
    shop.control("PUT", "/misbehave", {"next": ["throttle", "error"]})
    limited = send(shop, "POST", UPDATE, {"skus": [row(shop, 1)]})
    assert (limited.status_code, limited.json()["code"], limited.headers["retry-after"]) == (
        429,
        36009002,
        "1",
    )
    assert send(shop, "POST", UPDATE, {"skus": [row(shop, 1)]}).json()["code"] == 36009003
    assert available(shop) == 10


def test_the_life_of_an_order_with_one_entry_for_each_unit(shop: RunningSimulator) -> None:
    placed = buy(shop, 3)
    assert (order(shop, placed)["status"], len(order(shop, placed)["line_items"])) == ("UNPAID", 3)
    assert "paid_time" not in order(shop, placed)
    shop.control("POST", f"/orders/{placed}/pay")
    assert (order(shop, placed)["status"], available(shop)) == ("AWAITING_SHIPMENT", 7)
    shop.control("POST", f"/orders/{placed}/refund", {"quantity": 1})
    units = order(shop, placed)["line_items"]
    assert [unit["display_status"] for unit in units] == ["AWAITING_SHIPMENT"] * 2 + ["CANCELLED"]
    (returned,) = call(
        shop, "POST", "/return_refund/202309/returns/search", {"order_ids": [placed]}, page_size="10"
    )["return_orders"]
    assert [each["order_line_item_id"] for each in returned["return_line_items"]] == [units[-1]["id"]]
    assert len({unit["id"] for unit in units}) == 3
    assert available(shop) == 8
    shop.control("POST", f"/orders/{placed}/ship")
    assert order(shop, placed)["status"] == "IN_TRANSIT"
    shop.control("POST", f"/orders/{placed}/complete")
    assert order(shop, placed)["status"] == "COMPLETED"


def test_the_order_list_in_pages(shop: RunningSimulator) -> None:
    orders = [buy(shop) for _ in range(5)]
    shop.control("POST", f"/orders/{orders[0]}/pay")
    found: list[str] = []
    token = ""
    while True:
        query = {"page_size": "2", "page_token": token, "sort_field": "update_time", "sort_order": "ASC"}
        page = call(shop, "POST", SEARCH, {"update_time_ge": int(time.time()) - 60}, **query)
        found += [each["id"] for each in page["orders"]]
        token = page["next_page_token"]
        if not token:
            break
    assert found == [*orders[1:], orders[0]]
    newest_first = call(shop, "POST", SEARCH, {}, page_size="2")["orders"]
    assert [each["id"] for each in newest_first] == orders[:2:-1]
    unpaid = call(shop, "POST", SEARCH, {"order_status": "UNPAID"}, page_size="100")
    assert unpaid["total_count"] == 4
    later = call(shop, "POST", SEARCH, {"create_time_ge": int(time.time()) + 5}, page_size="100")
    assert later["orders"] == []


@pytest.mark.parametrize(
    "query", [{}, {"page_size": "0"}, {"page_size": "101"}, {"page_size": "9", "page_token": "x"}]
)
def test_lists_that_are_refused(shop: RunningSimulator, query: Any) -> None:
    assert send(shop, "POST", SEARCH, {}, **query).json()["code"] == 36009004


def test_at_most_fifty_orders_at_once(shop: RunningSimulator) -> None:
    ids = ",".join(map(str, range(51)))
    assert send(shop, "GET", "/order/202309/orders", ids=ids).json()["code"] == 12052109


@pytest.fixture
def receiver(shop: RunningSimulator) -> Iterator[Receiver]:
    with Receiver() as receiver:
        shop.control("PUT", "/misbehave", {"retry_scale": 0.000001})
        shop.control("PUT", "/push", {"url": receiver.url})
        yield receiver


def settled(shop: RunningSimulator) -> dict[str, int]:
    wait_until(lambda: shop.control("GET", "/state?orders=0")["pushes"]["waiting"] == 0)
    counts: dict[str, int] = shop.control("GET", "/state?orders=0")["pushes"]
    return counts


def test_order_notifications_are_signed(shop: RunningSimulator, receiver: Receiver) -> None:
    placed = buy(shop, 2, pay=True)
    shop.control("POST", f"/orders/{placed}/refund", {"quantity": 1})
    shop.control("POST", f"/orders/{placed}/ship")
    settled(shop)
    known = shop.control("GET", "/credentials")
    for got in receiver.received:
        wanted = hmac.new(known["app_secret"].encode(), known["app_key"].encode() + got.body, hashlib.sha256)
        assert got.headers["authorization"] == wanted.hexdigest()
    told = [json.loads(got.body) for got in receiver.received]
    enveloped = [(each["type"], each["data"].get("order_status")) for each in told if "type" in each]
    assert enveloped == [
        (1, "UNPAID"),
        (1, "AWAITING_SHIPMENT"),
        (12, None),
        (67, None),
        (1, "IN_TRANSIT"),
    ]
    assert all(each["shop_id"] == known["shop"] for each in told if "type" in each)


def test_cancelled_orders(shop: RunningSimulator, receiver: Receiver) -> None:
    for paid in (False, True):
        receiver.received.clear()
        placed = buy(shop, pay=paid)
        shop.control("POST", f"/orders/{placed}/cancel")
        settled(shop)
        told = [json.loads(got.body) for got in receiver.received]
        kinds = [(each["type"], each["data"].get("order_status")) for each in told if "type" in each]
        assert kinds.count((1, "CANCEL")) == 1
        assert (11, None) in kinds
        assert ((67, None) in kinds) is paid


def test_stock_notifications_have_no_envelope_and_name_their_source(
    shop: RunningSimulator, receiver: Receiver
) -> None:
    placed = buy(shop, 3)
    call(shop, "POST", UPDATE, {"skus": [row(shop, 20)]})
    shop.control("POST", f"/orders/{placed}/cancel")
    shipped = buy(shop, 2, pay=True)
    shop.control("POST", f"/orders/{shipped}/ship")
    shop.control("PUT", "/listings", {**LISTING, "stock": 5})
    settled(shop)
    told = [json.loads(got.body) for got in receiver.received if b"quantity_snapshot" in got.body]
    assert all("type" not in each and (each["product_id"], each["sku_id"]) == (PRODUCT, SKU) for each in told)
    rows = [
        (
            each["change_detail"][0]["trigger_source"],
            each["change_detail"][0]["total_available_delta"],
            each["quantity_snapshot_after_change"]["total_available_quantity"],
            each["quantity_snapshot_after_change"]["total_committed_quantity"],
        )
        for each in told
    ]
    assert rows == [
        ("order_created", -3, 7, 3),
        ("api_sync", 13, 20, 3),
        ("order_canceled", 3, 23, 0),
        ("order_created", -2, 21, 2),
        ("order_shipped", 0, 21, 0),
        ("manual_adjustment", -16, 5, 0),
    ]


def test_four_tries_more_and_only_an_empty_200_counts(shop: RunningSimulator, receiver: Receiver) -> None:
    assert platform_named("tiktok").retry_ladder_s == (120, 1_800, 10_800, 43_200)
    receiver.answer = lambda got: (200, b"ok" if b'"type"' in got.body else b"")
    buy(shop)
    counts = settled(shop)
    assert (counts["sent"], counts["given_up"], counts["acknowledged"]) == (6, 1, 1)
