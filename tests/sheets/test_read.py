"""Item sheets as people really write them: encodings, headings, numbers, and every mistake at its cell."""

import datetime
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from holdfast.sheets import CLEARED, ItemRow, Sheet, read_sheet
from holdfast.sheets.cells import neutralise, restore, to_text

TEXT = "商品编码,名称,规格,售价\nA-1,羽绒服,红色 M,59.90\n"


def sheet_of(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "items.csv") -> Sheet:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return read_sheet(path)


def only_row(sheet: Sheet) -> ItemRow:
    assert not sheet.errors, sheet.errors
    assert len(sheet.rows) == 1
    return sheet.rows[0]


def codes(sheet: Sheet) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.code) for error in sheet.errors]


def book(path: Path, rows: list[list[object]], sheet: str = "商品", start: int = 0) -> Path:
    with xlsxwriter.Workbook(path) as workbook:
        page = workbook.add_worksheet(sheet)
        for index, row in enumerate(rows):
            page.write_row(start + index, start, row)
    return path


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_usual_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    row = only_row(sheet_of(tmp_path, TEXT.replace(",", delimiter), encoding))
    assert row == ItemRow(2, "A-1", name="羽绒服", variant="红色 M", price_cents=5990)


def test_line_ends_quotes_and_the_sep_line(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, 'sep=;\r\nsku;name\r\n\r\n1;"a ""b""; c"\r\n')
    assert only_row(sheet) == ItemRow(4, "1", name='a "b"; c')


@pytest.mark.parametrize(
    ("heading", "field", "cell", "value"),
    [
        ("货号", "sku", "X", "X"),
        ("ＳＫＵ", "sku", "X", "X"),
        (" 商家编码（必填）*", "sku", "X", "X"),
        ("Item_Code", "sku", "X", "X"),
        ("商品名称", "name", "n", "n"),
        ("Variant", "variant", "v", "v"),
        ("价格(元)", "price_cents", "1", 100),
        ("成本", "cost_cents", "0.01", 1),
        ("现货", "stock", "3", 3),
        ("Quantity", "stock", "3", 3),
        ("每单限购", "limit_per_order", "2", 2),
        ("LIMIT PER BUYER", "limit_per_buyer", "2", 2),
        ("limit_per_order", "limit_per_order", "2", 2),
        ("图片", "image_url", "https://img.example/a.jpg", "https://img.example/a.jpg"),
        ("Main image", "image_url", "http://img.example/图.jpg", "http://img.example/图.jpg"),
        ("picture", "image_url", "无", CLEARED),
    ],
)
def test_headings_and_their_synonyms(
    tmp_path: Path, heading: str, field: str, cell: str, value: object
) -> None:
    text = f"{heading}\n{cell}\n" if field == "sku" else f"sku,{heading}\nA,{cell}\n"
    assert getattr(only_row(sheet_of(tmp_path, text)), field) == value


