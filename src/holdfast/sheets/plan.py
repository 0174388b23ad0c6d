"""What applying a sheet would do: a pure function from what is wanted and what is to operations."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from .cells import to_text
from .problems import SheetProblem, problem
from .rows import ItemRow, Sheet, said
from .state import ITEM_KEYS, Balance, CurrentState, ItemState

REASON = "import"
PERIOD_DEFAULT = "always"
_LIMITS = (
    ("per_order", "limit_per_order"),
    ("per_buyer", "limit_per_buyer"),
    ("per_buyer_across_channels", "limit_per_buyer_across_channels"),
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field's value before and after."""

    field: str
    old: str | int | None
    new: str | int | None


@dataclass(frozen=True, slots=True)
class PutItem:
    """Create or replace an item; `document` is the whole body, what the sheet left alone included."""

    row: int
    sku: str
    document: dict[str, Any]
    is_new: bool
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class MoveStock:
    """One transfer."""

    id: str
    row: int
    sku: str
    source: str
    target: str
    quantity: int
    reason: str = REASON

    def body(self) -> dict[str, Any]:
        """What `POST /v1/transfers` takes."""
        return {
            "id": self.id,
            "sku": self.sku,
            "from": self.source,
            "to": self.target,
            "quantity": self.quantity,
            "reason": self.reason,
        }


@dataclass(slots=True)
class Plan:
    """The preview; with errors there is nothing in it to apply."""

    items: list[PutItem] = field(default_factory=list)
    moves: list[MoveStock] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    errors: list[SheetProblem] = field(default_factory=list)
    warnings: list[SheetProblem] = field(default_factory=list)

    @property
    def operations(self) -> list[PutItem | MoveStock]:
        """In the order to apply: items first, so that stock has something to belong to."""
        return [*self.items, *self.moves]


def plan(sheet: Sheet, state: CurrentState) -> Plan:
    """Compare what the sheet wants with what is.

    A move's id comes from the file's content, its row, and the version of the stock it was worked
    out from: a repeat of a broken-off or doubled import is a replay, but the same file wanted again
    after the stock has moved is a new move.
    """
    found = Plan(errors=list(sheet.errors), warnings=list(sheet.warnings))
    channels = _channel_codes(sheet, state, found)
    _check_names(sheet, state, found)
    bad_rows = {error.row for error in sheet.errors}
    for row in sheet.rows:
        if row.row in bad_rows:
            continue
        item = state.items.get(row.sku)
        change = _put(row, item)
        moves = _Moves(sheet, row, item or ItemState(row.sku, {}), channels).plan(found.errors)
        if change is not None:
            found.items.append(change)
        found.moves += moves
        if change is None and not moves:
            found.unchanged.append(row.sku)
    if found.errors:
        found.errors.sort(key=lambda error: error.row)
        found.items, found.moves, found.unchanged = [], [], []
    return found


def _channel_codes(sheet: Sheet, state: CurrentState, found: Plan) -> dict[str, str]:
    codes: dict[str, str] = {}
    for title in sheet.titles:
        kind, _, called = title.partition(":")
        if kind != "channel":
            continue
        code = state.channel_code(called)
        if code is None:
            known = ", ".join(f"{code} ({name})" for code, name in state.channels.items()) or "–"
            found.errors.append(
                problem("unknown_channel", column=sheet.title(title), name=called, known=known)
            )
        elif code in codes.values():
            other = next(name for name, known in codes.items() if known == code)
            found.errors.append(
                problem("column_twice", column=sheet.title(title), other=sheet.title(f"channel:{other}"))
            )
        else:
            codes[called] = code
    return codes


def _check_names(sheet: Sheet, state: CurrentState, found: Plan) -> None:
    nameless = [row for row in sheet.rows if row.name is None and row.sku not in state.items]
    if not nameless:
        return
    if "name" not in sheet.titles:
        found.errors.append(problem("missing_name_column", count=len(nameless), sku=nameless[0].sku))
        return
    said_already = {(error.row, error.column) for error in sheet.errors}
    found.errors += [
        problem("new_item_needs_name", row.row, sheet.title("name"), row.sku)
        for row in nameless
        if (row.row, sheet.title("name")) not in said_already
    ]


def _put(row: ItemRow, item: ItemState | None) -> PutItem | None:
    old = item.document if item else {}
    new: dict[str, Any] = {key: old[key] for key in ITEM_KEYS if key in old}
    new["name"] = _text(row.name, old.get("name", ""))
    new["variant"] = _text(row.variant, old.get("variant", ""))
    new["price_cents"] = said(row.price_cents, old.get("price_cents"))
    new["cost_cents"] = said(row.cost_cents, old.get("cost_cents"))
    new["image_url"] = said(row.image_url, old.get("image_url"))
    new["limits"] = _limits(row, old.get("limits"))
    before, after = _flat(old), _flat(new)
    changes = tuple(
        FieldChange(name, before[name], after[name]) for name in after if before[name] != after[name]
    )
    if item is not None and not changes:
        return None
    return PutItem(row.row, row.sku, new, item is None, changes)


