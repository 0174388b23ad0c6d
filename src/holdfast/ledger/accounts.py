"""Accounts: the places stock can be, how they are written, and which moves between them make sense."""

from enum import StrEnum
from typing import NamedTuple

MAIN_LOCATION = "main"

# `$` alone would let a line break through at the end: it matches before one, too.
SKU_PATTERN = (
    r"^[^\x00-\x20\x7f/\ud800-\udfff]"
    r"([^\x00-\x1f\x7f/\ud800-\udfff]*[^\x00-\x20\x7f/\ud800-\udfff])?$(?!\n)"
)
QUANTITY_MAX = 10**12
"""Largest quantity of one transfer or line, in units."""

BALANCE_MAX = 10**15
"""Largest balance of one account either side of zero; sums stay exact in JSON readers (2**53)."""


class AccountKind(StrEnum):
    """Kinds of account; the last four lie outside and may go negative."""

    UNALLOCATED = "unallocated"
    RESERVE = "reserve"
    DROP = "drop"
    CHANNEL = "channel"
    COMMITTED = "committed"
    UNSELLABLE = "unsellable"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    ADJUSTMENT = "adjustment"
    OVERSOLD = "oversold"


INSIDE = frozenset(
    {
        AccountKind.UNALLOCATED,
        AccountKind.RESERVE,
        AccountKind.DROP,
        AccountKind.CHANNEL,
        AccountKind.COMMITTED,
        AccountKind.UNSELLABLE,
    }
)
"""Kinds that are physically here: their posted sum is `on_hand`, and none goes below zero."""

SELLABLE = frozenset({AccountKind.UNALLOCATED, AccountKind.CHANNEL})
"""Kinds whose posted minus held counts as available."""

SCOPED = frozenset({AccountKind.DROP, AccountKind.CHANNEL, AccountKind.COMMITTED, AccountKind.OVERSOLD})
"""Kinds that need a name behind a colon, such as `channel:douyin`."""

CHANNEL_SCOPED = SCOPED - {AccountKind.DROP}
"""Scoped kinds whose name is a channel's, which must exist."""

_STOCK = frozenset({AccountKind.UNALLOCATED, AccountKind.RESERVE, AccountKind.DROP, AccountKind.CHANNEL})
_ALLOWED: dict[AccountKind, frozenset[AccountKind]] = {
    AccountKind.SUPPLIER: _STOCK | {AccountKind.UNSELLABLE},
    AccountKind.ADJUSTMENT: _STOCK | {AccountKind.UNSELLABLE},
    AccountKind.UNALLOCATED: _STOCK
    | {
        AccountKind.UNSELLABLE,
        AccountKind.SUPPLIER,
        AccountKind.ADJUSTMENT,
        AccountKind.OVERSOLD,
    },
    AccountKind.RESERVE: _STOCK | {AccountKind.UNSELLABLE, AccountKind.ADJUSTMENT, AccountKind.OVERSOLD},
    AccountKind.DROP: _STOCK | {AccountKind.UNSELLABLE, AccountKind.ADJUSTMENT},
    AccountKind.CHANNEL: _STOCK
    | {
        AccountKind.UNSELLABLE,
        AccountKind.ADJUSTMENT,
        AccountKind.OVERSOLD,
        AccountKind.COMMITTED,
    },
    AccountKind.COMMITTED: frozenset(
        {
            AccountKind.CUSTOMER,
            AccountKind.UNALLOCATED,
            AccountKind.CHANNEL,
            AccountKind.UNSELLABLE,
        }
    ),
    AccountKind.UNSELLABLE: frozenset(
        {AccountKind.UNALLOCATED, AccountKind.SUPPLIER, AccountKind.ADJUSTMENT}
    ),
    AccountKind.CUSTOMER: frozenset({AccountKind.UNSELLABLE, AccountKind.UNALLOCATED}),
    AccountKind.OVERSOLD: frozenset({AccountKind.COMMITTED, AccountKind.CHANNEL}),
}


class AccountKey(NamedTuple):
    """Identity of an account; `scope` is a channel or drop name, or empty."""

    sku: str
    location: str
    kind: AccountKind
    scope: str


class Account:
    """Balance of one account: units posted, units of `posted` held, and the commit that changed it last."""

    __slots__ = ("held", "key", "posted", "version")

    def __init__(self, key: AccountKey, posted: int = 0, held: int = 0, version: int = 0) -> None:
        self.key = key
        self.posted = posted
        self.held = held
        self.version = version


class AccountNameError(ValueError):
    """Text that names no account; the message says what would."""


def parse_account(text: str) -> tuple[AccountKind, str]:
    """Split `channel:douyin` into kind and scope; raises AccountNameError."""
    kind_text, colon, scope = text.partition(":")
    try:
        kind = AccountKind(kind_text)
    except ValueError:
        known = ", ".join(f"{known}:NAME" if known in SCOPED else str(known) for known in AccountKind)
        raise AccountNameError(f"{text!r} is no account; write one of {known}") from None
    if kind in SCOPED and not scope:
        raise AccountNameError(f"{text!r} needs a name behind it, such as {kind}:NAME")
    if kind not in SCOPED and colon:
        raise AccountNameError(f"{kind} takes no name behind it; got {text!r}")
    return kind, scope


def account_name(kind: AccountKind, scope: str) -> str:
    """Write an account as the API does, the opposite of `parse_account`."""
    return f"{kind.value}:{scope}" if scope else kind.value


def may_move(source: AccountKind, target: AccountKind) -> bool:
    """Whether a transfer between these kinds has a meaning in the business."""
    return target in _ALLOWED[source]
