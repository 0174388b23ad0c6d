"""Booking the orders of platforms, which sell from counters of their own and tell us later."""

from .accounts import BALANCE_MAX, MAIN_LOCATION, AccountKind
from .codes import ResultCode
from .commands import ORDER_TTL_S, ConfirmHold, PlaceHold, RecordOrder
from .guard import decide
from .guard.rules import GuardNote
from .holds import check_limits, confirm_hold, difference, draws_of, hold_units, lines_of, sum_lines
from .records import HOLD_CONFIRMED, HOLD_PLACED, Detail, Hold, Line, Transfer
from .state import Decision, State


def record_order(state: State, command: RecordOrder) -> Decision:
    """Decide a platform's order: placed, or confirmed at once if it is paid.

    `oversold` in the detail are the units of this order beyond the right that the channel had. An order
    of an unknown item or channel is refused and not remembered: it can be booked once that is mended.
    """
    as_hold = PlaceHold(
        command.id,
        command.channel,
        command.buyer,
        command.lines,
        command.actor,
        command.buyer_key,
        ORDER_TTL_S,
        command.event_at_us,
        command.request_id,
    )
    hold = state.holds.get(command.id)
    if hold is not None:
        return _again(state, command, as_hold, hold)
    cause = _check_known(state, command)
    if cause is not None:
        return Decision(cause[0], detail=cause[1])
    wanted = sum_lines(command.lines)
    lines = lines_of(state, wanted)
    draws = draws_of(state, lines)
    cause = _check_bounds(state, command, draws)
    if cause is not None:
        return Decision(cause[0], detail=cause[1])
    note = _note(state, as_hold, wanted)
    oversold = sum(_make_whole(state, command, draw) for draw in draws)
    detail: Detail = {"oversold": oversold} if oversold else {}
    decision = hold_units(state, as_hold, lines, draws, detail, note)
    if command.paid:
        decision = confirm_hold(state, ConfirmHold(command.id, command.actor, command.request_id))
    decision.detail = detail
    return decision


def _note(state: State, as_hold: PlaceHold, wanted: dict[str, int]) -> GuardNote | None:
    """What the order breaks, for a person to look at: it is sold already, and counts for the exposure."""
    guarded = decide.guarded_lines(state, as_hold, wanted) if state.guarded else []
    cause = None
    if guarded:
        conduct = decide.conduct(state, as_hold, guarded, ticketed=False)
        cause = conduct.refusal or conduct.queue or conduct.review
    cause = cause or check_limits(state, as_hold, wanted) or decide.exposure(state, guarded)
    if guarded:
        return decide.take(state, as_hold, guarded, cause)
    return None if cause is None else GuardNote(cause=cause[0].value, facts=cause[1])


def _again(state: State, command: RecordOrder, as_hold: PlaceHold, hold: Hold) -> Decision:
    """A later telling of the order: it may have been paid meanwhile, and an old one changes nothing."""
    first = {line.sku: line.quantity for line in hold.lines}
    different = difference(as_hold, hold.channel, hold.buyer, hold.buyer_key, first, hold.ttl_s)
    if different is not None:
        return Decision(different, hold)
    if hold.status == HOLD_CONFIRMED or (command.paid and hold.status == HOLD_PLACED):
        return confirm_hold(state, ConfirmHold(command.id, command.actor, command.request_id))
    if command.paid:
        return Decision(ResultCode.HOLD_ALREADY_RELEASED, hold)
    return Decision(ResultCode.PLACED, hold, replayed=True)


def _check_known(state: State, command: RecordOrder) -> tuple[ResultCode, Detail] | None:
    if command.channel not in state.channels:
        return ResultCode.UNKNOWN_CHANNEL, {"channel": command.channel}
    for sku, _ in command.lines:
        if sku not in state.skus:
            return ResultCode.UNKNOWN_SKU, {"sku": sku}
    return None


def _check_bounds(
    state: State, command: RecordOrder, draws: tuple[Line, ...]
) -> tuple[ResultCode, Detail] | None:
    for draw in draws:
        for kind in (AccountKind.CHANNEL, AccountKind.COMMITTED):
            account = state.account(draw.sku, MAIN_LOCATION, kind, command.channel)
            if account.posted + draw.quantity > BALANCE_MAX:
                return ResultCode.BALANCE_LIMIT_EXCEEDED, {"sku": draw.sku}
    return None


def _make_whole(state: State, command: RecordOrder, draw: Line) -> int:
    """Bring the right up to what was sold, on credit; returns the units that were missing."""
    right = state.account(draw.sku, MAIN_LOCATION, AccountKind.CHANNEL, command.channel)
    missing = draw.quantity - (right.posted - right.held)
    if missing <= 0:
        return 0
    debt = state.account(draw.sku, MAIN_LOCATION, AccountKind.OVERSOLD, command.channel)
    debt.posted -= missing
    right.posted += missing
    state.touch(debt)
    state.touch(right)
    state.changes.transfers.append(
        Transfer(
            id=None,
            sku=draw.sku,
            location=MAIN_LOCATION,
            from_kind=AccountKind.OVERSOLD,
            from_scope=command.channel,
            to_kind=AccountKind.CHANNEL,
            to_scope=command.channel,
            quantity=missing,
            reason="oversold",
            reference=command.id,
            actor=command.actor,
            event_at_us=state.now_us if command.event_at_us is None else command.event_at_us,
            recorded_at_us=state.now_us,
        )
    )
    return missing
