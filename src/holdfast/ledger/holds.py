"""Deciding holds: a two-phase transfer `channel → committed`, all lines or none."""

from .accounts import BALANCE_MAX, MAIN_LOCATION, AccountKind
from .codes import ResultCode
from .commands import ConfirmHold, ExpireHold, PlaceHold, ReleaseHold, ReviewHold
from .guard import decide
from .guard.rules import REVIEW_OPEN, REVIEW_REJECTED, GuardNote
from .records import (
    ACROSS_CHANNELS,
    HOLD_CONFIRMED,
    HOLD_EXPIRED,
    HOLD_PLACED,
    HOLD_RELEASED,
    AuditEntry,
    Component,
    Detail,
    Hold,
    Line,
    Refusal,
    Sku,
    Transfer,
)
from .state import KIND_HOLD, Decision, State

US_PER_S = 1_000_000

SELLABLE = frozenset({AccountKind.CHANNEL, AccountKind.UNALLOCATED, AccountKind.RESERVE})
"""Where units are that are on sale, or can be at any moment."""
DROP_OPEN = "@"
"""In the scope of a drop's account: its window is open, and the units wait for one channel."""

_SETTLED = {
    HOLD_CONFIRMED: ResultCode.HOLD_ALREADY_CONFIRMED,
    HOLD_RELEASED: ResultCode.HOLD_ALREADY_RELEASED,
    HOLD_EXPIRED: ResultCode.HOLD_EXPIRED,
}


def place_hold(state: State, command: PlaceHold) -> Decision:
    """Decide a hold; checks run in the order of `ResultCode`, and the first that fails is the answer."""
    replay = _replay(state, command)
    if replay is not None:
        return replay
    wanted = sum_lines(command.lines)
    cause = check_sale(state, command, wanted)
    guarded: decide.Wanted = []
    conduct = None
    if state.guarded and cause is None:
        guarded = decide.guarded_lines(state, command, wanted)
        conduct = decide.conduct(state, command, guarded)
        cause = conduct.refusal
    cause = cause or check_limits(state, command, wanted)
    if guarded:
        cause = cause or decide.exposure(state, guarded)
    if cause is not None:
        return _refuse(state, command, *cause)
    lines = lines_of(state, wanted)
    draws = draws_of(state, lines)
    for draw in draws:
        account = state.account(draw.sku, MAIN_LOCATION, AccountKind.CHANNEL, command.channel)
        available = account.posted - account.held
        if draw.quantity > available:
            return _refuse(state, command, *_short(state, draw, available))
    if not guarded or conduct is None:
        return hold_units(state, command, lines, draws, {})
    if conduct.queue is not None:
        # Neither remembered nor in the trail: the same command comes again, and may have another answer.
        return Decision(conduct.queue[0], detail=conduct.queue[1])
    note = decide.take(state, command, guarded, conduct.review)
    return hold_units(state, command, lines, draws, {}, note)


def _short(state: State, draw: Line, available: int) -> tuple[ResultCode, Detail]:
    """Why units are lacking: there are none, or all that can be sold is locked for drops that open later."""
    locked = 0
    for account in state.accounts_of(draw.sku):
        left = account.posted - account.held
        if left > 0 and account.key.kind in SELLABLE:
            break
        if left > 0 and account.key.kind is AccountKind.DROP:
            if DROP_OPEN in account.key.scope:
                break
            locked += left
    else:
        if locked:
            return ResultCode.SALE_NOT_OPEN, {"sku": draw.sku, "locked": locked}
    return ResultCode.INSUFFICIENT_AVAILABLE, {
        "sku": draw.sku,
        "available": available,
        "asked": draw.quantity,
    }


def hold_units(
    state: State,
    command: PlaceHold,
    lines: tuple[Line, ...],
    draws: tuple[Line, ...],
    detail: Detail,
    note: GuardNote | None = None,
) -> Decision:
    """Keep the units, which must be there, and count them for the buyer; `detail` goes to the trail."""
    now_us = state.now_us
    for draw in draws:
        account = state.account(draw.sku, MAIN_LOCATION, AccountKind.CHANNEL, command.channel)
        account.held += draw.quantity
        state.touch(account)
    hold = Hold(
        command.id,
        command.channel,
        command.buyer,
        command.buyer_key,
        lines,
        draws,
        command.ttl_s,
        HOLD_PLACED,
        now_us + command.ttl_s * US_PER_S,
        now_us if command.event_at_us is None else command.event_at_us,
        now_us,
        command.actor,
    )
    _count(state, hold, +1)
    if note is not None:
        detail = _mark(state, hold, note, detail)
    state.holds[hold.id] = hold
    state.changes.new_holds.append(hold)
    state.changes.audit.append(
        AuditEntry(now_us, command.actor, command.request_id, "hold.place", hold.id, "placed", detail)
    )
    return Decision(ResultCode.PLACED, hold)


