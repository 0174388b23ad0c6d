"""What the watch knows of every SKU: its stock as last committed, its name, its peak."""

from collections.abc import Mapping
from dataclasses import dataclass

from holdfast.ledger.accounts import Account, AccountKey, AccountKind
from holdfast.ledger.state import State
from holdfast.ledger.views import StockView, stock_view
from holdfast.policies.warnings import Channel

from .records import Peak

Accounts = dict[AccountKey, Account]
"""What one batch loaded."""

FRESH = frozenset({AccountKind.SUPPLIER, AccountKind.ADJUSTMENT, AccountKind.DROP})
"""Where stock comes from that was not on sale before; the reserve opens for what was planned already."""
NEW_PEAK_SHARE = 0.5
PEAK_KEPT_S = 12 * 3600.0


@dataclass(frozen=True, slots=True)
class Stock:
    """One SKU's units as of commit `version`; a debt is positive."""

    available: int
    reserve: int
    debt: int
    rights: tuple[tuple[str, int], ...]
    version: int

    def channels(self, names: dict[str, str]) -> tuple[Channel, ...]:
        """What each channel may still sell, under the channel's name."""
        return tuple(Channel(names.get(channel) or channel, right) for channel, right in self.rights)


def stock_of(view: StockView) -> Stock:
    """The figures that warnings need."""
    reserve = debt = 0
    rights: dict[str, int] = {}
    for account in view.accounts:
        kind, _, scope = account.account.partition(":")
        if kind == AccountKind.RESERVE:
            reserve += account.posted - account.held
        elif kind == AccountKind.OVERSOLD:
            debt += max(0, -account.posted)
        elif kind == AccountKind.CHANNEL:
            rights[scope] = rights.get(scope, 0) + account.posted - account.held
    return Stock(view.available, reserve, debt, tuple(sorted(rights.items())), view.version)


def changed_stocks(changed: Mapping[str, Accounts]) -> dict[str, Stock]:
    """The stock of every SKU, from the accounts that were loaded for the commit that changed it last."""
    of_commit: dict[int, tuple[Accounts, dict[str, list[Account]]]] = {}
    for sku, accounts in changed.items():
        of_commit.setdefault(id(accounts), (accounts, {}))[1][sku] = []
    found: dict[str, Stock] = {}
    for accounts, wanted in of_commit.values():
        for key, account in accounts.items():
            if key.sku in wanted and account.version:
                wanted[key.sku].append(account)
        for sku, its_own in wanted.items():
            found[sku] = stock_of(stock_view(sku, its_own))
    return found


def restocked(state: State) -> set[str]:
    """SKUs that got stock which was not on sale before."""
    return {
        transfer.sku
        for transfer in state.changes.transfers
        if transfer.from_kind in FRESH and transfer.to_kind in (AccountKind.UNALLOCATED, AccountKind.CHANNEL)
    }


def next_peak(peak: Peak | None, available: int, now_s: float, *, fresh: bool) -> Peak | None:
    """The most that was on sale; a restock up to half of it begins a new one, and so does any after 12 h.

    A stocktake that finds two units must not make 150 left of 1,000 look full.
    """
    if available <= 0 and peak is None:
        return None
    if peak is None or available > peak.units:
        return Peak(available, now_s)
    old = now_s - peak.at_s > PEAK_KEPT_S
    if fresh and (old or available >= peak.units * NEW_PEAK_SHARE):
        return Peak(available, now_s)
    return peak
