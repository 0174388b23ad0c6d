"""Deciding items and channels; a description can change at any time, stock only by transfer."""

import json
from dataclasses import asdict, is_dataclass, replace
from typing import Any

from .codes import ResultCode
from .commands import PutChannel, PutSku
from .records import AuditEntry, Channel, Detail, Sku
from .state import Decision, State


def put_sku(state: State, command: PutSku) -> Decision:
    """Create or replace an item; a bundle draws on counted items only, never on bundles."""
    old = state.skus.get(command.sku)
    cause = _check_bundle(state, command, old)
    if cause is not None:
        _audit(state, command, "sku.put", command.sku, cause[0], cause[1])
        return Decision(cause[0], detail=cause[1])
    new = Sku(
        sku=command.sku,
        name=command.name,
        variant=command.variant,
        price_cents=command.price_cents,
        cost_cents=command.cost_cents,
        frozen=command.frozen,
        sale_opens_at_us=command.sale_opens_at_us,
        sale_closes_at_us=command.sale_closes_at_us,
        limits=command.limits,
        components=command.components,
        is_component=old.is_component if old else False,
        created_at_us=old.created_at_us if old else state.now_us,
        updated_at_us=old.updated_at_us if old else state.now_us,
        guard=command.guard,
        image_url=command.image_url,
    )
    if new == old:
        return Decision(ResultCode.UNCHANGED, old, replayed=True)
    new.updated_at_us = state.now_us
    state.skus[command.sku] = state.changes.skus[command.sku] = new
    _turn_periods(state, old, new)
    for component in command.components:
        part = state.skus[component.sku]
        if not part.is_component:
            marked = replace(part, is_component=True)
            state.skus[component.sku] = state.changes.skus[component.sku] = marked
    _audit(state, command, "sku.put", command.sku, ResultCode.SAVED, _changed(old, new))
    return Decision(ResultCode.SAVED, new)


def described(item: Sku, actor: str, request_id: str = "") -> PutSku:
    """The command that would put an item as it is, to be altered in part."""
    return PutSku(
        sku=item.sku,
        name=item.name,
        actor=actor,
        variant=item.variant,
        price_cents=item.price_cents,
        cost_cents=item.cost_cents,
        frozen=item.frozen,
        sale_opens_at_us=item.sale_opens_at_us,
        sale_closes_at_us=item.sale_closes_at_us,
        limits=item.limits,
        components=item.components,
        request_id=request_id,
        guard=item.guard,
        image_url=item.image_url,
    )


def put_channel(state: State, command: PutChannel) -> Decision:
    """Create or replace a channel."""
    old = state.channels.get(command.channel)
    new = Channel(
        channel=command.channel,
        platform=command.platform,
        name=command.name,
        frozen=command.frozen,
        created_at_us=old.created_at_us if old else state.now_us,
        updated_at_us=old.updated_at_us if old else state.now_us,
    )
    if new == old:
        return Decision(ResultCode.UNCHANGED, old, replayed=True)
    new.updated_at_us = state.now_us
    state.channels[command.channel] = state.changes.channels[command.channel] = new
    _audit(state, command, "channel.put", command.channel, ResultCode.SAVED, _changed(old, new))
    return Decision(ResultCode.SAVED, new)


def _check_bundle(state: State, command: PutSku, old: Sku | None) -> tuple[ResultCode, Detail] | None:
    if not command.components:
        return None
    if old is not None and old.is_component:
        return ResultCode.SKU_IS_COMPONENT, {"sku": command.sku}
    for key, account in state.accounts.items():
        if key.sku == command.sku and (account.posted or account.held):
            return ResultCode.SKU_HAS_STOCK, {"sku": command.sku}
    for component in command.components:
        part = state.skus.get(component.sku)
        if part is None or component.sku == command.sku:
            return ResultCode.UNKNOWN_COMPONENT, {"sku": component.sku}
    for component in command.components:
        if state.skus[component.sku].components:
            return ResultCode.COMPONENT_IS_BUNDLE, {"sku": component.sku}
    return None


def _turn_periods(state: State, old: Sku | None, new: Sku) -> None:
    """Note which period of an item's guard is over and which begins."""
    before = old.guard.period if old is not None and old.guard is not None else ""
    after = new.guard.period if new.guard is not None else ""
    if before != after:
        if before:
            state.changes.periods[new.sku, before] = False
        if after:
            state.changes.periods[new.sku, after] = True


def _changed(old: Sku | Channel | None, new: Sku | Channel) -> Detail:
    """Old and new value of each field that changed, as JSON, for readers of the trail to put in words."""
    detail: Detail = {}
    for name in new.__slots__:
        if name in ("created_at_us", "updated_at_us"):
            continue
        before = getattr(old, name) if old is not None else None
        after = getattr(new, name)
        if before != after:
            detail[name] = f"{_json(before)} -> {_json(after)}"
    return detail


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    """A limit, a part or a guard without what it leaves open."""
    assert is_dataclass(value)
    assert not isinstance(value, type)
    return {name: each for name, each in asdict(value).items() if each is not None}


def _audit(
    state: State,
    command: PutSku | PutChannel,
    action: str,
    target: str,
    code: ResultCode,
    detail: Detail,
) -> None:
    state.changes.audit.append(
        AuditEntry(state.now_us, command.actor, command.request_id, action, target, code.value, detail)
    )
