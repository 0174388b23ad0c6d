"""A server on PostgreSQL from outside: a trade over HTTP, restarts, lost connections, and what it says."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from click.testing import CliRunner

from holdfast.app import StoreFactory
from holdfast.cli.main import main
from holdfast.settings import Settings, SettingsError
from tests.conformance.postgres import new_schema
from tests.faults.process import Process, command, environment


def put(client: httpx.Client, path: str, body: dict[str, Any]) -> None:
    assert client.put(path, json=body).status_code in (200, 201)


def post(client: httpx.Client, path: str, body: dict[str, Any] | None = None) -> str:
    answer = client.post(path, json=body)
    return str(answer.json()["code"])


def hold(id: str, quantity: int = 1) -> dict[str, Any]:
    return {"id": id, "channel": "shop", "buyer": id, "lines": [{"sku": "A", "quantity": quantity}]}


def stock_a_shop(client: httpx.Client) -> None:
    put(client, "/v1/channels/shop", {"platform": "shop", "name": "shop"})
    put(client, "/v1/skus/A", {"name": "A"})
    body = {"id": "t", "sku": "A", "from": "supplier", "to": "channel:shop", "quantity": 5, "reason": "x"}
    assert client.post("/v1/transfers", json=body).status_code == 201


def snapshot(client: httpx.Client) -> dict[str, Any]:
    (found,) = client.get("/v1/stock").json()["items"]
    return dict(found)


def test_a_trade_and_a_restart(tmp_path: Path) -> None:
    url = new_schema()
    with Process(tmp_path / "x", store=url) as server:
        client = server.client
        stock_a_shop(client)
        for id in ("a", "b", "c"):
            assert client.post("/v1/holds", json=hold(id)).status_code == 201
        assert client.post("/v1/holds", json=hold("d", 9)).status_code == 409
        assert client.post("/v1/holds/a/confirm").status_code == 200
        assert client.post("/v1/holds/b/release").status_code == 200
        before = snapshot(client)
        server.kill()
    with Process(tmp_path / "x", store=url) as server:
        assert snapshot(server.client) == before
        again = server.client.post("/v1/holds", json=hold("c"))
        assert again.status_code in (200, 201)
        assert server.client.get("/v1/transfers?sku=A").json()["items"]
        assert server.stop() == 0
    made = CliRunner().invoke(main, ["key", "list", "--json", "--store", url])
    assert made.exit_code == 0, made.output
    run = CliRunner().invoke(main, ["verify", "--json", "--store", url])
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["ok"]


def test_the_feed_goes_on_where_it_was(tmp_path: Path) -> None:
    with Process(tmp_path / "x", store=new_schema()) as server:
        client = server.client
        stock_a_shop(client)
        with client.stream("GET", "/v1/feed") as feed:
            lines = feed.iter_lines()
            assert any(line.startswith("event:") for line in lines)
            assert client.post("/v1/holds", json=hold("a")).status_code == 201
            assert any('"held":1' in line for line in lines)


def test_connections_that_the_server_ends_are_opened_anew(tmp_path: Path) -> None:
    """As at a restart of PostgreSQL: no answered hold is lost, and the service is back by itself."""
    url = new_schema()
    with Process(tmp_path / "x", store=url) as server:
        stock_a_shop(server.client)
        assert server.client.post("/v1/holds", json=hold("a")).status_code == 201
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'holdfast' AND pid <> pg_backend_pid()"
            )
        end = time.monotonic() + 10
        while server.client.post("/v1/holds", json=hold("b")).status_code not in (200, 201):
            assert time.monotonic() < end, server.log()
            time.sleep(0.1)
        while server.client.get("/v1/holds/a").status_code != 200:
            assert time.monotonic() < end, server.log()
        assert server.client.get("/readyz").status_code == 200
    run = CliRunner().invoke(main, ["verify", "--json", "--store", url])
    assert run.exit_code == 0, run.output


def test_a_server_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    nowhere = "postgresql://shop:correct-horse@127.0.0.1:1/shop"
    served = subprocess.run(
        command("serve", "--port", "0", "--store", nowhere),
        capture_output=True,
        text=True,
        env=environment(XDG_DATA_HOME=str(tmp_path)),
        timeout=30,
    )
    assert served.returncode != 0
    assert "PostgreSQL" in served.stderr
    assert "correct-horse" not in served.stderr + served.stdout
    run = CliRunner().invoke(main, ["verify", "--store", nowhere])
    assert run.exit_code == 1
    assert "PostgreSQL" in run.output
    assert "correct-horse" not in run.output


@pytest.mark.parametrize("url", ["postgersql://u:correct-horse@h/d", "postgresql://u:correct-horse%zz@h/d"])
def test_a_url_that_is_not_understood_is_not_repeated(url: str) -> None:
    with pytest.raises(SettingsError, match="postgresql://") as caught:
        StoreFactory(url)
    assert "correct-horse" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["postgresql://u:correct-horse@h/d", "postgresql:///d?password=correct-horse&user=u"]
)
def test_settings_show_no_password(url: str) -> None:
    shown = repr(Settings(store=url))
    assert "correct-horse" not in shown
    assert "/d" in shown
    assert repr(Settings(store="sqlite:////tmp/a:b@c.db")).count("/tmp/a:b@c.db") == 1
