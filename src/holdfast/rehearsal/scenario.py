"""Scenarios in the format `alloc-scenario/1`: read, check, and say which field is wrong.

Times are seconds from the opening of the show, quantities are units.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

FORMAT = "alloc-scenario/1"

Curve = tuple[tuple[float, float], ...]
"""Orders a second over time, linear between the points `(t, rate)`."""


class ScenarioError(Exception):
    """A scenario that cannot be played; the message names the field and what would do."""


class RateLimit(msgspec.Struct, frozen=True):
    """A bucket of tokens for all calls of our app on one platform, of every kind and for every SKU."""

    per_s: float
    burst: float


class Api(msgspec.Struct, frozen=True):
    """How calls travel: a lognormal round trip within bounds, and how often something goes wrong."""

    rtt_median_s: float
    rtt_sigma: float
    rtt_min_s: float
    rtt_max_s: float
    timeout_s: float
    p_lost_request: float = 0.0
    p_lost_response: float = 0.0
    p_error: float = 0.0


class PushNews(msgspec.Struct, frozen=True):
    """How news of orders reaches us: lognormal delay within bounds, losses, repeats."""

    median_s: float
    sigma: float
    min_s: float
    max_s: float
    p_lost: float = 0.0
    p_dup: float = 0.0


class PollNews(msgspec.Struct, frozen=True):
    """News fetched by us: at most `max` a call, each to be had only `index_lag_s` after it happened."""

    max: int
    index_lag_s: float


class Outage(msgspec.Struct, frozen=True):
    """A span in which calls time out, or messages are held back; nobody tells the controller."""

    from_s: float = msgspec.field(name="from")
    until_s: float = msgspec.field(name="to")
    api: bool = False
    push: bool = False


class Lag(msgspec.Struct, frozen=True):
    """A span in which messages take about `extra_s` longer; nobody tells the controller."""

    from_s: float = msgspec.field(name="from")
    until_s: float = msgspec.field(name="to")
    extra_s: float = 0.0


class Platform(msgspec.Struct, frozen=True):
    """A platform: `dec` says what an under-run does, `ack_stock` that a write tells the counter.

    `dec: "negative"` and `write: "compare_and_set"` are ours; the format itself knows neither.
    """

    id: str
    rate_limit: RateLimit
    api: Api
    push: PushNews
    poll: PollNews
    dec: Literal["refuse", "partial", "negative"] = "refuse"
    idempotent: bool = False
    ack_stock: bool = False
    read_stale_s: float = 0.0
    write: Literal["relative", "compare_and_set"] = "relative"
    outages: tuple[Outage, ...] = ()
    lags: tuple[Lag, ...] = ()


class LateStock(msgspec.Struct, frozen=True):
    """Units that nobody had counted, found at `t`."""

    t: float
    units: int


class Sku(msgspec.Struct, frozen=True):
    """What is physically there, what the controller is told of it, and what counters show at the start."""

    id: str
    stock: int
    known_stock: int | None = None
    initial: dict[str, int] = {}
    late_stock: tuple[LateStock, ...] = ()

    @property
    def known(self) -> int:
        """Units the controller is told at the start."""
        return self.stock if self.known_stock is None else self.known_stock


class Stream(msgspec.Struct, frozen=True):
    """The customers of one SKU on one platform, and a noisy guess of how many units they want."""

    sku: str
    platform: str
    curve: Curve
    forecast_units: float = 0.0


class Cancellation(msgspec.Struct, frozen=True):
    """The share of orders undone; when, as a mixture of `(weight, from, to)`; and who gets the units."""

    p: float = 0.0
    delay_s: tuple[tuple[float, float, float], ...] = ((1.0, 300.0, 1800.0),)
    returns_to: Literal["counter", "seller"] = "counter"


class Scenario(msgspec.Struct, frozen=True):
    """One show. The controller starts `setup_s` before the opening; customers come up to `horizon_s`."""

    id: str
    seed: int
    horizon_s: float
    platforms: tuple[Platform, ...]
    skus: tuple[Sku, ...]
    demand: tuple[Stream, ...]
    format: str = FORMAT
    family: str = ""
    setup_s: float = 20.0
    qty: tuple[tuple[int, float], ...] = ((1, 1.0),)
    cancel: Cancellation = Cancellation()


def load_scenario(path: Path) -> Scenario:
    """Read a file; raises `ScenarioError` with the file's name and the field."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ScenarioError(f"{path} cannot be read: {error.strerror}") from error
    return parse_scenario(text, str(path))


def parse_scenario(text: bytes, name: str) -> Scenario:
    """Read a scenario from JSON; `name` is for the message of `ScenarioError`."""
    try:
        scenario = msgspec.json.decode(text, type=Scenario)
    except msgspec.ValidationError as error:
        raise ScenarioError(f"{name}: {error}") from error
    except msgspec.DecodeError as error:
        raise ScenarioError(f"{name} is no JSON: {error}") from error
    for problem in problems(scenario):
        raise ScenarioError(f"{name}: {problem}")
    return scenario