@pytest.mark.parametrize(
    "heading", ["渠道:douyin", "渠道：douyin", "channel:douyin", "Channel : douyin", "渠道配额:douyin"]
)
def test_channel_columns(tmp_path: Path, heading: str) -> None:
    assert only_row(sheet_of(tmp_path, f"sku,{heading}\nA,7\n")).channels == {"douyin": 7}


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("59.9", 5990), ("¥59.90", 5990), ("￥ 59.90", 5990), ("59.90元", 5990), ("１，２９９．９０", 129990),
        ("1,299", 129900), ("0", 0), ("0.1", 10), ("CNY 5", 500), (".5", 50), ("5.", 500), ("+3", 300),
        ("70368744177664.5", None), ("无", CLEARED), ("0.29", 29), ("4.35", 435), ("1.100", 110),
    ],
)  # fmt: skip
def test_prices_never_pass_through_a_float(tmp_path: Path, text: str, cents: object) -> None:
    sheet = sheet_of(tmp_path, f'sku,price\nA,"{text}"\n')
    if cents is None:
        assert codes(sheet) == [(2, "price", "too_large")]
    else:
        assert only_row(sheet).price_cents == cents


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("price", "-1", "negative"), ("price", "1.005", "fraction_of_cent"),
        ("price", "12,34", "ambiguous_number"),
        ("price", "1.234,50", "ambiguous_number"), ("price", "abc", "not_a_number"),
        ("price", "#N/A", "excel_error"),
        ("图片", "javascript:alert(1)", "bad_image_url"), ("图片", "img.example/a.jpg", "bad_image_url"),
        ("图片", "=DISPIMG(A1)", "bad_image_url"),
        ("图片", "https://img.example/a b.jpg", "bad_image_url"),
        ("图片", "https://img.example/" + "a" * 2048, "too_long"),
        ("price", "NaN", "not_a_number"), ("price", "1e3", "not_a_number"), ("price", "9" * 41, "too_long"),
        ("stock", "-1", "negative"), ("stock", "−1", "negative"), ("stock", "1.5", "not_whole"),
        ("stock", "1000000000001", "too_large"), ("stock", "五", "not_a_number"),
        ("stock", "无", "not_a_number"),
        ("limit_per_order", "0", "below_one"), ("channel:a", "-1", "negative"),
        ("name", "a\x00b", "control_character"),
        ("name", "a\nb", "control_character"), ("name", "x" * 201, "too_long"),
        ("variant", "#REF!", "excel_error"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_at_its_cell(tmp_path: Path, column: str, text: str, code: str) -> None:
    sheet = sheet_of(tmp_path, f'sku,{column}\nA,"{text}"\n')
    assert codes(sheet) == [(2, column, code)]
    for language in ("zh", "en"):
        assert len(sheet.errors[0].text(language)) > 3


@pytest.mark.parametrize(
    ("text", "code"),
    [("a/b", "bad_code"), ("6.90123E+12", "rounded_code"), ("x" * 65, "too_long"), ("", "missing_value")],
)
def test_codes_that_cannot_be(tmp_path: Path, text: str, code: str) -> None:
    assert codes(sheet_of(tmp_path, f"sku,name\n{text},n\n")) == [(2, "sku", code)]


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("10001.0", "10001"), ("00123", "00123"), ('"=""00123"""', "00123"), ("12345\t", "12345"),
        ("85123E5", "85123E5"), ("\u3000甲 1\u00a0", "甲 1"), ("'=x", "=x"), ("😀", "😀"),
    ],
)  # fmt: skip
def test_codes_as_programs_mangle_them(tmp_path: Path, text: str, sku: str) -> None:
    assert only_row(sheet_of(tmp_path, f"sku,name\n{text},n\n")).sku == sku


def test_all_errors_of_all_rows_are_told_at_once(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "sku,name,price,stock\nA,n,x,y\nA,n,1,1\n,n,-1,\nB,n,1,1,extra\n")
    assert codes(sheet) == [
        (2, "price", "not_a_number"),
        (2, "stock", "not_a_number"),
        (3, "sku", "duplicate_sku"),
        (4, "sku", "missing_value"),
        (4, "price", "negative"),
        (5, "", "extra_cell"),
    ]
    assert "2" in sheet.errors[2].text("en")


def test_unknown_columns_warn_with_the_nearest_name(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "sku,name,pricee,备注,\nA,n,1,2,3\n")
    assert not sheet.errors
    assert [(warning.column, warning.code) for warning in sheet.warnings] == [
        ("pricee", "unknown_column"),
        ("备注", "unknown_column"),
        ("", "unnamed_column"),
    ]
    assert "“price”" in sheet.warnings[0].text("zh")


def test_two_columns_of_one_meaning_are_refused(tmp_path: Path) -> None:
    assert codes(sheet_of(tmp_path, "sku,货号,name\nA,B,n\n")) == [(1, "货号", "column_twice")]
    twice = sheet_of(tmp_path, "sku,渠道:a,channel:A\nA,1,2\n")
    assert codes(twice) == [(1, "channel:A", "column_twice")]


def test_a_title_above_the_headings_is_skipped(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "双十一主推款,,\n,,\n商品编码,名称,\nA,n,\n")
    assert only_row(sheet).row == 4


