"""One SKU as the ledger has it now, for the rule of the reserve."""

from collections import Counter
from dataclasses import dataclass

from holdfast.ledger.accounts import AccountKind
from holdfast.storage.contract import Reader, TransferFilter

SPEED_WINDOW_US = 60_000_000
SPEED_SPAN_MIN_US = 10_000_000
SPEED_FORGOTTEN_US = 600_000_000
"""So long after the last sale nothing is said to sell any more."""
PAGE = 500
PAGES_MAX = 4
_MAIN = (AccountKind.UNALLOCATED.value, AccountKind.CHANNEL.value)
_BACK = (AccountKind.UNALLOCATED, AccountKind.CHANNEL)


@dataclass(frozen=True, slots=True)
class Sight:
    """Units; `sold` are those of the last minute of sales by channel, over `span_us`."""

    available: int
    unpaid: int
    reserve: int
    frozen: bool
    sold: Counter[str]
    span_us: int

    @property
    def sold_per_s(self) -> float:
        """How fast it sold before it ran out."""
        return max(0, self.sold.total()) * 1e6 / self.span_us


def look(reader: Reader, sku: str, now_us: int, *, sales: bool = False) -> Sight:
    """Read it; unless asked for, how it sold is read only while nothing is left, as it costs more."""
    item, stock = reader.sku(sku), reader.stock(sku)
    accounts = stock.accounts if stock is not None else []
    available = unpaid = reserve = 0
    for each in accounts:
        kind = each.account.partition(":")[0]
        if kind in _MAIN:
            available += each.posted - each.held
            unpaid += each.held
        elif kind == AccountKind.OVERSOLD.value:
            # A debt: units that come are its creditors' first.
            available += each.posted
        elif kind == AccountKind.RESERVE.value:
            reserve += each.posted - each.held
    sold, span_us = Counter[str](), SPEED_WINDOW_US
    if sales or available <= 0 < reserve:
        sold, span_us = _sales(reader, sku, now_us)
    return Sight(available, unpaid, reserve, item is None or item.frozen, sold, span_us)


def _sales(reader: Reader, sku: str, now_us: int) -> tuple[Counter[str], int]:
    """Net units by channel in the minute before the last sale, and the time they took, at least 10 s."""
    sold: Counter[str] = Counter()
    last_us = first_us = 0
    before: int | None = 1 << 62
    for _ in range(PAGES_MAX):
        if before is None:
            break
        found = reader.find_transfers(TransferFilter(sku=sku), before, PAGE)
        before = found.next_seq
        for transfer in (row.transfer for row in found.rows):
            at_us = transfer.recorded_at_us
            if last_us and at_us < last_us - SPEED_WINDOW_US:
                if transfer.to_kind is AccountKind.COMMITTED:
                    return sold, SPEED_WINDOW_US
                continue
            if transfer.to_kind is AccountKind.COMMITTED:
                last_us = last_us or at_us
                first_us = at_us
                sold[transfer.to_scope] += transfer.quantity
            elif transfer.from_kind is AccountKind.COMMITTED and transfer.to_kind in _BACK:
                sold[transfer.from_scope] -= transfer.quantity
        if last_us and now_us - last_us > SPEED_FORGOTTEN_US:
            return Counter(), SPEED_WINDOW_US
    return sold, _span(first_us, last_us)


def _span(first_us: int, last_us: int) -> int:
    return max(SPEED_SPAN_MIN_US, last_us - first_us)
