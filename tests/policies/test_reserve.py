"""The reserve: opened when the main stock is truly out, in steps, and never more than is there."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.ledger.accounts import Account, AccountKey, AccountKind
from holdfast.ledger.apply import apply
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import PostTransfer
from holdfast.ledger.records import Sku
from holdfast.ledger.state import State
from holdfast.policies.reserve import Cause, Memory, View, decide

OUT = View(now_s=100.0, available=0, unpaid=0, reserve=500, sold_per_s=2.0, news_to_s=99.0, planned=1_000)
SINCE = Memory(out_since_s=95.0)


def test_a_step_covers_half_a_minute_of_sales() -> None:
    verdict = decide(OUT, SINCE)
    assert (verdict.units, verdict.cause) == (60, Cause.OPEN)
    assert verdict.memory == Memory(None, 100.0)
    assert decide(replace(OUT, sold_per_s=0.1), SINCE).units == 20
    assert decide(replace(OUT, reserve=7), SINCE).units == 7


@pytest.mark.parametrize(
    ("view", "memory", "cause"),
    [
        (replace(OUT, available=1), SINCE, Cause.MAIN_STOCK_LEFT),
        (replace(OUT, reserve=0), SINCE, Cause.RESERVE_EMPTY),
        (OUT, Memory(), Cause.NOT_CONFIRMED),
        (OUT, Memory(97.5), Cause.NOT_CONFIRMED),
        (replace(OUT, news_to_s=94.9), SINCE, Cause.NEWS_LATE),
        (replace(OUT, sold_per_s=0.0), SINCE, Cause.NOTHING_SELLS),
        (replace(OUT, unpaid=300), SINCE, Cause.HOLDS_MAY_COME_BACK),
        (OUT, Memory(95.0, 91.0), Cause.RESTING),
    ],
)
def test_it_stays_closed_while_something_speaks_against_it(view: View, memory: Memory, cause: Cause) -> None:
    verdict = decide(view, memory)
    assert (verdict.units, verdict.cause) == (0, cause)


def test_stock_that_comes_back_for_a_moment_starts_the_confirmation_anew() -> None:
    memory = decide(replace(OUT, available=1), SINCE).memory
    assert memory.out_since_s is None
    assert decide(OUT, memory).cause is Cause.NOT_CONFIRMED


units = st.integers(0, 2_000)


@given(units, units, st.floats(0, 1_000), st.integers(1, 10_000), st.integers(1, 20))
def test_no_step_is_refused_by_the_ledger_and_the_steps_end(
    unpaid: int, reserve: int, speed: float, planned: int, buyers: int
) -> None:
    """Sold out again and again: all of the reserve may be opened, nothing more, and then it is quiet."""
    keys = [AccountKey("A", "main", kind, "") for kind in (AccountKind.RESERVE, AccountKind.UNALLOCATED)]
    state = State(1, 1, {"A"}, {"A": Sku("A", "A")})
    state.accounts[keys[0]] = Account(keys[0], reserve)
    memory, opened = Memory(), 0
    for look in range(200):
        left = state.account("A", "main", AccountKind.RESERVE, "").posted
        view = View(float(look * buyers), 0, unpaid, left, speed, float(look * buyers), planned)
        verdict = decide(view, memory)
        memory = verdict.memory
        if verdict.units:
            step = PostTransfer(
                f"step {look}",
                "A",
                AccountKind.RESERVE,
                "",
                AccountKind.UNALLOCATED,
                "",
                verdict.units,
                "r",
                "a",
            )
            assert [one.code for one in apply(state, [step])] == [ResultCode.POSTED]
            opened += verdict.units
    assert opened <= reserve
    if state.account("A", "main", AccountKind.RESERVE, "").posted == 0:
        assert decide(replace(OUT, reserve=0), memory).units == 0
