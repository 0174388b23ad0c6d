"""Accounts: how they are written and read, and which moves between them mean something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.ledger.accounts import (
    CHANNEL_SCOPED,
    INSIDE,
    SCOPED,
    AccountKind,
    AccountNameError,
    account_name,
    may_move,
    parse_account,
)
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import PostTransfer, PutChannel, PutSku
from tests.fakes.batches import decide
from tests.fakes.memory_store import MemoryFile, MemoryStore

MATRIX = """
from \\ to     una res dro cha com uns sup cus adj ove
unallocated     =   x   x   x   .   x   x   .   x   x
reserve         x   =   x   x   .   x   .   .   x   x
drop            x   x   =   x   .   x   .   .   x   .
channel         x   x   x   =   x   x   .   .   x   x
committed       x   .   .   x   =   x   .   x   .   .
unsellable      x   .   .   .   .   =   x   .   x   .
supplier        x   x   x   x   .   x   =   .   .   .
customer        x   .   .   .   .   x   .   =   .   .
adjustment      x   x   x   x   .   x   .   .   =   .
oversold        .   .   .   x   x   .   .   .   .   =
"""
"""`x` may move, `.` means nothing, `=` is the same account."""

BETWEEN_NAMES = """
drop            drop        x
channel         channel     x
committed       committed   .
oversold        oversold    .
"""
"""From one name to another of the same kind."""


def moves() -> list[tuple[AccountKind, AccountKind, str]]:
    head, *rows = MATRIX.strip().splitlines()
    columns = [_kind(short) for short in head.split()[3:]]
    found = []
    for row in rows:
        source, *signs = row.split()
        found += [(_kind(source), target, sign) for target, sign in zip(columns, signs, strict=True)]
    return found


def _kind(text: str) -> AccountKind:
    (kind,) = (kind for kind in AccountKind if kind.startswith(text))
    return kind


def test_the_matrix_names_every_pair_once() -> None:
    pairs = [(source, target) for source, target, _ in moves()]
    assert len(pairs) == len(set(pairs)) == len(AccountKind) ** 2


@pytest.mark.parametrize(("source", "target", "sign"), moves())
def test_a_transfer_is_decided_as_the_matrix_says(
    source: AccountKind, target: AccountKind, sign: str
) -> None:
    code = _move(source, "douyin" if source in SCOPED else "", target, "douyin" if target in SCOPED else "")
    if sign == "=":
        assert code == ResultCode.ACCOUNTS_MUST_DIFFER
    elif sign == ".":
        assert code == ResultCode.TRANSFER_NOT_ALLOWED
        assert not may_move(source, target)
    else:
        assert may_move(source, target)
        assert code == (ResultCode.INSUFFICIENT_AVAILABLE if source in INSIDE else ResultCode.POSTED)


@pytest.mark.parametrize("line", BETWEEN_NAMES.strip().splitlines())
def test_a_transfer_between_two_names_of_one_kind(line: str) -> None:
    source, target, sign = line.split()
    code = _move(AccountKind(source), "douyin", AccountKind(target), "kuaishou")
    expected = ResultCode.INSUFFICIENT_AVAILABLE if sign == "x" else ResultCode.TRANSFER_NOT_ALLOWED
    assert code == expected


def _move(source: AccountKind, source_name: str, target: AccountKind, target_name: str) -> ResultCode:
    store = MemoryStore(MemoryFile())
    channels = [PutChannel(name, "shop", name, "tester") for name in ("douyin", "kuaishou")]
    move = PostTransfer("t", "A", source, source_name, target, target_name, 1, "try", "tester")
    return decide(store, [PutSku("A", "A", "tester"), *channels, move], 0)[-1].code


NAMES = st.text(min_size=1)
ACCOUNTS = st.one_of(
    st.tuples(st.sampled_from(sorted(SCOPED)), NAMES),
    st.tuples(st.sampled_from(sorted(set(AccountKind) - SCOPED)), st.just("")),
)


@given(ACCOUNTS)
def test_an_account_is_read_as_it_was_written(account: tuple[AccountKind, str]) -> None:
    assert parse_account(account_name(*account)) == account


@given(st.text())
def test_text_is_an_account_exactly_or_an_error(text: str) -> None:
    try:
        account = parse_account(text)
    except AccountNameError:
        return
    assert account_name(*account) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no account"),
        ("shelf", "unallocated"),
        ("Channel:douyin", "channel:NAME"),
        (" supplier", "is no account"),
        ("channel", "needs a name"),
        ("channel:", "needs a name"),
        ("supplier:acme", "takes no name"),
        ("unallocated:", "takes no name"),
    ],
)
def test_an_error_says_what_to_write(text: str, says: str) -> None:
    with pytest.raises(AccountNameError, match=says):
        parse_account(text)


def test_kinds_hang_together() -> None:
    outside = {"supplier", "customer", "adjustment", "oversold"}
    assert {kind.value for kind in set(AccountKind) - INSIDE} == outside
    assert {kind.value for kind in SCOPED - CHANNEL_SCOPED} == {"drop"}
