"""Real orders against a real server: every balance is what the file says, and twice is once."""

import csv
import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from holdfast.cli.client import ApiClient
from holdfast.cli.demo.child import run_verify
from holdfast.cli.demo.server_process import COMMAND, ServerProcess
from holdfast.cli.main import main
from holdfast.cli.replay.plan import Expected

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("HOLDFAST_SHARED") or ROOT.parent / "shared")
SAMPLE = SHARED / "data" / "online-retail-sample.csv"
CHINESE = Path(__file__).with_name("data") / "orders-zh.csv"
Posted = dict[str, dict[str, int]]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path) as running:
        yield running


def replay(server: ServerProcess, file: Path, *flags: str) -> tuple[int, Any]:
    result = subprocess.run(
        [*COMMAND, "replay", str(file), "--url", server.url, "--key", server.key, "--json", *flags],
        capture_output=True,
        timeout=100,
    )
    assert result.stdout, result.stderr.decode()
    return result.returncode, json.loads(result.stdout)


def posted(server: ServerProcess) -> Posted:
    with ApiClient(server.url, server.key) as client:
        return {
            stock["sku"]: {account["account"]: account["posted"] for account in stock["accounts"]}
            for stock in client.pages("/v1/stock")
        }


def sample_by_hand() -> dict[str, Expected]:
    """The sample read with nothing of ours: what each item sold, and what came back to whom."""
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    found: dict[str, Expected] = {}
    owned: Counter[tuple[str, str]] = Counter()
    lines.sort(key=lambda row: (datetime.fromisoformat(row["InvoiceDate"]), row["InvoiceNo"].startswith("C")))
    for row in lines:
        sku, quantity = row["StockCode"], int(float(row["Quantity"]))
        buyer = row["CustomerID"] if float(row["CustomerID"] or 0) else row["InvoiceNo"]
        if row["InvoiceNo"].startswith("C"):
            ours = min(-quantity, owned[buyer, sku])
            owned[buyer, sku] -= ours
            item = found.setdefault(sku, Expected())
            item.returned_ours += ours
            item.returned_others += -quantity - ours
        elif quantity > 0:
            owned[buyer, sku] += quantity
            found.setdefault(sku, Expected()).sold += quantity
    return found


@pytest.mark.skipif(
    not SAMPLE.exists(), reason=f"the order sample is not at {SAMPLE}; HOLDFAST_SHARED names its folder"
)
def test_a_year_of_real_invoices_leaves_every_balance_right_and_twice_is_once(server: ServerProcess) -> None:
    code, first = replay(server, SAMPLE)
    assert (code, first["ok"], first["refused"], first["commands_repeated"]) == (0, True, {}, 0)
    balances = posted(server)
    for sku, want in sample_by_hand().items():
        found = balances[sku]
        assert found.get("channel:replay", 0) == 0, sku
        assert found.get("committed:replay", 0) == want.sold - want.returned_ours, sku
        assert found.get("unallocated", 0) == want.returned_ours, sku
        assert found.get("unsellable", 0) == want.returned_others, sku
    assert balances.keys() == sample_by_hand().keys()

    code, second = replay(server, SAMPLE)
    assert (code, second["commands_done"]) == (0, 0)
    assert second["commands_repeated"] == first["commands_done"]
    assert posted(server) == balances
    server.stop()
    assert run_verify(server.store_url)["ok"]


def test_a_chinese_export_with_closed_and_unpaid_orders(server: ServerProcess) -> None:
    code, document = replay(server, CHINESE)
    assert (code, document["differences"]) == (0, [])
    balances = posted(server)
    # 3 kept of 8; the closed 5 came back; 2 came back from somebody who bought before this file.
    assert balances["茶-01"] == {
        "channel:replay": 0, "committed:replay": 3, "customer": -2, "supplier": -8,
        "unallocated": 5, "unsellable": 2,
    }  # fmt: skip
    assert balances["袜-02"] == {
        "channel:replay": 0, "committed:replay": 3, "supplier": -6, "unallocated": 3,
    }  # fmt: skip
    assert balances["衣-03"] == {"channel:replay": 1, "supplier": -1}
    assert replay(server, CHINESE)[1]["commands_done"] == 0
    assert posted(server) == balances


def test_orders_beyond_the_stock_are_refused_and_counted(server: ServerProcess) -> None:
    code, document = replay(server, CHINESE, "--stock", "2")
    assert code == 0
    assert document["refused"] == {"insufficient_available": 3}
    assert (document["units_sold"], document["items_equal"]) == (0, 3)


def test_at_a_given_speed_events_keep_their_distance(server: ServerProcess, tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    file.write_text(
        "订单编号,商品编码,数量,下单时间\n1,a,1,2026-11-10 20:00:00\n2,a,1,2026-11-10 20:01:40\n",
        encoding="utf-8",
    )
    _, document = replay(server, file, "--speed", "100")
    assert 0.95 <= document["load"]["wall_s"] < 3


def test_a_balance_that_somebody_else_moved_is_told_of(server: ServerProcess) -> None:
    replay(server, CHINESE)
    with ApiClient(server.url, server.key) as client:
        body = {"id": "thief", "sku": "茶-01", "from": "committed:replay", "to": "customer", "quantity": 1}
        client.post("/v1/transfers", {**body, "reason": "shipped"})
    code, document = replay(server, CHINESE)
    assert code == 1
    assert document["differences"] == [
        {"sku": "茶-01", "account": "committed:replay", "expected": 3, "found": 2}
    ]


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--speed", "0.5"], "from 1 to 1000"),
        (["--speed", "fast"], "from 1 to 1000"),
        (["--stock", "-1"], "units"),
        (["--url", "https://example.test"], "plain http"),
    ],
)
def test_wrong_flags_say_what_would_do(flags: list[str], words: str) -> None:
    result = CliRunner().invoke(main, ["replay", str(CHINESE), *flags])
    assert result.exit_code == 2
    assert words in result.output


def test_no_server_says_how_to_start_one() -> None:
    result = CliRunner().invoke(main, ["replay", str(CHINESE), "--url", "http://127.0.0.1:9", "--key", "k"])
    assert result.exit_code == 1
    assert "holdfast serve" in result.output


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_name_our_program(shell: str) -> None:
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0
    assert f"_HOLDFAST_COMPLETE={shell}_complete" in result.output
