"""One batch from begin to commit: the only way in which anything is ever written to the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from holdfast.ledger.apply import apply
from holdfast.ledger.commands import Command
from holdfast.ledger.needs import balance_needs, record_needs
from holdfast.ledger.state import Decision, State
from holdfast.storage.contract import Store

from .clock import LedgerClock


@dataclass(slots=True)
class Committed:
    """A batch that is on disk: its decisions in order, and the state it left behind."""

    decisions: list[Decision]
    state: State
    commit_s: float


def run_batch(store: Store, clock: LedgerClock, commands: Sequence[Command]) -> Committed:
    """Decide the commands and make them durable; raises StoreError with nothing written.

    After a failed commit the outcome on disk can be unknown. That is safe: nobody was told, and every command
    can be repeated under its own id.
    """
    head = store.begin()
    try:
        state = State(head.commit_number + 1, clock.now_us(head.recorded_at_us))
        store.load_records(state, record_needs(commands))
        store.load_balances(state, balance_needs(commands, state))
        decisions = apply(state, commands)
        if not state.changes.any():
            store.rollback()
            return Committed(decisions, state, 0.0)
        store.save(state)
        started = perf_counter()
        store.commit()
    except BaseException:
        store.rollback()
        raise
    return Committed(decisions, state, perf_counter() - started)


def probe(store: Store, clock: LedgerClock) -> None:
    """Write and commit an empty batch, to learn whether the store works again; raises StoreError."""
    head = store.begin()
    try:
        store.save(State(head.commit_number + 1, clock.now_us(head.recorded_at_us)))
        store.commit()
    except BaseException:
        store.rollback()
        raise
