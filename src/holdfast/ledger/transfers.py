"""Deciding transfers: immutable moves of a whole quantity between two accounts of one SKU."""

from .accounts import BALANCE_MAX, CHANNEL_SCOPED, INSIDE, Account, may_move
from .codes import ResultCode
from .commands import PostTransfer, PostTransfers
from .records import AuditEntry, Detail, Refusal, Transfer
from .state import KIND_TRANSFER, Decision, State

_COMPARED = (
    ("sku", ResultCode.EXISTS_WITH_DIFFERENT_SKU),
    ("location", ResultCode.EXISTS_WITH_DIFFERENT_LOCATION),
    ("from_kind", ResultCode.EXISTS_WITH_DIFFERENT_FROM),
    ("from_scope", ResultCode.EXISTS_WITH_DIFFERENT_FROM),
    ("to_kind", ResultCode.EXISTS_WITH_DIFFERENT_TO),
    ("to_scope", ResultCode.EXISTS_WITH_DIFFERENT_TO),
    ("quantity", ResultCode.EXISTS_WITH_DIFFERENT_QUANTITY),
    ("reason", ResultCode.EXISTS_WITH_DIFFERENT_REASON),
)


def post_transfer(state: State, command: PostTransfer) -> Decision:
    """Decide a transfer; checks run in the order of `ResultCode`, the first that fails answers."""
    replay = _replay(state, command)
    if replay is not None:
        return replay
    cause = _check(state, command)
    if cause is not None:
        return _refuse(state, command, *cause)
    return _post(state, command)


def post_transfers(state: State, command: PostTransfers) -> Decision:
    """Decide transfers that happen together: the first cause against one of them refuses them all.

    The record and the replay are those of the leg that decided: the refused one, or the last.
    """
    replays = [_replay(state, leg) for leg in command.transfers]
    for replay in replays:
        if replay is not None and replay.code is not ResultCode.POSTED:
            return replay
    if replays[-1] is not None and None not in replays:
        return replays[-1]
    if any(replays):
        return Decision(ResultCode.EXISTS_WITH_DIFFERENT_LINES)
    for leg in command.transfers:
        cause = _check(state, leg)
        if cause is not None:
            return _refuse(state, leg, *cause)
    return [_post(state, leg) for leg in command.transfers][-1]


def _post(state: State, command: PostTransfer) -> Decision:
    source, target = _accounts(state, command)
    source.posted -= command.quantity
    target.posted += command.quantity
    state.touch(source)
    state.touch(target)
    transfer = Transfer(
        id=command.id,
        sku=command.sku,
        location=command.location,
        from_kind=command.from_kind,
        from_scope=command.from_scope,
        to_kind=command.to_kind,
        to_scope=command.to_scope,
        quantity=command.quantity,
        reason=command.reason,
        reference=command.reference,
        actor=command.actor,
        event_at_us=state.now_us if command.event_at_us is None else command.event_at_us,
        recorded_at_us=state.now_us,
        pace=command.pace,
    )
    state.transfers[command.id] = transfer
    state.changes.transfers.append(transfer)
    _audit(state, command, ResultCode.POSTED, {})
    return Decision(ResultCode.POSTED, transfer)


def _replay(state: State, command: PostTransfer) -> Decision | None:
    transfer = state.transfers.get(command.id)
    if transfer is not None:
        for name, code in _COMPARED:
            if getattr(command, name) != getattr(transfer, name):
                return Decision(code, transfer)
        return Decision(ResultCode.POSTED, transfer, replayed=True)
    refusal = state.refusals.get((KIND_TRANSFER, command.id))
    if refusal is None:
        return None
    for name, code in _COMPARED:
        if getattr(command, name) != refusal.body[name]:
            return Decision(code)
    return Decision(refusal.code, detail=refusal.detail, replayed=True)


def _accounts(state: State, command: PostTransfer) -> tuple[Account, Account]:
    return (
        state.account(command.sku, command.location, command.from_kind, command.from_scope),
        state.account(command.sku, command.location, command.to_kind, command.to_scope),
    )


def _check(state: State, command: PostTransfer) -> tuple[ResultCode, Detail] | None:
    for kind, scope in (
        (command.from_kind, command.from_scope),
        (command.to_kind, command.to_scope),
    ):
        if kind in CHANNEL_SCOPED and scope not in state.channels:
            return ResultCode.UNKNOWN_CHANNEL, {"channel": scope}
    item = state.skus.get(command.sku)
    if item is None:
        return ResultCode.UNKNOWN_SKU, {"sku": command.sku}
    if (command.from_kind, command.from_scope) == (command.to_kind, command.to_scope):
        return ResultCode.ACCOUNTS_MUST_DIFFER, {}
    if not may_move(command.from_kind, command.to_kind):
        return ResultCode.TRANSFER_NOT_ALLOWED, {
            "from": command.from_kind.value,
            "to": command.to_kind.value,
        }
    if item.components:
        return ResultCode.SKU_IS_BUNDLE, {"sku": command.sku}
    source, target = _accounts(state, command)
    available = source.posted - source.held
    if command.from_kind in INSIDE and command.quantity > available:
        return ResultCode.INSUFFICIENT_AVAILABLE, {
            "sku": command.sku,
            "available": available,
            "asked": command.quantity,
        }
    if source.posted - command.quantity < -BALANCE_MAX or target.posted + command.quantity > BALANCE_MAX:
        return ResultCode.BALANCE_LIMIT_EXCEEDED, {"sku": command.sku}
    return None


def _refuse(state: State, command: PostTransfer, code: ResultCode, detail: Detail) -> Decision:
    body: dict[str, object] = {name: getattr(command, name) for name, _ in _COMPARED}
    refusal = Refusal(KIND_TRANSFER, command.id, code, detail, body, command.actor, state.now_us)
    state.refusals[(KIND_TRANSFER, command.id)] = refusal
    state.changes.refusals.append(refusal)
    _audit(state, command, code, detail)
    return Decision(code, detail=detail)


def _audit(state: State, command: PostTransfer, code: ResultCode, detail: Detail) -> None:
    state.changes.audit.append(
        AuditEntry(
            state.now_us,
            command.actor,
            command.request_id,
            "transfer.post",
            command.id,
            code.value,
            detail,
        )
    )
