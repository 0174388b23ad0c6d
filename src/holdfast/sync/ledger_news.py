"""What a commit of the ledger means for the core: pools that others changed, holds in our own shop, debts."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from holdfast.ledger.accounts import MAIN_LOCATION, AccountKind
from holdfast.ledger.records import Transfer
from holdfast.ledger.state import State

from .inbound.plan import ORDER_ACTOR, OVERSOLD, REPAID

CORE_ACTOR = "sync:rights"
"""Who moves what the core asked for, which the core knows already."""
_QUOTA = "@"
_IN_POOL = (AccountKind.UNALLOCATED, AccountKind.OVERSOLD)


@dataclass(slots=True)
class News:
    """Net changes by SKU, and by (channel, SKU); `debts` are units sold that nothing covers yet."""

    pools: Counter[str] = field(default_factory=Counter)
    debts: Counter[tuple[str, str]] = field(default_factory=Counter)
    oversold: Counter[str] = field(default_factory=Counter)
    """Units that orders of a channel took beyond its right."""
    arrived: set[str] = field(default_factory=set)
    """SKUs of which units came to nobody, from wherever."""
    shop: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What may be sold in a channel of our own shop."""
    quotas: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """What drops have to grant, by (drop, channel, SKU)."""


def quota_scope(drop: str, channel: str) -> str:
    """The account `drop:DROP@CHANNEL`: units of an open drop that the platform has not been told of."""
    return f"{drop}{_QUOTA}{channel}"


def pool_change(transfer: Transfer) -> int:
    """What a transfer adds to the units that the core may give out: those of nobody, less all debts.

    A debt counts at once, so that the core calls units back to cover it; covering it then changes nothing.
    """
    if transfer.location != MAIN_LOCATION:
        return 0
    gained = transfer.quantity if transfer.to_kind in _IN_POOL else 0
    return gained - (transfer.quantity if transfer.from_kind in _IN_POOL else 0)


def news_of(state: State, is_shop: Callable[[str], bool]) -> News:
    """Read a commit; what the core itself moved is left out of pools and shop."""
    news = News()
    for transfer in state.changes.transfers:
        if transfer.from_kind is AccountKind.OVERSOLD:
            news.debts[transfer.from_scope, transfer.sku] += transfer.quantity
            news.oversold[transfer.from_scope] += transfer.quantity
        if transfer.to_kind is AccountKind.OVERSOLD:
            news.debts[transfer.to_scope, transfer.sku] -= transfer.quantity
        if transfer.to_kind is AccountKind.UNALLOCATED:
            news.arrived.add(transfer.sku)
        if transfer.actor == CORE_ACTOR or _told_at_once(transfer):
            continue
        change = pool_change(transfer)
        if change:
            news.pools[transfer.sku] += change
        _quota_transfer(news, transfer)
        if transfer.id is not None:
            _shop_transfer(news, transfer, is_shop)
    for hold in state.changes.new_holds:
        if is_shop(hold.channel):
            for draw in hold.draws:
                news.shop[hold.channel, draw.sku] -= draw.quantity
    for hold in state.changes.settled_holds:
        if is_shop(hold.channel) and hold.status != "confirmed":
            for draw in hold.draws:
                news.shop[hold.channel, draw.sku] += draw.quantity
    return news


def _told_at_once(transfer: Transfer) -> bool:
    """Whether the desk told the core of it, together with the order that made or repaid the debt."""
    return transfer.actor == ORDER_ACTOR and transfer.reason in (OVERSOLD, REPAID) and transfer.id is not None


def _quota_transfer(news: News, transfer: Transfer) -> None:
    """A step of a drop: what it has to grant changes."""
    ends = (
        (transfer.from_kind, transfer.from_scope, -transfer.quantity),
        (transfer.to_kind, transfer.to_scope, transfer.quantity),
    )
    for kind, scope, change in ends:
        drop, at, channel = scope.partition(_QUOTA)
        if kind is AccountKind.DROP and at:
            news.quotas[drop, channel, transfer.sku] += change


def _shop_transfer(news: News, transfer: Transfer, is_shop: Callable[[str], bool]) -> None:
    """A transfer by hand, in or out of a channel of our own shop; legs of confirmed holds have no id."""
    if transfer.from_kind is AccountKind.CHANNEL and is_shop(transfer.from_scope):
        news.shop[transfer.from_scope, transfer.sku] -= transfer.quantity
    if transfer.to_kind is AccountKind.CHANNEL and is_shop(transfer.to_scope):
        news.shop[transfer.to_scope, transfer.sku] += transfer.quantity
