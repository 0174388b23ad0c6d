"""Every relative link in a document leads to a file and, where it names one, to a heading."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.surface import ROOT

_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_REFERENCE_LINK = re.compile(r"^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)


def documents() -> list[Path]:
    found = [*ROOT.glob("*.md"), *ROOT.joinpath("docs").rglob("*.md")]
    return sorted(found)


def links(path: Path) -> list[str]:
    text = _CODE.sub("", path.read_text(encoding="utf-8"))
    return _LINK.findall(text) + _REFERENCE_LINK.findall(text)


@cache
def anchors(path: Path) -> set[str]:
    """The names that a forge gives to the headings of a document."""
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return {_anchor(heading) for heading in _HEADING.findall(text)}


def _anchor(heading: str) -> str:
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")


def test_there_are_documents() -> None:
    assert {"README.md", "README.zh-CN.md", "ARCHITECTURE.md"} <= {p.name for p in documents()}


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_relative_links_resolve(path: Path) -> None:
    broken = []
    for link in links(path):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        resolves = (target == ROOT or ROOT in target.parents) and target.exists()
        if resolves and anchor and target.suffix == ".md":
            resolves = anchor in anchors(target)
        if not resolves:
            broken.append(link)
    assert not broken, f"{path.relative_to(ROOT)} links to {broken}"
