"""Limits and ticket gate of a drop: laid over the item before it opens, taken off once it is over."""

from collections.abc import Callable, Iterable

from holdfast.operations.limits.layers import Bounds, Layer
from holdfast.operations.limits.office import LimitsOffice

from .drop import Drop

_PREFIX = "drop:"


class GateOverlapError(Exception):
    """Two drops of one item want tickets of two gates at the same time."""


def check_gate(drop: Drop, others: Iterable[Drop]) -> None:
    """Raises GateOverlapError if another drop of the item wants another gate while this one is open.

    A buyer shows one ticket, so one of them could not sell at all.
    """
    for other in others:
        if other.id == drop.id or other.sku != drop.sku or other.ended:
            continue
        if not (drop.ticket_gate and other.ticket_gate) or drop.ticket_gate == other.ticket_gate:
            continue
        if _begins_before_the_end(drop, other) and _begins_before_the_end(other, drop):
            raise GateOverlapError(
                f"drop {other.id} of {drop.sku} asks for tickets of gate {other.ticket_gate} then; "
                "use one gate for both, or windows that do not overlap"
            )


def _begins_before_the_end(one: Drop, other: Drop) -> bool:
    return other.closes_at_us is None or one.opens_at_us < other.closes_at_us


class DropTerms:
    """What open drops lay over their items. All raise StoreError and what the engine raises."""

    def __init__(self, office: LimitsOffice) -> None:
        self._office = office

    def forget(self) -> None:
        """Read anew what stands."""
        self._office.forget()

    async def stand(self, drop: Drop, actor: str, request_id: str) -> None:
        """Its limits and gate are in force from here on; again does nothing."""
        bounds = drop.limits or Bounds()
        if bounds.any() or drop.ticket_gate:
            owner = _PREFIX + drop.id
            layer = Layer(owner, owner, bounds, drop.ticket_gate)
            await self._office.stand({drop.sku: layer}, actor, request_id)

    async def leave(self, drop: Drop, actor: str, request_id: str = "") -> None:
        """What the item had before comes back."""
        if drop.limits is not None or drop.ticket_gate:
            await self._office.leave([drop.sku], _PREFIX + drop.id, actor, request_id)

    async def settle(self, get: Callable[[str], Drop | None], actor: str) -> None:
        """Take off what a crash left behind of drops that are not on sale."""
        for sku, layer in await self._office.standing():
            if layer.owner.startswith(_PREFIX):
                drop = get(layer.owner.removeprefix(_PREFIX))
                if drop is None or not drop.on_sale:
                    await self._office.leave([sku], layer.owner, actor)

    async def overruled(self, drop: Drop) -> bool:
        """Whether a person set other limits or another gate since it opened."""
        if not drop.on_sale or (drop.limits is None and not drop.ticket_gate):
            return False
        return await self._office.overruled(drop.sku, _PREFIX + drop.id)
