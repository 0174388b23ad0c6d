"""The ledger's tables, row by row: every event gets the code that stands behind it."""

import pytest

from holdfast.ledger.codes import SUCCESSES, ResultCode
from tests.fakes.memory_reader import MemoryReader
from tests.fakes.memory_store import MemoryFile, MemoryStore
from tests.ledger.table import Case, cases, run

ORDER = list(ResultCode)


def play(case: Case, *, together: bool) -> list[ResultCode]:
    file = MemoryFile()
    return run(case, MemoryStore(file), MemoryReader(file), together=together)


@pytest.mark.parametrize("together", [False, True], ids=["alone", "together"])
@pytest.mark.parametrize("case", cases(), ids=repr)
def test_each_row_gets_its_code(case: Case, *, together: bool) -> None:
    play(case, together=together)


@pytest.mark.parametrize("case", cases(), ids=repr)
def test_batching_changes_no_answer(case: Case) -> None:
    assert play(case, together=False) == play(case, together=True)


def test_every_result_code_is_produced() -> None:
    produced = {code for case in cases() for code in play(case, together=False)}
    assert set(ResultCode) - produced == set()


@pytest.mark.parametrize("case", cases("order"), ids=repr)
def test_checks_run_in_the_order_of_the_list(case: Case) -> None:
    found = [ORDER.index(ResultCode(row.expected)) for row in case.rows if row.expected]
    assert found == sorted(set(found)), "a row stands out of order"


def test_every_refusal_has_its_place_in_the_order() -> None:
    shown = {row.expected for case in cases("order", "replays") for row in case.rows}
    not_reached_in_one_order = {
        ResultCode.HOLD_ALREADY_RELEASED,
        ResultCode.HOLD_EXPIRED,
    }
    assert set(ResultCode) - SUCCESSES - not_reached_in_one_order <= shown


def test_names_of_cases_are_told_apart() -> None:
    names = [case.name for case in cases()]
    assert len(names) == len(set(names))
