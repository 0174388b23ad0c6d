"""`import` and `export` as a user meets them: exit codes, JSON, and imports that break off."""

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from holdfast.cli import catalog_commands
from tests.cli.api_stub import ApiStub

TEXT = "商品编码,名称,售价,库存,渠道:douyin\nA,甲,1.5,10,4\nB,乙,2,5,0\nC,丙,3,,\n"


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> ApiStub:
    made = ApiStub()
    monkeypatch.setattr(catalog_commands, "client_for", lambda url, key: made.client())
    monkeypatch.setenv("HOLDFAST_LANGUAGE", "en")
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "items.csv"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(command: click.Command, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def imported(*arguments: object) -> Result:
    return run(catalog_commands.import_items, *arguments)


def document(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_import_applies_and_a_second_import_has_nothing_to_do(stub: ApiStub, file: Path) -> None:
    result = imported(file, "--yes", "--json")
    assert result.exit_code == 0, result.output
    assert document(result)["applied"] == {"items": 3, "moves": 3, "replayed": 0}
    assert stub.skus["A"]["price_cents"] == 150
    assert dict(stub.accounts["A"]) == {"supplier": -10, "unallocated": 6, "channel:douyin": 4}
    again = imported(file, "--yes", "--json")
    assert document(again)["unchanged"] == 3
    assert stub.writes == 6


def test_a_dry_run_writes_nothing(stub: ApiStub, file: Path) -> None:
    result = imported(file, "--dry-run", "--json")
    assert result.exit_code == 0
    assert [item["sku"] for item in document(result)["items"]] == ["A", "B", "C"]
    assert stub.writes == 0


def test_without_yes_and_without_a_terminal_nothing_happens(stub: ApiStub, file: Path) -> None:
    result = imported(file)
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert stub.writes == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_error_and_nothing_is_applied(stub: ApiStub, tmp_path: Path, language: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(TEXT + "D,丁,x,1,\n", encoding="utf-8")
    result = imported(path, "--yes", "--language", language)
    assert result.exit_code == 1
    assert ("未做任何更改" if language == "zh" else "nothing was changed") in result.stderr
    assert stub.writes == 0
    errors = document(imported(path, "--yes", "--json"))["errors"]
    assert [(error["row"], error["column"], error["value"]) for error in errors] == [(5, "售价", "x")]


@pytest.mark.parametrize("steps", range(6))
def test_an_import_that_broke_off_is_finished_by_the_same_command(
    stub: ApiStub, file: Path, steps: int
) -> None:
    stub.fail_after = steps
    result = imported(file, "--yes", "--json")
    assert result.exit_code == 1
    broken = document(result)
    assert broken["error"]["code"] == "unreachable"
    assert broken["applied"]["items"] + broken["applied"]["moves"] == steps
    assert "Run the same command again" in result.stderr
    stub.fail_after = None
    assert imported(file, "--yes").exit_code == 0
    assert dict(stub.accounts["A"]) == {"supplier": -10, "unallocated": 6, "channel:douyin": 4}
    assert dict(stub.accounts["B"]) == {"supplier": -5, "unallocated": 5}


def test_a_missing_file_is_told_without_a_call(stub: ApiStub, tmp_path: Path) -> None:
    result = imported(tmp_path / "none.csv", "--yes", "--json")
    assert result.exit_code == 1
    assert document(result)["errors"][0]["code"] == "file_missing"


def test_no_server_is_told(file: Path) -> None:
    result = imported(file, "--yes", "--url", "http://127.0.0.1:1", "--language", "en")
    assert result.exit_code == 1
    assert "holdfast serve" in result.stderr
    assert imported(file, "--yes", "--url", "nonsense").exit_code == 2


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_an_export_imports_to_no_change(stub: ApiStub, file: Path, tmp_path: Path, name: str) -> None:
    imported(file, "--yes")
    out = tmp_path / name
    result = run(catalog_commands.export_items, out, "--json")
    assert result.exit_code == 0, result.output
    assert document(result)["rows"] == 3
    assert document(imported(out, "--yes", "--json"))["unchanged"] == 3


def test_an_export_replaces_only_when_told(stub: ApiStub, file: Path, tmp_path: Path) -> None:
    assert run(catalog_commands.export_items, file).exit_code == 2
    assert file.read_text(encoding="utf-8") == TEXT
    assert run(catalog_commands.export_items, file, "--force").exit_code == 0
    assert run(catalog_commands.export_items, tmp_path / "a.pdf").exit_code == 2
    assert run(catalog_commands.export_items, tmp_path / "no" / "a.csv").exit_code == 1


def test_an_export_tells_what_it_leaves_out(stub: ApiStub, tmp_path: Path) -> None:
    stub.skus = {"007": {"name": "n"}, "Z": {"name": "z", "components": [{"sku": "007", "quantity": 2}]}}
    result = run(catalog_commands.export_items, tmp_path / "a.csv", "--json")
    assert document(result)["bundles_left_out"] == 1
    assert document(result)["codes_excel_spoils"] == ["007"]


def test_names_with_escape_sequences_do_not_reach_the_terminal(stub: ApiStub, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sku,name\nA,[bold]x\u202e\n", encoding="utf-8")
    result = imported(path, "--dry-run")
    assert result.exit_code == 0
    assert "[bold]x" in result.stderr
    assert "\u202e" not in result.stderr
