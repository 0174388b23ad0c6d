from holdfast.channels.pages import cursor_from_the_back


def read_all(pages: int) -> list[str]:
    """The pages asked for, in order."""
    asked, cursor = ["1"], cursor_from_the_back(None, pages)
    while cursor is not None:
        asked.append(cursor)
        cursor = cursor_from_the_back(cursor, pages)
    return asked


def test_one_page_is_read_once() -> None:
    assert read_all(0) == read_all(1) == ["1"]


def test_more_pages_are_read_from_the_back_and_end_with_the_first() -> None:
    assert read_all(3) == ["1", "3", "2", "1"]
