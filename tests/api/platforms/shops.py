"""A shop on a simulated platform for tests, and the connection of a channel to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from holdfast.simulators.douyin.platform import Douyin
from holdfast.simulators.running import RunningSimulator
from tests.api.running import RunningServer, put, unique, wait_for


@contextmanager
def shop() -> Iterator[RunningSimulator]:
    """A Douyin shop with a seed of its own."""
    with RunningSimulator(Douyin, seed=7) as simulator:
        yield simulator


def connection_body(simulator: RunningSimulator, **more: Any) -> dict[str, Any]:
    """What PUT …/connection takes to reach the simulator."""
    told = simulator.control("GET", "/credentials")
    names = ("base_url", "app_key", "app_secret", "shop", "access_token", "refresh_token", "secrets")
    return {name: told[name] for name in names} | {"settings": {"rate_per_s": "500"}} | more


def connected(server: RunningServer, simulator: RunningSimulator, **more: Any) -> str:
    """A new channel that is connected to the simulator."""
    channel = server.channel(platform="douyin", name="抖音")
    put(server.client, f"/v1/channels/{channel}/connection", connection_body(simulator, **more))
    return channel


def listing(simulator: RunningSimulator, stock: int, merchant_code: str | None = None) -> str:
    """A new item on the platform, with the seller's own code for it if given; its name as we write it."""
    number = 3_000_000_000_000_000_000 + int(unique("p").partition("-")[2])
    product, variant = str(number), f"17{number % 10**9}"
    body = {"product": product, "variant": variant, "stock": stock, "merchant_code": merchant_code}
    simulator.control("PUT", "/listings", {name: value for name, value in body.items() if value is not None})
    return f"{product}/{variant}"


def counter(simulator: RunningSimulator, listing: str) -> int:
    """What the platform shows."""
    units: int = simulator.control("GET", "/state")["counters"][listing]["sellable"]
    return units


def right(server: RunningServer, channel: str, listing: str) -> int | None:
    """The right of a listing as the API tells it."""
    found: int | None = server.client.get(f"/v1/channels/{channel}/listings/{listing}").json()["right"]
    return found


def wait_for_right(server: RunningServer, channel: str, listing: str, units: int) -> None:
    wait_for(lambda: right(server, channel, listing) == units)
