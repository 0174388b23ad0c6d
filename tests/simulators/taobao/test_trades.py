"""Taobao's trades and refunds: newest first, only the fields asked for, spans of a day."""

from typing import Any

import pytest

from tests.simulators.taobao.caller import ITEM, SKU, Caller, stamp

CHANGED, SOLD, FULL = (
    "taobao.trades.sold.increment.get",
    "taobao.trades.sold.get",
    "taobao.trade.fullinfo.get",
)
FIELDS = "tid,status,pay_time,buyer_open_uid,orders"


def changed(taobao: Caller, **more: Any) -> Any:
    span = {"start_modified": stamp(3_600), "end_modified": stamp(-60), "fields": "tid"}
    return taobao.data(CHANGED, **{**span, **more})


def tids(page: Any) -> list[str]:
    return [str(trade["tid"]) for trade in page["trades"]["trade"]]


def full(taobao: Caller, order: str, fields: str = FIELDS) -> Any:
    return taobao.data(FULL, tid=order, fields=fields)["trade"]


def test_page_one_is_the_newest_so_that_one_reads_backwards(taobao: Caller) -> None:
    orders = [taobao.buy() for _ in range(5)]
    pages = [tids(changed(taobao, page_no=page, page_size=2)) for page in (3, 2, 1)]
    assert pages == [orders[:1], orders[2:0:-1], orders[:2:-1]]
    assert changed(taobao, page_size=2)["total_results"] == 5
    counted = changed(taobao, page_size=2, page_no=3, use_has_next="true")
    assert ("total_results" in counted, counted["has_next"]) == (False, False)


def test_a_change_while_paging_forward_hides_a_trade_and_backward_hides_none(taobao: Caller) -> None:
    orders = [taobao.buy() for _ in range(4)]
    last = tids(changed(taobao, page_no=2, page_size=2))
    taobao.running.control("POST", f"/orders/{orders[0]}/pay")
    assert set(last) | set(tids(changed(taobao, page_no=1, page_size=2))) >= {orders[0], orders[1], orders[3]}
    assert tids(changed(taobao, page_no=1, page_size=2)) == [orders[0], orders[3]]
    assert tids(changed(taobao, page_no=2, page_size=2)) == [orders[2], orders[1]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"start_modified": stamp(86_401), "end_modified": stamp()},
        {"start_modified": stamp(), "end_modified": stamp(60)},
        {"page_size": 101},
        {"page_no": 0},
        {"status": "WAIT_BUYER_PAY,TRADE_CLOSED"},
    ],
)
def test_what_a_list_may_not_ask(taobao: Caller, wrong: dict[str, Any]) -> None:
    span = {"start_modified": stamp(3_600), "end_modified": stamp(), "fields": "tid"}
    assert taobao.code(CHANGED, **{**span, **wrong})[0] == 41


def test_sold_trades_go_back_three_months(taobao: Caller) -> None:
    order = taobao.buy()
    assert tids(taobao.data(SOLD, fields="tid")) == [order]
    assert taobao.data(SOLD, fields="tid", status="TRADE_FINISHED")["trades"]["trade"] == []
    assert taobao.code(SOLD, fields="tid", start_created=stamp(93 * 86_400))[0] == 41


def test_only_the_fields_that_are_asked_for_are_told(taobao: Caller) -> None:
    order = taobao.buy(2)
    assert set(full(taobao, order, "tid,status")) == {"tid", "status"}
    told = full(taobao, order, "orders.num,orders.sku_id")
    assert told == {"orders": {"order": [{"num": 2, "sku_id": str(SKU)}]}}


def test_the_life_of_a_trade(taobao: Caller) -> None:
    order = taobao.buy(2, buyer="somebody")
    told = full(taobao, order)
    assert (told["status"], "pay_time" in told) == ("WAIT_BUYER_PAY", False)
    assert told["buyer_open_uid"] == "somebody"
    (line,) = told["orders"]["order"]
    assert (line["num_iid"], line["num"], line["outer_sku_id"]) == (ITEM, 2, "RED-1")
    assert line["refund_status"] == "NO_REFUND"
    steps = (
        ("pay", "WAIT_SELLER_SEND_GOODS"),
        ("ship", "WAIT_BUYER_CONFIRM_GOODS"),
        ("complete", "TRADE_FINISHED"),
    )
    for step, status in steps:
        taobao.running.control("POST", f"/orders/{order}/{step}")
        assert full(taobao, order)["status"] == status
    assert "pay_time" in full(taobao, order)
    assert taobao.code(FULL, tid=1, fields="tid")[0] == 15


def test_closed_before_and_after_payment_have_names_of_their_own(taobao: Caller) -> None:
    unpaid, paid = taobao.buy(), taobao.buy(pay=True)
    for order in (unpaid, paid):
        taobao.running.control("POST", f"/orders/{order}/cancel")
    assert [full(taobao, order)["status"] for order in (unpaid, paid)] == [
        "TRADE_CLOSED_BY_TAOBAO",
        "TRADE_CLOSED",
    ]


def test_lines_are_shipped_and_refunded_one_by_one(taobao: Caller) -> None:
    taobao.put(5, SKU + 1)
    lines = [{"product": str(ITEM), "variant": str(sku), "quantity": 1} for sku in (SKU, SKU + 1)]
    made = taobao.running.control("POST", "/orders", {"lines": lines, "pay": True})
    one, two = (line["line"] for line in made["lines"])
    taobao.running.control("POST", f"/orders/{made['order']}/ship", {"line": one})
    told = full(taobao, made["order"])
    statuses = [line["status"] for line in told["orders"]["order"]]
    assert told["status"] == "SELLER_CONSIGNED_PART"
    assert statuses == ["WAIT_BUYER_CONFIRM_GOODS", "WAIT_SELLER_SEND_GOODS"]
    taobao.running.control("POST", f"/orders/{made['order']}/refund", {"line": two})
    (_, line) = full(taobao, made["order"])["orders"]["order"]
    assert (line["status"], line["refund_status"]) == ("TRADE_CLOSED", "SUCCESS")


def test_refunds(taobao: Caller) -> None:
    order = taobao.buy(3, pay=True)
    taobao.running.control("POST", f"/orders/{order}/refund", {"quantity": 1})
    taobao.running.control("POST", f"/orders/{order}/refund", {"quantity": 1, "pending": True})
    asked = {"fields": "refund_id,tid,oid,status,refund_fee", "start_modified": stamp(600)}
    told = taobao.data("taobao.refunds.receive.get", **asked)
    assert told["total_results"] == 2
    statuses = {refund["status"] for refund in told["refunds"]["refund"]}
    assert statuses == {"SUCCESS", "WAIT_SELLER_AGREE"}
    done = taobao.data("taobao.refunds.receive.get", **asked, status="SUCCESS")["refunds"]["refund"]
    assert [(refund["tid"], refund["refund_fee"]) for refund in done] == [(int(order), "99.00")]
