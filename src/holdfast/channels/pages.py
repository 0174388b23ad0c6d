"""Reading numbered pages from the back, where orders that change leave the span while it is read."""


def cursor_from_the_back(cursor: str | None, pages: int) -> str | None:
    """The next page to ask for: after the first look at page 1, from the last page down to page 1 again.

    An order that changes leaves the span, and those behind it move forward: to pages still to be read.
    """
    if cursor is None:
        return str(pages) if pages > 1 else None
    return str(int(cursor) - 1) if int(cursor) > 1 else None
