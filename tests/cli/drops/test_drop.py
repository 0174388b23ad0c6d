"""`holdfast drop` against a server: from its plan to its end, and what a person hears who asks too much."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from holdfast.cli.main import main
from tests.api.running import KEY, RunningServer

LATE, LATER = "2099-11-11T20:00:00+08:00", "2099-11-11T21:00:00+08:00"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with RunningServer(tmp_path / "holdfast.db") as running:
        yield running


def run(server: RunningServer, *words: str, language: str = "en") -> Result:
    environment = {"COLUMNS": "200", "HOLDFAST_LANGUAGE": language}
    arguments = ["drop", *words, "--url", str(server.client.base_url), "--key", KEY]
    return CliRunner().invoke(main, arguments, env=environment)


def stocked(server: RunningServer) -> tuple[str, str]:
    channel, sku = server.channel(), server.sku()
    server.move(sku, "supplier", "unallocated", 50)
    return channel, sku


def test_a_drop_from_its_plan_to_its_end(server: RunningServer) -> None:
    channel, sku = stocked(server)
    first = run(server, "add", "n1", sku, f"{channel}=20", "--opens-at", LATE, "--plan-only")
    assert "n1: planned, 20 units" in first.output, first.output
    assert "n1: locked" in run(server, "lock", "n1").output
    moved = json.loads(run(server, "postpone", "n1", LATER, "--json").stdout)
    assert moved["opens_at"] == "2099-11-11T13:00:00Z"
    run(server, "add", "n2", sku, f"{channel}=10", "--opens-at", LATE)
    assert "n1: OPEN" in run(server, "open", "n1").output
    assert server.hold(channel, sku, 5).status_code == 201
    assert "n1：已收回，共 20 件" in run(server, "close", "n1", language="zh").output
    assert "n2: cancelled" in run(server, "cancel", "n2").output
    listed: Any = json.loads(run(server, "list", "--sku", sku, "--status", "closed", "--json").stdout)
    assert [(each["id"], each["returned"]) for each in listed["items"]] == [("n1", 15)]
    assert f"{channel}=20" in run(server, "list").output


def test_the_rest_goes_where_it_is_told(server: RunningServer) -> None:
    channel, sku = stocked(server)
    window = ("--opens-at", LATE, "--closes-at", LATER)
    limits = ("--per-order", "1", "--per-buyer-across", "2", "--gate", "noon")
    made = json.loads(run(server, "add", "limited", sku, f"{channel}=5", *window, *limits, "--json").stdout)
    assert made["limits"] == {"per_order": 1, "per_buyer_across_channels": 2}
    assert "order≤1 buyer, all channels≤2 ticket noon" in run(server, "list").output
    for words, leftover in ((("--stay",), "stay"), (("--carry-to", "last"), "carry")):
        made = run(server, "add", leftover, sku, f"{channel}=5", *window, *words, "--json")
        assert json.loads(made.stdout)["leftover"] == leftover


def test_what_cannot_be_is_told(server: RunningServer) -> None:
    channel, sku = stocked(server)

    def told(*words: str) -> str:
        result = run(server, "add", "n", sku, *words)
        assert result.exit_code != 0
        return result.output

    assert "only 50 units are unallocated" in told(f"{channel}=60", "--opens-at", LATE)
    assert "is not CHANNEL=UNITS" in told(channel, "--opens-at", LATE)
    assert "is not a time" in told(f"{channel}=6", "--opens-at", "tonight")
    assert "name each channel once" in told(f"{channel}=6", f"{channel}=7", "--opens-at", LATE)
    assert "either stays" in told(f"{channel}=6", "--opens-at", LATE, "--stay", "--carry-to", "x")
    assert "drop n is planned" in run(server, "open", "n").output
