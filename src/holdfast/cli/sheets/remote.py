"""A plan and a running server: read what is, apply what is wanted."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from threading import Lock

from holdfast.cli.client import ApiClient, RequestFailed, path_of
from holdfast.sheets.plan import MoveStock, Plan, PutItem
from holdfast.sheets.state import CurrentState, state_from_documents

WORKERS = 12
"""Calls at once: the server commits what waits together, so a crowd is faster than a queue."""


@dataclass(slots=True)
class Applied:
    """How far an import came; `failed` is what stopped it, at the SKU where it happened."""

    items: int = 0
    moves: int = 0
    replayed: int = 0
    failed: RequestFailed | None = None
    failed_sku: str = ""


def fetch_state(client: ApiClient) -> CurrentState:
    """Read all items, stock and channels; stock comes last, as it is what changes."""
    skus = list(client.pages("/v1/skus"))
    channels = client.get("/v1/channels")["items"]
    return state_from_documents(skus, client.pages("/v1/stock"), channels)


def apply(client: ApiClient, plan: Plan, on_done: Callable[[int], None] = lambda _: None) -> Applied:
    """All items, then all moves, those of one item in their order; stops at the first failure."""
    if plan.errors:
        raise ValueError("a plan with errors is not applied")
    run = _Run(client, on_done)
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="holdfast-import") as pool:
        run.all(pool, [[item] for item in plan.items])
        if run.applied.failed is None:
            by_sku = [list(moves) for _, moves in groupby(plan.moves, attrgetter("sku"))]
            run.all(pool, by_sku)
    return run.applied


class _Run:
    def __init__(self, client: ApiClient, on_done: Callable[[int], None]) -> None:
        self._client = client
        self._on_done = on_done
        self._lock = Lock()
        self.applied = Applied()

    def all(self, pool: ThreadPoolExecutor, groups: Iterable[list[PutItem] | list[MoveStock]]) -> None:
        futures: list[Future[None]] = [pool.submit(self._group, group) for group in groups]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            for future in futures:
                future.cancel()
        for future in futures:
            if not future.cancelled():
                future.result()

    def _group(self, group: list[PutItem] | list[MoveStock]) -> None:
        for operation in group:
            if self.applied.failed is not None:
                return
            try:
                self._one(operation)
            except RequestFailed as error:
                with self._lock:
                    if self.applied.failed is None:
                        self.applied.failed, self.applied.failed_sku = error, operation.sku
                return

    def _one(self, operation: PutItem | MoveStock) -> None:
        if isinstance(operation, PutItem):
            self._client.put(path_of("v1", "skus", operation.sku), operation.document)
            replayed = False
        else:
            replayed = self._client.post("/v1/transfers", operation.body()).replayed
        with self._lock:
            self.applied.items += isinstance(operation, PutItem)
            self.applied.moves += isinstance(operation, MoveStock)
            self.applied.replayed += replayed
            self._on_done(1)
