"""Taobao's stock methods: one refuses beyond zero, one clamps in silence, one counts a key once."""

import json
from typing import Any

import pytest

from tests.simulators.taobao.caller import ITEM, SKU, Caller

OTHER = SKU + 1
ONE, MANY, TMALL = (
    "taobao.item.quantity.update",
    "taobao.skus.quantity.update",
    "tmall.item.quantity.update",
)


def one(taobao: Caller, quantity: int, **more: Any) -> int:
    return taobao.code(ONE, **{"num_iid": ITEM, "sku_id": SKU, "quantity": quantity, **more})[0]


def tmall(taobao: Caller, changes: dict[int, int], **options: Any) -> Any:
    rows = [{"sku_id": sku, "quantity": quantity} for sku, quantity in changes.items()]
    return taobao.call(TMALL, item_id=ITEM, sku_quantities=json.dumps(rows), options=json.dumps(options))


def test_one_sku_takes_a_value_or_a_difference_and_tells_the_counter(taobao: Caller) -> None:
    told = taobao.data(ONE, num_iid=ITEM, sku_id=SKU, quantity=-3, type=2)["item"]
    assert (told["num"], told["skus"]["sku"][0]["quantity"]) == (7, 7)
    assert one(taobao, -3, type=2) == 0
    assert taobao.stock() == 4
    assert one(taobao, 8) == 0
    assert taobao.stock() == 8
    assert one(taobao, 5, sku_id=None, outer_id="RED-1") == 0
    assert taobao.stock() == 5


def test_one_sku_beyond_zero_is_an_error(taobao: Caller) -> None:
    code, sub_code = taobao.code(ONE, num_iid=ITEM, sku_id=SKU, quantity=-11, type=2)
    assert (code, sub_code.startswith("isv.")) == (15, True)
    assert one(taobao, -1) == 41
    assert taobao.stock() == 10


def test_many_skus_beyond_zero_end_at_zero_in_silence(taobao: Caller) -> None:
    taobao.put(2, OTHER)
    told = taobao.data(MANY, num_iid=ITEM, skuid_quantities=f"{SKU}:-4;{OTHER}:-5", type=2)["item"]
    assert [row["quantity"] for row in told["skus"]["sku"]] == [6, 0]
    assert (taobao.stock(), taobao.stock(OTHER)) == (6, 0)
    told = taobao.data(MANY, num_iid=ITEM, outerid_quantities="RED-1:3")["item"]
    assert told["skus"]["sku"][0]["quantity"] == 3


@pytest.mark.parametrize(
    ("quantities", "kind", "code"),
    [
        (f"{SKU}:-1", 1, 41),
        (";".join([f"{SKU}:1"] * 21), 2, 41),
        (f"{SKU}", 2, 41),
        ("5:1", 2, 15),
        ("", 2, 40),
    ],
)
def test_what_many_may_not_ask(taobao: Caller, quantities: str, kind: int, code: int) -> None:
    assert taobao.code(MANY, num_iid=ITEM, skuid_quantities=quantities, type=kind)[0] == code
    assert taobao.stock() == 10


def test_tmall_counts_a_key_once_and_is_all_or_none(taobao: Caller) -> None:
    taobao.put(2, OTHER)
    for _ in range(2):
        told = tmall(taobao, {SKU: -3, OTHER: 1}, type=2, outer_biz_key="0a1b")
        assert "tmall_item_quantity_update_response" in told
    assert (taobao.stock(), taobao.stock(OTHER)) == (7, 3)
    short = tmall(taobao, {SKU: -3, OTHER: -4}, type=2, outer_biz_key="ff")
    assert short["error_response"]["code"] == 15
    assert (taobao.stock(), taobao.stock(OTHER)) == (7, 3)
    wrong = tmall(taobao, {SKU: -1}, type=2, outer_biz_key="res-1")
    assert wrong["error_response"]["code"] == 41
    taobao.running.control("PUT", "/misbehave", {"tmall_under_run": "clamp"})
    tmall(taobao, {OTHER: -4}, type=2, outer_biz_key="ff")
    assert taobao.stock(OTHER) == 0


def test_listings_that_cannot_be_written(taobao: Caller) -> None:
    assert one(taobao, 1, num_iid=5) == 15
    assert one(taobao, 1, sku_id=5) == 15
    assert one(taobao, 1, sku_id=None) == 40
    taobao.put(10, condition="banned")
    assert one(taobao, 1) == 15


def test_units_of_unpaid_orders_are_held_only_by_items_that_take_them_when_paid(taobao: Caller) -> None:
    fields = "num,with_hold_quantity,sub_stock,skus"
    taobao.buy(2)
    item = taobao.data("taobao.item.seller.get", num_iid=ITEM, fields=fields)["item"]
    assert (item["num"], item["with_hold_quantity"], item["sub_stock"]) == (8, 0, 1)
    taobao.put(8, OTHER, deducts="on_payment")
    line = {"product": str(ITEM), "variant": str(OTHER), "quantity": 3}
    taobao.running.control("POST", "/orders", {"lines": [line]})
    item = taobao.data("taobao.item.seller.get", num_iid=ITEM, fields=fields)["item"]
    assert (item["num"], item["with_hold_quantity"]) == (16, 3)
    assert item["skus"]["sku"][1]["with_hold_quantity"] == 3


def test_an_item_without_skus(taobao: Caller) -> None:
    taobao.running.control("PUT", "/listings", {"product": "77", "stock": 5})
    told = taobao.data(ONE, num_iid=77, quantity=-2, type=2)["item"]
    assert (told["num"], "skus" in told) == (3, False)
