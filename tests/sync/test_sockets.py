"""Over real sockets: a server of ours, a simulated platform, pushes and polls between the two."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from holdfast.simulators.registry import platform_named
from holdfast.simulators.running import RunningSimulator
from tests.api import running
from tests.api.running import RunningServer, put

STOCK = 40


def wait_for(condition: Callable[[], bool]) -> None:
    """Two servers, polls and retries on a machine that does other things too: patience, not sleep."""
    running.wait_for(condition, timeout_s=40)


class Shop:
    """A channel of the server, connected to a simulated shop with one item."""

    def __init__(self, server: RunningServer, simulator: RunningSimulator, platform: str) -> None:
        self.server, self.control = server, simulator.control
        simulator.control("POST", "/reset")
        told = simulator.control("GET", "/credentials")
        self.item = {"product": "9007199254740993", "variant": "77"}
        simulator.control("PUT", "/listings", self.item | {"stock": 0, "merchant_code": "C-1"})
        client = server.client
        put(client, "/v1/skus/A", {"name": "a"})
        put(client, "/v1/channels/one", {"platform": platform, "name": "店"})
        server.move("A", "supplier", "unallocated", STOCK)
        connection = {
            "base_url": told["base_url"],
            "app_key": told["app_key"],
            "app_secret": told["app_secret"],
            "shop": told["shop"],
            "access_token": told["access_token"],
            "refresh_token": told["refresh_token"],
            "secrets": told["secrets"],
            "settings": told["settings"] | {"poll_every_s": "0.5"},
        }
        put(client, "/v1/channels/one/connection", connection)
        put(client, f"/v1/channels/one/listings/{'/'.join(self.item.values())}", {"sku": "A"})
        simulator.control("PUT", "/push", {"url": f"{server.url}/v1/channels/one/webhook"})

    @property
    def counter(self) -> int:
        (counter,) = self.control("GET", "/state?orders=0")["counters"].values()
        sellable: int = counter["sellable"]
        return sellable

    def buy(self, quantity: int, *, pay: bool = True) -> str:
        lines = [self.item | {"quantity": quantity}]
        order: str = self.control("POST", "/orders", {"lines": lines, "pay": pay})["order"]
        return order

    def accounts(self) -> dict[str, int]:
        stock = self.server.client.get("/v1/stock/A").json()
        return {each["account"]: each["posted"] - each["held"] for each in stock["accounts"]}

    def equal(self) -> bool:
        """Whether counter and right agree, and nothing is under way."""
        sync: dict[str, Any] = self.server.client.get("/v1/channels/one/sync").json()
        there = self.accounts()
        return not sync["open_writes"] and self.counter == there.get("channel:one", 0)


@pytest.fixture(scope="module", params=["douyin", "kuaishou"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    path = tmp_path_factory.mktemp("sockets") / "store.db"
    with RunningSimulator(platform_named(request.param), seed=5) as simulator, RunningServer(path) as server:
        yield Shop(server, simulator, request.param)


def test_the_whole_life_of_orders(shop: Shop) -> None:
    wait_for(lambda: shop.counter > 8)
    wait_for(shop.equal)
    # Douyin tells whole seconds, and an order of the take-over's own second would count as older.
    taken_over = int(time.time())
    wait_for(lambda: int(time.time()) > taken_over)
    paid, cancelled = shop.buy(3), shop.buy(2, pay=False)
    wait_for(lambda: shop.accounts().get("committed:one") == 3)
    shop.control("POST", f"/orders/{cancelled}/cancel", {})
    wait_for(shop.equal)
    refunded = shop.buy(4)
    wait_for(lambda: shop.accounts().get("committed:one") == 7)
    shop.control("POST", f"/orders/{refunded}/refund", {})
    wait_for(lambda: shop.accounts().get("committed:one") == 3)
    shop.control("POST", f"/orders/{paid}/ship", {})
    wait_for(lambda: shop.accounts().get("customer") == 3)
    wait_for(shop.equal)
    shop.control("PUT", "/misbehave", {"push_loss_rate": 1.0})
    shop.buy(2)
    wait_for(lambda: shop.accounts().get("committed:one") == 2)
    wait_for(shop.equal)
    sync = shop.server.client.get("/v1/channels/one/sync").json()
    assert sync["orders_by_push"] + sync["orders_by_poll"] == 4
    assert sync["orders_by_poll"] >= 1
    there = shop.accounts()
    assert there.get("oversold:one", 0) == 0
    assert there["channel:one"] + there["unallocated"] == STOCK - 5
    assert Path(shop.server.path).exists()
