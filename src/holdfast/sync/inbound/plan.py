"""A platform's order against what we have of it on file: what to book, to confirm, to undo, to ship.

Pure. Tellings of an order come late, twice and in any order; what is known of it only grows: the later status
in its life, the larger refund. So they can be merged in any order, and each step is taken once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from holdfast.channels.manifest import Deducts, GivesBack, Manifest
from holdfast.channels.orders import OrderStatus, PlatformOrder
from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.commands import (
    Command,
    ConfirmHold,
    PostTransfer,
    PostTransfers,
    RecordOrder,
    ReleaseHold,
)
from holdfast.storage.records import OrderLineRow, OrderRow

ORDER_ACTOR = "sync:orders"
CLOCKS_APART_US = 5_000_000
OVERSOLD, REPAID = "oversold", "oversold_repaid"
RANK = {status: rank for rank, status in enumerate(OrderStatus)}
_CLOSED = (OrderStatus.CLOSED_UNPAID, OrderStatus.CLOSED_PAID)
_SHIPPED = (OrderStatus.SHIPPED, OrderStatus.COMPLETED)

Draws = tuple[tuple[str, int], ...]
Place = tuple[AccountKind, str]


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a listing sells: an item of ours, and the SKUs that one unit draws on."""

    sku: str
    draws: Draws


@dataclass(slots=True)
class Step:
    """Units of a listing that left its counter (`taken`), or that the platform put back on it."""

    listing: str
    quantity: int
    draws: Draws
    at_us: int
    line: str
    taken: bool
    total: int
    """Units of the line that were taken, or came back, so far."""
    debt: int = 0
    """Units that the right did not cover; negative: units that repaid such a debt."""


@dataclass(slots=True)
class Plan:
    """What a telling leads to; `row` is None when the order is not ours to book."""

    row: OrderRow | None
    commands: list[Command] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    passed: list[Step] = field(default_factory=list)
    """Units that left a counter and were back on it before we heard of either: nothing to book, but a reading
    of that time does not show them, and they are not to be taken for missing ones."""


def telling(channel: str, order: PlatformOrder) -> OrderRow:
    """An order as if it were on file, with nothing booked."""
    lines = tuple(
        OrderLineRow(
            line.line,
            line.listing.key,
            line.quantity,
            line.refunded,
            line.merchant_code,
            line.deducts.value,
            sent=line.shipped,
        )
        for line in order.lines
    )
    return OrderRow(
        channel,
        order.order,
        order.status.value,
        order.buyer,
        order.created_at_us,
        order.paid_at_us,
        order.updated_at_us,
        lines,
    )


def merged(stored: OrderRow, told: OrderRow) -> OrderRow:
    """What is known of the order after one more telling."""
    new = {line.line: line for line in told.lines}
    lines = []
    for line in stored.lines:
        again = new.pop(line.line, line)
        sent = line.sent or again.sent
        lines.append(replace(line, refunded=max(line.refunded, again.refunded), sent=sent))
    lines += new.values()
    later = RANK[OrderStatus(told.status)] > RANK[OrderStatus(stored.status)]
    return replace(
        stored,
        status=told.status if later else stored.status,
        buyer=stored.buyer or told.buyer,
        paid_at_us=stored.paid_at_us if stored.paid_at_us is not None else told.paid_at_us,
        updated_at_us=max(stored.updated_at_us, told.updated_at_us),
        lines=tuple(lines),
    )


def plan_order(
    stored: OrderRow | None,
    told: OrderRow,
    manifest: Manifest,
    mapped: Callable[[str], Mapped | None],
    since_us: int,
) -> Plan:
    """Bring the ledger up to a telling. `since_us` is when the channel was connected: what left the counter
    before was never part of a right of ours.
    """
    row = told if stored is None else merged(stored, told)
    if stored is None and _before(row, manifest, since_us):
        return Plan(None)
    work = _Work(stored, row, manifest, mapped)
    return work.plan()


def _before(row: OrderRow, manifest: Manifest, since_us: int) -> bool:
    """Whether its units were off the counter before we began; in doubt they were not.

    Platforms tell whole seconds, and their clocks are a little off; an order too many is seen and covered, an
    order that is missing is not.
    """
    since_us -= CLOCKS_APART_US
    if OrderStatus(row.status) is OrderStatus.UNPAID:
        at_us = row.created_at_us
        return at_us < since_us and any(_surely_on_order(line, manifest) for line in row.lines)
    paid_at_us = row.paid_at_us if row.paid_at_us is not None else row.created_at_us
    on_order = any(_surely_on_order(line, manifest) for line in row.lines)
    return (row.created_at_us if on_order else paid_at_us) < since_us


