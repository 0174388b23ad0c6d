"""From a file to events: each line becomes part of one, or is listed with its reason, or both."""

import datetime
import re
from pathlib import Path

from holdfast.ledger.accounts import QUANTITY_MAX
from holdfast.sheets.cells import read_code, read_text
from holdfast.sheets.headings import normal
from holdfast.sheets.problems import CellError, SheetError, problem
from holdfast.sheets.table import Table, read_table

from .events import Cancellation, Line, Oddity, OddLine, Order, OrderFile
from .words import COLUMNS, NEEDED, SYNONYMS, Column, Status, is_heading_row, read_time, status_of

_NOBODY = {"", "0", "0.0", "nan", "null", "none", "-", "—"}
_POINT_ZERO = re.compile(r"^(-?\d+)\.0+$")


def read_orders(
    path: Path,
    *,
    zone: datetime.tzinfo = datetime.UTC,
    sheet: str | None = None,
    encoding: str | None = None,
) -> OrderFile:
    """Read an export; times without an offset are of `zone`. Raises SheetError for a file of no use."""
    return parse_orders(read_table(path, is_heading_row, sheet=sheet, encoding=encoding), zone)


def parse_orders(table: Table, zone: datetime.tzinfo = datetime.UTC) -> OrderFile:
    """The pure part of `read_orders`."""
    start = table.heading_index(is_heading_row)
    heading_row, titles = table.rows[start]
    columns: dict[Column, int] = {}
    for index, title in enumerate(titles):
        column = COLUMNS.get(normal(title))
        if column is not None:
            columns.setdefault(column, index)
    for needed in NEEDED:
        if needed not in columns:
            names = " / ".join(SYNONYMS[needed][:1] + SYNONYMS[needed][-1:])
            found = ", ".join(title for title in titles if title)[:300]
            raise SheetError(problem("missing_column", heading_row, name=names, found=found))
    reader = _Reader(columns, zone)
    for row, cells in table.rows[start + 1 :]:
        reader.read(row, cells)
    return reader.file()


class _OddError(Exception):
    def __init__(self, reason: Oddity, value: str) -> None:
        super().__init__(reason)
        self.reason, self.value = reason, value


class _Reader:
    def __init__(self, columns: dict[Column, int], zone: datetime.tzinfo) -> None:
        self._columns = columns
        self._zone = zone
        self._orders: dict[str, Order] = {}
        self._cancellations: dict[str, Cancellation] = {}
        self._file = OrderFile()

    def read(self, row: int, cells: list[str]) -> None:
        self._file.lines += 1
        text = {column: cells[index] if index < len(cells) else "" for column, index in self._columns.items()}
        try:
            self._line(row, text)
        except _OddError as odd:
            self._note(row, odd.reason, odd.value, text[Column.ORDER])

    def file(self) -> OrderFile:
        """At the same moment orders come before cancellations, and else the file's order stays."""
        events: list[Order | Cancellation] = [*self._orders.values(), *self._cancellations.values()]
        self._file.events = sorted(events, key=lambda event: event.at_us)
        return self._file

    def _line(self, row: int, text: dict[Column, str]) -> None:
        order = _code(text[Column.ORDER], Oddity.BAD_ORDER_NUMBER)
        sku = _code(text[Column.SKU], Oddity.BAD_CODE)
        quantity = _quantity(text[Column.QUANTITY])
        at_us = self._time(text[Column.AT])
        is_credit = re.fullmatch(r"[Cc]\d+", order) is not None
        if quantity == 0:
            raise _OddError(Oddity.ZERO_QUANTITY, text[Column.QUANTITY])
        if quantity < 0 and not is_credit:
            raise _OddError(Oddity.NEGATIVE_WITHOUT_CANCELLATION, text[Column.QUANTITY])
        if quantity > 0 and is_credit:
            self._note(row, Oddity.CANCELLATION_NOT_NEGATIVE, text[Column.QUANTITY], order)
        buyer = self._buyer(row, text.get(Column.BUYER, ""), order)
        if is_credit:
            self._cancel(row, order, at_us, buyer, sku, abs(quantity))
            return
        status = self._status(row, text.get(Column.STATUS, ""), order)
        cancelled_at = text.get(Column.CANCELLED_AT, "")
        closed_us = (
            max(at_us, self._time(cancelled_at)) if cancelled_at and status is Status.CANCELLED else at_us
        )
        placed = self._orders.setdefault(order, Order(order, at_us, buyer))
        self._same_buyer(row, placed, buyer)
        placed.at_us = min(placed.at_us, at_us)
        placed.paid = placed.paid and status is not Status.UNPAID
        _add(placed.lines, sku, quantity)
        if status is Status.CANCELLED:
            self._cancel(row, order, closed_us, placed.buyer, sku, quantity)

    def _cancel(self, row: int, order: str, at_us: int, buyer: str, sku: str, quantity: int) -> None:
        found = self._cancellations.setdefault(order, Cancellation(order, at_us, buyer))
        self._same_buyer(row, found, buyer)
        found.at_us = max(found.at_us, at_us)
        _add(found.lines, sku, quantity)

    def _same_buyer(self, row: int, event: Order | Cancellation, buyer: str) -> None:
        if buyer != event.buyer:
            self._note(row, Oddity.OTHER_BUYER, buyer, event.id)

    def _buyer(self, row: int, text: str, order: str) -> str:
        """A line without a buyer keeps its place, as a buyer who is known by the order alone."""
        name = _POINT_ZERO.sub(r"\1", text)
        if name.casefold() not in _NOBODY:
            try:
                return read_text(name)[:128]
            except CellError:
                name = text
        self._note(row, Oddity.MISSING_BUYER, text, order)
        return f"unknown:{order}"

    def _status(self, row: int, text: str, order: str) -> Status:
        status = status_of(text)
        if status is None:
            self._note(row, Oddity.UNKNOWN_STATUS, text, order)
        return status or Status.SOLD

    def _time(self, text: str) -> int:
        try:
            return read_time(text, self._zone)
        except (ValueError, OverflowError):
            raise _OddError(Oddity.BAD_TIME, text) from None

    def _note(self, row: int, reason: Oddity, value: str, order: str) -> None:
        self._file.odd_lines.append(OddLine(row, reason, value, order))


def _code(text: str, reason: Oddity) -> str:
    try:
        return read_code(text)
    except CellError:
        raise _OddError(reason, text) from None


def _quantity(text: str) -> int:
    whole = _POINT_ZERO.sub(r"\1", text.replace(",", ""))
    if not re.fullmatch(r"[+-]?\d{1,13}", whole) or abs(int(whole)) > QUANTITY_MAX:
        raise _OddError(Oddity.BAD_QUANTITY, text)
    return int(whole)


def _add(lines: list[Line], sku: str, quantity: int) -> None:
    for line in lines:
        if line.sku == sku:
            line.quantity += quantity
            return
    lines.append(Line(sku, quantity))
