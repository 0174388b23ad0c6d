"""`holdfast overlay` on a store: made, listed, rotated, revoked; what cannot be shown is refused."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from holdfast.cli.main import main
from holdfast.live.overlay.ring import OverlayRing
from holdfast.storage.sqlite import SqliteOverlays, SqliteReader, SqliteStore
from tests.conformance.trade import open_shop


@pytest.fixture
def path(tmp_path: Path) -> Path:
    store = SqliteStore(tmp_path / "holdfast.db")
    store.open()
    open_shop(store)
    store.close()
    return tmp_path / "holdfast.db"


def run(path: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["overlay", *words, "--store", f"sqlite:///{path}"])


def opens(path: Path, token: str) -> bool:
    ring = OverlayRing(lambda: SqliteOverlays(path), lambda: 0)
    ring.refresh()
    row = ring.find(token)
    return row is not None and row.revoked_at_us is None


def test_an_overlay_is_made_listed_rotated_and_revoked(path: Path) -> None:
    made = run(path, "create", "main", "A", "B", "A", "--theme", "festive", "--language", "en", "--json")
    assert made.exit_code == 0, made.output
    first = json.loads(made.stdout)
    assert first["path"] == "/overlay/" + first["token"]
    assert opens(path, first["token"])
    listed = json.loads(run(path, "list", "--json").stdout)
    assert [(row["name"], row["live"], row["skus"], row["theme"]) for row in listed] == [
        ("main", True, ["A", "B"], "festive")
    ]
    assert first["token"] not in run(path, "list").output

    second = json.loads(run(path, "rotate", "main", "--json").stdout)
    assert opens(path, second["token"])
    assert not opens(path, first["token"])
    assert json.loads(run(path, "revoke", "main", "--json").stdout) == {"name": "main", "live": False}
    assert not opens(path, second["token"])
    reader = SqliteReader(path)
    entries = [row.entry for row in reader.audit("main", 2**60, 10)]
    reader.close()
    assert [entry.action for entry in entries] == ["overlay.revoke", "overlay.rotate", "overlay.create"]
    assert all(entry.actor.startswith("shell:") for entry in entries)


def test_what_is_not_given_stays_as_it_is_at_the_same_address(path: Path) -> None:
    token = json.loads(run(path, "create", "main", "A", "--theme", "festive", "--json").stdout)["token"]
    changed = json.loads(run(path, "change", "main", "B", "A", "B", "--layout", "bar", "--json").stdout)
    assert (changed["skus"], changed["theme"], changed["layout"]) == (["B", "A"], "festive", "bar")
    changed = json.loads(run(path, "change", "main", "--place", "top", "--json").stdout)
    assert (changed["skus"], changed["layout"], changed["place"]) == (["B", "A"], "bar", "top")
    assert opens(path, token)
    told = run(path, "change", "main", "--language", "en")
    assert (told.stdout, told.stderr) == ("", "changed main: B A\n")


def test_an_address_for_people_is_on_stdout_alone(path: Path) -> None:
    made = run(path, "create", "main", "A")
    assert made.stdout.startswith("/overlay/hfo_")
    assert len(made.stdout.split()) == 1
    assert "仅显示这一次" in made.stderr
    assert run(path, "list").stdout.split()[:2] == ["main", "live"]
    assert run(path, "revoke", "main").stdout == ""
    assert run(path, "list").stdout.split()[:2] == ["main", "ended"]


@pytest.mark.parametrize(
    ("words", "exit_code", "text"),
    [
        (["create", "main"], 2, "SKUS"),
        (["create", "main", "NOBODY"], 1, "unknown sku: NOBODY"),
        (["create", "main", *[f"S{number}" for number in range(11)]], 2, "at most 10"),
        (["create", "main", "A", "--theme", "neon"], 2, "neon"),
        (["change", "nobody", "A"], 1, "no live overlay nobody"),
        (["change", "nobody", "NOBODY"], 1, "unknown sku: NOBODY"),
        (["change", "main", *[f"S{number}" for number in range(11)]], 2, "at most 10"),
        (["rotate", "nobody"], 1, "no live overlay nobody"),
        (["revoke", "nobody"], 1, "no live overlay nobody"),
    ],
)
def test_what_cannot_be_is_refused(path: Path, words: list[str], exit_code: int, text: str) -> None:
    result = run(path, *words)
    assert result.exit_code == exit_code
    assert text in result.output


def test_a_name_is_taken_once(path: Path) -> None:
    assert run(path, "create", "main", "A").exit_code == 0
    again = run(path, "create", "main", "B")
    assert (again.exit_code, "already" in again.output) == (1, True)
