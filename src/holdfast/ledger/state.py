"""The working set of one batch: rows loaded before `apply`, and what `apply` changed in them."""

from dataclasses import dataclass, field

from .accounts import Account, AccountKey, AccountKind
from .codes import ResultCode
from .guard.tallies import Tally, TallyKey
from .records import (
    AuditEntry,
    Channel,
    CountKey,
    Detail,
    Hold,
    Refusal,
    Sku,
    Transfer,
)

KIND_HOLD = "hold"
KIND_TRANSFER = "transfer"


@dataclass(slots=True)
class Decision:
    """Answer to one command; `record` is the hold, transfer, SKU or channel it is about."""

    code: ResultCode
    record: Hold | Transfer | Sku | Channel | None = None
    detail: Detail = field(default_factory=dict)
    replayed: bool = False


@dataclass(slots=True)
class Changes:
    """What a batch has to save; new rows in order, changed rows once each."""

    new_holds: list[Hold] = field(default_factory=list)
    settled_holds: list[Hold] = field(default_factory=list)
    marked_holds: list[Hold] = field(default_factory=list)
    """Holds whose guard note or review changed; new ones stand in `new_holds` too."""
    transfers: list[Transfer] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    audit: list[AuditEntry] = field(default_factory=list)
    accounts: dict[AccountKey, Account] = field(default_factory=dict)
    counts: dict[CountKey, int] = field(default_factory=dict)
    tallies: dict[TallyKey, Tally] = field(default_factory=dict)
    periods: dict[tuple[str, str], bool] = field(default_factory=dict)
    """Item and period of guards that came (True) and went (False): the tallies of one that went may go."""
    skus: dict[str, Sku] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)

    def any(self) -> bool:
        """Whether there is something to save; replays alone leave nothing."""
        return bool(self.audit)


@dataclass(slots=True)
class State:
    """Rows by key as of the start of the batch; a missing key means the row does not exist.

    Balances and counters start from zero, so for them "not there" and "not loaded" would look alike:
    asking for one that was not loaded raises KeyError instead of making a wrong zero.
    """

    commit_number: int
    now_us: int
    balances_of: set[str] = field(default_factory=set)
    skus: dict[str, Sku] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    transfers: dict[str, Transfer] = field(default_factory=dict)
    refusals: dict[tuple[str, str], Refusal] = field(default_factory=dict)
    accounts: dict[AccountKey, Account] = field(default_factory=dict)
    counts: dict[CountKey, int] = field(default_factory=dict)
    tallies: dict[TallyKey, Tally] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)
    by_sku: dict[str, list[Account]] | None = None
    """What `accounts_of` found, until another account is made."""
    guarded: bool = False
    """Whether any of the items has a guard: `apply` sees to it, so that most holds need not look."""

    def account(self, sku: str, location: str, kind: AccountKind, scope: str) -> Account:
        """The account, with zero balance if it is new; KeyError if the SKU's were not loaded."""
        # A plain tuple finds what a NamedTuple of the same parts is stored under, and is made much faster.
        account = self.accounts.get((sku, location, kind, scope))  # type: ignore[call-overload]
        if account is None:
            if sku not in self.balances_of:
                raise KeyError(f"balances of {sku!r} were not loaded")
            key = AccountKey(sku, location, kind, scope)
            account = self.accounts[key] = Account(key)
            self.by_sku = None
        return account  # type: ignore[no-any-return]

    def accounts_of(self, sku: str) -> list[Account]:
        """All accounts of a SKU that is loaded."""
        if self.by_sku is None:
            self.by_sku = {}
            for key, account in self.accounts.items():
                self.by_sku.setdefault(key.sku, []).append(account)
        return self.by_sku.get(sku, [])

    def count(self, sku: str, period: str, buyer: str, scope: str) -> int:
        """Units the buyer took; KeyError if the counter was not loaded."""
        # As above: a plain tuple is made much faster.
        return self.counts[(sku, period, buyer, scope)]  # type: ignore[index]

    def add_count(self, sku: str, period: str, buyer: str, scope: str, quantity: int) -> None:
        """Change a counter; KeyError if it was not loaded."""
        key: CountKey = (sku, period, buyer, scope)  # type: ignore[assignment]
        self.counts[key] = self.changes.counts[key] = self.counts[key] + quantity

    def touch(self, account: Account) -> None:
        """Mark an account as changed by this commit."""
        account.version = self.commit_number
        self.changes.accounts[account.key] = account
