"""What is wrong in a file, as the API tells it."""

from collections.abc import Iterable

import msgspec

from holdfast.sheets import SheetProblem


class RowProblem(msgspec.Struct):
    """What is wrong at a cell; row 0 is the file itself."""

    row: int
    column: str
    value: str
    code: str
    message: str
    message_zh: str


def row_problems(problems: Iterable[SheetProblem]) -> list[RowProblem]:
    """Findings in the order given."""
    return [msgspec.convert(each.to_json(), RowProblem) for each in problems]
