"""Which rows a batch has to load: first what its commands name, then what those rows lead to."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .commands import (
    Command,
    ConfirmHold,
    ExpireHold,
    ListBuyer,
    PlaceHold,
    PostTransfer,
    PostTransfers,
    PutChannel,
    PutSku,
    RecordOrder,
    ReleaseHold,
    ReviewHold,
)
from .guard import counters, tallies
from .guard.tallies import TallyKey
from .records import ACROSS_CHANNELS, CountKey, Sku
from .state import State


@dataclass(slots=True)
class RecordNeeds:
    """Rows that the commands name themselves."""

    skus: set[str] = field(default_factory=set)
    channels: set[str] = field(default_factory=set)
    holds: set[str] = field(default_factory=set)
    placed: set[str] = field(default_factory=set)
    transfers: set[str] = field(default_factory=set)


@dataclass(slots=True)
class BalanceNeeds:
    """Rows that follow from the records: more items, all accounts of some items, counters."""

    skus: set[str] = field(default_factory=set)
    balances: set[str] = field(default_factory=set)
    counts: set[CountKey] = field(default_factory=set)
    tallies: set[TallyKey] = field(default_factory=set)


def record_needs(commands: Sequence[Command]) -> RecordNeeds:
    """Name the items, channels, holds and transfers that the commands speak of."""
    needs = RecordNeeds()
    for command in commands:
        if isinstance(command, PlaceHold):
            needs.placed.add(command.id)
            needs.channels.add(command.channel)
            for sku, _ in command.lines:
                needs.skus.add(sku)
        elif isinstance(command, RecordOrder):
            needs.holds.add(command.id)
            needs.channels.add(command.channel)
            needs.skus.update(sku for sku, _ in command.lines)
        elif isinstance(command, (ConfirmHold, ReleaseHold, ExpireHold, ReviewHold)):
            needs.holds.add(command.id)
        elif isinstance(command, (PostTransfer, PostTransfers)):
            for transfer in command.transfers if isinstance(command, PostTransfers) else (command,):
                needs.transfers.add(transfer.id)
                needs.skus.add(transfer.sku)
                needs.channels.update(scope for scope in (transfer.from_scope, transfer.to_scope) if scope)
        elif isinstance(command, PutSku):
            needs.skus.add(command.sku)
            needs.skus.update(component.sku for component in command.components)
        elif isinstance(command, PutChannel):
            needs.channels.add(command.channel)
    return needs


def balance_needs(commands: Sequence[Command], state: State) -> BalanceNeeds:
    """Name the balances and counters that the loaded records lead to."""
    needs = BalanceNeeds()
    for item in state.skus.values():
        needs.balances.add(item.sku)
        for component in item.components:
            needs.balances.add(component.sku)
    for hold in state.holds.values():
        if hold.guard is not None:
            needs.counts.update(counters.needed_to_give_back(hold))
        needs.balances.update(draw.sku for draw in hold.draws)
        for line in hold.lines:
            if line.period:
                _needs_counts(
                    needs,
                    line.sku,
                    line.period,
                    hold.channel,
                    hold.buyer,
                    hold.buyer_key,
                )
    for command in commands:
        if isinstance(command, (PlaceHold, RecordOrder)):
            for sku, _ in command.lines:
                item_or_none = state.skus.get(sku)
                if item_or_none is None:
                    continue
                if item_or_none.limits is not None:
                    _needs_counts(
                        needs,
                        sku,
                        item_or_none.limits.period,
                        command.channel,
                        command.buyer,
                        command.buyer_key,
                    )
                if item_or_none.guard is not None:
                    _needs_guard(needs, item_or_none, command)
        elif isinstance(command, ListBuyer):
            needs.counts.add(counters.list_key(command.list, command.person, command.kind))
    needs.skus = needs.balances - state.skus.keys()
    return needs


def _needs_guard(needs: BalanceNeeds, item: Sku, command: PlaceHold | RecordOrder) -> None:
    guard = item.guard
    assert guard is not None
    person = command.buyer_key or command.buyer
    ticket = signals = None
    if isinstance(command, PlaceHold):
        ticket, signals = command.ticket, command.signals
    counters.need(needs.counts, item, person, ticket, signals)
    needs.tallies.update(tallies.needed(item.sku, guard, (command.buyer, person), ticket, signals))


def _needs_counts(
    needs: BalanceNeeds, sku: str, period: str, channel: str, buyer: str, buyer_key: str
) -> None:
    # Plain tuples are equal to the keys they stand for, and made much faster.
    needs.counts.add((sku, period, buyer, channel))  # type: ignore[arg-type]
    needs.counts.add((sku, period, buyer_key or buyer, ACROSS_CHANNELS))  # type: ignore[arg-type]
