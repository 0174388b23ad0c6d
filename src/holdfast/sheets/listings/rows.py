"""From a sheet of listings to typed rows, with every finding at its cell."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from holdfast.channels.orders import LISTING_PATTERN, ListingRef
from holdfast.sheets.cells import CLEARED, read_code, read_quantity, read_text
from holdfast.sheets.headings import normal
from holdfast.sheets.problems import CellError, SheetError, SheetProblem, problem
from holdfast.sheets.table import Table, read_table, table_of


class Column(StrEnum):
    """The columns of a sheet of listings, in the order of an export."""

    CHANNEL = "channel"
    PRODUCT = "product"
    VARIANT = "variant"
    WAREHOUSE = "warehouse"
    SKU = "sku"
    MERCHANT_CODE = "merchant_code"
    WEIGHT = "weight"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    PAUSED = "paused"
    FIXED = "fixed"


NEEDED = (Column.CHANNEL, Column.PRODUCT, Column.SKU)
RULE = (Column.WEIGHT, Column.MINIMUM, Column.MAXIMUM, Column.PAUSED, Column.FIXED)
# The first Chinese and the first English name of each are the ones that an export writes.
SYNONYMS: dict[Column, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Column.CHANNEL: (("渠道", "店铺", "渠道编码"), ("channel", "shop")),
    Column.PRODUCT: (
        ("商品ID", "平台商品ID", "宝贝ID", "商品链接ID", "链接ID"),
        ("product", "product id", "item id", "num iid"),
    ),
    Column.VARIANT: (("规格ID", "平台规格ID", "SKU ID"), ("variant", "variant id", "sku id")),
    Column.WAREHOUSE: (("仓库", "仓库ID", "区域仓"), ("warehouse", "warehouse id")),
    Column.SKU: (("商品编码", "货号", "款号", "编码"), ("sku", "item code", "code")),
    Column.MERCHANT_CODE: (("商家编码", "外部编码"), ("merchant code", "seller sku", "outer id")),
    Column.WEIGHT: (("权重",), ("weight",)),
    Column.MINIMUM: (("最少", "最低配额", "下限"), ("minimum", "min")),
    Column.MAXIMUM: (("最多", "最高配额", "上限"), ("maximum", "max")),
    Column.PAUSED: (("暂停", "是否暂停"), ("paused", "pause")),
    Column.FIXED: (("固定", "固定配额"), ("fixed",)),
}
_COLUMNS = {normal(name): column for column, both in SYNONYMS.items() for names in both for name in names}
_NONE = {"无", "不限", "none"}
_YES, _NO = {"是", "暂停", "yes", "true", "1", "y"}, {"否", "no", "false", "0", "n"}
WEIGHT_MAX = 1_000
_LISTING = re.compile(LISTING_PATTERN)


@dataclass(frozen=True, slots=True)
class ListingLine:
    """One listing as the sheet wants it; `rule` holds what the sheet says of it, None for «no bound»."""

    row: int
    channel: str
    product: str
    variant: str
    warehouse: str
    sku: str
    merchant_code: str | None = None
    rule: dict[str, Any] = field(default_factory=dict)

    @property
    def listing(self) -> str:
        """The listing's name."""
        return ListingRef(self.product, self.variant, self.warehouse).key


@dataclass(frozen=True, slots=True)
class ListingSheet:
    """What a file says; with any error none of it may be applied."""

    lines: tuple[ListingLine, ...]
    errors: tuple[SheetProblem, ...] = ()
    warnings: tuple[SheetProblem, ...] = ()
    titles: Mapping[Column, str] = field(default_factory=dict)

    def title(self, column: Column) -> str:
        """What the file calls a column."""
        return self.titles.get(column, column.value)


def read_listings(path: Path, *, sheet: str | None = None, encoding: str | None = None) -> ListingSheet:
    """Read a file of listings; what is wrong with it is in the answer, not raised."""
    try:
        return parse(read_table(path, is_heading_row, sheet=sheet, encoding=encoding))
    except SheetError as error:
        return ListingSheet((), (replace(error.problem, value=str(path)),))


def read_listings_bytes(content: bytes, channel: str = "") -> ListingSheet:
    """The same from a file's bytes; what names no channel is of `channel`."""
    try:
        return parse(table_of(content, is_heading_row), channel)
    except SheetError as error:
        return ListingSheet((), (error.problem,))


def is_heading_row(cells: Sequence[str]) -> bool:
    """Whether the row names products and items."""
    found = {_COLUMNS.get(normal(cell)) for cell in cells}
    return {Column.PRODUCT, Column.SKU} <= found


