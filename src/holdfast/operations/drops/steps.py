"""The moves of a drop's steps: where its units lie, and what an opening takes over from one that closes."""

from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace

from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.commands import PostTransfer
from holdfast.sync.ledger_news import quota_scope
from holdfast.sync.messages import Standing

from .drop import CLOSING, LOCKED, OPEN, Drop

Place = tuple[AccountKind, str]
POOL: Place = (AccountKind.UNALLOCATED, "")


class DropStatusError(Exception):
    """The drop is not where it must be for this; the message says where it is."""


class DropBusyError(DropStatusError):
    """It cannot be done at this moment, the message says why; the clock does it as soon as it can be."""


def account(drop: Drop) -> Place:
    """Where its units are locked."""
    return AccountKind.DROP, drop.id


def quota(drop: Drop, channel: str) -> Place:
    """Where its units wait until the platform is told."""
    return AccountKind.DROP, quota_scope(drop.id, channel)


class Names(NamedTuple):
    """Who moves units; `tries` makes the ids differ from those of an earlier try, which are spent."""

    actor: str
    request_id: str
    tries: str = ""

    def move(self, drop: Drop, step: str, source: Place, target: Place, quantity: int) -> PostTransfer:
        """One move for a drop."""
        id, reason = f"drop:{drop.id}:{step}{self.tries}", f"drop_{step.partition(':')[0]}"
        units, who = quantity, self.actor
        return PostTransfer(
            id, drop.sku, *source, *target, units, reason, who, reference=drop.id, request_id=self.request_id
        )


class Desk:
    """Drops as they are after a step that is being put together: what changes besides the drop itself."""

    def __init__(self, get: Callable[[str], Drop | None], all: Callable[[], list[Drop]]) -> None:
        self._get = get
        self._all = all
        self.changed: dict[str, Drop] = {}
        self.moves: list[PostTransfer] = []

    def all(self) -> list[Drop]:
        """All drops as they will be."""
        return [self.changed.get(drop.id, drop) for drop in self._all()]

    def put(self, drop: Drop) -> None:
        """This one changes too."""
        self.changed[drop.id] = drop

    def move(self, move: PostTransfer) -> None:
        """Move units, if there are any."""
        if move.quantity:
            self.moves.append(move)

    def rest_of(self, drop: Drop, channel: str, units: int) -> Place:
        """Where units that it did not sell go; a locked drop that takes them over knows of them."""
        after = self._after(drop)
        if after is None or after.status != LOCKED:
            return POOL
        shares = {**after.channels, channel: after.channels.get(channel, 0) + units}
        self.put(replace(after, channels=shares))
        return account(after)

    def _after(self, drop: Drop) -> Drop | None:
        if drop.leftover != "carry":
            return None
        after = self.changed.get(drop.carry_to) or self._get(drop.carry_to)
        return after if after is not None and after.sku == drop.sku else None

    def open_on_shop(self, drop: Drop, channel: str, names: Names) -> None:
        """Give a channel of our own its units."""
        place = (AccountKind.CHANNEL, channel)
        self.move(names.move(drop, f"open:{channel}", account(drop), place, drop.channels[channel]))

    def open_on_counter(self, drop: Drop, channel: str, standing: Standing, names: Names) -> Drop:
        """Give a platform's quota its units, for the sync to grant; raises DropBusyError."""
        listing, units = drop.counters[channel], drop.channels[channel]
        before = next(
            (
                other
                for other in self.all()
                if other.counters.get(channel) == listing
                and other.status in (OPEN, CLOSING)
                and channel not in other.done
                and other.id != drop.id
            ),
            None,
        )
        if before is None:
            self.move(names.move(drop, f"open:{channel}", account(drop), quota(drop, channel), units))
            return replace(drop, base={**drop.base, channel: standing.right})
        if before.status == OPEN:
            raise DropBusyError(f"drop {before.id} is still open on {channel}")
        return self._take_over(drop, before, channel, standing, names)

    def _take_over(self, drop: Drop, before: Drop, channel: str, standing: Standing, names: Names) -> Drop:
        """What the other has left on the counter becomes this one's, which pays with units of its own.

        So nothing is called back just to be granted again.
        """
        left, waiting = max(0, standing.right - before.base[channel]), standing.quota
        unsold = max(0, standing.right - before.base[channel] + waiting)
        place, units, after = quota(drop, channel), drop.channels[channel], self._after(before)
        rest = f"close:{channel}:to:{drop.id}"
        drop = replace(drop, base={**drop.base, channel: before.base[channel]})
        if after is not None and after.id == drop.id:
            self.move(names.move(before, rest, quota(before, channel), place, waiting))
            drop = replace(drop, channels={**drop.channels, channel: units + unsold})
        elif left > units:
            raise DropBusyError(
                f"{left} units of drop {before.id} are still on {channel}: they are called back"
            )
        else:
            target = self.rest_of(before, channel, left + waiting)
            self.move(names.move(before, rest, quota(before, channel), target, waiting))
            self.move(names.move(before, f"{rest}:paid", account(drop), target, left))
            units -= left
        self.move(names.move(drop, f"open:{channel}", account(drop), place, units))
        self.put(replace(before.ending(channel), returned=before.returned + unsold))
        return drop
