"""`holdfast show` against a server: a rundown from a file, a preflight, and a show from start to end."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from holdfast.cli.main import main
from tests.api.running import KEY, RunningServer, put

TIMES = {"starts_at": "2026-11-26T12:00:00Z", "ends_at": "2026-11-26T16:00:00Z"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with RunningServer(tmp_path / "holdfast.db") as running:
        yield running


def run(server: RunningServer, *words: str, language: str = "en") -> Result:
    environment = {"COLUMNS": "200", "HOLDFAST_LANGUAGE": language}
    arguments = ["show", *words, "--url", str(server.client.base_url), "--key", KEY]
    return CliRunner().invoke(main, arguments, env=environment)


def planned(server: RunningServer, sku: str) -> str:
    body = {
        "name": "周五晚场",
        "channels": [server.channel()],
        "items": [{"sku": sku, "planned": 5}],
        **TIMES,
    }
    put(server.client, "/v1/shows/friday", body)
    return "friday"


def test_a_show_from_its_file_to_its_end(server: RunningServer, tmp_path: Path) -> None:
    one, two = server.sku(), server.sku()
    for sku in (one, two):
        server.move(sku, "supplier", "unallocated", 50)
    show = planned(server, one)
    file = tmp_path / "rundown.csv"
    file.write_text(f"商品编码,计划数量\n{two},20\n", encoding="utf-8")
    looked = run(server, "import", show, str(file))
    assert "not applied: 1 items, 1 added, 1 removed" in looked.output, looked.output
    applied: Any = json.loads(run(server, "import", show, str(file), "--apply", "--json").stdout)
    assert (applied["applied"], applied["show"]["items"][0]["sku"]) == (True, two)

    checked = run(server, "preflight", show, "--json")
    found = json.loads(checked.stdout)
    assert checked.exit_code == (0 if found["ok"] else 1)
    errors = [each["code"] for each in found["findings"] if each["level"] == "error"]
    overrule = [word for code in errors for word in ("--overrule", f"{code}=我负责")]
    started = run(server, "start", show, "--id", "go", *overrule)
    assert started.exit_code == 0, started.output
    assert run(server, "start", show, "--id", "go", *overrule).exit_code == 0
    assert f"on air: {two}" in run(server, "next", show).output
    assert "直播中" in run(server, "list", language="zh").output
    ended = json.loads(run(server, "end", show, "--json").stdout)
    assert (ended["status"], ended["results"]) == ("ended", [])


def test_what_goes_wrong_is_said_and_nothing_is_changed(server: RunningServer, tmp_path: Path) -> None:
    show = planned(server, server.sku())
    file = tmp_path / "rundown.csv"
    file.write_text("商品编码,计划数量\nX,many\n", encoding="utf-8")
    bad = run(server, "import", show, str(file), "--apply")
    assert (bad.exit_code, "row 2: " in bad.output) == (1, True), bad.output
    assert run(server, "preflight", show).exit_code == 1
    refused = run(server, "start", show)
    assert (refused.exit_code, "preflight" in refused.output) == (1, True)
    assert run(server, "next", show, "--json").exit_code == 1
    assert run(server, "end", "none").exit_code == 1
    assert run(server, "start", show, "--overrule", "no reason").exit_code == 2
