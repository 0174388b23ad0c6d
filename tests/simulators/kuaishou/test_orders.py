"""Kuaishou's lists: spans, the cursor that ends in `nomore`, statuses, refunds without quantities."""

import time
from typing import Any

import pytest

from tests.simulators.kuaishou.caller import ITEM, SKU, Caller

DAY_MS = 86_400_000


def query(**more: Any) -> dict[str, Any]:
    now_ms = int(time.time() * 1_000)
    spans = {"beginTime": now_ms - 3_600_000, "endTime": now_ms + 60_000}
    return {"orderViewStatus": 1, "pageSize": 50, "sort": 2, "queryType": 2, "cursor": "", **spans, **more}


def oids(page: Any) -> list[str]:
    return [str(order["orderBaseInfo"]["oid"]) for order in page["orderList"]]


def test_the_cursor_leads_through_all_orders_to_nomore(kuaishou: Caller) -> None:
    orders = [kuaishou.buy() for _ in range(5)]
    asked, found, cursor = query(pageSize=2), [], ""
    for _ in range(3):
        page = kuaishou.data("open.order.cursor.list", {**asked, "cursor": cursor})
        found += oids(page)
        cursor = page["cursor"]
    assert (found, cursor) == (orders, "nomore")
    assert kuaishou.data("open.order.cursor.list", {**asked, "cursor": "nomore"})["orderList"] == []
    newest = kuaishou.data("open.order.cursor.list", query(sort=1, pageSize=2))
    assert oids(newest) == orders[:2:-1]


def test_a_last_page_that_is_full_ends_as_well(kuaishou: Caller) -> None:
    for _ in range(2):
        kuaishou.buy()
    page = kuaishou.data("open.order.cursor.list", query(pageSize=2))
    assert (len(page["orderList"]), page["cursor"]) == (2, "nomore")


def test_a_cursor_keeps_its_place_while_orders_come(kuaishou: Caller) -> None:
    first = [kuaishou.buy() for _ in range(4)]
    asked = query(pageSize=2, sort=1, queryType=1)
    page = kuaishou.data("open.order.cursor.list", asked)
    kuaishou.buy()
    rest = kuaishou.data("open.order.cursor.list", {**asked, "cursor": page["cursor"]})
    assert oids(page) + oids(rest) == first[::-1]
    other = {**asked, "sort": 2, "cursor": page["cursor"]}
    assert kuaishou.result("open.order.cursor.list", other) == 13
    assert kuaishou.result("open.order.cursor.list", {**asked, "cursor": "x"}) == 13


@pytest.mark.parametrize(
    ("span_ms", "ago_ms", "result"),
    [
        (7 * DAY_MS, 0, 1),
        (7 * DAY_MS + 1, 0, 300004),
        (DAY_MS, 91 * DAY_MS, 300005),
        (0, 0, 300003),
        (-1, 0, 300003),
    ],
)
def test_spans(kuaishou: Caller, span_ms: int, ago_ms: int, result: int) -> None:
    end_ms = int(time.time() * 1_000) - ago_ms
    asked = query(beginTime=end_ms - span_ms, endTime=end_ms)
    assert kuaishou.result("open.order.cursor.list", asked) == result


@pytest.mark.parametrize("wrong", [{"pageSize": 51}, {"orderViewStatus": 8}, {"sort": 0}, {"queryType": 3}])
def test_what_a_list_may_not_ask(kuaishou: Caller, wrong: dict[str, Any]) -> None:
    assert kuaishou.result("open.order.cursor.list", query(**wrong)) == 13


def test_the_life_of_an_order(kuaishou: Caller) -> None:
    order = kuaishou.buy(2, buyer="somebody")

    def told() -> Any:
        return kuaishou.data("open.order.detail", {"oid": int(order)})

    base, item = told()["orderBaseInfo"], told()["orderItemInfo"]
    assert (base["status"], base["payTime"], base["buyerOpenId"]) == (10, 0, "somebody")
    assert (item["itemId"], item["skuId"], item["num"], item["skuNick"]) == (ITEM, SKU, 2, "RED-1")
    for step, status in (("pay", 30), ("ship", 40), ("complete", 70)):
        kuaishou.running.control("POST", f"/orders/{order}/{step}")
        assert told()["orderBaseInfo"]["status"] == status
    assert kuaishou.data("open.order.cursor.list", query(orderViewStatus=6))["orderList"] == [told()]
    assert kuaishou.data("open.order.cursor.list", query(orderViewStatus=2))["orderList"] == []
    assert kuaishou.result("open.order.detail", {"oid": 1}) == 13


def test_closed_before_and_after_payment_differ_by_the_time_of_payment(kuaishou: Caller) -> None:
    unpaid, paid = kuaishou.buy(), kuaishou.buy(pay=True)
    for order in (unpaid, paid):
        kuaishou.running.control("POST", f"/orders/{order}/cancel")
    bases = [
        kuaishou.data("open.order.detail", {"oid": int(order)})["orderBaseInfo"] for order in (unpaid, paid)
    ]
    assert [(base["status"], base["payTime"] > 0) for base in bases] == [(80, False), (80, True)]


def test_refunds_tell_money_and_no_quantity(kuaishou: Caller) -> None:
    order = kuaishou.buy(3, pay=True)
    kuaishou.running.control("POST", f"/orders/{order}/refund", {"quantity": 1})
    now_ms = int(time.time() * 1_000)
    asked: dict[str, Any] = {
        "beginTime": now_ms - DAY_MS + 60_000,
        "endTime": now_ms + 60_000,
        "type": 9,
        "pageSize": 100,
        "currentPage": 1,
        "pcursor": "",
        "sort": 1,
        "queryType": 2,
    }
    told = kuaishou.data("open.seller.order.refund.pcursor.list", asked)
    (refund,) = told["refundOrderInfoList"]
    assert told["pcursor"] == "nomore"
    assert (str(refund["oid"]), refund["status"], refund["handlingWay"]) == (order, 60, 10)
    assert refund["refundFee"] == 9_900
    assert not {"num", "quantity"} & set(refund)
    detail = kuaishou.data("open.order.detail", {"oid": int(order)})
    assert detail["orderBaseInfo"]["status"] == 30
    assert detail["orderRefundList"] == [{"refundId": refund["refundId"], "refundStatus": 60}]
    waiting = kuaishou.data("open.seller.order.refund.pcursor.list", {**asked, "type": 8})
    assert waiting["refundOrderInfoList"] == []
    wide = {**asked, "beginTime": asked["beginTime"] - 1}
    assert kuaishou.result("open.seller.order.refund.pcursor.list", wide) == 300019