def parse(table: Table, channel: str = "") -> ListingSheet:
    """The pure part of `read_listings`; with a `channel` for what names none, its column may be missing."""
    start = table.heading_index(is_heading_row)
    heading_row, titles = table.rows[start]
    columns: dict[Column, int] = {}
    errors: list[SheetProblem] = []
    warnings = list(table.warnings)
    for index, title in enumerate(titles):
        column = _COLUMNS.get(normal(title))
        if column is None:
            if title:
                warnings.append(problem("unknown_column", heading_row, title, nearest=""))
        elif column in columns:
            errors.append(problem("column_twice", heading_row, title, other=titles[columns[column]]))
        else:
            columns[column] = index
    for column in NEEDED:
        if column not in columns and not (column is Column.CHANNEL and channel):
            name = f"{SYNONYMS[column][0][0]} / {SYNONYMS[column][1][0]}"
            found = ", ".join(title for title in titles if title)[:300]
            errors.append(problem("missing_column", heading_row, name=name, found=found))
    if errors:
        return ListingSheet((), tuple(errors), tuple(warnings))
    reader = _Reader(columns, titles, channel)
    lines = [reader.read(row, cells) for row, cells in table.rows[start + 1 :]]
    if not lines:
        reader.errors.append(problem("file_empty", heading_row))
    kept = tuple(line for line in lines if line is not None)
    named = {column: titles[index] for column, index in columns.items()}
    return ListingSheet(kept, tuple(reader.errors), tuple(warnings), named)


class _Reader:
    """Reads row after row and gathers the findings of all."""

    def __init__(self, columns: dict[Column, int], titles: Sequence[str], channel: str) -> None:
        self._columns = columns
        self._titles = titles
        self._channel = channel
        self._seen: dict[tuple[str, str], int] = {}
        self.errors: list[SheetProblem] = []

    def read(self, row: int, cells: list[str]) -> ListingLine | None:
        """None when the row names no listing; its other cells are checked all the same."""
        before = len(self.errors)

        def cell(column: Column, read: Callable[[str], Any]) -> Any:
            text = self._text(cells, column)
            if not text:
                if column in NEEDED:
                    self._refuse("missing_value", row, column)
                return None
            try:
                return read(text)
            except CellError as error:
                self._refuse(error.code, row, column, text, **error.facts)
                return None

        rule = {column.value: cell(column, _READ[column]) for column in RULE}
        line = ListingLine(
            row,
            cell(Column.CHANNEL, read_text) or "",
            cell(Column.PRODUCT, read_code) or "",
            cell(Column.VARIANT, read_code) or "",
            cell(Column.WAREHOUSE, read_code) or "",
            cell(Column.SKU, read_code) or "",
            cell(Column.MERCHANT_CODE, read_text),
            {name: None if value is CLEARED else value for name, value in rule.items() if value is not None},
        )
        if len(self.errors) > before:
            return None
        if not _LISTING.fullmatch(line.listing):
            self._refuse("bad_listing", row, Column.PRODUCT, line.listing)
            return None
        return line if self._is_first(line) else None

    def _is_first(self, line: ListingLine) -> bool:
        first = self._seen.setdefault((line.channel, line.listing), line.row)
        if first != line.row:
            self._refuse("duplicate_listing", line.row, Column.PRODUCT, line.listing, other=first)
        return first == line.row

    def _text(self, cells: list[str], column: Column) -> str:
        index = self._columns.get(column)
        text = cells[index] if index is not None and index < len(cells) else ""
        return text or (self._channel if column is Column.CHANNEL else "")

    def _refuse(self, code: str, row: int, column: Column, value: str = "", **facts: str | int) -> None:
        index = self._columns.get(column)
        title = self._titles[index] if index is not None else column.value
        self.errors.append(problem(code, row, title, value, **facts))


def _bound(text: str) -> Any:
    return CLEARED if text.casefold() in _NONE else read_quantity(text)


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        raise CellError("not_a_number") from None
    if weight < 0:
        raise CellError("negative")
    # Written so that no-number is refused as well.
    if not weight <= WEIGHT_MAX:
        raise CellError("too_large", limit=WEIGHT_MAX)
    return weight


def _yes(text: str) -> bool:
    word = text.casefold()
    if word not in _YES | _NO:
        raise CellError("not_yes_or_no")
    return word in _YES


_READ: dict[Column, Callable[[str], Any]] = {
    Column.WEIGHT: _weight,
    Column.MINIMUM: read_quantity,
    Column.MAXIMUM: _bound,
    Column.PAUSED: _yes,
    Column.FIXED: _bound,
}