def problems(scenario: Scenario) -> Iterator[str]:
    """What would not make sense, each with its field."""
    if scenario.format != FORMAT:
        yield f"format: {scenario.format!r} is not {FORMAT!r}, the only format known here"
    if scenario.horizon_s <= 0:
        yield f"horizon_s: {scenario.horizon_s} is not above 0"
    if scenario.setup_s < 0:
        yield f"setup_s: {scenario.setup_s} is below 0"
    for field, ids in (("platforms", scenario.platforms), ("skus", scenario.skus)):
        names = [item.id for item in ids]
        if not names:
            yield f"{field}: there is none"
        if len(set(names)) < len(names):
            yield f"{field}: two have the same id"
    for number, platform in enumerate(scenario.platforms):
        yield from _platform_problems(platform, f"platforms[{number}]")
    for number, sku in enumerate(scenario.skus):
        yield from _sku_problems(sku, f"skus[{number}]", {platform.id for platform in scenario.platforms})
    yield from _demand_problems(scenario)
    if not scenario.qty or any(units < 1 or not 0 <= share <= 1 for units, share in scenario.qty):
        yield "qty: needs pairs of units from 1 and a share from 0 to 1"
    if not 0 <= scenario.cancel.p <= 1:
        yield f"cancel.p: {scenario.cancel.p} is not from 0 to 1"
    if not scenario.cancel.delay_s or any(not 0 <= lo <= hi for _, lo, hi in scenario.cancel.delay_s):
        yield "cancel.delay_s: needs triples of a weight and two times in order"


def _platform_problems(platform: Platform, field: str) -> Iterator[str]:
    api, push = platform.api, platform.push
    shares = {
        "api.p_lost_request": api.p_lost_request,
        "api.p_lost_response": api.p_lost_response,
        "api.p_error": api.p_error,
        "push.p_lost": push.p_lost,
        "push.p_dup": push.p_dup,
    }
    yield from (f"{field}.{name}: {p} is not from 0 to 1" for name, p in shares.items() if not 0 <= p <= 1)
    if api.p_lost_request + api.p_lost_response + api.p_error > 1:
        yield f"{field}.api: the shares of what goes wrong sum to more than 1"
    above_zero = {
        "rate_limit.per_s": platform.rate_limit.per_s,
        "api.rtt_median_s": api.rtt_median_s,
        "api.timeout_s": api.timeout_s,
        "push.median_s": push.median_s,
        "poll.max": platform.poll.max,
    }
    yield from (f"{field}.{name}: {value} is not above 0" for name, value in above_zero.items() if value <= 0)
    if platform.rate_limit.burst < 1:
        yield f"{field}.rate_limit.burst: {platform.rate_limit.burst} lets no call through; at least 1"
    if not 0 <= api.rtt_min_s <= api.rtt_max_s:
        yield f"{field}.api: rtt_min_s and rtt_max_s are not in order"
    if not 0 <= push.min_s <= push.max_s:
        yield f"{field}.push: min_s and max_s are not in order"
    if platform.read_stale_s < 0:
        yield f"{field}.read_stale_s: {platform.read_stale_s} is below 0"
    spans = [(f"outages[{n}]", outage.from_s, outage.until_s) for n, outage in enumerate(platform.outages)]
    spans += [(f"lags[{n}]", lag.from_s, lag.until_s) for n, lag in enumerate(platform.lags)]
    yield from (f"{field}.{name}: ends before it begins" for name, begin, end in spans if begin > end)


def _sku_problems(sku: Sku, field: str, platforms: set[str]) -> Iterator[str]:
    if sku.stock < 0:
        yield f"{field}.stock: {sku.stock} is below 0"
    if not 0 <= sku.known <= sku.stock:
        yield f"{field}.known_stock: {sku.known} is not from 0 to the stock of {sku.stock}"
    for name, units in sku.initial.items():
        if name not in platforms:
            yield f"{field}.initial: {name!r} is not one of the platforms ({', '.join(sorted(platforms))})"
        if units < 0:
            yield f"{field}.initial.{name}: {units} is below 0"
    if sum(sku.initial.values()) > sku.known:
        yield f"{field}.initial: shows {sum(sku.initial.values())} units, and only {sku.known} are known"
    if any(found.units < 0 for found in sku.late_stock):
        yield f"{field}.late_stock: units are below 0"
    if sku.known + sum(found.units for found in sku.late_stock) > sku.stock:
        yield f"{field}.late_stock: more is found than the stock of {sku.stock}"


def _demand_problems(scenario: Scenario) -> Iterator[str]:
    known = {
        "sku": {sku.id for sku in scenario.skus},
        "platform": {platform.id for platform in scenario.platforms},
    }
    seen: set[tuple[str, str]] = set()
    for number, stream in enumerate(scenario.demand):
        field = f"demand[{number}]"
        for part, value in (("sku", stream.sku), ("platform", stream.platform)):
            if value not in known[part]:
                yield f"{field}.{part}: {value!r} is not in {part}s ({', '.join(sorted(known[part])[:8])})"
        if (stream.sku, stream.platform) in seen:
            yield f"{field}: {stream.sku!r} on {stream.platform!r} has a stream already"
        seen.add((stream.sku, stream.platform))
        if any(rate < 0 for _, rate in stream.curve):
            yield f"{field}.curve: a rate is below 0"
        if any(
            later < earlier for (earlier, _), (later, _) in zip(stream.curve, stream.curve[1:], strict=False)
        ):
            yield f"{field}.curve: the times are not in order"
        if stream.forecast_units < 0:
            yield f"{field}.forecast_units: {stream.forecast_units} is below 0"