def _mark(state: State, hold: Hold, note: GuardNote, detail: Detail) -> Detail:
    """Note with a hold what the guards found; returns what the trail tells of it."""
    hold.guard = note
    state.changes.marked_holds.append(hold)
    if not note.cause:
        return detail
    hold.review = REVIEW_OPEN
    return {**detail, **(note.facts or {}), "review": note.cause}


def confirm_hold(state: State, command: ConfirmHold) -> Decision:
    """Move a placed hold's units to `committed`; past its time it expires instead."""
    hold = state.holds.get(command.id)
    if hold is None:
        return Decision(ResultCode.UNKNOWN_HOLD)
    if hold.status == HOLD_CONFIRMED:
        return Decision(ResultCode.CONFIRMED, hold, replayed=True)
    if hold.status != HOLD_PLACED:
        return Decision(_SETTLED[hold.status], hold)
    if hold.expires_at_us <= state.now_us:
        _give_back(state, hold, HOLD_EXPIRED, command.actor, command.request_id)
        return Decision(ResultCode.HOLD_EXPIRED, hold)
    for sku, quantity, _ in hold.draws:
        if (
            state.account(sku, MAIN_LOCATION, AccountKind.COMMITTED, hold.channel).posted + quantity
            > BALANCE_MAX
        ):
            return Decision(ResultCode.BALANCE_LIMIT_EXCEEDED, hold, {"sku": sku})
    for sku, quantity, _ in hold.draws:
        _move_held(state, hold, sku, quantity, command.actor)
    _settle(state, hold, HOLD_CONFIRMED, command.actor, command.request_id)
    return Decision(ResultCode.CONFIRMED, hold)


def release_hold(state: State, command: ReleaseHold) -> Decision:
    """Give a placed hold back at the caller's wish."""
    hold = state.holds.get(command.id)
    if hold is None:
        return Decision(ResultCode.UNKNOWN_HOLD)
    if hold.status == HOLD_RELEASED:
        return Decision(ResultCode.RELEASED, hold, replayed=True)
    if hold.status != HOLD_PLACED:
        return Decision(_SETTLED[hold.status], hold)
    _give_back(state, hold, HOLD_RELEASED, command.actor, command.request_id)
    return Decision(ResultCode.RELEASED, hold)


def expire_hold(state: State, command: ExpireHold) -> Decision:
    """Give a hold back whose time is over; `not_due` before that or once it is settled."""
    hold = state.holds.get(command.id)
    if hold is None:
        return Decision(ResultCode.UNKNOWN_HOLD)
    if hold.status != HOLD_PLACED or hold.expires_at_us > state.now_us:
        return Decision(ResultCode.NOT_DUE, hold)
    _give_back(state, hold, HOLD_EXPIRED, command.actor, command.request_id)
    return Decision(ResultCode.EXPIRED, hold)


def review_hold(state: State, command: ReviewHold) -> Decision:
    """Settle a review; what is rejected and neither paid nor over is released, what is paid stays sold."""
    hold = state.holds.get(command.id)
    if hold is None:
        return Decision(ResultCode.UNKNOWN_HOLD)
    if hold.review is None:
        return Decision(ResultCode.NOT_IN_REVIEW, hold)
    if hold.review == command.verdict:
        return Decision(ResultCode.UNCHANGED, hold, replayed=True)
    if hold.review != REVIEW_OPEN:
        return Decision(ResultCode.REVIEW_ALREADY_DECIDED, hold, {"review": hold.review})
    hold.review = command.verdict
    state.changes.marked_holds.append(hold)
    detail: Detail = {"verdict": command.verdict, "reason": command.reason}
    state.changes.audit.append(
        AuditEntry(
            state.now_us, command.actor, command.request_id, "hold.review", hold.id, command.verdict, detail
        )
    )
    if command.verdict == REVIEW_REJECTED and hold.status == HOLD_PLACED:
        _give_back(state, hold, HOLD_RELEASED, command.actor, command.request_id)
    return Decision(ResultCode.SAVED, hold)


def lines_of(state: State, wanted: dict[str, int]) -> tuple[Line, ...]:
    """One line for each SKU, with the limit period that it is counted in."""
    return tuple([Line(sku, quantity, _period(state.skus[sku])) for sku, quantity in wanted.items()])


