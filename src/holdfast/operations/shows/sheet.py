"""A rundown 排品 from a file: Excel or CSV, headings in Chinese or English, every finding at its cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.operations.limits.layers import Bounds
from holdfast.sheets.cells import CLEARED, read_code, read_limit, read_quantity
from holdfast.sheets.headings import normal
from holdfast.sheets.problems import CellError, SheetError, SheetProblem, problem
from holdfast.sheets.table import Table, table_of

from .model import ITEMS_MAX, Item, Strategy

HEADINGS = {
    "sku": ("商品编码", "货号", "款号", "编码", "sku"),
    "planned": ("计划数量", "计划", "数量", "备货", "planned", "quantity"),
    "strategy": ("策略", "库存策略", "strategy"),
    "reserve_percent": ("预留比例", "预留", "reserve percent"),
    "per_order": ("每单限购", "per order"),
    "per_buyer": ("每人限购", "限购", "per buyer"),
    "per_buyer_across_channels": ("全渠道每人限购", "per buyer across channels"),
    "script": ("话术", "主播话术", "备注", "script"),
    "minutes": ("时长", "讲解时长", "minutes"),
}
"""The first of each is the one that the template has."""
STRATEGIES = {
    "总量控制": Strategy.SHARED,
    "动态分配": Strategy.SHARED,
    "预留": Strategy.RESERVE,
    "弹性": Strategy.RESERVE,
    "分时投放": Strategy.DROPS,
    "秒杀": Strategy.FLASH,
    **{strategy.value: strategy for strategy in Strategy},
}
_COLUMNS = {normal(name): column for column, names in HEADINGS.items() for name in names}
_SCRIPT_MAX = 2_000


@dataclass(frozen=True, slots=True)
class RundownSheet:
    """What a file says; with any problem none of it is applied."""

    items: tuple[Item, ...]
    problems: tuple[SheetProblem, ...] = ()


def template() -> bytes:
    """An empty rundown as CSV that Excel opens with its Chinese headings whole."""
    return ("\ufeff" + ",".join(names[0] for names in HEADINGS.values()) + "\r\n").encode()


def read_rundown(content: bytes) -> RundownSheet:
    """Read a file's bytes; what is wrong with it is in the answer, not raised."""
    try:
        table = table_of(content, _is_heading_row)
    except SheetError as error:
        return RundownSheet((), (error.problem,))
    return _parse(table)


def _is_heading_row(cells: Sequence[str]) -> bool:
    return {"sku", "planned"} <= {_COLUMNS.get(normal(cell)) for cell in cells}


def _parse(table: Table) -> RundownSheet:
    start = table.heading_index(_is_heading_row)
    row, titles = table.rows[start]
    columns = {column: at for at, title in enumerate(titles) if (column := _COLUMNS.get(normal(title)))}
    lacking = [name for name in ("sku", "planned") if name not in columns]
    if lacking:
        name = " / ".join(HEADINGS[lacking[0]][::4])
        return RundownSheet((), (problem("missing_column", row, name=name, found=", ".join(titles)[:300]),))
    lines = table.rows[start + 1 :]
    if not lines:
        return RundownSheet((), (problem("file_empty", row),))
    if len(lines) > ITEMS_MAX:
        return RundownSheet((), (problem("too_many_rows", limit=ITEMS_MAX),))
    reader = _Rows(columns, titles)
    items = [reader.item(number, cells) for number, cells in lines]
    return RundownSheet(tuple(item for item in items if item is not None), tuple(reader.problems))


class _Rows:
    """Reads row after row and gathers the findings of all."""

    def __init__(self, columns: dict[str, int], titles: Sequence[str]) -> None:
        self._columns = columns
        self._titles = titles
        self._seen: dict[str, int] = {}
        self.problems: list[SheetProblem] = []

    def item(self, row: int, cells: Sequence[str]) -> Item | None:
        before = len(self.problems)

        def cell(column: str, read: Callable[[str], Any], needed: bool = False) -> Any:
            at = self._columns.get(column)
            text = cells[at] if at is not None and at < len(cells) else ""
            try:
                if text:
                    return read(text)
                if needed:
                    raise CellError("missing_value")
            except CellError as error:
                assert at is not None
                self.problems.append(problem(error.code, row, self._titles[at], text, **error.facts))
            return None

        sku = cell("sku", read_code, needed=True)
        planned = cell("planned", _at_least_one, needed=True)
        bounds = Bounds(*(_bound(cell(name, read_limit)) for name in Bounds.__struct_fields__))
        strategy = cell("strategy", _strategy) or Strategy.SHARED
        percent, minutes = cell("reserve_percent", _percent), cell("minutes", _minutes)
        script = cell("script", _script) or ""
        first = self._seen.setdefault(sku, row) if sku else row
        if first != row:
            at = self._columns["sku"]
            self.problems.append(problem("duplicate_sku", row, self._titles[at], sku, other=first))
        if len(self.problems) > before:
            return None
        return Item(sku, planned, strategy, percent, bounds if bounds.any() else None, script, minutes)


def _bound(value: Any) -> int | None:
    return None if value is CLEARED else value


def _at_least_one(text: str) -> int:
    units = read_quantity(text)
    if units < 1:
        raise CellError("below_one")
    return units


def _strategy(text: str) -> Strategy:
    known = next((found for word, found in STRATEGIES.items() if text.casefold().startswith(word)), None)
    if known is None:
        raise CellError("unknown_strategy", known="、".join(STRATEGIES))
    return known


def _percent(text: str) -> int:
    return _up_to(text.removesuffix("%").removesuffix("％"), 100)


def _minutes(text: str) -> int:
    return _up_to(text.removesuffix("分钟"), 1_440)


def _up_to(text: str, most: int) -> int:
    number = read_quantity(text.strip())
    if number > most:
        raise CellError("too_large", limit=most)
    return number


def _script(text: str) -> str:
    if len(text) > _SCRIPT_MAX:
        raise CellError("too_long", limit=_SCRIPT_MAX)
    return text
