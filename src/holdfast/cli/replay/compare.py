"""Every item's balance on the server against what the file says."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from .plan import Expected


class _Balance(msgspec.Struct):
    account: str
    posted: int
    held: int


class _Stock(msgspec.Struct):
    sku: str
    accounts: list[_Balance]


@dataclass(frozen=True, slots=True)
class Difference:
    """One account of one item that is not as it should be."""

    sku: str
    account: str
    expected: int
    found: int


class Balances:
    """Posted and held units by item and account."""

    def __init__(self, documents: Iterable[Any]) -> None:
        self.posted: Counter[tuple[str, str]] = Counter()
        self.held: Counter[tuple[str, str]] = Counter()
        for document in documents:
            stock = msgspec.convert(document, _Stock)
            for balance in stock.accounts:
                self.posted[stock.sku, balance.account] += balance.posted
                self.held[stock.sku, balance.account] += balance.held


def compare(
    expected: dict[str, Expected],
    supplied: dict[str, int],
    channel: str,
    before: Balances,
    after: Balances,
    returned_fresh: Counter[tuple[str, str]],
) -> list[Difference]:
    """The channel's own accounts as a whole; the shared ones by what this run added to them."""
    right, sold = f"channel:{channel}", f"committed:{channel}"
    found: list[Difference] = []
    for sku, want in expected.items():
        wanted = {
            right: supplied[sku] - want.sold,
            sold: want.sold - want.returned_ours,
        }
        for account in ("unallocated", "unsellable"):
            wanted[account] = before.posted[sku, account] + returned_fresh[sku, account]
        found += [
            Difference(sku, account, units, after.posted[sku, account])
            for account, units in wanted.items()
            if after.posted[sku, account] != units
        ]
        if after.held[sku, right]:
            found.append(Difference(sku, f"{right} held", 0, after.held[sku, right]))
    return found
