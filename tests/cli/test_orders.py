"""Order exports: one from a real shop, and the shapes that platforms write."""

import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from holdfast.cli.orders import (
    Cancellation,
    Line,
    Oddity,
    Order,
    OrderFile,
    SheetError,
    read_orders,
)
from holdfast.cli.orders.words import Status, read_time, status_of

RETAIL = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "online-retail-sample.csv"
HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
AT = "2010-12-01 08:26:00"
AT_US = 1_291_191_960_000_000


def orders_of(tmp_path: Path, text: str, **options: object) -> OrderFile:
    path = tmp_path / "orders.csv"
    path.write_text(text, encoding="utf-8")
    return read_orders(path, **options)  # type: ignore[arg-type]


def odd(found: OrderFile) -> list[tuple[int, Oddity]]:
    return [(line.row, line.reason) for line in found.odd_lines]


@pytest.mark.skipif(not RETAIL.exists(), reason="the sample of real orders is not beside the repository")
def test_a_real_export_is_read_to_the_last_unit() -> None:
    found = read_orders(RETAIL)
    orders = [event for event in found.events if isinstance(event, Order)]
    cancellations = [event for event in found.events if isinstance(event, Cancellation)]
    assert found.lines == 4_792
    assert sum(len(order.lines) for order in orders) <= 4_792 - 58
    assert all(cancellation.id.startswith("C") for cancellation in cancellations)
    assert [event.at_us for event in found.events] == sorted(event.at_us for event in found.events)
    assert found.odd_counts() == {"missing_buyer": 1_422, "negative_without_cancellation": 462}
    sold = sum(line.quantity for order in orders for line in order.lines)
    returned = sum(line.quantity for event in cancellations for line in event.lines)
    left_out = sum(int(line.value) for line in found.odd_lines if not line.kept)
    assert sold - returned + left_out == units_in(RETAIL)


def units_in(path: Path) -> int:
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        return sum(int(row["Quantity"]) for row in csv.DictReader(file))


def test_an_invoice_is_one_order_and_a_c_is_a_cancellation(tmp_path: Path) -> None:
    text = HEAD + (
        f"2,B,x,1,2010-12-01 08:27:00,1,7.0,UK\n"
        f"1,A,x,6,{AT},2.55,17850.0,UK\n1,B,x,1,{AT},1,17850.0,UK\n1,A,x,2,{AT},2.55,17850.0,UK\n"
        f"C9,A,x,-3,2010-12-02 10:00:00,2.55,17850.0,UK\n"
    )
    found = orders_of(tmp_path, text)
    assert found.events == [
        Order("1", AT_US, "17850", [Line("A", 8), Line("B", 1)]),
        Order("2", AT_US + 60_000_000, "7", [Line("B", 1)]),
        Cancellation("C9", AT_US + 92_040_000_000, "17850", [Line("A", 3)]),
    ]
    assert not found.odd_lines


def test_odd_lines_are_listed_with_their_reason_and_none_is_lost(tmp_path: Path) -> None:
    text = HEAD + (
        f"1,A,,0,{AT},1,5,UK\n2,A,,-4,{AT},1,5,UK\n3,A,,1,{AT},1,,UK\n4,A,,1.5,{AT},1,5,UK\n"
        f"5,A,,1,12/1/2010 8:26,1,5,UK\n6,,,1,{AT},1,5,UK\n,A,,1,{AT},1,5,UK\nC7,A,,2,{AT},1,5,UK\n"
        f"8,A,,1,{AT},1,5,UK\n8,B,,1,{AT},1,6,UK\n5.36E+18,A,,1,{AT},1,6,UK\n"
        f"9,A,,1,2010-13-01 08:00:00,1,6,UK\n"
        f"10,A,,99999999999999,{AT},1,6,UK\n"
    )
    found = orders_of(tmp_path, text)
    assert odd(found) == [
        (2, Oddity.ZERO_QUANTITY),
        (3, Oddity.NEGATIVE_WITHOUT_CANCELLATION),
        (4, Oddity.MISSING_BUYER),
        (5, Oddity.BAD_QUANTITY),
        (6, Oddity.BAD_TIME),
        (7, Oddity.BAD_CODE),
        (8, Oddity.BAD_ORDER_NUMBER),
        (9, Oddity.CANCELLATION_NOT_NEGATIVE),
        (11, Oddity.OTHER_BUYER),
        (12, Oddity.BAD_ORDER_NUMBER),
        (13, Oddity.BAD_TIME),
        (14, Oddity.BAD_QUANTITY),
    ]
    in_events = sum(len(event.lines) for event in found.events)
    assert found.lines == in_events + sum(not line.kept for line in found.odd_lines)
    assert [event.buyer for event in found.events if event.id == "3"] == ["unknown:3"]


