"""Small shows for the tests, and customers made by hand."""

from pathlib import Path
from typing import Any

import msgspec

from holdfast.rehearsal.demand import Customer
from holdfast.rehearsal.scenario import (
    Api,
    Cancellation,
    Platform,
    PollNews,
    PushNews,
    RateLimit,
    Scenario,
    Sku,
    Stream,
    load_scenario,
)

DATA = Path(__file__).with_name("data")
TRACE = DATA / "trace.json"

EXACT = Api(rtt_median_s=0.2, rtt_sigma=0.0, rtt_min_s=0.0, rtt_max_s=1.0, timeout_s=1.5)
PROMPT = PushNews(median_s=0.5, sigma=0.0, min_s=0.0, max_s=10.0)


def platform(name: str = "douyin", **changed: Any) -> Platform:
    """A platform on which nothing goes wrong, but for what is changed."""
    calm = Platform(name, RateLimit(10, 10), EXACT, PROMPT, PollNews(50, 1.0), idempotent=True)
    return msgspec.structs.replace(calm, **changed)


def scenario(*platforms: Platform, stock: int = 10, horizon_s: float = 30.0, **changed: Any) -> Scenario:
    """One SKU, `cup`, on these platforms; the curves are there, but tests bring their own customers."""
    curve = ((0.0, 0.5), (horizon_s, 0.5))
    streams = tuple(Stream("cup", spec.id, curve, 15.0) for spec in platforms)
    show = Scenario("test", 1, horizon_s, platforms, (Sku("cup", stock),), streams, setup_s=5.0)
    return msgspec.structs.replace(show, **changed)


def buyer(
    at_s: float, where: str = "douyin", quantity: int = 1, undone_after_s: float | None = None
) -> Customer:
    return Customer(at_s, where, "cup", quantity, undone_after_s)


def returns_to_seller(share: float = 0.0) -> Cancellation:
    return Cancellation(share, ((1.0, 1.0, 2.0),), "seller")


def trace() -> Scenario:
    return load_scenario(TRACE)
