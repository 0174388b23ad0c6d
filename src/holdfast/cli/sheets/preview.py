"""What is wrong with a file, before anything of it is applied."""

from collections.abc import Sequence

from holdfast.cli.output import Output
from holdfast.sheets.problems import SheetProblem


def show_problems(output: Output, warnings: Sequence[SheetProblem], errors: Sequence[SheetProblem]) -> bool:
    """Print them, with what to do; True if there are errors, so that nothing will be changed."""
    words = output.words
    for title, style, problems in (
        (words("提示", "Warnings"), "yellow", warnings),
        (words("错误", "Errors"), "red", errors),
    ):
        if problems:
            output.say(title, title, f"bold {style}")
            columns = [
                words("行", "row"),
                words("列", "column"),
                words("内容", "value"),
                words("说明", "what to do"),
            ]
            output.table("", columns, [_row(output, each) for each in problems])
    if errors:
        count = len(errors)
        output.say(f"{count} 处错误，未做任何更改。", f"errors: {count}; nothing was changed.", "bold red")
    return bool(errors)


def _row(output: Output, problem: SheetProblem) -> tuple[str, ...]:
    row = str(problem.row) if problem.row else ""
    return row, problem.column, problem.value, problem.text(output.language)
