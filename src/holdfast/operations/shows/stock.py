"""What a show does with the stock: keeps a reserve back, gives it back, names limits, counts sales."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.commands import PostTransfer, PostTransfers
from holdfast.ledger.records import Sku
from holdfast.ledger.views import StockView
from holdfast.operations.limits.layers import Layer
from holdfast.storage.contract import Reader, TransferFilter

from .model import Item, Show, ShowError, Sold, Strategy
from .rundown import Who

PAGE = 500
_LEGS_MAX = 300
_SOLD_BACK = (AccountKind.CHANNEL, AccountKind.UNALLOCATED)


@dataclass(frozen=True, slots=True)
class Facts:
    """The ledger's word on the items of a show."""

    items: dict[str, Sku]
    stocks: dict[str, StockView]

    @classmethod
    def read(cls, reader: Reader, skus: Iterable[str]) -> "Facts":
        """Read them; what is not there is left out."""
        items, stocks = {}, {}
        for sku in skus:
            item, stock = reader.sku(sku), reader.stock(sku)
            if item is not None:
                items[sku] = item
            if stock is not None:
                stocks[sku] = stock
        return cls(items, stocks)

    def available(self, sku: str, account: str) -> int:
        """Units of an account that are not held."""
        stock = self.stocks.get(sku)
        accounts = stock.accounts if stock is not None else []
        return sum(each.posted - each.held for each in accounts if each.account == account)


def short(items: Sequence[Item], channels: int, facts: Facts) -> dict[str, int]:
    """Units that each item lacks in `unallocated` for its reserve."""
    missing = {}
    for item in items:
        lacks = item.reserve_units(channels) - max(0, facts.available(item.sku, "unallocated"))
        if lacks > 0:
            missing[item.sku] = lacks
    return missing


def reserve(show: Show, items: Sequence[Item], who: Who) -> tuple[Show, list[PostTransfers]]:
    """The show with its reserves kept back, and the transfers that do it: all together or none."""
    legs, kept = [], {}
    for item in items:
        units = item.reserve_units(len(show.channels))
        if units:
            kept[item.sku] = units
            legs.append(
                _leg(show, "reserve", item.sku, units, AccountKind.UNALLOCATED, AccountKind.RESERVE, who)
            )
    new = tuple(replace(item, reserved=kept.get(item.sku, item.reserved)) for item in show.items)
    return replace(show, items=new), _together(legs)


def give_back(show: Show, facts: Facts, who: Who) -> list[PostTransfers]:
    """Transfers of what is left of the reserves; never more than the show itself put there."""
    legs = []
    for item in show.items:
        left = min(item.reserved - item.opened, facts.available(item.sku, "reserve"))
        if left > 0:
            legs.append(
                _leg(show, "return", item.sku, left, AccountKind.RESERVE, AccountKind.UNALLOCATED, who)
            )
    return _together(legs)


def layers(show: Show) -> dict[str, Layer]:
    """What the show wants of the items whose limits are due, counted anew for this show."""
    return {
        item.sku: Layer(owner(show), show.id, item.limits)
        for item in show.items
        if item.sku in show.limits_due and item.limits is not None
    }


def owner(show: Show) -> str:
    """Under which name its limits stand."""
    return f"show:{show.id}"


def sold(reader: Reader, show: Show) -> tuple[Sold, ...]:
    """Net units by item and channel between start and end, from the ledger's transfers."""
    start_us, end_us = show.started_at_us or 0, show.ended_at_us or 1 << 62
    units: Counter[tuple[str, str]] = Counter()
    for sku in [item.sku for item in show.items]:
        before: int | None = 1 << 62
        while before is not None:
            found = reader.find_transfers(TransferFilter(sku=sku), before, PAGE)
            before = found.next_seq
            for row in found.rows:
                transfer = row.transfer
                if transfer.recorded_at_us < start_us:
                    before = None
                    break
                if transfer.recorded_at_us > end_us:
                    continue
                if transfer.to_kind is AccountKind.COMMITTED:
                    units[sku, transfer.to_scope] += transfer.quantity
                elif transfer.from_kind is AccountKind.COMMITTED and transfer.to_kind in _SOLD_BACK:
                    units[sku, transfer.from_scope] -= transfer.quantity
    ours = set(show.channels)
    return tuple(
        Sold(sku, channel, count)
        for (sku, channel), count in sorted(units.items())
        if channel in ours and count
    )


def conflict(show: Show, items: Sequence[Item], live: Iterable[Show]) -> ShowError | None:
    """Why the items cannot be in this show while others are live: an item has one reserve and one period."""
    for other in live:
        for item in items:
            theirs = other.item(item.sku) if other.id != show.id else None
            if theirs is None:
                continue
            shared = sorted(set(show.channels) & set(other.channels))
            if shared or (_needs(item) and _needs(theirs)):
                why = f"on {', '.join(shared)}" if shared else "with limits or a reserve of its own"
                return ShowError(
                    "sold_in_another_show",
                    f"{item.sku} is in the live show {other.id} {why}; end that one, or take the item out",
                    facts={"sku": item.sku, "show": other.id},
                )
    return None


def _needs(item: Item) -> bool:
    return item.strategy is Strategy.RESERVE or (item.limits is not None and item.limits.any())


def _leg(
    show: Show, action: str, sku: str, units: int, source: AccountKind, target: AccountKind, who: Who
) -> PostTransfer:
    again = "" if show.attempt == 1 else f":{show.attempt}"
    return PostTransfer(
        f"show:{show.id}:{action}:{sku}{again}",
        sku,
        source,
        "",
        target,
        "",
        units,
        f"show_{action}",
        who.actor,
        reference=f"show:{show.id}",
        request_id=who.request_id,
    )


def _together(legs: list[PostTransfer]) -> list[PostTransfers]:
    assert len(legs) <= _LEGS_MAX
    return [PostTransfers(tuple(legs))] if legs else []
