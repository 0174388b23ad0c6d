"""Kuaishou's stock: differences only, refused at zero, never deduplicated; goods stock is clamped."""

from typing import Any

import pytest

from tests.simulators.kuaishou.caller import ITEM, SKU, Caller


def test_a_repeat_is_applied_again(kuaishou: Caller) -> None:
    assert [kuaishou.write(-3), kuaishou.write(-3)] == [1, 1]
    assert kuaishou.stock() == 4
    assert kuaishou.write(2) == 1
    assert kuaishou.stock() == 6


def test_beyond_zero_is_refused(kuaishou: Caller) -> None:
    given = {"kwaiItemId": ITEM, "skuId": SKU, "skuChangeStock": 11, "changeType": 2}
    told = kuaishou.call("open.item.sku.stock.update", given)
    assert told["result"] == 21
    assert "当前库存不足" in told["error_msg"]
    assert kuaishou.stock() == 10


@pytest.mark.parametrize(
    "wrong",
    [
        {"skuChangeStock": 0},
        {"skuChangeStock": 9_999_999},
        {"skuChangeStock": 9_999_990, "changeType": 1},
        {"changeType": 3},
        {"skuId": 1},
        {"kwaiItemId": str(ITEM)},
    ],
)
def test_what_a_write_may_not_ask(kuaishou: Caller, wrong: dict[str, Any]) -> None:
    given = {"kwaiItemId": ITEM, "skuId": SKU, "skuChangeStock": 1, "changeType": 2, **wrong}
    assert kuaishou.result("open.item.sku.stock.update", given) == 13
    assert kuaishou.stock() == 10


def test_reading_tells_what_unpaid_orders_occupy(kuaishou: Caller) -> None:
    kuaishou.buy(4)
    (sku,) = kuaishou.data("open.item.sku.list.get", {"kwaiItemId": ITEM, "relSkuId": "RED-1"})["skuList"]
    assert (sku["kwaiSkuId"], sku["skuStock"], sku["reserveStock"]) == (SKU, 6, 4)
    assert kuaishou.result("open.item.sku.list.get", {"kwaiItemId": 5}) == 13


def adjust(kuaishou: Caller, key: str, operation: str, units: int) -> Any:
    given = {
        "wareOutCode": "W-1",
        "warehouseOutCode": "north",
        "idempotentId": key,
        "operationType": operation,
        "adjustQuantity": units,
    }
    return kuaishou.data("open.scm.inventory.adjust", given)["adjust_quantity"]


def test_goods_stock_is_clamped_and_deduplicated(kuaishou: Caller) -> None:
    kuaishou.put(5, warehouse="north", merchant_code="W-1")
    assert adjust(kuaishou, "a", "DECREASE", 8) == 5
    assert adjust(kuaishou, "b", "INCREASE", 3) == 3
    assert adjust(kuaishou, "a", "DECREASE", 8) == 5
    told = kuaishou.data("open.scm.inventory.detail", {"wareOutCode": "W-1"})
    assert (told["totalQuantity"], told["itemList"][0]["availableSaleQuantity"]) == (3, 3)
    given = {"wareOutCode": "W-1", "warehouseOutCode": "north", "quantity": 9}
    assert kuaishou.data("open.scm.inventory.update", given) == {"quantity": 9}
    assert kuaishou.stock() == 10
