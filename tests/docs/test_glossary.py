"""Every word of the house is in the glossary, in English and in Chinese, with one meaning."""

import re

from tests.docs.surface import ROOT

_HAN = re.compile(r"[\u4e00-\u9fff]")
WORDS = {
    "account",
    "allocation",
    "available",
    "channel",
    "committed",
    "cursor",
    "drop",
    "feed",
    "held",
    "hold",
    "listing",
    "location",
    "on hand",
    "oversell",
    "platform",
    "reconcile",
    "replay",
    "reserve",
    "retry",
    "right",
    "safety line",
    "show",
    "SKU",
    "snapshot",
    "transfer",
}


def rows() -> list[list[str]]:
    """The cells of each row of the glossary's tables, without the heading rows."""
    text = ROOT.joinpath("docs", "glossary.md").read_text(encoding="utf-8")
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    return [row for row in cells if row[0] != "English" and not set(row[0]) <= set(":- ")]


def test_every_term_has_both_languages_and_a_meaning() -> None:
    assert rows()
    for row in rows():
        assert len(row) >= 3, f"too few cells: {row}"
        english, chinese, meaning = row[:3]
        assert re.search("[A-Za-z]", english), f"no English: {row}"
        assert _HAN.search(chinese), f"no Chinese: {row}"
        assert len(meaning.split()) >= 3, f"no meaning: {row}"


def test_every_word_of_the_house_is_there_once() -> None:
    terms = [term.strip("* ") for row in rows() for term in row[0].split(",")]
    assert len(terms) == len(set(terms)), "a word has two rows"
    assert set(terms) >= WORDS, f"the glossary lacks {WORDS - set(terms)}"