def _text(wanted: str | None, old: str) -> str:
    """Spaces at the edges, which no sheet keeps, are no change."""
    return old if wanted is None or wanted == to_text(old) else wanted


def _limits(row: ItemRow, old: dict[str, Any] | None) -> dict[str, Any] | None:
    """No limit at all is no limits; a period that counts nothing is kept only if it was there."""
    before = old or {}
    numbers = {name: said(getattr(row, column), before.get(name)) for name, column in _LIMITS}
    if old is None and not any(numbers.values()):
        return None
    if not any(numbers.values()) and any(before.get(name) for name, _ in _LIMITS):
        return None
    return {"period": row.limit_period or before.get("period") or PERIOD_DEFAULT, **numbers}


def _flat(document: Any) -> dict[str, str | int | None]:
    limits = document.get("limits") or {}
    return {
        "name": document.get("name"),
        "variant": document.get("variant") or None,
        "price": document.get("price_cents"),
        "cost": document.get("cost_cents"),
        "limit_period": limits.get("period"),
        **{column: limits.get(name) for name, column in _LIMITS},
        "image": document.get("image_url"),
    }


class _Moves:
    """The moves of one row: more stock in, rights back, less stock out, rights given."""

    def __init__(self, sheet: Sheet, row: ItemRow, item: ItemState, channels: dict[str, str]) -> None:
        self._sheet, self._row, self._item = sheet, row, item
        self._wanted = {
            code: row.channels[called] for called, code in channels.items() if called in row.channels
        }
        self._titles = {code: sheet.title(f"channel:{called}") for called, code in channels.items()}

    def plan(self, errors: list[SheetProblem]) -> list[MoveStock]:
        row, item = self._row, self._item
        if item.is_bundle:
            errors += self._bundle_errors()
            return []
        stock_delta = 0 if row.stock is None else row.stock - item.on_hand
        deltas = {
            code: wanted - item.channels.get(code, Balance()).posted for code, wanted in self._wanted.items()
        }
        found = self._check(stock_delta, deltas)
        if found:
            errors += found
            return []
        recalled = [(f"channel:{code}", "unallocated", -delta) for code, delta in deltas.items() if delta < 0]
        granted = [("unallocated", f"channel:{code}", delta) for code, delta in deltas.items() if delta > 0]
        received = [("supplier", "unallocated", stock_delta)] if stock_delta > 0 else []
        removed = [("unallocated", "adjustment", -stock_delta)] if stock_delta < 0 else []
        return [self._move(*move) for move in (*received, *recalled, *removed, *granted)]

    def _check(self, stock_delta: int, deltas: dict[str, int]) -> list[SheetProblem]:
        found: list[SheetProblem] = []
        for code, delta in deltas.items():
            balance = self._item.channels.get(code, Balance())
            if delta < 0 and -delta > balance.free:
                facts = {"posted": balance.posted, "held": balance.held}
                found.append(self._problem("cannot_lower_channel", code, **facts))
        gives = max(0, -stock_delta) + sum(delta for delta in deltas.values() if delta > 0)
        gets = max(0, stock_delta) - sum(delta for delta in deltas.values() if delta < 0)
        available = self._item.unallocated.free + gets
        if not found and gives > available:
            codes = [code for code, delta in deltas.items() if delta > 0]
            where = codes[0] if codes and stock_delta >= 0 else ""
            found.append(self._problem("not_enough_unallocated", where, available=available, needed=gives))
        return found

    def _bundle_errors(self) -> list[SheetProblem]:
        found = [self._problem("bundle_has_no_stock", code) for code in self._wanted]
        return [self._problem("bundle_has_no_stock", ""), *found] if self._row.stock is not None else found

    def _problem(self, code: str, channel: str, **facts: int) -> SheetProblem:
        """At the channel's column, or at the stock's."""
        column = self._titles[channel] if channel else self._sheet.title("stock")
        value = self._wanted[channel] if channel else self._row.stock
        return problem(code, self._row.row, column, "" if value is None else str(value), **facts)

    def _move(self, source: str, target: str, quantity: int) -> MoveStock:
        row = self._row
        parts = (self._sheet.digest, row.row, row.sku, self._item.version, source, target, quantity)
        digest = sha256("\0".join(map(str, parts)).encode()).hexdigest()
        return MoveStock(f"import-{digest[:40]}", row.row, row.sku, source, target, quantity)
