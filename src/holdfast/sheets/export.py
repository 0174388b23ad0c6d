"""From items to a file that Excel opens right and that, imported again, changes nothing."""

import csv
import io
import os
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from .cells import EXACT_DIGITS, neutralise
from .headings import CHANNEL_PREFIX, Field, heading
from .problems import Language, SheetError, problem
from .state import Balance, CurrentState, ItemState

_TEXT_FIELDS = {Field.SKU, Field.NAME, Field.VARIANT, Field.LIMIT_PERIOD, Field.IMAGE}
_MONEY_FIELDS = {Field.PRICE, Field.COST}
_WIDTHS = {Field.SKU: 18, Field.NAME: 34, Field.VARIANT: 20, Field.IMAGE: 34}
_WIDTH_DEFAULT = 12
_LIMIT_KEYS = {
    Field.LIMIT_PERIOD: "period",
    Field.LIMIT_PER_ORDER: "per_order",
    Field.LIMIT_PER_BUYER: "per_buyer",
    Field.LIMIT_PER_BUYER_ACROSS_CHANNELS: "per_buyer_across_channels",
}

Cell = str | int | Decimal | None


def write(
    items: Iterable[ItemState],
    path: Path,
    *,
    language: Language = "zh",
    channels: Sequence[str] = (),
    encoding: str = "utf-8-sig",
) -> int:
    """Write .xlsx or .csv, whichever the name says; the count of rows. Raises SheetError or OSError.

    The file appears whole or not at all. `encoding` is for .csv only.
    """
    columns: list[Field | str] = [*Field, *channels]
    rows = [[_value(item, column) for column in columns] for item in items]
    titles = [
        heading(column, language) if isinstance(column, Field) else CHANNEL_PREFIX[language] + column
        for column in columns
    ]
    if path.suffix.lower() == ".xlsx":
        content = _xlsx(columns, titles, rows)
    elif path.suffix.lower() == ".csv":
        content = _csv(titles, rows, encoding)
    else:
        raise SheetError(problem("unknown_target"))
    _replace(path, content)
    return len(rows)


def template(language: Language = "zh") -> bytes:
    """An empty file of items as CSV that Excel opens with its headings whole."""
    return _csv([heading(column, language) for column in Field], [], "utf-8-sig")


def state_items(state: CurrentState) -> list[ItemState]:
    """What a sheet can hold, in order of code: bundles are left out, their parts do not fit a cell."""
    return [item for _, item in sorted(state.items.items()) if not item.is_bundle]


def codes_that_excel_spoils(items: Iterable[ItemState]) -> list[str]:
    """Codes that Excel turns into other numbers when it opens a CSV: leading zeros, many digits."""
    return [
        item.sku
        for item in items
        if item.sku.isdigit() and (len(item.sku) > 11 or (len(item.sku) > 1 and item.sku[0] == "0"))
    ]


def _value(item: ItemState, column: Field | str) -> Cell:
    if not isinstance(column, Field):
        return item.channels.get(column, Balance()).posted
    if column is Field.SKU:
        return item.sku
    if column is Field.STOCK:
        return item.on_hand
    document: Any = item.document
    if column in _MONEY_FIELDS:
        cents = document.get(f"{column}_cents")
        return None if cents is None else Decimal(cents).scaleb(-2)
    if column in _LIMIT_KEYS:
        value: Cell = (document.get("limits") or {}).get(_LIMIT_KEYS[column])
        return value
    text: Cell = document.get("image_url" if column is Field.IMAGE else column.value)
    return text


def _csv(titles: list[str], rows: list[list[Cell]], encoding: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows([[_csv_cell(cell) for cell in row] for row in rows])
    return out.getvalue().encode(encoding)


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return neutralise(cell) if isinstance(cell, str) else str(cell)


def _xlsx(columns: list[Field | str], titles: list[str], rows: list[list[Cell]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet("items")
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1})
    as_text, money = book.add_format({"num_format": "@"}), book.add_format({"num_format": "0.00"})
    page.freeze_panes(1, 1)
    for index, column in enumerate(columns):
        width = _WIDTHS.get(column, _WIDTH_DEFAULT) if isinstance(column, Field) else _WIDTH_DEFAULT
        shape = as_text if column in _TEXT_FIELDS else money if column in _MONEY_FIELDS else None
        page.set_column(index, index, max(width, 2 * len(titles[index])), shape)
        page.write_string(0, index, titles[index], bold)
    for number, row in enumerate(rows, start=1):
        for index, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(number, index, neutralise(cell), as_text)
            elif cell is not None:
                _write_number(page, number, index, cell, money if isinstance(cell, Decimal) else None)
    if rows:
        page.autofilter(0, 0, len(rows), len(columns) - 1)
    book.close()
    return out.getvalue()


def _write_number(page: Any, row: int, column: int, number: int | Decimal, shape: Any) -> None:
    """Excel keeps 15 digits; a longer number is written as text, so that none is lost."""
    if len(str(number)) > EXACT_DIGITS:
        page.write_string(row, column, str(number))
    else:
        page.write_number(row, column, float(number), shape)


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
