"""The one function that moves stock: commands in, decisions out, changes left in the state."""

from collections.abc import Callable, Sequence
from typing import Any

from .catalog import put_channel, put_sku
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
from .guard.people import list_buyer
from .holds import confirm_hold, expire_hold, place_hold, release_hold, review_hold
from .orders import record_order
from .state import Decision, State
from .transfers import post_transfer, post_transfers

_DECIDE: dict[type[Any], Callable[[State, Any], Decision]] = {
    PlaceHold: place_hold,
    RecordOrder: record_order,
    ConfirmHold: confirm_hold,
    ReleaseHold: release_hold,
    ExpireHold: expire_hold,
    ReviewHold: review_hold,
    ListBuyer: list_buyer,
    PostTransfer: post_transfer,
    PostTransfers: post_transfers,
    PutSku: put_sku,
    PutChannel: put_channel,
}


def changes_rules(command: Command) -> bool:
    """Whether the command changes what other commands need loaded, so that it must be a batch alone."""
    return isinstance(command, (PutSku, PutChannel))


def apply(state: State, commands: Sequence[Command]) -> list[Decision]:
    """Decide each command in order against the state, which must hold the rows they need."""
    state.guarded = any(item.guard is not None for item in state.skus.values())
    return [_DECIDE[type(command)](state, command) for command in commands]
