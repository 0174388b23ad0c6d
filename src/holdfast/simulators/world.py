"""One simulated shop: its counters, its orders and their life. Nothing here waits, so each step is atomic."""

import itertools
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from .misbehaviour import Clock, Settings
from .records import (
    Change,
    Condition,
    Deducts,
    GivesBack,
    Happening,
    Key,
    Line,
    Listing,
    News,
    Order,
    Refund,
    RefundStage,
    Refusal,
    Stage,
    UnderRun,
)

_SHIPPABLE = (Stage.PAID, Stage.PARTLY_SHIPPED)
_REFUNDABLE = (Stage.PAID, Stage.PARTLY_SHIPPED, Stage.SHIPPED, Stage.COMPLETED)


class World:
    """The shop. `tell` hears of everything that a platform may push about, in order."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        first_order_id: int,
        gives_back_on_cancel: bool,
        gives_back_on_refund: GivesBack,
        tell: Callable[[News], None],
    ) -> None:
        self.listings: dict[Key, Listing] = {}
        self.orders: dict[str, Order] = {}
        self.refunds: dict[str, Refund] = {}
        self.changes: list[Change] = []
        self._refunds_of: dict[str, list[Refund]] = {}
        self._settings = settings
        self._clock = clock
        self._ids = itertools.count(first_order_id)
        self._gives_back_on_cancel = gives_back_on_cancel
        self._gives_back_on_refund = gives_back_on_refund
        self._tell = tell

    # Listings and counters

    def put_listing(self, key: Key, *, deducts: Deducts, stock: int | None = None) -> Listing:
        """Make a listing, or set the counter of one that is there."""
        listing = self.listings.get(key)
        if listing is None:
            listing = self.listings[key] = Listing(key, deducts=deducts)
        if stock is not None:
            self._move(listing, stock - listing.sellable, "put")
        return listing

    def variants(self, product: str) -> list[Listing]:
        """The listings of one product."""
        return [listing for key, listing in self.listings.items() if key.product == product]

    def write(self, listing: Listing, difference: int, under_run: UnderRun) -> int | None:
        """Change a counter by a call of the platform's; what was really changed, or None when refused."""
        under_run = self._settings.now.under_run or under_run
        if listing.sellable + difference < 0 and difference < 0:
            if under_run is UnderRun.REFUSE:
                return None
            if under_run is UnderRun.CLAMP:
                difference = -max(listing.sellable, 0)
        self._move(listing, difference, "write")
        return difference

    def reading(self, listing: Listing) -> tuple[int, int]:
        """Sellable and occupied, as old as the settings' lag makes them."""
        lag_us = round(self._settings.now.read_lag_s * 1_000_000)
        if not lag_us or not listing.history:
            return listing.sellable, listing.occupied
        index = bisect_right(listing.history, self._clock.now_us() - lag_us, key=lambda entry: entry[0])
        _, sellable, occupied = listing.history[max(index - 1, 0)]
        return sellable, occupied

    # Orders

    def checkout(self, wanted: Sequence[tuple[Key, int]], *, buyer: str = "", room: str = "") -> Order:
        """Place an order whole, or refuse it whole."""
        needs: Counter[Key] = Counter()
        for key, quantity in wanted:
            needs[key] += quantity
        for key, quantity in needs.items():
            listing = self.listings.get(key)
            if listing is None:
                raise Refusal("unknown_listing", f"there is no listing {key.text}")
            if listing.condition is not Condition.ON_SALE:
                raise Refusal("not_on_sale", f"{key.text} is {listing.condition.value}")
            if listing.sellable < quantity:
                raise Refusal("sold_out", f"{key.text} has {listing.sellable} left, {quantity} are wanted")
        now_us = self._clock.now_us()
        order_id = next(self._ids)
        lines = [self._line(f"{order_id}{n:02d}", key, q) for n, (key, q) in enumerate(wanted, start=1)]
        order = Order(str(order_id), buyer, lines, now_us, now_us, room=room)
        self.orders[order.id] = order
        self._news(Happening.ORDER_CREATED, order)
        for line in lines:
            listing = self.listings[line.key]
            listing.occupied += line.quantity
            self._move(listing, -line.quantity if line.deducts is Deducts.ON_ORDER else 0, order.id)
        return order

    def pay(self, order: Order) -> None:
        """Pay an order; one that takes its units only now is refused when they are gone."""
        self._expect(order, Stage.UNPAID)
        late: Counter[Key] = Counter()
        for line in order.lines:
            late[line.key] += line.quantity if line.deducts is Deducts.ON_PAYMENT else 0
        for key, quantity in late.items():
            if quantity and self.listings[key].sellable < quantity:
                raise Refusal("sold_out", f"{key.text} has {self.listings[key].sellable} left to pay for")
        order.stage, order.paid_at_us = Stage.PAID, self._touch(order)
        self._news(Happening.ORDER_PAID, order)
        for line in order.lines:
            listing = self.listings[line.key]
            listing.occupied -= line.quantity
            listing.sold += line.quantity
            self._move(listing, -line.quantity if line.deducts is Deducts.ON_PAYMENT else 0, order.id)

    def cancel(self, order: Order) -> None:
        """Close an order that is not shipped yet; one that was paid is refunded whole."""
        if order.stage is Stage.PAID:
            for refund in self.refund(order, applied_only=True):
                self.succeed(refund)
            self._news(Happening.ORDER_CANCELLED, order)
            return
        self._expect(order, Stage.UNPAID)
        order.stage, order.closed_at_us = Stage.CLOSED_UNPAID, self._touch(order)
        self._news(Happening.ORDER_CANCELLED, order)
        wish = self._settings.now.gives_back_on_cancel
        gives_back = self._gives_back_on_cancel if wish is None else wish
        for line in order.lines:
            listing = self.listings[line.key]
            listing.occupied -= line.quantity
            returns = gives_back and line.deducts is Deducts.ON_ORDER
            self._move(listing, line.quantity if returns else 0, order.id)

    def ship(self, order: Order, line_id: str | None = None) -> None:
        """Ship a whole order, or one line of it."""
        self._expect(order, *_SHIPPABLE)
        for line in self._chosen(order, line_id):
            line.shipped = True
        done = all(line.shipped or line.refunded == line.quantity for line in order.lines)
        order.stage = Stage.SHIPPED if done else Stage.PARTLY_SHIPPED
        order.shipped_at_us = self._touch(order)
        self._news(Happening.ORDER_SHIPPED if done else Happening.ORDER_PARTLY_SHIPPED, order)

    def complete(self, order: Order) -> None:
        """The buyer has it and keeps it."""
        self._expect(order, Stage.SHIPPED)
        order.stage, order.completed_at_us = Stage.COMPLETED, self._touch(order)
        self._news(Happening.ORDER_COMPLETED, order)

    # Refunds

    def refund(
        self,
        order: Order,
        *,
        line_id: str | None = None,
        quantity: int | None = None,
        applied_only: bool = False,
    ) -> list[Refund]:
        """Refund what is left of an order, of a line, or so many of a line; one refund for each line."""
        self._expect(order, *_REFUNDABLE)
        lines = self._chosen(order, line_id)
        if quantity is not None and len(lines) != 1:
            raise Refusal("line_needed", "the order has several lines: name the one to refund a quantity of")
        made = []
        for line in lines:
            left = line.quantity - line.refunded - self._pending(order, line)
            units = left if quantity is None else quantity
            if units > left or (quantity is not None and units < 1):
                raise Refusal("too_many", f"line {line.id} has {left} left to refund, not {units}")
            if units:
                made.append(self._apply_for(order, line, units))
        if not applied_only:
            for refund in made:
                self.succeed(refund)
        return made

    def succeed(self, refund: Refund) -> None:
        """Pay a refund out; the last one closes the order."""
        order, line = self._applied(refund)
        refund.stage = RefundStage.SUCCEEDED
        refund.updated_at_us = self._touch(order)
        line.refunded += refund.quantity
        if all(each.refunded == each.quantity for each in order.lines):
            order.stage, order.closed_at_us = Stage.CLOSED_PAID, order.updated_at_us
        self._news(Happening.REFUND_SUCCEEDED, order, refund)
        listing = self.listings[line.key]
        listing.sold -= refund.quantity
        rule = self._settings.now.gives_back_on_refund or self._gives_back_on_refund
        returns = rule is GivesBack.ALWAYS or (
            rule is GivesBack.BEFORE_SHIPPING and not refund.after_shipping
        )
        self._move(listing, refund.quantity if returns else 0, refund.id)

    def close_refund(self, refund: Refund) -> None:
        """A refund that was applied for comes to nothing."""
        order, _ = self._applied(refund)
        refund.stage = RefundStage.CLOSED
        refund.updated_at_us = self._touch(order)
        self._news(Happening.REFUND_CLOSED, order, refund)

    # Lists

    def orders_visible(self) -> Iterable[Order]:
        """Orders whose last change is old enough for a list to show it."""
        until_us = self._clock.now_us() - round(self._settings.now.order_lag_s * 1_000_000)
        if not self._settings.now.order_lag_s:
            return self.orders.values()
        return [order for order in self.orders.values() if order.updated_at_us <= until_us]

    def refunds_of(self, order: Order, line: Line | None = None) -> list[Refund]:
        """The refunds of an order, or of one line of it, oldest first."""
        refunds = self._refunds_of.get(order.id, [])
        return [refund for refund in refunds if line is None or refund.line == line.id]

    def _line(self, line_id: str, key: Key, quantity: int) -> Line:
        listing = self.listings[key]
        return Line(line_id, key, quantity, listing.price_fen, listing.deducts, listing.merchant_code)

    def _apply_for(self, order: Order, line: Line, units: int) -> Refund:
        refund_id = str(next(self._ids))
        now_us = self._touch(order)
        amount_fen = units * line.price_fen
        refund = Refund(refund_id, order.id, line.id, units, amount_fen, line.shipped, now_us, now_us)
        self.refunds[refund.id] = refund
        self._refunds_of.setdefault(order.id, []).append(refund)
        self._news(Happening.REFUND_APPLIED, order, refund)
        return refund

    def _applied(self, refund: Refund) -> tuple[Order, Line]:
        if refund.stage is not RefundStage.APPLIED:
            raise Refusal("wrong_status", f"refund {refund.id} is {refund.stage.value}")
        order = self.orders[refund.order]
        return order, next(line for line in order.lines if line.id == refund.line)

    def _pending(self, order: Order, line: Line) -> int:
        refunds = self.refunds_of(order, line)
        return sum(refund.quantity for refund in refunds if refund.stage is RefundStage.APPLIED)

    def _chosen(self, order: Order, line_id: str | None) -> list[Line]:
        lines = [line for line in order.lines if line_id in (None, line.id)]
        if not lines:
            raise Refusal("unknown_line", f"order {order.id} has no line {line_id}")
        return lines

    def _expect(self, order: Order, *stages: Stage) -> None:
        if order.stage not in stages:
            wanted = " or ".join(stage.value for stage in stages)
            raise Refusal("wrong_status", f"order {order.id} is {order.stage.value}, not {wanted}")

    def _touch(self, order: Order) -> int:
        order.updated_at_us = self._clock.now_us()
        return order.updated_at_us

    def _move(self, listing: Listing, difference: int, cause: str) -> None:
        """The one place where a counter changes; called with 0 when only the occupied units did."""
        now_us = self._clock.now_us()
        listing.sellable += difference
        listing.history.append((now_us, listing.sellable, listing.occupied))
        if difference:
            listing.modified_at_us = now_us
            change = Change(now_us, listing.key, difference, listing.sellable, cause)
            self.changes.append(change)
            self._tell(News(Happening.STOCK_CHANGED, now_us, change=change))

    def _news(self, happening: Happening, order: Order, refund: Refund | None = None) -> None:
        self._tell(News(happening, self._clock.now_us(), order=order, refund=refund))
