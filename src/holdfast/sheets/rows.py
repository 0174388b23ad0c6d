"""From rows of text to typed rows, with every finding at its cell."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from .cells import (
    Cleared,
    read_cents,
    read_code,
    read_image_url,
    read_limit,
    read_quantity,
    read_text,
)
from .headings import Columns, Field, is_heading_row, map_columns
from .problems import CellError, SheetError, SheetProblem, problem
from .table import Table, read_table, table_of

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item as the sheet wants it; None means that the sheet says nothing about it."""

    row: int
    sku: str
    name: str | None = None
    variant: str | None = None
    price_cents: int | Cleared | None = None
    cost_cents: int | Cleared | None = None
    stock: int | None = None
    limit_period: str | None = None
    limit_per_order: int | Cleared | None = None
    limit_per_buyer: int | Cleared | None = None
    limit_per_buyer_across_channels: int | Cleared | None = None
    channels: dict[str, int] = field(default_factory=dict)
    image_url: str | Cleared | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file says; with any error none of it may be applied."""

    digest: str
    rows: tuple[ItemRow, ...]
    errors: tuple[SheetProblem, ...] = ()
    warnings: tuple[SheetProblem, ...] = ()
    titles: dict[str, str] = field(default_factory=dict)

    def title(self, name: str) -> str:
        """What the user calls a field (`stock`) or a channel (`channel:douyin`)."""
        return self.titles.get(name, name)


def read_sheet(path: Path, *, sheet: str | None = None, encoding: str | None = None) -> Sheet:
    """Read an item file; what is wrong with it is in the answer, not raised."""
    try:
        return parse(read_table(path, is_heading_row, sheet=sheet, encoding=encoding))
    except SheetError as error:
        return Sheet("", (), (replace(error.problem, value=str(path)),))


def read_bytes(content: bytes) -> Sheet:
    """The same from a file's bytes."""
    try:
        return parse(table_of(content, is_heading_row))
    except SheetError as error:
        return Sheet("", (), (error.problem,))


def parse(table: Table) -> Sheet:
    """The pure part of both."""
    start = table.heading_index(is_heading_row)
    heading_row, titles = table.rows[start]
    columns, errors, warnings = map_columns(titles, heading_row)
    if Field.SKU not in columns.fields:
        return Sheet(table.digest, (), tuple(errors), (*table.warnings, *warnings))
    reader = _RowReader(columns)
    rows = [reader.read(number, cells) for number, cells in table.rows[start + 1 :]]
    if not rows:
        errors.append(problem("file_empty", heading_row))
    if reader.unnamed_row:
        warnings.append(problem("unnamed_column", reader.unnamed_row))
    errors += reader.errors
    named = {str(name): titles[index] for name, index in columns.fields.items()}
    named |= {f"channel:{name}": titles[index] for name, index in columns.channels.items()}
    kept = tuple(row for row in rows if row is not None)
    return Sheet(table.digest, kept, tuple(errors), (*table.warnings, *warnings), named)


class _RowReader:
    """Reads row after row and gathers the findings of all."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._rows_by_sku: dict[str, int] = {}
        self._row = 0
        self._cells: list[str] = []
        self.errors: list[SheetProblem] = []
        self.unnamed_row = 0

    def read(self, row: int, cells: list[str]) -> ItemRow | None:
        """None when the row has no usable code; its other cells are checked all the same."""
        self._row, self._cells = row, cells
        self._check_width()
        sku = self._sku()
        text, cents, limit = self._with(read_text), self._with(read_cents), self._with(read_limit)
        found = ItemRow(
            row,
            sku or "",
            name=text(Field.NAME),
            variant=text(Field.VARIANT),
            price_cents=cents(Field.PRICE),
            cost_cents=cents(Field.COST),
            stock=self._with(read_quantity)(Field.STOCK),
            limit_period=text(Field.LIMIT_PERIOD),
            limit_per_order=limit(Field.LIMIT_PER_ORDER),
            limit_per_buyer=limit(Field.LIMIT_PER_BUYER),
            limit_per_buyer_across_channels=limit(Field.LIMIT_PER_BUYER_ACROSS_CHANNELS),
            channels=self._channels(),
            image_url=self._with(read_image_url)(Field.IMAGE),
        )
        return found if sku else None

    def _check_width(self) -> None:
        titles = self._columns.titles
        for index, cell in enumerate(self._cells):
            if cell and index >= len(titles):
                self.errors.append(problem("extra_cell", self._row, "", cell))
                return
            if cell and not titles[index]:
                self.unnamed_row = self.unnamed_row or self._row

    def _sku(self) -> str | None:
        index = self._columns.fields[Field.SKU]
        sku = self._cell(index, read_code)
        if sku is None:
            if not (index < len(self._cells) and self._cells[index]):
                self._refuse("missing_value", index)
            return None
        first = self._rows_by_sku.setdefault(sku, self._row)
        if first != self._row:
            self._refuse("duplicate_sku", index, other=first)
        return sku

    def _channels(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, index in self._columns.channels.items():
            quantity = self._cell(index, read_quantity)
            if quantity is not None:
                found[name] = quantity
        return found

    def _with(self, read: Callable[[str], _Value]) -> Callable[[Field], _Value | None]:
        def one(name: Field) -> _Value | None:
            index = self._columns.fields.get(name)
            return None if index is None else self._cell(index, read)

        return one

    def _cell(self, index: int, read: Callable[[str], _Value]) -> _Value | None:
        text = self._cells[index] if index < len(self._cells) else ""
        if not text:
            return None
        try:
            return read(text)
        except CellError as error:
            self._refuse(error.code, index, **error.facts)
            return None

    def _refuse(self, code: str, index: int, **facts: str | int) -> None:
        value = self._cells[index] if index < len(self._cells) else ""
        self.errors.append(problem(code, self._row, self._columns.titles[index], value, **facts))


def said(value: _Value | Cleared | None, old: _Value | None) -> _Value | None:
    """The value after the sheet has spoken: nothing said keeps the old one."""
    if value is None:
        return old
    return None if isinstance(value, Cleared) else value
