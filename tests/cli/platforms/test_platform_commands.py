"""`connect`, `listings` and `sync status` as a user meets them, on a real server and a simulated shop."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from holdfast.cli.main import main
from holdfast.simulators.running import RunningSimulator
from tests.api.platforms.shops import counter, listing, shop, wait_for_right
from tests.api.running import KEY, RunningServer, unique

HEADINGS = "渠道,商品ID,规格ID,商品编码,权重,最多,暂停\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("store") / "holdfast.db") as running:
        yield running


@pytest.fixture(scope="module")
def simulator() -> Iterator[RunningSimulator]:
    with shop() as running:
        yield running


@pytest.fixture
def run(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("HOLDFAST_URL", server.url)
    monkeypatch.setenv("HOLDFAST_API_KEY", KEY)
    monkeypatch.setenv("HOLDFAST_LANGUAGE", "en")

    def run(*arguments: object, **more: Any) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], **more)

    return run


def document(result: Result) -> Any:
    return json.loads(result.stdout)


@pytest.fixture
def told(simulator: RunningSimulator) -> dict[str, Any]:
    found: dict[str, Any] = simulator.control("GET", "/credentials")
    return {**found, "settings": {"rate_per_s": "500"}}


@pytest.fixture
def channel(run: Any, told: dict[str, Any]) -> str:
    """A new channel, connected by the command."""
    name = unique("dy")
    result = run("connect", name, "douyin", "--from", "-", "--json", input=json.dumps(told))
    assert result.exit_code == 0, result.output
    return name


def test_connect_makes_the_channel_and_tries_it(
    run: Any, server: RunningServer, told: dict[str, Any], tmp_path: Path
) -> None:
    name, file = unique("dy"), tmp_path / "secrets.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    result = run("connect", name, "douyin", "--name", "旗舰店", "--from", file, "--json")
    assert result.exit_code == 0, result.output
    assert document(result)["check"]["ok"] is True
    for secret in (told["app_secret"], told["access_token"], told["refresh_token"]):
        assert secret not in result.output
    assert server.client.get(f"/v1/channels/{name}").json()["name"] == "旗舰店"
    # Again without any secret: they stay, and so do the settings.
    again = run("connect", name, "douyin", "--setting", "deducts=on_payment", "--json")
    assert document(again)["check"]["ok"] is True, again.output
    assert document(again)["connection"]["settings"] == {"rate_per_s": "500", "deducts": "on_payment"}


def test_connect_takes_secrets_from_the_environment(
    run: Any, told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("app_secret", "access_token", "refresh_token"):
        monkeypatch.setenv(f"HOLDFAST_CONNECT_{name.upper()}", told[name])
    options = ("--app-key", told["app_key"], "--shop", told["shop"], "--base-url", told["base_url"])
    result = run("connect", unique("dy"), "douyin", *options, "--json")
    assert result.exit_code == 0, result.output
    assert document(result)["check"]["ok"] is True


def test_connect_says_what_is_wrong(run: Any, told: dict[str, Any], tmp_path: Path) -> None:
    wrong = json.dumps({**told, "app_secret": "another-secret-of-somebody"})
    result = run("connect", unique("dy"), "douyin", "--from", "-", input=wrong)
    assert result.exit_code == 1
    assert "compare app key and app secret" in " ".join(result.stderr.split())
    assert "another-secret" not in result.output
    file = tmp_path / "broken.json"
    file.write_text('{"app_secret": "hush"', encoding="utf-8")
    broken = run("connect", unique("dy"), "douyin", "--from", file)
    assert broken.exit_code == 2
    assert "hush" not in broken.output
    assert run("connect", unique("dy"), "myspace").exit_code == 1
    assert run("connect", unique("dy"), "douyin").exit_code == 2, "no app key"


def test_connect_refuses_a_channel_of_another_platform(
    run: Any, server: RunningServer, told: dict[str, Any]
) -> None:
    result = run("connect", server.channel(), "douyin", "--from", "-", "--json", input=json.dumps(told))
    assert result.exit_code == 1
    assert document(result)["error"]["code"] == "other_platform"


def sheet(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / f"{unique('listings')}.csv"
    path.write_text(HEADINGS + "".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def test_listings_are_imported_after_all_rows_were_tried(
    run: Any, server: RunningServer, simulator: RunningSimulator, channel: str, tmp_path: Path
) -> None:
    first, second = listing(simulator, 4), listing(simulator, 6)
    skus = [server.sku(), server.sku()]
    for sku in skus:
        server.move(sku, "supplier", "unallocated", 5)
    lines = [
        f"{channel},{name.replace('/', ',')},{sku},2,无,是"
        for name, sku in zip((first, second), skus, strict=True)
    ]
    file = sheet(tmp_path, *lines)
    refused = run("listings", "import", file, "--yes", "--json")
    assert refused.exit_code == 1
    (error,) = document(refused)["errors"]
    assert (error["row"], error["code"]) == (3, "refused")
    assert "counter_beyond_pool" in error["message"]
    assert server.client.get(f"/v1/channels/{channel}/listings").json()["items"] == [], "all or nothing"

    looked = run("listings", "import", file, "--lower-counter", "--dry-run", "--json")
    assert [item["new"] for item in document(looked)["listings"]] == [True, True]
    assert server.client.get(f"/v1/channels/{channel}/listings").json()["items"] == []
    done = run("listings", "import", file, "--lower-counter", "--yes", "--json")
    assert document(done)["applied"] == 2, done.output
    wait_for_right(server, channel, first, 4)
    wait_for_right(server, channel, second, 5)
    assert counter(simulator, second) == 5
    (item,) = server.client.get("/v1/listings", params={"sku": skus[0]}).json()["items"]
    assert item["rule"] == {"weight": 2.0, "minimum": 0, "maximum": None, "paused": True, "fixed": None}
    again = run("listings", "import", file, "--yes", "--json")
    assert (document(again)["unchanged"], document(again)["applied"]) == (2, None)


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_export_imports_to_no_change(
    run: Any,
    server: RunningServer,
    simulator: RunningSimulator,
    channel: str,
    tmp_path: Path,
    name: str,
    language: str,
) -> None:
    on_platform, sku = listing(simulator, 0), server.sku()
    file = sheet(tmp_path, f"{channel},{on_platform.replace('/', ',')},{sku},1.5,7,否")
    assert run("listings", "import", file, "--yes").exit_code == 0
    out = tmp_path / name
    exported = run("listings", "export", out, "--language", language, "--json")
    assert exported.exit_code == 0, exported.output
    assert run("listings", "export", out).exit_code == 2, "it is there already"
    found = document(run("listings", "import", out, "--yes", "--json"))
    assert found["listings"] == []
    assert found["unchanged"] == document(exported)["rows"] >= 1
    shown = run("listings", "list", "--sku", sku)
    assert on_platform.partition("/")[0] in shown.stderr.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("CH,1,2,nothing,1,,", "unknown_item"),
        ("nobody,1,2,SKU,1,,", "unknown_channel"),
        ("CH,,2,SKU,1,,", "missing_value"),
        ("CH,1,2,SKU,much,,", "not_a_number"),
        ("CH,1,2,SKU,nan,,", "too_large"),
        ("CH,1,2,SKU,1,-3,", "negative"),
        ("CH,1,2,SKU,1,,perhaps", "not_yes_or_no"),
        ("CH,1 2,2,SKU,1,,", "bad_listing"),
        ("CH,3.4E+18,2,SKU,1,,", "rounded_code"),
        ("CH,1,2,SKU,1,,\nCH,1,2,SKU,1,,", "duplicate_listing"),
    ],
)
def test_what_is_wrong_in_a_row_is_told_in_both_languages(
    run: Any, server: RunningServer, channel: str, tmp_path: Path, line: str, code: str
) -> None:
    file = sheet(tmp_path, line.replace("CH", channel).replace("SKU", server.sku()))
    result = run("listings", "import", file, "--yes", "--json")
    assert result.exit_code == 1
    found = document(result)["errors"]
    assert code in [error["code"] for error in found], found
    assert all(error["message"] and error["message_zh"] for error in found)
    assert server.client.get(f"/v1/channels/{channel}/listings").json()["items"] == []


def test_columns_that_are_missing_are_told(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("product,sku\n1,A\n", encoding="utf-8")
    (error,) = document(run("listings", "import", file, "--yes", "--json"))["errors"]
    assert error["code"] == "missing_column"
    assert "渠道" in error["message_zh"]


def test_sync_status_is_a_table_and_a_document(run: Any, channel: str) -> None:
    shown = run("sync", "status", "--listings", "--language", "zh", env={"COLUMNS": "80"})
    assert shown.exit_code == 0
    assert "平台同步" in shown.stderr
    (line,) = [line for line in shown.stderr.splitlines() if line.strip().startswith(f"{channel} ")][:1]
    assert "正常" in line, "one line a channel, unfolded"
    items = document(run("sync", "status", "--json"))["items"]
    assert channel in [item["channel"] for item in items]