def test_no_code_column_shows_what_there_is(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "名称,价格\nn,1\n")
    assert codes(sheet) == [(1, "", "missing_column")]
    assert "名称, 价格" in sheet.errors[0].text("zh")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "file_empty"), ("a.csv", b"\r\n ,\r\n", "file_empty"),
        ("a.csv", b"sku,name\n", "file_empty"),
        ("a.csv", b'sku,name\nA,"open\n', "broken_csv"), ("a.csv", b"caf\xe9;\xff\xff", "unknown_encoding"),
        ("a.pdf", b"%PDF", "unknown_format"), ("a.xlsx", b"PK\x03\x04rubbish", "broken_workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rubbish", "broken_workbook"),
        ("a.csv", b"\xff\xfes", "unknown_encoding"),
    ],
)  # fmt: skip
def test_files_that_are_none(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert [error.code for error in read_sheet(path).errors] == [code]


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert read_sheet(tmp_path / "none.csv").errors[0].code == "file_missing"
    assert read_sheet(tmp_path).errors[0].code == "file_unreadable"


def test_a_named_encoding_is_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("sku,name\nA,café\n".encode("cp1252"))
    assert only_row(read_sheet(path, encoding="cp1252")).name == "café"
    assert read_sheet(path, encoding="klingon").errors[0].code == "unknown_encoding"


def test_excel_numbers_and_texts(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        [["货号", "名称", "价格", "库存"], [10001, "n", 59.9, 1200], ["00123", "m", 0.1 + 0.2, 3]],
    )
    sheet = read_sheet(path)
    assert sheet.rows == (
        ItemRow(2, "10001", name="n", price_cents=5990, stock=1200),
        ItemRow(3, "00123", name="m", price_cents=30, stock=3),
    )


def test_excel_that_does_not_begin_at_the_corner(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["sku", "name"], ["A", "n"]], start=3)
    assert only_row(read_sheet(path)).row == 5


def test_excel_calls_itself_what_it_likes(tmp_path: Path) -> None:
    path = book(tmp_path / "a.csv", [["sku", "name"], ["A", "n"]])
    assert only_row(read_sheet(path)).sku == "A"


def test_excel_codes_beyond_fifteen_digits_are_lost_and_said_so(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["sku", "name"], [6901234567890123456, "n"], [6901234567890, "m"]])
    sheet = read_sheet(path)
    assert codes(sheet) == [(2, "sku", "rounded_code")]
    assert sheet.rows[0].sku == "6901234567890"


def test_the_sheet_with_codes_is_chosen_and_the_others_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("说明").write(0, 0, "请填写商品")
        page = workbook.add_worksheet("商品")
        page.write_row(0, 0, ["sku", "name"])
        page.write_row(1, 0, ["A", "n"])
        workbook.add_worksheet("空")
    sheet = read_sheet(path)
    assert only_row(sheet).sku == "A"
    assert [warning.code for warning in sheet.warnings] == ["other_sheets"]
    assert read_sheet(path, sheet="说明").errors[0].code == "missing_column"
    assert read_sheet(path, sheet="x").errors[0].code == "unknown_sheet"


def test_excel_error_cells_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        page = workbook.add_worksheet()
        page.write_row(0, 0, ["sku", "name", "price"])
        page.write_row(1, 0, ["A", "n"])
        page.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    sheet = read_sheet(path)
    assert [(w.code, dict(w.facts)["cells"]) for w in sheet.warnings] == [("excel_errors", "C2")]


def test_cells_as_text() -> None:
    assert [to_text(raw) for raw in (None, True, 3, 3.0, 59.9, 1e-7, 1e15, 1e300)] == [
        "", "TRUE", "3", "3", "59.9", "0.0000001", "1E+15", "1E+300",
    ]  # fmt: skip
    assert to_text(datetime.datetime(2025, 1, 2, tzinfo=None)) == "2025-01-02 00:00:00"  # noqa: DTZ001


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "'=1", "''=1", "＝1", "plain", "'quoted", "", "'"])
def test_neutralised_text_is_no_formula_and_comes_back(text: str) -> None:
    safe = neutralise(text)
    assert safe[:1] not in set("=+-@＝＋－＠") or not safe
    assert restore(safe) == text