def sum_lines(lines: tuple[tuple[str, int], ...]) -> dict[str, int]:
    """Lines of the same SKU count together, so that no limit can be split around."""
    wanted: dict[str, int] = {}
    for sku, quantity in lines:
        wanted[sku] = wanted.get(sku, 0) + quantity
    return wanted


def _replay(state: State, command: PlaceHold) -> Decision | None:
    """The first answer to this id, or what differs from the first body; None for a new id."""
    hold = state.holds.get(command.id)
    if hold is not None:
        first = {line.sku: line.quantity for line in hold.lines}
        different = difference(command, hold.channel, hold.buyer, hold.buyer_key, first, hold.ttl_s)
        return Decision(different or ResultCode.PLACED, hold, replayed=different is None)
    refusal = state.refusals.get((KIND_HOLD, command.id))
    if refusal is None:
        return None
    body = refusal.body
    lines = body["lines"]
    assert isinstance(lines, dict)
    different = difference(command, body["channel"], body["buyer"], body["buyer_key"], lines, body["ttl_s"])
    if different is not None:
        return Decision(different)
    return Decision(refusal.code, detail=refusal.detail, replayed=True)


def difference(
    command: PlaceHold,
    channel: object,
    buyer: object,
    buyer_key: object,
    lines: dict[str, int],
    ttl_s: object,
) -> ResultCode | None:
    """What makes this command another one than the first of its id; None if it is the same."""
    wanted = sum_lines(command.lines)
    if command.channel != channel:
        return ResultCode.EXISTS_WITH_DIFFERENT_CHANNEL
    if command.buyer != buyer or command.buyer_key != buyer_key:
        return ResultCode.EXISTS_WITH_DIFFERENT_BUYER
    if wanted.keys() != lines.keys():
        return ResultCode.EXISTS_WITH_DIFFERENT_LINES
    if wanted != lines:
        return ResultCode.EXISTS_WITH_DIFFERENT_QUANTITY
    if command.ttl_s != ttl_s:
        return ResultCode.EXISTS_WITH_DIFFERENT_TTL
    return None


_Cause = tuple[ResultCode, Detail]


def check_sale(state: State, command: PlaceHold, wanted: dict[str, int]) -> _Cause | None:
    """Whether all that is asked for exists and may be sold now, bundles and what they draw on alike."""
    channel = state.channels.get(command.channel)
    if channel is None:
        return ResultCode.UNKNOWN_CHANNEL, {"channel": command.channel}
    unconditional = not channel.frozen
    for sku in wanted:
        item_or_none = state.skus.get(sku)
        if item_or_none is None:
            return ResultCode.UNKNOWN_SKU, {"sku": sku}
        unconditional = unconditional and _sells_always(item_or_none)
    if unconditional:
        return None
    if channel.frozen:
        return ResultCode.CHANNEL_FROZEN, {"channel": command.channel}
    for sku in wanted:
        item = state.skus[sku]
        if item.frozen:
            return ResultCode.SKU_FROZEN, {"sku": sku}
        for component in item.components:
            if state.skus[component.sku].frozen:
                return ResultCode.SKU_FROZEN, {"sku": component.sku}
    for sku in wanted:
        opens_at_us = state.skus[sku].sale_opens_at_us
        if opens_at_us is not None and state.now_us < opens_at_us:
            return ResultCode.SALE_NOT_OPEN, {"sku": sku}
    for sku in wanted:
        closes_at_us = state.skus[sku].sale_closes_at_us
        if closes_at_us is not None and state.now_us >= closes_at_us:
            return ResultCode.SALE_CLOSED, {"sku": sku}
    return None


def _sells_always(item: Sku) -> bool:
    # Most items have no conditions, and every hold asks: then the causes need not be looked for one by one.
    return (
        not item.frozen
        and not item.components
        and item.sale_opens_at_us is None
        and item.sale_closes_at_us is None
    )


def check_limits(state: State, command: PlaceHold, wanted: dict[str, int]) -> _Cause | None:
    """Per order, per buyer in this channel, per buyer over all channels: in that order for each SKU."""
    for sku, quantity in wanted.items():
        limits = state.skus[sku].limits
        if limits is None:
            continue
        if limits.per_order is not None and quantity > limits.per_order:
            return _limit_cause(sku, "per_order", limits.per_order, 0, quantity)
        allowed = limits.per_buyer
        if allowed is not None:
            taken = state.count(sku, limits.period, command.buyer, command.channel)
            if taken + quantity > allowed:
                return _limit_cause(sku, "per_buyer", allowed, taken, quantity)
        allowed = limits.per_buyer_across_channels
        if allowed is not None:
            person = command.buyer_key or command.buyer
            taken = state.count(sku, limits.period, person, ACROSS_CHANNELS)
            if taken + quantity > allowed:
                return _limit_cause(sku, "per_buyer_across_channels", allowed, taken, quantity)
    return None


