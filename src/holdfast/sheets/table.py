"""From a file to rows of text: encodings, delimiters and workbooks are settled here."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import python_calamine as calamine

from .cells import to_text
from .problems import SheetError, SheetProblem, problem

BYTES_MAX = 100 * 1024 * 1024
UNPACKED_BYTES_MAX = 400 * 1024 * 1024
ROWS_MAX = 1_048_576  # what Excel itself has
HEADING_SEARCH_ROWS = 10
ERROR_CELLS_SHOWN_MAX = 20
RowTest = Callable[[Sequence[str]], bool]
_TEXT_SUFFIXES = {".csv", ".tsv", ".txt"}
_BOOK_SUFFIXES = {".xlsx", ".xlsm", ".xls"}
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",;\t"
_ERROR_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]* t="e"')


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the number that a spreadsheet program shows; rows without any text are left out."""

    rows: list[tuple[int, list[str]]]
    digest: str
    warnings: tuple[SheetProblem, ...] = ()

    def heading_index(self, is_heading_row: RowTest) -> int:
        """Tables often begin with a title or a note; the first row is taken when none looks right."""
        for index, (_, cells) in enumerate(self.rows[:HEADING_SEARCH_ROWS]):
            if is_heading_row(cells):
                return index
        return 0


def read_table(
    path: Path, is_heading_row: RowTest, *, sheet: str | None = None, encoding: str | None = None
) -> Table:
    """Read any file we know; raises SheetError. What the file is decides, not what it is called.

    Of several sheets the first that has a row of headings near its top is read.
    """
    content = _content(path)
    is_book = content.startswith((_ZIP, _OLE))
    if path.suffix and not is_book and path.suffix.lower() not in _TEXT_SUFFIXES | _BOOK_SUFFIXES:
        raise SheetError(problem("unknown_format"))
    return table_of(content, is_heading_row, sheet=sheet, encoding=encoding)


def table_of(
    content: bytes, is_heading_row: RowTest, *, sheet: str | None = None, encoding: str | None = None
) -> Table:
    """The same from a file's bytes."""
    digest = sha256(content).hexdigest()
    warnings: list[SheetProblem] = []
    if content.startswith((_ZIP, _OLE)):
        rows, warnings = _workbook(content, sheet, is_heading_row)
    else:
        rows = _csv(decode(content, encoding))
    numbered = [(number, cells) for number, cells in enumerate(rows, start=1) if any(cells)]
    if not numbered:
        raise SheetError(problem("file_empty"))
    return Table(numbered, digest, tuple(warnings))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(BYTES_MAX + 1)
    except FileNotFoundError:
        raise SheetError(problem("file_missing")) from None
    except OSError as error:
        raise SheetError(problem("file_unreadable", cause=error.strerror or str(error))) from error
    if len(content) > BYTES_MAX:
        raise SheetError(problem("file_too_large", limit=BYTES_MAX // 1024**2))
    return content


def decode(content: bytes, encoding: str | None = None) -> str:
    """Text from bytes: a byte order mark decides, then UTF-8, then what Chinese Excel writes."""
    try:
        if encoding:
            return content.decode(encoding).removeprefix("\ufeff")
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        sample = content[:2_000]
        if sample.count(0) > len(sample) // 5:
            little = sample[1::2].count(0) >= sample[0::2].count(0)
            return content.decode("utf-16-le" if little else "utf-16-be")
    except (UnicodeDecodeError, LookupError):
        raise SheetError(problem("unknown_encoding")) from None
    for known in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(known)
        except UnicodeDecodeError:
            continue
    raise SheetError(problem("unknown_encoding"))


def _csv(text: str) -> list[list[str]]:
    first_line, _, rest = text.partition("\n")
    if first_line.lower().startswith("sep="):
        delimiter = first_line[4:5] or ","
        text = "\n" + rest  # the line still counts for row numbers
    else:
        delimiter = _delimiter(text)
    rows: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append([to_text(cell) for cell in cells])
            if len(rows) > ROWS_MAX:
                raise SheetError(problem("too_many_rows", limit=ROWS_MAX))
    except csv.Error as error:
        raise SheetError(problem("broken_csv", len(rows) + 1, cause=str(error))) from error
    return rows


def _delimiter(text: str) -> str:
    """The delimiter that the fullest of the first lines uses most, quoted text apart."""
    counts = dict.fromkeys(_DELIMITERS, 0)
    for line in text.splitlines()[:10]:
        unquoted = "".join(line.split('"')[0::2])
        for delimiter in _DELIMITERS:
            counts[delimiter] = max(counts[delimiter], unquoted.count(delimiter))
    return max(_DELIMITERS, key=lambda delimiter: counts[delimiter])


def _workbook(
    content: bytes, wanted: str | None, is_heading_row: RowTest
) -> tuple[list[list[str]], list[SheetProblem]]:
    warnings = _inspect_archive(content)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == calamine.SheetTypeEnum.WorkSheet
            and (sheet.name == wanted or sheet.visible == calamine.SheetVisibleEnum.Visible)
        ]
        if wanted is not None:
            if wanted not in names:
                raise SheetError(problem("unknown_sheet", name=wanted, known=", ".join(names)))
            return _sheet_rows(book, wanted, None), warnings
        filled = [name for name in names if book.get_sheet_by_name(name).height]
        if not filled:
            raise SheetError(problem("file_empty"))
        chosen = filled[0]
        for name in filled:
            if any(map(is_heading_row, _sheet_rows(book, name, HEADING_SEARCH_ROWS))):
                chosen = name
                break
        rows = _sheet_rows(book, chosen, None)
    except (calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise SheetError(problem("broken_workbook", cause=str(error)[:200])) from error
    others = [name for name in filled if name != chosen]
    if others:
        warnings.append(problem("other_sheets", name=chosen, others=", ".join(others)))
    return rows, warnings


def _sheet_rows(book: calamine.CalamineWorkbook, name: str, first: int | None) -> list[list[str]]:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height > ROWS_MAX:
        raise SheetError(problem("too_many_rows", limit=ROWS_MAX))
    return [[to_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False, nrows=first)]


def _inspect_archive(content: bytes) -> list[SheetProblem]:
    """Refuse an archive that unpacks to gigabytes; name the error cells, which read as empty."""
    if not content.startswith(_ZIP):
        return []
    cells: list[str] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > UNPACKED_BYTES_MAX:
                raise SheetError(problem("file_too_large", limit=UNPACKED_BYTES_MAX // 1024**2))
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and len(cells) < ERROR_CELLS_SHOWN_MAX:
                    cells += [cell.decode() for cell in _ERROR_CELL.findall(archive.read(name))]
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, zlib.error) as error:
        raise SheetError(problem("broken_workbook", cause=str(error))) from error
    shown = ", ".join(cells[:ERROR_CELLS_SHOWN_MAX])
    return [problem("excel_errors", cells=shown)] if cells else []
