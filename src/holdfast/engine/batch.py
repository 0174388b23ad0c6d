"""One batch from begin to save: the only way in which anything is ever written to the ledger."""

from collections.abc import Sequence

from holdfast.ledger.apply import apply
from holdfast.ledger.codes import SUCCESSES
from holdfast.ledger.commands import Command
from holdfast.ledger.needs import balance_needs, record_needs
from holdfast.ledger.state import Decision, State
from holdfast.storage.contract import Store
from holdfast.storage.records import Record

from .clock import LedgerClock

Attached = tuple[int, int, Sequence[Record]]
"""Records, and from where to where in the batch the commands stand that must all succeed for them."""


def prepare(
    store: Store, clock: LedgerClock, commands: Sequence[Command], attached: Sequence[Attached] = ()
) -> tuple[list[Decision], State, bool]:
    """Decide the commands and save what they changed, up to but without the commit; raises StoreError.

    The last value is whether there is something to commit: a batch that changed nothing (repeats alone) is
    rolled back here.
    """
    head = store.begin()
    try:
        state = State(head.commit_number + 1, clock.now_us(head.recorded_at_us))
        store.load_records(state, record_needs(commands))
        store.load_balances(state, balance_needs(commands, state))
        decisions = apply(state, commands)
        records = [
            record
            for start, end, these in attached
            if all(decision.code in SUCCESSES for decision in decisions[start:end])
            for record in these
        ]
        changed = state.changes.any()
        if changed:
            store.save(state)
        if records:
            store.save_records(records)
        if not changed and not records:
            store.rollback()
    except BaseException:
        store.rollback()
        raise
    return decisions, state, changed or bool(records)


def probe(store: Store, clock: LedgerClock) -> None:
    """Write and commit an empty batch, to learn whether the store works; raises StoreError."""
    head = store.begin()
    try:
        store.save(State(head.commit_number + 1, clock.now_us(head.recorded_at_us)))
        store.commit()
    except BaseException:
        store.rollback()
        raise
