"""What people read: one SKU's stock, worked out from its accounts and never stored."""

from collections.abc import Iterable
from dataclasses import dataclass

from .accounts import INSIDE, SELLABLE, Account, AccountKind, account_name


@dataclass(slots=True)
class AccountView:
    """Balance of one account in units; `location` is where it lies."""

    account: str
    location: str
    posted: int
    held: int


@dataclass(slots=True)
class StockView:
    """Stock of one SKU in units as of commit `version`; a SKU that never moved has version 0."""

    sku: str
    on_hand: int
    available: int
    held: int
    committed: int
    accounts: list[AccountView]
    version: int


def stock_view(sku: str, accounts: Iterable[Account]) -> StockView:
    """Add up the accounts of one SKU; accounts come out in a fixed order."""
    view = StockView(sku, 0, 0, 0, 0, [], 0)
    for account in sorted(accounts, key=lambda account: account.key):
        _, location, kind, scope = account.key
        if kind in INSIDE:
            view.on_hand += account.posted
        if kind in SELLABLE:
            view.available += account.posted - account.held
        if kind is AccountKind.COMMITTED:
            view.committed += account.posted
        view.held += account.held
        view.version = max(view.version, account.version)
        view.accounts.append(AccountView(account_name(kind, scope), location, account.posted, account.held))
    return view
