"""`holdfast rehearse` as a user runs it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from holdfast.cli.demo.server_process import COMMAND
from holdfast.cli.main import main

TRACE = Path(__file__).parents[1] / "rehearsal" / "data" / "trace.json"


def rehearse(*arguments: str) -> Result:
    return CliRunner().invoke(
        main, ["rehearse", *arguments], env={"COLUMNS": "200", "HOLDFAST_LANGUAGE": "en"}
    )


def document(*arguments: str) -> Any:
    result = rehearse(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_without_anything_a_built_in_show_is_played_and_compared(tmp_path: Path) -> None:
    picture = tmp_path / "show.png"
    run = subprocess.run(
        [
            *COMMAND,
            "rehearse",
            "--baseline",
            "static",
            "--baseline",
            "mirror",
            "--plot",
            str(picture),
            "--json",
        ],
        capture_output=True,
        timeout=100,
    )
    assert run.returncode == 0, run.stderr.decode()
    told = json.loads(run.stdout)
    ours, static, mirror = told["shows"]
    assert (told["ok"], ours["run_by"], ours["id"], ours["oversold"]) == (True, "holdfast", "evening", 0)
    assert static["ratio"] < ours["ratio"]
    assert mirror["oversold"] > 0
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_table_has_both_languages_and_a_row_for_each_way() -> None:
    result = rehearse(str(TRACE), "--baseline", "static", "--reps", "2")
    assert result.exit_code == 0, result.output
    for heading in (
        "oversold 超卖",
        "sold 售出",
        "ratio 比全知",
        "bell 钟响时",
        "stranded 滞留",
        "calls 调用",
        "mean 平均",
    ):
        assert heading in result.output
    assert result.output.count("holdfast") == 3


def test_a_folder_stands_for_its_files_and_a_seed_for_its_show() -> None:
    assert [show["id"] for show in document(str(TRACE.parent))["shows"]] == ["trace"]
    shows = document("--family", "small", "--seed", "9", "--reps", "2")["shows"]
    assert [(show["id"], show["rep"]) for show in shows] == [("small-9", 0), ("small-9", 1)]


def test_chaos_names_its_seeds() -> None:
    told = document("--chaos", "--seed", "3", "--reps", "4")
    assert [show["seed"] for show in told["shows"]] == [3, 4, 5, 6]
    assert "nothing was oversold" in rehearse("--chaos", "--seed", "3").output


def test_a_failure_of_the_checks_is_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    from holdfast.cli.rehearse import command
    from holdfast.rehearsal.chaos import Ordeal, play_hostile

    def broken(seed: int, show: object) -> Ordeal:
        return play_hostile(seed)._replace(problems=["at 1.0 s: too much"])

    monkeypatch.setattr(command, "play_hostile", broken)
    result = rehearse("--chaos", "--seed", "7")
    assert result.exit_code == 1
    assert "seed 7: at 1.0 s: too much" in result.output


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("nowhere.json",), 1, "nowhere.json cannot be read: No such file or directory"),
        (("--family", "vital"), 2, "'vital' is not one of"),
        (("--family", "small", str(TRACE)), 2, "give either SCENARIO files or --family"),
        (("--chaos", "--plot", "x.png"), 2, "--chaos takes neither --baseline nor --plot"),
        ((str(TRACE), "--plot", "/nowhere/x.png"), 1, "/nowhere/x.png cannot be written"),
    ],
)
def test_errors_say_what_to_do(arguments: tuple[str, ...], code: int, message: str) -> None:
    result = rehearse(*arguments)
    assert (result.exit_code, message in result.output) == (code, True), result.output


def test_a_wrong_file_names_its_field(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(
        TRACE.read_text(encoding="utf-8").replace('"dec": "refuse"', '"dec": "explode"'), encoding="utf-8"
    )
    result = rehearse(str(wrong), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "bad_scenario"
    assert "$.platforms[0].dec" in result.output


def test_stdio_answers_a_referee() -> None:
    platform = json.loads(TRACE.read_text(encoding="utf-8"))["platforms"][0]
    info = {
        "setup_s": 5,
        "horizon_s": 30,
        "platforms": [platform],
        "skus": [{"id": "cup", "known_stock": 10, "initial": {}}],
        "forecast": [{"sku": "cup", "platform": "douyin", "forecast_units": 9.0}],
        "cancel_returns_to": "counter",
    }
    start = json.dumps({"ev": "start", "t": -5.0, "info": info})
    run = subprocess.run(
        [*COMMAND, "rehearse", "--stdio"], input=start.encode() + b"\n", capture_output=True, timeout=60
    )
    assert run.returncode == 0, run.stderr.decode()
    (answer,) = run.stdout.splitlines()
    calls = json.loads(answer)["calls"]
    assert [call["op"] for call in calls if call["op"] == "inc"] == ["inc"]
