"""Reading lists by time: numbered pages from the back, and after-sales, which tell refunded units.

The mirror of after-sales reads their list once from the earliest order that is asked about, and later only
what is new, for several platforms cannot be asked for the after-sales of one order.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

_OVERLAP_US = 120_000_000  # a row may show up in the list a little after the time it carries


def cursor_from_the_back(cursor: str | None, pages: int) -> str | None:
    """The next page to ask for: after the first look at page 1, from the last page down to page 1 again.

    An order that changes leaves the span, and those behind it move forward: to pages still to be read.
    """
    if cursor is None:
        return str(pages) if pages > 1 else None
    return str(int(cursor) - 1) if int(cursor) > 1 else None


@dataclass(frozen=True, slots=True)
class Refund:
    """One after-sale; `amount` is in what the platform tells, units or money. Only a `done` one counts."""

    refund: str
    order: str
    line: str
    amount: int
    done: bool


Scan = Callable[[int, int, str], Awaitable[tuple[list[Refund], str]]]
"""A page of the after-sales that changed between two times in microseconds UTC, and the cursor of the next
one; that of the first page is empty, and so is what follows the last."""


class RefundMirror:
    """The done after-sales of a shop since the earliest time it was asked about."""

    def __init__(self, scan: Scan, now_us: Callable[[], int]) -> None:
        self._scan = scan
        self._now_us = now_us
        self._lock = asyncio.Lock()
        self._from_us: int | None = None
        self._until_us = 0
        self._by_order: dict[str, dict[str, Refund]] = {}

    async def read(self, since_us: int) -> None:
        """Read what is missing from `since_us` until now."""
        async with self._lock:
            until_us = self._now_us()
            if self._from_us is None:
                await self._span(since_us, until_us)
                self._from_us = since_us
            else:
                await self._span(self._until_us - _OVERLAP_US, until_us)
                if since_us < self._from_us:
                    await self._span(since_us, self._from_us)
                    self._from_us = since_us
            self._until_us = until_us

    def amount(self, order: str, line: str) -> int:
        """The sum over what was read, in what the platform tells; 0 where there is nothing."""
        rows = self._by_order.get(order, {}).values()
        return sum(row.amount for row in rows if row.line == line)

    async def _span(self, from_us: int, until_us: int) -> None:
        cursor, more = "", True
        while more:
            rows, cursor = await self._scan(from_us, until_us, cursor)
            more = bool(cursor)
            for row in rows:
                if row.done:
                    self._by_order.setdefault(row.order, {})[row.refund] = row
