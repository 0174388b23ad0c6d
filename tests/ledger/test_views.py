"""What people read of one SKU's stock is worked out from its accounts."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from holdfast.ledger.accounts import Account, AccountKey, AccountKind
from holdfast.ledger.views import AccountView, stock_view

INSIDE = ("unallocated", "reserve", "drop", "channel", "committed", "unsellable")


def account(kind: str, scope: str, posted: int, held: int = 0, version: int = 1) -> Account:
    return Account(AccountKey("A", "main", AccountKind(kind), scope), posted, held, version)


def test_stock_of_a_busy_sku() -> None:
    view = stock_view(
        "A",
        [
            account("supplier", "", -100),
            account("unallocated", "", 30, version=3),
            account("reserve", "", 10),
            account("drop", "evening", 5),
            account("channel", "douyin", 40, held=7, version=9),
            account("channel", "kuaishou", 6, held=1),
            account("committed", "douyin", 4),
            account("committed", "kuaishou", 2),
            account("unsellable", "", 3),
        ],
    )
    assert (view.on_hand, view.available, view.held, view.committed) == (100, 30 + 33 + 5, 8, 6)
    assert view.version == 9
    assert view.accounts[0] == AccountView("channel:douyin", "main", 40, 7)
    assert [shown.account for shown in view.accounts] == [
        "channel:douyin",
        "channel:kuaishou",
        "committed:douyin",
        "committed:kuaishou",
        "drop:evening",
        "reserve",
        "supplier",
        "unallocated",
        "unsellable",
    ]


def test_a_sku_that_never_moved() -> None:
    view = stock_view("A", [])
    assert (view.on_hand, view.available, view.held, view.committed, view.version) == (0, 0, 0, 0, 0)
    assert view.accounts == []


AMOUNTS = st.integers(0, 10**15)


@given(
    st.dictionaries(st.sampled_from(list(AccountKind)), st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), max_size=10),
    st.randoms(use_true_random=False),
)
def test_the_sums_of_any_accounts(balances: dict[AccountKind, tuple[int, int, int]], random: Random) -> None:
    accounts = [account(kind, "", *numbers) for kind, numbers in balances.items()]
    random.shuffle(accounts)
    view = stock_view("A", accounts)
    assert view.on_hand == sum(posted for kind, (posted, _, _) in balances.items() if kind.value in INSIDE)
    assert view.available == sum(
        posted - held
        for kind, (posted, held, _) in balances.items()
        if kind.value in ("unallocated", "channel")
    )
    assert view.held == sum(held for _, held, _ in balances.values())
    assert view.version == max((version for _, _, version in balances.values()), default=0)
    assert view == stock_view("A", sorted(accounts, key=lambda one: one.key))