def test_a_platform_export_in_chinese(tmp_path: Path) -> None:
    text = (
        "订单号,商品编码,数量,下单时间,买家,订单状态,关闭时间\n"
        "6901,A,2,2024/11/11 20:00:01,小林,已完成,\n"
        "6902,A,1,2024-11-11 20:00:02,小陈,待付款,\n"
        "6903,A,1,2024年11月11日 20:00:03,小王,交易关闭,2024-11-11 20:30:00\n"
        "6904,A,1,2024-11-11 20:00:04,小周,外星,\n"
    )
    found = orders_of(tmp_path, text, zone=ZoneInfo("Asia/Shanghai"))
    start = read_time("2024-11-11T12:00:00Z", datetime.UTC)
    assert found.events == [
        Order("6901", start + 1_000_000, "小林", [Line("A", 2)]),
        Order("6902", start + 2_000_000, "小陈", [Line("A", 1)], paid=False),
        Order("6903", start + 3_000_000, "小王", [Line("A", 1)]),
        Order("6904", start + 4_000_000, "小周", [Line("A", 1)]),
        Cancellation("6903", start + 1_800_000_000, "小王", [Line("A", 1)]),
    ]
    assert odd(found) == [(5, Oddity.UNKNOWN_STATUS)]


def test_a_cancellation_never_comes_before_its_order(tmp_path: Path) -> None:
    text = "订单号,商品编码,数量,下单时间,订单状态\n1,A,1,2024-11-11 20:00:00,已取消\n"
    found = orders_of(tmp_path, text)
    assert [type(event) for event in found.events] == [Order, Cancellation]


def test_excel_dates_and_numbers(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        page = workbook.add_worksheet()
        page.write_row(0, 0, ["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "CustomerID"])
        page.write_row(1, 0, [536365, 22752, 2])
        date = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        page.write_datetime(1, 3, datetime.datetime(2010, 12, 1, 8, 26), date)  # noqa: DTZ001 - Excel has no zones
        page.write_number(1, 4, 17850)
    assert read_orders(path).events == [Order("536365", AT_US, "17850", [Line("22752", 2)])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (AT, AT_US), ("2010-12-01T08:26:00Z", AT_US), ("2010-12-01T16:26:00+08:00", AT_US),
        ("2010-12-01 08:26", AT_US), ("2010/12/1 8:26", AT_US), ("2010.12.01 08:26:00.5", AT_US + 500_000),
        ("2010年12月1日 8时26分", AT_US), ("2010-12-01", AT_US - 30_360_000_000),
    ],
)  # fmt: skip
def test_times(text: str, expected: int) -> None:
    assert read_time(text, datetime.UTC) == expected


@pytest.mark.parametrize("text", ["", "12/1/2010 8:26", "2010-02-30", "2010-12-01 25:00", "soon", "40513.35"])
def test_times_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_time(text, datetime.UTC)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", Status.SOLD), ("已完成", Status.SOLD), ("待发货", Status.SOLD), ("买家已付款", Status.SOLD),
        ("等待买家付款，待付款", Status.UNPAID), ("已取消", Status.CANCELLED), ("交易关闭", Status.CANCELLED),
        ("退款成功", Status.CANCELLED), ("交易成功，无退款", Status.SOLD), ("Cancelled", Status.CANCELLED),
        ("unpaid", Status.UNPAID), ("Shipped", Status.SOLD), ("？", None),
    ],
)  # fmt: skip
def test_states(text: str, status: Status | None) -> None:
    assert status_of(text) is status


def test_a_file_of_something_else_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="订单号"):
        orders_of(tmp_path, "a,b\n1,2\n")
    with pytest.raises(SheetError, match="no such file"):
        read_orders(tmp_path / "none.csv")
