"""Sheets of listings: rows with findings at their cells, and what they change against what is."""

from typing import Any

from holdfast.sheets.listings import ListingPlan, plan, read_listings_bytes, template

CHANNELS = {"douyin": "抖音旗舰店", "ks": "快手"}
RULE = {"weight": 1.0, "minimum": 0, "maximum": None, "paused": False, "fixed": None}


def planned(text: str, channel: str = "", **known: Any) -> ListingPlan:
    """The plan of a file beside two channels, the items A and B, and the listing 1/2 of A on douyin."""
    old = {"sku": "A", "merchant_code": "", "rule": RULE | known}
    sheet = read_listings_bytes(text.encode(), channel)
    return plan(sheet, CHANNELS, {"A", "B"}, {("douyin", "1/2"): old}, lower_counter=False)


def told(found: ListingPlan) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.code) for each in found.errors]


def test_what_names_no_channel_is_of_the_one_that_is_open() -> None:
    found = planned("商品ID,规格ID,商品编码\n1,2,A\n3,4,B\n", "douyin")
    assert [(put.channel, put.listing, put.is_new, put.body["sku"]) for put in found.puts] == [
        ("douyin", "3/4", True, "B")
    ]
    assert (found.unchanged, found.errors) == (1, [])
    assert told(planned("商品ID,规格ID,商品编码\n1,2,A\n"))[0][2] == "missing_column"


def test_a_channel_is_called_by_its_code_or_its_name_and_a_row_may_say_another() -> None:
    found = planned("渠道,商品ID,商品编码\n抖音旗舰店,7,A\n快手,7,A\n,8,B\n", "ks")
    assert [(put.channel, put.listing) for put in found.puts] == [("douyin", "7"), ("ks", "7"), ("ks", "8")]
    twice = planned("渠道,商品ID,商品编码\n抖音旗舰店,7,A\ndouyin,7,B\n")
    assert told(twice) == [(3, "商品ID", "duplicate_listing")]


def test_what_is_wrong_stands_at_the_files_own_column() -> None:
    text = "店铺,商品ID,货号,下限,上限\n没有,7,A,,\n快手,7,C,,\n抖音旗舰店,8,A,5,2\n抖音旗舰店,a b,A,,\n"
    sheet = planned(text)
    assert set(told(sheet)) == {
        (2, "店铺", "unknown_channel"),
        (3, "货号", "unknown_item"),
        (4, "上限", "maximum_below_minimum"),
        (5, "商品ID", "bad_listing"),
    }


def test_only_what_differs_is_put_and_the_rest_of_a_rule_stays() -> None:
    found = planned("渠道,商品ID,规格ID,商品编码,最多\ndouyin,1,2,B,无\n", maximum=9, weight=2.0)
    (put,) = found.puts
    assert put.changes == {"sku": ("A", "B"), "maximum": (9, None)}
    assert put.body["rule"] == RULE | {"weight": 2.0}


def test_the_template_can_be_filled_in() -> None:
    text = template().decode("utf-8-sig")
    assert text == "商品ID,规格ID,仓库,商品编码,商家编码\r\n"
    (put,) = planned(text + "6,5,w,B,code\n", "ks").puts
    assert (put.listing, put.body["merchant_code"]) == ("6/5@w", "code")
