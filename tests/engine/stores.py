"""Stores and clocks that do what a test wants of them."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

from holdfast.engine.engine import Engine
from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.commands import Command, PlaceHold, PostTransfer, PutChannel, PutSku
from holdfast.ledger.needs import BalanceNeeds, RecordNeeds
from holdfast.ledger.state import State
from holdfast.storage.contract import Head, StoreError
from holdfast.storage.sqlite import SqliteStore

US = 1_000_000


class WaitingStore(SqliteStore):
    """A store as one on another machine: the engine may not wait for it on its loop."""

    waits = True
    loop_thread = 0
    """Where nothing of this store may run once it is set."""

    def begin(self) -> Head:
        assert threading.get_ident() != self.loop_thread
        return super().begin()

    def commit(self) -> None:
        assert threading.get_ident() != self.loop_thread
        super().commit()

    def due_holds(self, now_us: int, limit: int) -> list[str]:
        assert threading.get_ident() != self.loop_thread
        return super().due_holds(now_us, limit)


class TroubledStore(SqliteStore):
    """A store that fails at one of its steps while `fails_at` says so, and can be held up at its commit."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.fails_at = ""
        self.error: Exception = StoreError("planned")
        self.gate = threading.Event()
        self.gate.set()
        self.batches: list[int] = []

    def begin(self) -> Head:
        self._step("begin")
        return super().begin()

    def load_records(self, state: State, needs: RecordNeeds) -> None:
        self._step("load_records")
        super().load_records(state, needs)

    def load_balances(self, state: State, needs: BalanceNeeds) -> None:
        self._step("load_balances")
        super().load_balances(state, needs)

    def save(self, state: State) -> None:
        super().save(state)
        self._step("save")
        self.batches.append(len(state.changes.audit))

    def commit(self) -> None:
        assert self.gate.wait(10)
        self._step("commit")
        super().commit()
        self._step("after_commit")

    def due_holds(self, now_us: int, limit: int) -> list[str]:
        self._step("due_holds")
        return super().due_holds(now_us, limit)

    def _step(self, name: str) -> None:
        if self.fails_at == name:
            raise self.error


class FakeTime:
    """A wall clock and a steady one that move when they are told to."""

    def __init__(self) -> None:
        self.wall_us = self.steady_us = 1_800_000_000 * US

    def pass_s(self, seconds: float) -> None:
        """Time goes by on both."""
        self.wall_us += int(seconds * US)
        self.steady_us += int(seconds * US)


def place(id: str, quantity: int = 1, ttl_s: int = 60, sku: str = "A") -> PlaceHold:
    return PlaceHold(id, "shop", f"buyer of {id}", ((sku, quantity),), "test", ttl_s=ttl_s)


def stock(id: str, quantity: int, sku: str = "A") -> PostTransfer:
    kinds = (AccountKind.SUPPLIER, "", AccountKind.CHANNEL, "shop")
    return PostTransfer(id, sku, *kinds, quantity, "test", "test")


SETUP: tuple[Command, ...] = (
    PutSku("A", "a", "test"),
    PutChannel("shop", "shop", "s", "test"),
    stock("t", 100),
)


async def set_up(engine: Engine) -> None:
    """An item with a right of 100 in a channel."""
    for command in SETUP:
        await engine.submit((command,))


async def until(condition: Callable[[], bool], timeout_s: float = 5.0) -> None:
    """Let the loop run until something is so."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - what is waited for is in another thread
            await asyncio.sleep(0.002)
