"""Pushes at the door, the orders they tell of, and what is to be seen of it all."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from holdfast.simulators.running import RunningSimulator
from tests.api.platforms.shops import connected, listing, shop, wait_for_right
from tests.api.running import RunningServer, put, wait_for


@pytest.fixture(scope="module")
def simulator() -> Iterator[RunningSimulator]:
    with shop() as running:
        yield running


@pytest.fixture(scope="module")
def channel(server: RunningServer, simulator: RunningSimulator) -> str:
    """A connected channel whose platform pushes to us; polls are too rare to help."""
    name = connected(server, simulator, settings={"rate_per_s": "500", "poll_every_s": "3600"})
    simulator.control("PUT", "/push", {"url": f"{server.url}/v1/channels/{name}/webhook"})
    next_second()
    return name


def next_second() -> None:
    """Douyin tells times in whole seconds, and what may be from before we came counts as such."""
    began = int(time.time())
    wait_for(lambda: int(time.time()) > began)


def buy(simulator: RunningSimulator, name: str, quantity: int = 1) -> str:
    product, _, variant = name.partition("/")
    lines = [{"product": product, "variant": variant, "quantity": quantity}]
    order: str = simulator.control("POST", "/orders", {"lines": lines, "pay": True})["order"]
    return order


def sync_of(server: RunningServer, channel: str) -> dict[str, Any]:
    found: dict[str, Any] = server.client.get(f"/v1/channels/{channel}/sync").json()
    return found


def committed(server: RunningServer, sku: str) -> int:
    units: int = server.client.get(f"/v1/stock/{sku}").json()["committed"]
    return units


def sample(server: RunningServer, name: str, **labels: str) -> float | None:
    """A value of `/metrics`; None if it is not there."""
    for line in server.client.get("/metrics").text.splitlines():
        if line.startswith(name + "{") and all(f'{key}="{value}"' in line for key, value in labels.items()):
            return float(line.rpartition(" ")[2])
    return None


def test_a_push_is_booked_and_seen(server: RunningServer, simulator: RunningSimulator, channel: str) -> None:
    name, sku = listing(simulator, 9), server.sku()
    server.move(sku, "supplier", "unallocated", 9)
    put(server.client, f"/v1/channels/{channel}/listings/{name}", {"sku": sku, "rule": {"paused": True}})
    wait_for_right(server, channel, name, 9)
    next_second()
    buy(simulator, name, 2)
    wait_for(lambda: committed(server, sku) == 2)
    wait_for_right(server, channel, name, 7)
    found = sync_of(server, channel)
    assert (found["up"], found["problem"], found["platform"]) == (True, "", "douyin")
    assert found["pushes"]["by_kind"]["order"] >= 1
    assert found["last_push_at"] is not None
    assert found["message_lag"]["count"] >= 1
    assert found["message_lag"]["p50"] <= found["message_lag"]["p99"] < 60
    assert {row["listing"]: row["right"] for row in found["listings"]}[name] == 7
    assert found["oversold_units"] == 0
    assert channel in [item["channel"] for item in server.client.get("/v1/sync").json()["items"]]
    assert sample(server, "holdfast_sync_up", channel=channel) == 1
    assert (sample(server, "holdfast_sync_pushes_total", channel=channel, kind="order") or 0) >= 1
    assert sample(server, "holdfast_sync_right_units", channel=channel, listing=name) == 7
    # Histograms with all that was counted: the order is on file; the item is paused, so nothing was called.
    for kind, least in (("message", 1), ("send", 0), ("round_trip", 0)):
        labels = {"channel": channel, "kind": kind}
        counted = sample(server, "holdfast_sync_lag_seconds_count", **labels)
        in_all = sample(server, "holdfast_sync_lag_seconds_bucket", **labels, le="+Inf")
        assert counted is not None
        assert in_all is not None
        assert least <= counted <= in_all


@pytest.mark.parametrize("headers", [{}, {"event-sign": "0" * 64, "app-id": "1"}])
def test_a_forged_push_is_refused_and_counted(
    server: RunningServer, channel: str, headers: dict[str, str]
) -> None:
    before = sum(sync_of(server, channel)["pushes"]["refused"].values())
    taken = sum(sync_of(server, channel)["pushes"]["by_kind"].values())
    content = b'[{"tag": "101", "msg_id": "1", "data": "{}"}]'
    with httpx.Client() as anybody:
        answer = anybody.post(f"{server.url}/v1/channels/{channel}/webhook", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "push_refused"), answer.text
    found = sync_of(server, channel)["pushes"]
    assert sum(found["refused"].values()) == before + 1
    assert sum(found["by_kind"].values()) == taken
    (reason,) = found["refused"]
    assert answer.json()["facts"] == {"reason": reason}
    assert sample(server, "holdfast_sync_pushes_refused_total", channel=channel, reason=reason) == before + 1


def test_a_push_needs_a_connected_channel_and_a_small_body(server: RunningServer, channel: str) -> None:
    bare = server.channel(platform="douyin")
    with httpx.Client(base_url=server.url) as anybody:
        for name in (bare, "nobody"):
            for method in ("GET", "POST"):
                answer = anybody.request(method, f"/v1/channels/{name}/webhook?signature=1&timestamp=2")
                assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        large = anybody.post(f"/v1/channels/{channel}/webhook", content=b"x" * (1024 * 1024 + 1))
        assert (large.status_code, large.json()["code"]) == (413, "body_too_large")


def test_an_order_of_an_unmapped_item_waits_until_it_is_mapped(
    server: RunningServer, simulator: RunningSimulator, channel: str
) -> None:
    name, sku = listing(simulator, 5), server.sku()
    order = buy(simulator, name, 2)
    path = f"/v1/channels/{channel}/orders?status=unmapped"
    wait_for(lambda: [item["order"] for item in server.client.get(path).json()["items"]] == [order])
    (item,) = server.client.get(path).json()["items"]
    assert [(line["listing"], line["quantity"], line["booked"]) for line in item["lines"]] == [
        (name, 2, False)
    ]
    assert sync_of(server, channel)["unmapped_orders"] == 1
    server.move(sku, "supplier", "unallocated", 5)
    put(server.client, f"/v1/channels/{channel}/listings/{name}", {"sku": sku, "rule": {"paused": True}})
    wait_for(lambda: server.client.get(path).json()["items"] == [])
    wait_for(lambda: committed(server, sku) == 2)
    assert server.client.get(f"/v1/channels/{channel}/orders?status=all").status_code == 422


def test_a_platform_that_does_not_answer_is_seen(server: RunningServer, simulator: RunningSimulator) -> None:
    name = connected(server, simulator, settings={"poll_every_s": "0.1", "rate_per_s": "500"})
    wait_for(lambda: sync_of(server, name)["last_poll_at"] is not None)
    simulator.control("PUT", "/misbehave", {"outage": True})
    try:
        wait_for(lambda: sync_of(server, name)["up"] is False)
        found = sync_of(server, name)
        assert found["problem"]
        assert any(call["outcome"] != "done" for call in found["calls"])
        assert sample(server, "holdfast_sync_up", channel=name) == 0
        check = server.client.post(f"/v1/channels/{name}/connection/check").json()
        assert check["ok"] is False
    finally:
        simulator.control("PUT", "/misbehave", {"outage": False})
    wait_for(lambda: sync_of(server, name)["up"] is True)
