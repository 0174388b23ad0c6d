"""The simulated Xiaohongshu over real sockets; the tests sign by the facts, not with the simulator's code."""

import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from holdfast.simulators.registry import platform_named
from holdfast.simulators.running import RunningSimulator
from tests.simulators.receiver import CLIENT, Receiver, wait_until

LISTING = {"product": "item1", "variant": "sku1", "stock": 10, "merchant_code": "A-1"}
ACKNOWLEDGED = b'{"success":true,"error_code":0,"error_msg":""}'


@pytest.fixture(scope="module")
def server() -> Iterator[RunningSimulator]:
    with RunningSimulator(platform_named("xiaohongshu")) as running:
        yield running


@pytest.fixture
def shop(server: RunningSimulator) -> RunningSimulator:
    server.control("POST", "/reset")
    server.control("PUT", "/listings", LISTING)
    return server


def send(shop: RunningSimulator, method: str, **given: Any) -> Any:
    known = shop.control("GET", "/credentials")
    body = {
        "method": method,
        "appId": known["app_key"],
        "timestamp": str(int(time.time())),
        "version": "2.0",
        "accessToken": known["access_token"],
        **given,
    }
    text = f"{method}?appId={body['appId']}&timestamp={body['timestamp']}&version={body['version']}"
    body.setdefault("sign", hashlib.md5((text + known["app_secret"]).encode()).hexdigest())
    return CLIENT.post(f"{shop.url}/ark/open_api/v3/common_controller", json=body).json()


def code(shop: RunningSimulator, method: str, **given: Any) -> int:
    answer = send(shop, method, **given)
    assert answer["success"] is (answer["error_code"] == 0)
    return int(answer["error_code"])


def call(shop: RunningSimulator, method: str, **given: Any) -> Any:
    answer = send(shop, method, **given)
    assert answer["success"] is True, answer
    return answer["data"]


def stock(shop: RunningSimulator) -> tuple[int, int]:
    told = call(shop, "inventory.getSkuStock", skuId="sku1")["skuStock"]
    return told["available"], told["total"]


def buy(shop: RunningSimulator, quantity: int = 1, **more: Any) -> str:
    line = {"product": "item1", "variant": "sku1", "quantity": quantity}
    return str(shop.control("POST", "/orders", {"lines": [line], **more})["order"])


def orders(shop: RunningSimulator, **more: Any) -> Any:
    now_s = int(time.time())
    return call(
        shop,
        "order.getOrderList",
        **{"startTime": now_s - 1_700, "endTime": now_s + 10, "timeType": 2, **more},
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"sign": "0" * 32}, -9001),
        ({"appId": "other"}, -9001),
        ({"version": "1.0"}, -9001),
        ({"timestamp": "1700000000"}, -9001),
        ({"accessToken": "other"}, -9002),
        ({"skuId": "other"}, -9003),
        ({"skuId": 1}, -9000),
        ({}, 0),
    ],
)
def test_what_a_request_needs(shop: RunningSimulator, given: Any, expected: int) -> None:
    assert code(shop, "inventory.getSkuStock", **{"skuId": "sku1", **given}) == expected


def test_tokens(shop: RunningSimulator) -> None:
    refresh = shop.control("GET", "/credentials")["refresh_token"]
    shop.control("POST", "/tokens/expire")
    assert code(shop, "inventory.getSkuStock", skuId="sku1") == -9002
    new = call(shop, "oauth.refreshToken", refreshToken=refresh)
    assert new["accessTokenExpiresAt"] / 1_000 > time.time() + 86_400
    assert code(shop, "inventory.getSkuStock", skuId="sku1", accessToken=new["accessToken"]) == 0
    given = shop.control("POST", "/authorizations")["code"]
    assert [code(shop, "oauth.getAccessToken", code=given) for _ in range(2)] == [0, -9002]


def test_a_change_is_of_available_units_and_never_deduplicated(shop: RunningSimulator) -> None:
    buy(shop, 2)
    told = [call(shop, "inventory.incSkuStock", skuId="sku1", qty=-3)["skuStock"] for _ in range(2)]
    assert told == [{"available": 5, "total": 7}, {"available": 2, "total": 4}]
    assert code(shop, "inventory.incSkuStock", skuId="sku1", qty=-3) == -9005
    assert stock(shop) == (2, 4)


def test_a_set_is_of_the_total_and_says_when_it_does_not_cover(shop: RunningSimulator) -> None:
    buy(shop, 3)
    shop.control("PUT", "/misbehave", {"set_aside": 2})
    told = call(shop, "inventory.syncSkuStock", skuId="sku1", qty=12)["skuStock"]
    assert told == {"available": 7, "total": 12}
    short = send(shop, "inventory.syncSkuStock", skuId="sku1", qty=4)
    assert (short["success"], short["error_code"]) == (False, -9028)
    assert short["data"]["skuStock"] == {"available": 0, "total": 5}
    assert stock(shop) == (0, 5), "applied all the same"


def test_warehouses(shop: RunningSimulator) -> None:
    shop.control("PUT", "/listings", {**LISTING, "warehouse": "east", "stock": 1})
    wanted = {"CPartner": 4, "east": 6}
    told = call(shop, "inventory.syncSkuStockV2", skuId="sku1", qtyWithWhcode=wanted)["skuStockWithWhcode"]
    assert {name: row["available"] for name, row in told.items()} == wanted
    bad = {"CPartner": 9, "nowhere": 1}
    assert code(shop, "inventory.syncSkuStockV2", skuId="sku1", qtyWithWhcode=bad) == -9003
    assert stock(shop) == (4, 4)


