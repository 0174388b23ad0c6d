"""A sheet of listings against a server: compared, tried out, put."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from holdfast.cli.client import ApiClient, RequestFailed, path_of
from holdfast.sheets.listings import ListingPlan, ListingSheet, PutListing, plan
from holdfast.sheets.problems import SheetProblem, problem

WORKERS = 8
_REFUSALS = (404, 409, 422)


@dataclass(slots=True)
class Applied:
    """How far an import came; `failed` is what stopped it."""

    done: int = 0
    failed: RequestFailed | None = None
    at: PutListing | None = None


def plan_with(client: ApiClient, sheet: ListingSheet, *, lower_counter: bool) -> ListingPlan:
    """Compare with the server; raises RequestFailed."""
    channels = {item["channel"]: item["name"] for item in client.get("/v1/channels")["items"]}
    skus = {item["sku"] for item in client.pages("/v1/skus")}
    known = {(item["channel"], item["listing"]): item for item in client.pages("/v1/listings")}
    return plan(sheet, channels, skus, known, lower_counter=lower_counter)


def _path(put: PutListing) -> str:
    return path_of("v1", "channels", put.channel, "listings", put.listing)


def try_out(
    client: ApiClient, found: ListingPlan, on_done: Callable[[int], None] = lambda _: None
) -> list[SheetProblem]:
    """Ask the server, without changing anything, which of them it would refuse."""

    def one(put: PutListing) -> SheetProblem | None:
        try:
            client.call("PUT", _path(put), put.body, query={"dry_run": "true"})
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
            client.put(_path(put), put.body)
        except RequestFailed as error:
            applied.failed, applied.at = error, put
            break
        applied.done += 1
        on_done(1)
    return applied