def _rule(line: OrderLineRow, manifest: Manifest) -> str:
    return line.deducts if manifest.deducts is Deducts.PER_LINE else manifest.deducts


def _surely_on_order(line: OrderLineRow, manifest: Manifest) -> bool:
    return _rule(line, manifest) == Deducts.ON_ORDER


def _on_order(line: OrderLineRow, manifest: Manifest) -> bool:
    """Whether an order may have taken the units before it is paid; see `Deducts.UNKNOWN`."""
    return _rule(line, manifest) != Deducts.ON_PAYMENT


class _Work:
    """One planning: lines are replaced as they are dealt with."""

    def __init__(
        self,
        stored: OrderRow | None,
        row: OrderRow,
        manifest: Manifest,
        mapped: Callable[[str], Mapped | None],
    ) -> None:
        self.before = None if stored is None else OrderStatus(stored.status)
        self.row = row
        self.status = OrderStatus(row.status)
        self.manifest = manifest
        self.mapped = mapped
        self.result = Plan(row)
        self.paid = self.status not in (OrderStatus.UNPAID, OrderStatus.CLOSED_UNPAID)

    def plan(self) -> Plan:
        """Book, confirm or release, undo, ship: in this order."""
        lines = list(self.row.lines)
        unmapped = self._book(lines)
        if self.paid and self.before is OrderStatus.UNPAID:
            held = {line.hold: None for line in self.row.lines if line.hold}
            self.result.commands += [ConfirmHold(hold, ORDER_ACTOR) for hold in held]
        if self.status is OrderStatus.CLOSED_UNPAID:
            self._release(lines)
        elif self.paid:
            for number, line in enumerate(lines):
                lines[number] = self._ship(self._refund(line))
        self.result.row = replace(self.row, lines=tuple(lines), unmapped=unmapped)
        return self.result

    def _book(self, lines: list[OrderLineRow]) -> bool:
        """Hold, or commit, all lines that are off the counter and not booked; whether some have no SKU."""
        hold = f"order:{self.row.channel}:{self.row.order}"
        if any(line.hold for line in lines):
            first = next((line.line for line in lines if not line.hold), "")
            hold = f"{hold}:{first}"
        skus, unmapped = [], False
        for number, line in enumerate(lines):
            if line.hold:
                continue
            if not self._is_off_counter(line):
                self._pass_by(line)
                continue
            item = self.mapped(line.listing)
            if item is None:
                unmapped = True
                continue
            skus.append((item.sku, line.quantity))
            lines[number] = replace(line, hold=hold, draws=item.draws)
            self._step(lines[number], line.quantity, self._taken_at_us(line), taken=True)
        if skus:
            self.result.commands.append(
                RecordOrder(
                    hold,
                    self.row.channel,
                    self.row.buyer or f"order {self.row.order}",
                    tuple(skus),
                    self.paid,
                    ORDER_ACTOR,
                    event_at_us=self.row.paid_at_us if self.paid else self.row.created_at_us,
                )
            )
        return unmapped

    def _is_off_counter(self, line: OrderLineRow) -> bool:
        """Whether its units are off the counter, and did not come back before we heard of it."""
        if not self.paid and not _on_order(line, self.manifest):
            return False
        if self.status is OrderStatus.CLOSED_UNPAID:
            return not self._comes_back_unpaid(line)
        if self.status is OrderStatus.CLOSED_PAID:
            return self.manifest.gives_back_on_refund is GivesBack.NO
        return True

    def _comes_back_unpaid(self, line: OrderLineRow) -> bool:
        """Whether its units are on the counter once it is closed unpaid; they may never have left it."""
        keeps = self.manifest.gives_back_on_cancel is not GivesBack.NO
        return keeps or not _surely_on_order(line, self.manifest)

    def _pass_by(self, line: OrderLineRow) -> None:
        """Note that its units were off the counter for a while, when that comes to light."""
        was_off = self.status is OrderStatus.CLOSED_PAID or (
            self.status is OrderStatus.CLOSED_UNPAID and _on_order(line, self.manifest)
        )
        item = self.mapped(line.listing)
        if not was_off or self.before in _CLOSED or item is None:
            return
        for at_us, taken in ((self._taken_at_us(line), True), (self.row.updated_at_us, False)):
            self.result.passed.append(
                Step(line.listing, line.quantity, item.draws, at_us, line.line, taken, line.quantity)
            )

    def _taken_at_us(self, line: OrderLineRow) -> int:
        if self.row.paid_at_us is None or _on_order(line, self.manifest):
            return self.row.created_at_us
        return self.row.paid_at_us

    def _release(self, lines: list[OrderLineRow]) -> None:
        """Never paid: what was held comes back."""
        open_holds = {line.hold: None for line in lines if line.hold and line.undone < line.quantity}
        self.result.commands += [ReleaseHold(hold, ORDER_ACTOR) for hold in open_holds]
        for number, line in enumerate(lines):
            quantity = line.quantity - line.undone
            if not line.hold or quantity <= 0:
                continue
            lines[number] = replace(line, undone=line.quantity)
            if self._comes_back_unpaid(line):
                self._step(line, quantity, self.row.updated_at_us, taken=False)
            else:
                self._move("undo", line, line.quantity, quantity, self._right, _POOL)

    def _refund(self, line: OrderLineRow) -> OrderLineRow:
        """Paid and given up, in part or wholly: back to the counter, to the pool, or to be checked.

        Of an order that left in part only some platforms tell which lines did. Elsewhere a refund counts as
        one before shipping: units may be on the platform's counter again, and the right has to cover them.
        """
        wanted = line.quantity if self.status is OrderStatus.CLOSED_PAID else line.refunded
        quantity = min(wanted, line.quantity) - line.undone
        if not line.hold or quantity <= 0:
            return line
        total = line.undone + quantity
        if line.shipped:
            back = min(quantity, line.shipped)
            self._move("undo", line, total, back, _CUSTOMER, _UNSELLABLE)
        elif self.manifest.gives_back_on_refund is GivesBack.NO:
            self._move("undo", line, total, quantity, self._committed, _POOL)
        else:
            self._move("undo", line, total, quantity, self._committed, self._right)
            self._step(line, quantity, self.row.updated_at_us, taken=False)
        return replace(line, undone=total)

    def _ship(self, line: OrderLineRow) -> OrderLineRow:
        quantity = line.quantity - line.undone
        left = self.status in _SHIPPED or line.sent
        if not left or not line.hold or line.shipped or quantity <= 0:
            return line
        self._move("ship", line, quantity, quantity, self._committed, _CUSTOMER)
        return replace(line, shipped=quantity)

    @property
    def _right(self) -> Place:
        return AccountKind.CHANNEL, self.row.channel

    @property
    def _committed(self) -> Place:
        return AccountKind.COMMITTED, self.row.channel

    def _move(
        self, verb: str, line: OrderLineRow, total: int, quantity: int, source: Place, target: Place
    ) -> None:
        id = f"{verb}:{self.row.channel}:{self.row.order}:{line.line}:{total}"
        reason = "order_shipped" if verb == "ship" else "order_undone"
        self.result.commands.append(
            transfers(id, line.draws, quantity, source, target, reason, ORDER_ACTOR, line.hold)
        )

    def _step(self, line: OrderLineRow, quantity: int, at_us: int, *, taken: bool) -> None:
        total = quantity if taken else line.undone + quantity
        self.result.steps.append(Step(line.listing, quantity, line.draws, at_us, line.line, taken, total))


_POOL: Place = (AccountKind.UNALLOCATED, "")
_CUSTOMER: Place = (AccountKind.CUSTOMER, "")
_UNSELLABLE: Place = (AccountKind.UNSELLABLE, "")


def transfers(
    id: str,
    draws: Draws,
    quantity: int,
    source: Place,
    target: Place,
    reason: str,
    actor: str,
    reference: str,
) -> PostTransfer | PostTransfers:
    """Move all that `quantity` units of a listing draw on, as one."""
    legs = [
        PostTransfer(
            id if len(draws) == 1 else f"{id}:{sku}",
            sku,
            *source,
            *target,
            quantity * units,
            reason,
            actor,
            reference=reference,
        )
        for sku, units in draws
    ]
    return legs[0] if len(legs) == 1 else PostTransfers(tuple(legs))
