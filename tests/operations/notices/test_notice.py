"""A notice from a digest, and the shared tools: nothing is cut in half, and no name becomes a mark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.operations.notices import Post, notice_of
from holdfast.operations.notices.notice import cut, fitting, without_marks
from holdfast.policies.warnings import Kind, Lines, State, StockWarning, View, digest, evaluate


def raised(available: int) -> StockWarning:
    warning = evaluate(View("A1", available, 1_000, name="可乐"), Lines(), State(), 0.0).warning
    assert warning is not None
    return warning


@pytest.mark.parametrize(("available", "tone"), [(0, "critical"), (90, "warning"), (190, "notice")])
def test_the_level_picks_the_tone(available: int, tone: str) -> None:
    (found,) = digest([raised(available)])
    notice = notice_of(found, "zh", "https://h.example")
    assert (notice.tone, notice.link, notice.link_words) == (tone, "https://h.example", "打开控制台")


def test_what_got_better_is_calm() -> None:
    state = evaluate(View("A1", 0, 1_000), Lines(), State(), 0.0).state
    warning = evaluate(View("A1", 900, 1_000), Lines(), state, 1.0).warning
    assert warning is not None
    assert warning.kind is Kind.CLEARED
    (found,) = digest([warning])
    assert notice_of(found, "en").tone == "better"


def test_a_name_does_not_become_a_link_or_a_mention() -> None:
    assert without_marks("<@all> [x](http://y) *b*\n# c") == "＜@all＞ [x] (http://y) ＊b＊ # c"


def test_a_request_does_not_show_its_secrets() -> None:
    post = Post("https://h.example/?key=opensesame", b"{}", {"authorization": "opensesame"})
    assert "opensesame" not in repr(post)


@given(st.text(), st.integers(3, 50))
def test_a_cut_text_fits_and_is_whole_characters(text: str, bytes_max: int) -> None:
    found = cut(text, bytes_max)
    assert len(found.encode()) <= bytes_max
    assert found == text or text.startswith(found.removesuffix("…"))


@given(st.lists(st.text(max_size=20), max_size=30), st.integers(4, 200))
def test_fitting_lines_fit(lines: list[str], bytes_max: int) -> None:
    found = fitting(lines, bytes_max)
    assert len("\n".join(found).encode()) <= bytes_max
    assert found == lines or (found[-1] == "…" and found[:-1] == lines[: len(found) - 1])
