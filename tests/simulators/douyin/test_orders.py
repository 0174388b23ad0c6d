"""Douyin's order and after-sale lists."""

import time
from typing import Any

import pytest

from tests.simulators.douyin.caller import PRODUCT, SKU, Caller


def search(douyin: Caller, **more: Any) -> Any:
    return douyin.data("order.searchList", {"page": 0, "size": 100, **more})


def detail(douyin: Caller, order: str) -> Any:
    return douyin.data("order.orderDetail", {"shop_order_id": order})["shop_order_detail"]


def test_pages_begin_at_zero(douyin: Caller) -> None:
    orders = [douyin.buy() for _ in range(5)]
    pages = [
        [each["order_id"] for each in search(douyin, page=page, size=2, order_asc=True)["shop_order_list"]]
        for page in range(4)
    ]
    assert pages == [orders[:2], orders[2:4], orders[4:], []]
    assert search(douyin, size=2)["total"] == 5
    assert search(douyin)["shop_order_list"][0]["order_id"] == orders[-1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": 101},
        {"page": -1},
        {"page": None},
        {"update_time_start": int(time.time()) - 91 * 86_400},
        {"create_time_start": 2, "create_time_end": 1},
        {"combine_status": [{"order_status": "1"}, {"order_status": "2"}]},
    ],
)
def test_what_a_search_may_not_ask(douyin: Caller, wrong: dict[str, Any]) -> None:
    assert douyin.code("order.searchList", {"page": 0, "size": 10, **wrong})[0] in (40002, 40004)


def test_spans_of_time_select(douyin: Caller) -> None:
    order = douyin.buy()
    now_s = int(time.time())
    recent = {"update_time_start": now_s - 60, "update_time_end": now_s + 60}
    past = {"update_time_start": now_s - 600, "update_time_end": now_s - 300}
    assert [each["order_id"] for each in search(douyin, **recent)["shop_order_list"]] == [order]
    assert search(douyin, **past)["shop_order_list"] == []
    douyin.running.control("PUT", "/misbehave", {"order_lag_s": 60})
    assert search(douyin, **recent)["shop_order_list"] == []


def test_statuses_select(douyin: Caller) -> None:
    unpaid, paid = douyin.buy(), douyin.buy(pay=True)
    chosen = search(douyin, combine_status=[{"order_status": "2,105"}])["shop_order_list"]
    assert [each["order_id"] for each in chosen] == [paid]
    chosen = search(douyin, combine_status=[{"order_status": "1"}])["shop_order_list"]
    assert [each["order_id"] for each in chosen] == [unpaid]


def test_the_life_of_an_order(douyin: Caller) -> None:
    order = douyin.buy(2, room="7300000000000000001", buyer="somebody")
    told = detail(douyin, order)
    assert (told["order_status"], told["pay_time"], told["open_id"]) == (1, 0, "somebody")
    (line,) = told["sku_order_list"]
    assert (line["product_id"], line["sku_id"], line["item_num"], line["code"]) == (PRODUCT, SKU, 2, "RED-1")
    assert (line["reduce_stock_type"], line["room_id_str"]) == (1, "7300000000000000001")
    for step, status in (("pay", 2), ("ship", 3), ("complete", 5)):
        douyin.running.control("POST", f"/orders/{order}/{step}")
        assert detail(douyin, order)["order_status"] == status
    assert detail(douyin, order)["pay_time"] > 0
    cancelled = douyin.buy()
    douyin.running.control("POST", f"/orders/{cancelled}/cancel")
    told = detail(douyin, cancelled)
    assert (told["order_status"], told["pay_time"]) == (4, 0)


def test_paid_may_be_told_as_not_yet_released(douyin: Caller) -> None:
    douyin.running.control("PUT", "/misbehave", {"paid_status": 105})
    assert detail(douyin, douyin.buy(pay=True))["order_status"] == 105


def test_lines_say_when_they_take_their_units(douyin: Caller) -> None:
    douyin.put(10, deducts="on_payment")
    (line,) = detail(douyin, douyin.buy(2))["sku_order_list"]
    assert line["reduce_stock_type"] == 2
    assert douyin.stock() == 10


def test_a_partly_refunded_line_is_told_by_the_after_sale_list_only(douyin: Caller) -> None:
    order = douyin.buy(3, pay=True)
    douyin.running.control("POST", f"/orders/{order}/refund", {"quantity": 1})
    told = detail(douyin, order)
    assert told["order_status"] == 2
    (line,) = told["sku_order_list"]
    assert line["after_sale_info"] == {"after_sale_status": 12, "after_sale_type": 2, "refund_status": 3}
    listed = douyin.data("afterSale.List", {"page": 0, "size": 10})
    (item,) = listed["items"]
    info = item["aftersale_info"]
    assert (info["aftersale_num"], info["got_pkg"], info["related_id"]) == (1, 0, line["order_id"])
    assert item["order_info"]["shop_order_id"] == order
    assert listed["has_more"] is False


def test_after_sales_select_by_time_status_and_kind(douyin: Caller) -> None:
    order = douyin.buy(3, pay=True)
    douyin.running.control("POST", f"/orders/{order}/ship")
    douyin.running.control("POST", f"/orders/{order}/refund", {"quantity": 1, "pending": True})
    douyin.running.control("POST", f"/orders/{order}/refund", {"quantity": 1})

    def count(**more: Any) -> int:
        return len(douyin.data("afterSale.List", {"page": 0, "size": 10, **more})["items"])

    assert count() == 2
    assert count(standard_aftersale_status=[6]) == 1
    assert (count(aftersale_type=1), count(aftersale_type=2)) == (2, 0)
    assert count(update_start_time=int(time.time()) - 9, update_end_time=int(time.time()) + 9) == 2
    assert count(start_time=1 + int(time.time()) - 900, end_time=int(time.time()) - 800) == 0
    assert douyin.data("afterSale.List", {"page": 0, "size": 1})["has_more"] is True
    pending = search(douyin, after_sale_status_desc="in_aftersale")["shop_order_list"]
    assert [each["order_id"] for each in pending] == [order]
    assert search(douyin, after_sale_status_desc="refund_fail")["shop_order_list"] == []
    assert douyin.code("order.orderDetail", {"shop_order_id": "1"})[0] == 40004
