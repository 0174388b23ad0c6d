"""Deciding the lists of blocked and allowed buyers."""

from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import ListBuyer
from holdfast.ledger.records import AuditEntry
from holdfast.ledger.state import Decision, State

from .counters import list_key


def list_buyer(state: State, command: ListBuyer) -> Decision:
    """Put a buyer on a list or take them off; it holds from the next command of this very batch on."""
    key = list_key(command.list, command.person, command.kind)
    listed = int(command.listed)
    if state.counts[key] == listed:
        return Decision(ResultCode.UNCHANGED, replayed=True)
    state.counts[key] = state.changes.counts[key] = listed
    state.changes.audit.append(
        AuditEntry(
            state.now_us,
            command.actor,
            command.request_id,
            "buyer.list",
            command.person,
            ResultCode.SAVED.value,
            {"list": command.list, "kind": command.kind, "listed": listed, "reason": command.reason},
        )
    )
    return Decision(ResultCode.SAVED)