def test_limits_and_faults(shop: RunningSimulator) -> None:
    shop.control("PUT", "/misbehave", {"next": ["throttle", "error"]})
    assert [code(shop, "inventory.incSkuStock", skuId="sku1", qty=1) for _ in range(2)] == [-9006, -9007]
    shop.control("PUT", "/listings", {"product": "item1", "variant": "sku1", "condition": "banned"})
    assert code(shop, "inventory.incSkuStock", skuId="sku1", qty=1) == -9004
    assert stock(shop) == (10, 10)


def test_the_life_of_an_order(shop: RunningSimulator) -> None:
    order = buy(shop, 3)

    def told() -> tuple[int, int]:
        row = call(shop, "order.getOrderDetail", orderId=order)
        assert (row["skuList"][0]["skuId"], row["skuList"][0]["skuQuantity"]) == ("sku1", 3)
        return row["orderStatus"], row["orderAfterSalesStatus"]

    assert (told(), stock(shop)) == ((1, 1), (7, 10))
    shop.control("POST", f"/orders/{order}/pay")
    assert (told(), stock(shop)) == ((4, 1), (7, 7))
    (refund,) = shop.control("POST", f"/orders/{order}/refund", {"quantity": 1, "pending": True})["refunds"]
    assert told() == (4, 2)
    shop.control("POST", f"/refunds/{refund}/succeed")
    assert (told(), stock(shop)) == ((4, 3), (8, 8))
    (row,) = call(shop, "afterSale.listAfterSaleInfos", orderId=order)["afterSaleBasicInfos"]
    assert (row["returnsId"], row["skus"][0]["appliedCount"], row["status"]) == (refund, 1, 4)
    assert call(shop, "afterSale.getAfterSaleInfo", returnsId=refund)["afterSaleInfo"] == row
    shop.control("POST", f"/orders/{order}/ship")
    shop.control("POST", f"/orders/{order}/complete")
    assert told() == (7, 3)
    shop.control("POST", f"/orders/{order}/refund")
    assert (told(), stock(shop)) == ((8, 3), (8, 8))
    unpaid = buy(shop)
    shop.control("POST", f"/orders/{unpaid}/cancel")
    assert (call(shop, "order.getOrderDetail", orderId=unpaid)["orderStatus"], stock(shop)) == (9, (8, 8))


def test_the_order_list_in_pages(shop: RunningSimulator) -> None:
    made = [buy(shop) for _ in range(5)]
    shop.control("POST", f"/orders/{made[0]}/pay")
    pages = [orders(shop, pageNo=page, pageSize=2) for page in (1, 2, 3)]
    assert [row["orderId"] for page in pages for row in page["orderList"]] == [*made[1:], made[0]]
    assert (pages[0]["total"], pages[0]["maxPageNo"]) == (5, 3)
    assert "skuList" not in pages[0]["orderList"][0]
    assert [row["orderId"] for row in orders(shop, orderStatus=4)["orderList"]] == made[:1]


@pytest.mark.parametrize(
    ("kind", "span_s", "expected"),
    [(1, 86_400, 0), (1, 86_401, -9000), (2, 1_800, 0), (2, 1_801, -9000), (3, 9, -9000)],
)
def test_spans(shop: RunningSimulator, kind: int, span_s: int, expected: int) -> None:
    given = {"startTime": 1_700_000_000, "endTime": 1_700_000_000 + span_s, "timeType": kind}
    assert code(shop, "order.getOrderList", **given) == expected


@pytest.fixture
def receiver(shop: RunningSimulator) -> Iterator[Receiver]:
    with Receiver(ACKNOWLEDGED) as receiver:
        shop.control("PUT", "/misbehave", {"retry_scale": 0.00001})
        shop.control("PUT", "/push", {"url": receiver.url})
        yield receiver


def settled(shop: RunningSimulator) -> dict[str, int]:
    wait_until(lambda: shop.control("GET", "/state?orders=0")["pushes"]["waiting"] == 0)
    counts: dict[str, int] = shop.control("GET", "/state?orders=0")["pushes"]
    return counts


def test_the_gaps_of_the_push(shop: RunningSimulator, receiver: Receiver) -> None:
    order = buy(shop, 2)
    assert settled(shop)["sent"] == 0, "nothing for an unpaid order"
    shop.control("POST", f"/orders/{order}/pay")
    (refund,) = shop.control("POST", f"/orders/{order}/refund", {"quantity": 1, "pending": True})["refunds"]
    shop.control("POST", f"/refunds/{refund}/succeed")
    shop.control("POST", f"/orders/{order}/ship")
    shop.control("POST", f"/orders/{order}/refund")
    settled(shop)
    messages = [json.loads(got.body)[0] for got in receiver.received]
    told = [(each["msgTag"], json.loads(each["data"]).get("orderStatus")) for each in messages]
    assert told == [
        ("msg_fulfillment_status_change", 4),
        ("msg_after_sale_create", None),
        ("msg_fulfillment_status_change", 6),
        ("msg_after_sale_create", None),
    ]
    seller = shop.control("GET", "/credentials")["shop"]
    assert {each["sellerId"] for each in messages} == {seller}


def test_cancelled_orders_are_told(shop: RunningSimulator, receiver: Receiver) -> None:
    unpaid = buy(shop)
    shop.control("POST", f"/orders/{unpaid}/cancel")
    settled(shop)
    (got,) = receiver.received
    assert json.loads(json.loads(got.body)[0]["data"])["orderStatus"] == 9


@pytest.mark.parametrize(
    "answer", [b"", b"success", b'{"success":true,"error_code":1}', b'{"success":false}']
)
def test_what_is_no_acknowledgement_is_tried_again(
    shop: RunningSimulator, receiver: Receiver, answer: bytes
) -> None:
    receiver.answer = lambda _: (200, answer)
    buy(shop, pay=True)
    counts = settled(shop)
    assert (counts["sent"], counts["given_up"]) == (4, 1)
