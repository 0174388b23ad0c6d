"""The plan: what would change, in which order, and why a row cannot be done."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.sheets import (
    Balance,
    CurrentState,
    ItemRow,
    ItemState,
    MoveStock,
    Plan,
    Sheet,
    codes_that_excel_spoils,
    plan,
    read_sheet,
    state_from_documents,
    state_items,
    write,
)

DOCUMENT: dict[str, Any] = {
    "name": "羽绒服",
    "variant": "红 M",
    "price_cents": 5990,
    "cost_cents": 3000,
    "frozen": True,
    "sale_opens_at": "2025-01-01T00:00:00Z",
    "sale_closes_at": None,
    "limits": {"period": "show-1", "per_order": 2, "per_buyer": 5, "per_buyer_across_channels": None},
    "components": [],
    "image_url": None,
}
PICTURES = ("https://img.example/口红.jpg?x=1,2", "data:image/svg+xml,%3Csvg/%3E")
CHANNELS = {"douyin": "抖音旗舰店", "taobao": "淘宝店"}


def item(**changes: Any) -> ItemState:
    values: dict[str, Any] = {
        "sku": "A",
        "document": DOCUMENT,
        "on_hand": 100,
        "unallocated": Balance(60),
        "channels": {"douyin": Balance(40, 10)},
        "version": 7,
    }
    return ItemState(**(values | changes))


def planned(tmp_path: Path, text: str, *items: ItemState) -> Plan:
    path = tmp_path / "items.csv"
    path.write_text(text, encoding="utf-8")
    return plan(read_sheet(path), CurrentState({one.sku: one for one in items}, CHANNELS))


def moves(found: Plan) -> list[tuple[str, str, int]]:
    assert not found.errors, found.errors
    return [(move.source, move.target, move.quantity) for move in found.moves]


def codes(found: Plan) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.code) for error in found.errors]


def test_a_new_item_is_put_before_its_stock_moves(tmp_path: Path) -> None:
    found = planned(tmp_path, "sku,name,price,limit_per_buyer,stock,channel:douyin\nN,新,1.50,2,10,4\n")
    assert [type(operation).__name__ for operation in found.operations] == [
        "PutItem",
        "MoveStock",
        "MoveStock",
    ]
    assert found.items[0].is_new
    assert found.items[0].document == {
        "name": "新",
        "variant": "",
        "price_cents": 150,
        "cost_cents": None,
        "limits": {"period": "always", "per_order": None, "per_buyer": 2, "per_buyer_across_channels": None},
        "image_url": None,
    }
    assert moves(found) == [("supplier", "unallocated", 10), ("unallocated", "channel:douyin", 4)]


def test_what_the_sheet_leaves_out_is_kept(tmp_path: Path) -> None:
    found = planned(tmp_path, "sku,name,price,每单限购\nA,,61,\n", item())
    assert found.items[0].document == DOCUMENT | {"price_cents": 6100}
    assert [(change.field, change.old, change.new) for change in found.items[0].changes] == [
        ("price", 5990, 6100)
    ]


def test_none_removes_a_price_and_limits(tmp_path: Path) -> None:
    found = planned(tmp_path, "sku,price,每单限购,每人限购\nA,无,无,不限\n", item())
    assert found.items[0].document == DOCUMENT | {"price_cents": None, "limits": None}


def test_the_same_again_is_unchanged(tmp_path: Path) -> None:
    found = planned(
        tmp_path,
        "sku,name,规格,price,cost,stock,渠道:douyin,每人限购\nA,羽绒服,红 M,59.9,30,100,40,5\n",
        item(),
    )
    assert (found.operations, found.unchanged) == ([], ["A"])


@pytest.mark.parametrize(
    ("stock", "douyin", "taobao", "expected"),
    [
        ("130", "", "", [("supplier", "unallocated", 30)]),
        ("70", "", "", [("unallocated", "adjustment", 30)]),
        ("", "50", "", [("unallocated", "channel:douyin", 10)]),
        ("", "10", "", [("channel:douyin", "unallocated", 30)]),
        ("20", "10", "", [("channel:douyin", "unallocated", 30), ("unallocated", "adjustment", 80)]),
        ("140", "", "100", [("supplier", "unallocated", 40), ("unallocated", "channel:taobao", 100)]),
        ("", "10", "90", [("channel:douyin", "unallocated", 30), ("unallocated", "channel:taobao", 90)]),
    ],
)
def test_stock_is_the_wanted_total_and_channels_the_wanted_rights(
    tmp_path: Path, stock: str, douyin: str, taobao: str, expected: list[tuple[str, str, int]]
) -> None:
    text = f"sku,stock,channel:douyin,渠道:淘宝店\nA,{stock},{douyin},{taobao}\n"
    assert moves(planned(tmp_path, text, item())) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("A,39,,", [(2, "stock", "not_enough_unallocated")]),
        ("A,,9,", [(2, "channel:douyin", "cannot_lower_channel")]),
        ("A,,,61", [(2, "channel:taobao", "not_enough_unallocated")]),
        ("A,90,,51", [(2, "stock", "not_enough_unallocated")]),
    ],
)
def test_what_cannot_be_covered_is_an_error_of_its_row(
    tmp_path: Path, row: str, expected: list[tuple[int, str, str]]
) -> None:
    found = planned(tmp_path, f"sku,stock,channel:douyin,channel:taobao\n{row}\n", item())
    assert codes(found) == expected


def test_one_error_leaves_nothing_to_apply(tmp_path: Path) -> None:
    found = planned(tmp_path, "sku,name,stock\nN,新,5\nA,羽绒服,-1\n", item())
    assert codes(found) == [(3, "stock", "negative")]
    assert found.operations == []


def test_new_items_need_a_name(tmp_path: Path) -> None:
    assert codes(planned(tmp_path, "sku,name\nN,\nM,m\n")) == [(2, "name", "new_item_needs_name")]
    assert codes(planned(tmp_path, "sku,stock\nN,5\n")) == [(0, "", "missing_name_column")]
    assert not planned(tmp_path, "sku,stock\nA,101\n", item()).errors


def test_unknown_and_doubled_channels(tmp_path: Path) -> None:
    found = planned(tmp_path, "sku,channel:kuaishou\nA,1\n", item())
    assert codes(found) == [(0, "channel:kuaishou", "unknown_channel")]
    assert "douyin (抖音旗舰店)" in found.errors[0].text("zh")
    found = planned(tmp_path, "sku,channel:douyin,渠道:抖音旗舰店\nA,40,40\n", item())
    assert codes(found) == [(0, "渠道:抖音旗舰店", "column_twice")]


def test_a_bundle_has_no_stock_of_its_own(tmp_path: Path) -> None:
    bundle = item(document=DOCUMENT | {"components": [{"sku": "B", "quantity": 1}]})
    text = "sku,stock,channel:douyin\nA,5,1\n"
    assert [code for _, _, code in codes(planned(tmp_path, text, bundle))] == ["bundle_has_no_stock"] * 2
    assert not planned(tmp_path, "sku,name\nA,新名\n", bundle).errors


def test_ids_are_the_same_for_the_same_and_differ_otherwise(tmp_path: Path) -> None:
    def ids(text: str, one: ItemState) -> list[str]:
        return [move.id for move in planned(tmp_path, text, one).moves]

    text = "sku,stock\nA,130\n"
    first = ids(text, item())
    assert first == ids(text, item())
    assert first != ids(text, item(version=8)), "wanted anew after the stock has moved"
    assert first != ids(text + "\n", item()), "another file"
    assert all(len(one) <= 128 and one.isascii() for one in first)


def apply_moves(state: ItemState, done: list[MoveStock]) -> ItemState:
    """What the ledger would do; it refuses to go below what is free."""
    accounts = {"unallocated": state.unallocated, **{f"channel:{c}": b for c, b in state.channels.items()}}
    on_hand = state.on_hand
    for move in done:
        if move.source in ("supplier", "adjustment"):
            on_hand += move.quantity
        else:
            source = accounts[move.source]
            assert source.free >= move.quantity, "the plan overdraws an account"
            accounts[move.source] = Balance(source.posted - move.quantity, source.held)
        if move.target in ("supplier", "adjustment"):
            on_hand -= move.quantity
        else:
            target = accounts.get(move.target, Balance())
            accounts[move.target] = Balance(target.posted + move.quantity, target.held)
    channels = {name[8:]: balance for name, balance in accounts.items() if name.startswith("channel:")}
    return ItemState(state.sku, state.document, on_hand, accounts["unallocated"], channels, state.version + 1)


small = st.integers(0, 20)
maybe = st.none() | st.integers(0, 60)


@given(
    free=small, posted=small, share=st.integers(0, 100), other=small, stock=maybe, douyin=maybe, taobao=maybe
)
def test_a_plan_reaches_what_the_sheet_wants_or_says_why_not(
    tmp_path_factory: pytest.TempPathFactory,
    free: int,
    posted: int,
    share: int,
    other: int,
    stock: int | None,
    douyin: int | None,
    taobao: int | None,
) -> None:
    tmp_path = tmp_path_factory.mktemp("plan", numbered=True)
    channels = {"douyin": Balance(posted, posted * share // 100)}
    before = item(on_hand=free + posted + other, unallocated=Balance(free), channels=channels)
    cells = ",".join("" if value is None else str(value) for value in (stock, douyin, taobao))
    text = f"sku,stock,channel:douyin,channel:taobao\nA,{cells}\n"
    found = planned(tmp_path, text, before)
    if found.errors:
        return
    after = apply_moves(before, found.moves)
    assert stock in (None, after.on_hand)
    assert douyin in (None, after.channels["douyin"].posted)
    assert taobao in (None, after.channels.get("taobao", Balance()).posted)
    assert planned(tmp_path, text, after).operations == [], "a second import has nothing to do"


texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=30)
cents = st.none() | st.integers(0, 10**12)
limit = st.none() | st.integers(1, 10**12)


@st.composite
def states(draw: st.DrawFn) -> CurrentState:
    skus = draw(st.lists(texts.map(str.strip).filter(usable_code), max_size=5, unique=True))
    items = {}
    for sku in skus:
        numbers = {name: draw(limit) for name in ("per_order", "per_buyer", "per_buyer_across_channels")}
        limits = {"period": "p", **numbers} if any(numbers.values()) else None
        document = {
            "name": draw(texts.filter(usable_text).map(lambda text: text or "n")),
            "variant": draw(texts.filter(usable_text)),
            "price_cents": draw(cents),
            "cost_cents": draw(cents),
            "limits": limits,
            "image_url": draw(st.none() | st.sampled_from(PICTURES)),
        }
        held = draw(small)
        channels = {"douyin": Balance(held + draw(small), held)}
        free = draw(small)
        on_hand = free + channels["douyin"].posted + draw(small)
        items[sku] = ItemState(sku, document, on_hand, Balance(free), channels, draw(small))
    return CurrentState(items, CHANNELS)


def usable_code(text: str) -> bool:
    unlike_a_number = not text.removesuffix(".0").isdecimal() and "E+" not in text.upper()
    return bool(text) and "/" not in text and unlike_a_number and text == text.strip("\u200b\u2060\ufeff ")


def usable_text(text: str) -> bool:
    return not text or bool(text.strip("\u200b\u2060\ufeff\u00a0\u3000 "))


@given(
    state=states(),
    name=st.sampled_from(["a.xlsx", "a.csv", "gb.csv"]),
    language=st.sampled_from(["zh", "en"]),
)
def test_export_and_import_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, state: CurrentState, name: str, language: Any
) -> None:
    path = tmp_path_factory.mktemp("round", numbered=True) / name
    encoding = "gb18030" if name == "gb.csv" else "utf-8-sig"
    count = write(state_items(state), path, language=language, channels=sorted(CHANNELS), encoding=encoding)
    assert count == len(state.items)
    if not state.items:
        return
    found = plan(read_sheet(path), state)
    assert (found.errors, found.warnings, found.operations) == ([], [], [])


def test_an_export_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with pytest.raises(UnicodeEncodeError):
        write([item(sku="😀")], path, encoding="gbk")
    assert list(tmp_path.iterdir()) == []


def test_codes_that_a_csv_in_excel_would_lose() -> None:
    named = [item(sku=sku) for sku in ("007", "0", "7", "690123456789", "A07", "69012345678")]
    assert codes_that_excel_spoils(named) == ["007", "690123456789"]


def test_what_a_sheet_has_no_column_for_is_kept() -> None:
    """PUT resets what is left out, so an import must send the guards that it cannot read."""
    kept = {"frozen": True, "guard": {"period": "show-1", "units_max": 500}, "image_url": PICTURES[0]}
    state = state_from_documents([{"sku": "A", **DOCUMENT, **kept}], [], [])
    found = plan(Sheet("digest", (ItemRow(2, "A", name="another name"),)), state)
    assert not found.errors
    assert {name: found.items[0].document[name] for name in kept} == kept


@pytest.mark.parametrize(
    ("cell", "after"),
    [("", PICTURES[0]), (PICTURES[0], PICTURES[0]), ("无", None), (PICTURES[1], PICTURES[1])],
)
def test_a_picture_is_kept_changed_or_taken_away(tmp_path: Path, cell: str, after: str | None) -> None:
    old = item(document=DOCUMENT | {"image_url": PICTURES[0]})
    found = planned(tmp_path, f'sku,图片\nA,"{cell}"\n', old)
    assert not found.errors
    if after == PICTURES[0]:
        assert found.unchanged == ["A"]
    else:
        assert found.items[0].document == {**old.document, "image_url": after}
        (change,) = found.items[0].changes
        assert (change.field, change.old, change.new) == ("image", PICTURES[0], after)
