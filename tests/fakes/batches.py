"""Running commands on a store in batches at a time the test chooses, as the engine does with a clock."""

from collections.abc import Iterator, Sequence

from holdfast.ledger.apply import apply, changes_rules
from holdfast.ledger.commands import Command
from holdfast.ledger.needs import balance_needs, record_needs
from holdfast.ledger.state import Decision, State
from holdfast.storage.contract import Store

US = 1_000_000


def load(store: Store, commands: Sequence[Command], now_us: int) -> State:
    """Begin a batch and load what it needs; the caller ends it."""
    head = store.begin()
    state = State(head.commit_number + 1, max(now_us, head.recorded_at_us))
    store.load_records(state, record_needs(commands))
    store.load_balances(state, balance_needs(commands, state))
    return state


def decide(store: Store, commands: Sequence[Command], now_us: int) -> list[Decision]:
    """Decide and commit, a command that changes the rules in a batch of its own."""
    return [decision for batch in split(commands) for decision in _decide(store, batch, now_us)]


def split(commands: Sequence[Command]) -> Iterator[list[Command]]:
    """Batches in which each command finds loaded what it needs."""
    batch: list[Command] = []
    for command in commands:
        if changes_rules(command):
            if batch:
                yield batch
            yield [command]
            batch = []
        else:
            batch.append(command)
    if batch:
        yield batch


def _decide(store: Store, commands: Sequence[Command], now_us: int) -> list[Decision]:
    try:
        state = load(store, commands, now_us)
        decisions = apply(state, commands)
        if state.changes.any():
            store.save(state)
            store.commit()
    finally:
        store.rollback()
    return decisions
