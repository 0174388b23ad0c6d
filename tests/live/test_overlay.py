"""The stream of an overlay: what its key may see, how often it is told, and when it ends."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from holdfast.api.routes import overlay
from tests.api.running import RunningServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("store") / "holdfast.db") as running:
        yield running


@pytest.fixture(scope="module")
def key(server: RunningServer) -> str:
    return str(server.client.post("/v1/keys", json={"name": "tv", "role": "overlay"}).json()["key"])


@contextmanager
def watching(server: RunningServer, key: str, sku: str) -> Iterator[Iterator[dict[str, Any]]]:
    with (
        server.client_with(key) as client,
        client.stream("GET", f"/v1/overlay/{sku}") as answer,
    ):
        lines = answer.iter_lines()
        yield (json.loads(line.removeprefix("data: ")) for line in lines if line)


def test_its_key_opens_nothing_else(server: RunningServer, key: str) -> None:
    sku = server.stocked(server.channel(), 3)
    with server.client_with(key) as client:
        for path in (f"/v1/stock/{sku}", "/v1/skus", "/v1/feed", "/v1/keys"):
            assert client.get(path).json()["code"] == "forbidden"
        headers = {"X-Holdfast-Console": "1"}
        assert client.post("/v1/session", json={"key": key}, headers=headers).status_code == 401
        assert client.get("/v1/overlay/nowhere").json()["code"] == "not_found"


def test_it_tells_what_is_left_and_nothing_of_channels(server: RunningServer, key: str) -> None:
    channel = server.channel()
    sku = server.stocked(channel, 10, name="口红", price_cents=100, cost_cents=7)
    with watching(server, key, sku) as told:
        first = next(told)
        assert (first["available"], first["total"], first["name"]) == (10, 10, "口红")
        assert not {"accounts", "cost_cents"} & first.keys()
        server.hold(channel, sku, 4)
        second = next(told)
        assert (second["available"], second["total"]) == (6, 10)


def test_a_burst_is_told_as_its_end(server: RunningServer, key: str) -> None:
    channel = server.channel()
    sku = server.stocked(channel, 100)
    with watching(server, key, sku) as told:
        next(told)
        for _ in range(30):
            server.hold(channel, sku)
        count = 0
        for document in told:
            count += 1
            if document["available"] == 70:
                break
        assert count < 15


def test_a_rotated_key_closes_its_screens(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlay, "CATALOG_S", 0.0)
    monkeypatch.setattr(overlay, "QUIET_S", 0.1)
    key = str(server.client.post("/v1/keys", json={"name": "wall", "role": "overlay"}).json()["key"])
    sku = server.stocked(server.channel(), 3)
    with watching(server, key, sku) as told:
        next(told)
        server.client.post("/v1/keys/wall/rotate", json={"grace_s": 0})
        assert len(list(told)) < 5
