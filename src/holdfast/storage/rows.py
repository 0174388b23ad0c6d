"""Rows of a database to records of the ledger and back; columns are in the order of the classes."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from holdfast.ledger.accounts import Account, AccountKey, AccountKind
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.guard.rules import Guard, GuardNote
from holdfast.ledger.records import (
    AuditEntry,
    Channel,
    Component,
    Detail,
    Hold,
    Limits,
    Line,
    Pace,
    Refusal,
    Sku,
    Transfer,
)

from .contract import DAMAGED, StoreCorrupt

Row = tuple[Any, ...]
T = TypeVar("T")


def decoder(kind: type[T]) -> Callable[[str], T]:
    """Reads what `json_text` wrote; text that it never wrote is damage."""
    decode = msgspec.json.Decoder(kind).decode

    def read(text: str) -> T:
        try:
            return decode(text)
        except msgspec.DecodeError as error:
            raise StoreCorrupt(f"{DAMAGED} ({error})") from error

    return read


_encode = msgspec.json.Encoder().encode
_decode_lines = decoder(tuple[Line, ...])
_decode_guard = decoder(Guard)
_decode_note = decoder(GuardNote)
_decode_limits = decoder(Limits)
_decode_components = decoder(tuple[Component, ...])
_decode_pace = decoder(Pace)
_decode_detail = decoder(Detail)
_decode_body = decoder(dict[str, object])
_decode_quantities = decoder(dict[str, int])
_decode_entries = decoder(list[tuple[str, str, str, str, str, Detail | None]])

_KINDS = {str(kind): kind for kind in AccountKind}


def json_text(value: object) -> str:
    """Compact JSON, as stored in text columns."""
    return _encode(value).decode()


def to_sku(row: Row) -> Sku:
    """A row of `sku`."""
    return Sku(
        sku=row[0],
        name=row[1],
        variant=row[2],
        price_cents=row[3],
        cost_cents=row[4],
        frozen=bool(row[5]),
        sale_opens_at_us=row[6],
        sale_closes_at_us=row[7],
        limits=_decode_limits(row[8]) if row[8] else None,
        components=_decode_components(row[9]) if row[9] else (),
        is_component=bool(row[10]),
        created_at_us=row[11],
        updated_at_us=row[12],
        guard=_decode_guard(row[13]) if row[13] else None,
        image_url=row[14],
    )


def from_sku(item: Sku) -> Row:
    """The columns of `sku`."""
    return (
        item.sku,
        item.name,
        item.variant,
        item.price_cents,
        item.cost_cents,
        int(item.frozen),
        item.sale_opens_at_us,
        item.sale_closes_at_us,
        json_text(item.limits) if item.limits else None,
        json_text(item.components) if item.components else None,
        int(item.is_component),
        item.created_at_us,
        item.updated_at_us,
        json_text(item.guard) if item.guard else None,
        item.image_url,
    )


def to_channel(row: Row) -> Channel:
    """A row of `channel`."""
    return Channel(row[0], row[1], row[2], bool(row[3]), row[4], row[5])


def from_channel(channel: Channel) -> Row:
    """The columns of `channel`."""
    return (
        channel.channel,
        channel.platform,
        channel.name,
        int(channel.frozen),
        channel.created_at_us,
        channel.updated_at_us,
    )


def to_account(row: Row) -> Account:
    """A row of `account`."""
    return Account(AccountKey(row[0], row[1], _KINDS[row[2]], row[3]), row[4], row[5], row[6])


def from_account(account: Account) -> Row:
    """The columns of `account`."""
    return (*account.key, account.posted, account.held, account.version)


def to_hold(row: Row) -> Hold:
    """A row of `hold`; draws are stored only where a bundle makes them differ from the lines."""
    lines = _decode_lines(row[4])
    draws = _decode_lines(row[5]) if row[5] else tuple(Line(line.sku, line.quantity) for line in lines)
    hold = Hold(row[0], row[1], row[2], row[3], lines, draws, *row[6:])
    if hold.guard is not None:
        hold.guard = _decode_note(row[14])
    return hold


def from_hold(hold: Hold) -> Row:
    """The columns of a new `hold`: it is stored as placed, and settled by another statement."""
    lines, draws = hold.lines, hold.draws
    same = draws is lines or [line[:2] for line in lines] == [draw[:2] for draw in draws]
    draws_text = None if same else json_text(draws)
    return (
        hold.id,
        hold.channel,
        hold.buyer,
        hold.buyer_key,
        _encode(lines).decode(),
        draws_text,
        hold.ttl_s,
        hold.expires_at_us,
        hold.event_at_us,
        hold.recorded_at_us,
        hold.actor,
    )


def from_mark(hold: Hold) -> Row:
    """The columns of a mark on a `hold`, which a statement of its own writes: most holds have none."""
    return hold.id, json_text(hold.guard) if hold.guard else None, hold.review


def to_transfer(row: Row) -> Transfer:
    """A row of `transfer`, `seq` last."""
    id, sku, location, from_kind, from_scope, to_kind, to_scope, *rest, pace_text, seq = row
    pace = _decode_pace(pace_text) if pace_text else None
    columns = (id, sku, location, _KINDS[from_kind], from_scope, _KINDS[to_kind], to_scope, *rest, pace, seq)
    return Transfer(*columns)


def from_transfer(transfer: Transfer) -> Row:
    """The columns of `transfer` but for `seq`, which the store gives."""
    return (
        transfer.id,
        transfer.sku,
        transfer.location,
        transfer.from_kind,
        transfer.from_scope,
        transfer.to_kind,
        transfer.to_scope,
        transfer.quantity,
        transfer.reason,
        transfer.reference,
        transfer.actor,
        transfer.event_at_us,
        transfer.recorded_at_us,
        json_text(transfer.pace) if transfer.pace else None,
    )


def to_refusal(row: Row) -> Refusal:
    """A row of `refusal`."""
    detail, body = _decode_detail(row[3]), _decode_body(row[4])
    return Refusal(row[0], row[1], ResultCode(row[2]), detail, body, row[5], row[6])


def from_refusal(refusal: Refusal) -> Row:
    """The columns of `refusal`."""
    return (
        refusal.kind,
        refusal.id,
        refusal.code,
        json_text(refusal.detail),
        json_text(refusal.body),
        refusal.actor,
        refusal.recorded_at_us,
    )


def to_audit(row: Row) -> list[AuditEntry]:
    """The entries of a row of `audit`, `seq` apart."""
    return [
        AuditEntry(row[0], actor, request_id, action, target, result, detail or {})
        for actor, request_id, action, target, result, detail in _decode_entries(row[1])
    ]


def from_audit(recorded_at_us: int, entries: Sequence[AuditEntry]) -> Row:
    """The columns of `audit` for the entries of one commit."""
    texts = [
        (entry.actor, entry.request_id, entry.action, entry.target, entry.result, entry.detail or None)
        for entry in entries
    ]
    return (recorded_at_us, json_text(texts))


def to_quantities(text: str) -> dict[str, int]:
    """A buyer's counters by scope."""
    return _decode_quantities(text)
