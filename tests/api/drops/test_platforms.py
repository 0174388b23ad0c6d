"""A drop on two simulated platforms at once, by the server's own clock: told, sold, called back."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from holdfast.simulators.douyin.platform import Douyin
from holdfast.simulators.kuaishou.platform import Kuaishou
from holdfast.simulators.running import RunningSimulator
from tests.api.platforms.shops import connection_body, counter, listing
from tests.api.running import RunningServer, put, unique, wait_for

KINDS: dict[str, type[Any]] = {"douyin": Douyin, "kuaishou": Kuaishou}


@pytest.fixture(scope="module")
def simulators() -> Iterator[dict[str, RunningSimulator]]:
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(RunningSimulator(kind, seed=number))
            for number, (name, kind) in enumerate(KINDS.items(), 7)
        }


class Shop:
    """A channel on a simulator that sells one item, with some units of its own."""

    def __init__(self, server: RunningServer, kind: str, simulator: RunningSimulator, sku: str) -> None:
        self.simulator = simulator
        self.channel = server.channel(platform=kind)
        put(server.client, f"/v1/channels/{self.channel}/connection", connection_body(simulator))
        self.listing = listing(simulator, 0)
        path = f"/v1/channels/{self.channel}/listings/{self.listing}"
        put(server.client, path, {"sku": sku, "rule": {"fixed": 5}})
        self.wait_for(5)
        simulator.control("PUT", "/push", {"url": f"{server.url}/v1/channels/{self.channel}/webhook"})

    def wait_for(self, units: int) -> None:
        wait_for(lambda: counter(self.simulator, self.listing) == units)

    def buy(self, units: int) -> None:
        product, _, variant = self.listing.partition("/")
        line = {"product": product, "variant": variant, "quantity": units}
        self.simulator.control("POST", "/orders", {"lines": [line], "pay": True})

    def misbehave(self, **settings: Any) -> None:
        self.simulator.control("PUT", "/misbehave", settings)


def body(sku: str, shops: list[Shop], units: int, in_s: float, for_s: float) -> dict[str, Any]:
    opens_at = datetime.now(UTC) + timedelta(seconds=in_s)
    return {
        "sku": sku,
        "channels": {each.channel: units for each in shops},
        "opens_at": opens_at.isoformat(),
        "closes_at": (opens_at + timedelta(seconds=for_s)).isoformat(),
    }


def told(document: dict[str, Any]) -> list[int]:
    return [each["told"] for each in document["platforms"]]


def test_it_opens_on_two_platforms_and_takes_back_what_they_did_not_sell(
    server: RunningServer, simulators: dict[str, RunningSimulator]
) -> None:
    sku, path = server.sku(), f"/v1/drops/{unique('d')}"
    server.move(sku, "supplier", "unallocated", 200)
    shops = [Shop(server, kind, simulator, sku) for kind, simulator in simulators.items()]
    locked = put(server.client, path, body(sku, shops, 40, 1.0, 6.0))
    assert (locked["status"], locked["one_way"], locked["platforms"], locked["waits"]) == (
        "locked",
        [],
        [],
        "",
    )
    wait_for(lambda: told(server.client.get(path).json()) == [40, 40])
    seen_s = (datetime.now(UTC) - datetime.fromisoformat(locked["opens_at"])).total_seconds()
    print(f"both platforms knew of it {1000 * seen_s:.0f} ms after its time")
    for shop in shops:
        shop.wait_for(45)
        shop.buy(12)
    wait_for(lambda: server.client.get(path).json()["sold"] == 24)
    wait_for(lambda: server.client.get(path).json()["status"] == "closed", 20)
    done = server.client.get(path).json()
    assert [done[name] for name in ("sold", "returned", "kept", "opened")] == [24, 56, 0, 80]
    for shop in shops:
        shop.wait_for(5)
    stock = server.client.get(f"/v1/stock/{sku}").json()
    posted = {each["account"]: each["posted"] for each in stock["accounts"] if each["posted"]}
    rights = {f"channel:{shop.channel}": 5 for shop in shops}
    sold = {f"committed:{shop.channel}": 12 for shop in shops}
    assert posted == {"supplier": -200, "unallocated": 166, **rights, **sold}


def test_an_outage_over_the_opening_delays_it_and_is_said(
    server: RunningServer, simulators: dict[str, RunningSimulator]
) -> None:
    sku, path = server.sku(), f"/v1/drops/{unique('d')}"
    server.move(sku, "supplier", "unallocated", 200)
    shop = Shop(server, "douyin", simulators["douyin"], sku)
    try:
        shop.misbehave(outage=True)
        put(server.client, path, body(sku, [shop], 40, 0.1, 60.0))
        wait_for(lambda: server.client.get(path).json()["status"] == "open")
        (platform,) = server.client.get(path).json()["platforms"]
        assert (platform["told"], platform["left"]) == (0, 40)
        wait_for(lambda: not server.client.get(path).json()["platforms"][0]["up"])
        assert server.client.get(path).json()["sold"] == 0
    finally:
        shop.misbehave(outage=False)
    wait_for(lambda: told(server.client.get(path).json()) == [40], 30)
    shop.wait_for(45)
    closing = server.client.post(path + "/close").json()
    assert closing["status"] in ("closing", "closed")
    wait_for(lambda: server.client.get(path).json()["status"] == "closed")
    assert server.client.get(path).json()["returned"] == 40


def test_an_item_that_the_channel_does_not_sell_by_one_listing_is_refused(
    server: RunningServer, simulators: dict[str, RunningSimulator]
) -> None:
    sku, other = server.sku(), server.sku()
    server.move(sku, "supplier", "unallocated", 20)
    server.move(other, "supplier", "unallocated", 20)
    shop = Shop(server, "douyin", simulators["douyin"], other)
    refused = server.client.put(f"/v1/drops/{unique('d')}", json=body(sku, [shop], 5, 900, 60))
    assert (refused.status_code, refused.json()["code"]) == (409, "no_single_listing")
    assert refused.json()["field"] == "channels"
