"""From rows to what will be put: what differs from the server, and what the server would refuse."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from holdfast.sheets.problems import SheetProblem, problem
from holdfast.sheets.state import CurrentState

from .rows import Column, ListingLine, ListingSheet

DEFAULT_RULE: dict[str, Any] = {
    "weight": 1.0,
    "minimum": 0,
    "maximum": None,
    "paused": False,
    "fixed": None,
}


@dataclass(frozen=True, slots=True)
class PutListing:
    """A listing to put: the whole body, and what it changes (old, new) by field."""

    row: int
    channel: str
    listing: str
    is_new: bool
    body: dict[str, Any]
    changes: dict[str, tuple[Any, Any]]


@dataclass(slots=True)
class ListingPlan:
    """What a sheet comes to; with any error nothing is put."""

    puts: list[PutListing] = field(default_factory=list)
    unchanged: int = 0
    errors: list[SheetProblem] = field(default_factory=list)
    warnings: list[SheetProblem] = field(default_factory=list)


def plan(
    sheet: ListingSheet,
    channels: Mapping[str, str],
    skus: Collection[str],
    known: Mapping[tuple[str, str], Mapping[str, Any]],
    *,
    lower_counter: bool,
) -> ListingPlan:
    """Compare with what is: the channels' names by code, the items, the listings by channel and name."""
    found = ListingPlan(errors=list(sheet.errors), warnings=list(sheet.warnings))
    planner = _Planner(sheet, CurrentState(channels=channels), skus, known, lower_counter)
    for line in sheet.lines:
        planner.add(line, found)
    return found


@dataclass(slots=True)
class _Planner:
    """Looks at one line after the other."""

    sheet: ListingSheet
    state: CurrentState
    skus: Collection[str]
    known: Mapping[tuple[str, str], Mapping[str, Any]]
    lower_counter: bool
    rows: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, line: ListingLine, found: ListingPlan) -> None:
        """What one line changes, or what is wrong with it."""
        before = len(found.errors)
        channel = self.state.channel_code(line.channel)
        if channel is None:
            known = ", ".join(f"{code} ({name})" for code, name in self.state.channels.items()) or "–"
            facts = {"name": line.channel, "known": known}
            found.errors.append(self._problem("unknown_channel", line, Column.CHANNEL, line.channel, **facts))
        if line.sku not in self.skus:
            found.errors.append(self._problem("unknown_item", line, Column.SKU, line.sku))
        if channel is None or len(found.errors) > before:
            return
        # A channel's code in one row and its name in another are the same listing.
        first = self.rows.setdefault((channel, line.listing), line.row)
        if first != line.row:
            found.errors.append(
                self._problem("duplicate_listing", line, Column.PRODUCT, line.listing, other=first)
            )
            return
        self._compare(line, channel, found)

    def _compare(self, line: ListingLine, channel: str, found: ListingPlan) -> None:
        old = self.known.get((channel, line.listing))
        rule = {**(old["rule"] if old else DEFAULT_RULE), **line.rule}
        maximum, minimum = rule["maximum"], rule["minimum"]
        if maximum is not None and maximum < minimum:
            found.errors.append(
                self._problem("maximum_below_minimum", line, Column.MAXIMUM, str(maximum), minimum=minimum)
            )
            return
        code = line.merchant_code if line.merchant_code is not None else old["merchant_code"] if old else ""
        new = {"sku": line.sku, "merchant_code": code, **rule}
        before = {"sku": old["sku"], "merchant_code": old["merchant_code"], **old["rule"]} if old else {}
        changes = {
            name: (before.get(name), value)
            for name, value in new.items()
            if before.get(name, DEFAULT_RULE.get(name, "")) != value
        }
        if old is not None and not changes:
            found.unchanged += 1
            return
        body = {
            "sku": line.sku,
            "product": line.product,
            "variant": line.variant,
            "warehouse": line.warehouse,
            "merchant_code": code,
            "rule": rule,
            "lower_counter": self.lower_counter,
        }
        found.puts.append(PutListing(line.row, channel, line.listing, old is None, body, changes))

    def _problem(
        self, code: str, line: ListingLine, column: Column, value: str, **facts: str | int
    ) -> SheetProblem:
        return problem(code, line.row, self.sheet.title(column), value, **facts)
