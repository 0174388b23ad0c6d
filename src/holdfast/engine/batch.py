"""One batch from begin to save: the only way in which anything is ever written to the ledger."""

from collections.abc import Sequence

from holdfast.ledger.apply import apply
from holdfast.ledger.commands import Command
from holdfast.ledger.needs import balance_needs, record_needs
from holdfast.ledger.state import Decision, State
from holdfast.storage.contract import Store

from .clock import LedgerClock


def prepare(store: Store, clock: LedgerClock, commands: Sequence[Command]) -> tuple[list[Decision], State]:
    """Decide the commands and save what they changed, up to but without the commit; raises StoreError.

    A batch that changed nothing (repeats alone) is rolled back here, and there is nothing to commit.
    """
    head = store.begin()
    try:
        state = State(head.commit_number + 1, clock.now_us(head.recorded_at_us))
        store.load_records(state, record_needs(commands))
        store.load_balances(state, balance_needs(commands, state))
        decisions = apply(state, commands)
        if state.changes.any():
            store.save(state)
        else:
            store.rollback()
    except BaseException:
        store.rollback()
        raise
    return decisions, state


def probe(store: Store, clock: LedgerClock) -> None:
    """Write and commit an empty batch, to learn whether the store works; raises StoreError."""
    head = store.begin()
    try:
        store.save(State(head.commit_number + 1, clock.now_us(head.recorded_at_us)))
        store.commit()
    except BaseException:
        store.rollback()
        raise