def _limit_cause(sku: str, limit: str, allowed: int, taken: int, asked: int) -> _Cause:
    return ResultCode.PURCHASE_LIMIT_EXCEEDED, {
        "sku": sku,
        "limit": limit,
        "allowed": allowed,
        "taken": taken,
        "asked": asked,
    }


def draws_of(state: State, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """What the lines draw on once bundles are taken apart, summed per counted SKU."""
    for line in lines:
        if state.skus[line.sku].components:
            break
    else:
        return lines
    draws: dict[str, int] = {}
    for sku, quantity, _ in lines:
        for part in state.skus[sku].components or (Component(sku, 1),):
            draws[part.sku] = draws.get(part.sku, 0) + quantity * part.quantity
    return tuple(Line(sku, quantity) for sku, quantity in draws.items())


def _period(item: Sku) -> str:
    return item.limits.period if item.limits is not None else ""


def _count(state: State, hold: Hold, sign: int) -> None:
    """Add the hold's limited lines to the buyer's counters, or take them off again."""
    for sku, quantity, period in hold.lines:
        if not period:
            continue
        state.add_count(sku, period, hold.buyer, hold.channel, sign * quantity)
        state.add_count(sku, period, hold.buyer_key or hold.buyer, ACROSS_CHANNELS, sign * quantity)


def _refuse(state: State, command: PlaceHold, code: ResultCode, detail: Detail) -> Decision:
    body: dict[str, object] = {
        "channel": command.channel,
        "buyer": command.buyer,
        "buyer_key": command.buyer_key,
        "lines": sum_lines(command.lines),
        "ttl_s": command.ttl_s,
    }
    if state.guarded:
        body |= decide.noted(command)
    refusal = Refusal(KIND_HOLD, command.id, code, detail, body, command.actor, state.now_us)
    state.refusals[(KIND_HOLD, command.id)] = refusal
    state.changes.refusals.append(refusal)
    state.changes.audit.append(
        AuditEntry(
            state.now_us,
            command.actor,
            command.request_id,
            "hold.place",
            command.id,
            code.value,
            detail,
        )
    )
    return Decision(code, detail=detail)


def _move_held(state: State, hold: Hold, sku: str, quantity: int, actor: str) -> None:
    source = state.account(sku, MAIN_LOCATION, AccountKind.CHANNEL, hold.channel)
    target = state.account(sku, MAIN_LOCATION, AccountKind.COMMITTED, hold.channel)
    source.held -= quantity
    source.posted -= quantity
    target.posted += quantity
    state.touch(source)
    state.touch(target)
    state.changes.transfers.append(
        Transfer(
            id=None,
            sku=sku,
            location=MAIN_LOCATION,
            from_kind=AccountKind.CHANNEL,
            from_scope=hold.channel,
            to_kind=AccountKind.COMMITTED,
            to_scope=hold.channel,
            quantity=quantity,
            reason="hold_confirmed",
            reference=hold.id,
            actor=actor,
            event_at_us=state.now_us,
            recorded_at_us=state.now_us,
        )
    )


def _give_back(state: State, hold: Hold, status: str, actor: str, request_id: str) -> None:
    for sku, quantity, _ in hold.draws:
        account = state.account(sku, MAIN_LOCATION, AccountKind.CHANNEL, hold.channel)
        account.held -= quantity
        state.touch(account)
    _count(state, hold, -1)
    if hold.guard is not None:
        decide.give_back(state, hold)
    _settle(state, hold, status, actor, request_id)


def _settle(state: State, hold: Hold, status: str, actor: str, request_id: str) -> None:
    hold.status = status
    hold.settled_at_us = state.now_us
    hold.settled_by = actor
    state.changes.settled_holds.append(hold)
    state.changes.audit.append(AuditEntry(state.now_us, actor, request_id, _ACTIONS[status], hold.id, status))


_ACTIONS = {
    HOLD_CONFIRMED: "hold.confirm",
    HOLD_RELEASED: "hold.release",
    HOLD_EXPIRED: "hold.expire",
}
