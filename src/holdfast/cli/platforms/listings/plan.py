"""From rows to what will be put: what differs from the server, and what the server would refuse."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from holdfast.cli.client import ApiClient, RequestFailed, path_of
from holdfast.sheets.problems import SheetProblem, problem

from .rows import ListingLine, ListingSheet

WORKERS = 8
_REFUSALS = (404, 409, 422)
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

    @property
    def path(self) -> str:
        """Where it is put."""
        return path_of("v1", "channels", self.channel, "listings", self.listing)


@dataclass(slots=True)
class ListingPlan:
    """What a sheet comes to; with any error nothing is put."""

    puts: list[PutListing] = field(default_factory=list)
    unchanged: int = 0
    errors: list[SheetProblem] = field(default_factory=list)
    warnings: list[SheetProblem] = field(default_factory=list)


@dataclass(slots=True)
class Applied:
    """How far an import came; `failed` is what stopped it."""

    done: int = 0
    failed: RequestFailed | None = None
    at: PutListing | None = None


def plan(sheet: ListingSheet, client: ApiClient, *, lower_counter: bool) -> ListingPlan:
    """Compare with the server; raises RequestFailed."""
    found = ListingPlan(errors=list(sheet.errors), warnings=list(sheet.warnings))
    channels = {item["channel"] for item in client.get("/v1/channels")["items"]}
    skus = {item["sku"] for item in client.pages("/v1/skus")}
    known = {(item["channel"], item["listing"]): item for item in client.pages("/v1/listings")}
    for line in sheet.lines:
        before = len(found.errors)
        if line.channel not in channels:
            names = ", ".join(sorted(channels))
            found.errors.append(
                problem("unknown_channel", line.row, "channel", line.channel, name=line.channel, known=names)
            )
        if line.sku not in skus:
            found.errors.append(problem("unknown_item", line.row, "sku", line.sku))
        if len(found.errors) == before:
            _add(found, line, known.get((line.channel, line.listing)), lower_counter=lower_counter)
    return found


def _add(found: ListingPlan, line: ListingLine, old: dict[str, Any] | None, *, lower_counter: bool) -> None:
    rule = {**(old["rule"] if old else DEFAULT_RULE), **line.rule}
    if rule["maximum"] is not None and rule["maximum"] < rule["minimum"]:
        found.errors.append(
            problem(
                "maximum_below_minimum", line.row, "maximum", str(rule["maximum"]), minimum=rule["minimum"]
            )
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
        "lower_counter": lower_counter,
    }
    found.puts.append(PutListing(line.row, line.channel, line.listing, old is None, body, changes))


def try_out(
    client: ApiClient, found: ListingPlan, on_done: Callable[[int], None] = lambda _: None
) -> list[SheetProblem]:
    """Ask the server, without changing anything, which of them it would refuse."""

    def one(put: PutListing) -> SheetProblem | None:
        try:
            client.call("PUT", put.path, put.body, query={"dry_run": "true"})
        except RequestFailed as error:
            if error.status not in _REFUSALS:
                raise
            detail = f"{error.detail} [{error.code}]"
            return problem("refused", put.row, error.field or "product", put.listing, detail=detail)
        finally:
            on_done(1)
        return None

    with ThreadPoolExecutor(WORKERS, thread_name_prefix="holdfast-listings") as pool:
        return [refused for refused in pool.map(one, found.puts) if refused is not None]


def apply(
    client: ApiClient, puts: Iterable[PutListing], on_done: Callable[[int], None] = lambda _: None
) -> Applied:
    """Put them in the order of the sheet; stops at the first failure."""
    applied = Applied()
    for put in puts:
        try:
            client.put(put.path, put.body)
        except RequestFailed as error:
            applied.failed, applied.at = error, put
            break
        applied.done += 1
        on_done(1)
    return applied
