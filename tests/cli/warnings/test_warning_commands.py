"""`holdfast warnings` and `holdfast destination` as a user meets them, on a real server and a robot."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from holdfast.cli.main import main
from tests.api.running import KEY, RunningServer, wait_for
from tests.operations.destinations import robots
from tests.operations.destinations.robots import SECRET, TOKEN, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    path = tmp_path_factory.mktemp("store") / "holdfast.db"
    with RunningServer(path, private_destinations=True) as running:
        yield running


@pytest.fixture
def run(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("HOLDFAST_URL", server.url)
    monkeypatch.setenv("HOLDFAST_API_KEY", KEY)
    monkeypatch.setenv("HOLDFAST_LANGUAGE", "en")

    def run(*arguments: str, **more: Any) -> Result:
        return CliRunner().invoke(main, list(arguments), **more)

    return run


def test_a_destination_is_added_tested_listed_and_removed(run: Any) -> None:
    assert "no destination" in run("destination", "list").output
    with serving(robots.feishu) as robot:
        address = robot.url(f"/open-apis/bot/v2/hook/{TOKEN}")
        added = run("destination", "add", "ops", "feishu", input=f"{address}\n{SECRET}\n")
        assert added.exit_code == 0, added.output
        assert TOKEN not in added.output
        assert "It was taken" in run("destination", "test", "ops").output
        wrong = run("destination", "add", "ops", "feishu", input=f"{address}\nwrong\n")
        assert wrong.exit_code == 0
        tested = run("destination", "test", "ops", "--json")
        assert tested.exit_code == 1
        assert "signature does not match" in json.loads(tested.stdout)["error"]["detail"]
        assert "feishu" in run("destination", "list").output
    assert run("destination", "remove", "ops").exit_code == 0
    assert run("destination", "test", "ops").exit_code == 1


def test_a_warning_is_listed_and_acknowledged(run: Any, server: RunningServer) -> None:
    assert "no warning stands" in run("warnings", "list").output
    channel = server.channel()
    sku = server.stocked(channel, 100)
    wait_for(lambda: server.holdfast.warnings._memory.peak_units(sku) == 100)
    server.hold(channel, sku, 100)
    wait_for(lambda: bool(json.loads(run("warnings", "list", "--json").stdout)["items"]))
    assert "sold out" in run("warnings", "list").output
    assert run("warnings", "ack", sku).exit_code == 0
    assert run("warnings", "ack", "NOBODY").exit_code == 1
