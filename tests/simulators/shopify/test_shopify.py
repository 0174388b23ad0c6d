"""The simulated Shopify over real sockets."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from holdfast.simulators.registry import platform_named
from holdfast.simulators.running import RunningSimulator
from tests.simulators.conftest import Refused
from tests.simulators.receiver import CLIENT, Receiver, wait_until

ITEM = "gid://shopify/InventoryItem/200"
ADJUST = """mutation A($input: InventoryAdjustQuantitiesInput!, $key: String!) {
  inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { changes { name delta quantityAfterChange } }
    userErrors { code field message } } }"""
SET = """mutation S($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id } userErrors { code } } }"""
LEVEL = """query L($item: ID!, $location: ID!) {
  inventoryItem(id: $item) { inventoryLevel(locationId: $location) {
  quantities(names: ["available", "committed", "on_hand"]) { name quantity } } } }"""
ORDERS = """query O($query: String, $after: String) {
  orders(first: 2, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { id displayFinancialStatus lineItems(first: 10) { nodes { quantity currentQuantity sku
      variant { id inventoryItem { id } } } } }
    pageInfo { hasNextPage endCursor } } }"""


@pytest.fixture(scope="module")
def server() -> Iterator[RunningSimulator]:
    with RunningSimulator(platform_named("shopify")) as running:
        yield running


@pytest.fixture
def shop(server: RunningSimulator) -> RunningSimulator:
    server.control("POST", "/reset")
    server.control(
        "PUT", "/listings", {"product": "100", "variant": "200", "stock": 10, "merchant_code": "A-1"}
    )
    return server


def location(shop: RunningSimulator) -> str:
    return f"gid://shopify/Location/{shop.control('GET', '/credentials')['settings']['location_id']}"


def call(shop: RunningSimulator, document: str, version: str = "2026-04", **variables: Any) -> Any:
    token = shop.control("GET", "/credentials")["access_token"]
    return CLIENT.post(
        f"{shop.url}/admin/api/{version}/graphql.json",
        headers={"X-Shopify-Access-Token": token},
        json={"query": document, "variables": variables},
    ).json()


def change(shop: RunningSimulator, delta: int, **more: Any) -> dict[str, Any]:
    return {"delta": delta, "inventoryItemId": ITEM, "locationId": location(shop), **more}


def adjust(shop: RunningSimulator, key: str, *changes: dict[str, Any], reason: str = "correction") -> Any:
    given = {"name": "available", "reason": reason, "changes": changes}
    return call(shop, ADJUST, input=given, key=key)["data"]["inventoryAdjustQuantities"]


def codes(result: Any) -> list[str]:
    return [error["code"] for error in result["userErrors"]]


def level(shop: RunningSimulator) -> dict[str, int]:
    data = call(shop, LEVEL, item=ITEM, location=location(shop))["data"]
    rows = data["inventoryItem"]["inventoryLevel"]["quantities"]
    return {row["name"]: row["quantity"] for row in rows}


def available(shop: RunningSimulator) -> int:
    return level(shop)["available"]


def buy(shop: RunningSimulator, quantity: int = 1, **more: Any) -> str:
    line = {"product": "100", "variant": "200", "quantity": quantity}
    return str(shop.control("POST", "/orders", {"lines": [line], **more})["order"])


def test_a_change_tells_the_counter_after_it_and_may_go_below_zero(shop: RunningSimulator) -> None:
    result = adjust(shop, "k1", change(shop, -4))
    changes = {row["name"]: row for row in result["inventoryAdjustmentGroup"]["changes"]}
    assert (changes["available"]["delta"], changes["available"]["quantityAfterChange"]) == (-4, 6)
    assert codes(adjust(shop, "k2", change(shop, -9))) == []
    assert available(shop) == -3


def test_a_key_is_applied_once_and_bound_to_its_input(shop: RunningSimulator) -> None:
    first = adjust(shop, "k", change(shop, -1))
    assert adjust(shop, "k", change(shop, -1)) == first
    assert codes(adjust(shop, "k", change(shop, -2))) == ["IDEMPOTENCY_KEY_PARAMETER_MISMATCH"]
    assert available(shop) == 9


def test_what_a_failed_key_answers_is_a_setting(shop: RunningSimulator) -> None:
    stale = change(shop, 1, changeFromQuantity=3)
    assert (
        codes(adjust(shop, "k", stale)) == codes(adjust(shop, "k", stale)) == ["CHANGE_FROM_QUANTITY_STALE"]
    )
    shop.control("PUT", "/misbehave", {"failed_key": "refused"})
    assert codes(adjust(shop, "k", stale)) == ["IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"]


def test_the_key_is_mandatory_from_2026_04(shop: RunningSimulator) -> None:
    document = ADJUST.replace("@idempotent(key: $key)", "")
    given = {"name": "available", "reason": "correction", "changes": [change(shop, 1)]}
    assert "idempotent" in call(shop, document, input=given, key="k")["errors"][0]["message"]
    assert available(shop) == 10
    assert "data" in call(shop, document, "2026-01", input=given, key="k")
    assert available(shop) == 11


def test_compare_and_swap(shop: RunningSimulator) -> None:
    assert codes(adjust(shop, "1", change(shop, -1, changeFromQuantity=10))) == []
    assert codes(adjust(shop, "2", change(shop, -1, changeFromQuantity=10))) == ["CHANGE_FROM_QUANTITY_STALE"]
    assert codes(adjust(shop, "3", change(shop, -1, changeFromQuantity=None))) == []
    assert available(shop) == 8


def test_one_bad_change_undoes_all(shop: RunningSimulator) -> None:
    bad = change(shop, 1) | {"locationId": "gid://shopify/Location/1"}
    assert codes(adjust(shop, "1", change(shop, -1), bad)) == ["ITEM_NOT_STOCKED_AT_LOCATION"]
    unknown = change(shop, 1) | {"inventoryItemId": "gid://shopify/InventoryItem/1"}
    assert codes(adjust(shop, "2", change(shop, -1), unknown)) == ["INVALID_INVENTORY_ITEM"]
    assert codes(adjust(shop, "3", change(shop, 2_000_000_000))) == ["INVALID_QUANTITY_TOO_HIGH"]
    assert available(shop) == 10


def test_set_compares_before_it_sets(shop: RunningSimulator) -> None:
    def put(key: str, name: str = "available", version: str = "2026-04", **row: Any) -> Any:
        rows = [{"inventoryItemId": ITEM, "locationId": location(shop), **row}]
        given = {"name": name, "reason": "correction", "quantities": rows}
        return call(shop, SET, version, input=given, key=key)

    buy(shop, 2, pay=True)
    assert "errors" in put("1", quantity=5)
    assert codes(put("2", quantity=5, changeFromQuantity=10)["data"]["inventorySetQuantities"]) == [
        "CHANGE_FROM_QUANTITY_STALE"
    ]
    assert codes(put("3", quantity=5, changeFromQuantity=8)["data"]["inventorySetQuantities"]) == []
    assert level(shop) == {"available": 5, "committed": 2, "on_hand": 7}
    assert (
        codes(put("4", "on_hand", quantity=9, changeFromQuantity=7)["data"]["inventorySetQuantities"]) == []
    )
    assert level(shop) == {"available": 7, "committed": 2, "on_hand": 9}
    negative = put("5", "on_hand", quantity=-1, changeFromQuantity=None)
    assert codes(negative["data"]["inventorySetQuantities"]) == ["INVALID_QUANTITY_NEGATIVE"]
    old = put("6", version="2025-10", quantity=1, compareQuantity=3)
    assert codes(old["data"]["inventorySetQuantities"]) == ["COMPARE_QUANTITY_STALE"]


def test_at_most_250_changes(shop: RunningSimulator) -> None:
    given = {"name": "available", "reason": "correction", "changes": [change(shop, 1)] * 251}
    assert (
        call(shop, ADJUST, input=given, key="k")["errors"][0]["extensions"]["code"]
        == "MAX_INPUT_SIZE_EXCEEDED"
    )
    assert available(shop) == 10


def test_an_unknown_field_is_refused_before_anything_is_done(shop: RunningSimulator) -> None:
    document = ADJUST.replace("quantityAfterChange", "quantityBefore")
    given = {"name": "available", "reason": "correction", "changes": [change(shop, 1)]}
    assert call(shop, document, input=given, key="k")["errors"][0]["extensions"]["code"] == "undefinedField"
    assert available(shop) == 10


def test_the_bucket_runs_out_and_says_so(shop: RunningSimulator) -> None:
    shop.control("PUT", "/misbehave", {"bucket_max": 25.0, "restore_rate": 0.001})
    assert [codes(adjust(shop, key, change(shop, -1))) for key in "ab"] == [[], []]
    given = {"name": "available", "reason": "correction", "changes": [change(shop, -1)]}
    refused = call(shop, ADJUST, input=given, key="c")
    assert (refused["errors"][0]["message"], refused.get("data")) == ("Throttled", None)
    assert refused["extensions"]["cost"]["throttleStatus"] == {
        "maximumAvailable": 25.0,
        "currentlyAvailable": 5,
        "restoreRate": 0.001,
    }
    assert shop.control("GET", "/state")["counters"]["100/200"]["sellable"] == 8


def test_the_token_header_the_version_and_the_refresh(shop: RunningSimulator) -> None:
    known = shop.control("GET", "/credentials")
    url = f"{shop.url}/admin/api/2026-04/graphql.json"
    body = {"query": "{shop{name}}"}
    assert CLIENT.post(url, json=body).status_code == 401
    headers = {"X-Shopify-Access-Token": known["access_token"]}
    assert CLIENT.post(url, json=body, headers=headers).json()["data"] == {"shop": {"name": "Simulated"}}
    assert CLIENT.post(url.replace("2026-04", "2019-04"), json=body, headers=headers).status_code == 404
    shop.control("POST", "/tokens/expire")
    assert CLIENT.post(url, json=body, headers=headers).status_code == 401
    refresh = {
        "client_id": known["app_key"],
        "client_secret": known["app_secret"],
        "grant_type": "refresh_token",
        "refresh_token": known["refresh_token"],
    }
    new = CLIENT.post(f"{shop.url}/admin/oauth/access_token", data=refresh).json()
    headers = {"X-Shopify-Access-Token": new["access_token"]}
    assert CLIENT.post(url, json=body, headers=headers).status_code == 200
    again = CLIENT.post(f"{shop.url}/admin/oauth/access_token", json=refresh)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


def test_orders_in_pages_and_by_time(shop: RunningSimulator) -> None:
    orders = [buy(shop) for _ in range(5)]
    shop.control("POST", f"/orders/{orders[0]}/pay")
    found: list[str] = []
    after = None
    while True:
        page = call(shop, ORDERS, after=after, query="updated_at:>='2020-01-01T00:00:00Z'")["data"]["orders"]
        found += [node["id"].rpartition("/")[2] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == [*orders[1:], orders[0]]
    assert call(shop, ORDERS, query="updated_at:<2020-01-01T00:00:00Z")["data"]["orders"]["nodes"] == []
    assert "errors" in call(shop, ORDERS, query="colour:red")


def test_the_life_of_an_order(shop: RunningSimulator) -> None:
    order = buy(shop, 3)

    def told() -> Any:
        (node,) = call(shop, ORDERS)["data"]["orders"]["nodes"]
        (line,) = node["lineItems"]["nodes"]
        assert line["variant"] == {"id": "gid://shopify/ProductVariant/200", "inventoryItem": {"id": ITEM}}
        return node["displayFinancialStatus"], line["quantity"], line["currentQuantity"], available(shop)

    assert told() == ("PENDING", 3, 3, 7)
    shop.control("POST", f"/orders/{order}/pay")
    assert told() == ("PAID", 3, 3, 7)
    shop.control("POST", f"/orders/{order}/refund", {"quantity": 1})
    assert told() == ("PARTIALLY_REFUNDED", 3, 2, 7), "units come back only when restocked"
    shop.control("PUT", "/misbehave", {"gives_back_on_refund": "always"})
    shop.control("POST", f"/orders/{order}/refund")
    assert told() == ("REFUNDED", 3, 0, 9)


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


def test_webhooks_are_signed_and_in_the_rest_form(shop: RunningSimulator, receiver: Receiver) -> None:
    order = buy(shop, 2, pay=True)
    shop.control("POST", f"/orders/{order}/refund", {"quantity": 1})
    shop.control("POST", f"/orders/{order}/cancel")
    settled(shop)
    known = shop.control("GET", "/credentials")
    told: dict[str, list[Any]] = {}
    for got in receiver.received:
        mac = hmac.new(known["app_secret"].encode(), got.body, hashlib.sha256).digest()
        assert got.headers["x-shopify-hmac-sha256"] == base64.b64encode(mac).decode()
        assert got.headers["x-shopify-shop-domain"] == known["shop"]
        told.setdefault(got.headers["x-shopify-topic"], []).append(json.loads(got.body))
    assert {topic: len(bodies) for topic, bodies in told.items()} == {
        "orders/create": 1,
        "orders/paid": 1,
        "refunds/create": 2,
        "orders/cancelled": 1,
        "inventory_levels/update": 1,
    }
    assert told["orders/create"][0]["line_items"][0]["variant_id"] == 200
    assert [body["refund_line_items"][0]["quantity"] for body in told["refunds/create"]] == [1, 1]
    level_told = told["inventory_levels/update"][0]
    assert (level_told["inventory_item_id"], level_told["available"]) == (200, 8)
    ids = {got.headers["x-shopify-webhook-id"] for got in receiver.received}
    assert len(ids) == len(receiver.received)


def test_after_eight_retries_the_subscription_is_gone(shop: RunningSimulator, receiver: Receiver) -> None:
    ladder_s = platform_named("shopify").retry_ladder_s
    assert (len(ladder_s), sum(ladder_s)) == (8, 4 * 3_600)
    receiver.answer = lambda _: (500, b"")
    adjust(shop, "k", change(shop, -1))
    assert settled(shop)["sent"] == 9
    assert shop.control("GET", "/state")["push_url"] is None


def test_ids_are_numbers_and_variants_belong_to_one_product(shop: RunningSimulator, refused: Refused) -> None:
    assert refused(shop, "PUT", "/listings", {"product": "p"}) == (422, "wrong_id")
    assert refused(shop, "PUT", "/listings", {"product": "101", "variant": "200"}) == (422, "wrong_id")
