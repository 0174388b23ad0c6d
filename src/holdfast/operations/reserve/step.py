"""One step out of the reserve: the show after it, and the transfers that do it."""

from collections.abc import Container, Mapping

from msgspec.structs import replace

from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.commands import PostTransfer
from holdfast.operations.shows.model import Show
from holdfast.operations.shows.rundown import Who, item_of, noted

OPEN = "open-reserve"
"""Also the name of the step in the show's history."""
REASON = "reserve_opened"


def shares(units: int, sold: Mapping[str, int], dealt: Container[str]) -> dict[str, int]:
    """Units for the channels that the sync deals nothing to, by what each sold; the rest is the sync's."""
    total = sum(sold.values())
    found, passed, given = {}, 0, 0
    for channel, count in sorted(sold.items()):
        # Cut by running sums, so that the shares add up to the whole.
        passed += count
        share = units * passed // total - given
        given += share
        if share and channel not in dealt:
            found[channel] = share
    return found


def step(
    show: Show, sku: str, units: int, direct: dict[str, int], who: Who, why: str
) -> tuple[Show, list[PostTransfer]]:
    """The show with the step taken, and its transfers: to `unallocated`, and straight to some channels."""
    item = item_of(show, sku)
    number = item.openings + 1
    after = replace(item, opened=item.opened + units, openings=number)
    items = tuple(after if each.sku == sku else each for each in show.items)
    pool = units - sum(direct.values())
    targets = [(AccountKind.UNALLOCATED, "", pool)] if pool else []
    targets += [(AccountKind.CHANNEL, channel, count) for channel, count in direct.items()]
    transfers = [
        PostTransfer(
            f"reserve:{show.id}:{sku}:{number}" + (f":{channel}" if channel else ""),
            sku,
            AccountKind.RESERVE,
            "",
            kind,
            channel,
            count,
            REASON,
            who.actor,
            reference=f"show:{show.id}",
            request_id=who.request_id,
        )
        for kind, channel, count in targets
    ]
    return noted(replace(show, items=items), who, OPEN, sku, why), transfers


def refused(show: Show, sku: str) -> Show:
    """The show after a step that the ledger refused: that id is refused for ever, so the next has another."""
    item = item_of(show, sku)
    after = replace(item, openings=item.openings + 1)
    return replace(show, items=tuple(after if each.sku == sku else each for each in show.items))
