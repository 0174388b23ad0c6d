"""Douyin's stock methods: executed once, never below zero, all or none, or line by line."""

from typing import Any

from tests.simulators.douyin.caller import PRODUCT, SKU, Caller

OTHER = SKU + 1
SHORT = (50002, "isv.business-failed:2010012")


def batch(douyin: Caller, key: str, *changes: tuple[int, int], **more: Any) -> tuple[int, str]:
    lines = [{"sku_id": sku, "sku_type": 0, "stock_num": change} for sku, change in changes]
    given = {"product_id": PRODUCT, "idempotent_id": key, "incremental": True, "sku_sync_list": lines}
    return douyin.code("sku.syncStockBatch", {**given, **more})


def many(douyin: Caller, key: str, *changes: tuple[int, int], **more: Any) -> Any:
    items = [{"product_id": PRODUCT, "sku_id": sku, "stock_num": change} for sku, change in changes]
    given = {"items": items, "idempotent_id": key, "incremental": True, **more}
    told = douyin.call("sku.syncStockBatchMultiProducts", given)
    codes = [line["status_code"] for line in told["data"]["results"]]
    return told["code"], codes


def test_a_difference_is_applied_once(douyin: Caller) -> None:
    assert douyin.sync(-3, "a") == (10000, "")
    assert douyin.sync(-3, "a") == (40004, "isv.parameter-invalid:40010")
    assert douyin.stock() == 7
    assert douyin.sync(5, "b") == (10000, "")
    assert douyin.stock() == 12


def test_a_difference_needs_an_id_and_a_value_does_not(douyin: Caller) -> None:
    given = {"product_id": PRODUCT, "sku_id": SKU, "stock_num": 4}
    refused = douyin.code("sku.syncStock", {**given, "incremental": True})
    assert refused == (40002, "isv.missing-parameter:2010004")
    assert douyin.code("sku.syncStock", given) == (10000, "")
    assert douyin.stock() == 4
    assert douyin.code("sku.syncStock", {**given, "stock_num": -1})[0] == 40004


def test_beyond_zero_is_refused_whole_and_its_id_is_still_good(douyin: Caller) -> None:
    told = douyin.call(
        "sku.syncStock",
        {
            "product_id": PRODUCT,
            "sku_id": SKU,
            "stock_num": -11,
            "incremental": True,
            "idempotent_id": "a",
        },
    )
    assert told["code"] == 50002
    assert "库存不足" in told["sub_msg"]
    assert douyin.stock() == 10
    douyin.put(20)
    assert douyin.sync(-11, "a") == (10000, "")


def test_listings_that_cannot_be_written(douyin: Caller) -> None:
    assert douyin.sync(1, "a", sku_id=5) == (40004, "isv.parameter-invalid:5")
    douyin.put(10, condition="deleted")
    assert douyin.sync(1, "a") == (40004, "isv.parameter-invalid:4")
    douyin.put(10, condition="in_audit")
    assert batch(douyin, "a", (SKU, 1)) == (50002, "isv.business-failed:2010041")
    assert many(douyin, "a", (SKU, 1)) == (50002, [-40001])


def test_a_listing_by_merchant_code(douyin: Caller) -> None:
    given = {"product_id": PRODUCT, "code": "RED-1", "stock_num": 2}
    assert douyin.code("sku.syncStock", given) == (10000, "")
    assert douyin.data("sku.stockNum", {"code": "RED-1"})["stock_num"] == 2


def test_a_batch_is_all_or_none(douyin: Caller) -> None:
    douyin.put(2, OTHER)
    assert batch(douyin, "a", (SKU, -3), (OTHER, -3)) == SHORT
    assert (douyin.stock(), douyin.stock(OTHER)) == (10, 2)
    assert batch(douyin, "a", (OTHER, -1), (OTHER, -2)) == SHORT
    assert batch(douyin, "a", (SKU, -3), (OTHER, 1)) == (10000, "")
    assert batch(douyin, "a", (SKU, -3), (OTHER, 1)) == (40004, "isv.parameter-invalid:2010021")
    assert (douyin.stock(), douyin.stock(OTHER)) == (7, 3)
    assert batch(douyin, "b", (SKU, 1), (5, 1)) == (50002, "isv.business-failed:2010058")


def test_many_products_line_by_line(douyin: Caller) -> None:
    douyin.put(2, OTHER)
    assert many(douyin, "a", (SKU, -3), (OTHER, -3)) == (50002, [0, -20001])
    assert (douyin.stock(), douyin.stock(OTHER)) == (10, 2)
    partly = many(douyin, "a", (SKU, -3), (OTHER, -3), allow_partial_success=True)
    assert partly == (10001, [0, -20001])
    assert (douyin.stock(), douyin.stock(OTHER)) == (7, 2)
    again = many(douyin, "a", (SKU, -3), (OTHER, -2), allow_partial_success=True)
    assert again == (10001, [-20002, 0])
    assert (douyin.stock(), douyin.stock(OTHER)) == (7, 0)
    items = [{"product_id": PRODUCT, "sku_id": SKU, "stock_num": 1}] * 51
    too_many = {"items": items, "idempotent_id": "b", "incremental": True}
    assert douyin.code("sku.syncStockBatchMultiProducts", too_many)[0] == 40004


def test_many_products_tell_the_counter_after(douyin: Caller) -> None:
    items = [{"product_id": PRODUCT, "sku_id": SKU, "stock_num": -4, "uniq_id": "u"}]
    told = douyin.data(
        "sku.syncStockBatchMultiProducts", {"items": items, "idempotent_id": "a", "incremental": True}
    )
    (line,) = told["results"]
    assert (line["sku_id"], line["stock_num"], line["change_num"]) == (SKU, 6, -4)


def test_reading_tells_the_units_of_unpaid_orders_apart(douyin: Caller) -> None:
    douyin.buy(3)
    told = douyin.data("sku.stockNum", {"sku_id": SKU})
    assert (told["stock_num"], told["prehold_stock_num"], told["normal_stock_num"]) == (7, 3, 7)
    (row,) = douyin.data("sku.list", {"product_id": PRODUCT})
    assert (row["id"], row["code"], row["stock_num"], row["prehold_stock_num"]) == (SKU, "RED-1", 7, 3)
    assert douyin.data("sku.detail", {"sku_id": SKU})["stock_num"] == 7


def test_a_regional_sku_is_told_by_warehouse(douyin: Caller) -> None:
    for name, stock in (("north", 4), ("south", 6)):
        douyin.put(stock, OTHER, warehouse=name)
    told = douyin.data("sku.stockNum", {"sku_id": OTHER})
    assert (told["sku_type"], told["stock_num"]) == (1, None)
    assert told["stock_num_map"] == {"north": 4, "south": 6}
    assert douyin.sync(-1, "a", sku_id=OTHER, out_warehouse_id="north") == (10000, "")
    one = douyin.data("sku.stockNum", {"sku_id": OTHER, "out_warehouse_id": "north"})
    assert one["stock_num"] == 3
    regions = [{"out_warehouse_id": "north", "stock_num": 1}, {"out_warehouse_id": "south", "stock_num": -7}]
    line = {"sku_id": OTHER, "sku_type": 1, "stock_map": regions}
    assert batch(douyin, "b", sku_sync_list=[line]) == SHORT


def test_a_zombie_with_a_used_id_does_nothing(douyin: Caller) -> None:
    assert douyin.sync(-3, "a")[0] == 10000
    assert douyin.sync(-3, "a")[0] == 40004
    changes = douyin.running.control("GET", "/changes")["changes"]
    assert [change["difference"] for change in changes] == [10, -3]
