"""The console keeps to sizes and floors of its own."""

import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, name_of

SOURCE = ROOT / "console" / "src"
FILE_LINES_MAX = 300
FOLDER_FILES_MAX = 12
GENERATED = SOURCE / "api" / "types.ts"
PURE_FOLDERS = ("stock", "moves", "feed", "i18n")
_COMPONENT = re.compile(r"^export (?:default )?(?:function|const|class) [A-Z]\w+", re.MULTILINE)
_IMPORTED = re.compile(r'from "([^"]+)"')


def files(*suffixes: str) -> list[Path]:
    found = sorted(path for path in SOURCE.rglob("*") if path.suffix in suffixes and path != GENERATED)
    assert found
    return found


@pytest.mark.parametrize("path", files(".ts", ".tsx"), ids=name_of)
def test_a_file_stays_small(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= FILE_LINES_MAX, f"{name_of(path)} has {lines} lines"


@pytest.mark.parametrize("path", files(".tsx"), ids=name_of)
def test_a_file_shows_one_component(path: Path) -> None:
    found = _COMPONENT.findall(path.read_text(encoding="utf-8"))
    assert len(found) <= 1, found


@pytest.mark.parametrize(
    "path", [path for path in files(".ts") if path.parent.name in PURE_FOLDERS], ids=name_of
)
def test_logic_stands_apart_from_the_screen(path: Path) -> None:
    imported = _IMPORTED.findall(path.read_text(encoding="utf-8"))
    foreign = [name for name in imported if not name.startswith(".")]
    assert not foreign, f"{name_of(path)} imports {foreign}"


def test_folders_stay_small() -> None:
    for folder in {path.parent for path in files(".ts", ".tsx")}:
        count = sum(path.is_file() for path in folder.iterdir())
        assert count <= FOLDER_FILES_MAX, f"{name_of(folder)} has {count} files"
