"""The stage of the show: stock that belongs to nobody yet, and an item mapped in each of four channels."""

import time
from collections.abc import Mapping

from holdfast.cli.client import ApiClient, path_of
from holdfast.cli.data.drawings import drawing

from ..faults import DemoFailed
from .plan import NAMES, SHOP, SKU, Plan
from .platforms import PRODUCT, VARIANT, Platform

READY_TIMEOUT_S = 20.0
TAKEN_OVER_S = 2.5
_ITEM = {
    "name": "山岚立领冲锋衣（直播专享）Windbreaker, live only",
    "price_cents": 26_900,
    "image_url": drawing(SKU),
}
_CREDENTIALS = ("base_url", "app_key", "app_secret", "shop", "access_token", "refresh_token", "secrets")
_PULLS = frozenset({"taobao"})
"""Platforms that are asked for their messages instead of pushing them."""


def set_stage(client: ApiClient, url: str, platforms: Mapping[str, Platform], plan: Plan) -> None:
    """Book the goods, connect the platforms, map the item; raises RequestFailed or DemoFailed.

    Who gets how many units is from here on the autopilot's decision.
    """
    client.put(path_of("v1", "skus", SKU), _ITEM)
    client.put(path_of("v1", "channels", SHOP), {"platform": SHOP, "name": NAMES[SHOP]})
    transfer = {"id": "show-delivery", "sku": SKU, "from": "supplier", "to": "unallocated"}
    client.post("/v1/transfers", {**transfer, "quantity": plan.stock, "reason": "received"})
    for name, platform in platforms.items():
        platform.put_listing()
        client.put(path_of("v1", "channels", name), {"platform": name, "name": NAMES[name]})
        told = platform.credentials
        settings = {**told["settings"], "poll_every_s": f"{plan.poll_every_s:g}"}
        connection = {field: told[field] for field in _CREDENTIALS}
        client.put(path_of("v1", "channels", name, "connection"), {**connection, "settings": settings})
    for name in (*platforms, SHOP):
        listing = f"{PRODUCT}/{VARIANT}" if name in platforms else SKU
        client.put(f"{path_of('v1', 'channels', name)}/listings/{listing}", {"sku": SKU})
    for name, platform in platforms.items():
        if name not in _PULLS:
            platform.push_to(f"{url}{path_of('v1', 'channels', name, 'webhook')}")


def wait_until_stocked(platforms: Mapping[str, Platform], pause_s: float = 0.1) -> None:
    """Wait until every platform has units on its counter; raises DemoFailed."""
    end = time.monotonic() + READY_TIMEOUT_S
    while time.monotonic() < end:
        empty = [name for name, platform in platforms.items() if platform.word().counter == 0]
        if not empty:
            # Where whole seconds are told, an order of the second of the take-over counts as older.
            time.sleep(TAKEN_OVER_S)
            return
        time.sleep(pause_s)
    raise DemoFailed(f"no unit reached {', '.join(empty)} within {READY_TIMEOUT_S:g} s")
