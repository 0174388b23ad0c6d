"""Listings to a file that Excel opens right and that, imported again, changes nothing."""

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from holdfast.sheets.cells import neutralise
from holdfast.sheets.problems import Language

from .rows import RULE, SYNONYMS, Column

_WIDTH = 16


def write(items: Iterable[dict[str, Any]], path: Path, *, language: Language, encoding: str) -> int:
    """Write .xlsx or .csv, whichever the name says; the count of rows. Raises OSError.

    Ids are written as text, for they have more digits than a spreadsheet keeps.
    """
    titles = [SYNONYMS[column][0 if language == "zh" else 1][0].replace(" ", "_") for column in Column]
    rows = [[_text(item, column, language) for column in Column] for item in items]
    content = _xlsx(titles, rows) if path.suffix.lower() == ".xlsx" else _csv(titles, rows, encoding)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return len(rows)


def template() -> bytes:
    """An empty CSV of the columns that a mapping needs, with Chinese headings, which Excel opens as it is."""
    columns = (Column.PRODUCT, Column.VARIANT, Column.WAREHOUSE, Column.SKU, Column.MERCHANT_CODE)
    return _csv([SYNONYMS[column][0][0] for column in columns], [], "utf-8-sig")


def _text(item: dict[str, Any], column: Column, language: Language) -> str:
    value = item["rule"][column.value] if column in RULE else item[column.value]
    if column in (Column.MAXIMUM, Column.FIXED) and value is None:
        return "无" if language == "zh" else "none"
    if isinstance(value, bool):
        return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
    return f"{value:g}" if isinstance(value, float) else str(value)


def _csv(titles: list[str], rows: list[list[str]], encoding: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows([[neutralise(cell) for cell in row] for row in rows])
    return out.getvalue().encode(encoding)


def _xlsx(titles: list[str], rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet("listings")
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1})
    as_text = book.add_format({"num_format": "@"})
    page.freeze_panes(1, 2)
    page.set_column(0, len(titles) - 1, _WIDTH, as_text)
    for index, title in enumerate(titles):
        page.write_string(0, index, title, bold)
    for number, row in enumerate(rows, start=1):
        for index, cell in enumerate(row):
            page.write_string(number, index, neutralise(cell), as_text)
    book.close()
    return out.getvalue()
